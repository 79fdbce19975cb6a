"""Pseudonyms: whether each is well formed, by its check symbols or check digits."""

from __future__ import annotations

from typing import Any, Final, Literal, TypeAlias

import narwhals as nw
import numpy as np
import pyarrow as pa

from hsr_privacy.frames import map_column, to_polars
from hsr_privacy.identifiers.check_symbols import are_running_numbers, are_valid
from hsr_privacy.validation.asking.answer import Answer, require, take

PseudonymForm: TypeAlias = Literal["symbols", "running-number"]
_WRONG: Final = "__wrong"


def well_formed(data: Any, *, column: str, form: PseudonymForm = "symbols") -> Answer:
    """Count the cells that are no pseudonym; a missing one is left out.

    Args:
        data: any frame.
        column: texts.
        form: 22 symbols, or running numbers of nine digits.
    """
    frame = take(data, [column])
    require(frame.collect_schema()[column] == nw.String)
    judge = _wrong_symbols if form == "symbols" else _wrong_numbers
    frame = map_column(frame, column, judge, into=_WRONG, kind="int")
    counts: tuple[Any, ...] = to_polars(
        frame.select(
            nw.len().alias("rows"),
            nw.col(column).count().alias("told"),
            nw.col(_WRONG).cast(nw.Int64).sum().alias("wrong"),
        )
    ).row(0)
    rows, told, wrong = (int(number or 0) for number in counts)
    return Answer(rows, wrong, rows - told)


def _wrong_symbols(array: Any) -> Any:
    return _numbers(array, ~are_valid(array))


def _wrong_numbers(array: Any) -> Any:
    return _numbers(array, ~np.array(are_running_numbers(array), dtype=bool))


def _numbers(array: Any, wrong: Any) -> Any:
    """1 where a text is there and wrong, else 0."""
    there = np.asarray(array.is_valid())
    return pa.array((wrong & there).astype(np.int32))
