"""Rates: how often an attack succeeds, what of that is owed to the data, and how sure that is.

An attack on persons that the model learned from is set against the same attack on persons that it
never saw. What succeeds there too is knowledge of the population; the rest is what the set gives
away of single persons.

Source: Giomi et al. 2023, doi:10.56553/popets-2023-0055 (Wilson scores, and their difference in
shares of what can still be gained); Wilson 1927, doi:10.1080/01621459.1927.10502953.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

LEVEL: Final = 0.95
"""Of all intervals."""

_Z: Final = NormalDist().inv_cdf(0.5 + LEVEL / 2)


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
    """What of an attack's success is owed to the data that were learned, 0 none, 1 all there is."""

    value: float
    low: float
    high: float


def rate(successes: int, trials: int) -> Rate:
    """Wilson's interval of a share.

    Args:
        successes: of the trials.
        trials: one at least.
    """
    below = trials + _Z**2
    half = _Z / below * math.sqrt(successes * (trials - successes) / trials + _Z**2 / 4)
    return Rate((successes + _Z**2 / 2) / below, half)


def risk(attack: Rate, control: Rate) -> Risk:
    """The success beyond that on the held-out persons, as a share of what could be gained.

    Args:
        attack: on persons that were learned from.
        control: on persons that were held out.
    """
    left = 1 - control.middle
    if left <= 0:
        return Risk(0.0, 0.0, 1.0)
    value = (attack.middle - control.middle) / left
    half = math.hypot(attack.half / left, (attack.middle - 1) / left**2 * control.half)
    return Risk(_bound(value), _bound(value - half), _bound(value + half))


def _bound(share: float) -> float:
    return min(1.0, max(0.0, share))
