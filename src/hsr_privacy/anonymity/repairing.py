"""Repair of the left-over: the few that no group was large enough for join one, or are suppressed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.anonymity.best_first import BestFirst, Nearest
from hsr_privacy.anonymity.grouping import groups_of, meet, original_cells, row_costs
from hsr_privacy.anonymity.lattice import Lattice
from hsr_privacy.anonymity.search import exceeded
from hsr_privacy.anonymity.settling import settle
from hsr_privacy.errors import BudgetExceeded
from hsr_privacy.frequencies import EquivalenceClasses, recoded
from hsr_privacy.models import Merging, PrivacyModel, failing

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

_DIGITS: Final = 9
_TRIED: Final = 20
"""Groups that a left-over class tries to join, the cheapest first, where a model may forbid it."""


@dataclass(frozen=True, eq=False)
class Placed:
    """Where everybody stands.

    Attributes:
        node_of: int64, per base class, its node; 0 where it is suppressed.
        suppressed: per base class, whether its rows are removed.
    """

    node_of: Int64s
    suppressed: Bools


def place(lattice: Lattice, models: Sequence[PrivacyModel], limit: int) -> tuple[Placed, int]:
    """Let everybody settle, and repair what is left over; also the number of nodes visited.

    Where a verdict may depend on the other classes, the release is judged as a whole. If it fails,
    it is repaired without suppression, so that the shares that a class is compared with are those
    of the whole table; and if nothing else helps, everybody stands on one node, the best.

    Args:
        lattice: with the additive loss.
        models: what every class must satisfy.
        limit: rows that may be suppressed.

    Raises:
        BudgetExceeded: not even one node for all keeps to the limit.
        DataError: a lattice too large, or a model whose verdict depends on the other classes.
    """
    settled = settle(lattice, models)
    for room in dict.fromkeys((limit, 0)):
        try:
            found = repair(lattice, models, settled.node_of, room)
        except BudgetExceeded:
            continue
        if holds(lattice, models, found):
            return found, settled.visited
    everywhere = one_for_all(lattice, models, limit)
    if isinstance(everywhere, Nearest):
        raise exceeded(lattice, everywhere, limit)
    return everywhere, settled.visited


def one_for_all(lattice: Lattice, models: Sequence[PrivacyModel], limit: int) -> Placed | Nearest:
    """Everybody on one node, the best, and suppressed if their class fails there."""
    node = BestFirst(lattice, models, limit).run()
    if isinstance(node, Nearest):
        return node
    node_of = np.where(node.suppressed, 0, lattice.node_of(node.levels))
    return Placed(node_of, node.suppressed)


def holds(lattice: Lattice, models: Sequence[PrivacyModel], placed: Placed) -> bool:
    """Whether the classes of a release satisfy the models together, as each of them does alone."""
    if all(lasts(model) for model in models):
        return True
    cells = original_cells(lattice, placed.node_of)
    release, _ = recoded(lattice.table, cells, ~placed.suppressed)
    return not failing(models, EquivalenceClasses.base(release)).any()


def rows_lost(lattice: Lattice, placed: Placed) -> float:
    """Rows that are lost, cells as their share of a row."""
    lost = row_costs(lattice, lattice.table.packed, placed.node_of)
    return float((np.where(placed.suppressed, 1.0, lost) * lattice.table.rows).sum())


def lasts(model: PrivacyModel) -> bool:
    """Whether a class that satisfies still does when it grows, whatever else is released."""
    return model.merging is Merging.ANY and not model.wide


def repair(lattice: Lattice, models: Sequence[PrivacyModel], node_of: Int64s, limit: int) -> Placed:
    """Bring everybody who stands nowhere into a group, or suppress them, whichever costs less.

    Whoever joins a group takes all of it up to the lowest node on which they are alike; the group
    grows and still satisfies models that a larger class keeps, and is judged anew by the others.
    Where it fails, more groups join, twice as many each time. Classes that only a population has
    are left out where they stand nowhere.

    Args:
        lattice: with the additive loss.
        models: what every class must satisfy.
        node_of: per base class, its node, or -1.
        limit: rows that may be suppressed.

    Raises:
        BudgetExceeded: somebody can neither join nor be suppressed within the limit.
    """
    rows = lattice.table.rows
    left = np.flatnonzero((node_of < 0) & (rows > 0))
    if not len(left):
        return Placed(np.maximum(node_of, 0), node_of < 0)
    groups = _Groups.among(lattice, models, node_of)
    for one in left[np.argsort(-rows[left], kind="stable")].tolist():
        own = int(rows[one])
        joined = groups.cheapest(one)
        if (joined is None or joined.cost > own) and own <= limit:
            limit -= own
        elif joined is not None:
            groups.join(joined)
        else:
            raise BudgetExceeded(
                f"{own} row(s) fit no class, and suppressing them exceeds what is left of the "
                f"budget, {limit} row(s); allow more suppression or ask for weaker models"
            )
    stands = groups.of >= 0
    node_of = np.zeros_like(node_of)
    node_of[stands] = (groups.levels @ lattice.strides)[groups.of[stands]]
    return Placed(node_of, ~stands)


@dataclass(frozen=True, eq=False)
class _Class:
    """A left-over class, and the groups that it takes with it.

    Attributes:
        members: base classes, the left-over one first.
        groups: numbers of the groups among them.
        levels: of the lowest node on which they are alike.
        rows: of all.
        lost: rows that its groups lost before.
        cost: rows that all lose more than before.
    """

    members: Int64s
    groups: Int64s
    levels: Int64s
    rows: float
    lost: float
    cost: float


@dataclass(frozen=True, eq=False)
class _Groups:
    """Groups that left-over classes may join, and that grow.

    Attributes:
        lattice: their lattice.
        judging: the models that a larger class may fail.
        of: int32, per base class, its group; -1 where it stands nowhere.
        first: int64, per group, one base class.
        levels: int64, shape (groups, columns), of its node.
        rows: float64, per group.
        lost: float64, per group, what a row loses; -inf when the group has become part of another,
            so that it is too dear to join.
    """

    lattice: Lattice
    judging: Sequence[PrivacyModel]
    of: Int32s
    first: Int64s
    levels: Int64s
    rows: Floats
    lost: Floats

    @classmethod
    def among(cls, lattice: Lattice, models: Sequence[PrivacyModel], node_of: Int64s) -> _Groups:
        """The groups of those who stand."""
        groups = groups_of(lattice, node_of)
        stands, node = groups.of >= 0, node_of[groups.first]
        return cls(
            lattice,
            [model for model in models if not lasts(model)],
            groups.of,
            groups.first,
            node[:, None] // lattice.strides % lattice.shape,
            np.bincount(groups.of[stands], weights=lattice.table.rows[stands]).astype(np.float64),
            row_costs(lattice, lattice.table.packed[groups.first], node),
        )

    def cheapest(self, one: int) -> _Class | None:
        """A left-over class with the groups, mostly one, that let it satisfy the models.

        One group is tried after the other, the cheapest first. If none will do, groups are taken
        together, twice as many each time.
        """
        rows = float(self.lattice.table.rows[one])
        lowest = np.zeros_like(self.lattice.shape)
        alone = _Class(np.array([one]), np.empty(0, np.int64), lowest, rows, 0.0, 0.0)
        for group in self._nearest(alone, _TRIED if self.judging else 1):
            joined = self._with(alone, [group])
            if self._satisfies(joined):
                return joined
        joined, many = alone, 1
        while len(more := self._nearest(joined, many)):
            joined, many = self._with(joined, more), 2 * many
            if self._satisfies(joined):
                return joined
        return None

    def join(self, joined: _Class) -> None:
        """Make a class one group."""
        group = joined.groups[0]
        self.of[joined.members] = group
        self.levels[group] = joined.levels
        self.rows[group] = joined.rows
        self.lost[joined.groups] = -np.inf
        self.lost[group] = (joined.lost + joined.cost) / joined.rows

    def _nearest(self, one: _Class, many: int) -> list[int]:
        """The groups that a class would join at the least cost, the cheapest first."""
        _, after = self._meeting(one)
        cost = self.rows * (after - self.lost) + one.rows * after
        cost[one.groups] = np.inf
        nearest = np.argsort(np.round(cost, _DIGITS), kind="stable")[:many]
        found: list[int] = nearest[np.isfinite(cost[nearest])].tolist()
        return found

    def _meeting(self, one: _Class) -> tuple[Int64s, Floats]:
        """Per group, the lowest node on which a class is like it, and what a row loses there."""
        lattice, table = self.lattice, self.lattice.table
        levels, after = np.maximum(self.levels, one.levels), np.empty(len(self.first))
        meet(
            int(one.members[0]),
            self.first,
            levels,
            after,
            table.packed,
            table.fields,
            lattice.shape,
            lattice.term_starts,
            lattice.block_starts,
            lattice.labels,
            lattice.cost,
        )
        return levels, after

    def _with(self, one: _Class, groups: list[int]) -> _Class:
        """A class with some groups more."""
        levels = self._meeting(one)[0][groups].max(axis=0)
        members = np.concatenate([one.members, np.flatnonzero(np.isin(self.of, groups))])
        rows = one.rows + float(self.rows[groups].sum())
        lost = one.lost + float((self.rows[groups] * self.lost[groups]).sum())
        node = np.array([self.lattice.node_of(levels)])
        after = row_costs(self.lattice, self.lattice.table.packed[members[:1]], node)
        cost = rows * float(after[0]) - lost
        return _Class(members, np.append(one.groups, groups), levels, rows, lost, cost)

    def _satisfies(self, one: _Class) -> bool:
        """Whether a class satisfies the models that a larger class may fail."""
        if not self.judging:
            return True
        part = self.lattice.table.part(one.members.astype(np.int32))
        classes = self.lattice.merge(EquivalenceClasses.base(part), one.levels)
        everything = np.ones(len(classes), bool)
        return all(bool(model.satisfied(classes, everything).all()) for model in self.judging)
