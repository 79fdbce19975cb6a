"""Intervals: how far chance alone could move a share, so that small numbers do not frighten."""

from __future__ import annotations

import math
from typing import Final, Literal

from hsr_privacy.explaining.explanation import Share

Z: Final = 2.5758293035489004
"""The normal deviate of a two-sided 99 per cent, as many groups are looked at side by side."""


def share_of(share: float, persons: int, *, whole: float) -> Share:
    """A share of a group, its interval, and whether the whole table's share lies outside.

    Rows of one person go together, so that the interval is as wide as the persons make it.

    Args:
        share: of the group, 0-1.
        persons: of the group, at least one.
        whole: the same share of the whole table.

    Source: Wilson 1927, doi:10.1080/01621459.1927.10502953 (score interval).
    """
    low, high = wilson(share, persons)
    differs: Literal["more", "less"] | None = None
    if whole < low or whole > high:
        differs = "more" if whole < low else "less"
    return Share(share, low, high, share / whole if whole else None, differs)


def wilson(share: float, size: int) -> tuple[float, float]:
    """The ends of the score interval of a share of ``size`` independent cases."""
    spread = Z**2 / size
    middle = (share + spread / 2) / (1 + spread)
    half = math.sqrt(share * (1 - share) * spread + spread**2 / 4) / (1 + spread)
    low = middle - half if share > 0 else 0.0
    high = middle + half if share < 1 else 1.0
    return max(low, 0.0), min(high, 1.0)
