"""Values: columns as numbers, and back again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.extract import Extract
from hsr_privacy.frames import engine_of, to_polars

Floats = NDArray[np.float64]
_LARGEST_WHOLE: Final = 2.0**53
_LARGEST: Final = 1e100
_WHOLE: Final = r"^[+-]?[0-9]{1,15}$"


def rows_of(extract: Extract) -> pl.DataFrame:
    """All rows, in their order.

    Raises:
        DataError: they live on Spark, where rows have no order to draw along.
    """
    if engine_of(extract.frame) == "spark":
        raise DataError(
            "masking needs the rows in one order, and Spark keeps none; give a pandas or Polars "
            "frame, for example what to_pandas makes of it"
        )
    return to_polars(extract.frame)


def chosen(table: pl.DataFrame, columns: str | Sequence[str]) -> tuple[str, ...]:
    """The columns that were named.

    Raises:
        DataError: none, one that does not exist, or one named twice.
    """
    names = (columns,) if isinstance(columns, str) else tuple(columns)
    if not names:
        raise DataError("there is no column to mask; name at least one")
    for name in names:
        if name not in table.columns:
            raise DataError(
                f"there is no column '{name}'; the table has: {', '.join(table.columns)}"
            )
        if names.count(name) > 1:
            raise DataError(f"column '{name}' is named twice; name it once")
    return names


def numbers_of(table: pl.DataFrame, column: str) -> Floats:
    """A column as floating-point numbers, NaN where it is missing.

    Raises:
        DataError: not a column of numbers, or one with numbers that cannot be calculated with.
    """
    values = table[column]
    empty = values.null_count() == values.len()
    if not values.dtype.is_numeric() and not empty:
        raise DataError(f"column '{column}' is not a column of numbers; make it one first")
    numbers = np.array(values.cast(pl.Float64).fill_null(float("nan")).to_numpy())
    if (strange := int(np.isinf(numbers).sum())) > 0:
        raise DataError(f"column '{column}': {strange} row(s) are infinite; make them missing")
    largest = float(np.nanmax(np.abs(numbers), initial=0.0)) if not empty else 0.0
    if largest > (_LARGEST_WHOLE if values.dtype.is_integer() else _LARGEST):
        raise DataError(
            f"column '{column}' holds numbers too large to calculate with, as identifiers are; "
            "they are no measurements, so leave the column out"
        )
    return numbers


def is_whole(table: pl.DataFrame, column: str) -> bool:
    """Whether a column holds whole numbers by its type."""
    return table[column].dtype.is_integer()


def with_numbers(
    table: pl.DataFrame, column: str, numbers: Floats, *, whole: bool = False
) -> pl.DataFrame:
    """Put numbers in the place of a column; NaN becomes a missing value."""
    dtype: Any = pl.Int64 if whole else pl.Float64
    return table.with_columns(pl.Series(column, numbers).fill_nan(None).cast(dtype))


def parse_numbers(table: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Read columns of text as numbers, as a CSV has them; columns of numbers stay as they are.

    Whole numbers of at most 15 digits become whole numbers if the whole column is such.

    Raises:
        DataError: a cell is no number, by column and count of rows.
    """
    for name in chosen(table, columns):
        if table[name].dtype != pl.String:
            continue
        text = table[name].str.strip_chars()
        read = text.cast(pl.Float64, strict=False)
        strange = int((text.is_not_null() & ~read.is_finite().fill_null(value=False)).sum())
        if strange:
            raise DataError(
                f"column '{name}': {strange} row(s) hold no number; write numbers with a decimal "
                "point, and leave the field empty where a value is missing"
            )
        whole = text.str.contains(_WHOLE).all()
        table = table.with_columns(read.cast(pl.Int64) if whole else read)
    return table


def positive(name: str, number: float) -> float:
    """A number above 0.

    Raises:
        DataError: it is not.
    """
    if not (np.isfinite(number) and number > 0):
        raise DataError(f"{name} is {number:g}; it must be a number above 0")
    return number
