"""Models of projections: classes by some of the quasi-identifiers, as different attackers know them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.frequencies import EquivalenceClasses, FrequencyTable
from hsr_privacy.models.model import Merging
from hsr_privacy.models.size import KAnonymity

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
        unknown = [name for name in self.columns if name not in table.names]
        if unknown:
            raise DataError(
                f"scenario '{self.label}' knows '{unknown[0]}', which is no quasi-identifier; add "
                f"it to them (now: {', '.join(table.names)})"
            )
        KAnonymity(self.k).check(table)

    def satisfied(self, classes: EquivalenceClasses, released: Bools) -> Bools:
        """Per class, whether k persons of the release fit it."""
        return _persons(classes, self._places(classes), released) >= self.k

    def reached(self, classes: EquivalenceClasses, released: Bools) -> float:
        """Fewest persons that fit a released row."""
        return int(_persons(classes, self._places(classes), released)[released].min())

    def _places(self, classes: EquivalenceClasses) -> list[int]:
        return [classes.table.names.index(name) for name in self.columns]


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
        for places in combinations(range(len(classes.table.names)), self.m):
            good &= _persons(classes, places, released) >= self.k
        return good

    def reached(self, classes: EquivalenceClasses, released: Bools) -> float:
        """Fewest persons that fit m values of a released row."""
        places = combinations(range(len(classes.table.names)), self.m)
        return min(int(_persons(classes, one, released)[released].min()) for one in places)


def _persons(classes: EquivalenceClasses, places: Sequence[int], released: Bools) -> Int64s:
    """Per class, the persons of released classes that agree with it in some columns."""
    groups = classes.project(places).merged
    assert groups is not None
    if classes.table.repeats is not None:
        spread = classes.persons_of(classes.spread(groups), classes.spread(released))
        return spread[groups]
    persons = np.where(released, classes.person_sum, 0)
    sums: Int64s = np.bincount(groups, weights=persons).astype(np.int64)
    return sums[groups]
