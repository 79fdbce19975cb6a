"""Shares with their intervals, and what of an attack's success is owed to the data.

An attack on persons in the data is set against the same attack on persons that are not in them.
What succeeds there too is knowledge of the population; the rest is what the data give away of
single persons.

Source: Giomi et al. 2023, doi:10.56553/popets-2023-0055 (Wilson scores, and their difference in
shares of what can still be gained); Wilson 1927, doi:10.1080/01621459.1927.10502953.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from hsr_privacy.errors import DataError
from hsr_privacy.estimates.estimate import LEVEL, Z_95, Estimate


@dataclass(frozen=True)
class Rate:
    """A share with its interval: the middle of Wilson's interval, and half its width."""

    middle: float
    half: float

    @property
    def low(self) -> float:
        """Lower end."""
        return max(0.0, self.middle - self.half)

    @property
    def high(self) -> float:
        """Upper end."""
        return min(1.0, self.middle + self.half)


@dataclass(frozen=True)
class Risk:
    """What of an attack's success is owed to the data, 0 none, 1 all there is."""

    value: float
    low: float
    high: float


def rate(successes: int, trials: int) -> Rate:
    """Wilson's interval of a share.

    Args:
        successes: of the trials.
        trials: one at least.
    """
    below = trials + Z_95**2
    half = Z_95 / below * math.sqrt(successes * (trials - successes) / trials + Z_95**2 / 4)
    return Rate((successes + Z_95**2 / 2) / below, half)


def risk(attack: Rate, control: Rate) -> Risk:
    """The success beyond that on the control persons, as a share of what could be gained.

    Args:
        attack: on persons in the data.
        control: on persons that are not in them.
    """
    left = 1 - control.middle
    if left <= 0:
        return Risk(0.0, 0.0, 1.0)
    value = (attack.middle - control.middle) / left
    half = math.hypot(attack.half / left, (attack.middle - 1) / left**2 * control.half)
    return Risk(_bound(value), _bound(value - half), _bound(value + half))


def wilson(share: float, size: float, *, level: float = LEVEL) -> tuple[float, float]:
    """The ends of the score interval of a share of ``size`` independent cases.

    Args:
        share: 0-1; none and all keep that end exactly.
        size: above 0; fewer than the rows where rows of one person go together.
        level: how sure, 0-1.
    """
    spread = NormalDist().inv_cdf(0.5 + level / 2) ** 2 / size
    middle = (share + spread / 2) / (1 + spread)
    half = math.sqrt(share * (1 - share) * spread + spread**2 / 4) / (1 + spread)
    low = middle - half if share > 0 else 0.0
    high = middle + half if share < 1 else 1.0
    return max(low, 0.0), min(high, 1.0)


def share(successes: int, trials: int) -> Estimate:
    """A share with Wilson's interval.

    Raises:
        DataError: there is no trial, or more successes than trials.
    """
    if not 0 <= successes <= trials or trials == 0:
        raise DataError("a share needs one case at least, and no more successes than cases")
    return Estimate(successes / trials, *wilson(successes / trials, trials))


def difference(one: tuple[int, int], other: tuple[int, int]) -> Estimate:
    """The first share less the second, by their Wilson intervals.

    Args:
        one: successes and trials.
        other: likewise.
    Raises:
        DataError: see `share`.

    Source: Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I
    (method 10).
    """
    first, second = share(*one), share(*other)
    value = first.value - second.value
    below = math.hypot(first.value - first.low, second.high - second.value)
    above = math.hypot(first.high - first.value, second.value - second.low)
    return Estimate(value, value - below, value + above, "difference")


def _bound(share: float) -> float:
    return min(1.0, max(0.0, share))
