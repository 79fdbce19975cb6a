"""Repair of the left-over: the few that no group was large enough for join one, or are suppressed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.anonymity.lattice import Lattice
from hsr_privacy.errors import BudgetExceeded
from hsr_privacy.frequencies import EquivalenceClasses
from hsr_privacy.frequencies.counting import unique
from hsr_privacy.models import PrivacyModel

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

_TRIED: Final = 50


@dataclass(frozen=True, eq=False)
class Repaired:
    """Where classes stand after the repair.

    Attributes:
        node_of: int64, per base class, its node.
        suppressed: per base class, whether its rows are removed.
    """

    node_of: Int64s
    suppressed: Bools


def repair(
    lattice: Lattice, models: Sequence[PrivacyModel], node_of: Int64s, limit: int
) -> Repaired:
    """Bring everybody who stands nowhere into a group, or suppress them, whichever costs less.

    Whoever joins a group takes all of it up to the lowest node on which they are alike; the group
    grows and still satisfies models that a larger class keeps, and is judged anew by the others.

    Args:
        lattice: with the additive loss.
        models: what every class must satisfy.
        node_of: per base class, its node, or -1.
        limit: rows that may be suppressed.

    Raises:
        BudgetExceeded: somebody can neither join nor be suppressed within the limit.
    """
    table = lattice.table
    node_of = node_of.copy()
    suppressed = np.zeros(table.classes, bool)
    left = np.flatnonzero((node_of < 0) & (table.rows > 0))
    room = limit
    for one in left[np.argsort(-table.rows[left], kind="stable")].tolist():
        rows = int(table.rows[one])
        joined = _cheapest(lattice, models, node_of, one)
        dear = joined is None or joined.cost > rows
        if dear and rows <= room:
            suppressed[one] = True
            room -= rows
        elif joined is not None:
            node_of[joined.members] = joined.node
        else:
            raise BudgetExceeded(
                f"{rows} row(s) fit no class, and suppressing them exceeds the budget of {limit} "
                "rows; allow more suppression or ask for weaker models"
            )
    return Repaired(np.where(node_of < 0, 0, node_of), suppressed)


@dataclass(frozen=True, eq=False)
class _Joined:
    members: Int64s
    node: int
    cost: float


def _cheapest(
    lattice: Lattice, models: Sequence[PrivacyModel], node_of: Int64s, one: int
) -> _Joined | None:
    """The group that a base class joins at the least cost in rows."""
    standing = np.flatnonzero(node_of >= 0)
    if not len(standing):
        return None
    groups, first = groups_of(lattice, node_of, standing)
    rows = np.bincount(groups, weights=lattice.table.rows[standing])
    levels = node_of[first][:, None] // lattice.strides % lattice.shape
    before, after = np.zeros(len(first)), np.zeros(len(first))
    for j in range(len(lattice.shape)):
        leaves = lattice.table.leaves_of(j)
        mine, theirs = int(leaves[one]), leaves[first]
        start = lattice.term_starts[j]
        before += lattice.cost[lattice.block_starts[start + levels[:, j]] + theirs]
        for level in range(int(lattice.shape[j])):
            block = lattice.block_starts[start + level]
            apart = lattice.labels[block + mine] != lattice.labels[block + theirs]
            levels[:, j] = np.where((levels[:, j] == level) & apart, level + 1, levels[:, j])
        after += lattice.cost[lattice.block_starts[start + levels[:, j]] + theirs]
    cost = rows * (after - before) + lattice.table.rows[one] * after
    for group in np.argsort(cost, kind="stable")[:_TRIED].tolist():
        members = np.append(standing[groups == group], one)
        node = lattice.node_of(levels[group])
        part = lattice.table.part(members.astype(np.int32))
        classes = lattice.merge(EquivalenceClasses.base(part), levels[group])
        everything = np.ones(len(classes), bool)
        if all(model.satisfied(classes, everything).all() for model in models):
            return _Joined(members, node, float(cost[group]))
    return None


def groups_of(lattice: Lattice, node_of: Int64s, standing: Int64s) -> tuple[Int64s, Int64s]:
    """Per standing base class its group, and of each group one base class."""
    levels = node_of[standing][:, None] // lattice.strides % lattice.shape
    keys = [node_of[standing]]
    for j in range(len(lattice.shape)):
        blocks = lattice.block_starts[lattice.term_starts[j] + levels[:, j]]
        keys.append(lattice.labels[blocks + lattice.table.leaves_of(j)[standing]])
    _, groups = unique(np.stack(keys, axis=1).astype(np.int64))
    first = np.zeros(int(groups.max()) + 1, np.int64)
    first[groups[::-1]] = standing[::-1]
    return groups, first
