"""Plain: the loop over attackers and combinations in numpy, for tables that need no compiler.

It gives what its kernel gives; see `hsr_privacy.attacking.kernels` for what it does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.attacking.coding import spread

Bools = NDArray[np.bool_]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

_PAIRS: Final = 1_000_000
"""Attackers and combinations that are compared at a time."""


def count_compatible(  # noqa: PLR0917 - as its kernel
    codes: Int32s, owner: Int64s, weight: Int64s, bounds: Int64s, permitted: Bools, found: Int64s
) -> None:
    """Count the persons who fit what each attacker holds, or all but one column; see the kernel."""
    attackers = np.arange(len(permitted))
    counts = np.bincount(codes.ravel(), minlength=int(bounds[-1]))
    reach = np.add.reduceat(permitted * counts, bounds[:-1], axis=1) if codes.size else None
    found[:] = 0
    if reach is None:
        return
    rank = np.argsort(reach, axis=1, kind="stable")
    table = (codes, bounds, permitted, counts)
    found[0] = _count(_pairs(table, attackers, rank, 0), owner, weight, len(attackers))
    lost = attackers[found[0] == 0]
    found[1] = _count(_pairs(table, lost, rank, 1), owner, weight, len(attackers))


def _pairs(
    table: tuple[Int32s, Int64s, Bools, Int64s], attackers: Int64s, rank: Int64s, misses: int
) -> Iterator[tuple[Int64s, Int64s]]:
    """Attackers and combinations of which so many columns do not fit."""
    codes, bounds, permitted, counts = table
    columns = codes.shape[1]
    narrowest = np.argsort(np.argsort(rank, axis=1).sum(axis=0))
    for turn in range(1 + misses):
        for column in range(columns):
            order = np.argsort(codes[:, column], kind="stable")
            own = slice(bounds[column], bounds[column + 1])
            starts = np.cumsum(counts[own]) - counts[own]
            mine = attackers[rank[attackers, min(turn, columns - 1)] == column]
            wanted = permitted[mine, own] if turn < columns else ~permitted[mine, own]
            for some in _parts(wanted @ counts[own]):
                who, code = np.nonzero(wanted[some])
                which, place = spread(starts[code], counts[own][code])
                who, unit = mine[some][who[which]], order[place]
                missed = np.zeros(len(unit), np.int64)
                for other in narrowest:
                    missed = missed + ~permitted[who, codes[unit, other]]
                    kept = missed <= misses
                    who, unit, missed = who[kept], unit[kept], missed[kept]
                kept = missed == misses
                if turn == 1 and turn < columns:
                    kept &= ~permitted[who, codes[unit, rank[who, 0]]]
                yield who[kept], unit[kept]


def _count(
    pairs: Iterator[tuple[Int64s, Int64s]], owner: Int64s, weight: Int64s, size: int
) -> Int64s:
    """Per attacker, the distinct persons of the combinations."""
    persons = np.zeros(size, np.int64)
    width = int(owner.max(initial=0)) + 1
    several = [np.zeros(0, np.int64)]
    for who, unit in pairs:
        persons += np.bincount(who, weight[unit], size).astype(np.int64)
        kept = owner[unit] >= 0
        several.append(np.unique(who[kept] * width + owner[unit][kept]))
    return persons + np.bincount(np.unique(np.concatenate(several)) // width, minlength=size)


def _parts(pairs: Int64s) -> list[Int64s]:
    """The attackers in parts that are not too large to be compared at once."""
    part = np.cumsum(pairs) // _PAIRS
    places = np.arange(len(pairs))
    return np.split(places, np.flatnonzero(np.diff(part)) + 1) if len(pairs) else []
