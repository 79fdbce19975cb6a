"""Dates of one person move together, by whole weeks, and nobody's without a person."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

import polars as pl
import pytest

from hsr_privacy import shift_dates
from hsr_privacy.errors import DataError
from hsr_privacy.frames import as_frame, columns_of, to_polars
from hsr_privacy.keys import ProjectKey, Secret
from hsr_privacy.keys.key import Purpose

DAY = dt.date(2021, 3, 26)
NOON = dt.datetime(2021, 3, 26, 12, 30, tzinfo=dt.UTC)
SCHEMA = {
    "n": pl.Int64,
    "person": pl.Binary,
    "day": pl.Date,
    "time": pl.Datetime("us", "UTC"),
    "known": pl.Boolean,
}
PERSONS = [bytes([number]) * 16 for number in range(40)]


def key(purpose: Purpose = "date-shift") -> ProjectKey:
    return ProjectKey(
        "P-1", purpose, "person-key", "hmac-sha256-128", 1, "0011223344", Secret(bytes(range(32)))
    )


def rows() -> dict[str, list[Any]]:
    persons = [*PERSONS, *PERSONS, None, PERSONS[0]]
    return {
        "n": list(range(82)),
        "person": persons,
        "day": [DAY] * 40 + [DAY + dt.timedelta(days=100)] * 40 + [DAY, DAY],
        "time": [NOON] * 80 + [NOON, None],
        "known": [True] * 80 + [True, False],
    }


def shifted(data: Any, **options: Any) -> pl.DataFrame:
    out = as_frame(
        shift_dates(data, ["day", "time"], person="person", key=key(), most_days=182, **options)
    )
    assert columns_of(out) == tuple(SCHEMA)
    return to_polars(out).sort("n").with_columns(pl.col("day").cast(pl.Date))  # pandas has none


def test_a_persons_dates_keep_their_intervals_and_their_day_of_the_week(make_frame: Any) -> None:
    out = shifted(make_frame(rows(), SCHEMA))
    first, second = out[:40], out[40:80]
    moved = [(day - DAY).days for day in first["day"]]
    assert [(day - DAY).days - 100 for day in second["day"]] == moved
    assert all(days % 7 == 0 and abs(days) <= 182 for days in moved)
    assert len(set(moved)) > 15
    assert [(time - NOON) // dt.timedelta(days=1) for time in first["time"]] == moved
    assert {time.time() for time in first["time"]} == {NOON.time()}


def test_rows_without_a_known_person_lose_their_dates(make_frame: Any) -> None:
    out = shifted(make_frame(rows(), SCHEMA), identified="known")
    assert out["day"][80:].to_list() == [None, None]
    assert out["time"][80:].to_list() == [None, None]
    assert out["day"][:80].null_count() == 0


def test_days_are_possible_where_weeks_are_not_asked_for(make_frame: Any) -> None:
    out = shifted(make_frame(rows(), SCHEMA), whole_weeks=False)
    moved = [(day - DAY).days for day in out["day"][:40]]
    assert any(days % 7 for days in moved)


def test_every_shift_is_as_likely_as_another() -> None:
    persons = [os.urandom(16) for _ in range(20_000)]
    data = pl.DataFrame({"person": persons, "day": [DAY] * len(persons)})
    out = shift_dates(data, ["day"], person="person", key=key(), most_days=14)
    counts = (out["day"] - DAY).dt.total_days().value_counts()
    assert sorted(counts["day"]) == [-14, -7, 0, 7, 14]
    assert all(abs(count - 4000) < 300 for count in counts["count"])


def test_wrong_use_is_refused() -> None:
    data = pl.DataFrame({"person": PERSONS[:1], "day": [DAY]})
    with pytest.raises(DataError, match="no column 'x'"):
        shift_dates(data, ["x"], person="person", key=key(), most_days=7)
    with pytest.raises(DataError, match="shifts no dates"):
        shift_dates(data, ["day"], person="person", key=key("pseudonym"), most_days=7)
    for days in (6, 0, -7, 4000):
        with pytest.raises(DataError, match="the farthest shift must be"):
            shift_dates(data, ["day"], person="person", key=key(), most_days=days)
