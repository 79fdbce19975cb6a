"""A bound for recodings that may differ from class to class: the least that any of them can lose."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.anonymity.lattice import Lattice
from hsr_privacy.frequencies import EquivalenceClasses, Labels
from hsr_privacy.models import Merging, PrivacyModel, failing

Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]

NEGLECTED: Final = 3e-4
"""Where less of the loss than this is at stake, the bound is taken as it stands: valid, not tightest."""


def least_costs(lattice: Lattice, models: tuple[PrivacyModel, ...], *, known: Floats) -> Floats:
    """Per base class, what a row of it loses at least in any release of this kind.

    A row on some levels shares its class with rows that match it on these levels, and never with
    more; so it can stand there only if all that match it together satisfy the models that merging
    cannot break. The cheapest such levels are found column by column: where a partition is safe
    already, or dearer than what is known to be possible, the columns that follow are left alone.

    Args:
        lattice: with the additive loss.
        models: what every class must satisfy.
        known: per base class, what a row loses in a release that was found; inf if suppressed.
    """
    lasting = [one for one in models if one.merging is Merging.ANY and not one.wide]
    search = _Descent(lattice, lasting)
    base = EquivalenceClasses.base(lattice.table)
    found = search.below(base, np.zeros(len(base)), known, 0)
    return np.minimum(found, known)


class _Descent:
    """One column after the other, those whose first step costs most first."""

    def __init__(self, lattice: Lattice, models: list[PrivacyModel]) -> None:
        self.lattice, self.models = lattice, models
        columns = [j for j, levels in enumerate(lattice.shape) if levels > 1]
        step = {j: float(lattice.mean_loss[lattice.term_starts[j] + 1]) for j in columns}
        self.columns = sorted(columns, key=lambda j: -step[j])
        self.levels = np.zeros(len(lattice.shape), np.int64)

    def below(self, classes: EquivalenceClasses, lost: Floats, known: Floats, depth: int) -> Floats:
        """Per class, the least cost with the columns from ``depth`` on anywhere.

        Args:
            classes: of a node whose columns from ``depth`` on are on their lowest level.
            lost: per class, what the columns before lose.
            known: per class, the most of what is known to be possible for its rows.
            depth: place in the order of columns.
        """
        lattice = self.lattice
        safe = ~failing(self.models, classes)
        rest = lost + self.lowest(classes, depth)
        best = np.where(safe, rest, np.inf)
        open_ = ~safe & (rest < known)
        if depth == len(self.columns) or not open_.any():
            return best
        at_stake = float((classes.rows * np.where(open_, known - rest, 0.0)).sum())
        if at_stake < NEGLECTED * lattice.table.total_rows:
            return np.where(safe, best, rest)
        column = self.columns[depth]
        for level in range(int(lattice.shape[column])):
            if level == 0:
                cost = lost + self.cost(classes, column, 0)
                best = np.minimum(best, self.below(classes, cost, known, depth + 1))
            elif open_.any():
                merged = self.merge(classes, column, level)
                assert merged.merged is not None
                cheapest = np.zeros(len(merged))
                np.maximum.at(cheapest, merged.merged, np.where(open_, known, 0.0))
                before = np.zeros(len(merged))
                before[merged.merged] = lost
                cost = before + self.cost(merged, column, level)
                self.levels[column] = level
                found = self.below(merged, cost, cheapest, depth + 1)
                self.levels[column] = 0
                best = np.minimum(best, found[merged.merged])
            known = np.minimum(known, best)
            open_ = ~safe & (rest < known)
        return best

    def merge(self, classes: EquivalenceClasses, column: int, level: int) -> EquivalenceClasses:
        """The classes with one more column on a level of its own."""
        lattice = self.lattice
        levels = self.levels.copy()
        levels[column] = level
        blocks = lattice.term_starts + levels
        return classes.merge(
            Labels(lattice.labels, lattice.block_starts[blocks], lattice.sizes[blocks])
        )

    def cost(self, classes: EquivalenceClasses, column: int, level: int) -> Floats:
        """Per class, what one column loses on a level."""
        lattice = self.lattice
        start = lattice.block_starts[lattice.term_starts[column] + level]
        leaves = lattice.table.packing.column(classes.packed, column)
        costs: Floats = lattice.cost[start + leaves]
        return costs

    def lowest(self, classes: EquivalenceClasses, depth: int) -> Floats:
        """Per class, what the columns from ``depth`` on lose on their lowest level."""
        rest = np.zeros(len(classes))
        for column in self.columns[depth:]:
            rest += self.cost(classes, column, 0)
        return rest
