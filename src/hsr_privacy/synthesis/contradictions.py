"""Contradictions: shares by which nothing could be drawn, or that cannot be true together.

Each is told at the share that is named last of those it concerns. A share by year lasts until the
next named year, so it is asked of every year that one of them names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from hsr_privacy.synthesis.numbers import FIRST_YEAR, Share

ABOVE_ZERO: Final = ("bystander_cpr", "last_adrenaline", "last_shock", "rosc_inside")
"""What others are divided by, or what must happen at last."""

BELOW_ONE: Final = ("ambulance_witnessed", "monitored")
"""Of which the rest must be somebody."""

AT_MOST: Final = {"arrest_again": 0.2, "inside_after_outside": 0.2}
"""Of more persons there would not be enough who can have another arrest."""

NOT_ABOVE: Final = (
    ("ambulance_witnessed", "resuscitation_attempted"),  # the crew always tries where it saw it
    ("aed_attached", "bystander_cpr"),
    ("arrives_with_circulation", "rosc_outside_treated"),
    ("alive_24h_outside", "arrives_with_circulation"),
    ("survival_outside_treated", "alive_24h_outside"),
    ("back_before_team", "rosc_inside"),
    ("alive_24h_inside", "rosc_inside"),
    ("survival_inside", "alive_24h_inside"),
)
"""The first is a part of the second."""

_STAFF: Final = ("staff_witnessed", "monitored", "staff_witnessed_if_monitored")
_ROUNDING: Final = 1e-9


def contradiction(name: str, known: Mapping[str, Share]) -> str | None:
    """What a share cannot be, or None.

    Args:
        name: of the share.
        known: the share, and those before it that have no fault of their own.
    """
    return _alone(name, known[name]) or _beside_others(name, known)


def _alone(name: str, share: Share) -> str | None:
    values = [_in(share, year) for year in _years(share)]
    if name in ABOVE_ZERO and min(values) <= 0:
        return "must be above 0"
    if name in BELOW_ONE and max(values) >= 1:
        return "must be below 1"
    if name in AT_MOST and max(values) > AT_MOST[name]:
        return f"must not be above {AT_MOST[name]:g}"
    return None


def _beside_others(name: str, known: Mapping[str, Share]) -> str | None:
    for pair in NOT_ABOVE:
        if name in pair and all(one in known for one in pair):
            part, whole = (known[one] for one in pair)
            for year in _years(part, whole):
                small, large = _in(part, year), _in(whole, year)
                if small > large + _ROUNDING:
                    when = "" if part.by_year is None and whole.by_year is None else f" in {year}"
                    return f"'{pair[0]}' must not be above '{pair[1]}': {small:g} > {large:g}{when}"
    if name in _STAFF and all(one in known for one in _STAFF):
        return _staff(*(known[one] for one in _STAFF))
    return None


def _staff(witnessed: Share, monitored: Share, if_monitored: Share) -> str | None:
    """Of those who are not monitored, no fewer than none and no more than all are witnessed."""
    for year in _years(witnessed, monitored, if_monitored):
        among = _in(monitored, year)
        least = among * _in(if_monitored, year)
        most = least + 1 - among
        if not least - _ROUNDING <= _in(witnessed, year) <= most + _ROUNDING:
            return (
                f"'staff_witnessed' must lie between {least:g}, which is 'monitored' times "
                f"'staff_witnessed_if_monitored', and {most:g}, where all others are witnessed too"
            )
    return None


def _years(*shares: Share) -> list[int]:
    return sorted({FIRST_YEAR}.union(*(share.by_year or {} for share in shares)))


def _in(share: Share, year: int) -> float:
    return float(share.of_years(np.array([year]))[0])
