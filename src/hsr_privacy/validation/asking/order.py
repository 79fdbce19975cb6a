"""Order: whether the place of a row says anything that its pseudonym does not."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from hsr_privacy.frames import to_polars
from hsr_privacy.validation.asking.answer import Answer, require, take


def tells_nothing(data: Any, *, by: str) -> Answer:
    """Count the rows that stand before the one that should precede them.

    Rows in the order of their pseudonyms stand where chance put them, and not in the order in which
    events came or hospitals delivered. A row without a pseudonym has no such place.

    Args:
        data: any frame; its rows as they come.
        by: column of pseudonyms of events, text.
    """
    frame = take(data, [by])
    require(frame.collect_schema()[by] == nw.String)
    column = to_polars(frame)[by]
    misplaced = (column < column.shift(1)) | column.is_null()
    return Answer(len(column), int(misplaced.fill_null(value=False).sum()), 0)
