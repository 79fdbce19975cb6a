"""The anytime search: its bound holds whenever it stops, and with time enough it finds the optimum."""

from __future__ import annotations

import importlib
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from hsr_privacy.anonymity.anytime import MOST_CHECKED
from hsr_privacy.anonymity.search import budget, search
from hsr_privacy.anonymity.solution import Solution
from hsr_privacy.errors import BudgetExceeded
from tests.plain_optimum import Demand, Loss, PlainRow, PlainTable, plain_optimum, released_of
from tests.plain_tables import (
    KINDS,
    drawn_demand,
    drawn_table,
    frequencies_of,
    models_of,
    suppressed_values,
)

ENOUGH = 100_000
ALMOST = 1e-12
SUMS: tuple[Loss, ...] = ("additive", "entropy")


def searched_anytime(table: PlainTable, demand: Demand, most: int = ENOUGH) -> Solution:
    """What the search answers if it takes the lattice for too large and counts so many nodes."""
    module = importlib.import_module("hsr_privacy.anonymity.search")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MOST_NODES", 0)
        patch.setattr(module, "MOST_CHECKED", most)
        return search(
            frequencies_of(table),
            models=models_of(demand),
            max_suppressed=demand.share,
            weights=demand.weights or None,
            loss=demand.loss,
        )


def drawn(seed: int) -> tuple[PlainTable, Demand]:
    table = drawn_table(seed, KINDS[seed % len(KINDS)])
    return table, replace(drawn_demand(seed, table), loss=SUMS[seed % 2])


def assert_released_rows_are_safe(table: PlainTable, demand: Demand, solution: Solution) -> None:
    """What is suppressed is what the models ask for on these levels, and within the limit."""
    levels = tuple(solution.levels.values())
    released = released_of(table.grouped(levels), demand)
    unsafe = {
        values
        for values, group in table.finest.items()
        if group.rows
        and tuple(climb[v][n] for climb, v, n in zip(table.climbs, values, levels, strict=True))
        not in released
    }
    assert suppressed_values(solution, table) == unsafe
    assert solution.suppressed_rows <= budget(solution.table, demand.share)


def assert_bounded(table: PlainTable, demand: Demand, most: int) -> None:
    """Bound <= optimum <= loss; and that nothing can be found is said only where it is so."""
    optimum = plain_optimum(table, demand)
    try:
        solution = searched_anytime(table, demand, most)
    except BudgetExceeded as error:
        proved = "no generalization keeps" in str(error)
        assert optimum is None or not proved
        return
    assert optimum is not None
    assert solution.nodes_checked <= most + 2
    assert solution.bound - ALMOST <= optimum.loss <= solution.loss + ALMOST
    assert solution.gap == solution.loss - solution.bound
    assert_released_rows_are_safe(table, demand, solution)


def assert_proved(table: PlainTable, demand: Demand) -> None:
    """The loss is the least, and the gap says so; or nothing can be found, and the error says so."""
    optimum = plain_optimum(table, demand)
    if optimum is None:
        with pytest.raises(BudgetExceeded, match="no generalization keeps"):
            searched_anytime(table, demand)
        return
    solution = searched_anytime(table, demand)
    assert solution.loss == pytest.approx(float(optimum.loss), abs=ALMOST)
    assert solution.gap == 0
    assert_released_rows_are_safe(table, demand, solution)


@pytest.mark.parametrize("seed", range(40))
def test_with_time_enough_the_optimum_is_found_and_the_gap_is_zero(seed: int) -> None:
    assert_proved(*drawn(seed))


@pytest.mark.parametrize("most", [1, 3, 10, 30])
@pytest.mark.parametrize("seed", range(20))
def test_the_bound_holds_whenever_the_search_stops(seed: int, most: int) -> None:
    assert_bounded(*drawn(seed), most)


@pytest.mark.parametrize("most", [4, 12, ENOUGH])
@pytest.mark.parametrize("loss", SUMS)
@pytest.mark.parametrize(
    "breakable", [{"t": Fraction(1, 5)}, {"alpha": Fraction(3, 5)}, {"odd": True}], ids=str
)
def test_the_bound_holds_for_models_that_merging_can_break(
    breakable: dict[str, Any], loss: Loss, most: int
) -> None:
    for seed in range(4):
        for share in (0.0, 0.2):
            table = drawn_table(seed, "repeated")
            demand = Demand(k=2, share=share)
            assert_bounded(table, replace(demand, loss=loss, **breakable), most)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40, 400))
