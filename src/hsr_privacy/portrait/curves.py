"""Curves: how soon help comes, and how long people live."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.portrait.hiding import thinned
from hsr_privacy.portrait.measures import persons_of

MINUTES: Final = 40
"""The response curve ends here."""
DAYS: Final = 30
FEW: Final = 20
"""A curve of fewer persons is not drawn."""

_CENTRALITY: Final = {"central": (1, 2), "between": (3, 4), "remote": (5, 6)}


@dataclass(frozen=True)
class Curve:
    """A line through places.

    Attributes:
        name: of the group.
        places: minutes or days, ascending.
        shares: of the group, at each place.
        persons: of the group.
        until: the last place up to which the line holds.
        low: lower ends of the 95 per cent interval, or none.
        high: upper ends.
        middle: median, in minutes; None for survival.
    """

    name: str
    places: tuple[float, ...]
    shares: tuple[float, ...]
    persons: int
    until: float
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    middle: float | None = None


def response_curves(arrests: pl.DataFrame, *, least_persons: int) -> tuple[Curve, ...]:
    """Share of patients whom an ambulance has reached by each minute, all and by centrality.

    Args:
        arrests: of `arrests_of`.
        least_persons: between two shown minutes stand no persons, or so many.
    """
    known = arrests.filter(pl.col("outside") & pl.col("seconds").is_not_null())
    groups = {"all": known}
    for name, classes in _CENTRALITY.items():
        groups[name] = known.filter(pl.col("centrality").is_in(classes))
    return tuple(
        _response(name, group, least_persons)
        for name, group in groups.items()
        if persons_of(group) >= max(FEW, least_persons)
    )


def _response(name: str, group: pl.DataFrame, least: int) -> Curve:
    minutes = group["seconds"].to_numpy() / 60
    reached = [int((minutes <= minute).sum()) for minute in range(MINUTES + 1)]
    # Those who are reached later are a part, too, that must not be of few.
    shown = [
        place
        for place in thinned(reached, least)
        if reached[place] == len(minutes) or len(minutes) - reached[place] >= least
    ]
    shares = tuple(reached[place] / len(minutes) for place in shown)
    middle = round(float(np.median(minutes)), 1)
    until = float(shown[-1]) if shown else 0.0
    return Curve(name, tuple(map(float, shown)), shares, persons_of(group), until, middle=middle)


def survival_curves(arrests: pl.DataFrame, *, least_persons: int) -> tuple[Curve, ...]:
    """Share alive by day, by Kaplan and Meier's method, of those who were resuscitated.

    Who lives beyond 30 days is watched until then. Who died nobody knows when, in hospital, is left
    out; who was left behind died on the day.

    Args:
        arrests: of `arrests_of`.
        least_persons: on each shown day nobody died since the one before, or so many, and as many
            are left.
    """
    tried = arrests.filter(pl.col("tried"))
    outside = tried.filter("outside")
    groups = {
        "outside": outside,
        "outside_shockable": outside.filter("shockable"),
        "outside_other": outside.filter(~pl.col("shockable")),
        "inside": tried.filter(~pl.col("outside")),
    }
    return tuple(
        curve for name, group in groups.items() for curve in _lives(name, group, least_persons)
    )


def _lives(name: str, group: pl.DataFrame, least: int) -> Iterator[Curve]:
    lives = pl.col("alive_month")
    left_behind = pl.col("outside") & ~pl.col("transported").fill_null(value=True)
    day = (
        pl.when(lives)
        .then(DAYS)
        .when(pl.col("died_after") < DAYS)
        .then(pl.col("died_after"))
        .when(~lives & left_behind)
        .then(0)
    )
    watched = group.with_columns(day.cast(pl.Int64).alias("day_of_end")).filter(
        pl.col("day_of_end").is_not_null()
    )
    if persons_of(watched) < max(FEW, least):
        return
    ends = watched["day_of_end"].to_numpy()
    died = ~watched["alive_month"].fill_null(value=False).to_numpy()
    days, shares, errors = kaplan_meier(ends, died)
    gone = [int(((ends <= one) & died).sum()) for one in days]
    # Who is left is a part, too, that must not be of few; and none says that all of them died.
    shown = [one for one in thinned(gone, least) if len(ends) - gone[one] >= least]
    until = DAYS if shown and gone[shown[-1]] == gone[-1] else days[shown[-1]] if shown else 0
    low, high = (
        zip(*(_interval(shares[one], errors[one]) for one in shown), strict=True)
        if shown
        else ((), ())
    )
    yield Curve(
        name,
        tuple(float(days[one]) for one in shown),
        tuple(float(shares[one]) for one in shown),
        persons_of(watched),
        float(until),
        low,
        high,
    )


def kaplan_meier(
    ends: NDArray[np.int64], died: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """The share that is alive after each day on which somebody died.

    Args:
        ends: shape (n,), whole days until death, or until nobody watched any more.
        died: shape (n,), whether it was death.

    Returns:
        Days, shares and their standard errors, each of shape (m,).

    Source: Kaplan & Meier 1958, doi:10.1080/01621459.1958.10501452; errors by Greenwood 1926.
    """
    days = np.unique(ends[died])
    at_risk = np.array([(ends >= day).sum() for day in days], np.float64)
    deaths = np.array([((ends == day) & died).sum() for day in days], np.float64)
    shares = np.cumprod(1 - deaths / at_risk)
    left = at_risk - deaths
    spread = np.cumsum(deaths / (at_risk * np.where(left > 0, left, 1)))
    return days, shares, shares * np.sqrt(np.where(shares > 0, spread, 0))


def _interval(share: float, error: float) -> tuple[float, float]:
    half = 1.959963984540054 * error
    return max(share - half, 0.0), min(share + half, 1.0)


def median_minutes(arrests: pl.DataFrame) -> float | None:
    """Median response of arrests outside, in minutes; None where none is known."""
    seconds = arrests["seconds"].drop_nulls().to_numpy()
    middle = float(np.median(seconds)) / 60 if len(seconds) else math.nan
    return None if math.isnan(middle) else middle
