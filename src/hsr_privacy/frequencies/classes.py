"""Equivalence classes: the classes of a frequency table, merged by a generalization."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.frequencies.histograms import ClassHistograms
from hsr_privacy.frequencies.kernels import (
    CHUNK_BITS,
    count_distinct,
    merge_histograms,
    roll_up,
)
from hsr_privacy.frequencies.table import FrequencyTable

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]
_Kind = TypeVar("_Kind", bound=np.generic)

KEY_SPACE: Final = 2**62
"""Keys stay below this; a wider combination is numbered densely in steps."""
_ADDRESSED_PER_CLASS: Final = 8
_ADDRESSED_AT_LEAST: Final = 4096
_SLOTS: Final = 65_536
_TILE: Final = 2_048
_NO_KEYS: Final = np.empty(0, np.int64)


@dataclass(frozen=True, eq=False)
class Labels:
    """What a generalization calls every leaf of every column.

    Attributes:
        flat: int32, labels of the leaves of many blocks behind each other.
        starts: int64, per column, where its block starts in ``flat``.
        sizes: int64, per column, the number of its labels; they are numbered from 0.
    """

    flat: Int32s
    starts: Int64s
    sizes: Int64s


@dataclass(frozen=True, eq=False)
class EquivalenceClasses:
    """What a privacy model may ask of the classes under one generalization.

    Attributes:
        table: the frequency table; *base classes* are its classes.
        packed: int64, shape (classes, words): one combination of each class.
        counts: int64, shape (classes, sums): what the table's `counts` hold, added up.
        merged: int32, or smaller after `forget`: per class of ``finer``, its class here; None for the
            base classes themselves.
        finer: the classes that these were merged from; None for the base classes.
        labels: by which they were merged; None for the base classes.
    """

    table: FrequencyTable
    packed: Int64s
    counts: Int64s
    merged: Int32s | None = None
    finer: EquivalenceClasses | None = None
    labels: Labels | None = None

    @classmethod
    def base(cls, table: FrequencyTable) -> EquivalenceClasses:
        """The base classes themselves."""
        return cls(table, table.packed, table.counts)

    @cached_property
    def room(self) -> _Room:
        """Scratch arrays that a chain of merges shares; so no chain is for two threads."""
        return _Room.of(self)

    def __len__(self) -> int:
        """Number of equivalence classes."""
        return len(self.packed)

    def merge(self, labels: Labels) -> EquivalenceClasses:
        """Merge the classes that carry the same labels.

        Keys that would not fit a word are numbered densely after as many columns as fit.
        """
        sizes = labels.sizes.tolist()
        columns = [j for j, size in enumerate(sizes) if size > 1]
        every = self.table.fields
        keys, space, at = _NO_KEYS, 1, 0
        while True:
            taken: list[int] = []
            strides: list[int] = []
            while at < len(columns) and space * sizes[columns[at]] <= KEY_SPACE:
                taken.append(columns[at])
                strides.append(space)
                space *= sizes[columns[at]]
                at += 1
            assert taken or at == len(columns), "a column alone is wider than the key space"
            fields = every.copy()
            fields[:, 3] = labels.starts
            fields[taken, 4] = strides
            merged, count = self._roll_up(keys, space, fields, labels)
            if at == len(columns):
                room = self.room
                packed, counts = room.packed[:count].copy(), room.counts[:count].copy()
                done = EquivalenceClasses(self.table, packed, counts, merged, self, labels)
                done.__dict__["room"] = room
                return done
            keys, space = merged.astype(np.int64), count

    def _roll_up(
        self, keys: Int64s, space: int, fields: Int64s, labels: Labels
    ) -> tuple[Int32s, int]:
        """Per class, the merged class it belongs to, and how many these are; fills the room."""
        size = len(self)
        addressed = max(_ADDRESSED_PER_CLASS * size, _ADDRESSED_AT_LEAST)
        hashed = space > addressed
        slots = min(1 << max(2 * size - 1, 1).bit_length(), _SLOTS) if hashed else space
        table, merged = np.full(slots, -1, np.int32), np.empty(size, np.int32)
        count = roll_up(
            self.packed,
            self.counts,
            keys,
            fields,
            labels.flat,
            hashed,
            table,
            merged,
            *self.room.arrays,
        )
        return merged, count

    def project(self, columns: Sequence[int]) -> EquivalenceClasses:
        """The classes by some of the columns only, merged from these."""
        labels = self.labels or _leaves(self.table)
        sizes = np.ones_like(labels.sizes)
        sizes[list(columns)] = labels.sizes[list(columns)]
        return self.merge(replace(labels, sizes=sizes))

    @property
    def rows(self) -> Int64s:
        """int64, rows of each equivalence class."""
        return self.counts[:, 0]

    def measure(self, name: str) -> Int64s:
        """int64, one of the table's measures, such as the persons of a population.

        Raises:
            KeyError: the table has no such measure.
        """
        first = 2 if self.table.own_persons else 1
        place = {one: n for n, one in enumerate(self.table.measures)}
        return self.counts[:, first + place[name]]

    def spread(self, values: NDArray[_Kind]) -> NDArray[_Kind]:
        """One value per equivalence class as one per base class."""
        at: EquivalenceClasses | None = self
        while at is not None and at.merged is not None:
            values = values[at.merged]
            at = at.finer
        return values

    @cached_property
    def members(self) -> Int32s:
        """int32, per base class, its equivalence class."""
        return self.spread(np.arange(len(self), dtype=np.int32))

    def forget(self) -> None:
        """Drop what can be made again, and hold the rest in few bytes."""
        kept: dict[str, Any] = self.__dict__
        if self.merged is not None:
            kept["merged"] = self.merged.astype(np.min_scalar_type(len(self)))
        for name in ("members", "persons", "_histograms"):
            kept.pop(name, None)

    @cached_property
    def persons(self) -> Int64s:
        """int64, distinct persons of each equivalence class, exact also where persons repeat."""
        return self.persons_of(self.members) if self.table.repeats else self.person_sum

    @property
    def person_sum(self) -> Int64s:
        """int64, persons of the base classes of each class, added up."""
        return self.counts[:, int(self.table.own_persons)]

    def persons_of(self, groups: Int32s, chosen: Bools | None = None) -> Int64s:
        """Count the distinct persons of any grouping of the base classes.

        Args:
            groups: int32, per base class, its group, from 0.
            chosen: per base class, whether it counts; all if left out.
        """
        table = self.table
        size = int(groups.max(initial=-1)) + 1
        weights = table.persons if chosen is None else table.persons * chosen
        persons = np.bincount(groups, weights=weights, minlength=size).astype(np.int64)
        if table.repeats is None:
            return persons
        cls, person = table.repeats.cls, table.repeats.person
        if chosen is not None:
            taking_part = chosen[cls]
            cls, person = cls[taking_part], person[taking_part]
        repeated = np.bincount(groups[cls], minlength=size)
        distinct: Int64s = persons - repeated + count_distinct(cls, person, groups, size)
        return distinct

    @cached_property
    def _histograms(self) -> dict[str, ClassHistograms]:
        return {}

    def histograms(self, column: str) -> ClassHistograms:
        """How often each sensitive value stands in each equivalence class."""
        if column not in self._histograms:
            whole = self.table.sensitive[column]
            parts = merge_histograms(
                whole.classes, whole.codes, whole.counts, self.members, len(self)
            )
            self._histograms[column] = ClassHistograms(*parts, whole.totals)
        return self._histograms[column]


@dataclass(frozen=True, eq=False)
class _Room:
    """Scratch arrays for merging up to so many classes.

    Attributes:
        packed: combinations of merged classes.
        counts: their sums.
        arrays: these and what else a merge needs, in the order of `roll_up`.
    """

    packed: Int64s
    counts: Int64s
    arrays: tuple[NDArray[np.int64], ...]

    @classmethod
    def of(cls, classes: EquivalenceClasses) -> _Room:
        """Room for merging these classes."""
        packed, counts = np.empty_like(classes.packed), np.empty_like(classes.counts)
        columns = len(classes.table.names)
        shapes = (len(packed), _TILE, (columns, 4), (columns, 5), columns << CHUNK_BITS)
        more = (np.empty(shape, np.int64) for shape in shapes)
        return cls(packed, counts, (packed, counts, *more))


def _leaves(table: FrequencyTable) -> Labels:
    """Every leaf by its own number."""
    sizes = np.array([hierarchy.leaves for hierarchy in table.hierarchies], np.int64)
    flat = np.concatenate([np.arange(size, dtype=np.int32) for size in sizes])
    return Labels(flat, np.cumsum(sizes) - sizes, sizes)
