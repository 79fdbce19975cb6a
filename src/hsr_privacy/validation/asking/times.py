"""Times: whether several come in their order, as far as clocks can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import combinations
from operator import or_
from typing import Any, Final

import narwhals as nw

from hsr_privacy.frames import add_days, add_seconds, to_polars
from hsr_privacy.validation.asking.answer import Answer, require, take

_DAY: Final = 86_400
_AT: Final = "__at {}"


def ordered(data: Any, *, columns: Sequence[str], tolerance_seconds: int = 0) -> Answer:
    """Count the rows in which a time comes after one that should follow it.

    Every two of the columns are compared, so that a time that is missing between them hides nothing.
    Where one of them is a date, all are compared by their days.

    Args:
        data: any frame.
        columns: date-times or dates, the first first.
        tolerance_seconds: by which clocks may differ.
    """
    frame = take(data, columns)
    kinds = frame.collect_schema()
    require(*[kinds[name] in (nw.Date, nw.Datetime) for name in columns])
    made = {_AT.format(name): name for name in columns}
    by_day = any(kinds[name] == nw.Date for name in columns)
    frame = add_days(frame, made) if by_day else add_seconds(frame, made)
    tolerance = tolerance_seconds // _DAY if by_day else tolerance_seconds
    pairs = [tuple(map(nw.col, pair)) for pair in combinations(made, 2)]
    told = [~before.is_null() & ~after.is_null() for before, after in pairs]
    wrong = [after - before < -tolerance for before, after in pairs]
    row: dict[str, Any] = to_polars(
        frame.select(
            nw.len().alias("rows"),
            reduce(or_, told).cast(nw.Int64).sum().alias("told"),
            reduce(or_, [one.fill_null(value=False) for one in wrong])
            .cast(nw.Int64)
            .sum()
            .alias("wrong"),
        )
    ).row(0, named=True)
    rows, known, broken = (int(row[name] or 0) for name in ("rows", "told", "wrong"))
    return Answer(rows, broken, rows - known)