def test_the_bound_holds_and_the_optimum_is_found_on_many_tables(seed: int) -> None:
    table, demand = drawn(seed)
    assert_proved(table, demand)
    for most in (1, 2, 5, 8, 15, 25, 60):
        assert_bounded(table, demand, most)


def test_a_gap_of_nothing_is_nothing_where_the_loss_has_many_digits() -> None:
    """A third is no decimal number, and what is proved to be the least leaves no gap beside it."""
    ladder = [(value, "*") for value in "abcd"]
    rows = [PlainRow(("a",), 0, 0), PlainRow(("a",), 1, 0), PlainRow(("b",), 2, 0)]

    solution = searched_anytime(PlainTable([ladder], rows), Demand(k=2, share=0.5))

    assert solution.loss == 1 / 3
    assert solution.gap == 0


def test_among_the_nodes_looked_at_the_fewest_suppressed_rows_win() -> None:
    """Nothing but the top is safe; it loses as much as to suppress all, and keeps the rows."""
    rows = [PlainRow(("m",), 0, 0), PlainRow(("f",), 1, 0)]

    solution = searched_anytime(
        PlainTable([[("m", "*"), ("f", "*")]], rows), Demand(k=2, share=1.0)
    )

    assert solution.levels == {"q0": 1}
    assert solution.suppressed_rows == 0


def test_what_was_not_looked_at_is_not_said_to_be_impossible() -> None:
    """The whole has four rows; a class of three and one of one are odd, but lie below."""
    rows = [PlainRow((value,), person, 0) for person, value in enumerate("mmmf")]
    table, demand = PlainTable([[("m", "*"), ("f", "*")]], rows), Demand(odd=True)

    with pytest.raises(BudgetExceeded, match="no generalization was found, among those looked at"):
        searched_anytime(table, demand, most=1)
    assert searched_anytime(table, demand).levels == {"q0": 0}


def copied(table: PlainTable, times: int) -> PlainTable:
    """Every column so many times: the optimum loses the same, as copies on one level part nothing."""
    rows = [replace(row, values=row.values * times) for row in table.rows]
    return PlainTable(list(table.columns) * times, rows)


def wide_table(seed: int, rows: int) -> PlainTable:
    """Four columns of eight values and four levels."""
    rng = np.random.default_rng(seed)
    ladder = [(f"{n}", f"{n // 2} of 4", f"{n // 4} of 2", "*") for n in range(8)]
    values = np.minimum(rng.geometric(0.4, (rows, 4)) - 1, 7)
    secrets = rng.integers(0, 3, rows)
    return PlainTable(
        [ladder] * 4,
        [
            PlainRow(tuple(f"{n}" for n in one), person, int(secret))
            for person, (one, secret) in enumerate(zip(values.tolist(), secrets, strict=True))
        ],
    )


@pytest.mark.parametrize(
    "demand",
    [
        Demand(k=5, share=0.05),
        Demand(k=5, share=0.05, loss="entropy"),
        Demand(k=3, t=Fraction(1, 4), share=0.1),
        Demand(odd=True, share=1.0),
    ],
    ids=str,
)
def test_a_lattice_of_four_thousand_million_nodes_is_answered_with_a_bound_that_holds(
    demand: Demand,
) -> None:
    table = wide_table(1, 150)
    optimum = plain_optimum(table, demand)
    wide = copied(table, 4)

    solution = search(
        frequencies_of(wide),
        models=models_of(demand),
        max_suppressed=demand.share,
        loss=demand.loss,
    )

    assert optimum is not None
    assert solution.nodes == 4**16
    assert solution.nodes_checked <= MOST_CHECKED + 2
    assert solution.bound >= 0
    assert solution.bound - ALMOST <= optimum.loss <= solution.loss + ALMOST
    assert_released_rows_are_safe(wide, demand, solution)


def test_the_same_search_answers_the_same() -> None:
    table, demand = wide_table(2, 100), Demand(k=4, share=0.1)

    one, other = (searched_anytime(table, demand, most=40) for _ in range(2))

    assert (one.levels, one.loss, one.bound) == (other.levels, other.loss, other.bound)
    assert one.nodes_checked == other.nodes_checked


def test_nodes_that_do_not_fit_a_word_are_searched_too() -> None:
    table, demand = wide_table(3, 60), Demand(k=3, share=0.1)
    optimum, wide = plain_optimum(table, demand), copied(table, 9)

    solution = search(frequencies_of(wide), models=models_of(demand), max_suppressed=0.1)

    assert optimum is not None
    assert solution.nodes == 4**36 > 2**63
    assert solution.bound - ALMOST <= optimum.loss <= solution.loss + ALMOST
    assert_released_rows_are_safe(wide, demand, solution)
