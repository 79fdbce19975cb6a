"""Grouping: rows of a table put in groups by one column, none of them so small that it is a cell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.explaining.case import Case
from hsr_privacy.frequencies import EquivalenceClasses

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

MOST_NODES: Final = 12
"""A level with more nodes is not told node by node."""
BANDS: Final = ((1, 9), (10, 99), (100, 999), (1_000, 9_999), (10_000, None))
"""Fewest and most rows of a value, of each band of values."""
_QUARTERS: Final = 4


@dataclass(frozen=True)
class Name:
    """What a group is called, see `Group`, and of how many nodes or bands it was merged."""

    kind: Literal["node", "missing", "others", "band"]
    label: str | None = None
    least: int | None = None
    most: int | None = None
    merged: int = 1


@dataclass(frozen=True, eq=False)
class Parts:
    """Groups of the base classes; see `Grouping`.

    Attributes:
        by: of what kind they are.
        level_name: of the level whose nodes they are.
        names: of the groups.
        group_of: int32, per base class, its group; of no meaning where it is not counted.
        of: which rows are counted.
    """

    by: Literal["node", "quarter", "frequency"]
    level_name: str | None
    names: tuple[Name, ...]
    group_of: Int32s
    of: Literal["all", "released"] = "all"

    def counted(self, case: Case) -> Bools:
        """Per base class, whether its rows are counted."""
        occupied = case.table.rows > 0
        return occupied if self.of == "all" else occupied & ~case.solution.suppressed


def parts_of(case: Case, place: int) -> tuple[Parts, ...]:
    """The groups by one column, safe to be told: by its nodes or by quarters, and by frequency.

    A group may be told if it has enough persons; and of one node or band alone, if what was
    suppressed of it and what was released of it are nobody or enough, too. Nodes that may not go
    into one group of others, and with them as many more as it takes; quarters and bands join their
    neighbour. Where that leaves one group, or too few are suppressed in all, the released rows alone
    are grouped, and nothing is said of the others. A grouping of one group is left out.
    """
    found = [_by_nodes(case, place) or _by_quarters(case, place), _by_frequency(case, place)]
    gone = case.table.count_persons(case.solution.suppressed & (case.table.rows > 0))
    told = []
    for parts in found:
        safe = replace(parts, of="released") if 0 < gone < case.least_persons else parts
        safe = _told(case, safe)
        if len(safe.names) < 2 and gone:
            safe = _told(case, replace(parts, of="released"))
        told.append(safe)
    return tuple(parts for parts in told if len(parts.names) > 1)


def _by_nodes(case: Case, place: int) -> Parts | None:
    """The coarsest level below the top that has a few nodes with data; None if there is none."""
    hierarchy, leaves = case.table.hierarchies[place], case.table.leaves_of(place)
    occupied = case.table.rows > 0
    for level in range(hierarchy.levels - 2, -1, -1):
        nodes = hierarchy.nodes[level][leaves]
        if 2 <= len(np.unique(nodes[occupied])) <= MOST_NODES:
            names = [
                Name("missing" if label is None else "node", label)
                for label in hierarchy.labels[level]
            ]
            return Parts("node", hierarchy.level_names[level], tuple(names), nodes)
    return None


def _by_quarters(case: Case, place: int) -> Parts:
    """Values in the order of their rows, cut at each quarter of all rows; equals stay together."""
    size = _rows_of_value(case, place)
    ordered = np.argsort(size, kind="stable")
    below = np.append(0, np.cumsum(case.table.rows[ordered]))
    before = below[np.searchsorted(size[ordered], size, side="left")]
    through = below[np.searchsorted(size[ordered], size, side="right")]
    middle = (before + through) / (2 * max(case.table.total_rows, 1))
    quarter = np.minimum((middle * _QUARTERS).astype(np.int32), _QUARTERS - 1)
    names = tuple(Name("band", None, n, n) for n in range(1, _QUARTERS + 1))
    return Parts("quarter", None, names, quarter)


def _by_frequency(case: Case, place: int) -> Parts:
    size = _rows_of_value(case, place)
    starts = np.array([least for least, _ in BANDS])
    band = np.searchsorted(starts, np.maximum(size, 1), side="right") - 1
    names = tuple(Name("band", None, least, most) for least, most in BANDS)
    return Parts("frequency", None, names, band.astype(np.int32))


def _rows_of_value(case: Case, place: int) -> Int64s:
    """Per base class, the rows of its value in a column, on the finest level."""
    hierarchy = case.table.hierarchies[place]
    nodes = hierarchy.nodes[0][case.table.leaves_of(place)]
    size: Int64s = np.bincount(nodes, weights=case.table.rows)[nodes].astype(np.int64)
    return size


def _told(case: Case, parts: Parts) -> Parts:
    """The parts without empty ones, and so merged that each may be told."""
    here = persons_behind(case, parts)[:, 0] > 0
    number = (np.cumsum(here) - 1).clip(min=0).astype(np.int32)
    names = [name for name, kept in zip(parts.names, here.tolist(), strict=True) if kept]
    occupied = replace(parts, names=tuple(names), group_of=number[parts.group_of])
    return _gathered(case, occupied) if parts.by == "node" else _joined(case, occupied)


def _gathered(case: Case, parts: Parts) -> Parts:
    """Put what may not be told into one group of others, and what it takes for these to be enough."""
    counts = persons_behind(case, parts)
    others = ~_safe(parts, counts, case.least_persons)
    if not others.any():
        return parts
    while not others.all():
        gathered = _with_others(parts, others)
        behind = persons_behind(case, gathered)
        if _safe(gathered, behind, case.least_persons)[-1]:
            break
        rest = np.flatnonzero(~others)
        if behind[-1, 0] < case.least_persons:
            others[rest[counts[rest, 0].argmin()]] = True
        else:  # one node alone, so that one is to join it that is most like it
            share, like = (1 - one[..., -1] / one[..., 0] for one in (counts[rest], behind[-1]))
            others[rest[np.abs(share - like).argmin()]] = True
    return _with_others(parts, others)


def _with_others(parts: Parts, others: Bools) -> Parts:
    """The parts with some of them as one, behind the rest."""
    kept = int((~others).sum())
    number = np.where(others, kept, np.cumsum(~others) - 1).astype(np.int32)
    names = [name for name, gone in zip(parts.names, others.tolist(), strict=True) if not gone]
    rest = Name("others", merged=int(others.sum()))
    return replace(parts, names=(*names, rest), group_of=number[parts.group_of])


def _joined(case: Case, parts: Parts) -> Parts:
    """Join what may not be told with the next, and the last with the one before."""
    at = 0
    while at < len(parts.names) and len(parts.names) > 1:
        if _safe(parts, persons_behind(case, parts), case.least_persons)[at]:
            at += 1
            continue
        at = min(at, len(parts.names) - 2)
        first, second = parts.names[at : at + 2]
        joined = Name("band", None, first.least, second.most, first.merged + second.merged)
        names = (*parts.names[:at], joined, *parts.names[at + 2 :])
        group_of = np.where(parts.group_of > at, parts.group_of - 1, parts.group_of)
        parts = replace(parts, names=names, group_of=group_of.astype(np.int32))
    return parts


def persons_behind(case: Case, parts: Parts) -> Int64s:
    """Per group, how many persons stand behind each of its figures; the first are all of it.

    The next are those suppressed and those released, if all are counted; then the released ones with
    and without a suppressed cell. The last are those of whom nothing was suppressed.
    """
    solution, counted = case.solution, parts.counted(case)
    released = ~solution.suppressed
    chosen = [np.ones_like(released)]
    if parts.of == "all":
        chosen += [~released, released]
    if solution.masked is not None:
        some = solution.masked.any(axis=1)
        chosen += [released & some, released & ~some]
    found = np.zeros((len(parts.names), len(chosen)), np.int64)
    base = EquivalenceClasses.base(case.table)
    for place, one in enumerate(chosen):
        persons = base.persons_of(parts.group_of, one & counted)
        found[: len(persons), place] = persons
    return found


def _safe(parts: Parts, counts: Int64s, least: int) -> Bools:
    """Per group, whether it may be told."""
    merged = np.array([name.merged > 1 for name in parts.names], bool)
    enough = ((counts == 0) | (counts >= least)).all(axis=1) | merged
    may: Bools = enough & (counts[:, 0] >= least)
    return may
