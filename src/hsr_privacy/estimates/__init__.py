"""Estimates: figures of a sample with their intervals."""

from hsr_privacy.estimates.estimate import (
    LEVEL,
    Z_95,
    Estimate,
    Scale,
    Shift,
    overlap,
    ratio,
    shift,
)
from hsr_privacy.estimates.logistic import Fitted, Unfitted, logistic
from hsr_privacy.estimates.odds import OddsRatio, odds_ratio
from hsr_privacy.estimates.shares import Rate, Risk, difference, rate, risk, share, wilson
from hsr_privacy.estimates.survival import Curve, kaplan_meier

__all__ = [
    "LEVEL",
    "Z_95",
    "Curve",
    "Estimate",
    "Fitted",
    "OddsRatio",
    "Rate",
    "Risk",
    "Scale",
    "Shift",
    "Unfitted",
    "difference",
    "kaplan_meier",
    "logistic",
    "odds_ratio",
    "overlap",
    "rate",
    "ratio",
    "risk",
    "share",
    "shift",
    "wilson",
]
