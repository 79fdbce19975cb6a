"""Anonymity: row by row to minutes and coarser levels, class by class to what the models demand."""

from hsr_privacy.anonymity.classes import EquivalenceClasses
from hsr_privacy.anonymity.frequency import FrequencyTable, Repeats, SensitiveHistogram
from hsr_privacy.anonymity.models import (
    DistinctLDiversity,
    KAnonymity,
    Merging,
    PrivacyModel,
)
from hsr_privacy.anonymity.protect import Anonymized, PrivacyPlan, anonymize, protect
from hsr_privacy.anonymity.search import search
from hsr_privacy.anonymity.solution import Solution

__all__ = [
    "Anonymized",
    "DistinctLDiversity",
    "EquivalenceClasses",
    "FrequencyTable",
    "KAnonymity",
    "Merging",
    "PrivacyModel",
    "PrivacyPlan",
    "Repeats",
    "SensitiveHistogram",
    "Solution",
    "anonymize",
    "protect",
    "search",
]
