"""Lateness: how long after the event a row was delivered, and which rows missed a delivery."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from hsr_privacy.codebook import Source
from hsr_privacy.quality.copies import MAIN_CLOCK
from hsr_privacy.quality.findings import Found, Int64s, found
from hsr_privacy.quality.kinds import LATE
from hsr_privacy.quality.persons import person_keys

_TIME_TO_REPORT: Final = dt.timedelta(days=30)
"""A proposal; the register has published no deadline."""

_DATE: Final = re.compile(r"(?<![0-9])(20[0-9]{2})-([0-9]{2})-([0-9]{2})(?![0-9])")


@dataclass(frozen=True)
class Delivered:
    """When a file was delivered.

    Attributes:
        day: by its name; the day of the check where the name tells none.
        is_told: whether the name tells it.
    """

    day: dt.date
    is_told: bool


def delivered_on(name: str, *, today: dt.date) -> Delivered:
    """Read the day of a delivery from the name of its file."""
    match = _DATE.search(name)
    if match:
        try:
            return Delivered(dt.date(*map(int, match.groups())), is_told=True)
        except ValueError:
            pass
    return Delivered(today, is_told=False)


def event_days(table: pl.DataFrame, form: Source) -> pl.Series:
    """The day of each row's event; missing for rows on persons."""
    if form not in MAIN_CLOCK:
        return pl.Series("day", [None] * table.height, dtype=pl.Date)
    clocks = (name for name, dtype in table.schema.items() if isinstance(dtype, pl.Datetime))
    return table.select(pl.coalesce(MAIN_CLOCK[form], *clocks).dt.date().alias("day")).to_series()


def check_lateness(
    tables: Mapping[Source, pl.DataFrame],
    places: Mapping[Source, pl.DataFrame],
    files: Sequence[Delivered],
) -> dict[Source, list[Found]]:
    """Rows of a later file that an earlier one of the same trust should have had.

    Such a row happened before the day up to which the earlier file tells: some weeks before the day
    in its name or, where the name has none, that of its latest event. A row on a person is as old as
    the person's latest event, and one of which no event is known is taken for old.

    Args:
        tables: all forms.
        places: file, row and trust of each row.
        files: when each was delivered.
    """
    days = {form: event_days(table, form) for form, table in tables.items()}
    latest = _latest_event(tables, days)
    result = {}
    for form, table in tables.items():
        happened = days[form]
        if form is Source.REGISTER:
            person = person_keys(table).to_frame()
            happened = person.join(latest, on="person", how="left", maintain_order="left")["day"]
        rows = places[form].select("file", "trust").with_columns(happened.alias("day"))
        result[form] = [found(LATE, _late(rows, files))]
    return result


def _latest_event(
    tables: Mapping[Source, pl.DataFrame], days: Mapping[Source, pl.Series]
) -> pl.DataFrame:
    """Per person the day of the latest event."""
    known = [
        pl.DataFrame([person_keys(tables[form]), days[form]])
        for form in (Source.AMBULANCE, Source.HOSPITAL)
    ]
    return (
        pl.concat(known)
        .filter(pl.col("person").is_not_null())
        .group_by("person")
        .agg(pl.col("day").max())
    )


def _late(rows: pl.DataFrame, files: Sequence[Delivered]) -> Int64s:
    """Places of the rows that came late."""
    late = np.zeros(rows.height, bool)
    present = rows["file"].unique().sort().to_list()
    reached = {one: _reached(rows, one, files[one]) for one in present}
    for one in present:
        mine = rows["file"] == one
        for other in present:
            until = reached[other]
            if until is None or not _is_before(files[other], files[one]):
                continue
            theirs = rows.filter(pl.col("file") == other)["trust"].unique()
            told = rows["trust"].is_in(theirs.implode(), nulls_equal=True)
            old = (rows["day"] < until).fill_null(value=True)
            late |= (mine & told & old).to_numpy()
    return np.flatnonzero(late)


def _is_before(one: Delivered, other: Delivered) -> bool:
    """Whether a file was delivered before another; one whose name has no day was the first."""
    if one.is_told and other.is_told:
        return one.day < other.day
    return other.is_told and not one.is_told


def _reached(rows: pl.DataFrame, file: int, delivered: Delivered) -> dt.date | None:
    """The day before which a file should have had everything."""
    if delivered.is_told:
        return delivered.day - _TIME_TO_REPORT
    days = rows.filter((pl.col("file") == file) & (pl.col("day") <= delivered.day))["day"]
    last = days.max()
    return last if isinstance(last, dt.date) else None
