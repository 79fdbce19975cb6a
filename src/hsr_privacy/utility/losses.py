"""Losses: how much detail is gone, by the measures of the field."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from hsr_privacy.hierarchies import TOP, HierarchyTable
from hsr_privacy.utility.coding import Int64s, Ladder, Table, top_of


@dataclass(frozen=True)
class ColumnLoss:
    """What one column lost.

    Attributes:
        name: of the column.
        quasi_identifier: whether it is one.
        level: on which it leaves; None without a hierarchy.
        level_name: its name.
        levels: that its hierarchy has.
        loss: share of the leaves that a released cell covers besides one, as a mean over the cells
            of all rows; what is suppressed or removed has lost all (0-1).
        intensity: level as a share of the highest, likewise (0-1).
        entropy: what an optimal guess of the original values still has to ask for, as a share of
            what it takes where everything is suppressed (0-1); None without originals.
        suppressed_cells: share of the released rows whose cell is suppressed (0-1).
    """

    name: str
    quasi_identifier: bool
    level: int | None
    level_name: str | None
    levels: int | None
    loss: float
    intensity: float
    entropy: float | None
    suppressed_cells: float


@dataclass(frozen=True)
class Losses:
    """What an extract lost.

    Attributes:
        columns: that are quasi-identifiers, or have a hierarchy.
        loss: mean over the quasi-identifiers; 1 less it is the granularity.
        intensity: likewise; 1 less it is Sweeney's precision.
        entropy: bits lost in all of them, as a share of the bits there were; None without originals.
        discernibility: sum of the squared class sizes, and of the whole table for every removed row.
        discernibility_share: the same as a share of the most there can be, the table squared.
        class_size: rows of the table per class, the removed rows being one.
        classes: that are released.
        suppressed_rows: share of all rows that are removed (0-1); None without originals.
        suppressed_cells: share of the released quasi-identifying cells that are suppressed (0-1).

    Source: Iyengar 2002, doi:10.1145/775047.775089 (loss); Sweeney 2002,
    doi:10.1142/S021848850200165X (intensity, as 1 less precision); Gionis & Tassa 2009,
    doi:10.1109/TKDE.2008.129 (entropy); Bayardo & Agrawal 2005, doi:10.1109/ICDE.2005.42
    (discernibility); LeFevre et al. 2006, doi:10.1109/ICDE.2006.101 (class size).
    """

    columns: tuple[ColumnLoss, ...]
    loss: float
    intensity: float
    entropy: float | None
    discernibility: int
    discernibility_share: float
    class_size: float
    classes: int
    suppressed_rows: float | None
    suppressed_cells: float

    @property
    def granularity(self) -> float:
        """The share of the information that a release keeps."""
        return 1 - self.loss


def losses(released: Table, before: Table | None, *, quasi_identifiers: Sequence[str]) -> Losses:
    """Measure what is lost.

    Args:
        released: the rows that leave.
        before: all rows in full detail, each column on level 0; None where they are not at hand.
        quasi_identifiers: columns.
    """
    gone = before.rows - released.rows if before is not None else 0
    rows = released.rows + gone
    names = [*quasi_identifiers, *(n for n in released.ladders if n not in quasi_identifiers)]
    parts = [
        _Cells.of(name, released, before).measured(is_quasi=name in quasi_identifiers, gone=gone)
        for name in names
        if name in released
    ]
    quasi = [one for one, _, _ in parts if one.quasi_identifier]
    lost = [(told, all_) for one, told, all_ in parts if one.quasi_identifier and told is not None]
    sizes = _class_sizes(released, quasi_identifiers)
    discernibility = int((sizes**2).sum()) + rows * gone
    return Losses(
        columns=tuple(one for one, _, _ in parts),
        loss=_mean([one.loss for one in quasi]),
        intensity=_mean([one.intensity for one in quasi]),
        entropy=_share(sum(told for told, _ in lost), sum(all_ for _, all_ in lost))
        if lost
        else None,
        discernibility=discernibility,
        discernibility_share=_share(discernibility, rows**2),
        class_size=_share(rows, len(sizes) + bool(gone)),
        classes=len(sizes),
        suppressed_rows=_share(gone, rows) if before is not None else None,
        suppressed_cells=_mean([one.suppressed_cells for one in quasi]),
    )


@dataclass(frozen=True)
class _Cells:
    """The released texts of one column, and its values in full detail, with how often each stands.

    Attributes:
        released: rows per text, None for a missing cell.
        suppressed: released rows whose cell is suppressed.
        before: rows per value in full detail; None where they are not at hand.
    """

    name: str
    ladder: Ladder | None
    level: int
    released: Mapping[str | None, int]
    suppressed: int
    before: Mapping[str | None, int] | None

    @classmethod
    def of(cls, name: str, released: Table, before: Table | None) -> _Cells:
        ladder, level = released.ladders.get(name), released.level(name)
        texts = released.cells(name).counted()
        gone = released.gone_text(name)
        suppressed = texts.pop(gone, 0) if gone is not None else 0
        there = before is not None and name in before
        values = before.cells(name).counted() if before is not None and there else None
        return cls(name, ladder, level, texts, suppressed, values)

    def measured(self, *, is_quasi: bool, gone: int) -> tuple[ColumnLoss, float | None, float]:
        """The losses, and the bits that are lost of those that there were."""
        kept = sum(self.released.values())
        rows = kept + self.suppressed + gone
        nothing = self.suppressed + gone
        covered, steps = 0.0, 0.0
        if self.ladder is not None:
            table = self._table(self.ladder)
            for text, count in self.released.items():
                level, share = _place(text, table, self.level)
                covered += count * share
                steps += count * level / top_of(self.ladder)
        bits = self._bits() if self.before is not None else None
        lost, all_ = bits if bits is not None else (None, 0.0)
        names = self.ladder.hierarchy.level_names if self.ladder is not None else None
        return (
            ColumnLoss(
                name=self.name,
                quasi_identifier=is_quasi,
                level=self.level if names else None,
                level_name=names[self.level] if names else None,
                levels=len(names) if names else None,
                loss=_share(covered + nothing, rows),
                intensity=_share(steps + nothing, rows),
                entropy=None if lost is None else _share(lost, all_),
                suppressed_cells=_share(self.suppressed, kept + self.suppressed),
            ),
            lost,
            all_,
        )

    def _table(self, ladder: Ladder) -> HierarchyTable:
        """The hierarchy with the values that occur, as the engine sees it."""
        values = list(self.before or {})
        stray = ladder.hierarchy.uncovered(values)
        return ladder.hierarchy.table(value for value in values if value not in stray)

    def _bits(self) -> tuple[float, float]:
        """What the values tell in all, less what the released texts still tell of them."""
        values = self.before or {}
        total = sum(values.values())
        there = sum(count * math.log2(total / count) for count in values.values())
        masses: Counter[tuple[int, str | None]] = Counter()
        for value, count in values.items():
            for level in range(self.level + 1):
                text = self.ladder.lift(value, level) if self.ladder is not None else value
                masses[level, text] += count
        kept = 0.0
        for text, count in self.released.items():
            found = [masses[level, text] for level in range(self.level, -1, -1)]
            mass = next((mass for mass in found if mass), total)
            kept += count * math.log2(total / mass)
        return max(there - kept, 0.0), there


def _place(text: str | None, table: HierarchyTable, level: int) -> tuple[int, float]:
    """The level of a text, this one or a finer one, and the share of leaves it covers besides one."""
    width = max(table.leaves - 1, 1)
    for finer in range(level, -1, -1):
        labels = table.labels[finer]
        if text in labels:
            leaves = int((table.nodes[finer] == labels.index(text)).sum())
            return finer, (leaves - 1) / width
    return (table.levels - 1, 1.0) if text == TOP else (level, 0.0)


def _class_sizes(released: Table, quasi_identifiers: Sequence[str]) -> Int64s:
    """Rows of each combination of the quasi-identifiers, as they read."""
    there = [name for name in quasi_identifiers if name in released]
    if not there or not released.rows:
        return np.zeros(0, np.int64)
    counts = released.frame.select(there).group_by(there).agg(pl.len().alias("__rows"))
    return counts["__rows"].cast(pl.Int64).to_numpy()


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0
