"""What a solution releases, read cell by cell in plain Python, and the best release by trying all."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import product

from hypothesis import strategies as st

from hsr_privacy.anonymity.solution import Solution
from hsr_privacy.errors import BudgetExceeded
from hsr_privacy.models import DistinctLDiversity, PrivacyModel
from tests.plain_optimum import Demand, Group, Label, Levels, PlainRow, PlainTable, Values, distance
from tests.plain_tables import frequencies_of, models_of

TINY = Fraction(1, 10**9)
Cell = int | None
"""A level, or a suppressed cell."""
Cells = tuple[Cell, ...]
"""What is released of one combination of values: a cell per column."""
Release = Mapping[Values, Cells | None]
"""What becomes of every combination of values; None where its rows are suppressed."""


def release_of(solution: Solution, table: PlainTable) -> Release:
    """What a solution does to every combination of values."""
    levels = [solution.levels_of(name) for name in solution.table.names]
    found: dict[Values, Cells | None] = {}
    for place, values in enumerate(combinations_of(solution, table)):
        cells: list[Cell] = [int(level[place]) for level in levels]
        if solution.masked is not None:
            hidden = solution.masked[place].tolist()
            cells = [None if one else cell for one, cell in zip(hidden, cells, strict=True)]
        found[values] = None if solution.suppressed[place] else tuple(cells)
    return found


def combinations_of(solution: Solution, table: PlainTable) -> list[Values]:
    """The values of each base class."""
    values = [[row[0] for row in rows] for rows in table.columns]
    return [
        tuple(values[j][leaf] for j, leaf in enumerate(codes))
        for codes in solution.table.codes.tolist()
    ]


def texts_of(solution: Solution, table: PlainTable) -> dict[Values, Values | None]:
    """What the file says of every combination of values, by the solution's own labels."""
    labels = zip(*(solution.labels_of(name) for name in solution.table.names), strict=True)
    said = zip(combinations_of(solution, table), labels, solution.suppressed, strict=True)
    return {values: None if gone else texts for values, texts, gone in said}


def groups_of(table: PlainTable, texts: Mapping[Values, Values | None]) -> dict[Values, Group]:
    """The released rows by what they say."""
    groups: dict[Values, Group] = {}
    for values, said in texts.items():
        if said is None:
            continue
        finer, group = table.finest[values], groups.setdefault(said, Group())
        group.rows += finer.rows
        group.persons |= finer.persons
        group.population += finer.population
        group.secrets += finer.secrets
    return {said: group for said, group in groups.items() if group.rows}


def texts_by(table: PlainTable, release: Release) -> dict[Values, Values | None]:
    """What the file says, by the hierarchies; a suppressed cell says what the last level says."""
    return {
        values: None
        if cells is None
        else tuple(
            climb[value][-1 if cell is None else cell]
            for climb, value, cell in zip(table.climbs, values, cells, strict=True)
        )
        for values, cells in release.items()
    }


def satisfies(groups: Mapping[Values, Group], demand: Demand) -> bool:
    """Whether every group is what was asked for; distances are those from all released rows."""
    overall: dict[int, int] = {}
    for group in groups.values():
        for secret, rows in group.secrets.items():
            overall[secret] = overall.get(secret, 0) + rows
    return all(
        len(group.persons) >= demand.k
        and len(group.secrets) >= demand.l
        and group.in_population >= demand.k_map
        and (demand.alpha is None or _largest(group) <= demand.alpha + TINY)
        and (demand.t is None or distance(group, overall) <= demand.t + TINY)
        for group in groups.values()
    )


