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
_YOUNGEST = 13
_AGES = (15, 40, 65)
"""Where the ages of causes begin: children, young, adult, old."""

_HOME, _PUBLIC, _INSTITUTION, _WORK, _SPORT, _SCHOOL, _OUTDOORS = 0, 1, 2, 3, 4, 6, 7
_SPORTING, _CARED_FOR = 75, 60
_WORKING, _PUPIL = (16, 72), 19
_CHILD = 15


def fitting_age(cause: Int64s, age: Int64s) -> Int64s:
    """Overdoses are rare in the old, and hearts seldom stop of themselves in children."""
    cause = np.where((cause == 3) & ((age > _OLD) | (age < _YOUNGEST)), 12, cause)
    result: Int64s = np.where((cause == 11) & (age < _CHILD), 12, cause)
    return result


def causes_outside(age: Int64s, chance: Chance, p: Parameters) -> Int64s:
    """Why hearts stop outside hospital: by age."""
    size = len(age)
    names = ("cause_child", "cause_young", "cause_adult", "cause_old")
    drawn = [chance.pick(p.choice(name), size) for name in names]
    cause = np.choose(np.searchsorted(_AGES, age, side="right"), drawn)
    return np.where((cause == 3) & (age < _YOUNGEST), 12, cause)


def places_outside(who: Patients, cause: Int64s, chance: Chance, p: Parameters) -> Int64s:
    """Where hearts stop outside hospital: by cause, age and hour."""
    size = len(who)
    place = chance.pick(p.choice("place_not_home"), size)
    special = {2: "place_trauma", 4: "place_drowning"}
    # Together with accidents, the share at home is the published one.
    among = {code: (cause == code).mean() if size else 0.0 for code in special}
    there = sum(among[code] * p.choice(name).get(_HOME, 0.0) for code, name in special.items())
    home = (p.share("at_home") - there) / max(1 - sum(among.values()), 1e-9)
    place = np.where(chance.yes(min(max(home, 0.0), 1.0), size), _HOME, place)
    for code, name in special.items():
        place = np.where(cause == code, chance.pick(p.choice(name), size), place)
    at_work = who.working_hours & (who.age >= _WORKING[0]) & (who.age <= _WORKING[1])
    place = np.where((place == _WORK) & ~at_work, _PUBLIC, place)
    place = np.where(
        (place == _SCHOOL) & ~(who.working_hours & (who.age <= _PUPIL)), _PUBLIC, place
    )
    place = np.where((place == _SPORT) & (who.age > _SPORTING), _OUTDOORS, place)
    return np.where((place == _INSTITUTION) & (who.age < _CARED_FOR), _PUBLIC, place)


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
