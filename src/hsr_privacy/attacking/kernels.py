"""Kernels: the loop over attackers and combinations, compiled.

Arrays are contiguous and of the stated types, as the callers make them; nothing is checked here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.attacking import plain
from hsr_privacy.compiled import compiled

Bools = NDArray[np.bool_]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]


@compiled("void(i4[:, ::1], i8[::1], i8[::1], i8[::1], i4[:, ::1])")
def lay_out(codes: Int32s, bounds: Int64s, counts: Int64s, starts: Int64s, order: Int32s) -> None:
    """Bring the combinations into the order of each column's codes.

    Args:
        codes: shape (combinations, columns); the codes of column j are those from ``bounds[j]`` on.
        bounds: where the codes of each column start, and behind the last.
        counts: zeros; filled with the combinations of each code.
        starts: filled with where they start in the order of their column.
        order: shape (columns, combinations), filled with them.
    """
    size, columns = codes.shape
    for u in range(size):
        for j in range(columns):
            counts[codes[u, j]] += 1
    for j in range(columns):
        place = 0
        for code in range(bounds[j], bounds[j + 1]):
            starts[code] = place
            place += counts[code]
    filled = starts.copy()
    for u in range(size):
        for j in range(columns):
            code = codes[u, j]
            order[j, filled[code]] = u
            filled[code] += 1


@compiled(
    "void(i4[:, ::1], i8[::1], i8[::1], i8[::1], b1[:, ::1], i8[:, ::1])",
    plain=plain.count_compatible,
)
def count_compatible(  # noqa: C901, PLR0912, PLR0917 - one compiled pass
    codes: Int32s, owner: Int64s, weight: Int64s, bounds: Int64s, permitted: Bools, found: Int64s
) -> None:
    """Count the persons who fit what each attacker holds and, where nobody does, all but one column.

    An attacker goes through the combinations that fit in the column where fewest do. What fits in
    all columns but one fits there or, if that is the one, in the column where second fewest do.

    Args:
        codes: shape (combinations, columns); the codes of column j are those from ``bounds[j]`` on.
        owner: per combination, a person who has several; -1 where all who have it have no other.
        weight: per combination, the persons who have no other.
        bounds: where the codes of each column start, and behind the last.
        permitted: shape (attackers, codes), whether a code is compatible.
        found: shape (2, attackers), filled with the persons who fit, and who fit nearly.
    """
    size, columns = codes.shape
    counts = np.zeros(bounds[columns], np.int64)
    starts = np.zeros(bounds[columns], np.int64)
    order = np.empty((columns, size), np.int32)
    lay_out(codes, bounds, counts, starts, order)
    last = np.int64(-1)
    for u in range(size):
        last = max(last, owner[u])
    seen = np.full(last + 2, -1, np.int64)
    reach = np.empty(columns, np.int64)
    rank = np.empty(columns, np.int64)
    for a in range(permitted.shape[0]):
        for j in range(columns):
            reach[j] = 0
            for code in range(bounds[j], bounds[j + 1]):
                if permitted[a, code]:
                    reach[j] += counts[code]
            n = j
            while n > 0 and reach[rank[n - 1]] > reach[j]:
                rank[n] = rank[n - 1]
                n -= 1
            rank[n] = j
        for allowed_misses in range(2):
            persons = 0
            for turn in range(1 + allowed_misses):
                if turn >= columns:  # one column: all who do not fit in it
                    anchor, first, behind = 0, bounds[0], bounds[1]
                else:
                    anchor = rank[turn]
                    first, behind = bounds[anchor], bounds[anchor + 1]
                for code in range(first, behind):
                    if not permitted[a, code] and turn < columns:
                        continue
                    for p in range(starts[code], starts[code] + counts[code]):
                        u = order[anchor, p]
                        misses = 0
                        for n in range(columns):
                            if not permitted[a, codes[u, rank[n]]]:
                                misses += 1
                                if misses > allowed_misses:
                                    break
                        if misses != allowed_misses:
                            continue
                        if turn == 1 and permitted[a, codes[u, rank[0]]]:
                            continue  # counted on the first turn
                        if owner[u] < 0:
                            persons += weight[u]
                        elif seen[owner[u]] != a:
                            seen[owner[u]] = a
                            persons += 1
            found[allowed_misses, a] = persons
            if persons:
                break
