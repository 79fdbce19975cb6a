"""The frequency table: distinct combinations of the quasi-identifiers, with their counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.hierarchies.table import HierarchyTable

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
_Whole = TypeVar("_Whole", np.int32, np.int64)


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
    """

    classes: Int32s
    codes: Int32s
    counts: Int64s


@dataclass(frozen=True, eq=False)
class FrequencyTable:
    """All that privacy models, search and risk need to know about the rows.

    Attributes:
        hierarchies: one per quasi-identifier, cut so that its level 0 is the approved detail.
        codes: int32, shape (classes, columns): the leaf of each class in each hierarchy.
        rows: int64, shape (classes,).
        persons: int64, shape (classes,): distinct persons of each class.
        repeats: persons who stand in more than one class; None if nobody does.
        sensitive: per sensitive column, its histogram.
        names: of the quasi-identifiers; those of the hierarchies if left out.

    Raises:
        DataError: the parts do not fit each other.
    """

    hierarchies: tuple[HierarchyTable, ...]
    codes: Int32s
    rows: Int64s
    persons: Int64s
    repeats: Repeats | None = None
    sensitive: Mapping[str, SensitiveHistogram] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Bring the arrays to their types, and check that they fit each other."""
        names = self.names or tuple(table.name for table in self.hierarchies)
        put = object.__setattr__
        put(self, "names", tuple(names))
        put(self, "codes", _array(self.codes, np.int32, "codes"))
        put(self, "rows", _array(self.rows, np.int64, "rows"))
        put(self, "persons", _array(self.persons, np.int64, "persons"))
        self._check_classes()
        if self.repeats is not None:
            put(self, "repeats", self._checked_repeats(self.repeats))
        checked = {name: self._checked(name, one) for name, one in self.sensitive.items()}
        put(self, "sensitive", checked)

    @classmethod
    def from_rows(
        cls,
        hierarchies: tuple[HierarchyTable, ...],
        codes: ArrayLike,
        *,
        person: ArrayLike | None = None,
        sensitive: Mapping[str, ArrayLike] | None = None,
        names: tuple[str, ...] = (),
    ) -> FrequencyTable:
        """Count rows that are already leaves.

        Args:
            hierarchies: one per quasi-identifier.
            codes: shape (rows, columns): leaf of every row in every hierarchy.
            person: number of the person of every row; every row is a person if left out.
            sensitive: per sensitive column, a number for the value of every row.
            names: of the quasi-identifiers.

        Raises:
            DataError: lengths differ, or a code has no leaf.
        """
        leaves = np.asarray(codes)
        leaves = (
            leaves.reshape(len(leaves), -1) if leaves.size else leaves.reshape(0, len(hierarchies))
        )
        distinct, inverse = _unique_rows(_array(leaves, np.int32, "codes"))
        size = len(distinct)
        rows = np.bincount(inverse, minlength=size)
        persons, repeats = rows, None
        if person is not None:
            numbers = _numbered("person", person, len(leaves))
            pairs = np.unique(np.stack([numbers, inverse], axis=1), axis=0)
            persons = np.bincount(pairs[:, 1], minlength=size)
            several = np.bincount(pairs[:, 0], minlength=1) > 1
            repeated = pairs[several[pairs[:, 0]]] if len(pairs) else pairs
            repeats = Repeats(repeated[:, 0], repeated[:, 1])
        histograms = {}
        for name, values in (sensitive or {}).items():
            numbers = _numbered(f"sensitive column '{name}'", values, len(leaves))
            stacked = np.stack([inverse, numbers], axis=1)
            pairs, counts = np.unique(stacked, axis=0, return_counts=True)
            histograms[name] = SensitiveHistogram(pairs[:, 0], pairs[:, 1], counts)
        return cls(hierarchies, distinct, rows, persons, repeats, histograms, names)

    @property
    def classes(self) -> int:
        """Number of classes."""
        return len(self.rows)

    @property
    def total_rows(self) -> int:
        """Number of rows."""
        return int(self.rows.sum())

    def count_persons(self, chosen: NDArray[np.bool_]) -> int:
        """Number of distinct persons in the chosen classes together."""
        total = int(self.persons[chosen].sum())
        if self.repeats is None:
            return total
        inside = self.repeats.person[chosen[self.repeats.cls]]
        return total - len(inside) + len(np.unique(inside))

    def _check_classes(self) -> None:
        if not self.hierarchies:
            raise DataError("there is no quasi-identifier; name at least one")
        size, columns = len(self.rows), len(self.hierarchies)
        if self.codes.shape != (size, columns) or self.persons.shape != (size,):
            raise DataError(
                f"the frequency table has {columns} hierarchies and {size} row counts, but codes of "
                f"shape {self.codes.shape} and {len(self.persons)} person counts"
            )
        if len(self.names) != columns or len(set(self.names)) != columns:
            raise DataError(
                f"{columns} quasi-identifiers need {columns} different names; "
                f"given: {', '.join(self.names)}"
            )
        for j, (name, table) in enumerate(zip(self.names, self.hierarchies, strict=True)):
            column = self.codes[:, j]
            stray = int(((column < 0) | (column >= table.leaves)).sum())
            if stray:
                raise DataError(
                    f"column '{name}': {stray} class(es) have a code outside the {table.leaves} "
                    f"leaves of hierarchy '{table.name}'"
                )
        if size and (self.persons.min() < 1 or (self.persons > self.rows).any()):
            raise DataError("every class needs at least one person and no more persons than rows")

    def _checked_repeats(self, repeats: Repeats) -> Repeats | None:
        person = _array(repeats.person, np.int32, "repeats")
        cls = _array(repeats.cls, np.int32, "repeats")
        self._check_pairs("repeats", cls, person)
        order = np.lexsort((cls, person))
        person, cls = person[order], cls[order]
        same = (person[1:] == person[:-1]) & (cls[1:] == cls[:-1])
        if same.any():
            raise DataError(f"repeats: {int(same.sum())} pair(s) of person and class stand twice")
        return Repeats(person, cls) if len(person) else None

    def _checked(self, name: str, histogram: SensitiveHistogram) -> SensitiveHistogram:
        classes = _array(histogram.classes, np.int32, name)
        codes = _array(histogram.codes, np.int32, name)
        counts = _array(histogram.counts, np.int64, name)
        self._check_pairs(f"sensitive column '{name}'", classes, codes)
        if counts.shape != classes.shape:
            raise DataError(f"sensitive column '{name}': as many counts as pairs are needed")
        sums = np.bincount(classes, weights=counts, minlength=self.classes)
        if not np.array_equal(sums, self.rows):
            raise DataError(
                f"sensitive column '{name}': its counts do not add up to the rows of the classes"
            )
        order = np.lexsort((classes, codes))
        return SensitiveHistogram(classes[order], codes[order], counts[order])

    def _check_pairs(self, what: str, classes: Int32s, marks: Int32s) -> None:
        if classes.shape != marks.shape or classes.ndim != 1:
            raise DataError(f"{what}: classes and numbers differ in length")
        if classes.size and (classes.min() < 0 or classes.max() >= self.classes):
            raise DataError(f"{what}: a class outside 0-{self.classes - 1}")
        if marks.size and marks.min() < 0:
            raise DataError(f"{what}: numbers start at 0")


def _array(values: ArrayLike, dtype: type[_Whole], what: str) -> NDArray[_Whole]:
    array = np.asarray(values)
    if array.size and array.dtype.kind not in "iu":
        raise DataError(f"{what}: whole numbers are needed, not {array.dtype}")
    return np.require(array, dtype=dtype, requirements=["C", "W"])


def _numbered(what: str, values: ArrayLike, length: int) -> Int64s:
    array = np.asarray(values)
    if array.shape != (length,):
        raise DataError(f"{what}: {array.size} numbers for {length} rows; give one per row")
    inverse: Int64s = np.unique(array, return_inverse=True)[1].reshape(-1).astype(np.int64)
    return inverse


def _unique_rows(codes: Int32s) -> tuple[Int32s, Int64s]:
    if not len(codes):
        return codes, np.empty(0, np.int64)
    order = np.lexsort(codes.T[::-1])
    ordered = codes[order]
    new = np.ones(len(codes), bool)
    new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    inverse = np.empty(len(codes), np.int64)
    inverse[order] = np.cumsum(new) - 1
    return np.ascontiguousarray(ordered[new], np.int32), inverse
