"""Settling: every class finds the cheapest node on which it stands with enough others."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.anonymity.grouping import row_costs
from hsr_privacy.anonymity.lattice import Lattice
from hsr_privacy.anonymity.sweeping import sweep
from hsr_privacy.errors import DataError
from hsr_privacy.frequencies import EquivalenceClasses
from hsr_privacy.frequencies.classes import KEY_SPACE
from hsr_privacy.models import KAnonymity, PrivacyModel

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

MOST_NODES: Final = 500_000
"""Nodes that a sweep ranks again and again; a larger lattice needs fewer columns or levels."""
_ALMOST_EQUAL: Final = 1e-12
_DIGITS: Final = 12
_STILL_WAITING: Final = 0.95
"""Share of those who wait at which the nodes are ranked anew."""
_AT_ONCE: Final = 1_000
"""Nodes that are visited before they are ranked anew in any case; sorting them all takes longer."""
_LARGEST_K: Final = 2**30


@dataclass(frozen=True, eq=False)
class Settled:
    """Where classes stand.

    Attributes:
        node_of: int64, per base class, its node; -1 where too few were left over.
        visited: nodes visited, each time counted.
    """

    node_of: Int64s
    visited: int


def settle(
    lattice: Lattice,
    models: Sequence[PrivacyModel],
    *,
    ties: Floats | None = None,
    standing: Int64s | None = None,
) -> Settled:
    """Sweep over the lattice, from the cheapest node to the dearest.

    To recode everybody at the least loss is NP-hard, even with suppressed cells alone. So it is
    done greedily, as sets are covered: always the cheapest next. The order is by what a node costs
    those who still wait, and is made again whenever a twentieth of them has settled or a thousand
    nodes were visited. On each node the groups that satisfy the models settle, unless they lose
    more than the mean; those wait until the sweep has come to their cost. Nobody who settles could
    have settled cheaper with those who were still waiting. A node on which nobody can settle is
    never visited again: who waits later are fewer.

    Args:
        lattice: with the additive loss.
        models: what every class must satisfy.
        ties: per node, its place among nodes of equal cost; those that leave the fewest
            combinations go first if left out.
        standing: per base class, the node where it stands already, or -1; nobody if left out.

    Raises:
        DataError: a lattice too large, or a model whose verdict depends on the other classes.

    Source: Meyerson & Williams 2004, doi:10.1145/1055558.1055591 (hardness); Chvatal 1979,
        doi:10.1287/moor.4.3.233 (greedy covering).
    """
    check_local(lattice, models)
    table = lattice.table
    counting = only_k(lattice, models)
    visit = _compiled if counting else _by_models
    node_of = np.full(table.classes, -1, np.int64) if standing is None else standing.copy()
    # those whom only a population has count for some models, and never for k
    waiting = np.flatnonzero((node_of < 0) & ((table.rows > 0) | (not counting))).astype(np.int32)
    floor = np.zeros(lattice.nodes)
    breadth = _breadth(lattice) if ties is None else ties
    visited = 0
    while (table.rows[waiting] > 0).any():
        nodes = np.flatnonzero(np.isfinite(floor))
        if not len(nodes):
            break
        key = np.maximum(_mean_costs(lattice, waiting)[nodes], floor[nodes])
        rounded = np.round(key, _DIGITS)
        if len(nodes) > _AT_ONCE:
            cheap = rounded <= np.partition(rounded, _AT_ONCE)[_AT_ONCE]
            nodes, key, rounded = nodes[cheap], key[cheap], rounded[cheap]
        ranked = np.lexsort((breadth[nodes], rounded))
        order, ceilings = nodes[ranked], key[ranked] + _ALMOST_EQUAL
        deferred = np.full(len(order), np.inf)
        done = visit(lattice, models, waiting, order, ceilings, deferred, node_of)
        visited += done
        floor[order[:done]] = deferred[:done]
        waiting = waiting[node_of[waiting] < 0]
    return Settled(node_of, visited)


def check_local(lattice: Lattice, models: Sequence[PrivacyModel]) -> None:
    """Refuse what recodings that differ from class to class cannot be made for."""
    if lattice.nodes > MOST_NODES:
        raise DataError(
            f"{lattice.nodes} combinations of levels; recoding class by class takes at most "
            f"{MOST_NODES}, so raise the finest level of columns with many levels, leave out "
            "columns, or use full-domain"
        )
    if lattice.loss != "additive":
        raise DataError(f"loss '{lattice.loss}' is for full-domain; class by class it is additive")
    for model in models:
        if model.wide and model.column is None:
            raise DataError(
                f"{model.name} is judged over all classes together; recoding class by class cannot "
                "keep it, so use full-domain"
            )


def only_k(lattice: Lattice, models: Sequence[PrivacyModel]) -> bool:
    """Whether compiled loops can judge: by sums of persons, and keys that fit a word."""
    keys = math.prod(int(n) for n in lattice.sizes[lattice.term_starts])
    plain = all(isinstance(one, KAnonymity) and one.k < _LARGEST_K for one in models)
    return plain and lattice.table.repeats is None and keys < KEY_SPACE


def largest_k(models: Sequence[PrivacyModel]) -> int:
    """The k that all k-anonymity among the models asks for together."""
    return max(one.k for one in models if isinstance(one, KAnonymity))


def _breadth(lattice: Lattice) -> Floats:
    """Combinations that each node leaves at most; among equal costs the fewest go first."""
    breadth = np.ones(1)
    for start, levels in zip(lattice.term_starts, lattice.shape, strict=True):
        sizes = lattice.sizes[start : start + levels].astype(np.float64)
        breadth = (breadth[:, None] * sizes[None, :]).reshape(-1)
    return breadth


def _mean_costs(lattice: Lattice, waiting: Int32s) -> Floats:
    """What every node costs the waiting rows on average."""
    chosen = np.zeros(lattice.table.classes, bool)
    chosen[waiting] = True
    counts = lattice.count_leaves(chosen)
    rows = int(lattice.table.rows[waiting].sum())
    terms = lattice.sum_blocks(counts, lattice.cost) * (lattice.table.total_rows / rows)
    costs = np.zeros(1)
    for start, levels in zip(lattice.term_starts, lattice.shape, strict=True):
        costs = (costs[:, None] + terms[None, start : start + levels]).reshape(-1)
    return costs


def _compiled(  # noqa: PLR0917 - the state of the sweep
    lattice: Lattice,
    models: Sequence[PrivacyModel],
    waiting: Int32s,
    order: Int64s,
    ceilings: Floats,
    deferred: Floats,
    node_of: Int64s,
) -> int:
    table = lattice.table
    return sweep(
        table.packed,
        table.persons,
        waiting.copy(),
        len(waiting),
        order,
        lattice.strides,
        lattice.shape,
        table.fields.copy(),
        lattice.term_starts,
        lattice.block_starts,
        lattice.sizes,
        lattice.labels,
        largest_k(models),
        int(len(waiting) * _STILL_WAITING),
        node_of,
        lattice.cost,
        ceilings,
        deferred,
    )


def _by_models(  # noqa: PLR0917 - the state of the sweep
    lattice: Lattice,
    models: Sequence[PrivacyModel],
    waiting: Int32s,
    order: Int64s,
    ceilings: Floats,
    deferred: Floats,
    node_of: Int64s,
) -> int:
    """The sweep for any models; it does what the compiled one does, class by class."""
    enough = int(len(waiting) * _STILL_WAITING)
    part = lattice.table.part(waiting)
    base = EquivalenceClasses.base(part)
    for done, node in enumerate(order.tolist()):
        classes = lattice.merge(base, lattice.levels_of(node))
        everything = np.ones(len(classes), bool)
        good = classes.rows > 0
        for model in models:
            if not good.any():
                break
            good &= model.satisfied(classes, everything)
        if not good.any():
            continue
        lost = row_costs(lattice, classes.packed, np.array([node]))
        dear = good & (lost > ceilings[done])
        if dear.any():
            deferred[done] = lost[dear].min()
        settled = (good & ~dear)[classes.members]
        if not settled.any():
            continue
        node_of[waiting[settled]] = node
        waiting = waiting[~settled]
        if len(waiting) <= enough:
            return done + 1
        part = lattice.table.part(waiting)
        base = EquivalenceClasses.base(part)
    return len(order)
