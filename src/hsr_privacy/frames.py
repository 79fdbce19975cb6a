"""The seam to the engines: the only room that knows whether rows live in Polars or in Spark.

Row logic is narwhals expressions on lazy frames. Here stands what narwhals does not give: taking
in and giving back the frames that people have, the counts per combination of columns, a column
through a function on Arrow arrays, and a mapping table joined back so that a missing value
matches a missing value.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, cast

import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa

from hsr_privacy.errors import DataError
from hsr_privacy.extras import require

Frame: TypeAlias = nw.LazyFrame[Any]
Engine: TypeAlias = Literal["polars", "spark"]
ArrowFunction: TypeAlias = Callable[[pa.Array], pa.Array]

ENGINES: Final[tuple[Engine, ...]] = ("polars", "spark")
ROWS: Final = "rows"
PERSONS: Final = "persons"
_PERSON: Final = "__person"


def as_frame(data: Any) -> Frame:
    """Take in a pandas, Polars, PyArrow, PySpark or narwhals frame as a lazy one.

    NaN becomes a missing value, categories become their text; a pandas index is left behind.

    Raises:
        DataError: not a table, two columns of one name, or a column of mixed types.
    """
    native = nw.to_native(data, pass_through=True)
    if isinstance(native, pd.DataFrame):
        native = _from_pandas(native)
    if isinstance(native, pa.Table):
        native = cast("pl.DataFrame", pl.from_arrow(native))
    if isinstance(native, pl.DataFrame):
        native = native.lazy()
    if isinstance(native, pl.LazyFrame):
        return _lazy(_plain_polars(native))
    if _is_spark(native):
        return _lazy(_plain_spark(native))
    raise DataError(
        f"a {type(data).__name__} is not a table; give a pandas, Polars, PyArrow or Spark frame"
    )


def like(frame: Frame, data: Any) -> Any:
    """Give a lazy frame back as the kind of frame that ``data`` is."""
    native = nw.to_native(data, pass_through=True)
    if isinstance(native, pd.DataFrame):
        result: Any = to_pandas(frame)
    elif isinstance(native, pa.Table):
        result = to_polars(frame).to_arrow()
    elif isinstance(native, pl.DataFrame):
        result = to_polars(frame)
    else:
        result = nw.to_native(frame)
    return nw.from_native(result) if native is not data else result


def engine_of(frame: Frame) -> Engine:
    """The engine on which the rows of a frame live."""
    return "polars" if isinstance(nw.to_native(frame), pl.LazyFrame) else "spark"


def columns_of(frame: Frame) -> tuple[str, ...]:
    """Column names in their order."""
    return tuple(frame.collect_schema().names())


def to_polars(frame: Frame) -> pl.DataFrame:
    """Bring all rows to this process."""
    native = nw.to_native(frame)
    if isinstance(native, pl.LazyFrame):
        return native.collect()
    return cast("pl.DataFrame", pl.from_arrow(native.toArrow()))


def to_pandas(frame: Frame | pl.DataFrame) -> pd.DataFrame:
    """Bring all rows to this process as pandas; whole numbers with gaps stay whole numbers."""
    table = frame if isinstance(frame, pl.DataFrame) else to_polars(frame)
    result = table.to_pandas()
    for name, dtype in table.schema.items():
        if dtype.is_integer() and table[name].null_count():
            nullable: Any = str(dtype)
            whole = pd.Series(table[name].fill_null(0).to_numpy()).astype(nullable)
            result[name] = whole.mask(table[name].is_null().to_numpy())
    return result


def count_rows(frame: Frame) -> int:
    """Number of rows."""
    native = nw.to_native(frame)
    if isinstance(native, pl.LazyFrame):
        return int(native.select(pl.len()).collect().item())
    return int(native.count())


def distinct_values(frame: Frame, column: str) -> pl.Series:
    """The distinct values of a column, a missing value among them, in a stable order."""
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
    persons = nw.col(_PERSON).n_unique() if person is not None else nw.len()
    counted = frame.group_by(keys).agg(nw.len().alias(ROWS), persons.alias(PERSONS))
    table = to_polars(counted).with_columns(pl.col(ROWS, PERSONS).cast(pl.Int64))
    return table.select(*keys, ROWS, PERSONS).sort(keys, nulls_last=True)


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


def map_column(
    frame: Frame, column: str, function: ArrowFunction, *, into: str, text: bool = True
) -> Frame:
    """Add a column made by a function on Arrow arrays.

    The function must give one value per value and not depend on which rows came together, as an
    engine hands it parts of a column. What it closes over travels to Spark's workers, and never
    stands in a query plan.

    Args:
        into: name of the new column: text, or 16-byte binary if ``text`` is false.
    """
    native = nw.to_native(frame)
    if isinstance(native, pl.LazyFrame):
        dtype = pl.String if text else pl.Binary

        def on_series(series: pl.Series) -> pl.Series:
            return cast("pl.Series", pl.from_arrow(function(series.to_arrow()))).cast(dtype)

        made = pl.col(column).map_batches(on_series, return_dtype=dtype)
        return _lazy(native.with_columns(made.alias(into)))
    functions = require("pyspark.sql.functions")
    types = require("pyspark.sql.types")
    kind, arrow = (types.StringType(), pa.string()) if text else (types.BinaryType(), pa.binary())

    def on_array(array: pa.Array) -> pa.Array:
        return function(array).cast(arrow)

    on_array.__annotations__ = {"array": pa.Array, "return": pa.Array}
    udf = functions.arrow_udf(on_array, kind)
    return _lazy(native.withColumn(into, udf(functions.col(column))))


def computed(frame: Frame) -> Frame:
    """Compute the rows once and keep them, where several steps would compute them again."""
    native = nw.to_native(frame)
    if isinstance(native, pl.LazyFrame):
        return _lazy(native.collect().lazy())
    return _lazy(native.persist())


def local_days(frame: Frame, columns: Sequence[str], *, zone: str = "Europe/Oslo") -> Frame:
    """Replace date-times in UTC by the day on the clock of a time zone."""
    native = nw.to_native(frame)
    if isinstance(native, pl.LazyFrame):
        return _lazy(native.with_columns(pl.col(columns).dt.convert_time_zone(zone).dt.date()))
    functions = require("pyspark.sql.functions")
    for name in columns:
        native = native.withColumn(
            name, functions.to_date(functions.from_utc_timestamp(functions.col(name), zone))
        )
    return _lazy(native)


def whole_minutes(frame: Frame, column: str, *, since: str, into: str) -> Frame:
    """Add the completed minutes from one date-time to another; missing where either is.

    Args:
        column: the later date-time; an earlier one gives negative minutes.
        since: the date-time to count from.
    """
    native = nw.to_native(frame)
    if isinstance(native, pl.LazyFrame):
        seconds = (pl.col(column) - pl.col(since)).dt.total_seconds()
        return _lazy(native.with_columns((seconds // 60).cast(pl.Int32).alias(into)))
    functions = require("pyspark.sql.functions")
    later, earlier = (functions.unix_micros(functions.col(name)) for name in (column, since))
    minutes = functions.floor((later - earlier) / 60_000_000).cast("int")
    return _lazy(native.withColumn(into, minutes))


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
        joined = native.join(
            keys.lazy(), on=list(on), how="left", nulls_equal=True, maintain_order="left"
        )
        return _lazy(joined)
    functions = require("pyspark.sql.functions")
    renamed = mapping.rename({key: f"__{key}" for key in on})
    small = functions.broadcast(native.sparkSession.createDataFrame(renamed.to_arrow()))
    match = functions.lit(True)  # noqa: FBT003
    for key in on:
        match &= native[key].eqNullSafe(small[f"__{key}"])
    joined = native.join(small, match, "left").drop(*(f"__{key}" for key in on))
    return _lazy(joined)


def scan_parquet(path: Path, *, engine: Engine = "polars") -> Frame:
    """Read a Parquet file lazily on an engine."""
    if engine == "polars":
        return _lazy(pl.scan_parquet(path))
    return _lazy(spark_session().read.parquet(str(path.resolve())))


def spark_session() -> Any:
    """The running Spark session, or a quiet local one on two threads.

    No web page, no history, no log of events: a plan may name what a registry is asked for.
    """
    sql = require("pyspark.sql")
    running = sql.SparkSession.getActiveSession()
    if running is not None:
        return running
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = sql.SparkSession.builder.master("local[2]").appName("hsr-privacy")
    settings = {
        "spark.ui.enabled": "false",
        "spark.eventLog.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()


def _from_pandas(data: pd.DataFrame) -> pl.DataFrame:
    names = [str(name) for name in data.columns]
    if len(set(names)) != len(names):
        double = next(name for name in names if names.count(name) > 1)
        raise DataError(f"column '{double}' stands twice; rename one")
    columns: dict[str, pl.Series] = {}
    for place, name in enumerate(names):
        series = data.iloc[:, place]
        if isinstance(series.dtype, pd.CategoricalDtype):
            series = series.astype(object)
        try:
            array = pa.Array.from_pandas(series)
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            raise DataError(
                f"column '{name}' mixes types; make all its values text or all numbers"
            ) from None
        columns[name] = cast("pl.Series", pl.from_arrow(array))
    return pl.DataFrame(columns)


def _plain_polars(native: pl.LazyFrame) -> pl.LazyFrame:
    """NaN to missing, categories to text, a column of nothing to empty text."""
    changes = []
    for name, dtype in native.collect_schema().items():
        if dtype.is_float():
            changes.append(pl.col(name).fill_nan(None))
        elif isinstance(dtype, (pl.Categorical, pl.Enum)) or dtype == pl.Null:
            changes.append(pl.col(name).cast(pl.String))
    return native.with_columns(changes) if changes else native


def _plain_spark(native: Any) -> Any:
    functions = require("pyspark.sql.functions")
    for name, dtype in native.dtypes:
        column = functions.col(f"`{name}`")
        if dtype in {"float", "double"}:
            native = native.withColumn(
                name, functions.when(~functions.isnan(column), column).otherwise(None)
            )
        elif dtype == "void":
            native = native.withColumn(name, column.cast("string"))
    return native


def _with_person(frame: Frame, person: str | None) -> Frame:
    """Add the person as text, empty where there is none."""
    if person is None:
        return frame
    native = nw.to_native(frame)
    if isinstance(native, pl.LazyFrame):
        is_binary = native.collect_schema()[person] == pl.Binary
        column = pl.col(person).bin.encode("hex") if is_binary else pl.col(person).cast(pl.String)
        return _lazy(native.with_columns(column.fill_null("").alias(_PERSON)))
    functions = require("pyspark.sql.functions")
    spark_column = functions.col(person)
    is_binary = dict(native.dtypes)[person] == "binary"
    text = functions.hex(spark_column) if is_binary else spark_column.cast("string")
    return _lazy(native.withColumn(_PERSON, functions.coalesce(text, functions.lit(""))))


def _lazy(native: Any) -> Frame:
    return cast("Frame", nw.from_native(native))


def _is_spark(native: Any) -> bool:
    return type(native).__module__.startswith("pyspark.sql")
