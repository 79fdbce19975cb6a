"""Cells: suppress them one by one, alone or on top of one level per column."""

from __future__ import annotations

import heapq
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.anonymity.lattice import Lattice
from hsr_privacy.anonymity.local import row_costs
from hsr_privacy.anonymity.masks import maskable
from hsr_privacy.anonymity.repairing import Repaired, groups_of, repair
from hsr_privacy.anonymity.search import budget, check_request, nothing
from hsr_privacy.anonymity.settling import check_local, settle
from hsr_privacy.anonymity.solution import Found, Reading, Solution, describe
from hsr_privacy.anonymity.wildcards import mask_by_wildcards
from hsr_privacy.errors import BudgetExceeded, DataError
from hsr_privacy.frequencies import EquivalenceClasses, FrequencyTable, merge_groups
from hsr_privacy.models import KAnonymity, Merging, PrivacyModel, failing

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

MOST_TRIED: Final = 60
"""Nodes on which the joint method suppresses cells before it settles for the best, and its gap."""
_MOST_TRIES: Final = 200
_SWEPT: Final = 5 * 10**7
_FREED: Final = 0.1


def suppress_cells(
    table: FrequencyTable,
    *,
    models: Sequence[PrivacyModel],
    max_suppressed: float = 0.0,
    weights: Sequence[float] | Mapping[str, float] | None = None,
    reading: Reading = "own-category",
) -> Solution:
    """Suppress single cells until every class satisfies the models; nothing is generalized.

    A suppressed cell is a category of its own: whoever recognizes our hand in it gains nothing.
    Cells of columns with a large weight are kept longest.

    Args:
        table: the distinct combinations with their counts.
        models: what every released class must satisfy.
        max_suppressed: largest share of rows (0-1) that may be removed where no cells help.
        weights: how much a cell of each column counts.
        reading: what a suppressed cell counts as, see `Reading`.

    Raises:
        BudgetExceeded: somebody fits no class and may not be suppressed.
        DataError: more than 500,000 combinations of columns, or a model that cannot be kept.
    """
    began = time.perf_counter()
    weighed = check_request(table, models, max_suppressed, weights)
    if not table.classes:
        return nothing(table, models, Found("cells", "additive", weighed, None, 1, 0, 0.0))
    lattice = Lattice.of(table, weighed)
    bottom = np.zeros(len(weighed), np.int64)
    if reading == "wildcard":
        return _by_wildcards(lattice, models, began)
    trial = _suppress(lattice, models, bottom, budget(table, max_suppressed), polish=True)
    bound = _bound(lattice, models, bottom)
    found = Found("cells", "additive", weighed, bound, trial.patterns, trial.visited, _since(began))
    return _described(table, models, trial, found)


def recode_jointly(
    table: FrequencyTable,
    *,
    models: Sequence[PrivacyModel],
    max_suppressed: float = 0.0,
    weights: Sequence[float] | Mapping[str, float] | None = None,
) -> Solution:
    """One level per column, and single cells suppressed where that costs less than more levels.

    Columns stay homogeneous, so that they can be analysed, and few cells are lost. Levels are tried
    in the order of a bound: what the levels cost, and for every row that is not safe on them the
    cheapest of its cells. The search ends when no bound is below the best that was found, or after
    60 trials; the gap is what is then open.

    Args:
        table: the distinct combinations with their counts.
        models: what every released class must satisfy.
        max_suppressed: largest share of rows (0-1) that may be removed where no cells help.
        weights: how much the loss of each column counts.

    Raises:
        BudgetExceeded: somebody fits no class and may not be suppressed.
        DataError: more than 500,000 combinations of levels, or a model that cannot be kept.
    """
    began = time.perf_counter()
    weighed = check_request(table, models, max_suppressed, weights)
    if not table.classes:
        return nothing(table, models, Found("joint", "additive", weighed, None, 1, 0, 0.0))
    lattice = Lattice.of(table, weighed)
    check_local(lattice, models)
    limit = budget(table, max_suppressed)
    best: _Trial | None = None
    settled = np.inf  # the least bound of what was tried
    open_ = _frontier(lattice)
    refined: set[int] = set()
    trials = 0
    while open_ and trials < MOST_TRIED:
        bound, node = heapq.heappop(open_)
        if best is not None and bound >= best.loss:
            heapq.heappush(open_, (bound, node))
            break
        levels = lattice.levels_of(node)
        if node not in refined:
            refined.add(node)
            heapq.heappush(open_, (max(bound, _bound(lattice, models, levels)), node))
            continue
        settled = min(settled, bound)
        trials += 1
        try:
            trial = _suppress(lattice, models, levels, limit)
        except BudgetExceeded:
            continue
        if best is None or trial.loss < best.loss:
            best = trial
    if best is None:
        best = _suppress(lattice, models, lattice.shape - 1, limit)
    polished = _suppress(lattice, models, best.places, limit, polish=True)
    best = min(best, polished, key=lambda trial: trial.loss)
    left = open_[0][0] if open_ else np.inf
    found = Found(
        "joint",
        "additive",
        weighed,
        float(min(settled, left, best.loss)),
        lattice.nodes,
        len(refined),
        _since(began),
    )
    return _described(table, models, best, found)


@dataclass(frozen=True, eq=False)
class _Trial:
    """Cells suppressed on one node; arrays are per base class."""

    places: Int64s
    levels: tuple[int, ...]
    loss: float
    masked: Bools
    suppressed: Bools
    patterns: int
    visited: int


