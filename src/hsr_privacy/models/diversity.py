"""Models of diversity: how many values of a sensitive column a class holds, and how evenly."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.frequencies import EquivalenceClasses, FrequencyTable
from hsr_privacy.models.model import Merging, check_column, of_released

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
_TINY = 1e-9


@dataclass(frozen=True)
class DistinctLDiversity:
    """Every released class holds at least l distinct values of a sensitive column.

    A missing value is a value of its own.

    Source: Machanavajjhala et al. 2007, doi:10.1145/1217299.1217302.
    """

    column: str
    l: int  # noqa: E741 - the field's own name
    name = "distinct l-diversity"
    merging = Merging.ANY
    wide = False

    def __post_init__(self) -> None:
        """Refuse an l that means nothing."""
        if self.l < 1:
            raise DataError(f"l is {self.l} for column '{self.column}'; it must be 1 or more")

    @property
    def wanted(self) -> float:
        """L."""
        return self.l

    def check(self, table: FrequencyTable) -> None:
        """Raise DataError if the column is unknown or has fewer than l values."""
        values = _values(table, self.column)
        if self.l > values:
            raise DataError(
                f"l is {self.l}, but column '{self.column}' has only {values} distinct value(s); "
                "no class can have more, so lower l"
            )

    def satisfied(self, classes: EquivalenceClasses, released: Bools) -> Bools:  # noqa: ARG002
        """Per class, whether it has l distinct values."""
        enough: Bools = classes.histograms(self.column).distinct >= self.l
        enough |= classes.rows == 0
        return enough

    def reached(self, classes: EquivalenceClasses, released: Bools) -> float:
        """Fewest distinct values in a released class."""
        return int(of_released(classes, classes.histograms(self.column).distinct, released).min())


@dataclass(frozen=True)
class SecondEntity:
    """No released class comes from fewer than ``at_least`` entities, such as hospitals.

    It keeps one hospital's patients from being told by whoever works at another, and a hospital
    from being judged by a class that is all its own.
    """

    column: str
    at_least: int = 2
    name = "second entity"
    merging = Merging.ANY
    wide = False

    def __post_init__(self) -> None:
        """Refuse a number that means nothing."""
        if self.at_least < 1:
            raise DataError(f"{self.name}: {self.at_least} entities; it must be 1 or more")

    @property
    def wanted(self) -> float:
        """The number of entities."""
        return self.at_least

    def check(self, table: FrequencyTable) -> None:
        """Raise DataError if the column is unknown or has too few entities."""
        values = _values(table, self.column)
        if self.at_least > values:
            raise DataError(
                f"{self.name}: every class must come from {self.at_least} values of "
                f"'{self.column}', which has only {values}"
            )

    def satisfied(self, classes: EquivalenceClasses, released: Bools) -> Bools:
        """Per class, whether it comes from entities enough."""
        return DistinctLDiversity(self.column, self.at_least).satisfied(classes, released)

    def reached(self, classes: EquivalenceClasses, released: Bools) -> float:
        """Fewest entities in a released class."""
        return DistinctLDiversity(self.column, self.at_least).reached(classes, released)


@dataclass(frozen=True)
class EntropyLDiversity:
    """The entropy of the sensitive values in every released class is at least that of l equal ones.

    Source: Machanavajjhala et al. 2007, doi:10.1145/1217299.1217302.
    """

    column: str
    l: float  # noqa: E741 - the field's own name
    name = "entropy l-diversity"
    merging = Merging.SATISFYING
    wide = False

    def __post_init__(self) -> None:
        """Refuse an l that means nothing."""
        if not self.l >= 1:
            raise DataError(
                f"entropy l is {self.l} for column '{self.column}'; it must be 1 or more"
            )

    @property
    def wanted(self) -> float:
        """L."""
        return self.l

    def check(self, table: FrequencyTable) -> None:
        """Raise DataError if the column is unknown or has fewer than l values."""
        DistinctLDiversity(self.column, math.ceil(self.l - _TINY)).check(table)

    def satisfied(self, classes: EquivalenceClasses, released: Bools) -> Bools:  # noqa: ARG002
        """Per class, whether its entropy is high enough."""
        enough: Bools = self._values(classes) >= self.l - _TINY
        enough |= classes.rows == 0
        return enough

    def reached(self, classes: EquivalenceClasses, released: Bools) -> float:
        """Exp of the lowest entropy, in nats, of a released class."""
        return float(of_released(classes, self._values(classes), released).min())

    def _values(self, classes: EquivalenceClasses) -> Floats:
        histograms = classes.histograms(self.column)
        shares = histograms.shares
        effective: Floats = np.exp(-histograms.total(shares * np.log(shares)))
        return effective


@dataclass(frozen=True)
class RecursiveDiversity:
    """In every released class, the most frequent value is rarer than c times the l-th and all rarer.

    Source: Machanavajjhala et al. 2007, doi:10.1145/1217299.1217302, recursive (c,l)-diversity.
    """

    column: str
    c: float
    l: int  # noqa: E741 - the field's own name
    name = "recursive (c,l)-diversity"
    merging = Merging.SATISFYING
    wide = False

    def __post_init__(self) -> None:
        """Refuse a c or l that means nothing."""
        if self.l < 1 or not self.c > 0:
            raise DataError(
                f"recursive diversity of '{self.column}': c is {self.c} and l is {self.l}; c must "
                "be above 0 and l at least 1"
            )

    @property
    def wanted(self) -> float:
        """C."""
        return self.c

    def check(self, table: FrequencyTable) -> None:
        """Raise DataError if the column is unknown or has fewer than l values."""
        DistinctLDiversity(self.column, self.l).check(table)

    def satisfied(self, classes: EquivalenceClasses, released: Bools) -> Bools:  # noqa: ARG002
        """Per class, whether the most frequent value is rare enough."""
        enough: Bools = self._values(classes) < self.c
        enough |= classes.rows == 0
        return enough

    def reached(self, classes: EquivalenceClasses, released: Bools) -> float:
        """The largest ratio in a released class; c must be above it."""
        return float(of_released(classes, self._values(classes), released).max())

    def _values(self, classes: EquivalenceClasses) -> Floats:
        histograms = classes.histograms(self.column)
        order = np.lexsort((-histograms.counts, histograms.classes))
        counts = histograms.counts[order].astype(np.float64)
        rank = np.arange(len(counts)) - histograms.starts[histograms.classes]
        most = histograms.total(np.where(rank == 0, counts, 0.0))
        rest = histograms.total(np.where(rank >= self.l - 1, counts, 0.0))
        return np.divide(most, rest, out=np.full(len(most), np.inf), where=rest > 0)


@dataclass(frozen=True)
class AlphaAnonymity:
    """No sensitive value makes up more than this share of a released class.

    Together with k it is the (alpha, k)-anonymity of Wong et al. 2006, doi:10.1145/1150402.1150499.
    """

    column: str
    alpha: float
    name = "alpha"
    merging = Merging.SATISFYING
    wide = False

    def __post_init__(self) -> None:
        """Refuse an alpha that means nothing."""
        if not 0 < self.alpha <= 1:
            raise DataError(
                f"alpha is {self.alpha} for column '{self.column}'; it is a share above 0 and up "
                "to 1"
            )

    @property
    def wanted(self) -> float:
        """The share, 0-1."""
        return self.alpha

    def check(self, table: FrequencyTable) -> None:
        """Raise DataError if the column has too few values for such a share."""
        values = _values(table, self.column)
        if values * self.alpha < 1 - _TINY:
            raise DataError(
                f"alpha is {self.alpha}, but column '{self.column}' has only {values} distinct "
                "value(s), of which one always has a larger share"
            )

    def satisfied(self, classes: EquivalenceClasses, released: Bools) -> Bools:  # noqa: ARG002
        """Per class, whether no value has a larger share."""
        enough: Bools = self._values(classes) <= self.alpha + _TINY
        return enough

    def reached(self, classes: EquivalenceClasses, released: Bools) -> float:
        """Largest share of one value in a released class."""
        return float(of_released(classes, self._values(classes), released).max())

    def _values(self, classes: EquivalenceClasses) -> Floats:
        histograms = classes.histograms(self.column)
        return histograms.largest(histograms.shares)


def _values(table: FrequencyTable, column: str) -> int:
    check_column(table, column)
    return int((table.sensitive[column].totals > 0).sum())
