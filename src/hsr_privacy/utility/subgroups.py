"""Subgroups: whether suppression falls on some more than on others."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from hsr_privacy.documents import Label
from hsr_privacy.estimates import wilson
from hsr_privacy.utility.coding import Bools, Int64s, Table
from hsr_privacy.utility.grouping import Grouping, grouping_by
from hsr_privacy.utility.telling import group_sentence
from hsr_privacy.utility.words import Words

LEVEL: Final = 0.99
"""Of the intervals; it is high, as many groups are looked at side by side."""

What = Literal["rows", "cells"]


@dataclass(frozen=True)
class GroupShare:
    """What was suppressed of a group.

    Attributes:
        share: of it (0-1).
        low, high: ends of the interval in which chance alone would leave it.
        ratio: to the share of all; None if that is 0.
        ratio_low, ratio_high: ends of its interval; None likewise.
        differs: ``more`` or ``less`` if the share of all lies outside the interval.
    """

    share: float
    low: float
    high: float
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    differs: Literal["more", "less"] | None


@dataclass(frozen=True)
class Subgroup:
    """Rows that have one or two values in common.

    Attributes:
        columns: by which they were grouped.
        labels: of their values.
        of_all: the group's share of all rows (0-1), with three decimals.
        rows: what was removed of its rows; None where that would tell of fewer than
            ``least_persons`` persons, or there are no originals.
        cells: what was suppressed of the quasi-identifying cells of its released rows; None likewise.
        sentences: how much harder it is hit than all, where it is.
    """

    columns: tuple[str, ...]
    labels: tuple[Label, ...]
    of_all: float
    rows: GroupShare | None
    cells: GroupShare | None
    sentences: tuple[Label, ...]


@dataclass(frozen=True)
class Suppression:
    """Whom suppression falls on.

    Attributes:
        rows: share of all rows that is removed; None without originals.
        cells: share of the quasi-identifying cells of released rows that is suppressed.
        groups: by one column each.
        crossed: groups by two columns that are hit harder than each of the two explains, the worst
            first.
    """

    rows: float | None
    cells: float
    groups: tuple[Subgroup, ...]
    crossed: tuple[Subgroup, ...]


@dataclass(frozen=True, eq=False)
class Fate:
    """What became of every row.

    Attributes:
        removed: whether it was; None where that is not known.
        masked: suppressed cells of a row that leaves.
        width: quasi-identifying cells of a row.
    """

    removed: Bools | None
    masked: Int64s
    width: int


def suppression(
    table: Table,
    fate: Fate,
    *,
    columns: Sequence[str],
    words: Words,
    least_persons: int = 5,
    most_crossed: int = 5,
) -> Suppression:
    """Tell by the levels of each column, and by those of each two, what was suppressed.

    Suppression is no sample: an interval does not say what is true of others, it says whether a
    difference is larger than one between groups drawn by lot would be. Rows of one person go
    together, so that it is as wide as the persons make it.

    Args:
        table: the rows as they were; the released ones where there are no originals.
        fate: of each of them.
        columns: to group by; those with too many levels are left out.
        words: what groups are called.
        least_persons: behind any figure.
        most_crossed: groups by two columns that are named.
    """
    case = _Case.of(table, fate, least_persons)
    grouped = [one for name in columns if (one := grouping_by(table, name, words)) is not None]
    told = [group for grouping in grouped for group in _told(case, grouping)]
    pairs = itertools.combinations(grouped, 2)
    worst = sorted(
        (found for one, other in pairs for found in _crossed(case, one, other)),
        key=lambda found: (-found[0], found[1].columns),
    )
    crossed: dict[tuple[float, GroupShare | None, GroupShare | None], Subgroup] = {}
    for _, group in worst:  # the same rows by two names are one group
        crossed.setdefault((group.of_all, group.rows, group.cells), group)
    return Suppression(
        case.whole("rows"),
        case.whole("cells") or 0.0,
        tuple(told),
        tuple(crossed.values())[:most_crossed],
    )


@dataclass(frozen=True, eq=False)
class _Case:
    """The rows and what became of them, counted."""

    table: Table
    fate: Fate
    least: int
    released: Bools

    @classmethod
    def of(cls, table: Table, fate: Fate, least: int) -> _Case:
        gone = fate.removed if fate.removed is not None else np.zeros(table.rows, bool)
        return cls(table, fate, least, ~gone)

    def whole(self, what: What) -> float | None:
        """The share of all rows, or of all cells."""
        if what == "rows":
            gone = self.fate.removed
            return None if gone is None or not len(gone) else float(gone.mean())
        cells = int(self.released.sum()) * self.fate.width
        return int(self.fate.masked.sum()) / cells if cells else 0.0

    def counted(self, grouping: Grouping, what: What) -> tuple[Int64s, Int64s]:
        """Per group, what was suppressed and of how many."""
        inside = grouping.group_of >= 0
        if what == "cells":
            inside = inside & self.released
        groups, size = grouping.group_of[inside], len(grouping.labels)
        each = 1 if what == "rows" else self.fate.width
        struck = (~self.released).astype(np.int64) if what == "rows" else self.fate.masked
        hit = np.bincount(groups, weights=struck[inside], minlength=size).astype(np.int64)
        return hit, np.bincount(groups, minlength=size) * each

    def hits(self, what: What) -> int:
        """Rows, or cells, that are suppressed in all."""
        return int((~self.released).sum() if what == "rows" else self.fate.masked.sum())

    def persons(self, rows: Bools) -> int:
        """How many persons are behind some rows."""
        return self.table.persons_in(rows, self.table.rows + 1)

    def at_least(self, rows: Bools) -> bool:
        """Whether nobody is behind some rows, or enough persons are."""
        return not rows.any() or self.table.persons_in(rows, self.least) >= self.least

    def share(
        self, grouping: Grouping, group: int, what: What, counts: tuple[Int64s, Int64s]
    ) -> GroupShare | None:
        """The share of one group, or None where it would tell of too few persons."""
        whole = self.whole(what)
        hit, size = int(counts[0][group]), int(counts[1][group])
        if whole is None or not size:
            return None
        inside = grouping.group_of == group
        if what == "cells":
            inside &= self.released
        struck = ~self.released if what == "rows" else self.fate.masked > 0
        some, none = (self.at_least(inside & part) for part in (struck, ~struck))
        if not some or not none:
            return None
        persons = self.persons(inside)
        if persons < self.least:
            return None
        share = hit / size
        low, high = wilson(share, persons, level=LEVEL)
        differs: Literal["more", "less"] | None = None
        if not low <= whole <= high:
            differs = "more" if whole < low else "less"
        if not whole:
            return GroupShare(share, low, high, None, None, None, differs)
        return GroupShare(share, low, high, share / whole, low / whole, high / whole, differs)

    def group(
        self, grouping: Grouping, group: int, rows: GroupShare | None, cells: GroupShare | None
    ) -> Subgroup:
        """One group with what is told of it."""
        said = []
        for what, share in (("rows", rows), ("cells", cells)):
            whole = self.whole("rows" if what == "rows" else "cells")
            if share is not None and share.differs == "more" and whole:
                labels = grouping.labels[group]
                said.append(group_sentence(labels, share.share, whole, of_rows=what == "rows"))
        of_all = float((grouping.group_of == group).mean())
        return Subgroup(
            grouping.columns,
            grouping.labels[group],
            round(of_all, 3),
            rows,
            cells,
            tuple(said),
        )


def _told(case: _Case, grouping: Grouping) -> list[Subgroup]:
    groups = range(len(grouping.labels))
    found = []
    for what in _KINDS:
        counts = case.counted(grouping, what)
        shares = [case.share(grouping, group, what, counts) for group in groups]
        elsewhere = case.hits(what) - int(counts[0].sum())
        found.append(_not_by_subtraction(shares, counts[0], elsewhere, case.least))
    return [
        case.group(grouping, group, found[0][group], found[1][group])
        for group in groups
        if case.table.persons_in(grouping.group_of == group, case.least) >= case.least
    ]


def _not_by_subtraction(
    shares: list[GroupShare | None], hit: Int64s, elsewhere: int, least: int
) -> list[GroupShare | None]:
    """Hold more back where what is held back could be had by subtracting the rest from the whole."""
    held = [place for place, share in enumerate(shares) if share is None]
    told = sorted(
        (place for place in range(len(shares)) if hit[place] and place not in held),
        key=lambda place: hit[place],
    )
    while 0 < elsewhere + sum(int(hit[place]) for place in held) < least and told:
        held.append(told.pop(0))
    return [None if place in held else share for place, share in enumerate(shares)]


def _crossed(case: _Case, one: Grouping, other: Grouping) -> list[tuple[float, Subgroup]]:
    """Groups by two columns that are hit surely harder than each of the two alone, and how much."""
    width = len(other.labels)
    crossed = one.crossed(other)
    told: dict[int, dict[What, tuple[float, GroupShare]]] = {}
    for what in _KINDS:
        if not case.whole(what):
            continue
        counts = case.counted(crossed, what)
        firsts, seconds = case.counted(one, what), case.counted(other, what)
        for group in np.flatnonzero(counts[0]).tolist():
            above = [(firsts, group // width), (seconds, group % width)]
            most = max(hit[at] / size[at] for (hit, size), at in above)
            rest = [int(hit[at] - counts[0][group]) for (hit, _), at in above]
            if counts[0][group] / counts[1][group] <= most:
                continue
            if any(0 < left < case.least for left in rest):
                continue  # the rest of a group by one column would be told by subtraction
            # Persons are no more than rows, and the fewer they are, the wider is the interval.
            size = int(counts[1][group]) // (1 if what == "rows" else case.fate.width)
            if wilson(counts[0][group] / counts[1][group], size, level=LEVEL)[0] <= most:
                continue
            share = case.share(crossed, group, what, counts)
            if share is not None and share.low > most:
                told.setdefault(group, {})[what] = (share.share / most, share)
    found = []
    for group, by in told.items():
        excess = max(excess for excess, _ in by.values())
        rows, cells = (by[what][1] if what in by else None for what in _KINDS)
        found.append((excess, case.group(crossed, group, rows, cells)))
    return found


_KINDS: Final[tuple[What, ...]] = ("rows", "cells")
