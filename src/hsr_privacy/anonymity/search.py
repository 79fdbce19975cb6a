"""Search the full-domain generalization of least loss that satisfies every model."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.anonymity.classes import EquivalenceClasses
from hsr_privacy.anonymity.frequency import FrequencyTable
from hsr_privacy.anonymity.kernels import climb, histogram, raise_bounds
from hsr_privacy.anonymity.lattice import Bools, Floats, Int64s, Lattice
from hsr_privacy.anonymity.models import Merging, PrivacyModel
from hsr_privacy.anonymity.solution import Solution
from hsr_privacy.anonymity.stock import Stock
from hsr_privacy.errors import BudgetExceeded, DataError

MOST_NODES: Final = 5_000_000
MOST_COLUMNS: Final = 15
_ALMOST_EQUAL: Final = 1e-12
_FRACTION_OF_PATH: Final = 0.75


def search(
    table: FrequencyTable,
    *,
    models: Sequence[PrivacyModel],
    max_suppressed: float = 0.0,
    weights: Sequence[float] | Mapping[str, float] | None = None,
) -> Solution:
    """Find the generalization of least loss whose suppression stays within the budget.

    Every column is brought to one level of its hierarchy. Classes that do not satisfy every model
    are suppressed: their rows are removed. The result is exact. Among equal losses the fewest
    suppressed rows win, then the lowest sum of levels, then the lowest levels in column order.

    Args:
        table: the distinct combinations with their counts.
        models: what every released class must satisfy; at least one.
        max_suppressed: largest share of rows (0-1) that may be removed; the limit is its product
            with the rows, rounded down.
        weights: how much the loss of each column counts, in column order or by name; 1 where
            nothing is said.

    Raises:
        BudgetExceeded: no generalization keeps suppression within the budget.
        DataError: a model that this table can never satisfy, a share or weight out of range, more
            than 15 columns or 5 million nodes.

    Source: Kohlmayer et al. 2012, doi:10.1109/SocialCom-PASSAT.2012.52 (predictive tagging,
        roll-up); El Emam et al. 2009, doi:10.1197/jamia.M3144 (optimal lattice search).
    """
    began = time.perf_counter()
    weighed = _weights(table, weights)
    if not models:
        raise DataError("there is no privacy model; name at least one, such as k")
    if not 0 <= max_suppressed <= 1:
        raise DataError(f"max_suppressed is {max_suppressed}; it is a share of rows from 0 to 1")
    if not table.classes:
        return _nothing(table)
    for model in models:
        model.check(table)
    if len(weighed) > MOST_COLUMNS:
        raise DataError(
            f"{len(weighed)} quasi-identifiers; the exact search takes at most {MOST_COLUMNS}, "
            "so leave out columns or bring them to a fixed level first"
        )
    lattice = Lattice.of(table, weighed)
    if lattice.nodes > MOST_NODES:
        raise DataError(
            f"{lattice.nodes} combinations of levels; the exact search takes at most {MOST_NODES}, "
            "so raise the finest level of columns with many levels or leave out columns"
        )
    limit = math.floor(Decimal(str(max_suppressed)) * table.total_rows)
    return _Search(lattice, models, limit).run(began)


class _Search:
    """Best-first search on a lower bound per node that every checked node raises.

    The bound of a node starts as the loss without suppression, which is a sum over columns. Rows
    that a checked node must suppress by models that merging cannot break stay suppressed in every
    finer node. So the checked node raises the bound of its whole lower box: to infinity if they
    are more than the limit, else by what the suppression of just these rows costs there, which is
    again a sum over columns. Nodes that generalize one or two columns only are cheap, and go first.
    """

    def __init__(self, lattice: Lattice, models: Sequence[PrivacyModel], limit: int) -> None:
        self.lattice = lattice
        self.limit = limit
        self.lasting = [model for model in models if model.merging is Merging.ANY]
        self.passing = [model for model in models if model.merging is not Merging.ANY]
        self.tag_failures = limit == 0 and all(
            model.merging is not Merging.NOTHING for model in models
        )
        self.bottom = np.zeros(len(lattice.shape), np.int64)
        self.top = lattice.shape - 1
        self.bounds = np.zeros(lattice.nodes)
        self.never = np.full(int(lattice.shape.sum()), np.inf)
        self.raise_box(self.bottom, self.top, lattice.mean_loss)
        self.stock = Stock(EquivalenceClasses.base(lattice.table), len(lattice.shape))
        self.best = (math.inf, 0)
        self.candidates: list[tuple[float, int, int]] = []
        self.least: tuple[int, int] | None = None
        self.checked = 0

    def run(self, began: float) -> Solution:
        """Search, and describe what was found."""
        top = self.lattice.node_of(self.top)
        self.check(top)
        self.check_few_columns()
        while True:
            node = int(self.bounds.argmin())
            if self.bounds[node] > self.ceiling:
                break
            self.check(
                climb(
                    self.bounds,
                    self.lattice.strides,
                    self.lattice.shape,
                    node,
                    self.ceiling,
                    _FRACTION_OF_PATH,
                )
            )
        if not self.candidates:
            raise self.exceeded()
        return self.solution(self.winner(), began)

    @property
    def ceiling(self) -> float:
        """A node whose bound is higher cannot be the optimum, or is settled."""
        return min(self.best[0] + _ALMOST_EQUAL, sys.float_info.max)

    def check_few_columns(self) -> None:
        """Check the nodes that leave one or two columns below their top."""
        columns = np.flatnonzero(self.top > 0)
        for pair in combinations(columns, min(2, len(columns))):
            chosen = list(pair)
            levels = self.top.copy()
            levels[chosen] = 0
            shape = self.lattice.shape[chosen]
            for place in np.ndindex(*shape):
                levels[chosen] = place
                node = self.lattice.node_of(levels)
                if self.bounds[node] > self.ceiling:
                    continue
                forced = self.check(node)
                if forced == 0 and not any(place):
                    break

    def check(self, node: int) -> int:
        """Count the classes of a node, and learn from it; returns the rows it must suppress."""
        lattice, stock = self.lattice, self.stock
        levels = lattice.levels_of(node)
        finer = stock.finer(levels)
        classes = lattice.merge(finer, levels)
        self.checked += 1
        lasting = _failing(self.lasting, classes)
        failing = lasting | _failing(self.passing, classes) if self.passing else lasting
        forced = int(classes.rows[lasting].sum())
        suppressed = int(classes.rows[failing].sum()) if self.passing else forced
        if forced > self.limit or (self.tag_failures and suppressed):
            self.raise_box(self.bottom, levels, self.never)
        else:
            terms = lattice.mean_loss
            if forced:
                terms = terms + self.extra_loss(lasting[classes.merged], finer)
                self.raise_box(self.bottom, levels, terms)
            if suppressed <= self.limit:
                if suppressed != forced:
                    terms = lattice.mean_loss + self.extra_loss(failing[classes.merged], finer)
                self.accept(node, float(terms[lattice.term_starts + levels].sum()), suppressed)
        if suppressed == 0:
            self.raise_box(levels, self.top, self.never)
        self.bounds[node] = math.inf
        if self.least is None or suppressed < self.least[0]:
            self.least = (suppressed, node)
        stock.keep(levels, classes, finer)
        return forced

    def extra_loss(self, suppressed: Bools, finer: EquivalenceClasses) -> Floats:
        """Per column and level, what the suppression of these classes adds to the loss."""
        lattice = self.lattice
        counts = histogram(
            lattice.codes,
            lattice.table.rows,
            suppressed,
            finer.members,
            lattice.code_starts,
            lattice.code_count,
        )
        parts = counts[lattice.block_codes] * lattice.slack
        return np.add.reduceat(parts, lattice.block_starts) / lattice.table.total_rows

    def raise_box(self, lows: Int64s, highs: Int64s, terms: Floats) -> None:
        """Raise the bounds of all nodes between two nodes."""
        lattice = self.lattice
        raise_bounds(self.bounds, lattice.strides, lows, highs, terms, lattice.term_starts)

    def accept(self, node: int, loss: float, suppressed: int) -> None:
        """Remember a node that keeps to the limit, if it may be the optimum."""
        if loss <= self.ceiling:
            self.candidates.append((loss, suppressed, node))
            self.best = min(self.best, (loss, suppressed))

    def winner(self) -> Int64s:
        """The best of the candidates; almost equal losses are compared as fractions."""
        lattice = self.lattice
        near = [node for loss, _, node in self.candidates if loss <= self.ceiling]
        ranked = []
        for node in near:
            levels = lattice.levels_of(node)
            original = lattice.original_levels(levels)
            released = self.released(levels)
            loss = lattice.exact_loss(levels, released) if len(near) > 1 else 0
            suppressed = int(lattice.table.rows[~released].sum())
            ranked.append((loss, suppressed, sum(original), original, node))
        return lattice.levels_of(min(ranked)[-1])

    def released(self, levels: Int64s) -> NDArray[np.bool_]:
        """Per base class, whether a node releases it."""
        classes = self.lattice.merge(self.stock.finer(levels), levels)
        return ~_failing([*self.lasting, *self.passing], classes)[classes.members]

    def exceeded(self) -> BudgetExceeded:
        """Say how near to the budget the search came."""
        assert self.least is not None
        suppressed, node = self.least
        lattice = self.lattice
        places = lattice.original_levels(lattice.levels_of(node))
        tables = zip(lattice.table.names, lattice.table.hierarchies, places, strict=True)
        names = ", ".join(f"{name}: {table.level_names[place]}" for name, table, place in tables)
        total = lattice.table.total_rows
        return BudgetExceeded(
            f"no generalization keeps suppression within {self.limit} of {total} rows; the fewest "
            f"found are {suppressed} rows, at {names}; allow more suppression, ask for weaker "
            "models, or leave out a quasi-identifier"
        )

    def solution(self, levels: Int64s, began: float) -> Solution:
        """Describe a node."""
        lattice, table = self.lattice, self.lattice.table
        released = self.released(levels)
        classes = lattice.merge(self.stock.finer(levels), levels)
        kept = ~_failing([*self.lasting, *self.passing], classes)
        sizes, numbers = np.unique(classes.persons[kept], return_counts=True)
        original = lattice.original_levels(levels)
        hierarchies = zip(table.names, table.hierarchies, original, strict=True)
        return Solution(
            levels=dict(zip(table.names, original, strict=True)),
            level_names={name: one.level_names[level] for name, one, level in hierarchies},
            loss=float(lattice.exact_loss(levels, released)),
            rows=table.total_rows,
            suppressed_rows=int(table.rows[~released].sum()),
            suppressed_persons=table.count_persons(~released),
            classes=int(kept.sum()),
            k=int(sizes[0]) if len(sizes) else 0,
            class_sizes=dict(zip(sizes.tolist(), numbers.tolist(), strict=True)),
            nodes=lattice.nodes,
            nodes_checked=self.checked,
            seconds=time.perf_counter() - began,
            table=table,
            suppressed=~released,
        )


def _failing(models: Sequence[PrivacyModel], classes: EquivalenceClasses) -> Bools:
    if not models:
        return np.zeros(len(classes), bool)
    failing = ~models[0].satisfied(classes)
    for model in models[1:]:
        failing |= ~model.satisfied(classes)
    return failing


def _weights(
    table: FrequencyTable, weights: Sequence[float] | Mapping[str, float] | None
) -> list[float]:
    if weights is None:
        return [1.0] * len(table.names)
    if isinstance(weights, Mapping):
        unknown = [name for name in weights if name not in table.names]
        if unknown:
            raise DataError(f"there is a weight for '{unknown[0]}', which is no quasi-identifier")
        weights = [weights.get(name, 1.0) for name in table.names]
    weighed = [float(weight) for weight in weights]
    if len(weighed) != len(table.names):
        raise DataError(f"{len(weighed)} weights for {len(table.names)} quasi-identifiers")
    if not all(math.isfinite(weight) and weight >= 0 for weight in weighed) or not sum(weighed):
        raise DataError("weights must be 0 or more, and at least one above 0")
    return weighed


def _nothing(table: FrequencyTable) -> Solution:
    """The solution for a table without rows: nothing is generalized and nothing released."""
    return Solution(
        levels=dict.fromkeys(table.names, 0),
        level_names={
            name: one.level_names[0]
            for name, one in zip(table.names, table.hierarchies, strict=True)
        },
        loss=0.0,
        rows=0,
        suppressed_rows=0,
        suppressed_persons=0,
        classes=0,
        k=0,
        class_sizes={},
        nodes=1,
        nodes_checked=0,
        seconds=0.0,
        table=table,
        suppressed=np.zeros(0, bool),
    )
