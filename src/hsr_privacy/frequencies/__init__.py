"""Frequencies: distinct combinations of the quasi-identifiers, counted once, and their merging."""

from hsr_privacy.frequencies.classes import EquivalenceClasses, Labels
from hsr_privacy.frequencies.histograms import ClassHistograms
from hsr_privacy.frequencies.packing import Packing
from hsr_privacy.frequencies.parts import Repeats, SensitiveHistogram
from hsr_privacy.frequencies.recoding import merge_groups, recoded
from hsr_privacy.frequencies.table import FrequencyTable

__all__ = [
    "ClassHistograms",
    "EquivalenceClasses",
    "FrequencyTable",
    "Labels",
    "Packing",
    "Repeats",
    "SensitiveHistogram",
    "merge_groups",
    "recoded",
]
