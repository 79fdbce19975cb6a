"""Fitting: what the columns of a table hold, in our own words, whoever stored them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import narwhals as nw

from hsr_privacy.frames import Frame, as_frame, engine_of, to_polars

_EXACT: Final = 2**53


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

    A column without any value holds whatever is expected of it, and decimals that are all whole
    numbers hold whole numbers where those are expected: pandas stores both as it does for want of
    anything better.

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
            is_whole = words[name] == "decimal" and found[f"{name}:broken"] == 0
            if found[f"{name}:values"] == 0 and expected[name] in _STORED:
                changes.append(nw.lit(None, dtype=_STORED[expected[name]]).alias(name))
            elif is_whole and expected[name] == "integer":
                changes.append(nw.col(name).cast(nw.Int64).alias(name))
            else:
                continue
            words[name] = expected[name]
        frame = frame.with_columns(*changes) if changes else frame
    return Fitted(frame, words)


def _look(frame: Frame, names: list[str], words: Mapping[str, str]) -> dict[str, int]:
    """Per column its number of values, and of those that are no exact whole number."""
    numbers = [nw.col(name).count().alias(f"{name}:values") for name in names]
    for name in names:
        if words[name] == "decimal":
            column = nw.col(name)
            broken = (column.round(0) != column) | (column.abs() >= _EXACT)
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
