"""Best first: the exact search over a lattice whose nodes can all be numbered."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from hsr_privacy.anonymity.kernels import climb, raise_bounds
from hsr_privacy.anonymity.lattice import Bools, Floats, Int64s, Lattice
from hsr_privacy.anonymity.losses import ByClasses
from hsr_privacy.anonymity.ranking import ALMOST_EQUAL, best_of
from hsr_privacy.anonymity.stock import Stock
from hsr_privacy.frequencies import EquivalenceClasses
from hsr_privacy.models import KAnonymity, Merging, PrivacyModel, failing

_FRACTION_OF_PATH: Final = 0.9
_LARGE: Final = 0.3
_RECENT: Final = 8
_PAYS: Final = 10
_CHEAP: Final = 2**17


@dataclass(frozen=True, eq=False)
class Node:
    """A node that was found.

    Attributes:
        levels: its place on every column's list of levels.
        suppressed: per base class, whether it is suppressed.
        checked: nodes whose classes were counted on the way.
    """

    levels: Int64s
    suppressed: Bools
    checked: int


@dataclass(frozen=True)
class Nearest:
    """How near to the budget a search came that found nothing.

    Attributes:
        suppressed: rows that must be suppressed at least among the nodes that were looked at.
        levels: where that is so.
        proved: whether no other node keeps to the budget either.
    """

    suppressed: int
    levels: Int64s
    proved: bool = True


class BestFirst:
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
        self.models = models
        self.lasting = [model for model in models if model.merging is Merging.ANY]
        self.tag_failures = limit == 0 and all(
            model.merging is not Merging.NOTHING for model in models
        )
        self.by_classes: ByClasses | None = None
        if lattice.loss in {"discernibility", "class-size"}:
            smallest = max((one.k for one in models if isinstance(one, KAnonymity)), default=1)
            self.by_classes = ByClasses(lattice.loss, lattice.table.total_rows, smallest)
        self.bottom = np.zeros(len(lattice.shape), np.int64)
        self.top = lattice.shape - 1
        self.bounds = np.zeros(lattice.nodes)
        self.never = np.full(int(lattice.shape.sum()), np.inf)
        if self.by_classes is None:
            self.raise_box(self.bottom, self.top, lattice.mean_loss)
        self.stock = Stock(EquivalenceClasses.base(lattice.table), len(lattice.shape))
        self.log_sizes = np.log(lattice.sizes)
        self.recent: list[Int64s] = []
        self.best = math.inf
        self.candidates: list[tuple[float, int]] = []
        self.least: tuple[int, int] | None = None
        self.checked = 0

    def run(self) -> Node | Nearest:
        """Search to the end."""
        self.check(self.lattice.node_of(self.top))
        if self.by_classes is None:
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
            assert self.least is not None
            return Nearest(self.least[0], self.lattice.levels_of(self.least[1]))
        levels = self.winner()
        return Node(levels, ~self.released(levels), self.checked)

    @property
    def ceiling(self) -> float:
        """A node whose bound is higher cannot be the optimum, or is settled."""
        return min(self.best + ALMOST_EQUAL, sys.float_info.max)

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
        lattice = self.lattice
        levels = lattice.levels_of(node)
        finer = self.finer(levels)
        classes = lattice.merge(finer, levels)
        self.checked += 1
        bad = failing(self.models, classes)
        lasting = bad if self.lasting == self.models else failing(self.lasting, classes)
        forced = int(classes.rows @ lasting)
        suppressed = forced if lasting is bad else int(classes.rows @ bad)
        if forced > self.limit or (self.tag_failures and suppressed):
            self.raise_box(self.bottom, levels, self.never)
        elif self.by_classes is not None:
            self.raise_box(self.bottom, levels, self.flat(self.by_classes.below(forced)))
            self.raise_box(levels, self.top, self.flat(self.by_classes.above(classes.rows)))
            if suppressed <= self.limit:
                self.accept(node, self.by_classes.value(classes.rows, bad))
        else:
            terms = lattice.mean_loss
            if forced:
                terms = terms + self.extra_loss(lasting, classes)
                self.raise_box(self.bottom, levels, terms)
            if suppressed <= self.limit:
                if suppressed != forced:
                    terms = lattice.mean_loss + self.extra_loss(bad, classes)
                self.accept(node, float(terms[lattice.term_starts + levels].sum()))
        if suppressed == 0:
            self.raise_box(levels, self.top, self.never)
        self.bounds[node] = math.inf
        if self.least is None or suppressed < self.least[0]:
            self.least = (suppressed, node)
        self.stock.keep(levels, classes, finer)
        return forced

    def finer(self, levels: Int64s) -> EquivalenceClasses:
        """Classes to merge those of a node from.

        Where only large ones are in stock, the node and one that was checked lately have a finer
        node in common, from which many of the next will be merged too: it is put in stock first.
        The number of its classes is at most the product of its labels, which tells whether it pays.
        """
        lattice = self.lattice
        finer = self.stock.finer(levels)
        if len(finer) <= _LARGE * lattice.table.classes:
            return finer
        shared = np.minimum(np.array(self.recent[-_RECENT:] or [self.bottom]), levels)
        self.recent.append(levels)
        logs = self.log_sizes[lattice.term_starts + shared].sum(axis=1)
        logs[logs > math.log(min(_PAYS * len(finer), _CHEAP))] = -1.0
        best = int(logs.argmax())
        if logs[best] < 0 or (shared[best] == levels).all():
            return finer
        below = self.stock.finer(shared[best])
        classes = lattice.merge(below, shared[best])
        self.stock.keep(shared[best], classes, below)
        return classes

    def extra_loss(self, suppressed: Bools, classes: EquivalenceClasses) -> Floats:
        """Per column and level, what the suppression of some classes adds to the loss."""
        counts = self.lattice.count_leaves(classes.spread(suppressed))
        return self.lattice.sum_blocks(counts, self.lattice.slack)

    def flat(self, value: float) -> Floats:
        """Terms of which every sum is this value."""
        terms = np.zeros(len(self.never))
        terms[: self.lattice.shape[0]] = value
        return terms

    def raise_box(self, lows: Int64s, highs: Int64s, terms: Floats) -> None:
        """Raise the bounds of all nodes between two nodes."""
        lattice = self.lattice
        raise_bounds(self.bounds, lattice.strides, lows, highs, terms, lattice.term_starts)

    def accept(self, node: int, loss: float) -> None:
        """Remember a node that keeps to the limit, if it may be the optimum."""
        if loss <= self.ceiling:
            self.candidates.append((loss, node))
            self.best = min(self.best, loss)

    def winner(self) -> Int64s:
        """The levels of the best of the candidates."""
        levels_of, ceiling = self.lattice.levels_of, self.ceiling
        near = [(loss, levels_of(node)) for loss, node in self.candidates if loss <= ceiling]
        return best_of(self.lattice, near, self.released)

    def released(self, levels: Int64s) -> Bools:
        """Per base class, whether a node releases it."""
        classes = self.lattice.merge(self.stock.finer(levels), levels)
        return classes.spread(~failing(self.models, classes))
