"""Equivalence classes: the classes of a frequency table, merged by a generalization."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.anonymity.frequency import FrequencyTable
from hsr_privacy.anonymity.kernels import count_distinct

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class EquivalenceClasses:
    """What a privacy model may ask of the classes under one generalization.

    Attributes:
        table: the frequency table; *base classes* are its classes.
        first: int32, one base class of each equivalence class.
        rows: int64, rows of each equivalence class.
        person_sum: int64, sum of the persons of its base classes; see `persons`.
        merged: int32, per class of a finer partition, or else per base class, its equivalence class.
        finer_members: int32, per base class, its class in the finer partition, if there is one.
    """

    table: FrequencyTable
    first: Int32s
    rows: Int64s
    person_sum: Int64s
    merged: Int32s
    finer_members: Int32s | None = None

    @classmethod
    def base(cls, table: FrequencyTable) -> EquivalenceClasses:
        """The base classes themselves."""
        own = np.arange(table.classes, dtype=np.int32)
        return cls(table, own, table.rows, table.persons, own)

    def settled(self) -> EquivalenceClasses:
        """The same classes, no longer tied to the partition that they were merged from."""
        return EquivalenceClasses(self.table, self.first, self.rows, self.person_sum, self.members)

    def __len__(self) -> int:
        """Number of equivalence classes."""
        return len(self.rows)

    @cached_property
    def members(self) -> Int32s:
        """int32, per base class, its equivalence class."""
        return self.merged if self.finer_members is None else self.merged[self.finer_members]

    @cached_property
    def persons(self) -> Int64s:
        """int64, distinct persons of each equivalence class, exact also where persons repeat."""
        repeats = self.table.repeats
        if repeats is None:
            return self.person_sum
        size = len(self)
        repeated = np.bincount(self.members[repeats.cls], minlength=size)
        distinct = count_distinct(repeats.cls, repeats.person, self.members, size)
        return self.person_sum - repeated + distinct

    def distinct(self, column: str) -> Int64s:
        """int64, number of distinct sensitive values in each equivalence class."""
        histogram = self.table.sensitive[column]
        return count_distinct(histogram.classes, histogram.codes, self.members, len(self))
