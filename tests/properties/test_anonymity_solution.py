"""What a full-domain solution says of itself, against plain recounts of the rows it releases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import cache
from itertools import combinations

import pytest

from hsr_privacy.anonymity.solution import Solution
from tests.plain_optimum import (
    TINY,
    Demand,
    Group,
    Optimum,
    PlainTable,
    Values,
    distance,
    plain_optimum,
)
from tests.plain_tables import KINDS, drawn_demand, drawn_table, frequencies_of, searched

Count = int | Fraction
SEEDS = [(kind, seed) for kind in KINDS for seed in range(10)]
MANY = [(kind, seed) for kind in KINDS for seed in range(10, 80)]


@cache
def solved(kind: str, seed: int) -> tuple[PlainTable, Demand, Optimum, Solution]:
    """The first of ten random tables that has a solution, and what was asked of it."""
    for number in range(11 * seed, 11 * seed + 10):
        table = drawn_table(number, kind)
        demand = drawn_demand(number, table)
        optimum, solution = plain_optimum(table, demand), searched(frequencies_of(table), demand)
        if optimum is not None and solution is not None:
            return table, demand, optimum, solution
    raise AssertionError("no table of the ten has a solution")


def persons(groups: list[Group]) -> int:
    return len(set().union(*(group.persons for group in groups)))


@pytest.mark.parametrize(("kind", "seed"), SEEDS)
def test_losses_are_those_of_a_recount(kind: str, seed: int) -> None:
    _, demand, optimum, solution = solved(kind, seed)

    assert solution.loss_name == demand.loss
    assert solution.loss == pytest.approx(float(optimum.loss), rel=1e-12, abs=1e-12)
    assert solution.granularity == pytest.approx(1 - float(optimum.additive), abs=1e-12)
    assert solution.bound == solution.loss


@pytest.mark.parametrize(("kind", "seed"), SEEDS)
def test_classes_and_persons_are_those_of_a_recount(kind: str, seed: int) -> None:
    table, _, optimum, solution = solved(kind, seed)
    sizes = Counter(len(group.persons) for group in optimum.kept)

    assert solution.rows == len(table.rows)
    assert solution.suppressed_rows == sum(group.rows for group in optimum.gone)
    assert solution.suppressed_persons == persons(optimum.gone)
    assert solution.suppressed_cells == 0
    assert solution.classes == len(optimum.kept)
    assert solution.class_sizes == dict(sorted(sizes.items()))
    assert list(solution.class_sizes) == sorted(sizes)
    assert solution.k == min(sizes, default=0)


@pytest.mark.parametrize(("kind", "seed"), SEEDS)
def test_released_texts_are_those_of_the_levels(kind: str, seed: int) -> None:
    table, _, optimum, solution = solved(kind, seed)
    released = Counter(
        {key: group.rows for key, group in optimum.groups.items() if key in optimum.released}
    )
    columns = [solution.labels_of(name) for name in solution.levels]

    found: Counter[Values] = Counter()
    for text, rows, gone in zip(
        zip(*columns, strict=True), solution.table.rows.tolist(), solution.suppressed, strict=True
    ):
        found[text] += 0 if gone else rows

    assert +found == +released
    kept = len(table.rows) - optimum.suppressed
    for name, level in solution.levels.items():
        assert solution.rows_per_level(name) == ({level: kept} if kept else {})


@pytest.mark.parametrize(("kind", "seed"), SEEDS)
def test_verdicts_are_those_of_a_recount(kind: str, seed: int) -> None:
    assert_verdicts(kind, seed)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "seed"), MANY)
def test_many_verdicts_are_those_of_a_recount(kind: str, seed: int) -> None:
    assert_verdicts(kind, seed)


def assert_verdicts(kind: str, seed: int) -> None:
    """What every model reached in the release, and what it would have failed without suppression."""
    _, demand, optimum, solution = solved(kind, seed)
    everything = {key: group for key, group in optimum.groups.items() if group.rows}
    release = {key: group for key, group in everything.items() if key in optimum.released}
    asked = demands(demand)
    assert [one.model for one in solution.verdicts] == list(asked)
    for verdict in solution.verdicts:
        measure, wanted, at_least = asked[verdict.model]
        failing = [
            group
            for key, group in everything.items()
            if (
                measure(key, everything) < wanted
                if at_least
                else measure(key, everything) > wanted + TINY
            )
        ]
        values = [measure(key, release) for key in release]
        assert verdict.failing_classes == len(failing)
        assert verdict.failing_rows == sum(group.rows for group in failing)
        if not values:
            assert verdict.reached is None
            continue
        worst = float(min(values) if at_least else max(values))
        assert verdict.reached == pytest.approx(worst, abs=1e-12)
        assert verdict.wanted == float(wanted)


Measure = Callable[[Values, Mapping[Values, Group]], Count]


def alike(key: Values, groups: Mapping[Values, Group], places: Iterable[int]) -> int:
    """The persons of all groups that say the same in some columns."""
    known = list(places)
    return persons(
        [group for other, group in groups.items() if all(other[j] == key[j] for j in known)]
    )


def most_frequent(group: Group) -> Fraction:
    """The largest share of one secret."""
    return Fraction(max(group.secrets.values()), group.rows)


def demands(demand: Demand) -> dict[str, tuple[Measure, Count, bool]]:
    """Per model, in order: its measure of a group, the bound, and whether it is the least."""

    def fitting(key: Values, groups: Mapping[Values, Group]) -> int:
        assert demand.scenario is not None
        return alike(key, groups, demand.scenario[0])

    def fitting_any(key: Values, groups: Mapping[Values, Group]) -> int:
        assert demand.subsets is not None
        subsets = combinations(range(len(key)), demand.subsets[0])
        return min(alike(key, groups, places) for places in subsets)

    def far(key: Values, groups: Mapping[Values, Group]) -> Fraction:
        overall: Counter[int] = Counter()
        for group in groups.values():
            overall += group.secrets
        return distance(groups[key], overall)

    size, known = (demand.subsets or (0, 0))[0], demand.scenario
    asked: list[tuple[str, Measure, Count | None, bool]] = [
        ("k-anonymity", lambda key, groups: len(groups[key].persons), demand.k, True),
        ("distinct l-diversity", lambda key, groups: len(groups[key].secrets), demand.l, True),
        ("k-map", lambda key, groups: groups[key].in_population, demand.k_map or None, True),
        ("alpha", lambda key, groups: most_frequent(groups[key]), demand.alpha, False),
        ("odd rows", lambda key, groups: groups[key].rows % 2, 1 if demand.odd else None, True),
        ("scenario told", fitting, known and known[1], True),
        (f"k of all {size}-subsets", fitting_any, demand.subsets and demand.subsets[1], True),
        ("t-closeness (equal)", far, demand.t, False),
    ]
    return {
        name: (measure, wanted, least)
        for name, measure, wanted, least in asked
        if wanted is not None
    }
