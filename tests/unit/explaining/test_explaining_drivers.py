"""Which variables and which class sizes drive suppression, counted anew in plain values."""

from __future__ import annotations

from collections import Counter

import pytest

from hsr_privacy.explaining.drivers import BANDS
from tests.unit.explaining.plain import TABLES, people, says, told

TOPS = [table.levels - 1 for table in TABLES]


@pytest.mark.parametrize("method", ["full-domain", "joint", "local", "cells"])
def test_rows_are_safe_without_a_column_if_their_class_is_then_large_enough(method: str) -> None:
    one = told(people(), method=method)
    single = method in {"full-domain", "joint"}
    levels = list(one.solution.levels.values()) if single else [0, 0, 0]
    sizes = Counter(says(row, levels) for row in one.rows)
    at_risk = [row for row in one.rows if sizes[says(row, levels)] < 3]
    drivers = one.explanation.drivers

    assert drivers.on == ("solution" if single else "floor")
    assert drivers.rows_at_risk == len(at_risk)
    for place, driver in enumerate(drivers.columns):
        without = [*levels[:place], TOPS[place], *levels[place + 1 :]]
        larger = Counter(says(row, without) for row in one.rows)
        safe = sum(larger[says(row, without)] >= 3 for row in at_risk)
        assert driver.rows_safe == safe
        assert driver.share == pytest.approx(safe / len(at_risk))


def test_what_is_at_risk_is_what_full_domain_removes() -> None:
    one = told(people())
    assert one.explanation.drivers.rows_at_risk == one.solution.suppressed_rows > 0


def test_bands_are_of_the_classes_before_anything_is_done() -> None:
    one = told(people())
    sizes = Counter(one.rows)
    bands = one.explanation.drivers.bands

    for band in bands:
        inside = [row for row in one.rows if band.least <= sizes[row] <= (band.most or 10**9)]
        gone = sum(one.is_suppressed(row) for row in inside)
        assert band.rows == band.persons == len(inside)
        assert band.classes == len(set(inside))
        assert band.suppressed_rows == gone
        assert band.suppressed_share == pytest.approx(gone / len(inside))
    assert sum(band.rows for band in bands) == len(one.rows)
    assert sum(band.loss_share for band in bands) == pytest.approx(1)
    assert {(band.least, band.most) for band in bands} <= set(BANDS)


def test_a_band_counts_a_person_of_several_classes_once() -> None:
    rows = [("m", str(age), "a1") for age in (20, 20, 30, 30, 40, 40)]
    one = told(rows, k=2, person=[1, 2, 1, 3, 4, 5], max_suppressed=1)

    (pairs,) = one.explanation.drivers.bands
    assert (pairs.least, pairs.rows, pairs.persons) == (2, 6, 5)
    assert one.explanation.persons == 5


def test_a_band_is_of_persons_and_not_of_rows() -> None:
    one = told([("m", "20", "a1")] * 6, k=2, person=[1, 1, 1, 2, 2, 2])

    (pair,) = one.explanation.drivers.bands
    assert (pair.least, pair.rows, pair.persons) == (2, 6, 2)


def test_values_that_are_one_at_the_floor_are_one_class() -> None:
    decades = TABLES[1].starting_at(1)
    rows = [("m", "20", "a1"), ("m", "21", "a1"), ("m", "22", "a1")]
    one = told(rows, tables=(TABLES[0], decades, TABLES[2]))

    (only,) = one.explanation.drivers.bands
    assert (only.least, only.classes, only.rows) == (3, 1, 3)
    assert one.explanation.columns[1].floor == "decade"
