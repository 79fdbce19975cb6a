"""Subsets: one pass over all sets of quasi-identifiers, from which several measures are read.

Each set refines the classes of the set without its last column. A class that holds a single
combination of all quasi-identifiers can never be refined, so it leaves the pass with its counts:
most of a table that tells much apart has left after three or four columns.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.frequencies import FrequencyTable

Bools = NDArray[np.bool_]
Bytes = NDArray[np.uint8]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

MOST_SUBSETS: Final = 4_096
"""Sets that a pass goes through at most; twelve columns have as many."""
MOST_STEPS: Final = 150_000_000
"""Sets times combinations that a pass goes through at most."""
_ADDRESSED: Final = 1 << 22
"""Pairs of class and value up to which they are looked up in a table, not sorted."""


@dataclass(frozen=True)
class Subset:
    """What a set of quasi-identifiers tells apart, in persons.

    A person who stands in several classes counts once in each.

    Attributes:
        columns: the set.
        classes: distinct combinations of its values.
        memberships: persons of each class, added up.
        alike: pairs of persons who share a class.
        k: persons in the smallest class.
        unique: persons who are alone in a class.
    """

    columns: tuple[str, ...]
    classes: int
    memberships: int
    alike: int
    k: int
    unique: int

    @property
    def distinction(self) -> float:
        """Classes per person, up to 1: how nearly the set is a key."""
        return self.classes / self.memberships

    @property
    def separation(self) -> float:
        """Share of all pairs of persons whom the set tells apart, 0 to 1; 1 where there is no pair."""
        pairs = self.memberships * (self.memberships - 1) // 2
        return 1 - self.alike / pairs if pairs else 1.0


@dataclass(frozen=True, eq=False)
class SubsetPass:
    """What one pass over the subsets found.

    Attributes:
        names: of all quasi-identifiers.
        persons: distinct persons of the table.
        largest: columns of the largest sets that it went through; fewer than there are where all
            sets would be too many.
        subsets: by the set as a number, whose bits are the places of the columns.
        candidates: int64, the base classes that hold one person: who can be unique somewhere.
        alone: by the set as a number, one bit per candidate: whether the person is alone there.
    """

    names: tuple[str, ...]
    persons: int
    largest: int
    subsets: dict[int, Subset]
    candidates: Int64s = field(repr=False)
    alone: dict[int, Bytes] = field(repr=False)

    def minimal(self) -> Iterator[tuple[int, Bytes]]:
        """Per set, the candidates who are alone there and in no smaller set: minimal sample uniques.

        Yields:
            The set as a number, and one bit per candidate.
        """
        for chosen, bits in self.alone.items():
            less = np.zeros_like(bits)
            for place in _places(chosen):
                smaller = chosen & ~(1 << place)
                if smaller:
                    less |= self.alone[smaller]
            yield chosen, bits & ~less


def pass_over(table: FrequencyTable) -> SubsetPass:
    """Go through the sets of the quasi-identifiers of a table, of every size that is affordable.

    Args:
        table: with at least one class.

    Source: Haglin, Manning 2007, "On minimal infrequent itemset mining" (what SUDA2 searches);
    Motwani, Xu 2007, "Efficient algorithms for masking and finding quasi-identifiers".
    """
    codes = np.ascontiguousarray(table.codes.T)
    sizes = [int(one.max(initial=0)) + 1 for one in codes]
    # Columns of many values first: their classes are small and leave the pass early.
    order = sorted(range(len(codes)), key=lambda place: -sizes[place])
    done = SubsetPass(
        table.names,
        table.count_persons(np.ones(table.classes, bool)),
        affordable(len(codes), table.classes),
        {},
        np.flatnonzero(table.persons == 1),
        {},
    )
    walk = _Walk(table, codes, sizes, order, done)
    walk.below(_Node.top(table, len(done.candidates)))
    return done


def affordable(columns: int, classes: int) -> int:
    """The largest size of sets with which a pass stays affordable; at least 1."""
    most = min(MOST_SUBSETS, MOST_STEPS // max(classes, 1))
    size, sets = 1, columns
    while size < columns and sets + math.comb(columns, size + 1) <= most:
        size += 1
        sets += math.comb(columns, size)
    return size


@dataclass(frozen=True, eq=False)
class _Node:
    """A set, and where the pass stands with it.

    Attributes:
        chosen: the set as a number.
        size: its columns.
        at: base classes that are still in the pass.
        group: of each, its class under the set; numbered without gaps.
        groups: how many.
        person, cls: pairs of person and base class still in the pass, of persons in several; ``cls``
            counts within ``at``.
        closed: classes, memberships, alike pairs and unique persons that have left, and k.
        alone: per candidate, whether the person is alone in a class.
    """

    chosen: int
    size: int
    at: Int32s
    group: Int32s
    groups: int
    person: Int32s
    cls: Int32s
    closed: tuple[int, int, int, int, int]
    alone: Bools

    @classmethod
    def top(cls, table: FrequencyTable, candidates: int) -> _Node:
        """The empty set: all in one class."""
        nobody = np.empty(0, np.int32)
        repeats = table.repeats
        return cls(
            0,
            0,
            np.arange(table.classes, dtype=np.int32),
            np.zeros(table.classes, np.int32),
            1,
            nobody if repeats is None else repeats.person,
            nobody if repeats is None else repeats.cls,
            (0, 0, 0, 0, np.iinfo(np.int64).max),
            np.zeros(candidates, bool),
        )


class _Walk:
    """Depth first through the sets, each column after those before it in the order."""

    def __init__(
        self,
        table: FrequencyTable,
        codes: Int32s,
        sizes: list[int],
        order: list[int],
        done: SubsetPass,
    ) -> None:
        self.table, self.codes, self.sizes, self.order, self.done = table, codes, sizes, order, done
        self.heads = np.empty(_ADDRESSED, np.int32)
        self.candidate_of = np.full(table.classes, -1, np.int32)
        self.candidate_of[done.candidates] = np.arange(len(done.candidates), dtype=np.int32)

    def below(self, node: _Node, first: int = 0) -> None:
        """All sets that add columns to a set, from a place of the order on."""
        if node.size == self.done.largest:
            return
        for place in range(first, len(self.order)):
            self.below(self.refined(node, self.order[place]), place + 1)

    def refined(self, node: _Node, column: int) -> _Node:
        """The set with one column more; what it tells apart is noted."""
        group, groups = self._split(node, column)
        persons = np.bincount(group, weights=self.table.persons[node.at], minlength=groups)
        persons = persons.astype(np.int64)
        if node.cls.size:  # who stands in several combinations of a class is one person of it
            pairs = group[node.cls]
            distinct = np.unique(node.person.astype(np.int64) * groups + pairs) % groups
            persons -= np.bincount(pairs, minlength=groups)
            persons += np.bincount(distinct, minlength=groups)
        members = np.bincount(group, minlength=groups)
        single, whole = persons == 1, members == 1
        alone = node.alone
        if single.any():
            alone = alone.copy()
            alone[self.candidate_of[node.at[single[group]]]] = True
        chosen = node.chosen | 1 << column
        self._note(chosen, node.closed, persons, alone)
        stays = ~whole[group]
        number = np.cumsum(~whole, dtype=np.int32) - np.int32(1)
        place = np.cumsum(stays, dtype=np.int32) - np.int32(1)
        kept = stays[node.cls]
        return _Node(
            chosen,
            node.size + 1,
            node.at[stays],
            number[group[stays]],
            int(number[-1]) + 1 if groups else 0,
            node.person[kept],
            place[node.cls[kept]],
            _together(node.closed, persons[whole]),
            alone,
        )

    def _split(self, node: _Node, column: int) -> tuple[Int32s, int]:
        """The classes of a set with one column more, numbered as they are met."""
        key = node.group.astype(np.int64) * self.sizes[column] + self.codes[column][node.at]
        if node.groups * self.sizes[column] > _ADDRESSED:
            group = np.unique(key, return_inverse=True)[1].reshape(-1).astype(np.int32)
            return group, int(group.max(initial=-1)) + 1
        numbers = np.arange(len(key), dtype=np.int32)
        self.heads[key[::-1]] = numbers[::-1]  # of equals, the first one stays
        head = self.heads[key]
        number = np.cumsum(head == numbers, dtype=np.int32) - np.int32(1)
        return number[head], int(number[-1]) + 1 if len(number) else 0

    def _note(
        self, chosen: int, closed: tuple[int, int, int, int, int], persons: Int64s, alone: Bools
    ) -> None:
        classes, memberships, alike, unique, k = _together(closed, persons)
        names = tuple(self.done.names[place] for place in _places(chosen))
        self.done.subsets[chosen] = Subset(names, classes, memberships, alike, k, unique)
        self.done.alone[chosen] = np.packbits(alone)


def _together(
    closed: tuple[int, int, int, int, int], persons: Int64s
) -> tuple[int, int, int, int, int]:
    """The counts of classes that have left, and of some more."""
    classes, memberships, alike, unique, k = closed
    return (
        classes + len(persons),
        memberships + int(persons.sum()),
        alike + int((persons * (persons - 1)).sum()) // 2,
        unique + int((persons == 1).sum()),
        min(k, int(persons.min(initial=k))),
    )


def _places(chosen: int) -> list[int]:
    """The columns of a set that is a number."""
    return [place for place in range(chosen.bit_length()) if chosen >> place & 1]
