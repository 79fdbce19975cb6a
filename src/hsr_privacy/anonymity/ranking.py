"""Ranking: the best of nodes that lose almost the same, told apart exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Final

from hsr_privacy.anonymity.lattice import Bools, Int64s, Lattice

ALMOST_EQUAL: Final = 1e-12
"""Losses no farther apart may be one number that was added up in two ways."""


def best_of(
    lattice: Lattice, near: Iterable[tuple[float, Int64s]], released: Callable[[Int64s], Bools]
) -> Int64s:
    """The levels of least loss; then of fewest suppressed rows, lowest sum, and lowest levels.

    The additive loss is compared as a fraction, and losses over classes are added up in whole
    numbers. The entropy is a sum of logarithms: all that are almost equal are equal.

    Args:
        lattice: of the nodes.
        near: the losses and levels of nodes that keep to the limit and of which no two losses are
            farther apart than `ALMOST_EQUAL`; at least one.
        released: per base class, whether the node with these levels releases it.
    """
    candidates = list(near)
    if len(candidates) == 1:
        return candidates[0][1]
    ranked = []
    for loss, levels in candidates:
        chosen = released(levels)
        exact = Fraction(0 if lattice.loss == "entropy" else loss)
        if lattice.loss == "additive":
            exact = lattice.exact_loss(levels, chosen)
        suppressed = int(lattice.table.rows[~chosen].sum())
        original = lattice.original_levels(levels)
        ranked.append((exact, suppressed, sum(original), original, levels))
    return min(ranked, key=lambda one: one[:-1])[-1]
