"""Ranking: which sets of quasi-identifiers tell persons apart, and what each column adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from hsr_privacy.risk.subsets import Subset, SubsetPass

LISTED: Final = 512
"""Sets that are written to a file; those of fewest columns, and of these the most telling."""


@dataclass(frozen=True)
class ColumnRisk:
    """What one quasi-identifier adds.

    Attributes:
        column: its name.
        alone: what it tells apart by itself.
        gain: by how much the average risk grows with the column, averaged over all sets without it,
            each size counting the same. Over all columns this adds up to the average risk by all of
            them, less that by none.
        unique_gain: the same of the number of persons who are alone in a class.
        risk_without: average risk by all other columns; None where so large sets were not tried.
        unique_without: persons who are alone in a class by all other columns; None likewise.
    """

    column: str
    alone: Subset
    gain: float
    unique_gain: float
    risk_without: float | None
    unique_without: int | None

    def to_json(self) -> dict[str, Any]:
        """As plain numbers and names of columns."""
        return {
            "column": self.column,
            "alone": subset_json(self.alone),
            "gain": self.gain,
            "unique_gain": self.unique_gain,
            "risk_without": self.risk_without,
            "unique_without": self.unique_without,
        }


@dataclass(frozen=True)
class Ranking:
    """All sets of quasi-identifiers, and the columns by what they add.

    Attributes:
        columns: how many columns there are.
        largest: columns of the largest sets that were tried.
        columns_by_gain: the columns, the one that adds most first.
        subsets: every set that was tried, those of fewest columns first, and of equally many the
            one with the highest average risk.
    """

    columns: int
    largest: int
    columns_by_gain: tuple[ColumnRisk, ...]
    subsets: tuple[Subset, ...]

    def to_json(self) -> dict[str, Any]:
        """As plain numbers, lists and names of columns; of the sets, the first 512."""
        return {
            "columns": self.columns,
            "largest": self.largest,
            "tried": len(self.subsets),
            "columns_by_gain": [one.to_json() for one in self.columns_by_gain],
            "subsets": [subset_json(one) for one in self.subsets[:LISTED]],
        }


def rank(done: SubsetPass) -> Ranking:
    """Rank the quasi-identifiers by what they add to the average risk.

    The mean over all sets is the Shapley value of a column, where all sets were tried; otherwise the
    mean over the sizes that were.

    Source: Shapley 1953 (the mean); Motwani & Xu 2007, "Efficient algorithms for masking and finding
    quasi-identifiers" (distinction and separation).
    """
    whole = (1 << len(done.names)) - 1
    risks = {chosen: one.distinction for chosen, one in done.subsets.items()}
    uniques = {chosen: one.unique for chosen, one in done.subsets.items()}
    risks[0], uniques[0] = 1 / done.persons, int(done.persons == 1)
    gains = zip(_gains(risks, done), _gains(uniques, done), strict=True)
    found = []
    for place, (gain, unique_gain) in enumerate(gains):
        rest = whole & ~(1 << place)
        found.append(
            ColumnRisk(
                done.names[place],
                done.subsets[1 << place],
                gain,
                unique_gain,
                risks.get(rest),
                uniques.get(rest),
            )
        )
    return Ranking(
        len(done.names),
        done.largest,
        tuple(sorted(found, key=lambda one: -one.gain)),
        tuple(sorted(done.subsets.values(), key=lambda one: (len(one.columns), -one.distinction))),
    )


def subset_json(one: Subset) -> dict[str, Any]:
    """A set as plain numbers and names of columns."""
    return {
        "columns": list(one.columns),
        "classes": one.classes,
        "distinction": one.distinction,
        "separation": one.separation,
        "k": one.k,
        "unique": one.unique,
    }


def _gains(values: Mapping[int, float], done: SubsetPass) -> list[float]:
    """Per column, the mean over the sizes of the mean growth by it over all sets of that size."""
    columns = len(done.names)
    sums = np.zeros((columns, done.largest))
    counts = np.zeros((columns, done.largest))
    for chosen, value in values.items():
        size = chosen.bit_count()
        for place in range(columns):
            if chosen >> place & 1:
                sums[place, size - 1] += value - values[chosen & ~(1 << place)]
                counts[place, size - 1] += 1
    means: list[float] = (sums / counts).mean(axis=1).tolist()
    return means
