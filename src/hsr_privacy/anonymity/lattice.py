"""The lattice of full-domain generalizations: its nodes, their classes and what they lose."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.anonymity.classes import EquivalenceClasses
from hsr_privacy.anonymity.frequency import FrequencyTable
from hsr_privacy.anonymity.kernels import add_keys, group

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

KEY_SPACE: Final = 2**62
"""Keys stay below this; a wider combination is numbered densely in steps."""
_ADDRESSED_PER_CLASS: Final = 8
_ADDRESSED_AT_LEAST: Final = 4096


@dataclass(frozen=True, eq=False)
class Lattice:
    """The levels per column that can be optimal, and flat arrays over columns, levels and codes.

    A level that parts the data no further than the one below it is left out: it makes the same
    classes and never loses less. Codes are the nodes that occur on a column's lowest level, and
    blocks of one column and level lie behind each other, each with a number per code.

    Attributes:
        table: the frequency table.
        weights: of each column.
        levels: per column, the levels of its hierarchy that take part.
        shape: number of them per column.
        strides: of each column in the numbering of nodes, the last column fastest.
        codes: int32, shape (base classes, columns).
        code_starts: per column, where its codes start in a histogram over all of them.
        code_count: codes of all columns.
        term_starts: per column, where its levels start in an array per column and level.
        block_starts: per column and level, where its block starts.
        block_codes: per code of each block, its place in a histogram.
        labels: int32, per code of each block, the label on that level.
        sizes: per column and level, the number of labels.
        covered: per code of each block, leaves of its hierarchy that the label covers besides one.
        slack: per code of each block, what a row would lose besides if it were suppressed; a row
            loses the share of the column's weight at most.
        mean_loss: per column and level, what the table loses if nothing is suppressed.
    """

    table: FrequencyTable
    weights: tuple[float, ...]
    levels: tuple[tuple[int, ...], ...]
    shape: Int64s
    strides: Int64s
    codes: Int32s
    code_starts: Int64s
    code_count: int
    term_starts: Int64s
    block_starts: Int64s
    block_codes: Int64s
    labels: Int32s
    sizes: Int64s
    covered: Int64s
    slack: Floats
    mean_loss: Floats

    @classmethod
    def of(cls, table: FrequencyTable, weights: Sequence[float]) -> Lattice:
        """Lay out the lattice of a table that has at least one class."""
        columns = len(table.hierarchies)
        total_weight = math.fsum(weights)
        codes = np.empty((table.classes, columns), np.int32)
        levels: list[tuple[int, ...]] = []
        labels: list[Int32s] = []
        covered: list[Int64s] = []
        losses: list[Floats] = []
        slacks: list[Floats] = []
        places: list[Int64s] = []
        sizes: list[int] = []
        code_starts = [0]
        for j, hierarchy in enumerate(table.hierarchies):
            nodes = hierarchy.nodes
            _, leaf, inverse = np.unique(
                nodes[0][table.codes[:, j]], return_index=True, return_inverse=True
            )
            leaves = table.codes[:, j][leaf]
            codes[:, j] = inverse.reshape(-1)
            kept: list[int] = []
            share = weights[j] / total_weight
            for level in range(hierarchy.levels):
                occurring, label = np.unique(nodes[level][leaves], return_inverse=True)
                if kept and len(occurring) == sizes[-1]:
                    continue
                kept.append(level)
                sizes.append(len(occurring))
                besides = np.bincount(nodes[level])[nodes[level][leaves]] - 1
                loss = besides / max(hierarchy.leaves - 1, 1)
                labels.append(label.reshape(-1).astype(np.int32))
                covered.append(besides.astype(np.int64))
                losses.append(loss * share)
                slacks.append((1 - loss) * share)
                places.append(np.arange(len(leaves)) + code_starts[-1])
            levels.append(tuple(kept))
            code_starts.append(code_starts[-1] + len(leaves))
        shape = np.array([len(kept) for kept in levels], np.int64)
        strides = np.array(
            [math.prod(len(kept) for kept in levels[j + 1 :]) for j in range(columns)], np.int64
        )
        block_starts = np.cumsum([0, *(len(block) for block in labels)])[:-1]
        block_codes = np.concatenate(places)
        counts = np.concatenate(
            [np.bincount(codes[:, j], weights=table.rows) for j in range(columns)]
        )
        mean = np.add.reduceat(counts[block_codes] * np.concatenate(losses), block_starts)
        return cls(
            table,
            tuple(weights),
            tuple(levels),
            shape,
            strides,
            codes,
            np.array(code_starts[:-1], np.int64),
            code_starts[-1],
            np.cumsum([0, *shape])[:-1].astype(np.int64),
            block_starts.astype(np.int64),
            block_codes,
            np.concatenate(labels),
            np.array(sizes, np.int64),
            np.concatenate(covered),
            np.concatenate(slacks),
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
        """The classes of a node, merged from those of a node that is nowhere coarser.

        Keys that would not fit a word are numbered densely after as many columns as fit.
        """
        blocks = self.term_starts + levels
        sizes = self.sizes[blocks]
        columns = np.flatnonzero(sizes > 1)
        keys = np.zeros(len(finer), np.int64)
        space, at = 1, 0
        while True:
            strides: list[int] = []
            start = at
            while at < len(columns) and space * int(sizes[columns[at]]) <= KEY_SPACE:
                strides.append(space)
                space *= int(sizes[columns[at]])
                at += 1
            assert at > start or at == len(columns), "a column alone is wider than the key space"
            taken = columns[start:at]
            add_keys(
                keys,
                self.codes,
                finer.first,
                taken,
                self.block_starts[blocks[taken]],
                np.array(strides, np.int64),
                self.labels,
            )
            addressed = max(_ADDRESSED_PER_CLASS * len(finer), _ADDRESSED_AT_LEAST)
            merged, first, rows, persons = group(
                keys,
                space if space <= addressed else 0,
                finer.first,
                finer.rows,
                finer.person_sum,
            )
            if at == len(columns):
                break
            keys, space = merged.astype(np.int64), len(first)
        return EquivalenceClasses(self.table, first, rows, persons, merged, finer.members)

    def exact_loss(self, levels: Int64s, released: Bools) -> Fraction:
        """The loss of a node in whole numbers, to tell equals from almost equals.

        Args:
            levels: of the node.
            released: per base class.
        """
        rows = self.table.rows[released]
        total = self.table.total_rows
        suppressed = total - int(rows.sum())
        loss = Fraction(0)
        for j, hierarchy in enumerate(self.table.hierarchies):
            start = self.block_starts[self.term_starts[j] + levels[j]]
            covered = int((self.covered[start + self.codes[released, j]] * rows).sum())
            width = max(hierarchy.leaves - 1, 1)
            loss += Fraction(self.weights[j]) * Fraction(
                covered + suppressed * width, total * width
            )
        return loss / sum(map(Fraction, self.weights))
