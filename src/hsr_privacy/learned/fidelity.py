"""Fidelity: how like the original a set is, column by column and pair by pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

import numpy as np
import polars as pl

from hsr_privacy.utility.coding import Table
from hsr_privacy.utility.distances import distances

_WORST: Final = 5


@dataclass(frozen=True)
class Fidelity:
    """How like the original a set is, 0-1.

    Attributes:
        columns: per column.
        pairs: mean over the pairs that were compared.
        pairs_compared: how many.
        worst_pairs: names and score of the least alike.
    """

    columns: dict[str, float]
    pairs: float | None
    pairs_compared: int
    worst_pairs: tuple[tuple[str, str, float], ...]

    @property
    def mean(self) -> float:
        """Mean over the columns."""
        return fmean(self.columns.values())


def compare(real: pl.DataFrame, synthetic: pl.DataFrame, *, names: Sequence[str]) -> Fidelity:
    """Compare two tables of texts and decimals; 1 is alike, 0 has nothing in common.

    A score is 1 less a distance: Kolmogorov-Smirnov's of numbers, and total variation of texts and
    of pairs, in which numbers are taken in bands.

    Args:
        real: rows of the original.
        synthetic: rows of the set.
        names: columns to compare.
    """
    tables = [
        Table(frame, {}, {}, np.arange(frame.height, dtype=np.int32)) for frame in (synthetic, real)
    ]
    found = distances(
        *tables,
        columns=names,
        numbers=[name for name in names if real.schema[name].is_numeric()],
        missing=(),
        least_persons=1,
        told=_WORST,
    )
    scores = {
        one.name: 1 - (one.distance if one.largest_gap is None else one.largest_gap)
        for one in found.columns
        if one.distance is not None
    }
    apart = found.mean_pair_distance
    return Fidelity(
        columns=scores,
        pairs=None if apart is None else 1 - apart,
        pairs_compared=found.pairs_compared,
        worst_pairs=tuple((one.one, one.other, 1 - one.distance) for one in found.farthest_pairs),
    )
