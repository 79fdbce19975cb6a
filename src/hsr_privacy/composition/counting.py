"""Counting: how many persons have a cell, where some persons have several rows."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from hsr_privacy.composition.sketch import Int64s, Pairs

_COUNTED_AT_ONCE: Final = 1 << 22


class Counting:
    """Counts persons per cell: rows, less those in which the same person has the cell again."""

    def __init__(self, person: Int64s) -> None:
        """Of rows with these persons, numbered from 0; the rows of one stand together."""
        rows = np.bincount(person) if person.size else np.zeros(0, np.int64)
        again = rows[person] > 1 if person.size else np.zeros(0, np.bool_)
        self._again = np.flatnonzero(again)
        self._person = person[self._again]

    def cells(self, codes: Int64s, size: int) -> Int64s:
        """Persons per code; codes are below ``size``."""
        counts = np.bincount(codes, minlength=size)
        if self._again.size:
            repeated = codes[self._again]
            counts -= np.bincount(repeated, minlength=size)
            distinct = distinct_pairs(self._person, repeated)
            counts += np.bincount(distinct[:, 1], minlength=size)
        persons: Int64s = counts.astype(np.int64)
        return persons

    def pairs(self, first: Int64s, second: Int64s, width: int) -> Pairs:
        """Persons per pair of codes that occurs; the second are below ``width``."""
        packed = first * max(width, 1) + second
        size = int(packed.max()) + 1 if packed.size else 0
        if size <= _COUNTED_AT_ONCE:
            counts = self.cells(packed, size)
            held = np.flatnonzero(counts)
            counts = counts[held]
        else:
            held, codes = np.unique(packed, return_inverse=True)
            counts = self.cells(codes, held.size)
        one, two = np.divmod(held, max(width, 1))
        return Pairs(one, two, counts)


def distinct_pairs(first: Int64s, second: Int64s) -> Int64s:
    """The pairs that occur, sorted; shape (pairs, 2)."""
    width = int(second.max()) + 1 if second.size else 1
    packed = pl.Series(first * width + second).unique().sort().to_numpy()
    table: Int64s = np.stack(np.divmod(packed, width), axis=1).astype(np.int64)
    return table
