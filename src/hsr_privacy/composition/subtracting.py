"""Subtracting: what the counts of one release less those of another show that neither does.

Where one cohort nearly holds the other, the difference of two tables is a table of the few who are
in one of them only. A cell of that table is small if fewer than k persons are in it, and it is new
if neither release has so small a cell there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hsr_privacy.composition.sketch import Int64s
from hsr_privacy.composition.tabulating import Tabulated


@dataclass(frozen=True)
class Subtracted:
    """Small cells that a subtraction shows, per set of one or two columns (names with " x ").

    Attributes:
        tables: how many were subtracted.
        recognizing: cells of quasi-identifiers only: fewer than k persons share what one may know.
        telling: cells with a sensitive value.
    """

    tables: int = 0
    recognizing: Mapping[str, int] = field(default_factory=dict)
    telling: Mapping[str, int] = field(default_factory=dict)

    @property
    def recognizing_cells(self) -> int:
        """Cells of quasi-identifiers only."""
        return sum(self.recognizing.values())

    @property
    def telling_cells(self) -> int:
        """Cells with a sensitive value."""
        return sum(self.telling.values())

    def __add__(self, other: Subtracted) -> Subtracted:
        """Both counts together."""
        return Subtracted(
            self.tables + other.tables,
            Counter(self.recognizing) + Counter(other.recognizing),
            Counter(self.telling) + Counter(other.telling),
        )


def subtract(
    tabulated: Tabulated,
    releases: Sequence[int],
    *,
    k: int,
    coefficients: Sequence[int] = (1, -1),
    divisor: int = 1,
) -> Subtracted:
    """Add and subtract every table that some releases share, and count small cells that are new.

    Args:
        tabulated: the tables.
        releases: places of the releases in it.
        k: a cell with fewer persons, but not none, is small.
        coefficients: what each release is taken by.
        divisor: of their sum.
    """
    tables = 0
    recognizing: dict[str, int] = {}
    telling: dict[str, int] = {}
    for one in tabulated.tables(releases):
        tables += 1
        cells = _small_and_new(one.persons, coefficients, k, divisor)
        if cells:
            (telling if one.tells else recognizing)[" x ".join(one.columns)] = cells
    return Subtracted(tables, recognizing, telling)


def _small_and_new(persons: Int64s, coefficients: Sequence[int], k: int, divisor: int) -> int:
    total = abs(sum(one * row for one, row in zip(coefficients, persons, strict=True)))
    shown = ((persons > 0) & (persons < k)).any(axis=0)
    return int(((total > 0) & (total < k * divisor) & ~shown).sum())
