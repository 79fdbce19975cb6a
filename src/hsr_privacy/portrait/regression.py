"""Logistic regression: how the odds of being alive after 30 days change with each factor."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import polars as pl

from hsr_privacy.estimates import Z_95, Unfitted, logistic

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
    fitted = logistic(known["y"].to_numpy(), known.select(FACTORS.keys()).to_numpy())
    if isinstance(fitted, Unfitted):
        return Fit()
    odds = [
        Odds(name, float(fitted.coefficients[place]), float(fitted.errors[place]))
        for place, name in enumerate(FACTORS)
    ]
    return Fit(tuple(odds), known.height, alive)
