"""The audit: what a privacy officer needs to say yes or no."""

from hsr_privacy.auditing.audit import Asked, Audit, audit
from hsr_privacy.auditing.evidence import Evidence, Limits
from hsr_privacy.auditing.levels import level_of
from hsr_privacy.auditing.page import AUDIT_RULES, audit_page, audit_parts
from hsr_privacy.auditing.verdict import Answer, Question, Reason, Verdict

__all__ = [
    "AUDIT_RULES",
    "Answer",
    "Asked",
    "Audit",
    "Evidence",
    "Limits",
    "Question",
    "Reason",
    "Verdict",
    "audit",
    "audit_page",
    "audit_parts",
    "level_of",
]
