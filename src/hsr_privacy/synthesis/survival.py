"""What helps a patient to live, and which rhythm is found: shared by arrests outside and inside."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hsr_privacy.synthesis.arrests import NOT_APPLICABLE, Patients
from hsr_privacy.synthesis.chance import Bools, Chance, Floats, Int64s, calibrated
from hsr_privacy.synthesis.parameters import Parameters

LATE_SECONDS = 600
"""A response that takes as long counts as late."""

MEDICAL = (11, 12)
"""Codes of causes within the body."""

_OLD = 65
_PUBLIC, _WORK, _SCHOOL = 1, 3, 6
_WORKING, _PUPIL = (16, 72), 19
_CHILD = 15


def fitting_age(cause: Int64s, age: Int64s) -> Int64s:
    """Overdoses are rare in the old, and hearts seldom stop of themselves in children."""
    cause = np.where((cause == 3) & (age > _OLD), 12, cause)
    result: Int64s = np.where((cause == 11) & (age < _CHILD), 12, cause)
    return result


def fitting_place(place: Int64s, age: Int64s) -> Int64s:
    """The old are not at work any more, nor grown people at school: they are in public then."""
    place = np.where((place == _WORK) & ((age < _WORKING[0]) | (age > _WORKING[1])), _PUBLIC, place)
    result: Int64s = np.where((place == _SCHOOL) & (age > _PUPIL), _PUBLIC, place)
    return result


def first_rhythm(shockable: Bools, analysed: Bools, chance: Chance, p: Parameters) -> Int64s:
    """The first rhythm that is found, where one is analysed."""
    yes = chance.pick(p.choice("shockable_rhythm"), len(shockable))
    no = chance.pick(p.choice("other_rhythm"), len(shockable))
    return np.where(analysed, np.where(shockable, yes, no), NOT_APPLICABLE)


def survival_odds(
    who: Patients,
    p: Parameters,
    *,
    shockable: Bools,
    witnessed: Bools,
    helped: Bools,
    late: Bools,
    cause: Int64s,
) -> Floats:
    """Log-odds of living on, up to a constant."""
    odds = p.odds
    total: Floats = (
        np.log(odds.shockable.value) * shockable
        + np.log(odds.witnessed.value) * witnessed
        + np.log(odds.bystander_cpr.value) * helped
        + np.log(odds.late_response.value) * late
        + np.log(odds.ten_years.value) * (who.age - 70) / 10
        + np.log(odds.condition.value) * who.conditions
        + np.log(odds.external_cause.value) * ~np.isin(cause, MEDICAL)
    )
    return total


def survives(
    odds: Floats, treated: Bools, shares: Sequence[Floats], chance: Chance
) -> tuple[Bools, ...]:
    """Circulation, arrival with it, alive after 24 hours, after 30 days: each only of those before.

    Args:
        odds: log-odds, shape (n,).
        treated: of whom the shares are.
        shares: per step, the share to reach for each arrest, shape (n,).
        chance: where randomness comes from.
    """
    luck = chance.rng.random(len(odds))
    alive, steps = treated, []
    for share in shares:
        alive = alive & (luck < calibrated(odds, share, treated))
        steps.append(alive)
    return tuple(steps)
