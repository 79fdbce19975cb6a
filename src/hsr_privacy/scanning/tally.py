"""Counts of what was found in one part of a file, with the first places."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np

from hsr_privacy.scanning.blocks import Hits, Int64s

SHOWN: Final = 10
"""How many places of one kind in one part are told, unless more are asked for."""

Sort: TypeAlias = tuple[str, str | None, str]
"""Kind, tier, and name of the needle."""


@dataclass
class _Count:
    count: int = 0
    numbers: list[Int64s] = field(default_factory=list)
    kept: int = 0


class Tallies:
    """What was found so far, by kind and tier; holds counts and row numbers only."""

    def __init__(self, shown: int | None) -> None:
        """Begin with nothing.

        Args:
            shown: how many places are kept of each; all if None.
        """
        self._shown = shown
        self._counts: dict[Sort, _Count] = {}

    @property
    def count(self) -> int:
        """How much was found in all."""
        return sum(one.count for one in self._counts.values())

    def add(self, hits: Hits, numbers: Int64s) -> None:
        """Add what was found, with the numbers of its rows."""
        self._add((hits.kind, hits.tier, hits.about), len(numbers), numbers)

    def merge(self, other: Tallies) -> None:
        """Add all of another."""
        for sort, one in other._counts.items():
            for numbers in one.numbers:
                self._add(sort, 0, numbers)
            self._counts[sort].count += one.count

    def holds(self, kind: str) -> bool:
        """Whether anything of this kind was found."""
        return any(sort[0] == kind for sort in self._counts)

    def only(self, kind: str) -> Tallies:
        """What was found of one kind."""
        some = Tallies(self._shown)
        some._counts = {sort: one for sort, one in self._counts.items() if sort[0] == kind}
        return some

    def items(self) -> list[tuple[Sort, int, tuple[int, ...]]]:
        """Each kind and tier with its count and its first places, every row once."""
        found = []
        for sort in sorted(self._counts, key=lambda sort: (sort[1] or "Z", sort[0], sort[2])):
            one = self._counts[sort]
            numbers = np.unique(np.concatenate([*one.numbers, np.empty(0, np.int64)]))
            found.append((sort, one.count, tuple(numbers[: self._shown].tolist())))
        return found

    def _add(self, sort: Sort, count: int, numbers: Int64s) -> None:
        one = self._counts.setdefault(sort, _Count())
        one.count += count
        if self._shown is None or one.kept < self._shown:
            kept = np.unique(numbers)[: self._shown]
            one.numbers.append(kept)
            one.kept += len(kept)
