"""Frames in and out: what people have becomes a lazy frame, and is given back as the same kind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast

import narwhals as nw
import polars as pl
from narwhals.dependencies import is_pandas_dataframe, is_pyarrow_table

from hsr_privacy.errors import DataError
from hsr_privacy.extras import require
from hsr_privacy.frames.spark import spark_session

if TYPE_CHECKING:
    import pandas as pd

Frame: TypeAlias = nw.LazyFrame[Any]
Engine: TypeAlias = Literal["polars", "spark"]

ENGINES: Final[tuple[Engine, ...]] = ("polars", "spark")


def as_frame(data: Any) -> Frame:
    """Take in a pandas, Polars, PyArrow, PySpark or narwhals frame as a lazy one.

    NaN becomes a missing value, categories become their text; a pandas index is left behind.

    Raises:
        DataError: not a table, two columns of one name, or a column of mixed types.
    """
    native = nw.to_native(data, pass_through=True)
    if is_pandas_dataframe(native):
        native = _from_pandas(native)
    if is_pyarrow_table(native):
        native = cast("pl.DataFrame", pl.from_arrow(native))
    if isinstance(native, pl.DataFrame):
        native = native.lazy()
    if isinstance(native, pl.LazyFrame):
        return lazy(_plain_polars(native))
    if _is_spark(native):
        return lazy(_plain_spark(native))
    raise DataError(
        f"a {type(data).__name__} is not a table; give a pandas, Polars, PyArrow or Spark frame"
    )


def like(frame: Frame, data: Any) -> Any:
    """Give a lazy frame back as the kind of frame that ``data`` is."""
    native = nw.to_native(data, pass_through=True)
    if is_pandas_dataframe(native):
        result: Any = to_pandas(frame)
    elif is_pyarrow_table(native):
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
    import pandas as pd

    table = frame if isinstance(frame, pl.DataFrame) else to_polars(frame)
    result = table.to_pandas()
    for name, dtype in table.schema.items():
        if dtype.is_integer() and table[name].null_count():
            nullable: Any = str(dtype)
            whole = pd.Series(table[name].fill_null(0).to_numpy()).astype(nullable)
            result[name] = whole.mask(table[name].is_null().to_numpy())
    return result


def computed(frame: Frame) -> Frame:
    """Compute the rows once and keep them, where several steps would compute them again."""
    native = nw.to_native(frame)
    if isinstance(native, pl.LazyFrame):
        return lazy(native.collect().lazy())
    return lazy(native.persist())


def scan_parquet(path: Path, *, engine: Engine = "polars") -> Frame:
    """Read a Parquet file lazily on an engine."""
    if engine == "polars":
        return lazy(pl.scan_parquet(path))
    return lazy(spark_session().read.parquet(str(path.resolve())))


def _from_pandas(data: pd.DataFrame) -> pl.DataFrame:
    import pandas as pd
    import pyarrow as pa

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


def lazy(native: Any) -> Frame:
    """A lazy narwhals frame over an engine's own."""
    return cast("Frame", nw.from_native(native))


def _is_spark(native: Any) -> bool:
    return type(native).__module__.startswith("pyspark.sql")
