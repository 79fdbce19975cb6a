"""Scale: a hierarchy as an attacker sees it, from its finest values up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.hierarchies import HierarchyTable

Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Scale:
    """The atoms of a hierarchy, which are its nodes on level 0, and the sets of them.

    Attributes:
        atom_of_leaf: int64, per leaf its atom.
        nodes: int64, shape (levels, atoms): the set that stands for the atom on a level, numbered
            ``stride`` times the finest level on which it is the same set, plus its node there.
        sizes: int64, per number of a set, its atoms; 0 for a number that no set has.
        stride: how far apart the numbers of two levels are.
    """

    atom_of_leaf: Int64s
    nodes: Int64s
    sizes: Int64s
    stride: int

    @classmethod
    def of(cls, hierarchy: HierarchyTable) -> Scale:
        """Lay out a hierarchy."""
        _, first, atom = np.unique(hierarchy.nodes[0], return_index=True, return_inverse=True)
        up = hierarchy.nodes[:, first].astype(np.int64)
        widths = np.stack([np.bincount(nodes)[nodes] for nodes in up])
        finest = np.stack([(widths == width).argmax(axis=0) for width in widths])
        stride = int(up.max(initial=0)) + 1
        nodes = finest * stride + np.take_along_axis(up, finest, axis=0)
        sizes = np.zeros(len(up) * stride, np.int64)
        sizes[nodes] = widths
        return cls(atom.reshape(-1).astype(np.int64), nodes, sizes, stride)

    @property
    def levels(self) -> int:
        """Number of levels."""
        return len(self.nodes)

    @property
    def atoms(self) -> int:
        """Number of atoms."""
        return int(self.nodes.shape[1])

    def guess(self, scores: Floats) -> tuple[Floats, Floats]:
        """Guess an atom of a set by the highest score, and by chance among equals.

        Args:
            scores: shape (levels, atoms), of every atom when the set is one of this level.

        Returns:
            Two arrays, shape (levels, atoms): the chance that this atom is the guess for its set on
            the level, and the highest score in that set.
        """
        most = np.full(len(self.sizes), -np.inf)
        chances, highest = np.empty_like(scores), np.empty_like(scores)
        for level, nodes in enumerate(self.nodes):
            most.fill(-np.inf)
            np.maximum.at(most, nodes, scores[level])
            highest[level] = most[nodes]
            best = scores[level] == highest[level]
            equals = np.bincount(nodes, weights=best, minlength=len(most))
            chances[level] = best / equals[nodes]
        return chances, highest

    def members(self, sets: Int64s) -> tuple[Int64s, Int64s]:
        """The atoms of many sets: per atom, which of the given sets it is in, and its number."""
        starts = np.zeros(len(self.sizes) + 1, np.int64)
        np.cumsum(self.sizes, out=starts[1:])
        listed = np.empty(int(starts[-1]), np.int64)
        for nodes in self.nodes:
            order = np.argsort(nodes, kind="stable")
            ordered = nodes[order]
            listed[starts[ordered] + np.arange(len(order)) - np.searchsorted(ordered, ordered)] = (
                order
            )
        sizes = self.sizes[sets]
        which = np.repeat(np.arange(len(sets)), sizes)
        within = np.arange(len(which)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return which, listed[starts[sets][which] + within]
