"""Individual risk: the chance that who fits a person of the sample is that person.

A class of f persons in the sample has F in the population. An attacker who finds the class in the
population is right with chance 1 / F; F is not known, and the risk is the expected 1 / F.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.risk.attacks import attack
from hsr_privacy.risk.report import AttackRisk

Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]

_STABLE: Final = 0.5
"""Up to this share of the population, the recursion loses no digits."""
_LARGE: Final = 30
"""Persons from which on the series needs no more terms than for a large share."""
_TERMS: Final = 60


@dataclass(frozen=True)
class IndividualRisk:
    """The individual risks of a table's persons.

    Attributes:
        exact: expected over the distribution of the class's size in the population.
        approximate: by the formula for classes of three and more that is often printed.
        expected: persons whom an attacker who links all would name rightly, by ``exact``.
    """

    exact: AttackRisk
    approximate: AttackRisk
    expected: float

    def to_json(self) -> dict[str, Any]:
        """As plain numbers."""
        return asdict(self)


def individual_risk(
    sizes: Int64s, members: Int64s, *, fraction: float, threshold: float
) -> IndividualRisk:
    """Measure what a sample of the population gives away of its persons.

    Args:
        sizes: persons of the sample who agree with each class.
        members: persons in each class.
        fraction: share of the population in the sample, 0 (not included) to 1.
        threshold: risk (0-1) above which a person is said to be at risk.

    Raises:
        DataError: the fraction is no such share.
    """
    distinct, place = np.unique(sizes, return_inverse=True)
    population = distinct / checked_fraction(fraction)
    found = []
    for exactly in (True, False):
        risks = risk_of(distinct, population, exactly=exactly)[place.reshape(-1)]
        found.append(attack(risks, members, threshold))
    return IndividualRisk(found[0], found[1], found[0].average * float(members.sum()))


def risk_of(sample: ArrayLike, population: ArrayLike, *, exactly: bool = True) -> Floats:
    """The expected 1 / F of classes.

    Given f in the sample, F is taken to be negative binomial: F = f, f + 1, ... with chances
    C(F - 1, f - 1) p^f (1 - p)^(F - f), where p is the class's own sampling fraction. The sum is
    p / f times the hypergeometric series F(1, 1; f + 1; 1 - p), which for one and two persons has a
    closed form and for more follows by R(f) = p / (1 - p) (1 / (f - 1) - R(f - 1)).

    Args:
        sample: persons of each class in the sample, 1 or more.
        population: estimated persons of each class in the population: the sum of the design
            weights, or the persons by the sampling fraction.
        exactly: or else by p / (f - (1 - p)) for classes of three and more.

    Returns:
        The risk of each class; 1 / f where the sample holds the class whole.

    Raises:
        DataError: a class is larger in the sample than in the population.

    Source: Benedetti & Franconi 1998; Franconi & Polettini 2004, doi:10.1007/978-3-540-25955-8_20.
    """
    small, large = np.asarray(sample, np.float64), np.asarray(population, np.float64)
    if (small < 1).any() or (small > large * (1 + 1e-12)).any():
        raise DataError(
            "a class needs a person in the sample, and at least as many in the population; check "
            "the sampling fraction or the weights"
        )
    share = np.minimum(small / large, 1.0)
    risks = 1 / small
    whole = share >= 1
    one = (small < 2) & ~whole
    risks[one] = _one(share[one])
    by_sum = (small >= 2) & (exactly | (small < 3)) & ~whole
    risks[by_sum] = _exact(small[by_sum], share[by_sum])
    rest = (small >= 3) & ~by_sum & ~whole
    risks[rest] = share[rest] / (small[rest] - (1 - share[rest]))
    return risks


def checked_fraction(fraction: float) -> float:
    """A sampling fraction, or DataError."""
    if not 0 < fraction <= 1:
        raise DataError(
            f"the sampling fraction is {fraction}; it is the share of the population that the "
            "table holds, above 0 and up to 1 (a mandatory register)"
        )
    return fraction


def _one(share: Floats) -> Floats:
    risk: Floats = share / (1 - share) * np.log(1 / share)
    return risk


def _next(risk: Floats, share: Floats, size: int) -> Floats:
    """From the risk in a class of ``size`` to that of a class of one more."""
    following: Floats = share / (1 - share) * (1 / size - risk)
    return following


def _exact(sample: Floats, share: Floats) -> Floats:
    risks = np.empty_like(sample)
    step = (share <= _STABLE) & (sample < _LARGE)
    risks[step] = _by_recursion(sample[step], share[step])
    risks[~step] = _by_series(sample[~step], share[~step])
    return risks


def _by_recursion(sample: Floats, share: Floats) -> Floats:
    """For small shares, where rounding errors shrink from class size to class size."""
    risks, now = np.empty_like(sample), _one(share)
    for size in range(1, _LARGE):
        at = sample == size
        risks[at] = now[at]
        now = _next(now, share, size)
    return risks


def _by_series(sample: Floats, share: Floats) -> Floats:
    """For large shares or classes, where the terms at least halve."""
    term = np.ones_like(sample)
    total = term.copy()
    for place in range(1, _TERMS):
        term = term * place / (sample + place) * (1 - share)
        total += term
    risks: Floats = share / sample * total
    return risks
