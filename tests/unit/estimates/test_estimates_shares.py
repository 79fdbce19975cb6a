"""Shares, their differences and their overlap, against printed figures."""

from __future__ import annotations

import math

import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.estimates import Estimate, difference, overlap, rate, share, shift, wilson


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [  # Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0),
    ],
)
def test_the_interval_of_a_share_is_the_printed_one(
    successes: int, trials: int, low: float, high: float
) -> None:
    found = share(successes, trials)
    assert (found.low, found.high) == pytest.approx((low, high), abs=6e-5)
    assert found.value == successes / trials


def test_rate_and_share_are_one_interval() -> None:
    middle, half = rate(7, 31).middle, rate(7, 31).half
    assert wilson(7 / 31, 31) == pytest.approx((middle - half, middle + half), abs=1e-12)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [  # Newcombe 1998, Statistics in Medicine 17:873-890, table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_the_interval_of_a_difference_is_the_printed_one(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    found = difference(one, other)
    assert (found.low, found.high) == pytest.approx((low, high), abs=6e-5)


@pytest.mark.parametrize(("successes", "trials"), [(0, 0), (5, 4), (-1, 4)])
def test_there_is_no_share_of_nothing(successes: int, trials: int) -> None:
    with pytest.raises(DataError, match="one case at least"):
        share(successes, trials)


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ((0, 2), (0, 2), 1.0),
        ((0, 2), (1, 3), 0.5),
        ((0, 4), (1, 2), (1 / 4 + 1 / 1) / 2),
        ((0, 2), (4, 6), -1.0),
    ],
)
def test_overlap_is_the_mean_part_that_is_shared(
    one: tuple[float, float], other: tuple[float, float], shared: float
) -> None:
    first, second = (Estimate((low + high) / 2, low, high) for low, high in (one, other))
    assert overlap(first, second) == pytest.approx(shared)
    assert overlap(second, first) == pytest.approx(shared)


def test_ratios_overlap_by_their_logarithms() -> None:
    logs = (Estimate(0, -1, 1), Estimate(0.5, -0.5, 1.5))
    ratios = [Estimate(math.exp(e.value), math.exp(e.low), math.exp(e.high), "ratio") for e in logs]
    assert overlap(*ratios) == pytest.approx(overlap(*logs))


def test_without_width_nothing_overlaps() -> None:
    assert overlap(Estimate(1, 1, 1), Estimate(1, 0, 2)) is None


def test_a_shift_is_told_absolutely_in_errors_and_in_per_cent() -> None:
    earlier, later = share(50, 200), share(60, 200)
    moved = shift(earlier, later)
    assert moved.absolute == pytest.approx(0.05)
    assert moved.percent == pytest.approx(20)
    assert moved.errors == pytest.approx(0.05 / ((earlier.high - earlier.low) / 2 / 1.959964))


def test_the_shift_of_a_ratio_is_in_errors_of_its_logarithm() -> None:
    earlier = Estimate(2, 1, 4, "ratio")
    moved = shift(earlier, Estimate(4, 2, 8, "ratio"))
    assert moved.errors == pytest.approx(1.959964)
    assert moved.percent == pytest.approx(100)


def test_what_did_not_move_has_no_shift_and_nothing_can_be_a_part_of_zero() -> None:
    still = shift(share(0, 20), share(0, 20))
    assert (still.absolute, still.errors, still.percent) == (0, 0, None)


@pytest.mark.parametrize(
    ("one", "direction"),
    [
        (Estimate(2, 1.5, 3, "ratio"), 1),
        (Estimate(0.5, 0.2, 0.9, "ratio"), -1),
        (Estimate(1.2, 0.9, 1.6, "ratio"), 0),
        (Estimate(-0.2, -0.3, -0.1, "difference"), -1),
        (Estimate(0.5, 0.4, 0.6), 0),
    ],
)
def test_a_direction_is_told_where_the_interval_leaves_out_no_difference(
    one: Estimate, direction: int
) -> None:
    assert one.direction == direction


@pytest.mark.parametrize(
    "wrong", [(math.nan, 0, 1), (0.5, 1, 0), (0.5, 0, math.inf)], ids=["nan", "order", "inf"]
)
def test_what_is_no_estimate_is_refused(wrong: tuple[float, float, float]) -> None:
    with pytest.raises(DataError):
        Estimate(*wrong)


def test_a_ratio_lies_above_zero() -> None:
    with pytest.raises(DataError, match="above 0"):
        Estimate(1, 0, 2, "ratio")
