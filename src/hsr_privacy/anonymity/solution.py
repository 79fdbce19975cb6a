"""A solution: the levels that were chosen, what they cost, and what is suppressed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.anonymity.losses import ByClasses, ColumnCosts, LossName, column_costs
from hsr_privacy.anonymity.wildcards import wildcard_k
from hsr_privacy.frequencies import EquivalenceClasses, FrequencyTable, recoded
from hsr_privacy.models import PrivacyModel, Verdict, failing, verdicts

Method = Literal["full-domain", "local", "cells", "joint"]
"""How a table is recoded: every column on one level; every class on levels of its own; cells
suppressed and nothing generalized; columns on one level each, and cells suppressed."""

Reading = Literal["own-category", "wildcard"]
"""What a suppressed cell counts as: a value like others, which is safe; or as whatever it could be,
which is how some peers count and only for comparison."""

Levels = NDArray[np.int8]
Bools = NDArray[np.bool_]
Int64s = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Solution:
    """A recoding of every column and what it suppresses; no cell values.

    Attributes:
        method: how the table was recoded.
        levels: per column, the level in its hierarchy as the frequency table holds it; where cells
            stand on different levels, the coarsest that is no suppressed cell.
        level_names: per column, the name of that level.
        loss: what the search minimized; for ``additive`` and ``entropy`` a share, 0-1.
        loss_name: which loss that is.
        granularity: share of the information that is kept: 1 - additive loss.
        bound: no solution of this method loses less.
        rows: rows of the table.
        suppressed_rows: rows that are removed.
        suppressed_persons: persons of whom at least one row is removed.
        suppressed_cells: cells of released rows that are suppressed one by one.
        classes: released equivalence classes.
        k: persons in the smallest released class; 0 if nothing is released.
        class_sizes: number of released classes by their size in persons, smallest first.
        verdicts: what every model says.
        nodes: nodes of the lattice.
        nodes_checked: nodes whose classes were counted.
        seconds: that the search took.
        table: the frequency table.
        suppressed: bool, shape (base classes,): whether the rows of the class are removed.
        cells: int8, shape (base classes, columns): the level of every cell; None where all cells of
            a column stand on one level.
        masked: bool, shape (base classes, columns): cells suppressed one by one; None if none is.
        reading: what a suppressed cell counted as.
    """

    method: Method
    levels: Mapping[str, int]
    level_names: Mapping[str, str]
    loss: float
    loss_name: LossName
    granularity: float
    bound: float
    rows: int
    suppressed_rows: int
    suppressed_persons: int
    suppressed_cells: int
    classes: int
    k: int
    class_sizes: Mapping[int, int]
    verdicts: tuple[Verdict, ...]
    nodes: int
    nodes_checked: int
    seconds: float
    table: FrequencyTable = field(repr=False)
    suppressed: Bools = field(repr=False)
    cells: Levels | None = field(default=None, repr=False)
    masked: Bools | None = field(default=None, repr=False)
    reading: Reading = "own-category"

    @property
    def gap(self) -> float:
        """How far the loss can be from the least; 0 is proof of the optimum."""
        return max(self.loss - self.bound, 0.0)

    def levels_of(self, column: str) -> Levels:
        """int8, per base class, the level of this column.

        Raises:
            KeyError: there is no such column.
        """
        level = self.levels[column]
        if self.cells is None:
            return np.full(self.table.classes, level, np.int8)
        return self.cells[:, self.table.names.index(column)]

    def labels_of(self, column: str) -> list[str | None]:
        """Per base class, the text to release in this column, also where it is suppressed."""
        level_of = self.levels_of(column)
        place = self.table.names.index(column)
        hierarchy, leaves = self.table.hierarchies[place], self.table.leaves_of(place)
        texts = np.empty(self.table.classes, object)
        for level in np.unique(level_of).tolist():
            chosen = level_of == level
            labels = np.array([*hierarchy.labels[level], None], object)[:-1]
            texts[chosen] = labels[hierarchy.nodes[level][leaves[chosen]]]
        found: list[str | None] = texts.tolist()
        return found

    def rows_per_level(self, column: str) -> dict[int, int]:
        """Released rows by the level that this column has in them."""
        released = ~self.suppressed
        counts = np.bincount(
            self.levels_of(column)[released], weights=self.table.rows[released]
        ).astype(int)
        return {level: int(rows) for level, rows in enumerate(counts) if rows}


@dataclass(frozen=True)
class Found:
    """What a search has to say of itself.

    Attributes:
        method: how the table was recoded.
        loss_name: what was minimized.
        weights: of each column.
        bound: no solution of this method loses less; None if the solution is the optimum.
        nodes: nodes of the lattice.
        nodes_checked: nodes whose classes were counted.
        seconds: that it took.
        loss: the loss if it is known more exactly than it would be added up.
    """

    method: Method
    loss_name: LossName
    weights: tuple[float, ...]
    bound: float | None
    nodes: int
    nodes_checked: int
    seconds: float
    loss: float | None = None


def describe(
    table: FrequencyTable,
    models: Sequence[PrivacyModel],
    *,
    levels: Sequence[int],
    suppressed: Bools,
    found: Found,
    cells: Levels | None = None,
    masked: Bools | None = None,
    reading: Reading = "own-category",
) -> Solution:
    """Measure a recoding by what its file will say, not by what the search believed.

    Args:
        table: the frequency table.
        models: what every released class must satisfy.
        levels: per column.
        suppressed: per base class.
        found: what the search says of itself.
        cells: the level of every cell, where they differ within a column.
        masked: the cells that are suppressed one by one.
        reading: what a suppressed cell counts as.
    """
    release, _ = recoded(table, levels if cells is None else cells, ~suppressed)
    classes = EquivalenceClasses.base(release)
    by_wildcards = reading == "wildcard" and masked is not None
    if not by_wildcards:
        assert not failing(models, classes).any(), "a released class does not satisfy the models"
    occupied = classes.rows > 0
    sizes, numbers = np.unique(classes.persons[occupied], return_counts=True)
    weights = found.weights
    additive = cell_loss(
        table, column_costs(table, weights, loss="additive"), levels, suppressed, cells
    )
    if found.loss is not None:
        loss = found.loss
    elif found.loss_name == "additive":
        loss = additive
    elif found.loss_name == "entropy":
        costs = column_costs(table, weights, loss="entropy")
        loss = cell_loss(table, costs, levels, suppressed, cells)
    else:
        gone = int(table.rows[suppressed].sum())
        rows = np.append(classes.rows, gone)
        by_classes = ByClasses(found.loss_name, table.total_rows, 1)
        loss = by_classes.value(rows, np.arange(len(rows)) == len(classes))
    names = [one.level_names[n] for one, n in zip(table.hierarchies, levels, strict=True)]
    return Solution(
        method=found.method,
        levels=dict(zip(table.names, map(int, levels), strict=True)),
        level_names=dict(zip(table.names, names, strict=True)),
        loss=loss,
        loss_name=found.loss_name,
        granularity=1 - additive,
        bound=loss if found.bound is None else min(found.bound, loss),
        rows=table.total_rows,
        suppressed_rows=int(table.rows[suppressed].sum()),
        suppressed_persons=table.count_persons(suppressed),
        suppressed_cells=0 if masked is None else int((table.rows * masked.sum(axis=1)).sum()),
        classes=int(occupied.sum()),
        k=_smallest(table, masked if by_wildcards else None, sizes),
        class_sizes=dict(zip(sizes.tolist(), numbers.tolist(), strict=True)),
        verdicts=_all_verdicts(table, models, levels, suppressed, cells, classes),
        nodes=found.nodes,
        nodes_checked=found.nodes_checked,
        seconds=found.seconds,
        table=table,
        suppressed=suppressed,
        cells=cells,
        masked=masked,
        reading=reading,
    )


def _smallest(table: FrequencyTable, masked: Bools | None, sizes: Int64s) -> int:
    """K as the reading has it."""
    if masked is not None:
        return wildcard_k(table, masked)
    return int(sizes[0]) if len(sizes) else 0


def cell_loss(
    table: FrequencyTable,
    costs: Sequence[ColumnCosts],
    levels: Sequence[int],
    suppressed: Bools,
    cells: Levels | None,
) -> float:
    """The mean over rows of what the cells lose."""
    if not table.total_rows:
        return 0.0
    lost = 0.0
    for j, cost in enumerate(costs):
        leaves = table.leaves_of(j)
        if cells is None:
            per_class = cost.levels[levels[j]][leaves]
        else:
            per_class = np.stack(cost.levels)[cells[:, j], leaves]
        per_class = np.where(suppressed, cost.suppressed[leaves], per_class)
        lost += float((table.rows * per_class).sum())  # no BLAS: its threads outweigh the sum
    return lost / table.total_rows


def _all_verdicts(  # noqa: PLR0917 - the parts of a solution
    table: FrequencyTable,
    models: Sequence[PrivacyModel],
    levels: Sequence[int],
    suppressed: Bools,
    cells: Levels | None,
    classes: EquivalenceClasses,
) -> tuple[Verdict, ...]:
    """What holds in the release, beside what would fail if nothing had been suppressed."""
    if not table.total_rows:
        return ()
    after = verdicts(models, classes, np.ones(len(classes), bool))
    if not suppressed.any():
        return after
    everything = np.ones(table.classes, bool)
    whole = EquivalenceClasses.base(
        recoded(table, levels if cells is None else cells, everything)[0]
    )
    before = verdicts(models, whole, np.ones(len(whole), bool))
    return tuple(
        Verdict(
            one.model, one.column, one.wanted, two.reached, one.failing_classes, one.failing_rows
        )
        for one, two in zip(before, after, strict=True)
    )
