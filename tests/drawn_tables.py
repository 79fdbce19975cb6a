"""Tables for Hypothesis to draw, in plain values, and what the engine makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from hsr_privacy.frequencies import EquivalenceClasses, FrequencyTable, Labels
from hsr_privacy.hierarchies import HierarchyTable
from tests.pipe_tables import with_population

SECRET = "secret"
Ladder = list[tuple[str, ...]]
"""A hierarchy: per value, what it is called on every level."""


class Row(NamedTuple):
    """One row of a table."""

    values: tuple[str, ...]
    person: int
    secret: str


class Group(NamedTuple):
    """One equivalence class."""

    rows: list[Row]
    population: int


@dataclass(frozen=True)
class Drawn:
    """A table, some levels, and what is released of its classes.

    Attributes:
        columns: the hierarchy of each quasi-identifier.
        secrets: the hierarchy of the sensitive column.
        rows: all rows.
        population: the values of everybody in the population; nobody need be in the table.
        apart: whether the engine's table keeps the population in classes of its own.
        levels: one per column.
        kept: whether a class is released, over and over.
    """

    columns: list[Ladder]
    secrets: Ladder
    rows: list[Row]
    population: list[tuple[str, ...]]
    apart: bool
    levels: tuple[int, ...]
    kept: list[bool]

    @property
    def names(self) -> tuple[str, ...]:
        """Of the quasi-identifiers."""
        return tuple(f"q{j}" for j in range(len(self.columns)))

    def key(self, values: Sequence[str], levels: Sequence[int] | None = None) -> tuple[str, ...]:
        """What values are called on their levels."""
        ladders = ({row[0]: row for row in ladder} for ladder in self.columns)
        return tuple(
            ladder[value][level]
            for ladder, value, level in zip(ladders, values, levels or self.levels, strict=True)
        )

    @cached_property
    def table(self) -> FrequencyTable:
        """For the engine."""
        hierarchies = tuple(
            HierarchyTable.from_rows(name, ladder)
            for name, ladder in zip(self.names, self.columns, strict=True)
        )
        secret = HierarchyTable.from_rows(SECRET, self.secrets)

        def leaves(values: Sequence[str]) -> list[int]:
            return [one.leaf_index[v] for one, v in zip(hierarchies, values, strict=True)]

        rows = FrequencyTable.from_rows(
            hierarchies,
            [leaves(row.values) for row in self.rows],
            person=[row.person for row in self.rows],
            sensitive={SECRET: [secret.leaf_index[row.secret] for row in self.rows]},
            sensitive_hierarchies={SECRET: secret},
        )
        return with_population(
            rows,
            [leaves(one) for one in self.population],
            [1] * len(self.population),
            apart=self.apart,
        )

    @cached_property
    def classes(self) -> EquivalenceClasses:
        """The classes on the levels."""
        return merged(EquivalenceClasses.base(self.table), self.levels)

    @cached_property
    def groups(self) -> list[Group]:
        """The same classes counted row by row, in their order."""
        table, classes = self.table, self.classes
        keys = []
        for n in range(len(classes)):
            leaves = [
                int(table.packing.column(classes.packed, j)[n]) for j in range(len(self.names))
            ]
            values = [one.values[m] for one, m in zip(table.hierarchies, leaves, strict=True)]
            keys.append(self.key([str(value) for value in values]))
        groups: dict[tuple[str, ...], Group] = {key: Group([], 0) for key in keys}
        for row in self.rows:
            groups[self.key(row.values)].rows.append(row)
        for person in self.population:
            key = self.key(person)
            groups[key] = groups[key]._replace(population=groups[key].population + 1)
        return [groups[key] for key in keys]

    @cached_property
    def released(self) -> NDArray[np.bool_]:
        """Per class; some class with rows always is."""
        chosen = np.resize(np.array(self.kept), len(self.classes))
        if not (chosen & (self.classes.rows > 0)).any():
            chosen = np.ones(len(self.classes), bool)
        return chosen

    @property
    def release(self) -> list[Row]:
        """All rows that are released."""
        return [
            row
            for group, released in zip(self.groups, self.released, strict=True)
            for row in group.rows
            if released
        ]

    def only(self, released: NDArray[np.bool_]) -> Drawn:
        """The table without the rows of the other classes; nobody leaves the population."""
        kept = {
            self.key(row.values)
            for group, chosen in zip(self.groups, released, strict=True)
            for row in group.rows
            if chosen
        }
        return replace(self, rows=[row for row in self.rows if self.key(row.values) in kept])


def merged(classes: EquivalenceClasses, levels: Sequence[int]) -> EquivalenceClasses:
    """Classes on coarser levels."""
    nodes = [one.nodes[level] for one, level in zip(classes.table.hierarchies, levels, strict=True)]
    widths = np.array([len(one) for one in nodes], np.int64)
    sizes = np.array([int(one.max()) + 1 for one in nodes], np.int64)
    return classes.merge(Labels(np.concatenate(nodes), np.cumsum(widths) - widths, sizes))


@st.composite
def ladders(
    draw: st.DrawFn, *, most: int = 5, tops: st.SearchStrategy[bool] | None = None
) -> Ladder:
    """A hierarchy, which ends in one top, or perhaps in several."""
    leaves = draw(st.integers(1, most))
    rows = [[f"v{n}"] for n in range(leaves)]
    parents = list(range(leaves))
    for level in range(draw(st.integers(0, 2))):
        step = draw(st.lists(st.integers(0, 2), min_size=max(leaves, 3), max_size=max(leaves, 3)))
        parents = [step[parent] for parent in parents]
        for row, parent in zip(rows, parents, strict=True):
            row.append(f"l{level}n{parent}")
    if tops is None or not draw(tops):
        for row in rows:
            row.append("*")
    return [tuple(row) for row in rows]


@st.composite
def drawn_tables(draw: st.DrawFn, *, most: int = 24) -> Drawn:
    """A table of up to three quasi-identifiers, whose persons may have several rows."""
    columns = draw(st.lists(ladders(most=4), min_size=1, max_size=3))
    secrets = draw(ladders(tops=st.booleans()))
    values = st.tuples(*(st.sampled_from([row[0] for row in ladder]) for ladder in columns))
    persons = draw(st.integers(0, most))
    row = st.builds(
        Row, values, st.integers(0, persons), st.sampled_from([one[0] for one in secrets])
    )
    return Drawn(
        columns,
        secrets,
        rows=draw(st.lists(row, min_size=1, max_size=most)),
        population=draw(st.lists(values, max_size=8)),
        apart=draw(st.booleans()),
        levels=tuple(draw(st.integers(0, len(ladder[0]) - 1)) for ladder in columns),
        kept=draw(st.lists(st.booleans(), min_size=1, max_size=5)),
    )
