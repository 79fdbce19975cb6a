"""Disclosure risk: what somebody with a name in mind could learn from an extract."""

from hsr_privacy.risk.assessing import assess
from hsr_privacy.risk.report import AttackRisk, RiskReport, SensitiveRisk, SizeBin

__all__ = ["AttackRisk", "RiskReport", "SensitiveRisk", "SizeBin", "assess"]
