"""Codes: whether they are known ones, and valid on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import narwhals as nw
import polars as pl

from hsr_privacy.frames import ROWS, class_counts, local_days
from hsr_privacy.hierarchies import Hierarchy, load_hierarchies
from hsr_privacy.validation.asking.answer import Answer, Unasked, require, take

NO_HIERARCHY: Final = "there is no such hierarchy"
_DAY: Final = "__day"
_CODE: Final = "__code"
_EARLIEST: Final = dt.date(1, 1, 2)
_LATEST: Final = dt.date(9999, 12, 30)


@cache
def shipped_hierarchies() -> dict[str, Hierarchy]:
    """The shipped hierarchies by name, read once."""
    return dict(load_hierarchies())


def hierarchy_named(name: str) -> Hierarchy:
    """A shipped hierarchy.

    Raises:
        Unasked: there is none of this name.
    """
    try:
        return shipped_hierarchies()[name]
    except KeyError:
        raise Unasked(NO_HIERARCHY) from None


def valid(
    data: Any,
    *,
    column: str,
    hierarchy: str,
    date: str | None = None,
    tolerance_days: int = 1,
    also: Sequence[str] = (),
) -> Answer:
    """Count the cells whose code is unknown, or was not valid on the day of the row.

    Args:
        data: any frame.
        column: codes, as text or as whole numbers.
        hierarchy: has the codes and from which day to which each is valid, such as ``municipality``
            (versions of Klass 131), ``hospital`` or ``trust``.
        date: column of the day; without it a code need only be known. Date-times with a zone are
            taken as the day on the Norwegian clock.
        tolerance_days: by which the day may be off, as around midnight.
        also: texts that may stand there besides.
    """
    tree = hierarchy_named(hierarchy)
    frame = take(data, [column, *([date] if date else [])])
    kinds = frame.collect_schema()
    require(kinds[column] == nw.String or kinds[column].is_integer())
    if date is not None:
        kind = kinds[date]
        require(kind in (nw.Date, nw.Datetime))
        if kind == nw.Datetime and getattr(kind, "time_zone", None) is not None:
            frame = local_days(frame, [date])
        frame = frame.with_columns(nw.col(date).cast(nw.Date).alias(_DAY))
    counted = class_counts(frame, [column, *([_DAY] if date else [])])
    told = counted.filter(pl.col(column).is_not_null()).with_columns(pl.col(column).cast(pl.String))
    known = {row[0] for row in tree.domain} | set(also)
    right = pl.col(column).is_in(sorted(known))
    if date is not None:
        told = told.join(_days_of(tree), left_on=column, right_on=_CODE, how="left")
        grace = pl.duration(days=tolerance_days)
        outside = (pl.col(_DAY) + grace < pl.col("first")) | (pl.col(_DAY) - grace > pl.col("last"))
        right &= ~outside.fill_null(value=False)
    rows, known_rows = int(counted[ROWS].sum()), int(told[ROWS].sum())
    return Answer(rows, int(told.filter(~right)[ROWS].sum()), rows - known_rows)


def _days_of(tree: Hierarchy) -> pl.DataFrame:
    """First and last day of each code; an open end is far away."""
    return pl.DataFrame(
        [
            (code, first or _EARLIEST, last or _LATEST)
            for code, (first, last) in tree.validity.items()
        ],
        schema={_CODE: pl.String, "first": pl.Date, "last": pl.Date},
        orient="row",
    )
