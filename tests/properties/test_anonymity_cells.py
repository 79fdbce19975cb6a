"""Suppressed cells, alone and on levels, recounted from the release; bounds against trying all."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hsr_privacy.anonymity.cells import recode_jointly, suppress_cells
from hsr_privacy.anonymity.search import search
from hsr_privacy.anonymity.solution import Solution
from tests.plain_optimum import Demand, PlainTable, Values
from tests.plain_release import (
    TINY_TABLE,
    Release,
    Size,
    agreeing_persons,
    cell_releases,
    groups_of,
    joint_releases,
    least_loss,
    limit_of,
    loss_of,
    made,
    read_again,
    release_of,
    requests,
    satisfies,
    suppressed_rows,
    texts_by,
    texts_of,
)
from tests.plain_tables import KINDS, drawn_demand, drawn_table

FEW = 8
SEEDS = [*range(FEW), *(pytest.param(n, marks=pytest.mark.slow) for n in range(FEW, 40))]
METHODS = {"cells": suppress_cells, "joint": recode_jointly}
VERY_TINY = Size(columns=2, values=3, levels=2, combinations=3, rows=9)


def released(method: str, table: PlainTable, demand: Demand) -> Solution | None:
    return made(METHODS[method], table, demand)


def wildcards(table: PlainTable, demand: Demand) -> Solution:
    solution = made(suppress_cells, table, demand, reading="wildcard")
    assert solution is not None
    return solution


def assert_told_truly(table: PlainTable, demand: Demand, solution: Solution) -> None:
    """What the solution says of itself is what its release shows."""
    release, texts = release_of(solution, table), texts_of(solution, table)
    groups = groups_of(table, texts)
    kept = {values: said for values, said in texts.items() if said is not None}
    assert kept == {values: texts_by(table, release)[values] for values in kept}
    assert satisfies(groups, demand)
    assert solution.suppressed_rows == suppressed_rows(table, release) <= limit_of(table, demand)
    hidden = [
        (cells or ()).count(None) * table.finest[values].rows for values, cells in release.items()
    ]
    assert solution.suppressed_cells == sum(hidden)
    assert solution.loss == pytest.approx(float(loss_of(table, demand, release)), abs=1e-9)
    assert solution.k == min((len(group.persons) for group in groups.values()), default=0)
    assert solution.classes == len(groups)
    assert 0 <= solution.bound <= solution.loss


def levels_that_differ(solution: Solution, table: PlainTable) -> list[str]:
    """Columns whose cells, but for suppressed ones, stand on another level than was said."""
    cells = [one for one in release_of(solution, table).values() if one is not None]
    return [
        name
        for j, (name, level) in enumerate(solution.levels.items())
        if any(one[j] is not None and one[j] != level for one in cells)
    ]


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=25)
@given(request_=requests())
def test_a_release_is_what_was_asked_for_and_what_it_is_told_to_be(
    method: str, request_: tuple[PlainTable, Demand]
) -> None:
    table, demand = request_
    solution = released(method, table, demand)
    if solution is not None:
        assert_told_truly(table, demand, solution)
        assert not levels_that_differ(solution, table)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", SEEDS)
def test_larger_tables_are_told_truly(seed: int, kind: str, method: str) -> None:
    table = drawn_table(seed, kind)
    demand = replace(drawn_demand(seed, table), odd=False, scenario=None, subsets=None)
    if any(len(covers[-1]) > 1 for covers in table.covers):
        return  # a suppressed cell would have nothing to say, which is refused
    solution = released(method, table, demand)
    if solution is not None:
        assert_told_truly(table, demand, solution)


@settings(max_examples=30)
@given(requests(TINY_TABLE))
def test_cells_cost_no_less_than_the_bound_and_the_best_no_more_than_what_was_found(
    request_: tuple[PlainTable, Demand],
) -> None:
    table, demand = request_
    best = least_loss(table, demand, cell_releases(table))
    solution = released("cells", table, demand)
    assert solution is None or best is not None
    if solution is not None and best is not None:
        assert solution.bound <= best + 1e-9
        assert best <= solution.loss + 1e-9


@settings(max_examples=25)
@given(requests(VERY_TINY))
def test_levels_and_cells_cost_no_less_than_the_bound(
    request_: tuple[PlainTable, Demand],
) -> None:
    table, demand = request_
    best = least_loss(table, demand, joint_releases(table))
    solution = released("joint", table, demand)
    assert solution is None or best is not None
    if solution is not None and best is not None:
        assert solution.bound <= best + 1e-9
        assert best <= solution.loss + 1e-9


@settings(max_examples=30)
@given(requests())
def test_both_together_lose_no_more_than_either(request_: tuple[PlainTable, Demand]) -> None:
    table, demand = request_
    together = released("joint", table, demand)
    for alone in (released("cells", table, demand), made(search, table, demand)):
        if alone is not None:
            assert together is not None
            assert together.loss <= alone.loss + 1e-9


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=25)
@given(request_=requests())
def test_k_and_l_are_kept_wherever_that_is_possible(
    method: str, request_: tuple[PlainTable, Demand]
) -> None:
    table, demand = request_
    assert released(method, table, replace(demand, t=None, alpha=None)) is not None


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=25)
@given(request_=requests(), random=st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(
    method: str, request_: tuple[PlainTable, Demand], random: Random
) -> None:
    table, demand = request_
    rows = list(table.rows)
    random.shuffle(rows)
    one = released(method, table, demand)
    other = released(method, replace(table, rows=rows), demand)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert release_of(one, table) == release_of(other, table)
        assert (one.loss, one.bound) == (other.loss, other.bound)


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=25)
@given(request_=requests())
def test_a_released_table_is_left_as_it_is(
    method: str, request_: tuple[PlainTable, Demand]
) -> None:
    table, demand = request_
    demand = replace(demand, weights=(), t=None)
    solution = released(method, table, demand)
    if solution is None or solution.suppressed.all():
        return
    again = released(method, read_again(solution, table), replace(demand, share=0.0))
    assert again is not None
    assert (again.loss, again.suppressed_cells, again.suppressed_rows) == (0, 0, 0)


# The wildcard reading.


def by_persons(table: PlainTable, demand: Demand) -> tuple[PlainTable, Demand]:
    """Every row a person, and nothing asked for but k: what the reading takes."""
    rows = [replace(row, person=number) for number, row in enumerate(table.rows)]
    k = min(demand.k + 1, len(rows))
    return replace(table, rows=rows), Demand(k=k, weights=demand.weights)


def smallest(table: PlainTable, release: Release) -> int:
    return min(agreeing_persons(table, release).values())


def restored(release: Release, values: Values, column: int) -> Release:
    """The release with one cell of one combination restored."""
    cells = release[values]
    assert cells is not None
    return {**release, values: (*cells[:column], 0, *cells[column + 1 :])}


@settings(max_examples=25)
@given(requests())
def test_k_persons_agree_with_every_row(request_: tuple[PlainTable, Demand]) -> None:
    table, demand = by_persons(*request_)
    solution = wildcards(table, demand)
    assert solution.k == smallest(table, release_of(solution, table)) >= demand.k
    assert solution.suppressed_rows == 0


@settings(max_examples=30)
@given(requests())
def test_no_suppressed_cell_can_be_restored_alone(
    request_: tuple[PlainTable, Demand],
) -> None:
    table, demand = by_persons(*request_)
    release = release_of(wildcards(table, demand), table)
    for values, cells in release.items():
        for j, cell in enumerate(cells or ()):
            if cell is None:
                assert smallest(table, restored(release, values, j)) < demand.k


@settings(max_examples=30)
@given(requests())
def test_cells_that_are_values_of_their_own_are_safe_as_wildcards_too(
    request_: tuple[PlainTable, Demand],
) -> None:
    table, demand = by_persons(*request_)
    solution = released("cells", table, demand)
    assert solution is not None
    assert smallest(table, release_of(solution, table)) >= solution.k


@settings(max_examples=30)
@given(requests(TINY_TABLE))
def test_wildcards_cost_no_less_than_the_best(request_: tuple[PlainTable, Demand]) -> None:
    table, demand = by_persons(*request_)
    best = min(
        loss_of(table, demand, release)
        for release in cell_releases(table)
        if None not in release.values() and smallest(table, release) >= demand.k
    )
    solution = wildcards(table, demand)
    assert solution.bound <= best <= solution.loss + 1e-9
    assert solution.loss == pytest.approx(
        float(loss_of(table, demand, release_of(solution, table))), abs=1e-9
    )
