"""Columns that narwhals cannot make: by a function on Arrow arrays, by clocks, by a mapping table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, cast

import narwhals as nw
import polars as pl

from hsr_privacy.extras import require
from hsr_privacy.frames.conversion import Frame, lazy
from hsr_privacy.frames.packing import PackedColumns

if TYPE_CHECKING:
    import pyarrow as pa

ArrowFunction: TypeAlias = "Callable[[pa.Array], pa.Array]"
Kind: TypeAlias = Literal["text", "bytes", "int"]

_PACKED: Final = "__packed"


def map_column(
    frame: Frame, column: str, function: ArrowFunction, *, into: str, kind: Kind = "text"
) -> Frame:
    """Add a column made by a function on Arrow arrays.

    The function must give one value per value and not depend on which rows came together, as an
    engine hands it parts of a column. What it closes over travels to Spark's workers, and never
    stands in a query plan.

    Args:
        into: name of the new column.
        kind: ``text``, ``bytes`` or ``int`` (32 bits).
    """
    native = nw.to_native(frame)
    if isinstance(native, pl.LazyFrame):
        dtype = {"text": pl.String, "bytes": pl.Binary, "int": pl.Int32}[kind]

        def on_series(series: pl.Series) -> pl.Series:
            return cast("pl.Series", pl.from_arrow(function(series.to_arrow()))).cast(dtype)

        made = pl.col(column).map_batches(on_series, return_dtype=dtype)
        return lazy(native.with_columns(made.alias(into)))
    import pyarrow as pa

    functions = require("pyspark.sql.functions")
    types = require("pyspark.sql.types")
    made_as, arrow = {
        "text": (types.StringType(), pa.string()),
        "bytes": (types.BinaryType(), pa.binary()),
        "int": (types.IntegerType(), pa.int32()),
    }[kind]

    def on_array(array: pa.Array) -> pa.Array:
        return function(array).cast(arrow)

    on_array.__annotations__ = {"array": pa.Array, "return": pa.Array}
    udf = functions.arrow_udf(on_array, made_as)
    return lazy(native.withColumn(into, udf(functions.col(column))))


def shift_days(frame: Frame, columns: Sequence[str], *, by: str) -> Frame:
    """Add a number of days to dates and date-times; missing where either is.

    Args:
        by: column of whole days.
    """
    native = nw.to_native(frame)
    if isinstance(native, pl.LazyFrame):
        return lazy(native.with_columns(pl.col(columns) + pl.duration(days=pl.col(by))))
    functions = require("pyspark.sql.functions")
    kinds = dict(native.dtypes)
    for name in columns:
        if kinds[name] == "date":
            shifted = functions.date_add(functions.col(name), functions.col(by))
        else:
            days = functions.make_dt_interval(functions.col(by))
            shifted = functions.col(name) + days
        native = native.withColumn(name, shifted)
    return lazy(native)


def local_days(frame: Frame, columns: Sequence[str], *, zone: str = "Europe/Oslo") -> Frame:
    """Replace date-times in UTC by the day on the clock of a time zone."""
    native = nw.to_native(frame)
    if isinstance(native, pl.LazyFrame):
        return lazy(native.with_columns(pl.col(columns).dt.convert_time_zone(zone).dt.date()))
    functions = require("pyspark.sql.functions")
    for name in columns:
        native = native.withColumn(
            name, functions.to_date(functions.from_utc_timestamp(functions.col(name), zone))
        )
    return lazy(native)


def whole_minutes(frame: Frame, column: str, *, since: str, into: str) -> Frame:
    """Add the completed minutes from one date-time to another; missing where either is.

    Args:
        column: the later date-time; an earlier one gives negative minutes.
        since: the date-time to count from.
    """
    native = nw.to_native(frame)
    if isinstance(native, pl.LazyFrame):
        seconds = (pl.col(column) - pl.col(since)).dt.total_seconds()
        return lazy(native.with_columns((seconds // 60).cast(pl.Int32).alias(into)))
    functions = require("pyspark.sql.functions")
    later, earlier = (functions.unix_micros(functions.col(name)) for name in (column, since))
    minutes = functions.floor((later - earlier) / 60_000_000).cast("int")
    return lazy(native.withColumn(into, minutes))


def join_mapping(frame: Frame, on: Sequence[str], mapping: pl.DataFrame) -> Frame:
    """Join a small table to the rows, keeping every row; a missing value matches a missing value.

    Args:
        on: key columns, in both tables; unique in the mapping.
        mapping: keys, and columns that the rows do not have yet.
    """
    native = nw.to_native(frame)
    if isinstance(native, pl.LazyFrame):
        schema = native.collect_schema()
        keys = mapping.with_columns(pl.col(key).cast(schema[key]) for key in on)
        packed = PackedColumns.of(keys, on)
        if packed is not None:
            keys = keys.with_columns(packed.pack().alias(_PACKED)).drop(on)
            rows = native.with_columns(packed.pack().alias(_PACKED))
            joined = rows.join(keys.lazy(), on=_PACKED, how="left", maintain_order="left")
            return lazy(joined.drop(_PACKED))
        joined = native.join(
            keys.lazy(), on=list(on), how="left", nulls_equal=True, maintain_order="left"
        )
        return lazy(joined)
    functions = require("pyspark.sql.functions")
    renamed = mapping.rename({key: f"__{key}" for key in on})
    small = functions.broadcast(native.sparkSession.createDataFrame(renamed.to_arrow()))
    match = functions.lit(True)  # noqa: FBT003
    for key in on:
        match &= native[key].eqNullSafe(small[f"__{key}"])
    joined = native.join(small, match, "left").drop(*(f"__{key}" for key in on))
    return lazy(joined)


def add_numbers(frame: Frame, mappings: Mapping[str, pl.DataFrame]) -> Frame:
    """Add the numbers of several columns' values, as `join_mapping` would one by one.

    Args:
        mappings: per column, a table of its values and, under the new column's name, their numbers.
    """
    native = nw.to_native(frame)
    if isinstance(native, pl.LazyFrame):
        schema = native.collect_schema()
        texts = {name: one for name, one in mappings.items() if schema[name] == pl.String}
        frame = lazy(native.with_columns(_number(name, one) for name, one in texts.items()))
        mappings = {name: one for name, one in mappings.items() if name not in texts}
    for name, mapping in mappings.items():
        frame = join_mapping(frame, [name], mapping)
    return frame


def _number(name: str, mapping: pl.DataFrame) -> pl.Expr:
    """The number of each text of a column, found by its place among all of them."""
    into = next(column for column in mapping.columns if column != name)
    known = mapping.drop_nulls(name)
    place = pl.col(name).cast(pl.Enum(known[name]), strict=False).to_physical()
    number = pl.lit(known[into]).gather(place)
    missing = mapping.filter(pl.col(name).is_null())[into]
    if len(missing):
        number = pl.when(pl.col(name).is_null()).then(missing[0]).otherwise(number)
    return number.cast(mapping.schema[into]).alias(into)
