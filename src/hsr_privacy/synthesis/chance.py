"""Randomness in the words of the simulator: shares, choices, waiting times."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hsr_privacy.synthesis.numbers import Measure

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]

_CALIBRATION_STEPS = 50


class Chance:
    """One stream of randomness; the same seed gives the same draws on every machine."""

    def __init__(self, rng: np.random.Generator) -> None:
        """Draw from ``rng``."""
        self.rng = rng

    def yes(self, share: ArrayLike, size: int) -> Bools:
        """True with a probability, one for all or one each."""
        result: Bools = self.rng.random(size) < np.asarray(share)
        return result

    def pick(self, shares: Mapping[int, float], size: int) -> Int64s:
        """Codes by their shares; what is missing to 1 goes to the last."""
        codes = np.array(list(shares))
        bounds = np.cumsum(list(shares.values()))[:-1]
        result: Int64s = codes[np.searchsorted(bounds, self.rng.random(size), side="right")]
        return result

    def whole(self, low: int | Int64s, high: int | Int64s, size: int) -> Int64s:
        """Whole numbers from low to high, both included."""
        return self.rng.integers(low, np.asarray(high) + 1, size)

    def measured(self, measure: Measure, size: int) -> Floats:
        """Measured values, within their bounds."""
        values = self.rng.normal(measure.mean, measure.deviation, size)
        result: Floats = np.clip(values, measure.low, measure.high)
        return result

    def seconds(self, median_minutes: ArrayLike, spread: float, size: int) -> Int64s:
        """Log-normal waiting times in whole seconds, around a median in minutes."""
        normal = self.rng.standard_normal(size)
        waits: Int64s = np.rint(60 * np.asarray(median_minutes) * np.exp(spread * normal)).astype(
            int
        )
        return waits


def calibrated(odds: Floats, shares: Floats, among: Bools) -> Floats:
    """Probabilities with these log-odds, moved so that their mean among some is a share.

    Args:
        odds: log-odds, shape (n,), up to a constant.
        shares: the mean to reach, shape (n,); those with the same share are moved together.
        among: over whom the mean is taken.
    """
    moved = np.zeros(len(odds))
    for share in np.unique(shares):
        mine = shares == share
        moved[mine] = _constant(odds[mine & among], float(share))
    return _probability(odds + moved)


def _constant(odds: Floats, share: float) -> float:
    """What to add to log-odds so that the probabilities have a mean."""
    low, high = -30.0, 30.0
    for _ in range(_CALIBRATION_STEPS if len(odds) else 0):
        middle = (low + high) / 2
        low, high = (middle, high) if _probability(odds + middle).mean() < share else (low, middle)
    return low if len(odds) else 0.0


def _probability(odds: Floats) -> Floats:
    result: Floats = 1 / (1 + np.exp(-odds))
    return result
