"""Models of size: how many persons a class holds, in the release or in the population."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.frequencies import EquivalenceClasses, FrequencyTable
from hsr_privacy.models.model import Merging, check_known, of_released

Bools = NDArray[np.bool_]
Int64s = NDArray[np.int64]

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
        return int(of_released(classes, classes.persons, released).min())


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
        _check_persons(self.name, self.risk, table)

    def satisfied(self, classes: EquivalenceClasses, released: Bools) -> Bools:  # noqa: ARG002
        """Per class, whether it has persons enough."""
        enough: Bools = classes.persons * self.risk >= 1 - 1e-9
        return enough

    def reached(self, classes: EquivalenceClasses, released: Bools) -> float:
        """1 / persons in the smallest released class."""
        return 1 / int(of_released(classes, classes.persons, released).min())


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
        _check_persons(self.name, self.risk, table)

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
        persons = of_released(classes, classes.persons, released)
        return len(persons) / int(persons.sum())


@dataclass(frozen=True)
class KMap:
    """Every released class holds at least k persons of the population.

    The attacker does not know who is in the release (journalist), but has the population's table.
    If that knows some of the quasi-identifiers only, a class holds everybody who agrees with it in
    these: also who agrees with a suppressed class, as nobody leaves the population with it. The
    released persons who agree are of the population, whether its table has them or not; these
    depend on what is released.

    Attributes:
        k: persons.
        columns: the quasi-identifiers that the population's table knows; all of them if left out.

    Source: Sweeney 2002, doi:10.1142/S0218488502001648.
    """

    k: int
    columns: tuple[str, ...] = ()
    name = "k-map"
    column = None
    merging = Merging.ANY

    def __post_init__(self) -> None:
        """Refuse a k that means nothing."""
        if self.k < 1:
            raise DataError(f"k-map: k is {self.k}; it must be 1 or more")

    @property
    def wanted(self) -> float:
        """K."""
        return self.k

    @property
    def wide(self) -> bool:
        """Whether the population knows some columns only."""
        return bool(self.columns)

    def check(self, table: FrequencyTable) -> None:
        """Raise DataError if there is no population, one too small, or an unknown column."""
        persons = _checked_population(self.name, self.columns, table)
        if self.k > persons:
            raise DataError(
                f"{self.name}: k is {self.k}, but the population has only {persons} person(s); no "
                "class can be that large, so lower k"
            )

    def satisfied(self, classes: EquivalenceClasses, released: Bools) -> Bools:
        """Per class, whether the population has k persons in it; the release's own count too."""
        enough: Bools = _population(classes, self.columns, released) >= self.k
        return enough

    def reached(self, classes: EquivalenceClasses, released: Bools) -> float:
        """Persons of the population in the smallest released class."""
        persons = _population(classes, self.columns, released)
        return int(of_released(classes, persons, released).min())


@dataclass(frozen=True)
class JournalistRisk:
    """The easiest person to find in the population is found with at most this probability.

    It is 1 / persons of the population in the class, who are those of `KMap`.

    Attributes:
        risk: the probability, 0-1.
        columns: the quasi-identifiers that the population's table knows; all of them if left out.

    Source: El Emam & Dankar 2008, doi:10.1197/jamia.M2716.
    """

    risk: float
    columns: tuple[str, ...] = ()
    name = "journalist risk"
    column = None
    merging = Merging.ANY

    def __post_init__(self) -> None:
        """Refuse a risk that means nothing."""
        _check_share(self.name, self.risk)

    @property
    def wanted(self) -> float:
        """The risk, 0-1."""
        return self.risk

    @property
    def wide(self) -> bool:
        """Whether the population knows some columns only."""
        return bool(self.columns)

    def check(self, table: FrequencyTable) -> None:
        """Raise DataError if there is no population, one too small, or an unknown column."""
        persons = _checked_population(self.name, self.columns, table)
        if _needed(self.risk) > persons:
            raise DataError(
                f"{self.name} is {self.risk}, which takes classes of {_needed(self.risk)}, but the "
                f"population has only {persons} person(s); allow a higher risk"
            )

    def satisfied(self, classes: EquivalenceClasses, released: Bools) -> Bools:
        """Per class, whether the population has persons enough in it."""
        return KMap(_needed(self.risk), self.columns).satisfied(classes, released)

    def reached(self, classes: EquivalenceClasses, released: Bools) -> float:
        """1 / persons of the population in the smallest released class."""
        return 1 / KMap(1, self.columns).reached(classes, released)


def alike(classes: EquivalenceClasses, columns: Sequence[int]) -> NDArray[np.int32]:
    """Per class, a number from 0 that it shares with those that agree with it in some columns.

    Args:
        classes: the equivalence classes.
        columns: places of the columns.
    """
    groups = classes.project(columns).merged
    assert groups is not None
    return groups


def persons_alike(
    classes: EquivalenceClasses, groups: NDArray[np.int32], released: Bools
) -> Int64s:
    """Per class, the distinct persons of the released classes with its number.

    Args:
        classes: the equivalence classes.
        groups: of `alike`.
        released: per class.
    """
    if classes.table.repeats is not None:
        spread = classes.persons_of(classes.spread(groups), classes.spread(released))
        return spread[groups]
    return _summed(np.where(released, classes.person_sum, 0), groups)


def _summed(values: Int64s, groups: NDArray[np.int32]) -> Int64s:
    """Per class, the sum over the classes with its number."""
    sums: Int64s = np.bincount(groups, weights=values).astype(np.int64)
    return sums[groups]


def _population(classes: EquivalenceClasses, columns: Sequence[str], released: Bools) -> Int64s:
    """Persons of the population, and never fewer than the release itself holds."""
    persons = classes.measure(POPULATION)
    if not columns:
        return np.maximum(persons, classes.persons)
    groups = alike(classes, [classes.table.names.index(name) for name in columns])
    return np.maximum(_summed(persons, groups), persons_alike(classes, groups, released))


def _checked_population(name: str, columns: Sequence[str], table: FrequencyTable) -> int:
    """Persons of the population, or DataError if there is none, or it knows an unknown column."""
    if POPULATION not in table.measures:
        raise DataError(f"{name} needs a population table; give one")
    check_known(table, f"the attacker of {name}", columns)
    everybody = table.count_persons(np.ones(table.classes, bool))
    return max(int(table.measures[POPULATION].sum()), everybody)


def _needed(risk: float) -> int:
    """Persons among whom nobody is found with a higher probability."""
    return math.ceil(1 / risk - 1e-9)


def _check_persons(name: str, risk: float, table: FrequencyTable) -> None:
    """Raise DataError if even one class of all persons is too small for a risk."""
    persons, needed = table.count_persons(np.ones(table.classes, bool)), _needed(risk)
    if needed > persons:
        raise DataError(
            f"{name} is {risk}, which takes classes of {needed}, but the table has only {persons} "
            "person(s); allow a higher risk or take in more rows"
        )


def _check_share(name: str, risk: float) -> None:
    if not 0 < risk <= 1:
        raise DataError(f"{name} is {risk}; it is a probability above 0 and up to 1")
