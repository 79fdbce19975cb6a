"""Knowledge: what attackers hold, drawn for one person again and again."""

from __future__ import annotations

from collections import Counter

import numpy as np
import polars as pl
import pytest

from hsr_privacy.attacking.coding import CodedColumn, coded
from hsr_privacy.attacking.knowledge import Held, held
from hsr_privacy.hierarchies.hierarchy import from_rows
from hsr_privacy.models.scenarios import Knowledge, Precision
from tests.unit.attacking.scenario_tables import AGE, DAY, TOWN, roughly, within

MANY = 7000


def column_of(values: list[str | None], name: str = "age") -> CodedColumn:
    tree = {"age": AGE, "day": DAY, "town": TOWN}.get(name)
    series = pl.Series(name, values, dtype=pl.String)
    return coded(series, series, hierarchy=tree, level=0, silent=())


def drawn(column: CodedColumn, knowledge: Knowledge, row: int = 0) -> Held:
    rows = np.full(MANY, row)
    return held(column, knowledge, rows, np.random.default_rng(1))


def intervals(column: CodedColumn, found: Held) -> Counter[tuple[float, float]]:
    """How often each lowest and highest number is allowed for."""
    numbers = column.numbers[found.leaves]
    low, high = np.full(MANY, np.inf), np.full(MANY, -np.inf)
    np.minimum.at(low, found.attackers, numbers)
    np.maximum.at(high, found.attackers, numbers)
    return Counter(zip(low.tolist(), high.tolist(), strict=True))


def test_a_number_known_within_some_units_lies_anywhere_in_what_is_allowed_for() -> None:
    column = column_of(["43", "60"])

    found = intervals(column, drawn(column, within("age", 3)))

    assert set(found) == {(43 + e - 3, 43 + e + 3) for e in range(-3, 4)}
    assert all(count == pytest.approx(MANY / 7, rel=0.1) for count in found.values())


def test_at_the_end_of_the_scale_less_is_allowed_for() -> None:
    column = column_of(["0"])

    assert set(intervals(column, drawn(column, within("age", 2)))) == {
        (0, 0), (0, 1), (0, 2), (0, 3), (0, 4),
    }  # fmt: skip


def test_days_are_known_within_days_across_months_and_years() -> None:
    column = column_of(["2023-12-31", "2023-12-01", "2024-01-31"], "day")
    found = drawn(column, within("day", 1))
    by_number = {number: text for text, number in column.places.items()}

    reached = {by_number[leaf] for leaf in found.leaves.tolist()}

    assert reached == {f"2023-12-{day}" for day in (29, 30, 31)} | {"2024-01-01", "2024-01-02"}


def test_a_wrong_value_is_somebody_elses_and_never_allows_for_the_truth() -> None:
    column = column_of(["43", "44", "60", "60", "60"])
    found = drawn(column, Knowledge("age", (Precision(within=2),), wrong=1.0))

    numbers = column.numbers[found.leaves]

    assert not (numbers == 43).any()
    assert not found.ignorant.any()
    # 44 within 2 allows for 43 whichever way it is off, but by 2 upwards
    assert {60.0} <= set(numbers.tolist()) <= set(range(44, 65))


def test_where_all_have_the_same_value_a_wrong_one_cannot_be_held() -> None:
    column = column_of(["43", "43"])

    found = drawn(column, Knowledge("age", wrong=1.0))

    assert set(column.numbers[found.leaves].tolist()) == {43.0}


def test_errors_come_with_their_shares() -> None:
    column = column_of(["43", "60"])

    found = drawn(column, Knowledge("age", wrong=0.2, unknown=0.3))

    assert found.ignorant.mean() == pytest.approx(0.3, abs=0.02)
    shares = Counter(column.numbers[found.leaves].tolist())
    assert shares[60.0] / MANY == pytest.approx(0.2, abs=0.02)
    assert shares[43.0] / MANY == pytest.approx(0.5, abs=0.02)


def test_what_is_missing_is_known_to_nobody() -> None:
    assert drawn(column_of([None, "43"]), Knowledge("age")).ignorant.all()


def test_a_code_that_says_unknown_is_known_to_nobody_also_where_it_is_a_leaf() -> None:
    tree = from_rows("sex", [("m", "*"), ("f", "*"), ("999", "*")])
    series = pl.Series("sex", ["999", "m"])
    column = coded(series, series, hierarchy=tree, level=0, silent=("999",))

    assert drawn(column, Knowledge("sex")).ignorant.all()
    assert column.released is not None
    assert column.released.wild.sum() == 1


def test_a_code_among_numbers_has_nothing_near_it() -> None:
    series = pl.Series("minutes", ["7", "8", "777-"])
    column = coded(series, series, hierarchy=None, level=0, silent=())

    found = drawn(column, within("minutes", 5), row=2)

    assert set(found.leaves.tolist()) == {column.places["777-"]}


def test_decimals_are_known_within_less_than_one() -> None:
    series = pl.Series("ph", [7.1, 7.4, 7.0])
    column = coded(series, series, hierarchy=None, level=0, silent=())

    found = drawn(column, within("ph", 0.2))

    assert set(column.numbers[found.leaves].tolist()) == {7.0, 7.1, 7.4}
    assert Counter(found.attackers.tolist())[0] >= 1


def test_a_level_allows_for_all_leaves_of_a_node() -> None:
    column = column_of(["Bergen", "Oslo"], "town")

    found = drawn(column, roughly("town", Precision(level="county")))

    assert set(found.leaves.tolist()) == {column.places["Bergen"], column.places["Voss"]}


def test_a_wrong_node_of_a_level_never_holds_the_truth() -> None:
    tree = from_rows("place", [("a", "x", "*"), ("b", "y", "*"), ("c", "x", "*"), ("d", "y", "*")])
    series = pl.Series("place", ["c", "b", "a", "d"])
    column = coded(series, series, hierarchy=tree, level=0, silent=())

    found = drawn(column, Knowledge("place", (Precision(level="level 1"),), wrong=1.0))

    assert set(found.leaves.tolist()) == {column.places["b"], column.places["d"]}


def test_numbers_and_texts_mean_the_same_in_both_tables() -> None:
    before = pl.Series("age", [43, 60], dtype=pl.Int16)
    for shown in (["43", "60"], [43.0, 60.0], [43, 60]):
        released = pl.Series("age", shown)
        column = coded(released, before, hierarchy=AGE, level=0, silent=())
        assert column.released is not None
        assert (column.released.covers[0][column.truth] == column.released.cells).all()


def test_a_clock_time_is_its_day() -> None:
    before = pl.Series("day", ["2024-02-29T23:59"]).str.to_datetime()

    column = coded(None, before, hierarchy=DAY, level=0, silent=())

    assert list(column.places) == ["2024-02-29"]
    assert column.released is None