def _suppress(
    lattice: Lattice,
    models: Sequence[PrivacyModel],
    levels: Int64s,
    limit: int,
    *,
    polish: bool = False,
) -> _Trial:
    """Suppress cells of the classes of a node, as few as the sweep can."""
    table = lattice.table
    classes = lattice.merge(EquivalenceClasses.base(table), levels)
    original = lattice.original_levels(levels)
    merged = merge_groups(
        table, maskable(table, original).hierarchies, classes.packed, classes.members
    )
    masks = Lattice.of(merged, lattice.weights)
    settled = settle(masks, models)
    done = repair(masks, models, settled.node_of, limit)
    if polish:
        done = _polished(masks, models, done, limit)
    place = done.node_of[:, None] // masks.strides % masks.shape
    top = [np.array(kept, np.int8)[place[:, j]] == 1 for j, kept in enumerate(masks.levels)]
    masked = np.stack(top, axis=1) & ~done.suppressed[:, None]
    return _Trial(
        levels,
        original,
        _lost(masks, done) / table.total_rows,
        masked[classes.members],
        done.suppressed[classes.members],
        masks.nodes,
        settled.visited,
    )


def _polished(
    masks: Lattice, models: Sequence[PrivacyModel], done: Repaired, limit: int
) -> Repaired:
    """Free some groups, let them settle in another order, and keep what loses no more; often.

    The backward pass over cells: the freed settle anew with their cells restored. The draws are
    always the same ones.

    Source: large neighbourhood search, Shaw 1998, doi:10.1007/3-540-49481-2_30.
    """
    draw = np.random.default_rng(0)
    tries = min(_MOST_TRIES, _SWEPT // (masks.nodes * masks.table.classes + 1))
    least, groups = _lost(masks, done), None
    everyone = np.arange(masks.table.classes)
    for _ in range(tries):
        if groups is None:
            groups, first = groups_of(masks, done.node_of, everyone)
        freed = (draw.random(len(first)) < _FREED)[groups] | done.suppressed
        standing = np.where(freed, -1, done.node_of)
        settled = settle(masks, models, ties=draw.random(masks.nodes), standing=standing)
        try:
            other = repair(masks, models, settled.node_of, limit)
        except BudgetExceeded:
            continue
        lost = _lost(masks, other)
        if lost <= least:
            least, done, groups = lost, other, None
    return done


def _lost(masks: Lattice, done: Repaired) -> float:
    """Rows that are lost, cells as their share of a row."""
    lost = np.where(done.suppressed, 1.0, row_costs(masks, done))
    return float((lost * masks.table.rows).sum())


def _by_wildcards(lattice: Lattice, models: Sequence[PrivacyModel], began: float) -> Solution:
    """Suppress cells on the reading that they agree with everything."""
    table = lattice.table
    for model in models:
        if not isinstance(model, KAnonymity):
            raise DataError(f"the wildcard reading counts persons only; leave out {model.name}")
    k = max(one.k for one in models if isinstance(one, KAnonymity))
    bottom = (0,) * len(table.names)
    masks = Lattice.of(maskable(table, bottom), lattice.weights)
    masked = mask_by_wildcards(masks, k)
    trial = _Trial(
        np.zeros(len(bottom), np.int64),
        bottom,
        0.0,
        masked,
        np.zeros(table.classes, bool),
        masks.nodes,
        masks.nodes,
    )
    found = Found(
        "cells", "additive", lattice.weights, 0.0, masks.nodes, masks.nodes, _since(began)
    )
    return _described(table, models, trial, found, reading="wildcard")


def _bound(lattice: Lattice, models: Sequence[PrivacyModel], levels: Int64s) -> float:
    """What a node loses at least: its levels, and of every class that fails its cheapest cell."""
    lasting = [one for one in models if one.merging is Merging.ANY]
    classes = lattice.merge(EquivalenceClasses.base(lattice.table), levels)
    bad = failing(lasting, classes)
    packing = lattice.table.packing
    cheapest = np.full(int(bad.sum()), np.inf)
    loss = 0.0
    for j, level in enumerate(levels.tolist()):
        start = lattice.term_starts[j]
        loss += float(lattice.mean_loss[start + level])
        if level < lattice.shape[j] - 1:
            leaves = packing.column(classes.packed[bad], j)
            slack = lattice.slack[lattice.block_starts[start + level] + leaves]
            cheapest = np.minimum(cheapest, slack)
    cheapest = np.where(np.isfinite(cheapest), cheapest, 0.0)
    return loss + float((cheapest * classes.rows[bad]).sum()) / lattice.table.total_rows


def _frontier(lattice: Lattice) -> list[tuple[float, int]]:
    """Every node with what its levels cost, as a heap."""
    costs = np.zeros(1)
    for start, levels in zip(lattice.term_starts, lattice.shape, strict=True):
        terms = lattice.mean_loss[start : start + levels]
        costs = (costs[:, None] + terms[None, :]).reshape(-1)
    order = np.argsort(costs, kind="stable")
    return list(zip(costs[order].tolist(), order.tolist(), strict=True))


def _described(
    table: FrequencyTable,
    models: Sequence[PrivacyModel],
    trial: _Trial,
    found: Found,
    *,
    reading: Reading = "own-category",
) -> Solution:
    top = np.array([one.levels - 1 for one in table.hierarchies], np.int8)
    cells = np.where(trial.masked, top, np.array(trial.levels, np.int8))
    return describe(
        table,
        models,
        levels=trial.levels,
        suppressed=trial.suppressed,
        found=found,
        cells=cells,
        masked=trial.masked,
        reading=reading,
    )


def _since(began: float) -> float:
    return time.perf_counter() - began