def loss_of(table: PlainTable, demand: Demand, release: Release) -> Fraction:
    """The weighted mean over cells of the share of values that each covers besides one."""
    weights = [Fraction(str(one)) for one in demand.weights or (1.0,) * len(table.columns)]
    lost = Fraction(0)
    for values, cells in release.items():
        for j, weight in enumerate(weights):
            share = Fraction(1)
            others = max(len(table.columns[j]) - 1, 1)
            if cells is not None:
                cell = cells[j]
                level = len(table.covers[j]) - 1 if cell is None else cell
                label = table.climbs[j][values[j]][level]
                share = Fraction(table.covers[j][level][label] - 1, others)
            lost += weight * share * table.finest[values].rows
    return lost / len(table.rows) / sum(weights)


def suppressed_rows(table: PlainTable, release: Release) -> int:
    """Rows that are removed."""
    return sum(table.finest[values].rows for values, cells in release.items() if cells is None)


def limit_of(table: PlainTable, demand: Demand) -> int:
    """Rows that may be removed."""
    return math.floor(Decimal(str(demand.share)) * len(table.rows))


def local_releases(table: PlainTable) -> Iterator[Release]:
    """Every release in which each combination has levels of its own, or is suppressed."""
    nodes: list[Cells | None] = [*product(*(range(len(one)) for one in table.covers)), None]
    yield from _releases(table, nodes)


def cell_releases(table: PlainTable, levels: Levels | None = None) -> Iterator[Release]:
    """Every release in which each combination has suppressed cells of its own, on some levels."""
    levels = levels or (0,) * len(table.columns)
    patterns = product(*((level, None) for level in levels))
    yield from _releases(table, [*patterns, None])


def joint_releases(table: PlainTable) -> Iterator[Release]:
    """Every release on one level per column with suppressed cells."""
    for levels in product(*(range(len(one)) for one in table.covers)):
        yield from cell_releases(table, levels)


def _releases(table: PlainTable, choices: Sequence[Cells | None]) -> Iterator[Release]:
    values = list(table.finest)
    for chosen in product(choices, repeat=len(values)):
        yield dict(zip(values, chosen, strict=True))


def least_loss(table: PlainTable, demand: Demand, releases: Iterator[Release]) -> Fraction | None:
    """The loss of the best release; None if none will do."""
    limit = limit_of(table, demand)
    found = [
        loss_of(table, demand, release)
        for release in releases
        if suppressed_rows(table, release) <= limit
        and satisfies(groups_of(table, texts_by(table, release)), demand)
    ]
    return min(found, default=None)


def made(
    method: Callable[..., Solution], table: PlainTable, demand: Demand, **more: object
) -> Solution | None:
    """What a method answers; None if nothing keeps to the budget."""
    models = [model for model in models_of(demand) if demand.l > 1 or not is_diversity(model)]
    try:
        return method(
            frequencies_of(table),
            models=models,
            max_suppressed=demand.share,
            weights=demand.weights or None,
            **more,
        )
    except BudgetExceeded:
        return None


def is_diversity(model: PrivacyModel) -> bool:
    """Whether a model asks for distinct values; where it asks for one, k alone is counted faster."""
    return isinstance(model, DistinctLDiversity)


def read_again(solution: Solution, table: PlainTable) -> PlainTable:
    """The released table, whose values are what the file says."""
    texts = texts_of(solution, table)
    rows = [
        replace(row, values=said) for row in table.rows if (said := texts[row.values]) is not None
    ]
    columns = [
        [(text, "*") for text in dict.fromkeys(row.values[j] for row in rows)]
        for j in range(len(table.columns))
    ]
    return PlainTable(columns, rows)


def _largest(group: Group) -> Fraction:
    return Fraction(max(group.secrets.values(), default=0), max(group.rows, 1))


@dataclass(frozen=True)
class Size:
    """How large a drawn table is at most."""

    columns: int = 3
    values: int = 6
    levels: int = 3
    combinations: int = 40
    rows: int = 40


TABLE = Size()
TINY_TABLE = Size(columns=2, values=3, levels=2, combinations=4, rows=12)


