"""Clock times become minutes since the call, alike on every engine."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from hsr_privacy.anonymity.minutes import minutes_since
from hsr_privacy.errors import DataError
from hsr_privacy.frames import as_frame, columns_of, to_polars

UTC = pl.Datetime("us", "UTC")
SCHEMA = {"n": pl.Int64, "call": UTC, "arrest": UTC, "there": UTC}


def at(minute: int, second: int = 0) -> dt.datetime:
    return dt.datetime(2021, 3, 28, 0, 50, tzinfo=dt.UTC) + dt.timedelta(
        minutes=minute, seconds=second
    )


def test_minutes_count_from_the_first_origin_that_a_row_has(make_frame: Any) -> None:
    data = make_frame(
        {
            "n": [1, 2, 3, 4, 5],
            "call": [at(0), at(0), None, None, at(5)],
            "arrest": [at(-2), None, at(1), None, None],
            "there": [at(8, 59), None, at(21), at(3), at(4, 30)],
        },
        SCHEMA,
    )
    out = as_frame(minutes_since(data, ["there"], origin=["call", "arrest"]))
    assert columns_of(out) == ("n", "call", "arrest", "there_min")
    assert to_polars(out).sort("n")["there_min"].to_list() == [8, None, 20, None, -1]


def test_the_summer_clock_does_not_move_minutes(make_frame: Any) -> None:
    data = make_frame({"n": [1], "call": [at(0)], "arrest": [None], "there": [at(20)]}, SCHEMA)
    out = as_frame(minutes_since(data, ["there"], origin=["call"]))
    assert to_polars(out)["there_min"].to_list() == [20]


def test_a_column_that_is_not_there_is_named(make_frame: Any) -> None:
    data = make_frame({"n": [1]})
    with pytest.raises(DataError, match="no column 'there'"):
        minutes_since(data, ["there"], origin=["n"])
