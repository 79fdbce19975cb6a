"""Generalize gives the same answer on every engine."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from hsr_privacy.anonymity.generalize import generalize
from hsr_privacy.errors import DataError
from hsr_privacy.frames import as_frame, to_polars
from hsr_privacy.hierarchies.definition import Bands, Dates
from hsr_privacy.hierarchies.hierarchy import from_bands, from_dates, from_rows

TEXTS = {"nb": "x", "en": "x"}
AGE = from_bands(
    Bands.model_validate(
        {
            "name": "age",
            "label": TEXTS,
            "source": "test",
            "kind": "bands",
            "min": 0,
            "max": 110,
            "unit": "år",
            "missing": ["999"],
            "levels": [{"name": "1 year"}, {"name": "5 years", "width": 5}],
        }
    )
)
PLACE = from_rows("place", [("0", "home"), ("1", "public"), ("3", "public")], ("full", "group"))
DATE = from_dates(
    Dates.model_validate(
        {"name": "d", "label": TEXTS, "source": "t", "kind": "dates", "levels": ["day", "month"]}
    )
)
LEVELS = {"age": "5 years", "place": "group"}


def column(data: Any, name: str, by: str = "n") -> list[Any]:
    return to_polars(as_frame(data)).sort(by)[name].to_list()


def test_values_climb_and_missing_stays_missing(make_frame: Any) -> None:
    data = make_frame(
        {"n": [1, 2, 3, 4], "age": [73, 4, None, 999], "place": ["3", None, "0", "1"]}
    )
    out = generalize(data, LEVELS, hierarchies={"age": AGE, "place": PLACE})
    assert type(out) is type(data)
    assert column(out, "age") == ["70-74 år", "0-4 år", None, "999"]
    assert column(out, "place") == ["public", None, "home", "public"]


def test_the_level_that_tells_nothing_takes_the_missing_in(make_frame: Any) -> None:
    data = make_frame({"n": [1, 2], "place": ["3", None]})
    out = generalize(data, {"place": "*"}, hierarchies={"place": PLACE})
    assert column(out, "place") == ["*", "*"]


def test_level_zero_leaves_a_column_as_it_is(make_frame: Any) -> None:
    data = make_frame({"n": [1, 2], "age": [73, None]})
    out = generalize(data, {"age": 0}, hierarchies={"age": AGE})
    assert column(out, "age") == [73, None]


def test_dates_climb_to_their_month(make_frame: Any) -> None:
    data = make_frame({"n": [1, 2], "d": [dt.date(2021, 3, 31), None]})
    out = generalize(data, {"d": "month"}, hierarchies={"d": DATE})
    assert column(out, "d") == ["2021-03", None]


def test_empty_and_one_row_frames_pass(make_frame: Any) -> None:
    empty = make_frame({"n": [], "age": []}, {"n": pl.Int64, "age": pl.Int64})
    assert column(generalize(empty, {"age": 1}, hierarchies={"age": AGE}), "age") == []
    one = make_frame({"n": [1], "age": [50]})
    assert column(generalize(one, {"age": 1}, hierarchies={"age": AGE}), "age") == ["50-54 år"]


def test_a_column_of_nothing_but_missing_passes(make_frame: Any) -> None:
    data = make_frame({"n": [1, 2], "place": [None, None]}, {"n": pl.Int64, "place": pl.String})
    assert column(generalize(data, {"place": 1}, hierarchies={"place": PLACE}), "place") == [
        None,
        None,
    ]


def test_a_value_without_a_place_is_refused_by_count_and_never_shown(make_frame: Any) -> None:
    data = make_frame({"n": [1, 2, 3], "place": ["3", "canary", "canary"]})
    with pytest.raises(DataError, match=r"1 distinct value\(s\) in 2 row\(s\)") as caught:
        generalize(data, {"place": 1}, hierarchies={"place": PLACE})
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("levels", "text"),
    [
        ({"plase": 1}, "no hierarchy"),
        ({"place": 7}, "has no level 7"),
        ({"place": "x"}, "has no level 'x'"),
    ],
)
def test_what_does_not_exist_is_named(make_frame: Any, levels: Any, text: str) -> None:
    data = make_frame({"n": [1], "place": ["3"]})
    with pytest.raises(DataError, match=text):
        generalize(data, levels, hierarchies={"place": PLACE})
