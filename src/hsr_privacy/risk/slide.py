"""The slide negative binomial model: class sizes of a population, thinned to a sample."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.risk.roots import root

Int64s = NDArray[np.int64]

_STEPS: Final = 2_000
"""Places at which a root is looked for."""


@dataclass(frozen=True)
class SlideNegativeBinomial:
    """The model: classes of 1 + X persons, X being negative binomial.

    Attributes:
        classes: of the population.
        alpha: above 0.
        beta: between 0 and 1: P(X = x) = C(alpha + x - 1, x) (1 - beta)^x beta^alpha.
    """

    classes: float
    alpha: float
    beta: float

    @property
    def uniques(self) -> float:
        """Expected persons of the population who are alone in a class."""
        return self.classes * math.pow(self.beta, self.alpha)

    def expected(self, fraction: float) -> tuple[float, float]:
        """Expected classes of one and of two persons in a sample.

        Every person is in the sample with the chance ``fraction``. The generating function of a
        class's size is z (beta / (1 - (1 - beta) z))^alpha; its slopes at 1 - fraction are these.
        """
        gone = 1 - self.beta
        left = gone * (1 - fraction)
        none = (self.beta / (1 - left)) ** self.alpha
        one = none * (1 + self.alpha * left / (1 - left))
        two = none * self.alpha * gone * (2 - (1 - self.alpha) * left) / (2 * (1 - left) ** 2)
        return self.classes * fraction * one, self.classes * fraction**2 * two


def fit_slide(sizes: Int64s, fraction: float) -> SlideNegativeBinomial | None:
    """Find the parameters with which a sample has as many classes of one and two as expected.

    For every beta there is one alpha at which the two stand in the right proportion; then beta is
    sought at which they are as many.

    Args:
        sizes: persons of each class of the sample.
        fraction: share of the population in the sample, above 0 and below 1.

    Returns:
        None where no parameters do, or more than one.

    Source: Chen & Keller-McNulty 1998, "Estimation of identification disclosure risk in microdata",
    Journal of Official Statistics 14(1); the number of classes by Haas & Stokes 1998.
    """
    one, two = int((sizes == 1).sum()), int((sizes == 2).sum())
    if not one or not two:
        return None
    classes = population_classes(sizes, fraction)
    ratio = 2 * two / (fraction * one)

    def model(place: float) -> SlideNegativeBinomial:
        beta = 1 / (1 + math.exp(-place))
        return SlideNegativeBinomial(classes, _alpha(beta, ratio, fraction), beta)

    def missing(place: float) -> float:
        return model(place).expected(fraction)[0] - one

    places = np.linspace(-30, 30, _STEPS).tolist()
    values = [missing(place) for place in places]
    found = [
        root(missing, places[n], places[n + 1])
        for n in range(_STEPS - 1)
        if values[n] * values[n + 1] < 0
    ]
    return model(found[0]) if len(found) == 1 else None


def population_classes(sizes: Int64s, fraction: float) -> float:
    """Estimate how many classes a population has, from the classes of a sample.

    It is the modified Shlosser estimator: the sample's classes, and its uniques times the share of
    all classes that it is expected to have missed.

    Args:
        sizes: persons of each class of the sample.
        fraction: share of the population in the sample, above 0 and up to 1.

    Source: Haas & Stokes 1998, doi:10.1080/01621459.1998.10473807; Shlosser 1981.
    """
    size, classes = np.unique(sizes, return_counts=True)
    squared = fraction**2
    gone = (1 - fraction) ** size
    one = float((size * squared * (1 - squared) ** (size - 1) * classes).sum())
    # (1 - q)^i ((1 + q)^i - 1), without a power above 1 that would overflow
    seen = float((((1 - squared) ** size - gone) * classes).sum())
    missed = float((gone * classes).sum())
    single = float((size * fraction * (1 - fraction) ** (size - 1.0) * classes).sum())
    if not missed:
        return float(len(sizes))
    return len(sizes) + int((sizes == 1).sum()) * one / seen * (missed / single) ** 2


def _alpha(beta: float, ratio: float, fraction: float) -> float:
    """The alpha at which twice the classes of two are ``ratio`` times ``fraction`` those of one.

    It solves alpha gone (2 - (1 - alpha) left) = ratio (1 - left) (1 - (1 - alpha) left), of which
    one root is positive.
    """
    gone = 1 - beta
    left = gone * (1 - fraction)
    square = gone * left
    linear = gone * (2 - left) - ratio * (1 - left) * left
    rest = -ratio * (1 - left) ** 2
    root = math.sqrt(linear**2 - 4 * square * rest)
    if linear >= 0:
        return -2 * rest / (linear + root)
    return (root - linear) / (2 * square)
