"""Pitman's model: a population drawn by his sampling formula, and how many are unique in it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.risk.roots import digamma, root

Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]


@dataclass(frozen=True)
class Pitman:
    """The model: every further person is alone in a new class with chance (theta + u alpha) / (theta + n).

    There are u classes and n persons so far; a class of f persons gets the next one with chance
    (f - alpha) / (theta + n).

    Attributes:
        theta: above -alpha.
        alpha: between 0 and 1.
    """

    theta: float
    alpha: float

    def uniques(self, population: int) -> float:
        """Expected persons who are alone in a class of a population of this size.

        Each of N persons stays alone with chance (theta + alpha) ... (theta + alpha + N - 2) over
        (theta + 1) ... (theta + N - 1). For large N this is N^alpha times Gamma(theta + 1) /
        Gamma(theta + alpha), as Hoshino has it.
        """
        theta, alpha = self.theta, self.alpha
        if population == 1:
            return 1.0
        alone = math.lgamma(theta + alpha + population - 1) - math.lgamma(theta + alpha)
        any_ = math.lgamma(theta + population) - math.lgamma(theta + 1)
        return population * math.exp(alone - any_)


def fit_pitman(sizes: Int64s) -> Pitman | None:
    """Find the parameters that make the class sizes of a sample most likely.

    For every alpha the likeliest theta is found, and of these the alpha from which on the
    likelihood no longer grows.

    Args:
        sizes: persons of each class of the sample; at least two classes, and one of several.

    Returns:
        None where the likelihood only falls between 0 and 1, or only grows: the sample is none of
        such a population.

    Source: Hoshino 2001, "Applying Pitman's sampling formula to microdata disclosure risk
    assessment", Journal of Official Statistics 17(4); Pitman 1995, doi:10.1007/BF01213386.
    """
    fit = _Likelihood.of(sizes)
    low, high = 0.0, 1 - 1e-9
    if fit.uphill(low) <= 0 or fit.uphill(high) >= 0:
        return None
    alpha = root(fit.uphill, low, high)
    return Pitman(fit.theta(alpha), alpha)


@dataclass(frozen=True, eq=False)
class _Likelihood:
    """What the likelihood of a sample depends on.

    Attributes:
        persons: of the sample.
        new: 1, 2, ... up to the number of its classes, not included.
        places: 1, 2, ... up to the size of its largest class, not included.
        larger: of each, how many classes are larger.
    """

    persons: int
    new: Floats
    places: Floats
    larger: Int64s

    @classmethod
    def of(cls, sizes: Int64s) -> _Likelihood:
        """Of the class sizes of a sample."""
        larger = len(sizes) - np.cumsum(np.bincount(sizes))[1:-1]
        new = np.arange(1.0, len(sizes))
        return cls(int(sizes.sum()), new, np.arange(1.0, len(larger) + 1), larger)

    def theta(self, alpha: float) -> float:
        """The likeliest theta for an alpha."""

        def slope(theta: float) -> float:
            more = digamma(theta + self.persons) - digamma(theta + 1)
            return float((1 / (theta + self.new * alpha)).sum() - more)

        # Close to -alpha the second person makes the slope as steep as can be.
        step = 1e-9
        while slope(-alpha + step) < 0:
            step /= 16
        high = 1.0
        while slope(high) > 0:
            high *= 4
        return root(slope, -alpha + step, high)

    def uphill(self, alpha: float) -> float:
        """The slope of the likelihood in alpha, at the likeliest theta."""
        grown = (self.new / (self.theta(alpha) + self.new * alpha)).sum()
        return float(grown - (self.larger / (self.places - alpha)).sum())
