"""Wildcards: cells suppressed on the reading that a suppressed cell agrees with everything.

It is how sdcMicro counts by default, and here for comparison only: whoever knows that a cell was
suppressed by us knows that its row was rare, so a release is judged with the suppressed cell as a
category of its own.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.anonymity.lattice import Lattice
from hsr_privacy.compiled import compiled
from hsr_privacy.errors import DataError
from hsr_privacy.frequencies import EquivalenceClasses, FrequencyTable

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

MOST_CLASSES: Final = 50_000
"""Combinations that are compared pair by pair."""


def mask_by_wildcards(masks: Lattice, k: int) -> Bools:
    """Suppress the cheapest cells of every class that leave k persons who agree with it.

    Every class is solved alone: the persons who agree with it on the cells that stay are counted
    in the whole table. As suppressed cells of others agree too, some are not needed; a backward
    pass restores them, the dearest first, as long as everybody keeps k.

    Args:
        masks: a lattice whose only levels are a cell as it stands and the cell suppressed.
        k: persons who must agree with a row.

    Returns:
        bool, shape (base classes, columns): the cells to suppress.

    Raises:
        DataError: persons who stand in several classes, or more than 50,000 combinations.
    """
    table = masks.table
    if table.repeats is not None:
        raise DataError(
            "the wildcard reading counts rows; leave out the column that tells persons apart, or "
            "read a suppressed cell as a category of its own"
        )
    if table.classes > MOST_CLASSES:
        raise DataError(
            f"{table.classes} combinations; the wildcard reading compares at most {MOST_CLASSES} "
            "pair by pair, so use fewer columns or coarser levels"
        )
    cost = np.full(table.classes, np.inf)
    masked = np.zeros((table.classes, len(masks.shape)), bool)
    base = EquivalenceClasses.base(table)
    for node in range(masks.nodes):
        levels = masks.levels_of(node)
        own = _costs(masks, levels)
        if not (own < cost).any():
            continue
        enough = masks.merge(base, levels)
        better = (enough.persons >= k)[enough.members] & (own < cost - 1e-12)
        cost[better] = own[better]
        top = [masks.levels[j][level] == 1 for j, level in enumerate(levels.tolist())]
        masked[better] = top
    prices = np.stack([_price(masks, j) for j in range(len(masks.shape))], axis=1)
    codes = np.where(masked, np.int32(-1), table.codes)
    order = np.argsort(-cost, kind="stable")
    restore(
        np.ascontiguousarray(codes, np.int32), table.codes, table.persons, order, prices, k, masked
    )
    return masked


def wildcard_k(table: FrequencyTable, masked: Bools) -> int:
    """Fewest persons who agree with a row, suppressed cells agreeing with everything."""
    codes = np.where(masked, np.int32(-1), table.codes)
    counts = agreeing(np.ascontiguousarray(codes, np.int32), table.persons)
    return int(counts[table.rows > 0].min(initial=np.iinfo(np.int64).max))


def _costs(masks: Lattice, levels: Int64s) -> Floats:
    blocks = masks.block_starts[masks.term_starts + levels]
    leaves = masks.table.codes
    total: Floats = np.sum([masks.cost[b + leaves[:, j]] for j, b in enumerate(blocks)], axis=0)
    return total


def _price(masks: Lattice, column: int) -> Floats:
    """What a cell of a column loses besides if it is suppressed."""
    start = masks.block_starts[masks.term_starts[column]]
    price: Floats = masks.slack[start + masks.table.leaves_of(column)]
    return price


@compiled("i8[::1](i4[:, ::1], i8[::1])")
def agreeing(codes: Int32s, persons: Int64s) -> Int64s:
    """Persons who agree with each combination; -1 agrees with everything."""
    size, columns = codes.shape
    counts = np.zeros(size, np.int64)
    for i in range(size):
        for j in range(i, size):
            same = True
            for c in range(columns):
                if codes[i, c] != codes[j, c] and codes[i, c] >= 0 and codes[j, c] >= 0:
                    same = False
                    break
            if same:
                counts[i] += persons[j]
                if i != j:
                    counts[j] += persons[i]
    return counts


@compiled("void(i4[:, ::1], i4[:, ::1], i8[::1], i8[::1], f8[:, ::1], i8, b1[:, ::1])")
def restore(  # noqa: C901, PLR0912, PLR0917 - one compiled pass
    codes: Int32s,
    original: Int32s,
    persons: Int64s,
    order: Int64s,
    prices: Floats,
    k: int,
    masked: Bools,
) -> None:
    """Restore suppressed cells as long as k persons agree with everybody.

    Args:
        codes: shape (combinations, columns), -1 where suppressed; changed in place.
        original: the codes without suppression.
        persons: of each combination.
        order: combinations, in the order in which they are tried.
        prices: what each cell is worth.
        k: persons who must agree.
        masked: where cells are suppressed; changed in place.
    """
    size, columns = codes.shape
    counts = agreeing(codes, persons)
    for at in range(size):
        i = order[at]
        while True:
            best = -1
            for c in range(columns):  # the dearest cell that nobody needs
                if codes[i, c] >= 0 or (best >= 0 and prices[i, c] <= prices[i, best]):
                    continue
                own, fits = counts[i], True
                for j in range(size):
                    if j == i or codes[j, c] < 0 or codes[j, c] == original[i, c]:
                        continue
                    same = True
                    for d in range(columns):
                        if codes[i, d] != codes[j, d] and codes[i, d] >= 0 and codes[j, d] >= 0:
                            same = False
                            break
                    if same:
                        own -= persons[j]
                        if own < k or counts[j] - persons[i] < k:
                            fits = False
                            break
                if fits and own >= k:
                    best = c
            if best < 0:
                break
            for j in range(size):
                if j == i or codes[j, best] < 0 or codes[j, best] == original[i, best]:
                    continue
                same = True
                for d in range(columns):
                    if codes[i, d] != codes[j, d] and codes[i, d] >= 0 and codes[j, d] >= 0:
                        same = False
                        break
                if same:
                    counts[i] -= persons[j]
                    counts[j] -= persons[i]
            codes[i, best] = original[i, best]
            masked[i, best] = False
