"""Parts of a frequency table: who stands in several classes, and how sensitive values are spread."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
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


def at_level(histogram: SensitiveHistogram, level: int) -> SensitiveHistogram:
    """The histogram with all values that are one on a level of its hierarchy as one value.

    So "cardiac" and "presumed cardiac" can be one secret, whatever model counts it.

    Args:
        histogram: with a hierarchy.
        level: a level of that hierarchy, 0 or more.

    Returns:
        A histogram whose codes are the nodes of the level, and whose hierarchy is what lies above
        them: its leaves are these nodes.

    Raises:
        DataError: it has no hierarchy, or the hierarchy no such level.
    """
    hierarchy = histogram.hierarchy
    if hierarchy is None:
        raise DataError("the sensitive column has no hierarchy to count at a level of; give it one")
    if not 0 <= level < hierarchy.levels:
        raise DataError(
            f"hierarchy '{hierarchy.name}' has no level {level}; take one from 0 to "
            f"{hierarchy.levels - 1}"
        )
    node_of, size = hierarchy.nodes[level], len(hierarchy.labels[level])
    width = int(histogram.classes.max(initial=0)) + 1
    keys = node_of[histogram.codes].astype(np.int64) * width + histogram.classes
    pairs, place = np.unique(keys, return_inverse=True)
    counts = np.bincount(place.reshape(-1), weights=histogram.counts, minlength=len(pairs))
    whole = histogram.overall
    if whole is not None:
        sums = np.bincount(node_of[: len(whole)], weights=whole, minlength=size)
        whole = sums.astype(np.int64)
    return SensitiveHistogram(
        (pairs % width).astype(np.int32),
        (pairs // width).astype(np.int32),
        counts.astype(np.int64),
        _from_level(hierarchy, level),
        whole,
    )


def _from_level(hierarchy: HierarchyTable, level: int) -> HierarchyTable:
    """What lies above the nodes of a level, which become the leaves."""
    labels = hierarchy.labels[level]
    leaf = np.zeros(len(labels), np.int64)  # one of the leaves below each node
    leaf[hierarchy.nodes[level]] = np.arange(hierarchy.leaves)
    return HierarchyTable(
        hierarchy.name,
        labels,
        hierarchy.level_names[level:],
        hierarchy.labels[level:],
        hierarchy.nodes[level:, leaf],
    )
