"""The frontier: what other k and other limits of suppression would have cost, as exact optima."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from hsr_privacy.anonymity.lattice import Lattice
from hsr_privacy.anonymity.search import MOST_NODES, budget, search
from hsr_privacy.anonymity.solution import Solution
from hsr_privacy.errors import BudgetExceeded
from hsr_privacy.explaining.case import Case
from hsr_privacy.explaining.explanation import Frontier, Point
from hsr_privacy.models import KAnonymity, PrivacyModel

LIMITS: Final = (0.0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Shares of rows that may be suppressed."""
SIZES: Final = (2, 3, 5, 10, 20, 50, 100)
"""Numbers of persons in a class."""
MOST_SEARCHES: Final = 20
MOST_WORK: Final = 10**9
"""Base classes times nodes counted, of all searches together; a number and no clock."""
_SPREAD: Final = (0.0, 1.0, 0.05, 0.01, 0.2, 0.02, 0.1, 0.005, 0.5)
_ALMOST: Final = 1e-12

Pair = tuple[int | None, float]


def explain_frontier(case: Case, *, max_points: int = MOST_SEARCHES) -> Frontier:
    """The optima of one level per column over a spread of k and of limits, beside this release.

    First the limits with the release's own k, then every k with its own limit, then the rest, until
    ``max_points`` searches are made. An optimum that keeps within a stricter demand is the optimum of
    that demand too, and is not searched for again.

    Args:
        case: the solution and what was asked.
        max_points: searches to make at most.
    """
    if not case.table.total_rows:
        return Frontier((), 0, 0, 0, None)
    state = _State(case)
    reason: Literal["lattice", "work"] | None = None
    pairs = list(_pairs(case))
    if Lattice.of(case.table, case.weights, loss=case.solution.loss_name).nodes > MOST_NODES:
        reason, open_ = "lattice", [pair for pair in pairs if not state.known(pair)]
    else:
        open_ = []
        for pair in pairs:
            if state.known(pair):
                continue
            if state.searches >= max_points or state.work >= MOST_WORK:
                open_.append(pair)
            else:
                state.search(pair)
        reason = "work" if open_ else None
    points = _pareto(_points(case, state, pairs))
    return Frontier(points, state.searches, len(state.impossible), len(open_), reason)


@dataclass
class _State:
    """What was found so far: of each pair the solution, or that there is none."""

    case: Case
    found: dict[Pair, Solution] = field(default_factory=dict)
    impossible: set[Pair] = field(default_factory=set)
    searches: int = 0
    work: int = 0

    def __post_init__(self) -> None:
        """A release that is an optimum itself needs no search."""
        if self.case.solution.method == "full-domain":
            self.found[self.case.k, self.case.max_suppressed] = self.case.solution

    def known(self, pair: Pair) -> bool:
        """Whether the pair is answered by what was found, which is then noted."""
        if pair in self.found or pair in self.impossible:
            return True
        if any(_as_strict(pair, other) for other in self.impossible):
            self.impossible.add(pair)
            return True
        for (other, wider), solution in self.found.items():
            if self.covers(other, wider, solution, pair):
                self.found[pair] = solution
                return True
        return False

    def covers(self, k: int | None, limit: float, solution: Solution, pair: Pair) -> bool:
        """Whether an optimum is that of a stricter pair too, as it keeps within it anyway.

        No release loses less under the stricter demand than under its own, and this one loses as
        much: its classes have as many persons, and its suppressed rows are as few.
        """
        wanted, allowed = pair
        if solution.gap > _ALMOST or not solution.suppressed_rows <= budget(
            self.case.table, allowed
        ):
            return False
        if wanted == k or wanted is None or k is None:
            return wanted == k and allowed <= limit
        apart = not any(model.wide for model in self.case.models)
        return apart and allowed <= limit and k <= wanted <= solution.k

    def search(self, pair: Pair) -> None:
        """Search the optimum of a pair."""
        k, limit = pair
        self.searches += 1
        try:
            solution = search(
                self.case.table,
                models=_models(self.case.models, k),
                max_suppressed=limit,
                weights=self.case.weights,
                loss=self.case.solution.loss_name,
            )
        except BudgetExceeded:
            self.impossible.add(pair)
            self.work += MOST_WORK // MOST_SEARCHES
            return
        self.found[pair] = solution
        self.work += solution.nodes_checked * self.case.table.classes


def _as_strict(pair: Pair, other: Pair) -> bool:
    """Whether a pair asks for as much as another."""
    stricter = pair[0] == other[0] or (
        pair[0] is not None and other[0] is not None and pair[0] >= other[0]
    )
    return stricter and pair[1] <= other[1]


def _pairs(case: Case) -> Iterator[Pair]:
    """Every pair of k and limit, the most telling first."""
    own = (case.k, case.max_suppressed)
    limits = sorted({*LIMITS, own[1]}, reverse=True)
    persons = case.table.count_persons(case.table.rows > 0)
    sizes: list[int | None] = [own[0]]
    if own[0] is not None:
        nearest = sorted(SIZES, key=lambda k: abs(math.log(k / (own[0] or 1))))
        sizes += [k for k in nearest if k != own[0] and k <= persons]
    yield own
    yield from ((own[0], limit) for limit in limits if limit != own[1])
    yield from ((k, own[1]) for k in sizes[1:])
    spread = [limit for limit in _SPREAD if limit != own[1]]
    yield from ((k, limit) for limit in spread for k in sizes[1:])


def _models(models: Sequence[PrivacyModel], k: int | None) -> list[PrivacyModel]:
    """The same models with another k."""
    return [
        KAnonymity(k) if isinstance(one, KAnonymity) and k is not None else one for one in models
    ]


def _points(case: Case, state: _State, pairs: Sequence[Pair]) -> list[Point]:
    """One point per k and optimum, with all limits that lead to it, and this release."""
    limits: dict[tuple[int | None, int], list[float]] = {}
    solutions: dict[int, Solution] = {}
    for pair in pairs:
        if pair in state.found:
            solution = state.found[pair]
            solutions[id(solution)] = solution
            limits.setdefault((pair[0], id(solution)), []).append(pair[1])
    found = [
        _point(
            k,
            sorted(shares),
            solutions[number],
            here=solutions[number] is case.solution and k == case.k,
        )
        for (k, number), shares in limits.items()
    ]
    if case.solution.method != "full-domain":
        found.append(_point(case.k, [case.max_suppressed], case.solution, here=True))
    return sorted(found, key=lambda one: (one.k or 0, one.loss, one.rows_suppressed, one.limits))


def _point(k: int | None, limits: Sequence[float], solution: Solution, *, here: bool) -> Point:
    persons = sum(size * number for size, number in solution.class_sizes.items())
    full = solution.method == "full-domain"
    return Point(
        k,
        tuple(limits),
        dict(solution.levels) if full else None,
        1 - solution.granularity,
        solution.suppressed_rows,
        solution.suppressed_rows / solution.rows,
        solution.classes,
        solution.k,
        1 / solution.k if solution.k else 0.0,
        solution.classes / persons if persons else 0.0,
        pareto=False,
        here=here,
    )


def _pareto(points: list[Point]) -> tuple[Point, ...]:
    """The points, with a mark on those that no other beats."""
    return tuple(
        replace(one, pareto=not any(_beats(other, one) for other in points)) for one in points
    )


def _beats(other: Point, one: Point) -> bool:
    loss, risk = other.loss - one.loss, other.risk_highest - one.risk_highest
    return loss <= _ALMOST and risk <= _ALMOST and (loss < -_ALMOST or risk < -_ALMOST)
