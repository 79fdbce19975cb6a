"""Fitting: the columns of a table, each beside its field of the dictionary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from hsr_privacy.dictionary import Dictionary, Field
from hsr_privacy.errors import DataError
from hsr_privacy.formats.names import valid_names

_MOST_WHOLE: Final = 1 << 53
"""Whole numbers beyond it are not exact in a double, which is all that Stata and SPSS have."""


@dataclass(frozen=True)
class Pair:
    """A column and what it is.

    Attributes:
        name: in Stata and SPSS.
        field: of the dictionary.
        cells: of the table; text, whole numbers of 64 bits, decimals of 64 bits, dates, clock times
            without a zone, and nothing else.
    """

    name: str
    field: Field
    cells: pl.Series

    @property
    def missing_numbers(self) -> tuple[int, ...]:
        """Codes of the kinds of missing, in their order; empty for columns that are no numbers."""
        if not self.cells.dtype.is_numeric():
            return ()
        return tuple(int(one.text) for one in self.field.missing if is_whole(one.text))


def is_whole(text: str) -> bool:
    """Whether a text is a whole number as it is written by rule."""
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit() and str(int(text)) == text


def check_fits(table: pl.DataFrame, dictionary: Dictionary) -> None:
    """Say no to a table whose columns are not those of the dictionary, in their order.

    Raises:
        DataError: by the names of the columns.
    """
    described = [field.name for field in dictionary]
    if table.columns != described:
        without = [name for name in table.columns if name not in described]
        absent = [name for name in described if name not in table.columns]
        what = (
            f"not described: {without}, not there: {absent}" if without or absent else "the order"
        )
        raise DataError(
            f"the table's columns are not those of the dictionary '{dictionary.name}' ({what}); "
            "describe every column once, in the table's order"
        )


def pairs_of(table: pl.DataFrame, dictionary: Dictionary) -> tuple[Pair, ...]:
    """Every column with its field, ready for programs that know text and doubles only.

    Clock times with a zone become UTC; truth values become 0 and 1.

    Raises:
        DataError: the columns are not those of the dictionary, or one holds what those programs
            have no type for, such as lists, or whole numbers beyond 2^53, or infinity.
    """
    check_fits(table, dictionary)
    names = valid_names(dictionary)
    return tuple(Pair(names[field.name], field, _plain(table[field.name])) for field in dictionary)


def _plain(cells: pl.Series) -> pl.Series:
    kind = cells.dtype
    if kind.is_integer() or kind == pl.Boolean:
        return _exact(cells.cast(pl.Int64) if kind != pl.UInt64 else cells)
    if kind.is_float() or kind.is_decimal():
        return _finite(cells.cast(pl.Float64))
    if kind in (pl.String, pl.Categorical, pl.Enum):
        return cells.cast(pl.String)
    if kind == pl.Null:
        return cells.cast(pl.Int64)
    if kind == pl.Date:
        return cells
    if isinstance(kind, pl.Datetime):
        zoned = cells.dt.convert_time_zone("UTC") if kind.time_zone else cells
        return zoned.dt.replace_time_zone(None).cast(pl.Datetime("ms"))
    raise DataError(
        f"column '{cells.name}' holds {kind}, which Stata and SPSS have no type for; "
        "make it text, numbers or dates"
    )


def _exact(cells: pl.Series) -> pl.Series:
    low, high = cells.min(), cells.max()
    if (
        isinstance(low, int)
        and isinstance(high, int)
        and not -_MOST_WHOLE <= low <= high <= _MOST_WHOLE
    ):
        raise DataError(
            f"column '{cells.name}' holds whole numbers of more than 15 digits, which Stata and SPSS "
            "round; make it text"
        )
    return cells.cast(pl.Int64)


def _finite(cells: pl.Series) -> pl.Series:
    """The decimals; what is no number is missing."""
    cells = cells.fill_nan(None)
    if cells.is_infinite().any():
        raise DataError(f"column '{cells.name}' holds infinity, which Stata and SPSS do not have")
    return cells
