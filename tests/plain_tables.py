"""Plain tables as the engine takes them, some drawn from a seed, and the check that both agree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from hsr_privacy.anonymity.search import search
from hsr_privacy.anonymity.solution import Solution
from hsr_privacy.errors import BudgetExceeded
from hsr_privacy.frequencies import (
    EquivalenceClasses,
    FrequencyTable,
    Repeats,
    SensitiveHistogram,
)
from hsr_privacy.hierarchies import HierarchyTable
from hsr_privacy.models import (
    AllSubsets,
    AlphaAnonymity,
    DistinctLDiversity,
    KAnonymity,
    KMap,
    Merging,
    PrivacyModel,
    Scenario,
    TCloseness,
)
from tests.plain_optimum import (
    Demand,
    Loss,
    Optimum,
    PlainRow,
    PlainTable,
    Values,
    plain_optimum,
)

SECRET = "secret"
LOSSES: tuple[Loss, ...] = ("additive", "entropy", "discernibility", "class-size")


@dataclass(frozen=True)
class OddRows:
    """Every class has an odd number of rows: merging breaks it, and nothing follows from it."""

    name = "odd rows"
    column = None
    merging = Merging.NOTHING
    wide = False
    wanted = 1.0

    def check(self, table: FrequencyTable) -> None:
        """Nothing is impossible beforehand."""

    def satisfied(
        self, classes: EquivalenceClasses, released: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        odd: NDArray[np.bool_] = classes.rows % 2 == 1
        return odd

    def reached(self, classes: EquivalenceClasses, released: NDArray[np.bool_]) -> float:
        return float((classes.rows[released & (classes.rows > 0)] % 2).min())


def hierarchies_of(table: PlainTable) -> tuple[HierarchyTable, ...]:
    """The hierarchies, cut at their floors."""
    floors = table.floors or (0,) * len(table.columns)
    return tuple(
        HierarchyTable.from_rows(f"q{j}", rows).starting_at(floor)
        for j, (rows, floor) in enumerate(zip(table.columns, floors, strict=True))
    )


def codes_of(table: PlainTable, values: list[Values]) -> NDArray[np.int64]:
    """Values as leaves."""
    index = [{row[0]: leaf for leaf, row in enumerate(rows)} for rows in table.columns]
    codes = [[leaves[v] for leaves, v in zip(index, one, strict=True)] for one in values]
    return np.array(codes, np.int64).reshape(len(values), len(table.columns))


def frequencies_of(table: PlainTable) -> FrequencyTable:
    """What the engine is given."""
    if table.population:
        return _with_population(table)
    return FrequencyTable.from_rows(
        hierarchies_of(table),
        codes_of(table, [row.values for row in table.rows]),
        person=[row.person for row in table.rows],
        sensitive={SECRET: [row.secret for row in table.rows]},
    )


def _with_population(table: PlainTable) -> FrequencyTable:
    keys, groups = list(table.finest), list(table.finest.values())
    places: dict[int, list[int]] = {}
    for place, group in enumerate(groups):
        for person in group.persons:
            places.setdefault(person, []).append(place)
    repeats = [(p, place) for p, many in places.items() if len(many) > 1 for place in many]
    pairs = [(c, s, n) for c, group in enumerate(groups) for s, n in group.secrets.items()]
    return FrequencyTable.of_codes(
        hierarchies_of(table),
        codes_of(table, keys),
        np.array([group.rows for group in groups]),
        np.array([len(group.persons) for group in groups]),
        repeats=Repeats(*np.array(repeats, np.int32).reshape(-1, 2).T) if repeats else None,
        sensitive={SECRET: SensitiveHistogram(*np.array(pairs, np.int64).reshape(-1, 3).T)},
        measures={"population": np.array([group.population for group in groups])},
    )


def models_of(demand: Demand) -> list[PrivacyModel]:
    """The models that ask the same."""
    models: list[PrivacyModel] = [KAnonymity(demand.k), DistinctLDiversity(SECRET, demand.l)]
    if demand.k_map:
        models.append(KMap(demand.k_map))
    if demand.alpha is not None:
        models.append(AlphaAnonymity(SECRET, float(demand.alpha)))
    if demand.odd:
        models.append(OddRows())
    if demand.scenario is not None:
        columns, k = demand.scenario
        models.append(Scenario("told", tuple(f"q{j}" for j in columns), k))
    if demand.subsets is not None:
        models.append(AllSubsets(*demand.subsets))
    if demand.t is not None:
        models.append(TCloseness(SECRET, float(demand.t)))
    return models


def searched(table: FrequencyTable, demand: Demand) -> Solution | None:
    """What the search answers; None if nothing keeps to the budget."""
    try:
        return search(
            table,
            models=models_of(demand),
            max_suppressed=demand.share,
            weights=demand.weights or None,
            loss=demand.loss,
        )
    except BudgetExceeded:
        return None


def suppressed_values(solution: Solution, table: PlainTable) -> set[Values]:
    """The values of the suppressed rows."""
    values = [[row[0] for row in rows] for rows in table.columns]
    gone = solution.table.codes[solution.suppressed & (solution.table.rows > 0)]
    return {tuple(values[j][leaf] for j, leaf in enumerate(row)) for row in gone.tolist()}


def expected_values(optimum: Optimum, table: PlainTable) -> set[Values]:
    """The values of the rows that the optimum suppresses."""
    keys = {
        values: tuple(
            climb[v][n] for climb, v, n in zip(table.climbs, values, optimum.levels, strict=True)
        )
        for values, group in table.finest.items()
        if group.rows
    }
    return {values for values, key in keys.items() if key not in optimum.released}


def assert_optimal(table: PlainTable, demand: Demand) -> None:
    """The search finds what trying everything finds: levels, loss, suppressed rows."""
    optimum, solution = plain_optimum(table, demand), searched(frequencies_of(table), demand)
    assert (optimum is None) == (solution is None)
    if optimum is None or solution is None:
        return
    assert solution.loss == pytest.approx(float(optimum.loss), rel=1e-9, abs=1e-9)
    assert solution.suppressed_rows == optimum.suppressed
    assert tuple(solution.levels.values()) == optimum.levels
    assert suppressed_values(solution, table) == expected_values(optimum, table)
    assert solution.gap == 0


Kind = str
KINDS: tuple[Kind, ...] = ("persons", "repeated", "distinct", "constant", "missing", "population")


def drawn_table(seed: int, kind: Kind, columns: int | None = None) -> PlainTable:
    """A random table.

    Args:
        seed: of the generator.
        kind: ``persons`` where every row is a person; ``repeated`` where persons stand in several
            rows; ``distinct`` where no two rows are alike; ``constant`` or ``missing`` where one
            column holds one value or none; ``population`` where a population is known.
        columns: number of columns; 2-4 if left out.
    """
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    columns = columns or int(rng.integers(2, 5))
    hierarchies = [_drawn_hierarchy(rng) for _ in range(columns)]
    if kind in {"constant", "missing"}:
        hierarchies[0] = _drawn_hierarchy(rng, missing=kind == "missing")
    count = int(rng.integers(12, 60))
    values = [
        tuple(rows[min(int(rng.geometric(0.35)), len(rows)) - 1][0] for rows in hierarchies)
        for _ in range(count)
    ]
    if kind == "constant":
        values = [(hierarchies[0][0][0], *one[1:]) for one in values]
    if kind == "missing":
        values = [(None, *one[1:]) for one in values]
    if kind == "distinct":
        values = list(dict.fromkeys(values))
    persons = rng.integers(0, len(values), len(values)).tolist()
    if kind not in {"repeated", "population"}:
        persons = list(range(len(values)))
    secrets = (rng.geometric(0.4, len(values)) % 4).tolist()
    rows = [PlainRow(*one) for one in zip(values, persons, secrets, strict=True)]
    population: dict[Values, int] = {}
    if kind == "population":
        for _ in range(3 * count):
            one = tuple(rows[int(rng.integers(len(rows)))][0] for rows in hierarchies)
            population[one] = population.get(one, 0) + int(rng.integers(1, 4))
    cut = rng.random() < 0.3
    floors = tuple(int(rng.integers(0, 2)) if cut else 0 for _ in hierarchies)
    return PlainTable(hierarchies, rows, floors, population)


def _drawn_hierarchy(rng: np.random.Generator, *, missing: bool | None = None) -> list[Values]:
    """Up to seven values and four levels; the last value may be a missing one."""
    leaves = int(rng.integers(2, 8))
    rows: list[list[str | None]] = [[f"v{n}"] for n in range(leaves)]
    if missing or (missing is None and rng.random() < 0.3):
        rows[-1] = [None]
    parents = list(range(leaves))
    for level in range(int(rng.integers(0, 3))):
        above = rng.integers(0, max(2, len(set(parents)) // 2 + 1), max(parents) + 1).tolist()
        parents = [above[parent] for parent in parents]
        for row, parent in zip(rows, parents, strict=True):
            row.append(f"l{level}n{parent}")
    top: list[str | None] = ["*"] if rng.random() < 0.9 else []
    full: list[Values] = [(*row, *top) for row in rows]
    return full if len(full[0]) > 1 else [(*row, "*") for row in full]


def drawn_demand(seed: int, table: PlainTable) -> Demand:
    """What to ask of a random table, so that it is neither trivial nor always impossible."""
    rng = np.random.default_rng([seed, 99])
    persons = len({row.person for row in table.rows})
    secrets = len({row.secret for row in table.rows})
    demand = Demand(
        k=min(int(rng.integers(1, 6)), persons),
        l=min(int(rng.integers(1, 4)), secrets),
        share=float(rng.choice([0.0, 0.01, 0.05, 0.2, 0.5, 1.0])),
        weights=tuple(rng.choice([0.0, 0.1, 0.2, 0.3, 1.0, 2.5], len(table.columns)).tolist()),
        loss=LOSSES[seed % len(LOSSES)],
    )
    if not any(demand.weights) or seed % 3 == 0:
        demand = replace(demand, weights=())
    if table.population:
        demand = replace(demand, k=1, k_map=int(rng.integers(2, 12)))
    more = int(rng.integers(0, 7))
    if more == 1:
        demand = replace(demand, t=Fraction(int(rng.integers(1, 9)), 20))
    if more == 2:
        demand = replace(demand, alpha=Fraction(int(rng.integers(8, 19)), 20))
    if more == 3:
        demand = replace(demand, odd=True)
    if more == 4:
        known = tuple(sorted(rng.permutation(len(table.columns))[:2].tolist()))
        demand = replace(demand, k=1, scenario=(known, min(int(rng.integers(2, 7)), persons)))
    if more == 5:
        demand = replace(demand, t=Fraction(3, 10), k=min(2, persons), l=1)
    if more == 6:
        size = int(rng.integers(1, len(table.columns) + 1))
        demand = replace(demand, k=1, subsets=(size, min(int(rng.integers(2, 6)), persons)))
    return demand
