"""Models of closeness: how far the sensitive values of a class lie from those of the release.

The shares that a class is compared with are those of all released rows, since that is what whoever
receives the file can see; so the verdict on a class depends on what else is released.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.frequencies import ClassHistograms, EquivalenceClasses, FrequencyTable
from hsr_privacy.hierarchies import HierarchyTable
from hsr_privacy.models.model import Merging, check_column, of_released

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Distance = Literal["equal", "ordered", "hierarchical"]
"""How far two values lie from each other: all the same, by their ranks, or up to where their
branches of the hierarchy meet."""

_TINY: Final = 1e-9
_CELLS: Final = 2**17


@dataclass(frozen=True)
class TCloseness:
    """The sensitive values of every released class lie within t of those of the whole release.

    The distance is the earth mover's. ``ordered`` takes values in the order of their numbers in the
    frequency table: that of the leaves where the column has a hierarchy, else numbers by size and
    texts by their letters. ``hierarchical`` takes two values to lie as far apart as the level is
    high on which they become one, as a share of the highest; values that become one nowhere are one
    on a level above all.

    Source: Li, Li & Venkatasubramanian 2007, doi:10.1109/ICDE.2007.367856.
    """

    column: str
    t: float
    distance: Distance = "equal"
    merging = Merging.SATISFYING
    wide = True

    def __post_init__(self) -> None:
        """Refuse a t that means nothing."""
        if not 0 <= self.t <= 1:
            raise DataError(f"t is {self.t} for column '{self.column}'; it lies from 0 to 1")
        if self.distance not in get_args(Distance):
            known = ", ".join(get_args(Distance))
            raise DataError(f"distance '{self.distance}' is unknown; take one of: {known}")

    @property
    def name(self) -> str:
        """With its distance."""
        return f"t-closeness ({self.distance})"

    @property
    def wanted(self) -> float:
        """T."""
        return self.t

    def check(self, table: FrequencyTable) -> None:
        """Raise DataError if the column is unknown, or has no hierarchy to measure in."""
        check_column(table, self.column)
        if self.distance == "hierarchical" and table.sensitive[self.column].hierarchy is None:
            raise DataError(
                f"column '{self.column}' has no hierarchy, which the hierarchical distance needs"
            )

    def satisfied(self, classes: EquivalenceClasses, released: Bools) -> Bools:
        """Per class, whether it is close enough."""
        near: Bools = self._values(classes, released) <= self.t + _TINY
        return near

    def reached(self, classes: EquivalenceClasses, released: Bools) -> float:
        """The largest distance of a released class."""
        return float(of_released(classes, self._values(classes, released), released).max())

    def _values(self, classes: EquivalenceClasses, released: Bools) -> Floats:
        histograms = classes.histograms(self.column)
        overall = _overall(histograms, released)
        if self.distance == "equal":
            return histograms.total(np.maximum(histograms.shares - overall[histograms.codes], 0))
        hierarchy = classes.table.sensitive[self.column].hierarchy
        distances = np.empty(len(classes))
        step = max(_CELLS // max(len(overall), 1), 1)
        for start in range(0, len(classes), step):
            shares = _dense(histograms, start, min(start + step, len(classes)))
            if self.distance == "ordered":
                distances[start : start + step] = _ordered(shares, overall)
            else:
                assert hierarchy is not None
                distances[start : start + step] = _hierarchical(shares, overall, hierarchy)
        return distances


@dataclass(frozen=True)
class BetaLikeness:
    """No sensitive value gains more than this, relative to its share in the whole release.

    The gain of a value is (share in the class - share in the release) / share in the release.
    ``enhanced`` also bounds the gain of a value with share p by -ln p, which guards the frequent.

    Source: Cao & Karras 2012, doi:10.14778/2350229.2350255.
    """

    column: str
    beta: float
    enhanced: bool = True
    merging = Merging.SATISFYING
    wide = True

    def __post_init__(self) -> None:
        """Refuse a beta that means nothing."""
        if not self.beta > 0:
            raise DataError(f"beta is {self.beta} for column '{self.column}'; it must be above 0")

    @property
    def name(self) -> str:
        """Basic or enhanced."""
        return f"{'enhanced' if self.enhanced else 'basic'} beta-likeness"

    @property
    def wanted(self) -> float:
        """Beta."""
        return self.beta

    def check(self, table: FrequencyTable) -> None:
        """Raise DataError if the column is unknown."""
        check_column(table, self.column)

    def satisfied(self, classes: EquivalenceClasses, released: Bools) -> Bools:
        """Per class, whether no value gains more."""
        histograms = classes.histograms(self.column)
        overall = np.maximum(_overall(histograms, released), 1e-300)[histograms.codes]
        bound = np.minimum(self.beta, -np.log(overall)) if self.enhanced else self.beta
        over = histograms.shares / overall - 1 - bound
        near: Bools = histograms.largest(np.maximum(over, 0)) <= _TINY
        return near

    def reached(self, classes: EquivalenceClasses, released: Bools) -> float:
        """The largest gain in a released class; infinite where no beta is enough, as -ln p is not."""
        histograms = classes.histograms(self.column)
        overall = np.maximum(_overall(histograms, released), 1e-300)[histograms.codes]
        gains = np.maximum(histograms.shares / overall - 1, 0)
        if self.enhanced:
            gains = np.where(gains > _TINY - np.log(overall), np.inf, gains)
        return float(of_released(classes, histograms.largest(gains), released).max())


@dataclass(frozen=True)
class DeltaDisclosure:
    """The shares of every released class are those of the whole release up to a factor exp(delta).

    A value that lacks in a class is infinitely far, as the definition has it; a measure over the
    values that occur only would call a class safe that tells what somebody does not have.

    Source: Brickell & Shmatikov 2008, doi:10.1145/1401890.1401904.
    """

    column: str
    delta: float
    name = "delta-disclosure"
    merging = Merging.SATISFYING
    wide = True

    def __post_init__(self) -> None:
        """Refuse a delta that means nothing."""
        if not self.delta > 0:
            raise DataError(f"delta is {self.delta} for column '{self.column}'; it is above 0")

    @property
    def wanted(self) -> float:
        """Delta."""
        return self.delta

    def check(self, table: FrequencyTable) -> None:
        """Raise DataError if the column is unknown."""
        check_column(table, self.column)

    def satisfied(self, classes: EquivalenceClasses, released: Bools) -> Bools:
        """Per class, whether every value is near its share."""
        near: Bools = self._values(classes, released) <= self.delta + _TINY
        near |= classes.rows == 0
        return near

    def reached(self, classes: EquivalenceClasses, released: Bools) -> float:
        """The largest distance, a natural logarithm, in a released class."""
        return float(of_released(classes, self._values(classes, released), released).max())

    def _values(self, classes: EquivalenceClasses, released: Bools) -> Floats:
        histograms = classes.histograms(self.column)
        overall = _overall(histograms, released)
        lifts = histograms.shares / np.maximum(overall, 1e-300)[histograms.codes]
        far = histograms.largest(np.abs(np.log(lifts)))
        whole = histograms.total((overall[histograms.codes] > 0).astype(np.float64))
        return np.where(whole < (overall > 0).sum(), np.inf, far)


def _overall(histograms: ClassHistograms, released: Bools) -> Floats:
    """Share of each value among the released rows."""
    if released.all():
        return histograms.overall
    counts = histograms.counts * released[histograms.classes]
    sums = np.bincount(histograms.codes, weights=counts, minlength=len(histograms.totals))
    shares: Floats = sums / max(sums.sum(), 1)
    return shares


def _dense(histograms: ClassHistograms, start: int, stop: int) -> Floats:
    """Share of every value in some classes, shape (classes, values)."""
    table = np.zeros((stop - start, len(histograms.totals)))
    pairs = slice(histograms.starts[start], histograms.starts[stop])
    table[histograms.classes[pairs] - start, histograms.codes[pairs]] = histograms.shares[pairs]
    return table


def _ordered(shares: Floats, overall: Floats) -> Floats:
    present = overall > 0
    values = int(present.sum())
    if values <= 1:
        return np.zeros(len(shares))
    ahead = np.cumsum(shares[:, present] - overall[present], axis=1)
    moved: Floats = np.abs(ahead).sum(axis=1) / (values - 1)
    return moved


def _hierarchical(shares: Floats, overall: Floats, hierarchy: HierarchyTable) -> Floats:
    """Half of what must enter or leave the nodes of a level, the mean over all levels.

    Two leaves that meet on level n of H lie n / H apart: half as far as there are steps between
    them, n up and n down, each 1 / H long. Along a step goes what the node below has too much or
    lacks. The node that has all of them lacks nothing.
    """
    height = hierarchy.levels - 1
    if (hierarchy.nodes[-1] != hierarchy.nodes[-1, 0]).any():  # several tops meet above
        height += 1
    extra = np.ascontiguousarray((shares - overall).T)
    moved = np.zeros(len(shares))
    for nodes in hierarchy.nodes[:height, : len(overall)]:
        order = np.argsort(nodes, kind="stable")
        starts = np.unique(nodes[order], return_index=True)[1]
        moved += np.abs(np.add.reduceat(extra[order], starts, axis=0)).sum(axis=0)
    moved /= max(2 * height, 1)
    return moved
