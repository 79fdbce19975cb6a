"""Survival: the share that lives past each time, where not all were followed to the end."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.estimates.estimate import Z_95, Estimate

Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Curve:
    """A survival curve.

    Attributes:
        times: at which somebody died, ascending, shape (times,).
        at_risk: still followed just before each of them.
        deaths: at each of them.
        survival: share that lives past each of them.
        errors: Greenwood's standard errors of it; 0 once nobody is left.
        last: the last time at which anybody was followed.
    """

    times: Floats
    at_risk: Int64s
    deaths: Int64s
    survival: Floats
    errors: Floats
    last: float

    def at(self, time: float) -> Estimate | None:
        """The share that lives past a time, or None where nobody was followed so long.

        The interval is Greenwood's on the scale of log(-log), so that it stays within 0 and 1.

        Source: Kalbfleisch & Prentice 2002, doi:10.1002/9781118032985, 1.4.
        """
        place = int(np.searchsorted(self.times, time, side="right")) - 1
        value = float(self.survival[place]) if place >= 0 else 1.0
        if time > self.last and value > 0:
            return None
        error = float(self.errors[place]) if place >= 0 else 0.0
        if value in (0.0, 1.0):
            return Estimate(value, value, value)
        spread = math.exp(Z_95 * error / (value * -math.log(value)))
        return Estimate(value, value**spread, value ** (1 / spread))


def kaplan_meier(times: Floats, died: Bools) -> Curve:
    """The product-limit estimate.

    Who is lost at the time of a death was there when it happened.

    Args:
        times: from the start to death or to the last that was known, 0 or more, shape (persons,).
        died: whether it is death, shape (persons,).
    Raises:
        DataError: nobody, a negative or missing time, or shapes that do not fit.

    Source: Kaplan & Meier 1958, doi:10.1080/01621459.1958.10501452; Greenwood 1926 (the variance).
    """
    if times.ndim != 1 or times.shape != died.shape or not times.size:
        raise DataError(
            "a survival curve needs one time, and whether it is death, of one person each"
        )
    if not np.isfinite(times).all() or times.min() < 0:
        raise DataError("a survival curve needs times of 0 or more, none missing")
    moments, place = np.unique(times, return_inverse=True)
    gone = np.bincount(place)
    deaths = np.bincount(place, weights=died).astype(np.int64)
    at_risk = len(times) - np.concatenate([[0], np.cumsum(gone)[:-1]])
    some = deaths > 0
    deaths, at_risk = deaths[some], at_risk[some]
    survival = np.cumprod(1 - deaths / at_risk)
    left = at_risk - deaths
    terms = np.where(left > 0, deaths / (at_risk * np.maximum(left, 1)), 0.0)
    errors = survival * np.sqrt(np.cumsum(terms))
    return Curve(moments[some], at_risk, deaths, survival, errors, float(moments[-1]))
