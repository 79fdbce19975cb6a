"""Losses: what a generalization and a suppression cost, as the search minimizes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.frequencies import FrequencyTable

Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]

LossName = Literal["additive", "entropy", "discernibility", "class-size"]
"""The losses that the search can minimize.

``additive`` is the mean, over cells, of the share of its column's leaves that a released value
covers besides one; a suppressed cell loses all. ``entropy`` is what an optimal guess of the original
values still has to ask for, in bits, as a share of what it takes where everything is suppressed;
it is not uniform: it depends on the counts. Both are weighted means from 0 to 1.
``discernibility`` is the sum of the squared class sizes, and a suppressed row counts the whole
table; ``class-size`` is the rows of the table per class, the suppressed rows being one. Weights
do not matter to these two.

Source: Iyengar 2002, doi:10.1145/775047.775089 (additive); Gionis & Tassa 2009,
doi:10.1109/TKDE.2008.129 (entropy); Bayardo & Agrawal 2005, doi:10.1109/ICDE.2005.42
(discernibility); LeFevre et al. 2006, doi:10.1109/ICDE.2006.101 (class size).
"""


@dataclass(frozen=True, eq=False)
class ColumnCosts:
    """What a row loses in one column, already weighted; means over rows add up to the loss.

    Attributes:
        levels: per level, the cost of every leaf.
        suppressed: per leaf, the cost of a suppressed cell.
    """

    levels: tuple[Floats, ...]
    suppressed: Floats


def column_costs(
    table: FrequencyTable, weights: tuple[float, ...], *, loss: LossName
) -> tuple[ColumnCosts, ...]:
    """The costs per cell of a loss that is a sum over cells; of any other, those of ``additive``."""
    shares = [weight / sum(weights) for weight in weights]
    if loss == "entropy":
        return _bits(table, shares)
    found = []
    for share, hierarchy in zip(shares, table.hierarchies, strict=True):
        width = max(hierarchy.leaves - 1, 1)
        levels = tuple(
            (np.bincount(nodes)[nodes] - 1) * (share / width) for nodes in hierarchy.nodes
        )
        found.append(ColumnCosts(levels, np.full(hierarchy.leaves, share)))
    return tuple(found)


def _bits(table: FrequencyTable, shares: list[float]) -> tuple[ColumnCosts, ...]:
    total = table.total_rows
    counts = [
        np.bincount(table.leaves_of(j), weights=table.rows, minlength=hierarchy.leaves)
        for j, hierarchy in enumerate(table.hierarchies)
    ]
    suppressed = [np.log2(max(total, 1) / np.maximum(count, 1)) for count in counts]
    needed = sum(
        share * float((count * bits).sum())
        for share, count, bits in zip(shares, counts, suppressed, strict=True)
    )
    scale = total / needed if needed > 0 else 0.0
    found = []
    for share, count, bits, hierarchy in zip(
        shares, counts, suppressed, table.hierarchies, strict=True
    ):
        levels = tuple(
            np.where(
                count > 0,
                np.log2(np.maximum(np.bincount(nodes, weights=count)[nodes], 1))
                - np.log2(np.maximum(count, 1)),
                0.0,
            )
            * (share * scale)
            for nodes in hierarchy.nodes
        )
        found.append(ColumnCosts(levels, bits * (share * scale)))
    return tuple(found)


class ByClasses:
    """A loss that is a sum over classes and not over cells.

    Coarser classes cost more or as much as long as none is suppressed, and what is suppressed costs
    as much as if it were one class, or more; so a node gives a bound for all coarser ones. Rows
    that stay suppressed in every finer node give one for those.

    Args:
        loss: ``discernibility`` or ``class-size``.
        rows: of the table.
        smallest: rows that a released class has at least.
    """

    def __init__(self, loss: LossName, rows: int, smallest: int) -> None:
        self.loss, self.total, self.smallest = loss, rows, max(smallest, 1)

    def value(self, rows: Int64s, suppressed: Bools) -> float:
        """The loss of classes of which some are suppressed."""
        released = rows[~suppressed]
        gone = self.total - int(released.sum())
        if self.loss == "discernibility":
            return float(int((released**2).sum()) + self.total * gone)
        classes = int((released > 0).sum()) + bool(gone)
        return self.total / classes if classes else 0.0

    def above(self, rows: Int64s) -> float:
        """What every coarser node loses at least."""
        if self.loss == "discernibility":
            return float((rows**2).sum())
        return self.total / max(int((rows > 0).sum()), 1)

    def below(self, forced: int) -> float:
        """What every finer node loses at least if these rows are suppressed in it too.

        Of class sizes, suppressed rows count as one class, however few they are. So where nothing
        must be suppressed, the most classes are reached by suppressing the rows that are left over.
        """
        rest = self.total - forced
        if self.loss == "discernibility":
            return float(self.total * forced + self.smallest * rest)
        classes = rest // self.smallest + bool(forced or rest % self.smallest)
        return self.total / classes if classes else 0.0
