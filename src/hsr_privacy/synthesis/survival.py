"""What helps a patient to live, and which rhythm is found: shared by arrests outside and inside."""

from __future__ import annotations

import numpy as np

from hsr_privacy.synthesis.arrests import NOT_APPLICABLE
from hsr_privacy.synthesis.chance import Bools, Chance, Floats, Int64s, calibrated
from hsr_privacy.synthesis.parameters import Parameters

LATE_SECONDS = 600
"""A response that is longer counts as late."""

_OLD = 65
_CHILD = 15


def fitting_age(cause: Int64s, age: Int64s) -> Int64s:
    """Overdoses are rare in the old, and hearts seldom stop of themselves in children."""
    cause = np.where((cause == 3) & (age > _OLD), 12, cause)
    result: Int64s = np.where((cause == 11) & (age < _CHILD), 12, cause)
    return result


def first_rhythm(shockable: Bools, analysed: Bools, chance: Chance, p: Parameters) -> Int64s:
    """The first rhythm that is found, where one is analysed."""
    yes = chance.pick(p.choice("shockable_rhythm"), len(shockable))
    no = chance.pick(p.choice("other_rhythm"), len(shockable))
    return np.where(analysed, np.where(shockable, yes, no), NOT_APPLICABLE)


def survival_odds(
    age: Int64s, p: Parameters, *, shockable: Bools, witnessed: Bools, helped: Bools, late: Bools
) -> Floats:
    """Log-odds of living on, up to a constant."""
    odds = p.odds
    total: Floats = (
        np.log(odds.shockable.value) * shockable
        + np.log(odds.witnessed.value) * witnessed
        + np.log(odds.bystander_cpr.value) * helped
        + np.log(odds.late_response.value) * late
        + np.log(odds.ten_years.value) * (age - 70) / 10
    )
    return total


def survives(
    odds: Floats, treated: Bools, shares: tuple[float, float, float], chance: Chance
) -> tuple[Bools, Bools, Bools]:
    """Circulation, alive after 24 hours, alive after 30 days: each only of those before."""
    luck = chance.rng.random(len(odds))
    below = [luck < calibrated(odds, share, treated) for share in shares]
    rosc = treated & below[0]
    alive_24h = rosc & below[1]
    return rosc, alive_24h, alive_24h & below[2]
