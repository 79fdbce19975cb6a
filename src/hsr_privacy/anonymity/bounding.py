"""A bound for recodings that may differ from class to class: the least that any of them can lose."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.anonymity.grouping import row_costs
from hsr_privacy.anonymity.lattice import Lattice
from hsr_privacy.anonymity.repairing import lasts
from hsr_privacy.compiled import compiled
from hsr_privacy.frequencies import EquivalenceClasses
from hsr_privacy.models import PrivacyModel, failing

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

NEGLECTED: Final = 1e-4
"""Where less of the loss than this is at stake, the bound is taken as it stands: valid, not tightest.

It grows with the root of the classes, so that the bound takes about as long as the sweep.
"""
_SMALL: Final = 20_000
"""Classes from which it grows."""


def least_costs(lattice: Lattice, models: Sequence[PrivacyModel], *, known: Floats) -> Floats:
    """Per base class, what a row of it loses at least in any release of this kind.

    A row on some levels shares its class with rows that match it on these levels, and never with
    more; so it can stand there only if all that match it together satisfy the models that merging
    cannot break. The cheapest such levels are found by branch and bound: columns are raised one
    after the other, and a class is followed no further where it is safe already, dearer than what
    is known to be possible, or unsafe even with all columns that follow at their coarsest.

    A column in which a text stands for different values on different levels, such as the code
    ``I46`` alone and the group of that name, is taken to lose nothing and to tell nothing: rows
    that match by their text may then differ by their levels.

    Args:
        lattice: with the additive loss.
        models: what every class must satisfy.
        known: per base class, what a row loses in a release that was found; 1 if suppressed.

    Source: Land & Doig 1960, doi:10.2307/1910129 (branch and bound).
    """
    lattice = _by_text(lattice)
    levels = np.zeros(len(lattice.shape), np.int64)
    classes = lattice.merge(EquivalenceClasses.base(lattice.table), levels)
    most = _largest(classes.members, known, len(classes))
    cost = row_costs(lattice, classes.packed, np.zeros(1, np.int64))
    search = _Descent(lattice, [model for model in models if lasts(model)])
    return np.minimum(search.below(classes, levels, cost, most, 0)[classes.members], known)


def cell_prices(lattice: Lattice) -> Floats:
    """Per leaf of each block, what a row loses at least if its cell there is suppressed.

    It is inf on a level that tells nothing, where that changes nothing. A class that says of a value
    what a suppressed cell says may be joined by others without a change, and is taken to pay nothing.
    """
    prices = lattice.slack.copy()
    for j, hierarchy in enumerate(lattice.table.hierarchies):
        for place, level in enumerate(lattice.levels[j]):
            term = lattice.term_starts[j] + place
            start = lattice.block_starts[term]
            block = slice(start, start + hierarchy.leaves)
            says = np.array([text == hierarchy.labels[-1][0] for text in hierarchy.labels[level]])
            prices[block][says[hierarchy.nodes[level]]] = 0.0
            if lattice.sizes[term] == 1:
                prices[block] = np.inf
    return prices


def least_of_node(
    lattice: Lattice,
    models: Sequence[PrivacyModel],
    levels: Int64s,
    classes: EquivalenceClasses,
    prices: Floats,
) -> float:
    """What a node loses at least if cells are suppressed on it, 0-1.

    It is what its levels cost, and for every class that fails there the cheapest of its cells.

    Args:
        lattice: with the additive loss.
        models: what every class must satisfy.
        levels: of the node.
        classes: on the node.
        prices: see `cell_prices`.
    """
    terms = lattice.term_starts + levels
    bad = failing([model for model in models if lasts(model)], classes)
    cheapest = np.full(int(bad.sum()), np.inf)
    blocks = lattice.block_starts[terms]
    find_cheapest(classes.packed[bad], lattice.table.fields, blocks, prices, cheapest)
    cheapest[np.isinf(cheapest)] = 0.0
    lost = float((cheapest * classes.rows[bad]).sum()) / lattice.table.total_rows
    return float(lattice.mean_loss[terms].sum()) + lost


@compiled("void(i8[:, ::1], i8[:, ::1], i8[::1], f8[::1], f8[::1])")
def find_cheapest(
    packed: Int64s, fields: Int64s, blocks: Int64s, prices: Floats, cheapest: Floats
) -> None:
    """Lower a price to that of the cheapest cell.

    Args:
        packed: shape (combinations, words).
        fields: per column: word, shift, bits.
        blocks: per column, where its block starts.
        prices: per leaf of each block.
        cheapest: per combination, lowered in place.
    """
    for j in range(blocks.size):
        word, shift, mask = fields[j, 0], fields[j, 1], (np.int64(1) << fields[j, 2]) - 1
        for i in range(packed.shape[0]):
            price = prices[blocks[j] + ((packed[i, word] >> shift) & mask)]
            cheapest[i] = min(cheapest[i], price)


class _Descent:
    """Columns in the order in which they are raised, those whose first step costs most first."""

    def __init__(self, lattice: Lattice, models: list[PrivacyModel]) -> None:
        self.lattice, self.models = lattice, models
        telling = lattice.sizes[lattice.term_starts] > 1
        columns = np.flatnonzero(telling & (lattice.shape > 1)).tolist()
        step = {j: float(lattice.mean_loss[lattice.term_starts[j] + 1]) for j in columns}
        self.columns = sorted(columns, key=lambda j: -step[j])
        larger = max(lattice.table.classes / _SMALL, 1.0)
        self.least = NEGLECTED * math.sqrt(larger) * lattice.table.total_rows

    def below(
        self, classes: EquivalenceClasses, levels: Int64s, cost: Floats, known: Floats, at: int
    ) -> Floats:
        """Per class, the least cost on its levels or with some of the columns that follow raised.

        Args:
            classes: of a node.
            levels: of that node; columns from place ``at`` on are on their lowest.
            cost: per class, what a row loses there; inf where nobody asks.
            known: per class, the most of what is known to be possible for its rows.
            at: place in the order of columns.
        """
        lattice = self.lattice
        unsafe = failing(self.models, classes)
        best = np.where(unsafe, np.inf, cost)
        open_ = np.flatnonzero(unsafe & (cost < known))
        if at == len(self.columns) or not len(open_):
            return best
        rows, own, known = classes.rows[open_], cost[open_], known[open_]
        if self.negligible(rows, known - own):
            best[open_] = own
            return best
        hopeful = self.hopeful(classes, levels, at)[open_]
        open_, rows, own, known = open_[hopeful], rows[hopeful], own[hopeful], known[hopeful]
        found = np.full(len(open_), np.inf)
        for place in reversed(range(at, len(self.columns))):
            column = self.columns[place]
            leaves = lattice.table.packing.column(classes.packed[open_], column)
            others = own - self.prices(column, 0)[leaves]
            coarser, member = classes, np.arange(len(classes), dtype=np.int32)
            raised = levels.copy()
            for level in range(1, int(lattice.shape[column])):
                need = others + self.prices(column, level)[leaves]
                if self.negligible(rows, known - need):
                    found = np.minimum(found, need)
                    break
                raised[column] = level
                coarser = lattice.merge(coarser, raised)
                assert coarser.merged is not None
                member = coarser.merged[member]
                there = member[open_]
                own_there = np.full(len(coarser), np.inf)
                own_there[there] = need
                most = _largest(there, np.where(need < known, known, 0.0), len(coarser))
                least = self.below(coarser, raised, own_there, most, place + 1)
                found = np.minimum(found, least[there])
                known = np.minimum(known, found)
        best[open_] = found
        return best

    def negligible(self, rows: Int64s, stakes: Floats) -> bool:
        """Whether so little can still be lost less that it does not pay to look."""
        return float((rows * np.maximum(stakes, 0)).sum()) < self.least

    def hopeful(self, classes: EquivalenceClasses, levels: Int64s, at: int) -> Bools:
        """Per class, whether it is safe with the columns that follow at their coarsest."""
        if at == 0:
            return np.ones(len(classes), bool)
        coarsest = levels.copy()
        coarsest[self.columns[at:]] = self.lattice.shape[self.columns[at:]] - 1
        whole = self.lattice.merge(classes, coarsest)
        assert whole.merged is not None
        hopes: Bools = ~failing(self.models, whole)[whole.merged]
        return hopes

    def prices(self, column: int, level: int) -> Floats:
        """Per leaf, what a column loses on a level."""
        start = self.lattice.block_starts[self.lattice.term_starts[column] + level]
        return self.lattice.cost[start:]


def _largest(groups: Int32s, values: Floats, size: int) -> Floats:
    """The largest value in each group, and 0 where there is none."""
    largest = np.zeros(size)
    np.maximum.at(largest, groups, values)
    return largest


def _by_text(lattice: Lattice) -> Lattice:
    """The lattice without the columns whose texts say different things on different levels."""
    cost, sizes = lattice.cost.copy(), lattice.sizes.copy()
    ends = [*lattice.block_starts[lattice.term_starts[1:]], len(cost)]
    for j, (term, end) in enumerate(zip(lattice.term_starts, ends, strict=True)):
        if not _is_plain(lattice, j):
            sizes[term : term + lattice.shape[j]] = 1
            cost[lattice.block_starts[term] : end] = 0.0
    return replace(lattice, cost=cost, sizes=sizes)


def _is_plain(lattice: Lattice, column: int) -> bool:
    """Whether every text of a column stands for the same values on all its levels."""
    hierarchy = lattice.table.hierarchies[column]
    leaves = np.unique(lattice.table.leaves_of(column))
    meant: dict[str | None, tuple[int, int]] = {}
    for level in range(hierarchy.levels):
        nodes, first, sizes = np.unique(
            hierarchy.nodes[level][leaves], return_index=True, return_counts=True
        )
        for node, leaf, size in zip(nodes.tolist(), first.tolist(), sizes.tolist(), strict=True):
            # levels are nested: two sets of values are one if they share a value and their size
            if meant.setdefault(hierarchy.labels[level][node], (leaf, size)) != (leaf, size):
                return False
    return True
