"""Privacy models: what every equivalence class of a release must satisfy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.anonymity.classes import EquivalenceClasses
from hsr_privacy.anonymity.frequency import FrequencyTable
from hsr_privacy.errors import DataError


class Merging(Enum):
    """What the search may conclude from the verdict on a class when classes are merged.

    A wrong answer here makes the search wrong, so where in doubt it is ``NOTHING``.
    """

    ANY = "any"
    """A class that satisfies still does after merging with any other class."""
    SATISFYING = "satisfying"
    """Classes that all satisfy still do after merging with each other."""
    NOTHING = "nothing"
    """Nothing follows."""


class PrivacyModel(Protocol):
    """A demand on every released equivalence class, judged class by class."""

    @property
    def merging(self) -> Merging:
        """What follows for merged classes."""

    def check(self, table: FrequencyTable) -> None:
        """Raise DataError if no generalization of this table can ever satisfy the model."""

    def satisfied(self, classes: EquivalenceClasses) -> NDArray[np.bool_]:
        """Per equivalence class, whether it may be released."""


@dataclass(frozen=True)
class KAnonymity:
    """Every released class holds at least k distinct persons.

    Source: Samarati & Sweeney 1998; persons instead of rows, as one person may have many events.
    """

    k: int

    def __post_init__(self) -> None:
        """Refuse a k that means nothing."""
        if self.k < 1:
            raise DataError(f"k is {self.k}; it must be 1 or more")

    @property
    def merging(self) -> Merging:
        """A class never loses a person by growing."""
        return Merging.ANY

    def check(self, table: FrequencyTable) -> None:
        """Raise DataError if k is above the number of persons."""
        persons = table.count_persons(np.ones(table.classes, bool))
        if self.k > persons:
            raise DataError(
                f"k is {self.k}, but the table has only {persons} person(s); no class can be that "
                "large, so lower k or take in more rows"
            )

    def satisfied(self, classes: EquivalenceClasses) -> NDArray[np.bool_]:
        """Per class, whether it has k persons."""
        return classes.persons >= self.k


@dataclass(frozen=True)
class DistinctLDiversity:
    """Every released class holds at least l distinct values of a sensitive column.

    A missing value is a value of its own.

    Source: Machanavajjhala et al. 2007, doi:10.1145/1217299.1217302.
    """

    column: str
    l: int  # noqa: E741 - the field's own name

    def __post_init__(self) -> None:
        """Refuse an l that means nothing."""
        if self.l < 1:
            raise DataError(f"l is {self.l} for column '{self.column}'; it must be 1 or more")

    @property
    def merging(self) -> Merging:
        """A class never loses a value by growing."""
        return Merging.ANY

    def check(self, table: FrequencyTable) -> None:
        """Raise DataError if the column is unknown or has fewer than l values."""
        if self.column not in table.sensitive:
            raise DataError(
                f"the frequency table does not count column '{self.column}'; give it as sensitive"
            )
        values = len(np.unique(table.sensitive[self.column].codes))
        if self.l > values:
            raise DataError(
                f"l is {self.l}, but column '{self.column}' has only {values} distinct value(s); "
                "no class can have more, so lower l"
            )

    def satisfied(self, classes: EquivalenceClasses) -> NDArray[np.bool_]:
        """Per class, whether it has l distinct values."""
        return classes.distinct(self.column) >= self.l
