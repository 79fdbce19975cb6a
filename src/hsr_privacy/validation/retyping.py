"""Retyping: the texts of a CSV as what they are expected to be, where every cell of a column is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import polars as pl

from hsr_privacy.codebook import Type, load_codebook

_WHOLE: Final = r"^-?[0-9]{1,18}$"
_DECIMAL: Final = r"^-?[0-9]+(?:[.,][0-9]+)?$"
_DATE: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_CLOCK: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}"
_KEY: Final = r"^(?:[0-9a-fA-F]{2})+$"
_BY_TYPE: Final = {
    Type.CODE: "integer",
    Type.INTEGER: "integer",
    Type.DECIMAL: "decimal",
    Type.DATE: "date",
    Type.DATETIME: "datetime",
}


def typed_by(table: pl.DataFrame, words: Mapping[str, str]) -> pl.DataFrame:
    """Give columns of text the type that is expected of them; one with a cell that is not so stays text.

    Args:
        table: every column text.
        words: per column, the word for what it should hold; the codebook's type where nothing is said.
    """
    codebook = {variable.name: variable.type for variable in load_codebook()}
    made = []
    for name in table.columns:
        word = words.get(name) or _BY_TYPE.get(codebook.get(name, Type.TEXT), "text")
        made.append(_typed(table[name], word))
    return pl.DataFrame(made)


def _typed(cells: pl.Series, word: str) -> pl.Series:
    if word not in _READ or cells.dtype != pl.String:
        return cells
    pattern, read = _READ[word]
    if not cells.str.contains(pattern).fill_null(value=True).all():
        return cells
    try:
        values = read(cells)
    except pl.exceptions.PolarsError:
        return cells
    return values if values.null_count() == cells.null_count() else cells


def _clock(cells: pl.Series) -> pl.Series:
    plain = cells.str.replace(" ", "T", literal=True)
    if plain.str.contains(r"(?:Z|[+-][0-9]{2}:?[0-9]{2})$").any():
        return plain.str.to_datetime(time_unit="us", time_zone="UTC", strict=False)
    return plain.str.to_datetime(time_unit="us", strict=False)


_READ: Final[Mapping[str, tuple[str, Callable[[pl.Series], pl.Series]]]] = {
    "integer": (_WHOLE, lambda cells: cells.cast(pl.Int64, strict=False)),
    "decimal": (
        _DECIMAL,
        lambda cells: cells.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False),
    ),
    "date": (_DATE, lambda cells: cells.str.to_date("%Y-%m-%d", strict=False)),
    "datetime": (_CLOCK, _clock),
    "binary": (_KEY, lambda cells: cells.str.decode("hex", strict=False)),
}
