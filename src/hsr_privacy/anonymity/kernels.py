"""Kernels: the loops over classes and lattice nodes, compiled.

Arrays of classes and of columns are int32 and int64, contiguous, as the callers make them; nothing
is checked here. Nodes of the lattice are numbered in mixed radix, the last column fastest.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.compiled import compiled

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_MIX: Final = -7046029254386353131  # 2**64 divided by the golden ratio, as a signed word


@compiled("void(i8[::1], i4[:, ::1], i4[::1], i8[::1], i8[::1], i8[::1], i4[::1])")
def add_keys(  # noqa: PLR0917 - compiled functions take arguments by position
    keys: Int64s,
    codes: Int32s,
    first: Int32s,
    columns: Int64s,
    starts: Int64s,
    strides: Int64s,
    labels: Int32s,
) -> None:
    """Add to every key the labels of the columns, each times its stride.

    Args:
        keys: one per class, changed in place.
        codes: shape (base classes, all columns).
        first: per class, one of its base classes.
        columns: the columns that take part.
        starts: where the labels of each of them start in ``labels``, on the wanted level.
        strides: of each of them.
        labels: label of every code, for all columns and levels behind each other.
    """
    for i in range(keys.size):
        key = keys[i]
        row = first[i]
        for n in range(columns.size):
            key += labels[starts[n] + codes[row, columns[n]]] * strides[n]
        keys[i] = key


@compiled("Tuple((i4[::1], i4[::1], i8[::1], i8[::1]))(i8[::1], i8, i4[::1], i8[::1], i8[::1])")
def group(
    keys: Int64s, space: int, first: Int32s, rows: Int64s, persons: Int64s
) -> tuple[Int32s, Int32s, Int64s, Int64s]:
    """Merge the classes with equal keys.

    Args:
        keys: one per class.
        space: keys are below it and the table is addressed by them; 0 asks for a hash table.
        first: per class, one of its base classes.
        rows: per class.
        persons: per class.

    Returns:
        Per class, the merged class it belongs to; per merged class, one of its base classes, and
        the sums of rows and of persons. Merged classes are numbered as they are met.
    """
    size = keys.size
    merged = np.empty(size, np.int32)
    first_of = np.empty(size, np.int32)
    rows_of = np.empty(size, np.int64)
    persons_of = np.empty(size, np.int64)
    bits = 1
    while (1 << bits) < 2 * size:
        bits += 1
    table = np.full(space if space > 0 else 1 << bits, np.int32(-1), np.int32)
    keys_of = np.empty(0 if space > 0 else size, np.int64)
    wrap = (1 << bits) - 1
    count = 0
    for i in range(size):
        key = keys[i]
        if space > 0:
            slot = key
            found = table[slot]
        else:
            mixed = key * np.int64(_MIX)
            slot = (mixed ^ (mixed >> 32)) & wrap
            found = table[slot]
            while found >= 0 and keys_of[found] != key:
                slot = (slot + 1) & wrap
                found = table[slot]
        if found < 0:
            found = count
            table[slot] = count
            if space == 0:
                keys_of[count] = key
            first_of[count] = first[i]
            rows_of[count] = 0
            persons_of[count] = 0
            count += 1
        rows_of[found] += rows[i]
        persons_of[found] += persons[i]
        merged[i] = found
    return (
        merged,
        first_of[:count].copy(),
        rows_of[:count].copy(),
        persons_of[:count].copy(),
    )


@compiled("i8[::1](i4[::1], i4[::1], i4[::1], i8)")
def count_distinct(classes: Int32s, marks: Int32s, merged: Int32s, size: int) -> Int64s:
    """Count the distinct marks in every merged class.

    Args:
        classes: base class of each pair of class and mark.
        marks: 0 or more; equal marks stand behind each other.
        merged: per base class, its merged class.
        size: number of merged classes.
    """
    counts = np.zeros(size, np.int64)
    seen = np.full(size, np.int32(-1), np.int32)
    for i in range(classes.size):
        place = merged[classes[i]]
        if seen[place] != marks[i]:
            seen[place] = marks[i]
            counts[place] += 1
    return counts


@compiled("i8[::1](i4[:, ::1], i8[::1], b1[::1], i4[::1], i8[::1], i8)")
def histogram(  # noqa: PLR0917 - compiled functions take arguments by position
    codes: Int32s, rows: Int64s, chosen: Bools, parents: Int32s, starts: Int64s, size: int
) -> Int64s:
    """Count the rows of chosen classes per column and code.

    Args:
        codes: shape (base classes, columns).
        rows: per base class.
        chosen: per class of a coarser partition, whether to count it.
        parents: per base class, its class in that partition.
        starts: per column, where its codes start in the result.
        size: codes of all columns.
    """
    counts = np.zeros(size, np.int64)
    columns = codes.shape[1]
    for i in range(parents.size):
        if chosen[parents[i]]:
            weight = rows[i]
            for j in range(columns):
                counts[starts[j] + codes[i, j]] += weight
    return counts


@compiled("void(f8[::1], i8[::1], i8[::1], i8[::1], f8[::1], i8[::1])")
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


@compiled("i8(f8[::1], i8[::1], i8[::1], i8, f8, f8)")
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
    path = np.empty(shape.sum(), np.int64)
    length = 0
    at = node
    while True:
        path[length] = at
        length += 1
        best = -1
        for j in range(shape.size):
            if (at // strides[j]) % shape[j] < shape[j] - 1:
                above = at + int(strides[j])
                if bounds[above] <= ceiling and (best < 0 or bounds[above] < bounds[best]):
                    best = above
        if best < 0:
            place = int(length * fraction)
            return int(path[place if place < length else length - 1])
        at = best
