"""Roots: where a function of one number is zero, between two numbers where its signs differ."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Final

_LEAST: Final = 1e-300


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """Find a zero between two numbers, to about the last digit.

    The interval shrinks around it, by a parabola through three points where that can be trusted,
    and by halving elsewhere.

    Args:
        function: continuous.
        low: where it has one sign.
        high: where it has the other.

    Source: Chandrupatla 1997, doi:10.1016/S0965-9978(96)00051-8.
    """
    new, old, before = high, low, high
    at_new, at_old = function(high), function(low)
    if not (at_new and at_old):
        return low if not at_old else high
    at_before, step = at_new, 0.5
    while True:
        place = new + step * (old - new)
        value = function(place)
        if (value > 0) == (at_new > 0):
            before, at_before = new, at_new
        else:
            before, at_before = old, at_old
            old, at_old = new, at_new
        new, at_new = place, value
        best, least = (new, at_new) if abs(at_new) < abs(at_old) else (old, at_old)
        reached = (2 * sys.float_info.epsilon * abs(best) + _LEAST) / abs(old - new)
        if reached > 0.5 or not least:
            return best
        step = _step(new, old, before, at_new, at_old, at_before)
        step = min(max(step, reached), 1 - reached)


def digamma(x: float) -> float:
    """The slope of the logarithm of the gamma function, for x above 0.

    Source: Abramowitz & Stegun 1964, 6.3.5 and 6.3.18.
    """
    shifted = 0.0
    while x < 12:
        shifted -= 1 / x
        x += 1
    square = 1 / (x * x)
    series = 1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132)))
    return shifted + math.log(x) - 0.5 / x - square * series


def _step(  # noqa: PLR0917 - three points and their values
    new: float, old: float, before: float, at_new: float, at_old: float, at_before: float
) -> float:
    """How far to go from the new end to the old one."""
    part = (new - old) / (before - old)
    risen = (at_new - at_old) / (at_before - at_old)
    if risen**2 >= part or (1 - risen) ** 2 >= 1 - part:
        return 0.5
    one = at_new / (at_old - at_new) * at_before / (at_old - at_before)
    other = at_new / (at_before - at_new) * at_old / (at_before - at_old)
    return one + (before - new) / (old - new) * other
