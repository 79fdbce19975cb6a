"""An estimate with its interval, and how far two of them are apart."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final, Literal

from hsr_privacy.errors import DataError

LEVEL: Final = 0.95
"""Of all intervals."""

Z_95: Final = NormalDist().inv_cdf(0.5 + LEVEL / 2)
"""The normal deviate of such an interval."""

_FARTHEST: Final = 700.0
"""A larger logarithm has no number."""

Scale = Literal["share", "difference", "ratio"]
"""What a figure is. Ratios are compared by their logarithms, as their intervals are made."""


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval.

    Attributes:
        value: the figure.
        low: lower end.
        high: upper end.
        scale: what it is.
    Raises:
        DataError: a number is not finite, the ends change places, or a ratio is not above 0.
    """

    value: float
    low: float
    high: float
    scale: Scale = "share"

    def __post_init__(self) -> None:
        numbers = (self.low, self.value, self.high)
        if not all(map(math.isfinite, numbers)) or self.low > self.high:
            raise DataError(
                "an estimate needs a finite value and the ends of its interval in order"
            )
        if self.scale == "ratio" and self.low <= 0:
            raise DataError("an estimated ratio and its interval lie above 0")

    @property
    def error(self) -> float:
        """The standard error that the interval stands for; of a ratio, that of its logarithm."""
        _, low, high = _placed(self)
        return (high - low) / (2 * Z_95)

    @property
    def direction(self) -> Literal[-1, 0, 1]:
        """Whether it lies below or above no difference; 0 if the interval holds that, or a share."""
        if self.scale == "share":
            return 0
        nothing = 1 if self.scale == "ratio" else 0
        if self.low > nothing:
            return 1
        return -1 if self.high < nothing else 0


@dataclass(frozen=True)
class Shift:
    """How far a figure moved.

    Attributes:
        absolute: the later less the earlier.
        errors: the same in standard errors of the earlier; None where it has none.
        percent: the same in per cent of the earlier; None where that is 0, and of differences.
    """

    absolute: float
    errors: float | None
    percent: float | None


def ratio(logarithm: float, error: float) -> Estimate:
    """A ratio from its natural logarithm and the standard error of that."""
    ends = (logarithm, logarithm - Z_95 * error, logarithm + Z_95 * error)
    value, low, high = (math.exp(min(max(end, -_FARTHEST), _FARTHEST)) for end in ends)
    return Estimate(value, low, high, "ratio")


def shift(earlier: Estimate, later: Estimate) -> Shift:
    """How far a figure moved; of ratios, the standard errors are those of the logarithms."""
    moved = _placed(later)[0] - _placed(earlier)[0]
    absolute = later.value - earlier.value
    return Shift(
        absolute,
        moved / earlier.error if earlier.error > 0 else None,
        100 * absolute / earlier.value if earlier.value and earlier.scale != "difference" else None,
    )


def overlap(one: Estimate, other: Estimate) -> float | None:
    """How much of two intervals is shared: 1 is all, below 0 they lie apart; None without width.

    The mean of what is shared as a part of the one and as a part of the other.

    Source: Karr et al. 2006, doi:10.1198/000313006X124640.
    """
    ends = [_placed(each)[1:] for each in (one, other)]
    widths = [high - low for low, high in ends]
    if min(widths) <= 0:
        return None
    shared = min(high for _, high in ends) - max(low for low, _ in ends)
    return sum(shared / width for width in widths) / 2


def _placed(one: Estimate) -> tuple[float, float, float]:
    """Value and ends where distances are taken."""
    if one.scale == "ratio":
        return math.log(one.value), math.log(one.low), math.log(one.high)
    return one.value, one.low, one.high
