"""What makes a simulated register hard, counted from the truth: for tests, and for who reads results."""

from __future__ import annotations

from typing import Final

import numpy as np

from hsr_privacy.synthesis.arrests import NEVER, NO, YES
from hsr_privacy.synthesis.chance import Bools, Int64s
from hsr_privacy.synthesis.numbers import ALL_ATTENDED_SINCE
from hsr_privacy.synthesis.register import Simulated

_OLD: Final = 100
_SAME_STAY_DAYS: Final = 10


def count_traps(s: Simulated) -> dict[str, int]:
    """How often each hard case happens: arrests, or persons where the name says so.

    Args:
        s: what happened, in truth.
    """
    a, people, outside = s.arrests, s.people, s.outside
    untreated = outside & ~a.attempted & (a.bystander_cpr == NO) & (a.shocks == 0)
    early = ~outside & (a.circulation != NEVER) & (a.circulation < a.team_arrived)
    counted = early & ((a.compressions_over_30s == YES) | (a.shocks > 0))
    persons = np.unique(s.person)
    replaced = (people.earlier_number[persons] != "") & ~people.unidentified[persons]
    after_outside, again = _repeated(s)
    known = ~people.unidentified | people.named_later
    flags = {
        "persons who reserved themselves": people.reserved & known,
        "persons who are restricted": people.restricted & known,
        "persons who are deleted": people.deleted & known,
        "persons whom nobody identified": people.unidentified & ~people.named_later,
        "persons whom only a hospital identified": people.named_later,
    }
    cases: dict[str, Bools] = {
        "outside, not resuscitated, before 2021": untreated & (s.year < ALL_ATTENDED_SINCE),
        "outside, not resuscitated, since 2021": untreated & (s.year >= ALL_ATTENDED_SINCE),
        "inside, circulation before the team, counts": counted,
        "inside, circulation before the team, counts not": early & ~counted,
        "inside, stopped on a doctor's assessment": a.stopped == YES,
        "inside, days after outside, same person": after_outside,
        "again, more than ten days later, same person": again,
        "over a hundred years old": s.age > _OLD,
        "under one year old": s.age < 1,
        "in a municipality that has another code now": _renamed(s),
    }
    counts = {name: int(case.sum()) for name, case in cases.items()}
    counts["persons whose D-number was replaced"] = int(replaced.sum())
    return counts | {name: int(flag[persons].sum()) for name, flag in flags.items()}


def _repeated(s: Simulated) -> tuple[Bools, Bools]:
    """Arrests inside some days after one outside, and arrests later than that, of one person."""
    order = np.lexsort((s.at, s.person))
    person, day, outside = s.person[order], s.day[order].astype(np.int64), s.outside[order]
    same = np.zeros(len(s), bool)
    same[1:] = person[1:] == person[:-1]
    gap = np.diff(day, prepend=day[:1])
    came_from_outside = np.concatenate([[False], outside[:-1]])[: len(s)]
    soon = gap <= _SAME_STAY_DAYS
    return same & soon & came_from_outside & ~outside, same & ~soon


def _renamed(s: Simulated) -> Bools:
    """Whether the code of the arrest's year is none of 2024's."""
    group: Int64s = s.places.group[s.area]
    result = np.zeros(len(s), bool)
    for year, codes in s.places.codes.items():
        gone = np.array([s.places.name[n] not in known for n, known in enumerate(codes)])
        mine = s.year == year
        result[mine] = gone[group[mine]]
    return result
