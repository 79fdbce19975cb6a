"""The seam to the engines: the only room that knows whether rows live in Polars or in Spark.

Row logic is narwhals expressions on lazy frames. Here stands what narwhals does not give: taking
in and giving back the frames that people have, the counts per combination of columns, a column
through a function on Arrow arrays, and a mapping table joined back so that a missing value
matches a missing value.
"""

from hsr_privacy.frames.columns import (
    ArrowFunction,
    add_numbers,
    join_mapping,
    local_days,
    map_column,
    shift_days,
    whole_minutes,
)
from hsr_privacy.frames.conversion import (
    ENGINES,
    Engine,
    Frame,
    as_frame,
    columns_of,
    computed,
    engine_of,
    like,
    scan_parquet,
    to_pandas,
    to_polars,
)
from hsr_privacy.frames.counting import (
    PERSONS,
    ROWS,
    class_counts,
    count_rows,
    distinct_values,
    persons_in_several_classes,
)
from hsr_privacy.frames.epochs import add_days, add_seconds
from hsr_privacy.frames.spark import spark_session

__all__ = [
    "ENGINES",
    "PERSONS",
    "ROWS",
    "ArrowFunction",
    "Engine",
    "Frame",
    "add_days",
    "add_numbers",
    "add_seconds",
    "as_frame",
    "class_counts",
    "columns_of",
    "computed",
    "count_rows",
    "distinct_values",
    "engine_of",
    "join_mapping",
    "like",
    "local_days",
    "map_column",
    "persons_in_several_classes",
    "scan_parquet",
    "shift_days",
    "spark_session",
    "to_pandas",
    "to_polars",
    "whole_minutes",
]
