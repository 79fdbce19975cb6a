"""The frequency table: distinct combinations of the quasi-identifiers, with their counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.frequencies.checking import (
    check_names,
    checked_leaves,
    numbered,
    one_per_row,
    whole_numbers,
)
from hsr_privacy.frequencies.counting import counted, unique, unique_pairs
from hsr_privacy.frequencies.packing import Packing
from hsr_privacy.frequencies.parts import Repeats, SensitiveHistogram
from hsr_privacy.hierarchies.table import HierarchyTable

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class FrequencyTable:
    """All that privacy models, search and risk need to know about the rows.

    Attributes:
        hierarchies: one per quasi-identifier, cut so that its level 0 is the approved detail.
        packed: int64, shape (classes, words): the leaves of each class, see `packing`.
        rows: int64, shape (classes,); 0 in a class that only a population has.
        persons: int64, shape (classes,): distinct persons of each class.
        repeats: persons who stand in more than one class; None if nobody does.
        sensitive: per sensitive column, its histogram.
        names: of the quasi-identifiers; those of the hierarchies if left out.
        measures: int64, shape (classes,), more to add up when classes merge, such as weights or the
            persons of a population.

    Raises:
        DataError: the parts do not fit each other.
    """

    hierarchies: tuple[HierarchyTable, ...]
    packed: Int64s
    rows: Int64s
    persons: Int64s
    repeats: Repeats | None = None
    sensitive: Mapping[str, SensitiveHistogram] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    measures: Mapping[str, Int64s] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Bring the arrays to their types, and check that they fit each other."""
        names = self.names or tuple(table.name for table in self.hierarchies)
        put = object.__setattr__
        put(self, "names", tuple(names))
        put(self, "rows", whole_numbers(self.rows, np.int64, "rows"))
        put(self, "persons", whole_numbers(self.persons, np.int64, "persons"))
        measures = {name: whole_numbers(one, np.int64, name) for name, one in self.measures.items()}
        put(self, "measures", measures)
        self._check_classes()
        if self.repeats is not None:
            put(self, "repeats", self._checked_repeats(self.repeats))
        checked = {name: self._checked(name, one) for name, one in self.sensitive.items()}
        put(self, "sensitive", checked)

    @classmethod
    def of_codes(
        cls,
        hierarchies: tuple[HierarchyTable, ...],
        codes: ArrayLike,
        rows: ArrayLike,
        persons: ArrayLike,
        **more: Any,
    ) -> FrequencyTable:
        """Take in classes that are already counted.

        Args:
            hierarchies: one per quasi-identifier.
            codes: int, shape (classes, columns): leaf of every class in every hierarchy.
            rows: of every class.
            persons: of every class.
            more: the other attributes.

        Raises:
            DataError: the parts do not fit each other, or a code has no leaf.
        """
        names = more.get("names") or tuple(table.name for table in hierarchies)
        leaves = checked_leaves(hierarchies, names, codes)
        if len(leaves) != np.size(rows):
            raise DataError(
                f"the frequency table has {np.size(rows)} row counts, but codes of shape "
                f"{leaves.shape}"
            )
        packing = Packing.of([table.leaves for table in hierarchies])
        counted_rows = whole_numbers(rows, np.int64, "rows")
        counted_persons = whole_numbers(persons, np.int64, "persons")
        return cls(hierarchies, packing.pack(leaves), counted_rows, counted_persons, **more)

    @classmethod
    def from_rows(
        cls,
        hierarchies: tuple[HierarchyTable, ...],
        codes: ArrayLike,
        *,
        person: ArrayLike | None = None,
        sensitive: Mapping[str, ArrayLike] | None = None,
        names: tuple[str, ...] = (),
        sensitive_hierarchies: Mapping[str, HierarchyTable] | None = None,
    ) -> FrequencyTable:
        """Count rows that are already leaves.

        Args:
            hierarchies: one per quasi-identifier.
            codes: shape (rows, columns): leaf of every row in every hierarchy.
            person: number of the person of every row; every row is a person if left out.
            sensitive: per sensitive column, a number for the value of every row.
            names: of the quasi-identifiers.
            sensitive_hierarchies: per sensitive column whose numbers are leaves, its hierarchy.

        Raises:
            DataError: lengths differ, or a code has no leaf.
        """
        names = names or tuple(table.name for table in hierarchies)
        leaves = checked_leaves(hierarchies, names, codes)
        packed = Packing.of([table.leaves for table in hierarchies]).pack(leaves)
        return cls.from_packed(
            hierarchies,
            packed,
            person=person,
            sensitive=sensitive,
            names=names,
            sensitive_hierarchies=sensitive_hierarchies,
        )

    @classmethod
    def from_packed(
        cls,
        hierarchies: tuple[HierarchyTable, ...],
        packed: Int64s,
        *,
        person: ArrayLike | None = None,
        sensitive: Mapping[str, ArrayLike] | None = None,
        names: tuple[str, ...] = (),
        sensitive_hierarchies: Mapping[str, HierarchyTable] | None = None,
    ) -> FrequencyTable:
        """Count rows whose leaves are packed already; see `from_rows`."""
        if person is None and not sensitive:
            distinct, rows = counted(packed)
            return cls(hierarchies, distinct, rows, rows, names=names)
        distinct, inverse = unique(packed)
        size = len(distinct)
        rows = np.bincount(inverse, minlength=size)
        persons, repeats = rows, None
        if person is not None:
            numbers = numbered("person", person, len(packed))
            pairs = unique_pairs(numbers, inverse, size)
            persons = np.bincount(pairs[1], minlength=size)
            several = np.bincount(pairs[0], minlength=1) > 1
            repeated = several[pairs[0]]
            repeats = Repeats(pairs[0][repeated], pairs[1][repeated])
        histograms = {}
        for name, values in (sensitive or {}).items():
            hierarchy, what = (sensitive_hierarchies or {}).get(name), f"sensitive column '{name}'"
            if hierarchy is None:
                numbers = numbered(what, values, len(packed))
            else:
                numbers = whole_numbers(one_per_row(what, values, len(packed)), np.int64, what)
                if numbers.size and numbers.min() < 0:
                    raise DataError(f"{what}: numbers start at 0")
            width = int(numbers.max(initial=0)) + 1
            pairs = np.unique(inverse * width + numbers, return_counts=True)
            histograms[name] = SensitiveHistogram(
                pairs[0] // width, pairs[0] % width, pairs[1], hierarchy
            )
        return cls(hierarchies, distinct, rows, persons, repeats, histograms, names)

    @cached_property
    def packing(self) -> Packing:
        """Where in ``packed`` each column stands."""
        return Packing.of([table.leaves for table in self.hierarchies])

    @cached_property
    def fields(self) -> Int64s:
        """Per column: word, shift, bits, two places for who merges by it, number of leaves."""
        packing = self.packing
        none = np.zeros_like(packing.word)
        leaves = np.array([one.leaves for one in self.hierarchies], np.int64)
        return np.stack([packing.word, packing.shift, packing.bits, none, none, leaves], axis=1)

    @cached_property
    def own_persons(self) -> bool:
        """Whether some class has fewer persons than rows, so that the two are added up apart."""
        return self.persons is not self.rows and not np.array_equal(self.persons, self.rows)

    @property
    def counts(self) -> Int64s:
        """int64, shape (classes, sums): rows, persons if there are fewer, and the measures."""
        persons = [self.persons] if self.own_persons else []
        return np.stack([self.rows, *persons, *self.measures.values()], axis=1)

    @property
    def codes(self) -> Int32s:
        """int32, shape (classes, columns): the leaf of each class in each hierarchy."""
        return np.stack([self.leaves_of(place) for place in range(len(self.names))], axis=1)

    def leaves_of(self, place: int) -> Int32s:
        """int32, the leaf of each class in one hierarchy."""
        return self.packing.column(self.packed, place)

    @property
    def classes(self) -> int:
        """Number of classes."""
        return len(self.rows)

    @property
    def total_rows(self) -> int:
        """Number of rows."""
        return int(self.rows.sum())

    def part(self, classes: Int32s) -> FrequencyTable:
        """Some of the classes, in the order given; sensitive shares stay those of the whole table."""
        place = np.full(self.classes, -1, np.int32)
        place[classes] = np.arange(len(classes), dtype=np.int32)
        repeats = None
        if self.repeats is not None:
            kept = place[self.repeats.cls] >= 0
            repeats = Repeats(self.repeats.person[kept], place[self.repeats.cls[kept]])
        sensitive = {}
        for name, one in self.sensitive.items():
            kept = place[one.classes] >= 0
            sensitive[name] = SensitiveHistogram(
                place[one.classes[kept]],
                one.codes[kept],
                one.counts[kept],
                one.hierarchy,
                one.totals,
            )
        return FrequencyTable(
            self.hierarchies,
            self.packed[classes],
            self.rows[classes],
            self.persons[classes],
            repeats,
            sensitive,
            self.names,
            {name: one[classes] for name, one in self.measures.items()},
        )

    def count_persons(self, chosen: NDArray[np.bool_]) -> int:
        """Number of distinct persons in the chosen classes together."""
        total = int(self.persons[chosen].sum())
        if self.repeats is None:
            return total
        inside = self.repeats.person[chosen[self.repeats.cls]]
        return total - len(inside) + len(np.unique(inside))

    def _check_classes(self) -> None:
        size, columns = len(self.rows), len(self.hierarchies)
        check_names(self.hierarchies, self.names)
        if self.packed.shape != (size, self.packing.words) or self.persons.shape != (size,):
            raise DataError(
                f"the frequency table has {columns} hierarchies and {size} row counts, but "
                f"combinations of shape {self.packed.shape} and {len(self.persons)} person counts"
            )
        if any(one.shape != (size,) for one in self.measures.values()):
            raise DataError("a measure needs one number per class")
        empty = self.rows == 0
        if (self.rows < 0).any() or (empty.any() and not self.measures):
            raise DataError("every class needs at least one row")
        if (self.persons > self.rows).any() or ((self.persons < 1) & ~empty).any():
            raise DataError("every class needs at least one person and no more persons than rows")

    def _checked_repeats(self, repeats: Repeats) -> Repeats | None:
        person = whole_numbers(repeats.person, np.int32, "repeats")
        cls = whole_numbers(repeats.cls, np.int32, "repeats")
        self._check_pairs("repeats", cls, person)
        order = np.lexsort((cls, person))
        person, cls = person[order], cls[order]
        same = (person[1:] == person[:-1]) & (cls[1:] == cls[:-1])
        if same.any():
            raise DataError(f"repeats: {int(same.sum())} pair(s) of person and class stand twice")
        return Repeats(person, cls) if len(person) else None

    def _checked(self, name: str, histogram: SensitiveHistogram) -> SensitiveHistogram:
        classes = whole_numbers(histogram.classes, np.int32, name)
        codes = whole_numbers(histogram.codes, np.int32, name)
        counts = whole_numbers(histogram.counts, np.int64, name)
        self._check_pairs(f"sensitive column '{name}'", classes, codes)
        if counts.shape != classes.shape:
            raise DataError(f"sensitive column '{name}': as many counts as pairs are needed")
        sums = np.bincount(classes, weights=counts, minlength=self.classes)
        if not np.array_equal(sums, self.rows):
            raise DataError(
                f"sensitive column '{name}': its counts do not add up to the rows of the classes"
            )
        leaves = None if histogram.hierarchy is None else histogram.hierarchy.leaves
        if leaves is not None and codes.size and codes.max() >= leaves:
            raise DataError(f"sensitive column '{name}': a number outside its hierarchy's leaves")
        overall = histogram.overall
        if overall is not None and codes.size and codes.max() >= len(overall):
            raise DataError(
                f"sensitive column '{name}': a number that the whole table does not have"
            )
        order = np.lexsort((classes, codes))
        return SensitiveHistogram(
            classes[order], codes[order], counts[order], histogram.hierarchy, overall
        )

    def _check_pairs(self, what: str, classes: Int32s, marks: Int32s) -> None:
        if classes.shape != marks.shape or classes.ndim != 1:
            raise DataError(f"{what}: classes and numbers differ in length")
        if classes.size and (classes.min() < 0 or classes.max() >= self.classes):
            raise DataError(f"{what}: a class outside 0-{self.classes - 1}")
        if marks.size and marks.min() < 0:
            raise DataError(f"{what}: numbers start at 0")
