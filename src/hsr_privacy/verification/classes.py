"""Classes: the rows that say the same, by number, and how many persons each class holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

_LARGEST: Final = 2**63


def class_numbers(columns: Sequence[pl.Series]) -> pl.Series:
    """Number every row so that two rows have one number just where these columns say the same.

    A column of n values is a digit to base n, and the row's number is read from its digits. Where
    one 64-bit number is too small for all columns, what was read so far is counted through from 0.
    """
    height = len(columns[0])
    number, size = pl.zeros(height, pl.UInt64, eager=True), 1
    for column in columns:
        digit = digits(column)
        base = int(digit.to_numpy().max(initial=0)) + 1
        if size * base > _LARGEST:
            number = _counted_through(number)
            size = height
        number, size = number * base + digit, size * base
    return number.alias("class")


def digits(texts: pl.Series) -> pl.Series:
    """A number from 0 for every value of a column."""
    own = pl.Categorical(pl.Categories.random())
    return texts.cast(own).to_physical().cast(pl.UInt64)


def class_sizes(rows: pl.DataFrame) -> pl.DataFrame:
    """Count the rows and the persons of every class.

    Args:
        rows: columns ``class`` and, where a column tells persons apart, ``person``; the rows
            without a person (``''``) are one person together in each class.

    Returns:
        Columns ``class``, ``rows`` and ``persons``.
    """
    runs = rows["class"].sort().rle().struct.unnest()  # sorted, the rows of a class are one run
    sizes = runs.select(pl.col("value").alias("class"), pl.col("len").cast(pl.Int64).alias("rows"))
    if "person" not in rows.columns:
        return sizes.with_columns(pl.col("rows").alias("persons"))
    pairs = rows.select("class", "person").unique()
    persons = pairs.group_by("class").agg(pl.len().cast(pl.Int64).alias("persons"))
    return sizes.join(persons, on="class")


def _counted_through(number: pl.Series) -> pl.Series:
    distinct = pl.DataFrame({"number": number.unique()}).with_row_index("place")
    table = pl.DataFrame({"number": number})
    joined = table.join(distinct, on="number", how="left", maintain_order="left")
    return joined["place"].cast(pl.UInt64)
