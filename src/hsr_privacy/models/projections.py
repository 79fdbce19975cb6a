"""Models of projections: classes by some of the quasi-identifiers, as different attackers know them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.frequencies import EquivalenceClasses, FrequencyTable
from hsr_privacy.models.model import Merging, check_known, of_released
from hsr_privacy.models.size import KAnonymity, alike, persons_alike

Bools = NDArray[np.bool_]
Int64s = NDArray[np.int64]


@dataclass(frozen=True)
class Scenario:
    """What an attacker of one kind knows, and how many persons must fit it.

    Every released row shares these columns with at least k persons of the release.

    Attributes:
        label: what the scenario is called, such as ``neighbour``.
        columns: the quasi-identifiers that such an attacker knows.
        k: persons.
    """

    label: str
    columns: tuple[str, ...]
    k: int
    column = None
    merging = Merging.ANY
    wide = True

    def __post_init__(self) -> None:
        """Refuse a scenario that means nothing."""
        if self.k < 1 or not self.columns:
            raise DataError(f"scenario '{self.label}' needs columns, and a k of 1 or more")

    @property
    def name(self) -> str:
        """With its label."""
        return f"scenario {self.label}"

    @property
    def wanted(self) -> float:
        """K."""
        return self.k

    def check(self, table: FrequencyTable) -> None:
        """Raise DataError if a column is no quasi-identifier, or k above the number of persons."""
        check_known(table, f"scenario '{self.label}'", self.columns)
        KAnonymity(self.k).check(table)

    def satisfied(self, classes: EquivalenceClasses, released: Bools) -> Bools:
        """Per class, whether k persons of the release fit it."""
        return self._persons(classes, released) >= self.k

    def reached(self, classes: EquivalenceClasses, released: Bools) -> float:
        """Fewest persons that fit a released row."""
        return int(of_released(classes, self._persons(classes, released), released).min())

    def _persons(self, classes: EquivalenceClasses, released: Bools) -> Int64s:
        groups = alike(classes, [classes.table.names.index(name) for name in self.columns])
        return persons_alike(classes, groups, released)


@dataclass(frozen=True)
class AllSubsets:
    """Whatever m of the quasi-identifiers an attacker knows, at least k persons fit.

    All subsets are judged together and repeatedly, as rows that one of them suppresses are missing
    in the others; a loop over subsets that judges each once leaves some broken.

    Source: Terrovitis et al. 2008, doi:10.14778/1453856.1453874 (k^m-anonymity).
    """

    m: int
    k: int
    column = None
    merging = Merging.ANY
    wide = True

    def __post_init__(self) -> None:
        """Refuse numbers that mean nothing."""
        if self.m < 1 or self.k < 1:
            raise DataError(f"all {self.m}-subsets with k {self.k}; both must be 1 or more")

    @property
    def name(self) -> str:
        """With its m."""
        return f"k of all {self.m}-subsets"

    @property
    def wanted(self) -> float:
        """K."""
        return self.k

    def check(self, table: FrequencyTable) -> None:
        """Raise DataError if there are fewer columns, or k is above the number of persons."""
        if self.m > len(table.names):
            raise DataError(
                f"subsets of {self.m} quasi-identifiers are wanted and there are only "
                f"{len(table.names)}"
            )
        KAnonymity(self.k).check(table)

    def satisfied(self, classes: EquivalenceClasses, released: Bools) -> Bools:
        """Per class, whether k persons of the release fit every m of its values."""
        good = released.copy()
        for persons in self._persons(classes, released):
            good &= persons >= self.k
        return good

    def reached(self, classes: EquivalenceClasses, released: Bools) -> float:
        """Fewest persons that fit m values of a released row."""
        each = self._persons(classes, released)
        return min(int(of_released(classes, persons, released).min()) for persons in each)

    def _persons(self, classes: EquivalenceClasses, released: Bools) -> Iterator[Int64s]:
        """For one subset after the other."""
        for places in combinations(range(len(classes.table.names)), self.m):
            yield persons_alike(classes, alike(classes, places), released)
