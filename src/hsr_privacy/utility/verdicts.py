"""Verdicts: what became of a figure, in words that its reader would use."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from hsr_privacy.estimates import Estimate, Shift, overlap, shift
from hsr_privacy.utility.ran import Ran

STILL: Final = 0.1
"""Standard errors up to which a figure counts as unchanged: no reader could see it move."""

_SHARE_STEP: Final = 0.001
_RATIO_STEP: Final = 0.005

ALIKE: Final = 0.95
"""Overlap from which an interval counts as no wider than it was."""


class Verdict(StrEnum):
    """What became of a figure, the best first.

    ``unchanged``: moved by a tenth of its standard error at most, and is as sure as before.
    ``within-interval``: the new value lies in the old interval. ``coarser-only``: it can be had in
    coarser groups only. ``beyond-interval``: it does not lie there. ``partly``: of an analysis, some
    of its groups cannot be reckoned any more. ``other-conclusion``: an association or a difference
    that the interval showed is not shown any more, shows now, or points the other way.
    ``cannot-be-run``: it could be reckoned and cannot be any more. ``withheld``: it rests on too few
    persons to be told. ``no-original``: there is nothing to compare with.
    """

    UNCHANGED = "unchanged"
    WITHIN = "within-interval"
    COARSER = "coarser-only"
    BEYOND = "beyond-interval"
    PARTLY = "partly"
    OTHER = "other-conclusion"
    NOT_RUN = "cannot-be-run"
    WITHHELD = "withheld"
    NO_ORIGINAL = "no-original"


_ORDER: Final = tuple(Verdict)[:7]


def judge(before: Ran | None, after: Ran | None, *, has_original: bool) -> Verdict:
    """What became of one figure.

    Args:
        before: of the originals; None where they do not have it.
        after: of the released rows; None where they do not have it.
        has_original: whether there are originals at all.
    """
    told = after.estimate if after is not None else None
    if not has_original:
        return Verdict.WITHHELD if told is None else Verdict.NO_ORIGINAL
    if before is None or before.estimate is None:
        if before is not None and before.why is not None and before.why.reason == "few":
            return Verdict.WITHHELD
        return Verdict.NOT_RUN if told is None else Verdict.NO_ORIGINAL
    return Verdict.NOT_RUN if told is None else compared(before.estimate, told)


def compared(before: Estimate, after: Estimate) -> Verdict:
    """What became of an estimate that there is twice."""
    if before.direction != after.direction:
        return Verdict.OTHER
    moved, shared = shift(before, after).errors, overlap(before, after)
    is_still = moved is not None and abs(moved) <= STILL
    if before == after or (is_still and (shared is None or shared >= ALIKE)):
        return Verdict.UNCHANGED
    return Verdict.WITHIN if before.low <= after.value <= before.high else Verdict.BEYOND


def worst(verdicts: Iterable[Verdict]) -> Verdict | None:
    """The worst of an analysis; what is withheld or has no original counts where there is no other.

    Args:
        verdicts: of its figures, the one of all rows first.
    """
    found = tuple(verdicts)
    ranked = [one for one in found if one in _ORDER]
    if not ranked:
        return found[0] if found else None
    if found[0] is not Verdict.NOT_RUN:
        ranked = [one if one is not Verdict.NOT_RUN else Verdict.PARTLY for one in ranked]
    return max(ranked, key=_ORDER.index)


def few_differ(before: Ran, after: Ran, least_persons: int) -> bool:
    """Whether two figures rest on rows of which some, and fewer than ``least_persons``, are not both's."""
    pairs = zip(before.counts, after.counts, strict=True)
    return any(0 < abs(one - other) < least_persons for one, other in pairs)


def few_would_show(one: Ran, least_persons: int) -> bool:
    """Whether ``least_persons`` rows more or less would show in a figure as it is told.

    Shares are told with three decimals, and ratios with three digits.
    """
    if one.estimate is None or not one.counts:
        return False
    if one.estimate.scale == "ratio":
        return least_persons / max(min(one.counts), 1) >= _RATIO_STEP
    halves = [sum(one.counts[at : at + 2]) for at in range(0, len(one.counts), 2)]
    return least_persons / max(min(halves), 1) >= _SHARE_STEP


def rounded(one: Estimate) -> Estimate:
    """An estimate as it is told: shares with three decimals, ratios with three digits."""
    if one.scale == "ratio":
        value, low, high = (float(f"{number:.3g}") for number in (one.value, one.low, one.high))
    else:
        value, low, high = (round(number, 3) + 0.0 for number in (one.value, one.low, one.high))
    return Estimate(value, low, high, one.scale)


def rounded_shift(one: Shift) -> Shift:
    """A shift as it is told."""
    return Shift(
        round(one.absolute, 3) + 0.0,
        None if one.errors is None else round(one.errors, 2) + 0.0,
        None if one.percent is None else round(one.percent, 1) + 0.0,
    )
