"""Rounding: to the nearest multiple, from the middle to the even one."""

from __future__ import annotations

import polars as pl
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.extract import Extract
from hsr_privacy.masking import round_values, round_values_with_masking


@pytest.mark.parametrize(
    ("values", "base", "rounded"),
    [
        ([0, 5, 15, 25, 14, 16, -5, -15], 10, [0, 0, 20, 20, 10, 20, 0, -20]),
        ([7, 8, 12, 13, None], 5, [5, 10, 10, 15, None]),
        ([2**53 - 1], 2, [2**53]),
        ([0.05, 0.15, 0.25, 0.35], 0.1, [0.0, 0.2, 0.2, 0.4]),
        ([0.3, 0.31, 0.29], 0.1, [0.3, 0.3, 0.3]),
        ([1.0, 3.0, 4.9, None], 2, [0.0, 4.0, 4.0, None]),
        ([1, 2, 4], 2.5, [0.0, 2.5, 5.0]),
        ([7.49, 7.51], 0.25, [7.5, 7.5]),
    ],
)
def test_a_number_goes_to_the_nearest_multiple_and_from_the_middle_to_the_even_one(
    values: list[float | None], base: float, rounded: list[float | None]
) -> None:
    out = round_values(pl.DataFrame({"x": values}), "x", base=base)
    assert out["x"].to_list() == rounded


def test_whole_numbers_stay_whole_where_the_base_is() -> None:
    whole = pl.DataFrame({"x": [1, 2]})
    assert round_values(whole, "x", base=5.0)["x"].dtype == pl.Int64
    assert round_values(whole, "x", base=0.5)["x"].dtype == pl.Float64


def test_what_changed_is_counted_and_missing_values_are_not() -> None:
    _, masking = round_values_with_masking(
        Extract.of(pl.DataFrame({"x": [10, 14, 16, None]})), "x", base=10
    )
    assert masking.counts == {"rows": 4, "values changed": 2}
    mean = 40 / 3
    variance = sum((value - mean) ** 2 for value in (10, 14, 16))
    assert masking.information_lost == pytest.approx((16 + 16) / variance)


def test_a_column_of_nothing_but_missing_values_passes() -> None:
    data = pl.DataFrame({"x": pl.Series([None, None], dtype=pl.String)})
    assert round_values(data, "x", base=5)["x"].to_list() == [None, None]


@pytest.mark.parametrize("base", [0, -1, float("nan"), float("inf")])
def test_a_base_is_above_zero(base: float) -> None:
    with pytest.raises(DataError, match="it must be a number above 0"):
        round_values(pl.DataFrame({"x": [1]}), "x", base=base)
