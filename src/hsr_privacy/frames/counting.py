"""Counts per combination of columns; a missing value is a value of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import narwhals as nw
import polars as pl

from hsr_privacy.extras import require
from hsr_privacy.frames.conversion import Frame, lazy, to_polars
from hsr_privacy.frames.packing import PackedColumns

ROWS: Final = "rows"
PERSONS: Final = "persons"
_PERSON: Final = "__person"
_PACKED: Final = "__packed"


def count_rows(frame: Frame) -> int:
    """Number of rows."""
    native = nw.to_native(frame)
    if isinstance(native, pl.LazyFrame):
        return int(native.select(pl.len()).collect().item())
    return int(native.count())


def distinct_values(frame: Frame, column: str) -> pl.Series:
    """The distinct values of a column, a missing value among them, in a stable order."""
    native = nw.to_native(frame)
    if isinstance(native, pl.LazyFrame):
        table = native.select(pl.col(column).unique()).collect()
    else:
        table = to_polars(frame.select(nw.col(column)).unique())
    return table[column].sort(nulls_last=True)


def class_counts(
    frame: Frame,
    columns: Sequence[str],
    *,
    person: str | None = None,
    sensitive: str | None = None,
) -> pl.DataFrame:
    """Count rows and distinct persons for every combination of values; missing is a value.

    Args:
        frame: one row per event.
        columns: the quasi-identifiers; none makes one class of all rows.
        person: column that tells persons apart; every row is a person if left out. Rows without
            a person count as one person together, so that a class never looks larger than it is.
        sensitive: one more column to count by.
    Returns:
        The combinations (with ``sensitive`` behind them), ``rows`` and ``persons``, in a stable
        order.
    """
    keys = [*columns, *([sensitive] if sensitive is not None else [])]
    frame = _with_person(frame, person)
    if not keys:
        persons = nw.col(_PERSON).n_unique() if person is not None else nw.len()
        total = to_polars(frame.select(nw.len().alias(ROWS), persons.alias(PERSONS)))
        return total.cast(pl.Int64).filter(pl.col(ROWS) > 0)
    native = nw.to_native(frame)
    if isinstance(native, pl.LazyFrame):
        return _polars_counts(native, keys, person)
    persons = nw.col(_PERSON).n_unique() if person is not None else nw.len()
    counted = frame.group_by(keys).agg(nw.len().alias(ROWS), persons.alias(PERSONS))
    table = to_polars(counted).with_columns(pl.col(ROWS, PERSONS).cast(pl.Int64))
    return table.select(*keys, ROWS, PERSONS).sort(keys, nulls_last=True)


def _polars_counts(native: pl.LazyFrame, keys: Sequence[str], person: str | None) -> pl.DataFrame:
    """Rows and persons of every combination, in order."""
    needed = native.select(*keys, *([_PERSON] if person is not None else [])).collect()
    persons = pl.col(_PERSON).n_unique() if person is not None else pl.len()
    counts = [pl.len().cast(pl.Int64).alias(ROWS), persons.cast(pl.Int64).alias(PERSONS)]
    packed = PackedColumns.of(needed, keys)
    if packed is None:
        return needed.group_by(keys).agg(counts).sort(keys, nulls_last=True)
    needed = needed.with_columns(packed.pack().alias(_PACKED)).drop(keys)
    if person is None:  # equal numbers lie together once sorted, and need no table of groups
        runs = needed[_PACKED].sort().rle().struct.unnest()
        length = pl.col("len").cast(pl.Int64)
        counted = runs.select(
            pl.col("value").alias(_PACKED), length.alias(ROWS), length.alias(PERSONS)
        )
    else:
        counted = needed.group_by(_PACKED).agg(counts).sort(_PACKED)
    return counted.select(*packed.unpack(_PACKED), ROWS, PERSONS)


def persons_in_several_classes(
    frame: Frame, columns: Sequence[str], *, person: str
) -> pl.DataFrame:
    """The classes of the persons who stand in more than one of them.

    Returns:
        The combination's columns and ``person``, a running number from 0 without other meaning;
        one row per person and class.
    """
    pairs = _with_person(frame, person).select(*columns, _PERSON).unique()
    several = pairs.group_by(_PERSON).agg(nw.len().alias(ROWS)).filter(nw.col(ROWS) > 1)
    table = to_polars(pairs.join(several.select(_PERSON), on=_PERSON, how="inner"))
    number = pl.col(_PERSON).rank("dense").cast(pl.Int64) - 1
    return table.select(*columns, number.alias("person")).sort("person", *columns, nulls_last=True)


def _with_person(frame: Frame, person: str | None) -> Frame:
    """Add the person as text, empty where there is none."""
    if person is None:
        return frame
    native = nw.to_native(frame)
    if isinstance(native, pl.LazyFrame):
        is_binary = native.collect_schema()[person] == pl.Binary
        column = pl.col(person).bin.encode("hex") if is_binary else pl.col(person).cast(pl.String)
        return lazy(native.with_columns(column.fill_null("").alias(_PERSON)))
    functions = require("pyspark.sql.functions")
    spark_column = functions.col(person)
    is_binary = dict(native.dtypes)[person] == "binary"
    text = functions.hex(spark_column) if is_binary else spark_column.cast("string")
    return lazy(native.withColumn(_PERSON, functions.coalesce(text, functions.lit(""))))
