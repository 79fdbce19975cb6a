"""The lattice of full-domain generalizations: its nodes, their classes and what they lose."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.anonymity.kernels import histogram
from hsr_privacy.anonymity.losses import LossName, column_costs
from hsr_privacy.frequencies import EquivalenceClasses, FrequencyTable, Labels

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Lattice:
    """The levels per column that can be optimal, and flat arrays over columns, levels and leaves.

    A level that parts the data no further than the one below it is left out: it makes the same
    classes and never loses less. A block is the leaves of one column on one level; blocks of one
    column lie behind each other, and columns behind each other.

    Attributes:
        table: the frequency table.
        weights: of each column.
        loss: its name.
        levels: per column, the levels of its hierarchy that take part.
        shape: number of them per column.
        strides: of each column in the numbering of nodes, the last column fastest.
        leaf_starts: per column, where its leaves start in a histogram over all columns.
        leaf_count: leaves of all columns.
        term_starts: per column, where its levels start in an array per column and level.
        block_starts: per column and level, where its block starts.
        block_leaves: per leaf of each block, its place in a histogram.
        labels: int32, per leaf of each block, its label: nodes that occur are numbered from 0.
        sizes: per column and level, the number of labels.
        cost: per leaf of each block, what a row loses.
        slack: per leaf of each block, what a row would lose besides if it were suppressed.
        mean_loss: per column and level, what the table loses if nothing is suppressed.
    """

    table: FrequencyTable
    weights: tuple[float, ...]
    loss: LossName
    levels: tuple[tuple[int, ...], ...]
    shape: Int64s
    strides: Int64s
    leaf_starts: Int64s
    leaf_count: int
    term_starts: Int64s
    block_starts: Int64s
    block_leaves: Int64s
    labels: Int32s
    sizes: Int64s
    cost: Floats
    slack: Floats
    mean_loss: Floats

    @classmethod
    def of(
        cls, table: FrequencyTable, weights: Sequence[float], *, loss: LossName = "additive"
    ) -> Lattice:
        """Lay out the lattice of a table that has at least one class."""
        costs = column_costs(table, tuple(weights), loss=loss)
        levels: list[tuple[int, ...]] = []
        labels: list[Int32s] = []
        cost: list[Floats] = []
        slack: list[Floats] = []
        places: list[Int64s] = []
        sizes: list[int] = []
        leaf_starts = [0]
        for j, hierarchy in enumerate(table.hierarchies):
            present = np.zeros(hierarchy.leaves, bool)
            present[table.leaves_of(j)] = True
            kept: list[int] = []
            for level, nodes in enumerate(hierarchy.nodes):
                occurring = np.zeros(len(hierarchy.labels[level]), bool)
                occurring[nodes[present]] = True
                size = int(occurring.sum())
                if kept and size == sizes[-1]:
                    continue
                kept.append(level)
                sizes.append(size)
                label = np.where(occurring, np.cumsum(occurring) - 1, 0)
                labels.append(label[nodes].astype(np.int32))
                cost.append(costs[j].levels[level])
                slack.append(costs[j].suppressed - costs[j].levels[level])
                places.append(np.arange(hierarchy.leaves) + leaf_starts[-1])
            levels.append(tuple(kept))
            leaf_starts.append(leaf_starts[-1] + hierarchy.leaves)
        shape = np.array([len(kept) for kept in levels], np.int64)
        strides = [math.prod(len(kept) for kept in levels[j + 1 :]) for j in range(len(levels))]
        block_starts = np.cumsum([0, *(len(block) for block in labels)])[:-1]
        block_leaves = np.concatenate(places)
        counts = np.concatenate(
            [
                np.bincount(table.leaves_of(j), weights=table.rows, minlength=hierarchy.leaves)
                for j, hierarchy in enumerate(table.hierarchies)
            ]
        )
        mean = np.add.reduceat(counts[block_leaves] * np.concatenate(cost), block_starts)
        return cls(
            table,
            tuple(weights),
            loss,
            tuple(levels),
            shape,
            _fitting(strides),
            np.array(leaf_starts[:-1], np.int64),
            leaf_starts[-1],
            np.cumsum([0, *shape])[:-1].astype(np.int64),
            block_starts.astype(np.int64),
            block_leaves,
            np.concatenate(labels),
            np.array(sizes, np.int64),
            np.concatenate(cost),
            np.concatenate(slack),
            mean / table.total_rows,
        )

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return math.prod(int(size) for size in self.shape)

    def levels_of(self, node: int) -> Int64s:
        """The place of a node on every column's list of levels."""
        return node // self.strides % self.shape

    def node_of(self, levels: Int64s) -> int:
        """The number of a node."""
        return int(levels @ self.strides)

    def original_levels(self, levels: Int64s) -> tuple[int, ...]:
        """The levels in the columns' hierarchies."""
        return tuple(kept[place] for kept, place in zip(self.levels, levels, strict=True))

    def merge(self, finer: EquivalenceClasses, levels: Int64s) -> EquivalenceClasses:
        """The classes of a node, merged from those of a node that is nowhere coarser."""
        blocks = self.term_starts + levels
        return finer.merge(Labels(self.labels, self.block_starts[blocks], self.sizes[blocks]))

    def count_leaves(self, chosen: Bools) -> Int64s:
        """Rows of the chosen base classes per column and leaf, columns behind each other."""
        packing = self.table.packing
        columns = np.stack([packing.word, packing.shift, packing.bits, self.leaf_starts], axis=1)
        counts = np.zeros(self.leaf_count, np.int64)
        histogram(self.table.packed, self.table.rows, chosen, columns, counts)
        return counts

    def sum_blocks(self, counts: Int64s, values: Floats) -> Floats:
        """Per column and level, the mean over rows of a value per leaf, for rows counted by leaf."""
        sums = np.add.reduceat(counts[self.block_leaves] * values, self.block_starts)
        return sums / self.table.total_rows

    def exact_loss(self, levels: Int64s, released: Bools) -> Fraction:
        """The additive loss of a node, in whole numbers: equals are equal.

        Weights are read as they are written: three columns of 0.1 weigh as much as one of 0.3.

        Args:
            levels: of the node.
            released: per base class.
        """
        counts = self.count_leaves(released)
        total = self.table.total_rows
        rows = int(self.table.rows[released].sum())
        weights = [Fraction(str(weight)) for weight in self.weights]
        loss = Fraction(0)
        for j, hierarchy in enumerate(self.table.hierarchies):
            nodes = hierarchy.nodes[self.levels[j][levels[j]]]
            covered = np.bincount(nodes)[nodes] - 1
            start = self.leaf_starts[j]
            lost = int(covered @ counts[start : start + hierarchy.leaves])
            width = max(hierarchy.leaves - 1, 1)
            loss += weights[j] * Fraction(lost + (total - rows) * width, total * width)
        return loss / sum(weights)


def _fitting(strides: list[int]) -> Int64s:
    """Strides as words; those of a lattice too large to be numbered are never used."""
    return np.array([stride if stride < 2**62 else 0 for stride in strides], np.int64)
