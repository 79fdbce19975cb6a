"""Assess and measure give the same report on every engine."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.risk import AttackRisk, assess, measure

SCHEMA = {
    "person": pl.Binary,
    "sex": pl.String,
    "age": pl.Float64,
    "day": pl.Date,
    "cause": pl.Int16,
}
NAN = float("nan")
TABLE: dict[str, list[Any]] = {
    "person": [b"\x01", b"\x01", b"\x02", b"\x03", b"\x04", None, None],
    "sex": ["M", "M", "M", "F", "F", None, None],
    "age": [70.5, 70.5, 70.5, None, NAN, NAN, None],
    "day": [dt.date(2020, 2, 29)] * 3 + [None] * 4,
    "cause": [1, 2, 1, 3, 3, None, 999],
}
ASKED: dict[str, Any] = {
    "quasi_identifiers": ["sex", "age", "day"],
    "person": "person",
    "sensitive": ["cause", "sex"],
}


def test_every_engine_counts_alike(make_frame: Any) -> None:
    report = assess(make_frame(TABLE, SCHEMA), **ASKED)
    # Persons 1 and 2; 3 and 4; and the two rows without a person, who are one together.
    assert (report.rows, report.persons, report.classes, report.k) == (7, 5, 3, 1)
    assert report.prosecutor == AttackRisk(1.0, 3 / 5, 1.0)
    assert report.distinct_l == {"cause": 1, "sex": 1}
    assert report.sensitive["cause"].persons_in_homogeneous == 2
    assert report == assess(pl.DataFrame(TABLE, schema=SCHEMA), **ASKED)


def test_an_empty_frame_has_no_class(make_frame: Any) -> None:
    report = assess(make_frame({name: [] for name in SCHEMA}, SCHEMA), **ASKED)
    assert (report.rows, report.persons, report.classes, report.k) == (0, 0, 0, 0)


def test_no_quasi_identifier_makes_one_class(make_frame: Any) -> None:
    report = assess(
        make_frame(TABLE, SCHEMA), quasi_identifiers=[], person="person", sensitive=["cause"]
    )
    assert (report.classes, report.k, report.distinct_l["cause"]) == (1, 5, 5)


def test_one_row_of_nothing_is_a_class_of_one(make_frame: Any) -> None:
    data = make_frame({name: [None] for name in SCHEMA}, SCHEMA)
    report = assess(data, **ASKED)
    assert (report.classes, report.k, report.unique_persons) == (1, 1, 1)


def test_an_unknown_column_is_refused(make_frame: Any) -> None:
    with pytest.raises(DataError, match="no column 'alder'"):
        assess(make_frame(TABLE, SCHEMA), quasi_identifiers=["alder"])


def test_every_engine_measures_alike(make_frame: Any) -> None:
    found = measure(make_frame(TABLE, SCHEMA), **ASKED, sampling_fraction=0.5)
    # The two rows without a person lack everything else too, and agree with everybody.
    assert (found.rows, found.persons, found.classes, found.wild_cells) == (7, 5, 3, 10)
    assert (found.own_category.k, found.wildcard.k) == (1, 3)
    assert found.wildcard.prosecutor.average == pytest.approx((2 / 3 + 2 / 3 + 1 / 5) / 5)
    plain = pl.DataFrame(TABLE, schema=SCHEMA)
    assert found == measure(plain, **ASKED, sampling_fraction=0.5)


def test_an_empty_frame_has_nothing_to_measure(make_frame: Any) -> None:
    found = measure(make_frame({name: [] for name in SCHEMA}, SCHEMA), **ASKED)
    assert (found.rows, found.classes, found.ranking) == (0, 0, None)
