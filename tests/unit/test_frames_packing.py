"""Several columns of whole numbers as one."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hsr_privacy.frames.packing import PackedColumns

SMALL = st.integers(-(2**15), 2**15 - 1)
WIDE = st.integers(-(2**31), 2**31 - 1)
ROWS = st.lists(st.tuples(SMALL, WIDE, st.integers(0, 200)), min_size=1, max_size=20)
SCHEMA = {"a": pl.Int16, "b": pl.Int32, "c": pl.UInt8}


def table(rows: list[tuple[int, int, int]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def packing(data: pl.DataFrame) -> PackedColumns:
    packed = PackedColumns.of(data, data.columns)
    assert packed is not None
    return packed


@given(ROWS)
def test_columns_come_back_from_the_one(rows: list[tuple[int, int, int]]) -> None:
    data = table(rows)
    packed = packing(data)
    one = data.select(packed.pack().alias("one"))
    assert one.select(packed.unpack("one")).equals(data)


@given(ROWS)
def test_the_order_of_the_one_is_that_of_the_columns(rows: list[tuple[int, int, int]]) -> None:
    data = table(rows)
    ordered = data.sort(data.columns)
    assert ordered.select(packing(data).pack()).to_series().is_sorted()


@given(ROWS, ROWS)
def test_only_what_lies_inside_all_bounds_has_a_number(
    rows: list[tuple[int, int, int]], others: list[tuple[int, int, int]]
) -> None:
    data = table(rows)
    lows, highs = data.min().row(0), data.max().row(0)
    inside = [
        all(low <= value <= high for low, value, high in zip(lows, row, highs, strict=True))
        for row in others
    ]
    numbers = table(others).select(packing(data).pack()).to_series()
    assert numbers.is_not_null().to_list() == inside


def test_a_missing_value_has_no_number() -> None:
    packed = packing(pl.DataFrame({"a": [0, 3], "b": [1, 2]}))
    numbers = pl.DataFrame({"a": [None, 3], "b": [1, 2]}).select(packed.pack()).to_series()
    assert numbers.is_null().to_list() == [True, False]


@pytest.mark.parametrize(
    "columns",
    [
        {"a": [1, 2]},
        {"a": [1, 2], "b": ["x", "y"]},
        {"a": [1, 2], "b": [None, 2]},
        {"a": [0, 2**40], "b": [0, 2**30]},
        {"a": [], "b": []},
    ],
    ids=["one column", "text", "a missing value", "more than 62 bits", "no row"],
)
def test_what_cannot_be_packed_is_told(columns: dict[str, list[Any]]) -> None:
    data = pl.DataFrame(
        columns, schema_overrides={} if any(columns.values()) else dict.fromkeys(columns, pl.Int64)
    )
    assert PackedColumns.of(data, data.columns) is None
