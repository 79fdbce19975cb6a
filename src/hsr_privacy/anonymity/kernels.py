"""Kernels: the loops over lattice nodes, compiled.

Arrays are contiguous and of the stated types, as the callers make them; nothing is checked here.
Nodes of the lattice are numbered in mixed radix, the last column fastest.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.anonymity import plain
from hsr_privacy.compiled import compiled

Int64s = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@compiled("void(i8[:, ::1], i8[::1], b1[::1], i8[:, ::1], i8[::1])", plain=plain.histogram)
def histogram(packed: Int64s, rows: Int64s, chosen: Bools, columns: Int64s, counts: Int64s) -> None:
    """Count the rows of chosen classes per column and leaf.

    Args:
        packed: shape (classes, words).
        rows: per class.
        chosen: per class, whether to count it.
        columns: per column: word, shift, bits, where its leaves start in ``counts``.
        counts: per leaf of all columns, added to.
    """
    for i in range(packed.shape[0]):
        if chosen[i]:
            weight = rows[i]
            for j in range(columns.shape[0]):
                mask = (np.int64(1) << columns[j, 2]) - 1
                code = (packed[i, columns[j, 0]] >> columns[j, 1]) & mask
                counts[columns[j, 3] + code] += weight


@compiled("void(f8[::1], i8[::1], i8[::1], i8[::1], f8[::1], i8[::1])", plain=plain.raise_bounds)
def raise_bounds(  # noqa: PLR0917 - compiled functions take arguments by position
    bounds: Floats,
    strides: Int64s,
    lows: Int64s,
    highs: Int64s,
    terms: Floats,
    starts: Int64s,
) -> None:
    """Raise the bound of every node in a box of the lattice to a sum with one term per column.

    Args:
        bounds: one per node, changed in place.
        strides: of each column in the numbering of nodes.
        lows: lowest level of the box, per column.
        highs: highest level of the box, per column.
        terms: per column and level.
        starts: where the levels of each column start in ``terms``.
    """
    columns = highs.size
    level = lows.copy()
    node = np.int64(0)
    for j in range(columns):
        node += level[j] * strides[j]
    last = columns - 1
    while True:
        total = 0.0
        for j in range(last):
            total += terms[starts[j] + level[j]]
        for last_level in range(lows[last], highs[last] + 1):
            value = total + terms[starts[last] + last_level]
            place = node + (last_level - lows[last]) * strides[last]
            if value > bounds[place]:  # noqa: PLR1730 - max() is slower in numba
                bounds[place] = value
        j = last - 1
        while j >= 0 and level[j] == highs[j]:
            node -= (level[j] - lows[j]) * strides[j]
            level[j] = lows[j]
            j -= 1
        if j < 0:
            return
        level[j] += 1
        node += strides[j]


@compiled("i8(f8[::1], i8[::1], i8[::1], i8, f8, f8)", plain=plain.climb)
def climb(  # noqa: PLR0917 - compiled functions take arguments by position
    bounds: Floats, strides: Int64s, shape: Int64s, node: int, ceiling: float, fraction: float
) -> int:
    """The node at a fraction of the greedy path upwards through nodes that are still open.

    Args:
        bounds: one per node.
        strides: of each column in the numbering of nodes.
        shape: levels per column.
        node: where the path starts.
        ceiling: a node whose bound lies above it is closed.
        fraction: 0 is the start, 1 the end of the path.
    """
    stop, length = -1, 0
    while True:  # once to the end, and once more as far as the fraction of the way
        at, length = node, 0
        while length != stop:
            best = -1
            for j in range(shape.size):
                if (at // strides[j]) % shape[j] < shape[j] - 1:
                    above = at + strides[j]
                    if bounds[above] <= ceiling and (best < 0 or bounds[above] < bounds[best]):
                        best = above
            if best < 0:
                break
            at = best
            length += 1
        if stop >= 0:
            return at
        stop = min(int((length + 1) * fraction), length)
