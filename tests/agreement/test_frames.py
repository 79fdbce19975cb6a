"""The seam gives the same answer on every engine."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.frames import (
    add_numbers,
    as_frame,
    class_counts,
    distinct_values,
    join_mapping,
    like,
    local_days,
    map_column,
    persons_in_several_classes,
    to_pandas,
    to_polars,
)

INT = {"tn": pl.Int32, "in": pl.Int32}


def test_a_missing_key_is_a_class_of_its_own(make_frame: Any) -> None:
    frame = as_frame(make_frame({"sex": ["m", None, "m", None], "who": ["a", "b", "b", "b"]}))
    counted = class_counts(frame, ["sex"], person="who")
    assert counted.rows() == [("m", 2, 2), (None, 2, 1)]


def test_nan_and_null_are_one_class(make_frame: Any) -> None:
    frame = as_frame(make_frame({"ph": [7.1, float("nan"), None, float("nan")]}))
    assert class_counts(frame, ["ph"]).rows() == [(7.1, 1, 1), (None, 3, 3)]


def test_whole_numbers_are_counted_in_their_order(make_frame: Any) -> None:
    columns = {"a": [2, -1, 2, 2], "b": [7, 7, 300, 7], "who": ["x", "y", "z", "x"]}
    frame = as_frame(make_frame(columns))
    assert class_counts(frame, ["a", "b"]).rows() == [(-1, 7, 1, 1), (2, 7, 2, 2), (2, 300, 1, 1)]
    assert class_counts(frame, ["a", "b"], person="who").rows() == [
        (-1, 7, 1, 1),
        (2, 7, 2, 1),
        (2, 300, 1, 1),
    ]


def test_a_missing_whole_number_is_a_class_of_its_own(make_frame: Any) -> None:
    schema = {"a": pl.Int32, "b": pl.Int32}
    frame = as_frame(make_frame({"a": [0, None, 0, None], "b": [1, 1, 1, 2]}, schema=schema))
    counted = class_counts(frame, ["a", "b"]).rows()
    assert counted == [(0, 1, 2, 2), (None, 1, 1, 1), (None, 2, 1, 1)]


def test_rows_without_a_person_count_as_one_person(make_frame: Any) -> None:
    frame = as_frame(make_frame({"sex": ["m", "m", "m"], "who": [None, None, "a"]}))
    assert class_counts(frame, ["sex"], person="who").rows() == [("m", 3, 2)]


def test_no_columns_make_one_class(make_frame: Any) -> None:
    frame = as_frame(make_frame({"sex": ["m", "f"], "who": ["a", "a"]}))
    assert class_counts(frame, [], person="who").rows() == [(2, 1)]


def test_an_empty_frame_has_no_classes(make_frame: Any) -> None:
    frame = as_frame(make_frame({"sex": [], "who": []}, {"sex": pl.String, "who": pl.String}))
    assert class_counts(frame, ["sex"], person="who").rows() == []
    assert class_counts(frame, []).rows() == []


def test_persons_in_several_classes_are_told_with_their_classes(make_frame: Any) -> None:
    frame = as_frame(
        make_frame({"sex": ["m", "f", "m", None, None], "who": ["a", "a", "b", "c", None]})
    )
    rows = persons_in_several_classes(frame, ["sex"], person="who").rows()
    assert sorted(rows) == [("f", 0), ("m", 0)]


def test_a_mapping_joins_missing_to_missing_and_keeps_every_row(make_frame: Any) -> None:
    frame = as_frame(make_frame({"a": ["x", None, "y"], "n": [1, 2, 3]}))
    mapping = pl.DataFrame({"a": ["x", None], "new": ["seen", "gap"]})
    joined = to_polars(join_mapping(frame, ["a"], mapping)).sort("n")
    assert joined["new"].to_list() == ["seen", "gap", None]


def test_a_mapping_joins_by_several_whole_numbers_and_no_other(make_frame: Any) -> None:
    schema = {"a": pl.Int32, "b": pl.Int32, "n": pl.Int32}
    columns = {"a": [0, 1, 1, 9, None, 0], "b": [5, 4, 5, 4, 4, 6], "n": [1, 2, 3, 4, 5, 6]}
    frame = as_frame(make_frame(columns, schema=schema))
    mapping = pl.DataFrame({"a": [0, 1], "b": [5, 4], "new": ["first", "second"]})
    joined = to_polars(join_mapping(frame, ["a", "b"], mapping)).sort("n")
    assert joined["new"].to_list() == ["first", "second", None, None, None, None]
    assert joined.columns == ["a", "b", "n", "new"]


def test_values_of_several_columns_get_their_numbers(make_frame: Any) -> None:
    columns = {"t": ["x", None, "y", "z"], "i": [3, 4, 3, 4], "n": [1, 2, 3, 4]}
    frame = as_frame(make_frame(columns))
    mappings = {
        "t": pl.DataFrame({"t": ["y", None, "x"], "tn": [1, 2, 0]}, schema_overrides=INT),
        "i": pl.DataFrame({"i": [4, 3], "in": [8, 9]}, schema_overrides=INT),
    }
    numbered = to_polars(add_numbers(frame, mappings)).sort("n")
    assert numbered.select("tn", "in").rows() == [(0, 9), (2, 8), (1, 9), (None, 8)]
    assert numbered.columns == ["t", "i", "n", "tn", "in"]


def test_a_column_goes_through_an_arrow_function(make_frame: Any) -> None:
    def upper(array: pa.Array) -> pa.Array:
        return pc.utf8_upper(array)

    frame = map_column(as_frame(make_frame({"a": ["x", None]})), "a", upper, into="b")
    assert to_polars(frame).sort("a", nulls_last=True)["b"].to_list() == ["X", None]


def test_a_frame_comes_back_as_its_own_kind(make_frame: Any) -> None:
    data = make_frame({"a": ["x", "y"]})
    assert type(like(as_frame(data), data)) is type(data)


def test_distinct_values_stand_in_order_with_the_missing_one_last(make_frame: Any) -> None:
    frame = as_frame(make_frame({"a": ["y", None, "x", "y"]}))
    assert distinct_values(frame, "a").to_list() == ["x", "y", None]


def test_whole_numbers_with_gaps_stay_whole_in_pandas() -> None:
    table = to_pandas(pl.DataFrame({"n": [1, None, 3]}, schema={"n": pl.Int16}))
    assert str(table["n"].dtype) == "Int16"
    assert table["n"].tolist() == [1, pd.NA, 3]


def test_mixed_types_are_refused_by_column_name() -> None:
    with pytest.raises(DataError, match="column 'a' mixes types"):
        as_frame(pd.DataFrame({"a": ["x", 1.5]}))


def test_a_column_that_stands_twice_is_refused() -> None:
    with pytest.raises(DataError, match="column 'a' stands twice"):
        as_frame(pd.DataFrame([[1, 2]], columns=["a", "a"]))


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(DataError, match="a list is not a table"):
        as_frame([1, 2])


def test_a_day_is_that_of_the_norwegian_clock(make_frame: Any) -> None:
    moments = [
        dt.datetime(2021, 12, 31, 22, 59, tzinfo=dt.UTC),
        dt.datetime(2021, 12, 31, 23, 0, tzinfo=dt.UTC),
        dt.datetime(2022, 6, 30, 22, 0, tzinfo=dt.UTC),
        None,
    ]
    frame = as_frame(make_frame({"t": moments}, schema={"t": pl.Datetime("us", "UTC")}))
    days = to_polars(local_days(frame, ["t"]))["t"].to_list()
    assert days == [dt.date(2021, 12, 31), dt.date(2022, 1, 1), dt.date(2022, 7, 1), None]
