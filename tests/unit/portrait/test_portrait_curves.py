"""Curves against what is worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest

from hsr_privacy.portrait.curves import kaplan_meier, response_curves, survival_curves


def test_kaplan_and_meiers_shares_and_greenwoods_errors_by_hand() -> None:
    # Five patients: deaths on days 1, 3 and 3; one is watched to day 2, one to day 30.
    ends, died = np.array([1, 2, 3, 3, 30]), np.array([True, False, True, True, False])
    days, shares, errors = kaplan_meier(ends, died)
    assert days.tolist() == [1, 3]
    assert shares.tolist() == pytest.approx([4 / 5, 4 / 5 * (1 - 2 / 3)])
    first = 1 / (5 * 4)
    assert errors[0] == pytest.approx(4 / 5 * math.sqrt(first))
    assert errors[1] == pytest.approx(4 / 15 * math.sqrt(first + 2 / (3 * 1)))


def test_without_anybody_lost_the_curve_is_the_share_alive() -> None:
    ends = np.array([0] * 70 + [4] * 10 + [30] * 20)
    days, shares, _ = kaplan_meier(ends, ends < 30)
    assert days.tolist() == [0, 4]
    assert shares.tolist() == pytest.approx([0.3, 0.2])


def test_all_dead_is_a_share_of_nought_with_no_error() -> None:
    _, shares, errors = kaplan_meier(np.array([0, 0, 2]), np.array([True] * 3))
    assert shares.tolist() == pytest.approx([1 / 3, 0.0])
    assert errors[-1] == 0


def patients(ends: list[int | None], *, outside: bool = True) -> pl.DataFrame:
    """Patients by day of death; None lives on."""
    return pl.DataFrame(
        {
            "person": list(range(len(ends))),
            "outside": [outside] * len(ends),
            "tried": [True] * len(ends),
            "shockable": [False] * len(ends),
            "transported": [True] * len(ends),
            "died_after": ends,
            "alive_month": [end is None or end >= 30 for end in ends],
        },
        schema_overrides={"died_after": pl.Int64},
    )


def test_a_survival_curve_falls_only_where_enough_died_and_enough_are_left() -> None:
    ends: list[int | None] = [0] * 60 + [1] * 3 + [2] * 2 + [9] * 5 + [40] * 10 + [None] * 20
    curve = survival_curves(patients(ends), least_persons=5)[0]
    assert curve.name == "outside"
    assert curve.places == (0, 2, 9)
    assert curve.shares == pytest.approx((0.4, 0.35, 0.3))
    assert (curve.persons, curve.until) == (100, 30)


def test_a_curve_ends_where_too_few_are_left_to_be_told_of() -> None:
    ends: list[int | None] = [0] * 40 + [3] * 10 + [7] * 7 + [None] * 3
    curve = survival_curves(patients(ends), least_persons=5)[0]
    assert curve.places == (0, 3)
    assert curve.until == 3


def test_who_was_left_behind_died_that_day_and_whose_day_nobody_knows_is_left_out() -> None:
    arrests = patients([0] * 30 + [None] * 30).with_columns(
        died_after=pl.lit(None, pl.Int64),
        transported=pl.int_range(pl.len()) >= 20,
    )
    curve = survival_curves(arrests, least_persons=5)[0]
    # Twenty left behind; ten died in hospital, nobody knows when; thirty lived.
    assert curve.persons == 50
    assert curve.shares == pytest.approx((0.6,))


def test_few_have_no_curve() -> None:
    assert survival_curves(patients([0] * 10), least_persons=5) == ()
    assert response_curves(responses([300] * 10), least_persons=5) == ()


def responses(seconds: Sequence[int | None]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "person": list(range(len(seconds))),
            "outside": [True] * len(seconds),
            "seconds": seconds,
            "centrality": [1] * len(seconds),
        }
    )


def test_a_response_curve_counts_who_is_reached_and_hides_steps_of_few() -> None:
    curve = response_curves(
        responses([60] * 10 + [150] * 2 + [240] * 8 + [6000] * 20), least_persons=5
    )[0]
    shown = dict(zip(curve.places, curve.shares, strict=True))
    assert shown[0] == 0
    assert shown[1] == 10 / 40
    assert 3 not in shown  # two were reached between the second and the third minute
    assert shown[4] == 20 / 40
    assert curve.middle == pytest.approx((240 + 6000) / 2 / 60, abs=0.05)
    assert [one.name for one in response_curves(responses([60] * 30), least_persons=5)] == [
        "all",
        "central",
    ]
