"""Histograms of a sensitive column in every equivalence class, and the measures taken of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ClassHistograms:
    """Pairs of class and sensitive value that occur, the classes behind each other.

    Attributes:
        starts: int64, where the pairs of each class start, and where the last ones end.
        codes: int32, the value of each pair, ascending in each class.
        counts: int64, rows of each pair.
        totals: int64, rows of each value in the whole table.
    """

    starts: Int64s
    codes: Int32s
    counts: Int64s
    totals: Int64s

    @property
    def distinct(self) -> Int64s:
        """int64, number of distinct values in each class."""
        return np.diff(self.starts)

    @cached_property
    def rows(self) -> Int64s:
        """int64, rows of each class."""
        return self._add(self.counts)

    @property
    def overall(self) -> Floats:
        """Share of each value in the whole table."""
        shares: Floats = self.totals / self.totals.sum()
        return shares

    @cached_property
    def classes(self) -> Int64s:
        """int64, the class of each pair."""
        return np.repeat(np.arange(len(self.starts) - 1), self.distinct)

    @cached_property
    def shares(self) -> Floats:
        """Share of each pair's value in its class."""
        return self.counts / self.rows[self.classes]

    def largest(self, values: Floats) -> Floats:
        """Largest of one value per pair, in each class; 0 where there is no pair."""
        found = np.zeros(len(self.starts) - 1)
        np.maximum.at(found, self.classes, values)
        return found

    def total(self, values: Floats) -> Floats:
        """Sum of one value per pair, in each class."""
        sums = np.bincount(self.classes, weights=values, minlength=len(self.starts) - 1)
        return sums.astype(np.float64)

    def _add(self, values: Int64s) -> Int64s:
        return self.total(values.astype(np.float64)).astype(np.int64)
