"""Verification: the privacy models of a written file, counted anew from the file alone."""

from hsr_privacy.verification.demands import Demands, Judgement
from hsr_privacy.verification.learning import Learned
from hsr_privacy.verification.verify import Verification, verify

__all__ = ["Demands", "Judgement", "Learned", "Verification", "verify"]
