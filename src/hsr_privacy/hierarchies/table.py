"""A hierarchy laid out as a table: every leaf, and its node on every level.

The engines of anonymization and risk see hierarchies only in this form.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.errors import DataError

TOP: Final = "*"
"""The label of the level that tells nothing."""


@dataclass(frozen=True, eq=False)
class HierarchyTable:
    """Every level of a generalization hierarchy over a finite set of leaves.

    Attributes:
        name: the column or hierarchy that it stands for.
        values: the leaves as they stand in the data; None is a missing value.
        level_names: one name per level; level 0 is the finest that may be released, the value
            itself unless the table was cut by `starting_at`.
        labels: per level, the released text of each node; None is a missing value, which keeps a
            node of its own until the level that tells nothing.
        nodes: int32, shape (levels, leaves): the node of each leaf on each level.
    """

    name: str
    values: tuple[str | None, ...]
    level_names: tuple[str, ...]
    labels: tuple[tuple[str | None, ...], ...]
    nodes: NDArray[np.int32]

    @classmethod
    def from_rows(
        cls,
        name: str,
        rows: Iterable[Sequence[str | None]],
        level_names: Sequence[str] | None = None,
    ) -> HierarchyTable:
        """Build from rows of ``value, level 1, level 2, ...`` as hierarchy files hold them.

        Raises:
            DataError: ragged rows, a value that stands twice, or a node with two parents.
        """
        table = [tuple(row) for row in rows]
        if not table:
            raise DataError(f"hierarchy '{name}' has no rows; give one row per value")
        width = len(table[0])
        ragged = [number for number, row in enumerate(table, 1) if len(row) != width]
        if ragged:
            raise DataError(
                f"hierarchy '{name}': row {ragged[0]} has {len(table[ragged[0] - 1])} fields, "
                f"row 1 has {width}; give every value the same number of levels"
            )
        names = tuple(level_names) if level_names else tuple(f"level {n}" for n in range(width))
        labels: list[tuple[str | None, ...]] = []
        nodes = np.empty((width, len(table)), dtype=np.int32)
        for level in range(width):
            index: dict[str | None, int] = {}
            for leaf, row in enumerate(table):
                nodes[level, leaf] = index.setdefault(row[level], len(index))
            labels.append(tuple(index))
            if level == 0 and len(index) != len(table):
                first = next(n for n in range(len(table)) if nodes[0, n] != n) + 1
                raise DataError(
                    f"hierarchy '{name}': the value of row {first} stands twice; keep one row"
                )
        result = cls(name, labels[0], names, tuple(labels), nodes)
        result.check()
        return result

    @property
    def levels(self) -> int:
        """Number of levels, level 0 included."""
        return len(self.level_names)

    @property
    def leaves(self) -> int:
        """Number of leaves: |D| of the loss."""
        return int(self.nodes.shape[1])

    @cached_property
    def leaf_index(self) -> dict[str | None, int]:
        """Leaf number of each value."""
        return {value: leaf for leaf, value in enumerate(self.values)}

    def shares(self, level: int) -> NDArray[np.float64]:
        """Per node of a level, the share of all leaves that it covers; shape (nodes,)."""
        counts = np.bincount(self.nodes[level], minlength=len(self.labels[level]))
        return counts / self.leaves

    def level_named(self, name: str) -> int:
        """The level of this name.

        Raises:
            KeyError: there is no such level.
        """
        try:
            return self.level_names.index(name)
        except ValueError:
            raise KeyError(name) from None

    def check(self) -> None:
        """Check that every node has one parent: a level tells no more than the level below it.

        Raises:
            DataError: names the level of the first node with two parents.
        """
        for level in range(1, self.levels):
            pairs = np.unique(np.stack([self.nodes[level - 1], self.nodes[level]]), axis=1)
            children, first = np.unique(pairs[0], return_index=True)
            if len(children) != pairs.shape[1]:
                double = np.setdiff1d(np.arange(pairs.shape[1]), first)[0]
                label = self.labels[level - 1][int(pairs[0, double])]
                raise DataError(
                    f"hierarchy '{self.name}': '{label}' on level {level - 1} "
                    f"({self.level_names[level - 1]}) has two parents on level {level} "
                    f"({self.level_names[level]}); give it one"
                )

    def starting_at(self, level: int) -> HierarchyTable:
        """The same hierarchy with this level as its floor; leaves, and so shares, stay as they were."""
        if level == 0:
            return self
        return HierarchyTable(
            self.name,
            self.values,
            self.level_names[level:],
            self.labels[level:],
            self.nodes[level:],
        )

    def with_missing(self) -> HierarchyTable:
        """The same hierarchy with a leaf for missing values, a category of its own.

        A level with a single node tells nothing, and there the missing value joins it.
        """
        if None in self.leaf_index:
            return self
        labels: list[tuple[str | None, ...]] = []
        column = np.empty((self.levels, 1), dtype=np.int32)
        for level in range(self.levels):
            tells_nothing = level > 0 and self.labels[level] == (TOP,)
            column[level, 0] = 0 if tells_nothing else len(self.labels[level])
            labels.append(self.labels[level] if tells_nothing else (*self.labels[level], None))
        nodes = np.concatenate([self.nodes, column], axis=1)
        values = (*self.values, None)
        return HierarchyTable(self.name, values, self.level_names, tuple(labels), nodes)
