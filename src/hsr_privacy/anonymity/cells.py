"""Cells: suppress them one by one, alone or on top of one level per column."""

from __future__ import annotations

import heapq
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.anonymity.best_first import BestFirst, Nearest, Node
from hsr_privacy.anonymity.bounding import cell_prices, least_of_node
from hsr_privacy.anonymity.grouping import original_cells
from hsr_privacy.anonymity.lattice import Lattice
from hsr_privacy.anonymity.masks import check_maskable, maskable
from hsr_privacy.anonymity.polishing import polish
from hsr_privacy.anonymity.repairing import Placed, place, rows_lost
from hsr_privacy.anonymity.search import budget, check_request, exceeded, nothing
from hsr_privacy.anonymity.settling import check_local, largest_k
from hsr_privacy.anonymity.solution import Found, Reading, Solution, describe
from hsr_privacy.anonymity.stock import Stock
from hsr_privacy.anonymity.wildcards import mask_by_wildcards
from hsr_privacy.errors import BudgetExceeded, DataError
from hsr_privacy.frequencies import EquivalenceClasses, FrequencyTable, merge_groups
from hsr_privacy.models import KAnonymity, PrivacyModel

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

MOST_TRIED: Final = 60
"""Nodes on which the joint method suppresses cells before it settles for the best, and its gap."""


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
    if not table.total_rows:
        return nothing(table, models, Found("cells", "additive", weighed, None, 1, 0, 0.0))
    check_maskable(table)
    lattice = Lattice.of(table, weighed)
    bottom = np.zeros(len(weighed), np.int64)
    if reading == "wildcard":
        return _by_wildcards(lattice, models, began)
    classes = lattice.merge(EquivalenceClasses.base(table), bottom)
    limit = budget(table, max_suppressed)
    trial = _suppress(lattice, models, bottom, classes, limit, polished=True)
    bound = least_of_node(lattice, models, bottom, classes, cell_prices(lattice))
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
    60 trials; the gap is what is then open. It loses no more than levels without cells, nor than
    cells without levels.

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
    if not table.total_rows:
        return nothing(table, models, Found("joint", "additive", weighed, None, 1, 0, 0.0))
    check_maskable(table)
    lattice = Lattice.of(table, weighed)
    check_local(lattice, models)
    limit = budget(table, max_suppressed)
    stock = Stock(EquivalenceClasses.base(table), len(weighed))
    prices = cell_prices(lattice)
    alone = BestFirst(lattice, models, limit).run()
    best = None if isinstance(alone, Nearest) else _without_cells(lattice, alone)
    least = np.inf  # bound of what was tried first, and so the least of all
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
            classes = _merged(lattice, stock, levels)
            bound = max(bound, least_of_node(lattice, models, levels, classes, prices))
            heapq.heappush(open_, (bound, node))
            continue
        least = min(least, bound)
        trials += 1
        classes = _merged(lattice, stock, levels)
        best = _better(best, _tried(lattice, models, levels, classes, limit))
    if best is None:
        assert isinstance(alone, Nearest)
        raise exceeded(lattice, alone, limit)
    for places in (best.places, np.zeros_like(best.places)):
        classes = _merged(lattice, stock, places)
        if least_of_node(lattice, models, places, classes, prices) < best.loss:
            polished = _tried(lattice, models, places, classes, limit, polished=True)
            best = _better(best, polished) or best
    found = Found(
        "joint",
        "additive",
        weighed,
        min(least, best.loss),
        lattice.nodes,
        len(refined),
        _since(began),
    )
    return _described(table, models, best, found)


@dataclass(frozen=True, eq=False)
class _Trial:
    """Cells suppressed on one node.

    Attributes:
        places: of the node on every column's list of levels.
        levels: in the columns' hierarchies.
        loss: 0-1.
        masked: bool, shape (base classes, columns): the cells suppressed.
        suppressed: per base class, whether its rows are removed.
        patterns: combinations of suppressed columns.
        visited: patterns visited, each time counted.
    """

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
    places: Int64s,
    classes: EquivalenceClasses,
    limit: int,
    *,
    polished: bool = False,
) -> _Trial:
    """Suppress cells of the classes of a node, as few as the sweep can."""
    table = lattice.table
    levels = lattice.original_levels(places)
    merged = merge_groups(
        table, maskable(table, levels).hierarchies, classes.packed, classes.members
    )
    masks = Lattice.of(merged, lattice.weights)
    placed, visited = place(masks, models, limit)
    if polished:
        placed = polish(masks, models, placed, limit)
    masked = original_cells(masks, placed.node_of) == 1
    return _Trial(
        places,
        levels,
        rows_lost(masks, placed) / table.total_rows,
        masked[classes.members],
        placed.suppressed[classes.members],
        masks.nodes,
        visited,
    )


def _tried(
    lattice: Lattice,
    models: Sequence[PrivacyModel],
    places: Int64s,
    classes: EquivalenceClasses,
    limit: int,
    *,
    polished: bool = False,
) -> _Trial | None:
    """Cells suppressed on a node, or None if nothing there keeps to the limit."""
    try:
        return _suppress(lattice, models, places, classes, limit, polished=polished)
    except BudgetExceeded:
        return None


def _better(one: _Trial | None, other: _Trial | None) -> _Trial | None:
    """The trial that loses less; the first of equals."""
    if one is None or other is None:
        return one or other
    return other if other.loss < one.loss else one


def _without_cells(lattice: Lattice, node: Node) -> _Trial:
    """A node on which rows are suppressed and no cells."""
    table = lattice.table
    alike = np.full(table.classes, lattice.node_of(node.levels), np.int64)
    return _Trial(
        node.levels,
        lattice.original_levels(node.levels),
        rows_lost(lattice, Placed(alike, node.suppressed)) / table.total_rows,
        np.zeros((table.classes, len(table.names)), bool),
        node.suppressed,
        1,
        node.checked,
    )


def _merged(lattice: Lattice, stock: Stock, places: Int64s) -> EquivalenceClasses:
    """The classes of a node, from the smallest partition in stock that is finer."""
    finer = stock.finer(places)
    classes = lattice.merge(finer, places)
    stock.keep(places, classes, finer)
    return classes


def _by_wildcards(lattice: Lattice, models: Sequence[PrivacyModel], began: float) -> Solution:
    """Suppress cells on the reading that they agree with everything."""
    table = lattice.table
    for model in models:
        if not isinstance(model, KAnonymity):
            raise DataError(f"the wildcard reading counts persons only; leave out {model.name}")
    k = largest_k(models)
    bottom = (0,) * len(table.names)
    masks = Lattice.of(maskable(table, bottom), lattice.weights)
    trial = _Trial(
        np.zeros(len(bottom), np.int64),
        bottom,
        0.0,
        mask_by_wildcards(masks, k),
        table.rows == 0,
        masks.nodes,
        masks.nodes,
    )
    found = Found(
        "cells", "additive", lattice.weights, 0.0, masks.nodes, masks.nodes, _since(began)
    )
    return _described(table, models, trial, found, reading="wildcard")


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
