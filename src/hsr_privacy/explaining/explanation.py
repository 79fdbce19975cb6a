"""The explanation: what a solution cost, why, and whom, in numbers and names; never a cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

from hsr_privacy.anonymity import LossName, Method


@dataclass(frozen=True)
class LevelRows:
    """Released rows in which a column stands on a level."""

    level: int
    name: str
    rows: int


@dataclass(frozen=True)
class ColumnPart:
    """What became of one quasi-identifier.

    Attributes:
        name: the column.
        level: chosen; where cells differ, the coarsest that is no suppressed cell.
        level_name: its name.
        levels: number of levels, floor and top among them.
        floor: name of the finest level that may be released.
        top: name of the coarsest.
        loss_generalized: part of the loss that coarser levels cost in this column.
        loss_cells: part that its suppressed cells cost.
        loss_rows: part that its cells in suppressed rows cost.
        share: of the whole loss, 0-1; 0 if nothing is lost.
        texts: distinct texts that are released.
        rows_per_level: released rows by level, as they occur.
    """

    name: str
    level: int
    level_name: str
    levels: int
    floor: str
    top: str
    loss_generalized: float
    loss_cells: float
    loss_rows: float
    share: float
    texts: int
    rows_per_level: tuple[LevelRows, ...]


@dataclass(frozen=True)
class NodePart:
    """One choice of a level per column, and what it takes to make it safe by removing rows.

    Attributes:
        loss_levels: additive loss if no row were removed.
        loss: additive loss with the rows that must be removed.
        rows_suppressed: rows that must be removed.
        within_budget: whether as many may be.
        classes: classes that are left.
        k_unsuppressed: persons in the smallest class if no row were removed; 0 if there is none.
    """

    loss_levels: float
    loss: float
    rows_suppressed: int
    within_budget: bool
    classes: int
    k_unsuppressed: int


@dataclass(frozen=True)
class Neighbour:
    """One column on another level, and all others as they are.

    Attributes:
        column: that changes.
        level: to which.
        level_name: its name.
        step: levels away from the solution's; negative is finer.
        node: what follows.
        loss_change: additive loss less that of ``here``; what is below 0 is bought, above 0 paid.
        rows_change: suppressed rows less those of ``here``, likewise.
    """

    column: str
    level: int
    level_name: str
    step: int
    node: NodePart
    loss_change: float
    rows_change: int


@dataclass(frozen=True)
class Neighbours:
    """The lattice around a solution that has one level per column.

    Attributes:
        here: the solution's own levels, made safe by removing rows.
        steps: every other level of every column, one column at a time, in their order.
    """

    here: NodePart
    steps: tuple[Neighbour, ...]


@dataclass(frozen=True)
class Driver:
    """What one column has to do with the rows at risk.

    Attributes:
        column: its name.
        rows_safe: rows at risk that would be safe if this column alone told nothing.
        share: of the rows at risk, 0-1; shares of several columns overlap.
    """

    column: str
    rows_safe: int
    share: float


@dataclass(frozen=True)
class SizeBand:
    """Rows by how many persons share all their values, before anything is generalized.

    Attributes:
        least: fewest persons of such a class.
        most: most persons; None is no end.
        classes: how many there are.
        rows: in them.
        persons: in them, each counted once.
        loss_share: share of the whole loss that falls on their rows.
        suppressed_rows: of their rows.
        suppressed_share: the same as a share of their rows.
    """

    least: int
    most: int | None
    classes: int
    rows: int
    persons: int
    loss_share: float
    suppressed_rows: int
    suppressed_share: float


@dataclass(frozen=True)
class Drivers:
    """Which variables and which sizes of class drive generalization and suppression.

    Attributes:
        on: the levels on which rows are at risk: the solution's own, before any row is removed, or
            the finest, where cells differ in level.
        rows_at_risk: rows of classes that fail the models there.
        columns: in the order of the table.
        bands: of class sizes; those without rows are left out.
    """

    on: Literal["solution", "floor"]
    rows_at_risk: int
    columns: tuple[Driver, ...]
    bands: tuple[SizeBand, ...]


@dataclass(frozen=True)
class Share:
    """A share of a group beside that of the whole table.

    Attributes:
        share: 0-1.
        low: lower end of the interval in which chance alone would leave it.
        high: upper end.
        ratio: to the whole table's share; None if that is 0.
        differs: ``more`` or ``less`` if the whole table's share lies outside the interval.
    """

    share: float
    low: float
    high: float
    ratio: float | None
    differs: Literal["more", "less"] | None


@dataclass(frozen=True)
class Group:
    """Rows that have something in common, and what happened to them.

    Attributes:
        kind: ``node`` of a hierarchy, the ``missing`` value, ``others`` that are too few to be told
            apart, or a ``band`` of values by their number of rows.
        label: of the node.
        least: of a band, its fewest rows of a value, or the number of its first quarter.
        most: of a band, its most rows of a value, None being no end, or its last quarter.
        rows: in the group.
        persons: in the group.
        suppressed_rows: of its rows; None where released rows alone are grouped.
        rows_share: of its rows that are suppressed; None likewise.
        cells_share: of the cells of its released rows that are suppressed; None if none is.
        loss: mean additive loss of its rows.
        loss_ratio: to the mean of the whole table; None if nothing is lost.
    """

    kind: Literal["node", "missing", "others", "band"]
    label: str | None
    least: int | None
    most: int | None
    rows: int
    persons: int
    suppressed_rows: int | None
    rows_share: Share | None
    cells_share: Share | None
    loss: float
    loss_ratio: float | None


@dataclass(frozen=True)
class Grouping:
    """The rows of a table in groups by one column.

    Attributes:
        column: the column.
        by: ``node``: the coarsest level that has a few nodes; ``quarter``: a quarter of the rows each,
            from those whose values are rarest; ``frequency``: bands by the rows of the value.
        level_name: of the level whose nodes they are.
        of: ``all`` rows, or the ``released`` ones alone, where too few are suppressed to be told of.
        groups: none has fewer than `Explanation.least_persons`, and none of one node or band alone
            fewer, but some, of whom anything or nothing was suppressed.
    """

    column: str
    by: Literal["node", "quarter", "frequency"]
    level_name: str | None
    of: Literal["all", "released"]
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Point:
    """A release that could be, or this one.

    Attributes:
        k: that was asked for; None if no model counts persons.
        limits: shares of rows that may be suppressed for which this is the optimum.
        levels: per column; None where cells differ in level.
        loss: additive.
        rows_suppressed: rows that are removed.
        share_suppressed: the same as a share of all.
        classes: that are released.
        k_reached: persons in the smallest; 0 if nothing is released.
        risk_highest: 1 / ``k_reached`` (prosecutor); 0 if nothing is released.
        risk_mean: classes / persons; 0 if nothing is released.
        pareto: no other point has both less loss and less risk, or less of one and as much of the
            other.
        here: whether it is this release.
    """

    k: int | None
    limits: tuple[float, ...]
    levels: Mapping[str, int] | None
    loss: float
    rows_suppressed: int
    share_suppressed: float
    classes: int
    k_reached: int
    risk_highest: float
    risk_mean: float
    pareto: bool
    here: bool


@dataclass(frozen=True)
class Frontier:
    """Risk against utility: the optima over a spread of k and of limits, with this release.

    Attributes:
        points: by k, then by loss.
        searches: that were made.
        impossible: pairs of k and limit that nothing satisfies.
        left_out: pairs that were not searched.
        reason: why: the ``lattice`` is too large for exact searches, or the ``work`` too much.
    """

    points: tuple[Point, ...]
    searches: int
    impossible: int
    left_out: int
    reason: Literal["lattice", "work"] | None


@dataclass(frozen=True)
class Explanation:
    """A solution, explained.

    Attributes:
        method: how the table was recoded.
        loss_name: what the search minimized; every loss here is the additive one.
        rows: of the table.
        persons: of the table.
        max_suppressed: largest share of rows that may be suppressed.
        budget: the same in rows.
        suppressed_rows: rows that are.
        suppressed_cells: cells of released rows that are.
        classes: that are released.
        k: persons in the smallest of them.
        loss: additive, 0-1.
        least_persons: fewer do not stand behind any figure of a group.
        columns: what became of each.
        neighbours: None where cells differ in level.
        drivers: of what had to be done.
        groupings: whom it fell on.
        frontier: what else could have been.
    """

    method: Method
    loss_name: LossName
    rows: int
    persons: int
    max_suppressed: float
    budget: int
    suppressed_rows: int
    suppressed_cells: int
    classes: int
    k: int
    loss: float
    least_persons: int
    columns: tuple[ColumnPart, ...]
    neighbours: Neighbours | None
    drivers: Drivers
    groupings: tuple[Grouping, ...]
    frontier: Frontier

    def to_json(self) -> dict[str, Any]:
        """The explanation as plain numbers, lists and names, with the attributes as keys."""
        plain: dict[str, Any] = _plain(self)
        return plain


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value
