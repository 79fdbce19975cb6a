"""Parts of a frequency table: who stands in several classes, and how sensitive values are spread."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.hierarchies.table import HierarchyTable

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Repeats:
    """The classes of those persons who stand in more than one class.

    Persons of a merged class are the sum over its classes less the repeats, and these tell which.

    Attributes:
        person: number of the person, 0 or more; any numbers, in any order.
        cls: a class that the person stands in; every pair once.
    """

    person: Int32s
    cls: Int32s


@dataclass(frozen=True, eq=False)
class SensitiveHistogram:
    """How often each sensitive value stands in each class; pairs that do not occur are left out.

    Attributes:
        classes: class of each pair.
        codes: sensitive value of each pair as a number, 0 or more; a missing value has a number of
            its own.
        counts: rows of each pair.
        hierarchy: of the values, if they have one; then codes are its leaves.
        overall: rows of each value in the table that this is a part of, if it is a part.
    """

    classes: Int32s
    codes: Int32s
    counts: Int64s
    hierarchy: HierarchyTable | None = None
    overall: Int64s | None = None

    @cached_property
    def totals(self) -> Int64s:
        """int64, rows of each value in the whole table, 0 where a value does not occur."""
        if self.overall is not None:
            return self.overall
        sums = np.bincount(self.codes, weights=self.counts)
        return sums.astype(np.int64)