@st.composite
def plain_tables(draw: st.DrawFn, size: Size = TABLE, *, plain_texts: bool = False) -> PlainTable:
    """A table whose persons may stand in several rows, and whose texts may return on other levels.

    Args:
        draw: of Hypothesis.
        size: at most.
        plain_texts: whether every text stands for the same values on all levels.
    """
    columns = draw(
        st.lists(_hierarchies(size, plain_texts=plain_texts), min_size=1, max_size=size.columns)
    )
    values = st.tuples(*(st.sampled_from([row[0] for row in rows]) for rows in columns))
    distinct = draw(st.lists(values, min_size=1, max_size=size.combinations, unique=True))
    count = draw(st.integers(len(distinct), size.rows))
    more = draw(
        st.lists(
            st.sampled_from(distinct),
            min_size=count - len(distinct),
            max_size=count - len(distinct),
        )
    )
    persons = list(range(count))
    if draw(st.booleans()):
        persons = draw(st.lists(st.integers(0, count), min_size=count, max_size=count))
    secrets = draw(st.lists(st.integers(0, 2), min_size=count, max_size=count))
    rows = [PlainRow(*one) for one in zip([*distinct, *more], persons, secrets, strict=True)]
    return PlainTable(columns, rows)


@st.composite
def _hierarchies(draw: st.DrawFn, size: Size, *, plain_texts: bool) -> list[Values]:
    leaves = draw(st.integers(1, size.values))
    rows: list[list[Label]] = [[f"v{n}"] for n in range(leaves)]
    if draw(st.booleans()):
        rows[-1] = [None]
    parents = list(range(leaves))
    for level in range(draw(st.integers(0, size.levels - 1))):
        nodes = sorted(set(parents))
        above = {node: draw(st.integers(0, max(1, len(nodes) // 2))) for node in nodes}
        parents = [above[parent] for parent in parents]
        returning = not plain_texts and draw(st.booleans())
        for row, parent in zip(rows, parents, strict=True):
            row.append(f"v{parent}" if returning else f"l{level}n{parent}")
    return [(*row, "*") for row in rows]


@st.composite
def demands(draw: st.DrawFn, table: PlainTable) -> Demand:
    """What can be asked of a table."""
    persons = len({row.person for row in table.rows})
    secrets = len({row.secret for row in table.rows})
    weights: list[float] = draw(
        st.lists(
            st.sampled_from([0.0, 0.5, 1.0, 2.5]),
            min_size=len(table.columns),
            max_size=len(table.columns),
        )
    )
    return Demand(
        k=draw(st.integers(1, min(5, persons))),
        l=draw(st.integers(1, min(2, secrets))),
        t=draw(st.sampled_from([None, None, None, Fraction(1, 3), Fraction(1, 2)])),
        alpha=draw(st.sampled_from([None, None, None, Fraction(4, 5)])) if secrets > 1 else None,
        share=draw(st.sampled_from([0.0, 0.0, 0.1, 0.29, 1.0])),
        weights=tuple(weights) if any(weights) else (),
    )


@st.composite
def requests(
    draw: st.DrawFn, size: Size = TABLE, *, plain_texts: bool = False
) -> tuple[PlainTable, Demand]:
    """A table and what is asked of it."""
    table = draw(plain_tables(size, plain_texts=plain_texts))
    return table, draw(demands(table))


def agreeing_persons(table: PlainTable, release: Release) -> dict[Values, int]:
    """Per released combination, rows that agree with it where neither cell is suppressed."""
    said = {
        values: [
            "anything" if cell is None else [climb[value][cell]]
            for climb, value, cell in zip(table.climbs, values, cells, strict=True)
        ]
        for values, cells in release.items()
        if cells is not None
    }
    found = {}
    for values, mine in said.items():
        agreeing = [
            others
            for others, theirs in said.items()
            if all(
                "anything" in {str(one), str(other)} or one == other
                for one, other in zip(mine, theirs, strict=True)
            )
        ]
        found[values] = sum(table.finest[others].rows for others in agreeing)
    return found
