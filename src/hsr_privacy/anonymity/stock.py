"""A stock of partitions that were counted before, from which coarser ones are rolled up."""

from __future__ import annotations

from typing import Final

import numpy as np

from hsr_privacy.anonymity.lattice import Int64s
from hsr_privacy.frequencies import EquivalenceClasses

MOST_BYTES: Final = 256 * 2**20
_WORTH_KEEPING: Final = 0.8
_NEVER: Final = np.iinfo(np.int64).max


class Stock:
    """Partitions by their node; the base classes are always there.

    Args:
        base: the base classes themselves.
        columns: number of columns.
    """

    def __init__(self, base: EquivalenceClasses, columns: int) -> None:
        self._kept = [base]
        self._levels = np.zeros((64, columns), np.int64)
        self._sizes = np.full(64, _NEVER)
        self._sizes[0] = len(base)
        self._bytes = 0

    def finer(self, levels: Int64s) -> EquivalenceClasses:
        """The smallest partition in stock whose node is nowhere coarser than this one."""
        count = len(self._kept)
        usable = (self._levels[:count] <= levels).all(axis=1)
        return self._kept[int(np.where(usable, self._sizes[:count], _NEVER).argmin())]

    def keep(self, levels: Int64s, classes: EquivalenceClasses, finer: EquivalenceClasses) -> None:
        """Take a partition in if it is well smaller than what it was made from, and there is room."""
        size = 4 * len(finer) + classes.packed.nbytes + classes.counts.nbytes
        if len(classes) > _WORTH_KEEPING * len(finer) or self._bytes + size > MOST_BYTES:
            return
        count = len(self._kept)
        if count == len(self._sizes):
            self._levels = np.concatenate([self._levels, np.zeros_like(self._levels)])
            self._sizes = np.concatenate([self._sizes, np.full(count, _NEVER)])
        self._levels[count] = levels
        self._sizes[count] = len(classes)
        classes.forget()
        self._kept.append(classes)
        self._bytes += size
