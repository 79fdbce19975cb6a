"""Models of size: how many persons a class holds, in the release or in the population."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.frequencies import EquivalenceClasses, FrequencyTable
from hsr_privacy.models.model import Merging

Bools = NDArray[np.bool_]

POPULATION: Final = "population"
"""Name of the measure with the persons of the population in every class."""


@dataclass(frozen=True)
class KAnonymity:
    """Every released class holds at least k distinct persons.

    Source: Samarati & Sweeney 1998; persons instead of rows, as one person may have many events.
    """

    k: int
    name = "k-anonymity"
    column = None
    merging = Merging.ANY
    wide = False

    def __post_init__(self) -> None:
        """Refuse a k that means nothing."""
        if self.k < 1:
            raise DataError(f"k is {self.k}; it must be 1 or more")

    @property
    def wanted(self) -> float:
        """K."""
        return self.k

    def check(self, table: FrequencyTable) -> None:
        """Raise DataError if k is above the number of persons."""
        persons = table.count_persons(np.ones(table.classes, bool))
        if self.k > persons:
            raise DataError(
                f"k is {self.k}, but the table has only {persons} person(s); no class can be that "
                "large, so lower k or take in more rows"
            )

    def satisfied(self, classes: EquivalenceClasses, released: Bools) -> Bools:  # noqa: ARG002
        """Per class, whether it has k persons."""
        enough: Bools = classes.persons >= self.k
        return enough

    def reached(self, classes: EquivalenceClasses, released: Bools) -> float:
        """Persons in the smallest released class."""
        return int(classes.persons[released].min())


@dataclass(frozen=True)
class MaximumRisk:
    """The easiest person to find is found with at most this probability: 1 / persons of a class.

    The attacker knows that the person is in the release (prosecutor).

    Source: El Emam & Dankar 2008, doi:10.1197/jamia.M2716.
    """

    risk: float
    name = "maximum risk"
    column = None
    merging = Merging.ANY
    wide = False

    def __post_init__(self) -> None:
        """Refuse a risk that means nothing."""
        _check_share(self.name, self.risk)

    @property
    def wanted(self) -> float:
        """The risk, 0-1."""
        return self.risk

    def check(self, table: FrequencyTable) -> None:
        """Raise DataError if even one class of all persons is too small."""
        KAnonymity(math.ceil(1 / self.risk - 1e-9)).check(table)

    def satisfied(self, classes: EquivalenceClasses, released: Bools) -> Bools:  # noqa: ARG002
        """Per class, whether it has persons enough."""
        enough: Bools = classes.persons * self.risk >= 1 - 1e-9
        return enough

    def reached(self, classes: EquivalenceClasses, released: Bools) -> float:
        """1 / persons in the smallest released class."""
        return 1 / int(classes.persons[released].min())


@dataclass(frozen=True)
class AverageRisk:
    """Persons are found with at most this probability on average: classes / persons.

    The smallest classes are suppressed until it holds.

    Source: El Emam & Dankar 2008, doi:10.1197/jamia.M2716.
    """

    risk: float
    name = "average risk"
    column = None
    merging = Merging.NOTHING
    wide = True

    def __post_init__(self) -> None:
        """Refuse a risk that means nothing."""
        _check_share(self.name, self.risk)

    @property
    def wanted(self) -> float:
        """The risk, 0-1."""
        return self.risk

    def check(self, table: FrequencyTable) -> None:
        """Raise DataError if even one class of all persons is too small."""
        MaximumRisk(self.risk).check(table)

    def satisfied(self, classes: EquivalenceClasses, released: Bools) -> Bools:
        """Per class, whether it is among the largest that keep the average."""
        persons = np.where(released, classes.persons, 0)
        order = np.argsort(-persons, kind="stable")
        many = np.arange(1, len(order) + 1)
        keeps = many <= np.cumsum(persons[order]) * self.risk + 1e-9
        last = int(np.flatnonzero(keeps)[-1]) + 1 if keeps.any() else 0
        chosen = np.zeros(len(order), bool)
        chosen[order[:last]] = True
        return chosen & released

    def reached(self, classes: EquivalenceClasses, released: Bools) -> float:
        """Classes / persons."""
        return float(released.sum() / classes.persons[released].sum())


@dataclass(frozen=True)
class KMap:
    """Every released class holds at least k persons of the population.

    The attacker does not know who is in the release (journalist), but has the population's table.

    Source: Sweeney 2002, doi:10.1142/S0218488502001648.
    """

    k: int
    name = "k-map"
    column = None
    merging = Merging.ANY
    wide = False

    def __post_init__(self) -> None:
        """Refuse a k that means nothing."""
        if self.k < 1:
            raise DataError(f"k-map: k is {self.k}; it must be 1 or more")

    @property
    def wanted(self) -> float:
        """K."""
        return self.k

    def check(self, table: FrequencyTable) -> None:
        """Raise DataError if there is no population, or one that is too small."""
        if POPULATION not in table.measures:
            raise DataError(f"{self.name} needs a population table; give one")
        persons = int(table.measures[POPULATION].sum())
        if self.k > persons:
            raise DataError(
                f"{self.name}: k is {self.k}, but the population has only {persons} person(s)"
            )

    def satisfied(self, classes: EquivalenceClasses, released: Bools) -> Bools:  # noqa: ARG002
        """Per class, whether the population has k persons in it; the release's own count too."""
        enough: Bools = _population(classes) >= self.k
        return enough

    def reached(self, classes: EquivalenceClasses, released: Bools) -> float:
        """Persons of the population in the smallest released class."""
        chosen = released & (classes.rows > 0)
        return int(_population(classes)[chosen].min()) if chosen.any() else math.inf


@dataclass(frozen=True)
class JournalistRisk:
    """The easiest person to find in the population is found with at most this probability.

    It is 1 / persons of the population in the class.

    Source: El Emam & Dankar 2008, doi:10.1197/jamia.M2716.
    """

    risk: float
    name = "journalist risk"
    column = None
    merging = Merging.ANY
    wide = False

    def __post_init__(self) -> None:
        """Refuse a risk that means nothing."""
        _check_share(self.name, self.risk)

    @property
    def wanted(self) -> float:
        """The risk, 0-1."""
        return self.risk

    @property
    def _k_map(self) -> KMap:
        return KMap(math.ceil(1 / self.risk - 1e-9))

    def check(self, table: FrequencyTable) -> None:
        """Raise DataError if there is no population, or one that is too small."""
        self._k_map.check(table)

    def satisfied(self, classes: EquivalenceClasses, released: Bools) -> Bools:
        """Per class, whether the population has persons enough in it."""
        return self._k_map.satisfied(classes, released)

    def reached(self, classes: EquivalenceClasses, released: Bools) -> float:
        """1 / persons of the population in the smallest released class."""
        return 1 / self._k_map.reached(classes, released)


def _population(classes: EquivalenceClasses) -> NDArray[np.int64]:
    """Persons of the population, and never fewer than the release itself holds."""
    return np.maximum(classes.measure(POPULATION), classes.persons)


def _check_share(name: str, risk: float) -> None:
    if not 0 < risk <= 1:
        raise DataError(f"{name} is {risk}; it is a probability above 0 and up to 1")
