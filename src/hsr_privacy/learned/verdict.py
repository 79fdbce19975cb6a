"""Verdict: whether a set may leave the house, and why, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hsr_privacy import probing
from hsr_privacy.documents import Label
from hsr_privacy.probing import Attack


class Outcome(StrEnum):
    """What may be done with a set."""

    RELEASABLE = "releasable"
    INTERNAL_ONLY = "internal only"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True)
class Verdict:
    """What may be done with a set, and why."""

    outcome: Outcome
    reasons: tuple[Label, ...]


_FOLLOWS: Final = {
    probing.Outcome.PASS: Outcome.RELEASABLE,
    probing.Outcome.FAIL: Outcome.INTERNAL_ONLY,
    probing.Outcome.CANNOT_TELL: Outcome.CANNOT_TELL,
}


def judge(attacks: Sequence[Attack]) -> Verdict:
    """Decide by the upper ends of the intervals.

    Whatever leaks keeps the set in the house; whatever could not be told leaves the verdict open,
    and an open verdict keeps it in the house too.

    Args:
        attacks: all of them.
    """
    found = probing.judge(attacks)
    return Verdict(_FOLLOWS[found.outcome], found.reasons)
