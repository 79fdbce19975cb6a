"""Alone: how many persons a combination of cells tells from all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]

_NEAR: Final = 1000


@dataclass(frozen=True)
class Alone:
    """Who is alone with what their rows say.

    Attributes:
        persons: who has a row that was looked at.
        alone: of them, those with a row like which nobody else has one.
        combinations: different ones.
    """

    persons: int
    alone: int
    combinations: int

    @property
    def share(self) -> float:
        """Share (0-1) of the persons who are alone; 0 of nobody."""
        return self.alone / self.persons if self.persons else 0.0


def codes_of(cells: pl.Series) -> Int64s:
    """Numbers from 0 for the values of a column, in their order; a missing one comes first.

    Whole numbers that lie near each other keep their distances, so that some codes may stand for
    nothing.
    """
    if cells.dtype.is_integer() and cells.len():
        low, high = cells.min(), cells.max()
        if not isinstance(low, int) or not isinstance(high, int):  # all are missing
            return np.zeros(cells.len(), np.int64)
        if high - low <= _NEAR:
            near: Int64s = (cells.cast(pl.Int64) - low + 1).fill_null(0).to_numpy()
            return near
    table = pl.DataFrame({"value": cells})
    distinct = table.unique().sort("value").with_row_index("code")
    placed = table.join(distinct, on="value", how="left", nulls_equal=True, maintain_order="left")
    return placed["code"].cast(pl.Int64).to_numpy()


def key_of(columns: Sequence[Int64s]) -> Int64s:
    """One number per combination of codes, renumbered whenever it would grow too large.

    Args:
        columns: one at least, of one length.
    """
    key = columns[0]
    size = int(key.max(initial=0)) + 1
    for codes in columns[1:]:
        width = int(codes.max(initial=0)) + 1
        if size > np.iinfo(np.int64).max // width:
            key = codes_of(pl.Series(key))
            size = int(key.max(initial=0)) + 1
        key = key * width + codes
        size *= width
    return key


def alone(key: Int64s, persons: Int64s, *, among: Bools | None = None) -> Alone:
    """Count the persons with a row like which nobody else has one.

    Args:
        key: int64, per row, what it says.
        persons: int64, per row, who.
        among: per row, whether it is looked at; all are if left out.
    """
    table = pl.DataFrame({"key": key, "person": persons})
    if among is not None:
        table = table.filter(pl.Series(among))
    groups = table.group_by("key").agg(first=pl.col("person").min(), last=pl.col("person").max())
    single = groups.filter(pl.col("first") == pl.col("last"))
    return Alone(table["person"].n_unique(), single["first"].n_unique(), groups.height)
