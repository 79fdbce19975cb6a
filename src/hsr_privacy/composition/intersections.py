"""Intersections: candidates and sensitive values that are left when releases are held together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from hsr_privacy.composition.candidates import candidate_counts
from hsr_privacy.composition.holding import Held
from hsr_privacy.composition.numbering import numbered
from hsr_privacy.composition.remaining import one_value
from hsr_privacy.composition.sketch import Int64s


@dataclass(frozen=True)
class Intersection:
    """What is left for those who stand in the new release and in an earlier one.

    Attributes:
        persons: how many these are.
        minimum: the smallest candidate set; None where there is no such person.
        quartiles: of the sizes of the candidate sets, three of them; empty where there is nobody.
        below_k: persons with fewer than k candidates.
        below_k_by_composition: those of them who have at least k in each release by itself.
        one_value: per sensitive column, persons to whom one value is left.
        one_value_by_composition: those of them who have several in each release by itself.
    """

    persons: int
    minimum: int | None
    quartiles: tuple[int, ...]
    below_k: int
    below_k_by_composition: int
    one_value: Mapping[str, int] = field(default_factory=dict)
    one_value_by_composition: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain numbers, None where there is nobody."""
        return {
            "persons": self.persons,
            "minimum": self.minimum,
            "quartiles": list(self.quartiles),
            "below_k": self.below_k,
            "below_k_by_composition": self.below_k_by_composition,
            "one_value": dict(self.one_value),
            "one_value_by_composition": dict(self.one_value_by_composition),
        }


def intersection(new: Held, earlier: Sequence[Held], *, k: int) -> Intersection:
    """Count the candidates of everybody who is in the new release and an earlier one.

    Args:
        new: the release that is to leave.
        earlier: all that the attacker holds besides.
        k: fewer candidates than this are too few.
    """
    known = np.zeros(new.sketch.persons, np.bool_)
    least = new.alone.copy()
    for one in earlier:
        here = one.place >= 0
        known |= here
        least[here] = np.minimum(least[here], one.alone[one.place[here]])
    together, least = candidate_sizes(new, earlier)[known], least[known]
    if not together.size:
        return Intersection(0, None, (), 0, 0)
    ones, by_composition = one_value(new, earlier)
    quartiles = np.quantile(together, (0.25, 0.5, 0.75), method="inverted_cdf")
    return Intersection(
        persons=together.size,
        minimum=int(together.min()),
        quartiles=tuple(int(size) for size in quartiles),
        below_k=int((together < k).sum()),
        below_k_by_composition=int(((together < k) & (least >= k)).sum()),
        one_value=ones,
        one_value_by_composition=by_composition,
    )


def candidate_sizes(new: Held, earlier: Sequence[Held]) -> Int64s:
    """Per person of the new release, the size of its candidate set in all releases that it is in."""
    held = (new, *earlier)
    sizes = new.alone.copy()
    for releases, persons in _patterns(held):
        pool = np.flatnonzero(np.all([held[r].place >= 0 for r in releases], axis=0))
        counts = candidate_counts([held[r].sets.of_others(held[r].place[pool]) for r in releases])
        sizes[persons] = counts[np.searchsorted(pool, persons)]
    return sizes


def _patterns(held: Sequence[Held]) -> Iterator[tuple[list[int], Int64s]]:
    """Every set of two or more releases that somebody is in, and who is in just these."""
    present = [one.place >= 0 for one in held]
    number = numbered(pl.DataFrame({str(r): one for r, one in enumerate(present)}))
    order = np.argsort(number, kind="stable")
    for persons in np.split(order, np.cumsum(np.bincount(number))[:-1]) if number.size else []:
        releases = [r for r, one in enumerate(present) if one[persons[0]]]
        if len(releases) > 1:
            yield releases, persons
