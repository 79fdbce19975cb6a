"""Intervals: how far chance alone could move a share, so that small numbers do not frighten."""

from __future__ import annotations

from typing import Final, Literal

from hsr_privacy.estimates import wilson
from hsr_privacy.explaining.explanation import Share

LEVEL: Final = 0.99
"""Of the intervals; it is high, as many groups are looked at side by side."""


def share_of(share: float, persons: int, *, whole: float) -> Share:
    """A share of a group, its interval, and whether the whole table's share lies outside.

    Rows of one person go together, so that the interval is as wide as the persons make it.

    Args:
        share: of the group, 0-1.
        persons: of the group, at least one.
        whole: the same share of the whole table.

    Source: Wilson 1927, doi:10.1080/01621459.1927.10502953 (score interval).
    """
    low, high = wilson(share, persons, level=LEVEL)
    differs: Literal["more", "less"] | None = None
    if whole < low or whole > high:
        differs = "more" if whole < low else "less"
    return Share(share, low, high, share / whole if whole else None, differs)
