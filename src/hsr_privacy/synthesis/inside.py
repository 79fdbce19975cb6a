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
    Patients,
    completed,
)
from hsr_privacy.synthesis.chance import Chance
from hsr_privacy.synthesis.parameters import Parameters
from hsr_privacy.synthesis.survival import (
    LATE_SECONDS,
    first_rhythm,
    fitting_age,
    survival_odds,
    survives,
)


def inside_hospital(who: Patients, chance: Chance, p: Parameters) -> Arrests:
    """Arrests inside hospital, those that the register must leave out among them.

    Args:
        who: the patients.
        chance: where randomness comes from.
        p: the numbers.
    """
    size = len(who)
    never = np.full(size, NEVER)
    monitored = chance.yes(p.share("monitored"), size)
    if_monitored = p.share("staff_witnessed_if_monitored")
    rest = (p.share("staff_witnessed") - p.share("monitored") * if_monitored) / (
        1 - p.share("monitored")
    )
    by_staff = chance.yes(np.where(monitored, if_monitored, rest), size)
    cause = fitting_age(chance.pick(p.choice("cause_inside"), size), who.age)
    found = chance.whole(*p.span("staff_finds_seconds"), size)
    begun = chance.whole(*p.span("staff_begins_seconds"), size) + np.where(by_staff, 0, found)
    called = begun + chance.whole(*p.span("team_call_seconds"), size)
    arrived = called + np.clip(chance.seconds(*p.wait("team"), size), 20, 1800)
    shockable = chance.yes(p.share("shockable_inside"), size)
    stopped = chance.yes(p.share("stopped_by_doctor"), size)
    odds = survival_odds(
        who,
        p,
        shockable=shockable,
        witnessed=by_staff,
        helped=by_staff,
        late=arrived >= LATE_SECONDS,
        cause=cause,
    )
    steps = ("rosc_inside", "alive_24h_inside", "survival_inside")
    rosc, alive_24h, alive_30d = survives(
        odds, ~stopped, [np.full(size, p.share(step)) for step in steps], chance
    )
    early = rosc & chance.yes(p.share("back_before_team") / p.share("rosc_inside"), size)
    long_enough = np.where(early, chance.yes(p.share("compressions_over_30s"), size), True)  # noqa: FBT003
    # Back before the team: after some seconds of compressions, or after more than thirty.
    short = chance.whole(*p.span("short_compressions_seconds"), size)
    long = chance.whole(*p.span("long_compressions_seconds"), size)
    compressed = np.where(long_enough, long, short)
    arrived = np.where(early, np.maximum(arrived, begun + compressed + 5), arrived)
    circulation = np.where(
        early, begun + compressed, arrived + chance.seconds(*p.wait("circulation_inside"), size)
    )
    # Who is back before the team came was treated by those who called it, within that time.
    called = np.where(early, np.minimum(called, begun + compressed - 1), called)
    shocked = (shockable & ~early) | (
        early & shockable & chance.yes(p.share("shock_before_team"), size)
    )
    return completed(
        who,
        chance,
        p,
        witnessed=np.where(by_staff, BY_AMBULANCE, NOT_WITNESSED),
        place=chance.pick(p.choice("place_inside"), size),
        cause=cause,
        first_cpr_by=chance.pick(p.choice("staff_who"), size),
        attempted=np.ones(size, bool),
        monitored=np.where(monitored, YES, NO),
        compressions_over_30s=np.where(long_enough, YES, NO),
        stopped=stopped,
        care=arrived,
        before_care=early,
        shocked=shocked & ~stopped,
        rhythm=first_rhythm(shockable, np.ones(size, bool), chance, p),
        rosc=rosc,
        arrives=np.zeros(size, bool),
        transported=np.zeros(size, bool),
        admitted=rosc,
        alive_24h=alive_24h,
        alive_30d=alive_30d,
        physician=np.zeros(size, np.int64),
        machine=chance.yes(p.share("mechanical_compressions_inside"), size),
        call=never,
        alert=never,
        leave=never,
        arrive=never,
        at_patient=never,
        cpr=begun,
        shock=np.where(
            early, begun + 15, arrived + chance.whole(*p.span("team_shock_seconds"), size)
        ),
        circulation=np.where(rosc, circulation, NEVER),
        end=np.where(rosc, circulation, arrived + chance.seconds(*p.wait("given_up_inside"), size)),
        hospital=never,
        team_called=called,
        team_arrived=arrived,
    )
