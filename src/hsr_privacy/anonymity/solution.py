"""A solution: the levels that were chosen, what they cost, and which classes are suppressed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.anonymity.frequency import FrequencyTable


@dataclass(frozen=True, eq=False)
class Solution:
    """A generalization of every column and the classes that it suppresses; no cell values.

    Attributes:
        levels: per column, the level in its hierarchy as the frequency table holds it.
        level_names: per column, the name of that level.
        loss: share of the information that is lost, 0-1; a suppressed row loses all.
        rows: rows of the table.
        suppressed_rows: rows that are removed.
        suppressed_persons: persons of whom at least one row is removed.
        classes: released equivalence classes.
        k: persons in the smallest released class; 0 if nothing is released.
        class_sizes: number of released classes by their size in persons, smallest first.
        nodes: nodes of the lattice.
        nodes_checked: nodes whose classes were counted.
        seconds: that the search took.
        table: the frequency table.
        suppressed: bool, shape (base classes,): whether the rows of the class are removed.
    """

    levels: Mapping[str, int]
    level_names: Mapping[str, str]
    loss: float
    rows: int
    suppressed_rows: int
    suppressed_persons: int
    classes: int
    k: int
    class_sizes: Mapping[int, int]
    nodes: int
    nodes_checked: int
    seconds: float
    table: FrequencyTable = field(repr=False)
    suppressed: NDArray[np.bool_] = field(repr=False)

    @property
    def granularity(self) -> float:
        """Share of the information that is kept: 1 - loss."""
        return 1 - self.loss

    def nodes_of(self, column: str) -> NDArray[np.int32]:
        """Per base class, its node on the level of this column: an index into the level's labels.

        Raises:
            KeyError: there is no such column.
        """
        level = self.levels[column]
        place = self.table.names.index(column)
        leaves = self.table.codes[:, place]
        nodes: NDArray[np.int32] = self.table.hierarchies[place].nodes[level][leaves]
        return nodes

    def labels_of(self, column: str) -> list[str | None]:
        """Per base class, the text to release in this column, also where it is suppressed."""
        place = self.table.names.index(column)
        labels = self.table.hierarchies[place].labels[self.levels[column]]
        return [labels[node] for node in self.nodes_of(column)]
