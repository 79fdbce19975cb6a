"""How finely numbers are written."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
import pytest

from hsr_privacy.attacking.digits import Digits, digits


def looked_at(cells: list[Any], **more: Any) -> tuple[Digits, ...]:
    persons = np.arange(len(cells))
    return digits(pl.DataFrame({"x": cells}, strict=False), persons=persons, **more)


def test_digits_of_decimals_are_counted_by_hand() -> None:
    (found,) = looked_at([1.5, 2.25, 2.25, 10.0, None], decimals={"x": 1})
    assert (found.values, found.decimals, found.declared, found.finer) == (4, 1, True, 2)
    assert (found.alone.persons, found.alone.alone) == (4, 2)
    assert found.last_digits == (1, 0, 2, 0, 0, 1, 0, 0, 0, 0)  # 10.0, twice 2.2, 1.5
    assert found.heaping == 0.5


def test_as_many_digits_are_usual_as_ninety_nine_of_a_hundred_numbers_need() -> None:
    (found,) = looked_at([0.5] * 99 + [0.25])
    assert (found.decimals, found.declared, found.finer) == (1, False, 1)
    (finer,) = looked_at([0.5] * 97 + [0.25] * 3)
    assert (finer.decimals, finer.finer) == (2, 0)


@pytest.mark.parametrize("decimals", [0, 1, 3, 6])
def test_what_is_written_with_so_many_digits_needs_no_more(decimals: int) -> None:
    values = np.random.default_rng(decimals).integers(-(10**7), 10**7, 500) / 10**decimals
    assert max(one.finer for one in looked_at(values.tolist(), decimals={"x": decimals})) == 0


def test_a_code_is_no_number_in_text_or_among_numbers() -> None:
    for code in ("998", 998):
        cells = [*map(type(code), range(20)), code, code]
        (found,) = looked_at(cells, codes=["998", "*"])
        assert found.values == 20
        assert found.last_digits == (2,) * 10
    (with_codes,) = looked_at([*range(20), 998, 998])
    assert with_codes.values == 22


@pytest.mark.parametrize(
    "cells",
    [
        [*map(str, range(50)), "60+"],
        ["a", "b"],
        [None, None],
        ["998", "998"],
        [dt.date(2026, 1, n) for n in range(1, 20)],
        [0, 1, 1, 0],
        [float("nan")] * 3,
    ],
)
def test_labels_codes_dates_and_nothing_are_no_numbers(cells: list[Any]) -> None:
    assert looked_at(cells, codes=["998"]) == ()
