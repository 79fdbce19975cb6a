"""Fidelity: how like the original a set is, column by column and pair by pair, by SDMetrics.

Source: SDMetrics (MIT): Kolmogorov-Smirnov and total-variation complements, correlation and
contingency similarity; 1 is alike, 0 has nothing in common.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any, Final

import numpy as np
import polars as pl

from hsr_privacy.extras import require

MOST_PAIRS: Final = 500
"""Pairs of columns that are compared at most, drawn by the seed."""

_BINS: Final = 10


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


def compare(
    real: pl.DataFrame, synthetic: pl.DataFrame, *, names: Sequence[str], seed: int
) -> Fidelity:
    """Compare two tables of texts and decimals.

    Args:
        real: rows of the original.
        synthetic: rows of the set.
        names: columns to compare.
        seed: draws the pairs where there are too many.

    Raises:
        MissingExtra: SDV, which brings SDMetrics, is not installed.
    """
    require("sdv")
    single = require_metrics("sdmetrics.single_column")
    pairwise = require_metrics("sdmetrics.column_pairs")
    left, right = real.select(names).to_pandas(), synthetic.select(names).to_pandas()
    numbers = {n for n in names if real.schema[n].is_numeric()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scores = {
            name: float(
                (single.KSComplement if name in numbers else single.TVComplement).compute(
                    left[name], right[name]
                )
            )
            for name in names
        }
        binned_left, binned_right = _binned(left, right, numbers)
        pairs = list(itertools.combinations(names, 2))
        if len(pairs) > MOST_PAIRS:
            chosen = np.random.default_rng(seed).choice(len(pairs), MOST_PAIRS, replace=False)
            pairs = [pairs[n] for n in sorted(chosen)]
        compared = [
            (
                one,
                other,
                float(
                    pairwise.ContingencySimilarity.compute(
                        binned_left[[one, other]], binned_right[[one, other]]
                    )
                ),
            )
            for one, other in pairs
        ]
    told = [pair for pair in compared if not np.isnan(pair[2])]
    return Fidelity(
        columns={name: score for name, score in scores.items() if not np.isnan(score)},
        pairs=fmean(pair[2] for pair in told) if told else None,
        pairs_compared=len(told),
        worst_pairs=tuple(sorted(told, key=lambda pair: pair[2])[:5]),
    )


def require_metrics(module: str) -> Any:
    """A module of SDMetrics, which SDV brings."""
    require("sdv")
    import importlib

    return importlib.import_module(module)


def _binned(left: Any, right: Any, numbers: set[str]) -> tuple[Any, Any]:
    """Numbers in tenths of the original, as texts."""
    left, right = left.copy(), right.copy()
    for name in numbers:
        edges = np.unique(np.quantile(left[name], np.linspace(0, 1, _BINS + 1)[1:-1]))
        for table in (left, right):
            table[name] = np.digitize(table[name], edges).astype(str)
    return left, right
