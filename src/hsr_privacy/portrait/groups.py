"""Groups: how many are of which age, when arrests happen, and who lives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from hsr_privacy.estimates import wilson
from hsr_privacy.explaining.intervals import LEVEL
from hsr_privacy.portrait.arrests import PERSON
from hsr_privacy.portrait.hiding import Count, is_shown_share, shown, shown_parts
from hsr_privacy.portrait.measures import share_of

BAND: Final = 5
OLDEST: Final = 95
SEXES: Final = (1, 2)
BANDS: Final = tuple(range(0, OLDEST + 1, BAND))
"""First years of the age bands; the last has no end."""

ENOUGH_FOR_A_MEDIAN: Final = 20
"""The median of fewer persons is hidden: it may be one person's own."""

RESPONSE_BANDS: Final = ((0, 5), (6, 8), (9, 12), (13, 19), (20, None))
"""Whole minutes of response, from the first to the last."""


@dataclass(frozen=True)
class Pyramid:
    """Arrests by age band and sex.

    Attributes:
        men: one per band of `BANDS`.
        women: one per band.
        unknown: of whom age or sex is not known.
        middle: median age, or None.
    """

    men: tuple[Count, ...]
    women: tuple[Count, ...]
    unknown: Count
    middle: float | None


@dataclass(frozen=True)
class Week:
    """Arrests by weekday (seven rows, Monday first) and hour (24 each), and by month (twelve).

    Attributes:
        hours: of all weeks.
        months: of all years.
        by_day: share between 8 and 20 o'clock; None if too few on one side.
    """

    hours: tuple[tuple[Count, ...], ...]
    months: tuple[Count, ...]
    by_day: float | None


@dataclass(frozen=True)
class Lives:
    """How many of a group are alive after 30 days.

    Attributes:
        group: which of the pictures' groups.
        name: of it.
        arrests: of whom the outcome is known.
        share: alive; None if too few on one side.
        low: lower end of the 99 per cent interval.
        high: upper end.
    """

    group: str
    name: str
    arrests: Count
    share: float | None
    low: float | None
    high: float | None


def pyramid(arrests: pl.DataFrame, *, outside: bool, least_persons: int) -> Pyramid:
    """Age and sex of those who arrest outside or inside hospital."""
    mine = arrests.filter(pl.col("outside") == outside)
    band = (pl.col("age").clip(0, OLDEST) // BAND * BAND).alias("band")
    known = mine.filter(pl.col("age").is_not_null() & pl.col("sex").is_not_null())
    cells = [(sex, one) for sex in SEXES for one in BANDS]
    counted = _counted(known.with_columns(band), ["sex", "band"], cells, least_persons)
    rest = mine.filter(pl.col("age").is_null() | pl.col("sex").is_null())
    ages = known["age"]
    enough = known[PERSON].n_unique() >= max(ENOUGH_FOR_A_MEDIAN, least_persons)
    return Pyramid(
        men=tuple(counted[: len(BANDS)]),
        women=tuple(counted[len(BANDS) :]),
        unknown=shown(rest.height, rest[PERSON].n_unique(), least_persons),
        middle=float(str(ages.median())) if enough and len(ages) else None,
    )


def week(arrests: pl.DataFrame, *, least_persons: int) -> Week:
    """When hearts stop outside hospital, by the Norwegian clock."""
    mine = arrests.filter(pl.col("outside") & pl.col("hour").is_not_null())
    cells = [(day, hour) for day in range(1, 8) for hour in range(24)]
    hours = _counted(mine, ["weekday", "hour"], cells, least_persons)
    months = _counted(mine, ["month"], [(month,) for month in range(1, 13)], least_persons)
    return Week(
        hours=tuple(tuple(hours[start : start + 24]) for start in range(0, 7 * 24, 24)),
        months=tuple(months),
        by_day=_share(mine, pl.col("hour").is_between(8, 19), least_persons),
    )


def lives(arrests: pl.DataFrame, *, least_persons: int) -> tuple[Lives, ...]:
    """Who is alive after 30 days, of the resuscitated: by rhythm and help, response, and kind."""
    tried = arrests.filter(pl.col("tried"))
    outside = tried.filter("outside")
    found = []
    for rhythm, of_rhythm in (("shockable", pl.col("shockable")), ("other", ~pl.col("shockable"))):
        for help_, of_help in (("helped", pl.col("helped")), ("alone", ~pl.col("helped"))):
            part = outside.filter(of_rhythm & of_help)
            found.append(_lives("rhythm and help", f"{rhythm}, {help_}", part, least_persons))
    minutes = pl.col("seconds") // 60
    for first, last in RESPONSE_BANDS:
        upper = minutes <= last if last is not None else minutes.is_not_null()
        part = outside.filter((minutes >= first) & upper)
        name = f"{first}+" if last is None else f"{first}-{last}"
        found.append(_lives("response", name, part, least_persons))
    found += [
        _lives("witness", seen, outside.filter(pl.col(seen)), least_persons)
        for seen in ("seen_by_crew", "seen_by_bystander")
    ]
    unseen = outside.filter(~pl.col("witnessed"))
    found.append(_lives("witness", "unwitnessed", unseen, least_persons))
    inside = tried.filter(~pl.col("outside"))
    for rhythm, of_rhythm in (("shockable", pl.col("shockable")), ("other", ~pl.col("shockable"))):
        found.append(_lives("inside", rhythm, inside.filter(of_rhythm), least_persons))
    return tuple(found)


def _share(arrests: pl.DataFrame, case: pl.Expr, least: int) -> float | None:
    yes, no = arrests.filter(case), arrests.filter(~case)
    if not is_shown_share(yes[PERSON].n_unique(), no[PERSON].n_unique(), least):
        return None
    return yes.height / arrests.height


def _lives(group: str, name: str, arrests: pl.DataFrame, least: int) -> Lives:
    known = arrests.filter(pl.col("alive_month").is_not_null())
    known = known.with_columns(pl.col("alive_month").alias("case"))
    measured = share_of(known)
    number = shown(known.height, known[PERSON].n_unique(), least)
    yes, no = (known.filter(side)[PERSON].n_unique() for side in (pl.col("case"), ~pl.col("case")))
    if measured.value is None or not is_shown_share(yes, no, least):
        return Lives(group, name, number, None, None, None)
    low, high = wilson(measured.value, known.height, level=LEVEL)
    return Lives(group, name, number, measured.value, low, high)


def _counted(
    arrests: pl.DataFrame,
    by: Sequence[str],
    cells: Sequence[tuple[int, ...]],
    least: int,
) -> list[Count]:
    """Arrests of each cell of a table whose total is told."""
    counted = arrests.group_by(by).agg(pl.len(), pl.col(PERSON).n_unique().alias("persons"))
    known: Mapping[tuple[int, ...], tuple[int, int]] = {
        tuple(row[: len(by)]): (row[-2], row[-1]) for row in counted.iter_rows()
    }
    both = [known.get(cell, (0, 0)) for cell in cells]
    return shown_parts([number for number, _ in both], [persons for _, persons in both], least)
