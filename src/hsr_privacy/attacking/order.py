"""Order: whether the place of a row in the release tells of what it was made from."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.errors import DataError

Floats = NDArray[np.float64]

LARGEST_RHO: Final = 0.02
"""Correlation that is let pass however sure it is."""
_SURE: Final = 3.0
"""Standard deviations; one sound column in 370 lies beyond."""


@dataclass(frozen=True)
class Trend:
    """How one original column goes with the row number.

    Attributes:
        column: its name.
        rho: Spearman's rank correlation, -1 to 1; None where all values are the same.
        flagged: whether the place of a row tells of its value.
    """

    column: str
    rho: float | None
    flagged: bool


@dataclass(frozen=True)
class Order:
    """What the order of a release tells.

    Attributes:
        rows: of the release.
        by_content: whether the rows are sorted by all that they say, from the first column to the
            last. Their order then follows from the release, and tells nothing beyond it.
        columns: every original column.
    """

    rows: int
    by_content: bool
    columns: tuple[Trend, ...]

    @property
    def flagged(self) -> tuple[str, ...]:
        """The columns of which the order tells."""
        return tuple(one.column for one in self.columns if one.flagged)

    def to_json(self) -> dict[str, Any]:
        """The result as plain numbers and names of columns."""
        return {"flagged": list(self.flagged), **asdict(self)}


def order(released: pl.DataFrame, originals: pl.DataFrame) -> Order:
    """Correlate the row number of a release with what its rows were made from.

    A column is flagged if its correlation is beyond 0.02 and beyond three standard deviations of
    what a shuffled release shows (1/sqrt(rows - 1)), unless the rows are sorted by all that they
    say. Then the file is the same for every order of the input: rows that say the same cannot be
    told apart, and the correlation is one that the released values show anyway.

    Text is ranked by its letters and a missing value before all others, so that a column whose
    values have no order can hide a trend from this.

    Args:
        released: the rows as they leave.
        originals: row by row, what the released row was made from; with a column of the original
            row number, such as ``with_row_index`` gives, to see whether the input's order is left.

    Raises:
        DataError: the two differ in length.

    Source: Spearman 1904, doi:10.2307/1412159.
    """
    rows = released.height
    if originals.height != rows:
        raise DataError(
            f"the release has {rows} rows and the originals have {originals.height}; give the "
            "original of every released row"
        )
    by_content = _ascending(released)
    number = np.arange(rows, dtype=np.float64)
    trends = []
    for column in originals.columns:
        rho = _correlation(number, _ranks(originals[column]))
        told = rho is not None and abs(rho) > max(LARGEST_RHO, _SURE / math.sqrt(rows - 1))
        trends.append(Trend(column, rho, told and not by_content))
    return Order(rows, by_content, tuple(trends))


def _ascending(rows: pl.DataFrame) -> bool:
    """Whether the rows are sorted as a frame sorts them: by column after column, missing first."""
    equal = pl.Series([True]).new_from_index(0, max(rows.height - 1, 0))
    for column in rows.columns:
        before, after = rows[column][:-1], rows[column][1:]
        falls = (after < before).fill_null(value=False)
        falls |= after.is_null() & before.is_not_null()
        if (equal & falls).any():
            return False
        equal &= after.eq_missing(before)
    return True


def _ranks(values: pl.Series) -> Floats:
    """Ranks, equal values sharing theirs, a missing value before all others."""
    counts = pl.DataFrame({"value": values}).group_by("value").len().sort("value")
    ranks = counts.select("value", rank=pl.col("len").cum_sum() - (pl.col("len") - 1) / 2)
    placed = pl.DataFrame({"value": values}).join(
        ranks, on="value", how="left", nulls_equal=True, maintain_order="left"
    )
    return placed["rank"].to_numpy()


def _correlation(left: Floats, right: Floats) -> float | None:
    if len(left) < 2 or right.min() == right.max():
        return None
    left, right = left - left.mean(), right - right.mean()
    return float((left * right).sum() / math.sqrt((left**2).sum() * (right**2).sum()))
