"""Agreeing: who fits a row when a missing or suppressed cell may be anything.

Two combinations agree when they are equal in all columns that both know. Combinations that lack
the same columns have one pattern. Two patterns are compared at once, by the columns that both
know; the combinations of a pattern that few have are compared with everybody, one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.frequencies import FrequencyTable
from hsr_privacy.frequencies.counting import unique

Bools = NDArray[np.bool_]
Int64s = NDArray[np.int64]
_Whole = TypeVar("_Whole", np.int32, np.int64)

_TO_ONE: Final = 12_000
"""Combinations that are compared with one in the time that it takes to begin with it."""
_TO_PATTERN: Final = 3 * _TO_ONE
"""The same for two patterns."""
_HEAVY: Final = 8
"""Classes of a person from which on all are compared with everybody."""


@dataclass(frozen=True, eq=False)
class Agreement:
    """Which base classes of a frequency table agree with each other.

    Attributes:
        table: the frequency table.
        wild: bool, shape (classes, columns): cells that may be anything.
    """

    table: FrequencyTable
    wild: Bools = field(repr=False)

    @property
    def persons(self) -> Int64s:
        """int64, distinct persons who agree with each class, its own among them."""
        return self.counted_once(self.sums(self.table.persons[:, None])[:, 0])

    def sums(self, weights: NDArray[_Whole]) -> NDArray[_Whole]:
        """Per class, the sums over all classes that agree with it, itself among them.

        Args:
            weights: shape (classes, any).
        """
        found = np.zeros_like(weights)
        few = [rows for rows in self._members if self._is_rare(len(rows))]
        many = [place for place, rows in enumerate(self._members) if not self._is_rare(len(rows))]
        is_rare = np.zeros(self.table.classes, bool)
        for rows in few:
            is_rare[rows] = True
        for one in np.flatnonzero(is_rare).tolist():
            agree = np.flatnonzero(self.agree(None, one))
            found[one] = weights[agree].sum(axis=0)
            found[agree[~is_rare[agree]]] += weights[one]
        for n, mine in enumerate(many):
            self._add_own(mine, weights, found)
            for other in many[n + 1 :]:
                self._add_both(mine, other, weights, found)
        return found

    def agree(self, some: Int64s | None, one: int) -> Bools:
        """Whether each of some classes, or of all, agrees with one."""
        packed, known = self.table.packed, self._known
        if some is not None:
            packed, known = packed[some], known[some]
        differs = (packed ^ self.table.packed[one]) & known & self._known[one]
        equal: Bools = differs[:, 0] == 0 if differs.shape[1] == 1 else ~differs.any(axis=1)
        return equal

    @cached_property
    def _grouped(self) -> tuple[Bools, Int64s]:
        """The patterns, and which of them each class has."""
        columns = self.wild.shape[1]
        words = np.zeros((len(self.wild), (columns + 61) // 62), np.int64)
        for place in range(columns):
            words[:, place // 62] |= self.wild[:, place].astype(np.int64) << (place % 62)
        distinct, pattern = unique(words)
        patterns = [distinct[:, place // 62] >> (place % 62) & 1 for place in range(columns)]
        return np.stack(patterns, axis=1).astype(bool), pattern

    @cached_property
    def _members(self) -> list[Int64s]:
        """Per pattern, its classes."""
        patterns, pattern = self._grouped
        order = np.argsort(pattern, kind="stable")
        return np.split(order, np.cumsum(np.bincount(pattern, minlength=len(patterns)))[:-1])

    @cached_property
    def _fields(self) -> Int64s:
        """int64, shape (patterns, words): the bits of the columns that a pattern knows."""
        patterns, _ = self._grouped
        packing = self.table.packing
        bits = np.zeros((patterns.shape[1], packing.words), np.int64)
        ones = ((np.int64(1) << packing.bits) - 1) << packing.shift
        bits[np.arange(len(ones)), packing.word] = ones
        known: Int64s = (~patterns).astype(np.int64) @ bits
        return known

    @cached_property
    def _known(self) -> Int64s:
        """int64, shape (classes, words): the bits of the columns that each class knows."""
        return self._fields[self._grouped[1]]

    def _is_rare(self, size: int) -> bool:
        """Whether comparing so many combinations one by one is faster than pattern by pattern."""
        return size * (_TO_ONE + self.table.classes) < _TO_PATTERN * len(self._members)

    def _add_own(self, mine: int, weights: NDArray[_Whole], found: NDArray[_Whole]) -> None:
        """Add up who agree within a pattern."""
        rows = self._members[mine]
        group, groups = _grouped(self.table.packed[rows] & self._fields[mine])
        if groups < len(rows):
            found[rows] += _added(weights[rows], group, groups)[group]
        else:  # nobody but themselves, as where nothing is missing
            found[rows] += weights[rows]

    def _add_both(
        self, mine: int, other: int, weights: NDArray[_Whole], found: NDArray[_Whole]
    ) -> None:
        """Add to each of two patterns who agree in the other."""
        common = self._fields[mine] & self._fields[other]
        small, large = sorted((self._members[mine], self._members[other]), key=len)
        keys, sought = self.table.packed[small] & common, self.table.packed[large] & common
        if keys.shape[1] > 1:
            numbers = unique(np.concatenate([keys, sought]))[1][:, None]
            keys, sought = numbers[: len(keys)], numbers[len(keys) :]
        distinct, group = np.unique(keys[:, 0], return_inverse=True)
        group = group.reshape(-1)
        place = np.minimum(np.searchsorted(distinct, sought[:, 0]), len(distinct) - 1)
        hit = np.flatnonzero(distinct[place] == sought[:, 0])
        if not hit.size:
            return
        place = place[hit]
        found[large[hit]] += _added(weights[small], group, len(distinct))[place]
        found[small] += _added(weights[large[hit]], place, len(distinct))[group]

    def counted_once(self, persons: Int64s) -> Int64s:
        """Sums of persons, of whom everybody who agrees by several of their classes counts once.

        Args:
            persons: per class, the persons of all classes that agree with it, added up.
        """
        distinct = persons.copy()
        for classes, others in self._doubles():
            matches = np.zeros(len(others), np.int64)
            for one in classes:
                matches += self.agree(others, one)
            distinct[others] -= np.maximum(matches - 1, 0)
        return distinct

    def _doubles(self) -> Iterator[tuple[list[int], Int64s]]:
        """Persons two of whose classes can agree with a third.

        A third agrees with both if it lacks every column in which the two differ, so its pattern
        tells whether it can.

        Yields:
            The classes of the person, and the classes that can be such a third.
        """
        repeats = self.table.repeats
        if repeats is None:
            return
        starts = np.flatnonzero(np.diff(repeats.person, prepend=-1))
        sizes = np.diff(np.append(starts, len(repeats.person)))
        persons, differing = self._differing(starts, sizes)
        sets, which = np.unique(differing, axis=0, return_inverse=True)
        patterns, _ = self._grouped
        lacking = [np.flatnonzero(~(one & ~patterns).any(axis=1)) for one in sets]
        thirds: dict[int, set[int]] = {}
        for person, place in zip(persons.tolist(), which.reshape(-1).tolist(), strict=True):
            if lacking[place].size:
                thirds.setdefault(person, set()).update(lacking[place].tolist())
        everybody = set(range(len(patterns)))
        thirds.update(dict.fromkeys(np.flatnonzero(sizes > _HEAVY).tolist(), everybody))
        for person, places in thirds.items():
            begin = starts[person]
            classes = repeats.cls[begin : begin + sizes[person]].tolist()
            yield classes, np.concatenate([self._members[place] for place in sorted(places)])

    def _differing(self, starts: Int64s, sizes: Int64s) -> tuple[Int64s, Bools]:
        """Per two classes of a person with few: the person, and the columns in which they differ."""
        assert self.table.repeats is not None
        cls, codes = self.table.repeats.cls, self.table.codes
        owner = np.repeat(np.arange(len(starts)), sizes)
        is_light = (sizes <= _HEAVY)[owner]
        persons, found = [np.zeros(0, np.int64)], [np.zeros((0, codes.shape[1]), bool)]
        for step in range(1, min(_HEAVY, len(cls))):
            left = np.flatnonzero((owner[step:] == owner[:-step]) & is_light[step:])
            one, other = cls[left], cls[left + step]
            persons.append(owner[left])
            found.append((codes[one] != codes[other]) & ~self.wild[one] & ~self.wild[other])
        return np.concatenate(persons), np.concatenate(found)


def _grouped(keys: Int64s) -> tuple[Int64s, int]:
    """Numbers of equal keys, and how many there are."""
    group = unique(keys)[1] if keys.shape[1] > 1 else np.unique(keys, return_inverse=True)[1]
    group = group.reshape(-1)
    return group, int(group.max(initial=-1)) + 1


def _added(weights: NDArray[_Whole], group: Int64s, groups: int) -> NDArray[_Whole]:
    """Sums of weights by group; every group has a row."""
    if weights.shape[1] == 1:
        sums = np.bincount(group, weights=weights[:, 0], minlength=groups)
        return sums.astype(weights.dtype)[:, None]
    order = np.argsort(group, kind="stable")
    found = np.zeros((groups, weights.shape[1]), weights.dtype)
    present, starts = np.unique(group[order], return_index=True)
    found[present] = np.add.reduceat(weights[order], starts, axis=0)
    return found
