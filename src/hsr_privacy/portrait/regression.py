"""Logistic regression: how the odds of being alive after 30 days change with each factor."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Z_95: Final = 1.959963984540054
LATE_SECONDS: Final = 600
"""A response of ten minutes or more is late."""

FACTORS: Final[Mapping[str, pl.Expr]] = MappingProxyType(
    {
        "shockable": pl.col("shockable"),
        "witnessed": pl.col("witnessed"),
        "helped": pl.col("helped"),
        "late": pl.col("seconds") >= LATE_SECONDS,
        "ten_years": pl.col("age") / 10,
        "woman": pl.col("sex") == 2,
    }
)
"""Factors by name, each a number or yes and no; null where it is not known."""

_LEAST_PER_FACTOR: Final = 10
_STEPS: Final = 50
_SMALL: Final = 1e-10
_LARGEST: Final = 30.0


@dataclass(frozen=True)
class Odds:
    """An odds ratio, and how far chance may have moved it.

    Attributes:
        factor: one of `FACTORS`.
        log_ratio: natural logarithm of the ratio.
        error: standard error of the logarithm.
    """

    factor: str
    log_ratio: float
    error: float

    @property
    def ratio(self) -> float:
        """The odds ratio."""
        return math.exp(self.log_ratio)

    @property
    def low(self) -> float:
        """Lower end of the 95 per cent interval."""
        return math.exp(self.log_ratio - Z_95 * self.error)

    @property
    def high(self) -> float:
        """Upper end of the 95 per cent interval."""
        return math.exp(self.log_ratio + Z_95 * self.error)


@dataclass(frozen=True)
class Fit:
    """Odds ratios that hold together, each as the others are the same.

    Attributes:
        odds: in the order of `FACTORS`; empty where too few lived or died, or where a factor
            decides by itself.
        arrests: of which all factors are known; None without odds.
        alive: of these; None without odds.
    """

    odds: tuple[Odds, ...] = ()
    arrests: int | None = None
    alive: int | None = None


def survival_odds(arrests: pl.DataFrame) -> Fit:
    """Odds ratios of being alive after 30 days, outside hospital, where the crew tried.

    Arrests that the ambulance saw have no response time and no resuscitation before it; they are
    left out, as in the published figures.

    Args:
        arrests: of `arrests_of`.
    """
    known = (
        arrests.filter(pl.col("outside") & pl.col("tried") & ~pl.col("seen_by_crew"))
        .select(pl.col("alive_month").alias("y"), *(one.alias(n) for n, one in FACTORS.items()))
        .drop_nulls()
        .cast(pl.Float64)
    )
    alive = int(known["y"].sum())
    few = min(alive, known.height - alive)
    constant = any(known[name].n_unique() < 2 for name in FACTORS)
    if few < _LEAST_PER_FACTOR * len(FACTORS) or constant:
        return Fit()
    columns = known.select(FACTORS.keys()).to_numpy()
    fitted = logistic(np.column_stack([np.ones(known.height), columns]), known["y"].to_numpy())
    if fitted is None:
        return Fit()
    estimate, errors = fitted
    odds = [
        Odds(name, float(estimate[place]), float(errors[place]))
        for place, name in enumerate(FACTORS, start=1)
    ]
    return Fit(tuple(odds), known.height, alive)


def logistic(x: Floats, y: Floats) -> tuple[Floats, Floats] | None:
    """Coefficients of the largest likelihood and their standard errors, by Newton's method.

    Args:
        x: shape (n, k); a column of ones for the constant.
        y: shape (n,); 0 or 1.

    Returns:
        Both of shape (k,), the errors from the information matrix; None where the likelihood has no
        largest value, as when a factor tells who lives without fail.

    Source: McCullagh & Nelder 1989, Generalized Linear Models, 2.5 and 4.4.
    """
    estimate = np.zeros(x.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-(x @ estimate)))
        information = (x * (chance * (1 - chance))[:, None]).T @ x
        if np.linalg.cond(information) > 1 / np.finfo(np.float64).eps:
            return None
        step = np.linalg.solve(information, x.T @ (y - chance))
        estimate = estimate + step
        if np.abs(estimate).max() > _LARGEST:
            return None
        if np.abs(step).max() < _SMALL:
            errors: Floats = np.sqrt(np.diag(np.linalg.inv(information)))
            return estimate, errors
    return None
