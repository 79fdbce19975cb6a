"""Anytime: the search over lattices too large to number, box by box, with a bound that always holds."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from hsr_privacy.anonymity.best_first import Nearest
from hsr_privacy.anonymity.lattice import Bools, Floats, Int64s, Lattice
from hsr_privacy.anonymity.ranking import ALMOST_EQUAL, best_of
from hsr_privacy.anonymity.stock import Stock
from hsr_privacy.frequencies import EquivalenceClasses
from hsr_privacy.models import Merging, PrivacyModel, failing

MOST_CHECKED: Final = 3_000
"""Nodes that are counted before the search stops; a number, and no clock, so that it ends alike."""


@dataclass(frozen=True, eq=False)
class Best:
    """The best node that was found, and what no other can be below.

    Attributes:
        levels: its place on every column's list of levels.
        suppressed: per base class, whether it is suppressed.
        bound: no node loses less; None if that is proved of this one.
        checked: nodes whose classes were counted.
    """

    levels: Int64s
    suppressed: Bools
    bound: float | None
    checked: int


@dataclass(frozen=True, eq=False)
class _Checked:
    """What counting a node told: rows it must suppress, and what each level costs below it."""

    suppressed: int
    dead: bool
    terms: Floats


class Anytime:
    """Branch and bound on boxes of the lattice.

    A box is all nodes between two. Its top is counted: rows that the top must suppress are
    suppressed in all of the box, which closes it if they are too many, and else raises the cost of
    every level in it; the cheapest level of each column gives the bound. The box with the lowest
    bound is cut in two at the column that can still gain most; only the lower half has a new top.
    Greedy descents give good nodes early. Stopped at any time, the lowest bound of the boxes that
    are left is valid.

    Args:
        lattice: with a loss that is a sum over cells.
        models: what every class must satisfy.
        limit: rows that may be suppressed.
        most: nodes to count.

    Source: Land & Doig 1960, doi:10.2307/1910129 (branch and bound).
    """

    def __init__(
        self, lattice: Lattice, models: Sequence[PrivacyModel], limit: int, most: int
    ) -> None:
        self.lattice, self.models, self.limit, self.most = lattice, models, limit, most
        self.lasting = [model for model in models if model.merging is Merging.ANY]
        self.tag_failures = limit == 0 and all(
            model.merging is not Merging.NOTHING for model in models
        )
        self.stock = Stock(EquivalenceClasses.base(lattice.table), len(lattice.shape))
        self.known: dict[tuple[int, ...], _Checked] = {}
        self.best = math.inf
        self.candidates: list[tuple[float, Int64s]] = []
        self.least: tuple[int, tuple[int, ...]] | None = None

    def run(self) -> Best | Nearest:
        """Search until the best is proved, or as many nodes are counted as may be."""
        bottom, top = np.zeros(len(self.lattice.shape), np.int64), self.lattice.shape - 1
        self.check(top)
        self.descend(top)
        boxes: list[tuple[float, int, Int64s, Int64s]] = []
        number = itertools.count()
        self.push(boxes, number, bottom, top)
        while boxes and len(self.known) < self.most:
            if boxes[0][0] >= self.ceiling:
                break
            _, _, low, high = heapq.heappop(boxes)
            cut = self.cut(low, high)
            if cut is None:
                continue
            column, level = cut
            below, above = high.copy(), low.copy()
            below[column], above[column] = level, level + 1
            self.push(boxes, number, low, below)
            self.push(boxes, number, above, high)
        if not self.candidates:
            assert self.least is not None
            levels = np.array(self.least[1], np.int64)
            return Nearest(self.least[0], levels, proved=not boxes)
        near = [one for one in self.candidates if one[0] <= self.best + ALMOST_EQUAL]
        levels = best_of(self.lattice, near, self.released)
        bound = boxes[0][0] if boxes and boxes[0][0] < self.ceiling else None
        return Best(levels, ~self.released(levels), bound, len(self.known))

    @property
    def ceiling(self) -> float:
        """A box whose bound is as high holds nothing better."""
        return self.best - ALMOST_EQUAL

    def check(self, levels: Int64s) -> _Checked:
        """Count the classes of a node, once."""
        key = tuple(levels.tolist())
        if key in self.known:
            return self.known[key]
        lattice = self.lattice
        finer = self.stock.finer(levels)
        classes = lattice.merge(finer, levels)
        bad = failing(self.models, classes)
        lasting = bad if self.lasting == self.models else failing(self.lasting, classes)
        forced, suppressed = int(classes.rows @ lasting), int(classes.rows @ bad)
        terms = lattice.mean_loss
        if forced:
            terms = terms + self.extra_loss(lasting, classes)
        if suppressed <= self.limit:
            own = terms
            if suppressed != forced:
                own = lattice.mean_loss + self.extra_loss(bad, classes)
            loss = float(own[lattice.term_starts + levels].sum())
            if loss <= self.best + ALMOST_EQUAL:
                self.candidates.append((loss, levels.copy()))
                self.best = min(self.best, loss)
        if self.least is None or suppressed < self.least[0]:
            self.least = (suppressed, key)
        self.stock.keep(levels, classes, finer)
        dead = forced > self.limit or (self.tag_failures and suppressed > 0)
        self.known[key] = _Checked(suppressed, dead, terms)
        return self.known[key]

    def extra_loss(self, suppressed: Bools, classes: EquivalenceClasses) -> Floats:
        """Per column and level, what the suppression of some classes adds to the loss."""
        counts = self.lattice.count_leaves(classes.spread(suppressed))
        return self.lattice.sum_blocks(counts, self.lattice.slack)

    def released(self, levels: Int64s) -> Bools:
        """Per base class, whether a node releases it."""
        classes = self.lattice.merge(self.stock.finer(levels), levels)
        return classes.spread(~failing(self.models, classes))

    def descend(self, start: Int64s) -> None:
        """From a node, lower one column after the other as far as the budget allows."""
        lattice = self.lattice
        gains = [
            float(lattice.mean_loss[s + n - 1] - lattice.mean_loss[s])
            for s, n in zip(lattice.term_starts, lattice.shape, strict=True)
        ]
        dearest = np.argsort(gains)[::-1].tolist()
        for first in dearest[: len(dearest) // 2 + 1]:
            levels = start.copy()
            for column in [first, *(one for one in dearest if one != first)]:
                while levels[column] > 0 and len(self.known) < self.most:
                    levels[column] -= 1
                    if self.check(levels).suppressed > self.limit:
                        levels[column] += 1
                        break

    def push(
        self,
        boxes: list[tuple[float, int, Int64s, Int64s]],
        number: itertools.count[int],
        low: Int64s,
        high: Int64s,
    ) -> None:
        """Keep a box if it may hold something better."""
        told = self.check(high)
        if told.dead:
            return
        bound = sum(float(one.min()) for one in self.columns(told, low, high))
        if bound < self.ceiling:
            heapq.heappush(boxes, (bound, next(number), low, high))

    def columns(self, told: _Checked, low: Int64s, high: Int64s) -> list[Floats]:
        """Per column, what each of its levels in a box costs."""
        starts = self.lattice.term_starts
        return [
            told.terms[start + a : start + b + 1]
            for start, a, b in zip(starts, low, high, strict=True)
        ]

    def cut(self, low: Int64s, high: Int64s) -> tuple[int, int] | None:
        """The column whose levels differ most in cost, and the level above which to cut it."""
        if (low == high).all():
            return None
        spans = [float(np.ptp(one)) for one in self.columns(self.check(high), low, high)]
        open_ = np.flatnonzero(low < high)
        column = int(max(open_, key=lambda j: spans[j]))
        return column, int(low[column] + high[column]) // 2
