"""Fitting: what the columns of a table hold, in our own words, whoever stored them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import narwhals as nw

from hsr_privacy.frames import Frame, as_frame, engine_of, to_polars

_EXACT: Final = 2**53
_WHOLE: Final = {("decimal", "integer"), ("datetime", "date")}


@dataclass(frozen=True)
class Fitted:
    """A table and what its columns hold.

    Attributes:
        frame: the rows; in this process, already read.
        words: per column, in their order: integer, decimal, text, date, datetime, binary, boolean
            or other.
    """

    frame: Frame
    words: Mapping[str, str]


def fit(frame: Frame, expected: Mapping[str, str]) -> Fitted:
    """Find out what the columns hold.

    A column without any value holds whatever is expected of it; decimals that are all whole hold
    whole numbers, and date-times that are all midnight hold dates, where those are expected:
    pandas stores them as it does for want of anything better.

    Args:
        frame: the table.
        expected: per column, the word that is expected.
    """
    if engine_of(frame) == "polars":
        frame = as_frame(to_polars(frame))
    schema = frame.collect_schema()
    words = {name: _word(dtype) for name, dtype in schema.items()}
    doubtful = [name for name in words if expected.get(name, words[name]) != words[name]]
    if doubtful:
        found = _look(frame, doubtful, words)
        changes = []
        for name in doubtful:
            stored: Any = _STORED.get(expected[name])
            if stored is not None and found[f"{name}:values"] == 0:
                changes.append(nw.lit(None, dtype=stored).alias(name))
            elif (words[name], expected[name]) in _WHOLE and found[f"{name}:broken"] == 0:
                changes.append(nw.col(name).cast(stored).alias(name))
            else:
                continue
            words[name] = expected[name]
        frame = frame.with_columns(*changes) if changes else frame
    return Fitted(frame, words)


def _look(frame: Frame, names: list[str], words: Mapping[str, str]) -> dict[str, int]:
    """Per column its number of values, and of those that are no exact number or no midnight."""
    numbers = [nw.col(name).count().alias(f"{name}:values") for name in names]
    for name in names:
        column = nw.col(name)
        if words[name] == "decimal":
            broken = (column.round(0) != column) | (column.abs() >= _EXACT)
        elif words[name] == "datetime":
            clock = column.dt.hour() + column.dt.minute() + column.dt.second()
            broken = (clock + column.dt.microsecond()) > 0
        else:
            continue
        numbers.append(broken.cast(nw.Int64).sum().alias(f"{name}:broken"))
    row: dict[str, Any] = to_polars(frame.select(*numbers)).row(0, named=True)
    return {name: int(number or 0) for name, number in row.items()}


def _word(dtype: Any) -> str:
    if dtype.is_integer():
        return "integer"
    if dtype.is_numeric():
        return "decimal"
    for kind, word in _WORDS.items():
        if dtype == kind:
            return word
    return "other"


_WORDS: Final[dict[Any, str]] = {
    nw.String: "text",
    nw.Date: "date",
    nw.Datetime: "datetime",
    nw.Binary: "binary",
    nw.Boolean: "boolean",
}

_STORED: Final[dict[str, Any]] = {
    "integer": nw.Int64(),
    "decimal": nw.Float64(),
    "text": nw.String(),
    "date": nw.Date(),
    "datetime": nw.Datetime("us"),
    "binary": nw.Binary(),
}
