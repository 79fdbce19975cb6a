"""Microaggregation by hand: groups that anybody can see, and what is refused."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.extract import Extract
from hsr_privacy.masking import microaggregate, microaggregate_with_masking
from hsr_privacy.masking.kernels import mdav_groups, optimal_groups


def test_numbers_become_the_means_of_their_group_and_rows_keep_their_order() -> None:
    data = pl.DataFrame({"n": [4, 1, 3, 2, 5], "pay": [102, 1, 3, 2, 98]})
    out = microaggregate(data, "pay", size=2)
    assert out["pay"].to_list() == [100.0, 2.0, 2.0, 2.0, 100.0]
    assert out["n"].to_list() == [4, 1, 3, 2, 5]


def test_groups_of_unequal_size_are_made_where_they_lose_less() -> None:
    assert optimal_groups(np.array([0.0, 0.0, 0.0, 9.0, 9.0]), 2).tolist() == [0, 0, 0, 1, 1]


def test_small_groups_far_from_zero_are_not_lost_in_rounding() -> None:
    values = np.array([0.0, 1.0, 1e9, 1e9 + 1e-6, 1e9 + 3e-6, 1e9 + 4e-6])
    assert optimal_groups(values, 2).tolist() == [0, 0, 1, 1, 2, 2]


def test_missing_values_stay_missing_and_take_no_part() -> None:
    data = pl.DataFrame({"pay": [1.0, None, 3.0, None, 8.0, 10.0]})
    assert microaggregate(data, "pay", size=2)["pay"].to_list() == [2.0, None, 2.0, None, 9.0, 9.0]


def test_two_columns_are_grouped_together() -> None:
    data = pl.DataFrame({"x": [0, 10, 0, 10, 1, 11], "y": [0, 5, 1, 6, 0, 5]})
    out = microaggregate(data, ["x", "y"], size=3)
    near, far = (1 / 3, 1 / 3), (31 / 3, 16 / 3)
    expected = [near, far, near, far, near, far]
    assert out.rows() == [pytest.approx(row) for row in expected]


def test_columns_are_compared_in_their_standard_deviations() -> None:
    # In kroner alone the rows would pair by income; by standard deviations, by both.
    data = pl.DataFrame(
        {"income": [100_000, 101_000, 100_500, 101_500], "age": [20.0, 20.0, 80.0, 80.0]}
    )
    out = microaggregate(data, ["income", "age"], size=2)
    assert out["age"].to_list() == [20.0, 20.0, 80.0, 80.0]


def test_a_row_with_one_missing_value_is_grouped_with_rows_like_it() -> None:
    data = pl.DataFrame({"x": [1, 3, 5, 7], "y": [2, 4, None, None]})
    out = microaggregate(data, ["x", "y"], size=2)
    assert out.rows() == [(2.0, 3.0), (2.0, 3.0), (6.0, None), (6.0, None)]


def test_no_value_goes_unmasked_because_its_neighbour_is_missing() -> None:
    data = pl.DataFrame({"x": [1, 3, 5, 7, 777_777], "y": [2, 4, 6, 8, None]})
    with pytest.raises(DataError, match=r"1 row\(s\) have a value in some of them") as caught:
        microaggregate(data, ["x", "y"], size=2)
    assert "777" not in str(caught.value)


def test_equal_rows_make_full_groups() -> None:
    groups = mdav_groups(np.zeros((10, 2)), 3)
    assert sorted(np.bincount(groups).tolist()) == [3, 3, 4]


def test_the_loss_is_the_share_of_variance_within_groups() -> None:
    data = pl.DataFrame({"pay": [0, 2, 10, 12]})
    _, masking = microaggregate_with_masking(Extract.of(data), "pay", size=2)
    assert masking.information_lost == pytest.approx(4 / 104)
    assert masking.counts == {"rows": 4, "groups": 2}


@pytest.mark.parametrize(
    ("columns", "size", "text"),
    [
        (["pay"], 1, "a group of fewer than 2 rows hides nothing"),
        (["pay"], 5, "column 'pay' has fewer than 5 values"),
        (["gone"], 2, "column 'gone' has fewer than 2 values"),
        (["pay", "n"], 6, "fewer than 6 rows have values in the same ones"),
        ([], 2, "there is no column to mask"),
        (["pai"], 2, "there is no column 'pai'; the table has: n, pay, name, gone, big, endless"),
        (["pay", "pay"], 2, "column 'pay' is named twice"),
        (["name"], 2, "column 'name' is not a column of numbers"),
        (["big"], 2, "column 'big' holds numbers too large to calculate with"),
        (["endless"], 2, r"column 'endless': 2 row\(s\) are infinite"),
    ],
)
def test_what_cannot_be_grouped_is_refused(columns: list[str], size: int, text: str) -> None:
    data = pl.DataFrame(
        {
            "n": [1, 2, 3, 4],
            "pay": [1.5, 2.5, 3.5, 4.5],
            "name": ["canary"] * 4,
            "gone": pl.Series([None] * 4, dtype=pl.Float64),
            "big": [2**60, 1, 2, 3],
            "endless": [float("inf"), float("-inf"), 1.0, 2.0],
        }
    )
    with pytest.raises(DataError, match=text) as caught:
        microaggregate(data, columns, size=size)
    assert "canary" not in str(caught.value)
