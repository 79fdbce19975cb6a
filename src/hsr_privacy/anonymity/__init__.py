"""Anonymity: row by row to minutes and coarser levels, class by class to what the models demand."""

from hsr_privacy.anonymity.anonymize import Anonymized, anonymize
from hsr_privacy.anonymity.losses import LossName
from hsr_privacy.anonymity.plan import Population, PrivacyPlan, SensitiveLevel
from hsr_privacy.anonymity.protect import protect
from hsr_privacy.anonymity.search import search
from hsr_privacy.anonymity.solution import Method, Solution

__all__ = [
    "Anonymized",
    "LossName",
    "Method",
    "Population",
    "PrivacyPlan",
    "SensitiveLevel",
    "Solution",
    "anonymize",
    "protect",
    "search",
]
