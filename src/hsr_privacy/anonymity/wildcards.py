"""Wildcards: cells suppressed on the reading that a suppressed cell agrees with everything.

It is how sdcMicro counts by default, and here for comparison only: whoever knows that a cell was
suppressed by us knows that its row was rare, so a release is judged with the suppressed cell as a
category of its own.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.anonymity.grouping import row_costs
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
_ALMOST_EQUAL: Final = 1e-12


def mask_by_wildcards(masks: Lattice, k: int) -> Bools:
    """Suppress the cheapest cells of every class that leave k persons who agree with it.

    Every class is solved alone: the persons who agree with it on the cells that stay are counted
    in the whole table. As suppressed cells of others agree too, some are not needed; a backward
    pass restores them, the dearest of a class first, and leaves none that could be restored alone.

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
            "pair by pair, so use fewer columns or coarser levels, or read a suppressed cell as a "
            "category of its own"
        )
    cost, masked = _alone(masks, k)
    real = np.flatnonzero(table.rows > 0)  # others are in the population only
    original, masked_now = _codes(table)[real], masked[real]
    restore(
        np.where(masked_now, np.int32(-1), original),
        original,
        table.persons[real],
        np.argsort(-cost[real], kind="stable"),
        np.stack([_prices(masks, j) for j in range(len(masks.shape))], axis=1)[real],
        k,
        masked_now,
        np.empty(len(real), np.int64),
    )
    masked[:] = False
    masked[real] = masked_now
    return masked


def wildcard_k(table: FrequencyTable, masked: Bools) -> int:
    """Fewest persons who agree with a row, suppressed cells agreeing with everything."""
    counts = agreeing(np.where(masked, np.int32(-1), _codes(table)), table.persons)
    return int(counts[table.rows > 0].min(initial=np.iinfo(np.int64).max))


def _alone(masks: Lattice, k: int) -> tuple[Floats, Bools]:
    """Per class, the least that leaves k persons in the table as it was, and the cells for it."""
    table = masks.table
    cost = np.full(table.classes, np.inf)
    masked = np.zeros((table.classes, len(masks.shape)), bool)
    base = EquivalenceClasses.base(table)
    for node in range(masks.nodes):
        own = row_costs(masks, table.packed, np.array([node]))
        better = own < cost - _ALMOST_EQUAL
        if better.any():
            levels = masks.levels_of(node)
            classes = masks.merge(base, levels)
            better &= (classes.persons >= k)[classes.members]
            cost[better] = own[better]
            masked[better] = np.array(masks.original_levels(levels)) == 1
    return cost, masked


def _codes(table: FrequencyTable) -> Int32s:
    """int32, shape (base classes, columns): the node of every cell on its finest level."""
    nodes = [one.nodes[0][table.leaves_of(j)] for j, one in enumerate(table.hierarchies)]
    return np.ascontiguousarray(np.stack(nodes, axis=1), np.int32)


def _prices(masks: Lattice, column: int) -> Floats:
    """Per base class, what a cell of a column loses besides if it is suppressed."""
    start = masks.block_starts[masks.term_starts[column]]
    prices: Floats = masks.slack[start + masks.table.leaves_of(column)]
    return prices


@compiled("b1(i4[:, ::1], i8, i8)")
def agree(codes: Int32s, one: int, other: int) -> bool:
    """Whether two combinations agree."""
    for c in range(codes.shape[1]):
        mine, theirs = codes[one, c], codes[other, c]
        if mine != theirs and mine >= 0 and theirs >= 0:
            return False
    return True


@compiled("i8[::1](i4[:, ::1], i8[::1])")
def agreeing(codes: Int32s, persons: Int64s) -> Int64s:
    """Persons who agree with each combination; -1 agrees with everything."""
    size = codes.shape[0]
    counts = np.zeros(size, np.int64)
    for i in range(size):
        counts[i] += persons[i]
        for j in range(i + 1, size):
            if agree(codes, i, j):
                counts[i] += persons[j]
                counts[j] += persons[i]
    return counts


@compiled("void(i4[:, ::1], i4[:, ::1], i8[::1], i8[::1], f8[:, ::1], i8, b1[:, ::1], i8[::1])")
def restore(  # noqa: C901, PLR0912, PLR0917 - one compiled pass
    codes: Int32s,
    original: Int32s,
    persons: Int64s,
    order: Int64s,
    prices: Floats,
    k: int,
    masked: Bools,
    others: Int64s,
) -> None:
    """Restore suppressed cells as long as k persons agree with everybody.

    One pass is enough. Whoever needs a cell has k persons with it and fewer without, and so cannot
    restore a cell of its own by which it would no longer agree; and restoring never adds persons.

    Args:
        codes: shape (combinations, columns), -1 where suppressed; changed in place.
        original: the codes without suppression.
        persons: of each combination.
        order: combinations, in the order in which they are tried.
        prices: what each cell is worth.
        k: persons who must agree.
        masked: where cells are suppressed; changed in place.
        others: room for as many combinations.
    """
    size, columns = codes.shape
    counts = agreeing(codes, persons)
    for i in order:
        suppressed = False
        for c in range(columns):
            suppressed = suppressed or codes[i, c] < 0
        if not suppressed:
            continue
        many = 0
        for j in range(size):
            if j != i and agree(codes, i, j):
                others[many] = j
                many += 1
        while True:
            best = -1
            for c in range(columns):  # the dearest cell that nobody needs
                if codes[i, c] >= 0 or (best >= 0 and prices[i, c] <= prices[i, best]):
                    continue
                own, fits = counts[i], True
                for n in range(many):
                    j = others[n]
                    if codes[j, c] >= 0 and codes[j, c] != original[i, c]:
                        own -= persons[j]
                        if own < k or counts[j] - persons[i] < k:
                            fits = False
                            break
                if fits:
                    best = c
            if best < 0:
                break
            left = 0
            for n in range(many):
                j = others[n]
                if codes[j, best] >= 0 and codes[j, best] != original[i, best]:
                    counts[i] -= persons[j]
                    counts[j] -= persons[i]
                else:
                    others[left] = j
                    left += 1
            many = left
            codes[i, best] = original[i, best]
            masked[i, best] = False
