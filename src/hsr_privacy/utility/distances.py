"""Distances: how far the released columns, one by one and two by two, are from the originals.

Originals are brought to the released level first, so that what is measured is what suppression
moved; what coarser levels cost is in the losses. Missing and suppressed cells are told apart from
the values: a distance is between the values that are known, and how many are missing is told beside.

Source: total variation, Kolmogorov-Smirnov and Wasserstein distances; Cramér 1946 (V). The
complements to 1 are SDMetrics' (TVComplement, KSComplement, ContingencySimilarity).
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

import numpy as np
import polars as pl

from hsr_privacy.project import MISSING
from hsr_privacy.utility.coding import GONE, NONE, Coded, Floats, Int32s, Int64s, Table

MOST_CATEGORIES: Final = 60
"""Of a column in a pair; the rarest beyond are taken as one, and numbers as bands of equal size."""

_BANDS: Final = 20
_CODES: Final = 12


@dataclass(frozen=True)
class ColumnDistance:
    """How far one column is from its original.

    Attributes:
        name: of the column.
        distance: total variation between the known values, on the released level (0-1); None
            where fewer than ``least_persons`` rows are known.
        largest_gap: of numbers, Kolmogorov-Smirnov's distance (0-1).
        mean_move: of numbers, Wasserstein's distance, in the unit of the column.
        mean_move_in_deviations: the same in standard deviations of the original.
        missing_before: share of the original rows without a value.
        missing_after: share of the released rows without one, suppressed cells not counted.
        suppressed: share of the released rows whose cell is suppressed.
    """

    name: str
    distance: float | None
    largest_gap: float | None
    mean_move: float | None
    mean_move_in_deviations: float | None
    missing_before: float
    missing_after: float
    suppressed: float


@dataclass(frozen=True)
class PairDistance:
    """How far two columns together are from their originals.

    Attributes:
        one, other: the columns.
        distance: total variation between the tables of both, where both are known (0-1).
        association_before: Cramér's V of the originals, on the released level (0-1).
        association_after: of the released.
    """

    one: str
    other: str
    distance: float
    association_before: float
    association_after: float

    @property
    def shift(self) -> float:
        """How much more, or less, the two have to do with each other."""
        return self.association_after - self.association_before


@dataclass(frozen=True)
class Distances:
    """How far an extract is from its originals.

    Attributes:
        columns: one by one.
        pairs_compared: how many pairs of columns.
        mean_pair_distance: over them; None without any.
        mean_association_shift: mean size of the shift of Cramér's V; None likewise.
        farthest_pairs: that are farthest.
        most_shifted_pairs: whose association moved most.
    """

    columns: tuple[ColumnDistance, ...]
    pairs_compared: int
    mean_pair_distance: float | None
    mean_association_shift: float | None
    farthest_pairs: tuple[PairDistance, ...]
    most_shifted_pairs: tuple[PairDistance, ...]

    @property
    def mean_distance(self) -> float | None:
        """Mean over the columns."""
        known = [one.distance for one in self.columns if one.distance is not None]
        return fmean(known) if known else None


def distances(
    released: Table,
    before: Table,
    *,
    columns: Sequence[str],
    numbers: Collection[str] | None = None,
    missing: Collection[str] = MISSING,
    least_persons: int = 5,
    told: int = 10,
) -> Distances:
    """Compare every column and every pair of columns.

    Args:
        released: the rows that leave.
        before: all rows, each column on its released level.
        columns: to compare; those that the originals lack are left out.
        numbers: columns that are measured and not coded; if left out, columns of numbers that have
            many values.
        missing: texts that are kinds of missing.
        least_persons: on fewer, nothing is told.
        told: pairs that are named.
    """
    there = [name for name in columns if name in before and name in released]
    pairs_of = {name: _Both.of(name, released, before, numbers) for name in there}
    singles = tuple(_single(both, missing, least_persons) for both in pairs_of.values())
    placed = [both.categories() for both in pairs_of.values()]
    kept = [one for one in placed if one is not None]
    compared = [
        found
        for one, other in itertools.combinations(kept, 2)
        if (found := _pair(one, other, least_persons)) is not None
    ]
    return Distances(
        columns=singles,
        pairs_compared=len(compared),
        mean_pair_distance=fmean(one.distance for one in compared) if compared else None,
        mean_association_shift=fmean(abs(one.shift) for one in compared) if compared else None,
        farthest_pairs=tuple(
            sorted(compared, key=lambda one: (-one.distance, one.one, one.other))[:told]
        ),
        most_shifted_pairs=tuple(
            sorted(compared, key=lambda one: (-abs(one.shift), one.one, one.other))[:told]
        ),
    )


@dataclass(frozen=True, eq=False)
class _Categories:
    """A column as categories that both tables share; 0 is not known."""

    name: str
    size: int
    before: Int32s
    released: Int32s


@dataclass(frozen=True, eq=False)
class _Both:
    """One column in both tables.

    Attributes:
        texts: of both.
        before: per text, rows of the originals.
        released: per text, rows that leave.
        before_codes, released_codes: per text of either table, its place in ``texts``.
        measured: its numbers per text; None where it is coded.
    """

    name: str
    texts: tuple[str, ...]
    before: Int64s
    released: Int64s
    before_codes: Int32s
    released_codes: Int32s
    before_column: Coded
    released_column: Coded
    measured: Floats | None

    @classmethod
    def of(
        cls, name: str, released: Table, before: Table, numbers: Collection[str] | None
    ) -> _Both:
        sides = (before.column(name), released.column(name))
        texts = tuple(sorted({text for side in sides for text in side.texts}))
        place = {text: at for at, text in enumerate(texts)}
        codes = [np.array([place[text] for text in side.texts], np.int32) for side in sides]
        is_number = name in numbers if numbers is not None else _looks_measured(before, name, texts)
        measured = None
        if is_number and texts:
            measured = Coded(texts, np.arange(len(texts), dtype=np.int32)).numbers
        counts = [_rows_of(*one, len(texts)) for one in zip(sides, codes, strict=True)]
        return cls(name, texts, counts[0], counts[1], codes[0], codes[1], *sides, measured)

    def categories(self) -> _Categories | None:
        """The column as a few categories; None where all rows have the same one."""
        if self.measured is not None and len(self.texts) > _BANDS:
            order = np.argsort(self.measured, kind="stable")
            mass = np.cumsum((self.before + self.released)[order])
            band = np.minimum((mass - 1) * _BANDS // max(int(mass[-1]), 1), _BANDS - 1)
            category = np.empty(len(self.texts), np.int32)
            category[order] = band
        else:
            rank = np.empty(len(self.texts), np.int32)
            rank[np.argsort(-(self.before + self.released), kind="stable")] = np.arange(
                len(self.texts)
            )
            category = np.minimum(rank, MOST_CATEGORIES - 1)
        sizes = np.bincount(category, weights=self.before) if len(category) else np.zeros(0)
        if (sizes > 0).sum() < 2:
            return None
        sides = []
        for column, codes in (
            (self.before_column, self.before_codes),
            (self.released_column, self.released_codes),
        ):
            found = np.append(category[codes] + 1, 0).astype(np.int32)
            sides.append(found[np.where(column.codes >= 0, column.codes, len(codes))])
        return _Categories(self.name, int(category.max()) + 2, *sides)


def _rows_of(column: Coded, places: Int32s, size: int) -> Int64s:
    """Rows per text that both tables share."""
    rows = np.bincount(column.codes[column.codes >= 0], minlength=len(column.texts))
    found: Int64s = np.bincount(places, weights=rows, minlength=size).astype(np.int64)
    return found


def _single(both: _Both, missing: Collection[str], least_persons: int) -> ColumnDistance:
    rows = [len(side.codes) for side in (both.before_column, both.released_column)]
    kinds = np.array([text in missing for text in both.texts], bool)
    absent = [
        int((side.codes == NONE).sum()) + int(counts[kinds].sum())
        for side, counts in (
            (both.before_column, both.before),
            (both.released_column, both.released),
        )
    ]
    before, released = both.before * ~kinds, both.released * ~kinds
    known = min(int(before.sum()), int(released.sum()))
    distance = largest = moved = in_deviations = None
    if known >= max(least_persons, 1):
        shares = before / before.sum(), released / released.sum()
        distance = float(np.abs(shares[0] - shares[1]).sum() / 2)
        if both.measured is not None:
            largest, moved, in_deviations = _of_numbers(both.measured, *shares)
    return ColumnDistance(
        name=both.name,
        distance=distance,
        largest_gap=largest,
        mean_move=moved,
        mean_move_in_deviations=in_deviations,
        missing_before=absent[0] / rows[0] if rows[0] else 0.0,
        missing_after=absent[1] / rows[1] if rows[1] else 0.0,
        suppressed=int((both.released_column.codes == GONE).sum()) / rows[1] if rows[1] else 0.0,
    )


def _of_numbers(
    numbers: Floats, before: Floats, released: Floats
) -> tuple[float, float, float | None]:
    """Kolmogorov-Smirnov's distance, Wasserstein's, and that in standard deviations."""
    order = np.argsort(numbers, kind="stable")
    values = numbers[order]
    gap = np.abs(np.cumsum(before[order] - released[order]))
    moved = float((gap[:-1] * np.diff(values)).sum())
    mean = float((before * numbers).sum())
    deviation = float(np.sqrt((before * (numbers - mean) ** 2).sum()))
    return float(gap.max()), moved, moved / deviation if deviation > 0 else None


def _pair(one: _Categories, other: _Categories, least_persons: int) -> PairDistance | None:
    tables = [_table(one, other, side) for side in ("before", "released")]
    totals = [int(table.sum()) for table in tables]
    if min(totals) < max(least_persons, 1):
        return None
    apart = np.abs(tables[0] / totals[0] - tables[1] / totals[1]).sum() / 2
    association = [_cramers_v(table, total) for table, total in zip(tables, totals, strict=True)]
    return PairDistance(one.name, other.name, float(apart), *association)


def _table(one: _Categories, other: _Categories, side: str) -> Int64s:
    """Rows of every two values, both known."""
    codes = getattr(one, side) * np.int32(other.size) + getattr(other, side)
    counts = np.bincount(codes, minlength=one.size * other.size)
    return counts.reshape(one.size, other.size)[1:, 1:]


def _cramers_v(table: Int64s, total: int) -> float:
    """0 where the one tells nothing of the other, 1 where it tells all; 0 for a single value."""
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    table = table[rows > 0][:, columns > 0]
    smaller = min(table.shape) - 1
    if smaller < 1:
        return 0.0
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / total
    squares = float((table**2 / expected).sum())
    return float(np.sqrt(max(squares / total - 1, 0.0) / smaller).clip(0, 1))


def _looks_measured(before: Table, name: str, texts: Sequence[str]) -> bool:
    dtype = before.frame.schema[name]
    return (
        dtype.is_numeric()
        and dtype != pl.Boolean
        and before.level(name) == 0
        and len(texts) > _CODES
    )
