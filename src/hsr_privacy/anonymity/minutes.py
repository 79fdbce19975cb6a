"""Minutes: clock times become completed minutes since the call, and the clock is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import narwhals as nw

from hsr_privacy.errors import DataError
from hsr_privacy.extract import Extract, Step, any_frame
from hsr_privacy.frames import columns_of, whole_minutes
from hsr_privacy.project import MINUTES_SUFFIX

_ORIGIN: Final = "__origin"


@any_frame
def minutes_since(extract: Extract, columns: Sequence[str], *, origin: Sequence[str]) -> Extract:
    """Replace date-times by completed minutes since an origin, under the name ``<column>_min``.

    Args:
        extract: an extract, or a pandas, Polars or Spark frame; the same kind comes back.
        columns: date-time columns to replace, each at its place in the column order.
        origin: date-time columns; the first that a row has is its origin, such as the emergency
            call and, where there was none, the arrest. The origins are not dropped here.

    Raises:
        DataError: a column does not exist, or its new name is taken.
    """
    frame, order = extract.frame, list(columns_of(extract.frame))
    for name in (*columns, *origin):
        if name not in order:
            raise DataError(f"there is no column '{name}' to count minutes with")
    frame = frame.with_columns(nw.coalesce(*map(nw.col, origin)).alias(_ORIGIN))
    for name in columns:
        if name + MINUTES_SUFFIX in order:
            raise DataError(f"there is a column '{name}{MINUTES_SUFFIX}' already; rename it")
        frame = whole_minutes(frame, name, since=_ORIGIN, into=name + MINUTES_SUFFIX)
        order[order.index(name)] = name + MINUTES_SUFFIX
    frame = frame.select(*map(nw.col, order))
    return extract.then(frame, Step("minutes since the call", {"columns": len(columns)}))
