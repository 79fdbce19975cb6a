"""Arrests inside hospital, those that the register must leave out among them."""

from __future__ import annotations

import numpy as np

from hsr_privacy.synthesis.arrests import (
    BY_AMBULANCE,
    NEVER,
    NO,
    NOT_WITNESSED,
    YES,
    Arrests,
    completed,
)
from hsr_privacy.synthesis.chance import Chance, Int64s
from hsr_privacy.synthesis.parameters import Parameters
from hsr_privacy.synthesis.survival import (
    LATE_SECONDS,
    first_rhythm,
    fitting_age,
    survival_odds,
    survives,
)


def inside_hospital(age: Int64s, chance: Chance, p: Parameters) -> Arrests:
    """Arrests inside hospital, those that the register must leave out among them."""
    size = len(age)
    never = np.full(size, NEVER)
    by_staff = chance.yes(p.share("staff_witnessed"), size)
    cause = fitting_age(chance.pick(p.causes.inside, size), age)
    begun = chance.whole(5, 75, size) + np.where(by_staff, 0, chance.whole(20, 200, size))
    called = begun + chance.whole(5, 60, size)
    arrived = called + np.clip(chance.seconds(p.minutes.team_median.value, 0.5, size), 20, 1800)
    shockable = chance.yes(p.share("shockable_inside"), size)
    stopped = chance.yes(p.share("stopped_by_doctor"), size)
    odds = survival_odds(
        age,
        p,
        shockable=shockable,
        witnessed=by_staff,
        helped=by_staff,
        late=arrived > LATE_SECONDS,
    )
    rosc, alive_24h, alive_30d = survives(
        odds, ~stopped, (0.52, 0.38, p.share("survival_inside")), chance
    )
    early = rosc & chance.yes(p.share("back_before_team") / 0.52, size)
    long_enough = np.where(early, chance.yes(p.share("compressions_over_30s"), size), True)  # noqa: FBT003
    # Back before the team: after some seconds of compressions, or after more than thirty.
    compressed = np.where(long_enough, chance.whole(31, 120, size), chance.whole(10, 29, size))
    arrived = np.where(early, np.maximum(arrived, begun + compressed + 5), arrived)
    circulation = np.where(early, begun + compressed, arrived + chance.seconds(9, 0.7, size))
    shocked = (shockable & ~early) | (early & shockable & chance.yes(0.5, size))
    return completed(
        chance,
        size,
        age=age,
        witnessed=np.where(by_staff, BY_AMBULANCE, NOT_WITNESSED),
        place=chance.pick({11: 0.52, 12: 0.12, 13: 0.03, 14: 0.20, 15: 0.13}, size),
        cause=cause,
        first_cpr_by=chance.pick({7: 0.93, 6: 0.06, 777: 0.01}, size),
        attempted=np.ones(size, bool),
        monitored=np.where(chance.yes(p.share("monitored"), size), YES, NO),
        compressions_over_30s=np.where(long_enough, YES, NO),
        stopped=stopped,
        shocked=shocked & ~stopped,
        rhythm=first_rhythm(shockable, np.ones(size, bool), chance, size),
        rosc=rosc,
        transported=np.zeros(size, bool),
        admitted=rosc,
        alive_24h=alive_24h,
        alive_30d=alive_30d,
        physician=np.zeros(size, np.int64),
        machine=chance.yes(0.10, size),
        call=never,
        alert=never,
        leave=never,
        arrive=never,
        at_patient=never,
        cpr=begun,
        shock=np.where(early, begun + 15, arrived + chance.whole(10, 240, size)),
        circulation=np.where(rosc, circulation, NEVER),
        end=np.where(rosc, circulation, arrived + chance.seconds(18, 0.5, size)),
        hospital=never,
        team_called=called,
        team_arrived=arrived,
        brief=p.share("brief_circulation"),
        good=p.share("good_function_in_survivors"),
    )
