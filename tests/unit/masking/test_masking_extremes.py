"""Bottom and top coding: one value for everything at or beyond a bound."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.extract import Extract
from hsr_privacy.masking import code_extremes, code_extremes_with_masking

AGES = pl.DataFrame({"n": [1, 2, 3, 4, 5, 6], "age": [17, 90, None, 91, 104, 42]})


@pytest.mark.parametrize(
    ("asked", "coded"),
    [
        ({"top": 90}, [17, 90, None, 90, 90, 42]),
        ({"bottom": 42}, [42, 90, None, 91, 104, 42]),
        ({"bottom": 18, "top": 91}, [18, 90, None, 91, 91, 42]),
        ({"top": 90, "mean": True}, [17.0, 95.0, None, 95.0, 95.0, 42.0]),
        ({"top": 200, "mean": True}, [17.0, 90.0, None, 91.0, 104.0, 42.0]),
        ({"top": 90.5}, [17.0, 90.0, None, 90.5, 90.5, 42.0]),
    ],
)
def test_values_at_or_beyond_a_bound_become_one(asked: dict[str, Any], coded: list[Any]) -> None:
    out = code_extremes(AGES, "age", **asked)
    assert out["age"].to_list() == coded
    assert out["n"].to_list() == AGES["n"].to_list()


def test_whole_numbers_stay_whole_unless_a_mean_is_asked_for() -> None:
    assert code_extremes(AGES, "age", top=90)["age"].dtype == pl.Int64
    assert code_extremes(AGES, "age", top=90, mean=True)["age"].dtype == pl.Float64


def test_the_mean_of_the_column_stays_where_values_become_their_mean() -> None:
    assert code_extremes(AGES, "age", top=90, mean=True)["age"].mean() == AGES["age"].mean()


def test_coded_values_are_counted() -> None:
    _, masking = code_extremes_with_masking(Extract.of(AGES), "age", bottom=20, top=90)
    assert masking.counts == {"rows": 6, "values at the bottom": 1, "values at the top": 3}


def test_a_mean_of_few_values_or_of_few_persons_is_not_told() -> None:
    with pytest.raises(DataError, match="fewer than 3 values or persons lie at or beyond the top"):
        code_extremes(AGES, "age", top=91, mean=True)
    visits = pl.DataFrame({"who": list("aabbb"), "age": [91, 91, 90, 90, 90]})
    with pytest.raises(DataError, match="fewer than 3 values or persons"):
        code_extremes(Extract.of(visits, person="who"), "age", top=90, mean=True)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ({}, "there is no bound"),
        ({"bottom": 5, "top": 5}, "bottom is not below top"),
        ({"top": float("nan")}, "top is nan; a bound is a number"),
    ],
)
def test_bounds_that_are_none_are_refused(asked: dict[str, Any], text: str) -> None:
    with pytest.raises(DataError, match=text):
        code_extremes(AGES, "age", **asked)
