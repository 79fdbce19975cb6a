"""Utility: what an extract is still worth to those who analyse it."""

from hsr_privacy.utility.distances import ColumnDistance, Distances, PairDistance
from hsr_privacy.utility.figures import Figure
from hsr_privacy.utility.losses import ColumnLoss, Losses
from hsr_privacy.utility.own import OWN, own_analyses
from hsr_privacy.utility.rerunning import Rerun
from hsr_privacy.utility.subgroups import GroupShare, Subgroup, Suppression
from hsr_privacy.utility.telling import VERDICTS
from hsr_privacy.utility.verdicts import Verdict
from hsr_privacy.utility.words import Words, words_of
from hsr_privacy.utility.worth import NO_ORIGINAL, NOT_ALIGNED, Worth, worth

__all__ = [
    "NOT_ALIGNED",
    "NO_ORIGINAL",
    "OWN",
    "VERDICTS",
    "ColumnDistance",
    "ColumnLoss",
    "Distances",
    "Figure",
    "GroupShare",
    "Losses",
    "PairDistance",
    "Rerun",
    "Subgroup",
    "Suppression",
    "Verdict",
    "Words",
    "Worth",
    "own_analyses",
    "words_of",
    "worth",
]
