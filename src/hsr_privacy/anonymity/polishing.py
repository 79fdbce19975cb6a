"""Polishing: groups are freed and settle anew, again and again, and what loses no more is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.anonymity.grouping import groups_of, row_costs
from hsr_privacy.anonymity.lattice import Lattice
from hsr_privacy.anonymity.repairing import Placed, holds, repair, rows_lost
from hsr_privacy.anonymity.settling import largest_k, only_k, settle
from hsr_privacy.compiled import compiled
from hsr_privacy.errors import BudgetExceeded
from hsr_privacy.frequencies import EquivalenceClasses
from hsr_privacy.models import PrivacyModel

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

_INDEXED: Final = 10**6
"""Classes on nodes that are indexed; of a larger lattice, the cheapest nodes take part."""
_MOST_NODES: Final = 500
"""Nodes that take part at most."""
_DRAWS: Final = 4
"""Times that every class is drawn with every node, on average."""
_STEPS: Final = 10**7
"""Classes on nodes that are looked at before it ends in any case."""
_MOST_FREED: Final = 300
"""Classes that are freed at once; a draw that would free more is left."""
_TRIES: Final = 50
"""Times that some groups settle anew where models have to judge them, if the table is small."""
_VISITED: Final = 10**7
"""Classes on nodes that these tries may visit together."""
_FREED: Final = 0.1
"""Share of the groups that are freed each time then."""
_TINY: Final = 1e-9
_DIGITS: Final = 12


def polish(lattice: Lattice, models: Sequence[PrivacyModel], placed: Placed, limit: int) -> Placed:
    """Let classes settle in groups that the sweep did not see, if all together lose no more.

    Where only k is asked for, a class and a node on which it would lose no more are drawn. All
    classes that could be in its group there are freed with their groups, and settle anew, on this
    node first and then from the cheapest to the dearest, together or in groups that stand. What
    loses more than before, or leaves somebody over, is undone. Any other models judge a few larger
    changes: a tenth of all groups are freed, and settle in another order of equally cheap nodes.

    The draws are always the same ones.

    Args:
        lattice: with the additive loss.
        models: what every class must satisfy.
        placed: where everybody stands.
        limit: rows that may be suppressed.

    Source: Shaw 1998, doi:10.1007/3-540-49481-2_30 (large neighbourhood search).
    """
    if only_k(lattice, models):
        return _by_k(lattice, largest_k(models), placed)
    return _by_models(lattice, models, placed, limit)


def _by_models(
    lattice: Lattice, models: Sequence[PrivacyModel], placed: Placed, limit: int
) -> Placed:
    """Let the sweep and the repair place some groups anew."""
    draw = np.random.default_rng(0)
    least, groups = rows_lost(lattice, placed), groups_of(lattice, placed.node_of)
    tries = min(_TRIES, _VISITED // (lattice.nodes * lattice.table.classes + 1))
    for _ in range(tries):
        freed = (draw.random(len(groups.first)) < _FREED)[groups.of] | placed.suppressed
        standing = np.where(freed, -1, placed.node_of)
        settled = settle(lattice, models, ties=draw.random(lattice.nodes), standing=standing)
        try:
            other = repair(lattice, models, settled.node_of, limit)
        except BudgetExceeded:
            continue
        lost = rows_lost(lattice, other)
        if lost <= least + _TINY and holds(lattice, models, other):
            least, placed, groups = lost, other, groups_of(lattice, other.node_of)
    return placed


def _by_k(lattice: Lattice, k: int, placed: Placed) -> Placed:
    """Search with counts of persons alone; who is suppressed stays so."""
    table = lattice.table
    nodes, ids, cost = _index(lattice, k)
    place = np.full(lattice.nodes, -1, np.int64)
    place[nodes] = np.arange(len(nodes))
    stands = ~placed.suppressed & (place[placed.node_of] >= 0)
    at = np.where(stands, place[placed.node_of], -1)
    own = ids[stands, at[stands]]
    movable = np.flatnonzero(stands)[cost[own] > cost.min(initial=np.inf)]
    if not len(movable):
        return placed
    counts = np.bincount(own, weights=table.persons[stands], minlength=len(cost))
    starts, members = np.zeros(len(cost) + 1, np.int64), np.empty(ids.size, np.int32)
    list_members(ids, starts, members)
    settle_anew(
        ids,
        cost,
        starts,
        members,
        table.rows,
        table.persons,
        movable,
        k,
        _DRAWS * len(movable) * len(nodes),
        _STEPS,
        at,
        counts.astype(np.int64),
        np.zeros(len(cost), np.int64),
        np.zeros(table.classes, np.bool_),
        np.empty(_MOST_FREED, np.int64),
        np.empty(_MOST_FREED, np.int64),
    )
    return Placed(np.where(stands, nodes[at], placed.node_of), placed.suppressed)


def _index(lattice: Lattice, k: int) -> tuple[Int64s, Int32s, Floats]:
    """The groups of k persons or more that can be made on some nodes, all numbered together.

    Returns:
        The nodes, the cheapest first; int32, shape (base classes, nodes), the group of each class on
        each node, -1 where there is none; and per group what a row loses.
    """
    table = lattice.table
    mean = np.zeros(1)
    for start, levels in zip(lattice.term_starts, lattice.shape, strict=True):
        terms = lattice.mean_loss[start : start + levels]
        mean = (mean[:, None] + terms[None, :]).reshape(-1)
    nodes = np.argsort(np.round(mean, _DIGITS), kind="stable")
    nodes = nodes[: min(max(_INDEXED // table.classes, 1), _MOST_NODES)]
    ids = np.empty((table.classes, len(nodes)), np.int32)
    costs, size = [np.empty(0)], 0
    base = EquivalenceClasses.base(table)
    for n, node in enumerate(nodes.tolist()):
        classes = lattice.merge(base, lattice.levels_of(node))
        enough = classes.persons >= k
        number = np.where(enough, np.cumsum(enough) - 1 + size, -1).astype(np.int32)
        ids[:, n] = number[classes.members]
        costs.append(row_costs(lattice, classes.packed[enough], np.array([node])))
        size += len(costs[-1])
    return nodes, ids, np.concatenate(costs)


@compiled("void(i4[:, ::1], i8[::1], i4[::1])")
def list_members(ids: Int32s, starts: Int64s, members: Int32s) -> None:
    """List who can be in each group.

    Args:
        ids: shape (base classes, nodes), the group that each class can be in on each node, or -1.
        starts: all 0; set: where the members of each group start, and where the last ones end.
        members: set: base classes, group by group.
    """
    for n in range(ids.shape[1]):
        for i in range(ids.shape[0]):
            if ids[i, n] >= 0:
                starts[ids[i, n] + 1] += 1
    for x in range(starts.size - 1):
        starts[x + 1] += starts[x]
    for n in range(ids.shape[1]):
        for i in range(ids.shape[0]):
            group = ids[i, n]
            if group >= 0:
                members[starts[group]] = i
                starts[group] += 1
    for x in range(starts.size - 1, 0, -1):  # each start has moved on to the next one's
        starts[x] = starts[x - 1]
    starts[0] = 0


@compiled(
    "void(i4[:, ::1], f8[::1], i8[::1], i4[::1], i8[::1], i8[::1], i8[::1], i8, i8, i8, i8[::1], "
    "i8[::1], i8[::1], b1[::1], i8[::1], i8[::1])"
)
def settle_anew(  # noqa: C901, PLR0912, PLR0915, PLR0917 - one compiled search
    ids: Int32s,
    cost: Floats,
    starts: Int64s,
    members: Int32s,
    rows: Int64s,
    persons: Int64s,
    movable: Int64s,
    k: int,
    draws: int,
    steps: int,
    at: Int64s,
    count: Int64s,
    tally: Int64s,
    gone: Bools,
    waiting: Int64s,
    left: Int64s,
) -> None:
    """Free and settle again.

    Args:
        ids: shape (base classes, nodes), the group that each class can be in on each node, -1 where
            there are too few; the cheapest node first.
        cost: per group, what a row loses.
        starts: per group, where its members start in ``members``.
        members: base classes that can be in each group.
        rows: per base class.
        persons: per base class; nobody stands in two.
        movable: base classes that may be drawn.
        k: persons in every group.
        draws: of a class and a node.
        steps: classes on nodes that are looked at before it ends in any case.
        at: per base class, the place of its node, -1 for who takes no part; changed in place.
        count: per group, the persons who stand in it; changed in place.
        tally: all 0, one per group.
        gone: all False, per base class.
        waiting: room for the classes that are freed.
        left: room for where these stood.
    """
    state = np.int64(1)
    for _ in range(draws):
        state = state * np.int64(6364136223846793005) + np.int64(1442695040888963407)
        one = movable[((state >> 33) & 0x7FFFFFFF) % movable.size]
        state = state * np.int64(6364136223846793005) + np.int64(1442695040888963407)
        first = ((state >> 33) & 0x7FFFFFFF) % ids.shape[1]
        wanted, own = ids[one, first], ids[one, at[one]]
        if wanted < 0 or wanted == own or cost[wanted] > cost[own] + _TINY:
            continue
        # (1) all who could be in the wanted group are freed with their groups, but for who is cheaper
        freed, before = 0, 0.0
        fits = True
        for x in range(starts[wanted], starts[wanted + 1]):
            i = members[x]
            if at[i] < 0 or gone[i]:
                continue
            group = ids[i, at[i]]
            if group == wanted or cost[group] < cost[wanted] - _TINY:
                continue
            for y in range(starts[group], starts[group + 1]):
                j = members[y]
                if at[j] < 0 or ids[j, at[j]] != group or not fits:
                    continue
                if freed == waiting.size:
                    fits = False
                    continue
                gone[j] = True
                waiting[freed] = j
                left[freed] = at[j]
                freed += 1
                before += rows[j] * cost[group]
                count[group] -= persons[j]
            if not fits:
                break
        # (2) they settle, on the node that was drawn and then from the cheapest to the dearest
        many, after = freed, 0.0
        for n in range(-1, ids.shape[1]):
            if many == 0 or not fits:
                break
            node = first if n < 0 else n
            steps -= many
            for x in range(many):
                group = ids[waiting[x], node]
                if group >= 0:
                    tally[group] += persons[waiting[x]]
            kept = 0
            for x in range(many):
                i = waiting[x]
                group = ids[i, node]
                if group >= 0 and tally[group] + count[group] >= k:
                    at[i] = node
                    after += rows[i] * cost[group]
                else:
                    waiting[x] = waiting[kept]
                    waiting[kept] = i
                    stood = left[x]
                    left[x] = left[kept]
                    left[kept] = stood
                    kept += 1
            for x in range(many):
                group = ids[waiting[x], node]
                if group >= 0:
                    tally[group] = 0
                if x >= kept:
                    count[group] += persons[waiting[x]]
            many = kept
            fits = after <= before + _TINY
        # (3) what is no better, or does not fit, is undone
        if many > 0 or not fits:
            for x in range(many, freed):
                i = waiting[x]
                count[ids[i, at[i]]] -= persons[i]
            for x in range(freed):
                i = waiting[x]
                at[i] = left[x]
                count[ids[i, at[i]]] += persons[i]
        for x in range(freed):
            gone[waiting[x]] = False
        if steps < 0:
            break
