"""Counting: distinct combinations and pairs, in an order that does not depend on the rows'."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Int64s = NDArray[np.int64]


def counted(packed: Int64s) -> tuple[Int64s, Int64s]:
    """Distinct combinations in order, with their rows."""
    if packed.shape[1] == 1:
        ordered = np.sort(packed[:, 0])
        changes = np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]
        first = np.flatnonzero(changes)
        return ordered[first][:, None], np.diff(np.append(first, len(ordered)))
    distinct, inverse = unique(packed)
    return distinct, np.bincount(inverse, minlength=len(distinct))


def unique(packed: Int64s) -> tuple[Int64s, Int64s]:
    """Distinct combinations in order, and which of them each row is."""
    columns = [packed[:, w] for w in range(packed.shape[1])]
    key = np.zeros(len(packed), np.int64)
    for column in columns:  # every word becomes a rank, so that two of them fit a word
        ranks = np.unique(column, return_inverse=True)[1].reshape(-1).astype(np.int64)
        key = key * (int(ranks.max(initial=0)) + 1) + ranks
        key = np.unique(key, return_inverse=True)[1].reshape(-1).astype(np.int64)
    first = np.zeros(int(key.max(initial=-1)) + 1, np.int64)
    first[key[::-1]] = np.arange(len(packed))[::-1]
    return np.ascontiguousarray(packed[first]), key


def unique_pairs(left: Int64s, right: Int64s, width: int) -> tuple[Int64s, Int64s]:
    """Distinct pairs of numbers, of which the right ones are below ``width``."""
    pairs = np.unique(left * max(width, 1) + right)
    return pairs // max(width, 1), pairs % max(width, 1)
