"""Local recoding, recounted from what it releases, and its bound against trying everything."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hsr_privacy.anonymity.local import recode_locally
from hsr_privacy.anonymity.solution import Solution
from tests.plain_optimum import Demand, PlainTable
from tests.plain_release import (
    TINY_TABLE,
    groups_of,
    least_loss,
    limit_of,
    local_releases,
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
from tests.plain_tables import KINDS, drawn_demand, drawn_table, frequencies_of, searched

FEW = 8
SEEDS = [*range(FEW), *(pytest.param(n, marks=pytest.mark.slow) for n in range(FEW, 60))]


def locally(table: PlainTable, demand: Demand) -> Solution | None:
    return made(recode_locally, table, demand)


def assert_told_truly(table: PlainTable, demand: Demand, solution: Solution) -> None:
    """What the solution says of itself is what its release shows."""
    release, texts = release_of(solution, table), texts_of(solution, table)
    real = {values: texts[values] for values in texts if table.finest[values].rows}
    groups = groups_of(table, texts)
    assert texts == texts_by(table, release) or solution.suppressed.any()
    assert satisfies(groups, demand)
    gone = suppressed_rows(table, release)
    assert gone == solution.suppressed_rows <= limit_of(table, demand)
    assert gone == sum(table.finest[values].rows for values, said in real.items() if said is None)
    assert solution.loss == pytest.approx(float(loss_of(table, demand, release)), abs=1e-9)
    assert solution.granularity == pytest.approx(1 - solution.loss, abs=1e-9)
    assert solution.k == min((len(group.persons) for group in groups.values()), default=0)
    assert solution.classes == len(groups)
    assert 0 <= solution.bound <= solution.loss


@settings(max_examples=150)
@given(requests())
def test_a_release_is_what_was_asked_for_and_what_it_is_told_to_be(
    request_: tuple[PlainTable, Demand],
) -> None:
    table, demand = request_
    solution = locally(table, demand)
    if solution is not None:
        assert_told_truly(table, demand, solution)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", SEEDS)
def test_larger_tables_are_told_truly(seed: int, kind: str) -> None:
    table = drawn_table(seed, kind)
    demand = replace(drawn_demand(seed, table), odd=False, scenario=None, subsets=None)
    solution = locally(table, demand)
    if solution is not None:
        assert_told_truly(table, demand, solution)


@settings(max_examples=60)
@given(requests(TINY_TABLE))
def test_the_bound_is_below_the_best_and_the_best_below_what_was_found(
    request_: tuple[PlainTable, Demand],
) -> None:
    table, demand = request_
    best, solution = least_loss(table, demand, local_releases(table)), locally(table, demand)
    assert solution is None or best is not None
    if solution is not None and best is not None:
        assert solution.bound <= best + 1e-9
        assert best <= solution.loss + 1e-9


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", SEEDS)
def test_it_loses_no_more_than_one_level_per_column(seed: int, kind: str) -> None:
    table = drawn_table(seed, kind)
    demand = replace(drawn_demand(seed, table), odd=False, scenario=None, subsets=None)
    demand = replace(demand, loss="additive")
    alone, solution = searched(frequencies_of(table), demand), locally(table, demand)
    if alone is not None:
        assert solution is not None
        assert solution.loss <= alone.loss + 1e-9


@settings(max_examples=60)
@given(requests(TINY_TABLE))
def test_k_and_l_are_kept_wherever_that_is_possible(
    request_: tuple[PlainTable, Demand],
) -> None:
    table, demand = request_
    assert locally(table, replace(demand, t=None, alpha=None)) is not None


@settings(max_examples=60)
@given(requests(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(
    request_: tuple[PlainTable, Demand], random: Random
) -> None:
    table, demand = request_
    rows = list(table.rows)
    random.shuffle(rows)
    one, other = locally(table, demand), locally(replace(table, rows=rows), demand)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert texts_of(one, table) == texts_of(other, table)
        assert (one.loss, one.bound) == (other.loss, other.bound)


@settings(max_examples=60)
@given(requests())
def test_a_released_table_is_left_as_it_is(request_: tuple[PlainTable, Demand]) -> None:
    table, demand = request_
    demand = replace(demand, weights=(), t=None)
    solution = locally(table, demand)
    if solution is None or solution.suppressed.all():
        return
    again = locally(read_again(solution, table), replace(demand, share=0.0))
    assert again is not None
    assert again.loss == 0
    assert again.suppressed_rows == 0


@settings(max_examples=40)
@given(requests())
def test_who_may_not_be_suppressed_joins_a_class(request_: tuple[PlainTable, Demand]) -> None:
    table, demand = request_
    solution = locally(table, replace(demand, share=0.0))
    assert solution is None or not solution.suppressed.any()


def test_the_same_table_gives_the_same_release() -> None:
    table = drawn_table(3, "repeated")
    demand = Demand(k=3)
    one, other = locally(table, demand), locally(table, demand)
    assert one is not None
    assert other is not None
    assert texts_of(one, table) == texts_of(other, table)
    assert frequencies_of(table).classes == len(one.suppressed)
