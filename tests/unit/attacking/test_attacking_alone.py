"""Who is alone with what a row says."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hsr_privacy.attacking import alone as module
from hsr_privacy.attacking.alone import Alone, alone, codes_of, key_of


def counted(cells: list[Any], persons: list[int], among: list[bool] | None = None) -> Alone:
    key = codes_of(pl.Series(cells))
    marks = None if among is None else np.array(among)
    return alone(key, np.array(persons), among=marks)


def test_a_person_is_alone_whom_nobody_is_like() -> None:
    assert counted(["a", "a", "b"], [1, 2, 3]) == Alone(persons=3, alone=1, combinations=2)


def test_two_rows_of_one_person_leave_that_person_alone() -> None:
    assert counted(["a", "a", "b", "b"], [1, 1, 2, 3]).alone == 1


def test_a_person_who_is_alone_twice_counts_once() -> None:
    assert counted(["a", "b", "c", "c"], [1, 1, 2, 3]) == Alone(3, 1, 3)


def test_rows_that_are_not_looked_at_make_nobody_less_alone() -> None:
    found = counted(["a", "a", "b"], [1, 2, 3], [True, False, False])
    assert found == Alone(1, 1, 1)
    assert counted(["a"], [1], [False]).share == 0.0


def test_codes_stand_for_values_in_their_order_and_a_missing_one_comes_first() -> None:
    assert codes_of(pl.Series(["b", None, "a", "b"])).tolist() == [2, 0, 1, 2]
    assert codes_of(pl.Series([7, None, 5, 7])).tolist() == [3, 0, 1, 3]
    assert codes_of(pl.Series([None, None], dtype=pl.Int64)).tolist() == [0, 0]
    assert codes_of(pl.Series([10**9, -(10**9)])).tolist() == [1, 0]
    assert codes_of(pl.Series([dt.date(2026, 1, 2), dt.date(2026, 1, 1)])).tolist() == [1, 0]
    assert codes_of(pl.Series([], dtype=pl.Int64)).tolist() == []


def test_many_wide_columns_still_make_one_number_per_combination() -> None:
    wide = [np.array([0, 1023, 1023, 1023, 1023, 1023])] * 11  # 2**120 combinations
    key = key_of([np.array([5, 5, 6, 7, 6, 5]), *wide])
    assert len(np.unique(key)) == 4
    assert key[1] == key[5]
    assert key[2] == key[4]


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(["x", "y", None]), st.integers(0, 4)),
        min_size=1,
        max_size=30,
    )
)
def test_who_is_alone_is_who_a_dictionary_finds(rows: list[tuple[int, str | None, int]]) -> None:
    numbers, texts, persons = (list(column) for column in zip(*rows, strict=True))
    seen = defaultdict(set)
    for number, text, person in rows:
        seen[number, text].add(person)
    single = {next(iter(people)) for people in seen.values() if len(people) == 1}
    key = key_of([codes_of(pl.Series(numbers)), codes_of(pl.Series(texts, dtype=pl.String))])
    found = alone(key, np.array(persons))
    assert found == Alone(len(set(persons)), len(single), len(seen))


def test_near_numbers_are_coded_as_far_ones_are(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = pl.Series([3, 5, None, 9, 3])
    near = codes_of(cells)
    monkeypatch.setattr(module, "_NEAR", -1)
    far = codes_of(cells)
    assert np.argsort(near, kind="stable").tolist() == np.argsort(far, kind="stable").tolist()
    assert len(set(near)) == len(set(far)) == 4
