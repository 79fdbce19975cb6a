"""Arrests outside hospital: from the call to the hospital's door."""

from __future__ import annotations

import numpy as np

from hsr_privacy.synthesis.arrests import (
    BY_AMBULANCE,
    BY_BYSTANDER,
    NEVER,
    NO,
    NOT_APPLICABLE,
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


def outside_hospital(age: Int64s, centrality: Int64s, chance: Chance, p: Parameters) -> Arrests:
    """Arrests outside hospital."""
    size = len(age)
    witnessed = np.where(
        chance.yes(p.share("ambulance_witnessed"), size),
        BY_AMBULANCE,
        np.where(chance.yes(p.share("bystander_witnessed"), size), BY_BYSTANDER, NOT_WITNESSED),
    )
    by_ambulance = witnessed == BY_AMBULANCE
    places = {
        0: p.share("at_home"),
        1: 0.15,
        2: 0.08,
        3: 0.03,
        4: 0.03,
        5: 0.05,
        6: 0.005,
        7: 0.045,
    }
    place = chance.pick(places, size)
    cause = fitting_age(chance.pick(p.causes.outside, size), age)
    # The clock: a call some minutes after the arrest, or before it where the ambulance saw it.
    m = p.minutes
    rural = m.response_median.value * m.response_per_centrality.value ** (centrality - 3.0)
    response = np.clip(chance.seconds(rural, m.response_spread.value, size), 120, 14_000)
    late = chance.seconds(m.call_after_arrest.value, 0.8, size)
    with_crew = chance.whole(60, 1500, size)
    call = np.where(by_ambulance, -(response + 90 + with_crew), np.clip(late, 10, 3600))
    alert = call + chance.whole(20, 100, size)
    leave = alert + chance.whole(10, 70, size)
    arrive = np.maximum(call + response, leave + 30)
    at_patient = arrive + chance.whole(30, 180, size)
    at_patient = np.where(by_ambulance, np.minimum(at_patient, -10), at_patient)
    # By-standers, and the ambulance's decision.
    recognized = chance.yes(p.share("recognized_by_dispatch"), size) & ~by_ambulance
    guided = recognized & chance.yes(p.share("guided_by_dispatch"), size)
    attempted = chance.yes(p.share("resuscitation_attempted"), size) | by_ambulance
    helped = ~by_ambulance & chance.yes(
        np.where(attempted, p.share("bystander_cpr"), 0.25 * p.share("bystander_cpr")), size
    )
    ways = chance.pick({1: 0.45, 2: 0.45, 3: 0.10}, size)
    bystander = np.where(by_ambulance, NOT_APPLICABLE, np.where(helped, ways, NO))
    first_by = np.where(
        helped,
        chance.pick({1: 0.45, 2: 0.25, 3: 0.12, 4: 0.18}, size),
        np.where(attempted, 5, 0),
    )
    begun = np.where(
        helped, call + chance.whole(-60, 150, size), at_patient + chance.whole(5, 60, size)
    )
    begun = np.where(by_ambulance, chance.whole(5, 40, size), np.maximum(begun, 5))
    treated = attempted | helped
    # Rhythm decays with time without circulation.
    analysed = np.where(by_ambulance, 30, np.maximum(at_patient, begun) + 60)
    half = np.exp(-0.035 * np.minimum(analysed, 3600) / 60 * np.where(helped, 0.6, 1.0))
    shockable_share = p.share("shockable_at_once") * half * np.where(witnessed > 0, 1.15, 0.6)
    medical = np.isin(cause, (11, 12))
    shockable = chance.yes(np.where(medical, shockable_share * 1.15, shockable_share * 0.15), size)
    attached = helped & chance.yes(p.share("aed_attached"), size)
    aed_shock = attached & shockable & chance.yes(p.share("aed_shock_if_shockable"), size)
    shocked = treated & (aed_shock | (attempted & (shockable | chance.yes(0.06, size))))
    rhythm = first_rhythm(shockable, attempted | attached, chance, size)
    # Survival, on the odds of what helped and what did not.
    odds = survival_odds(
        age,
        p,
        shockable=shockable,
        witnessed=witnessed > 0,
        helped=helped,
        late=response > LATE_SECONDS,
    )
    rosc, alive_24h, alive_30d = survives(
        odds, attempted, (p.share("rosc_outside_treated"), 0.24, p.share("survival_outside_treated")),
        chance,
    )  # fmt: skip
    ongoing = attempted & ~rosc & chance.yes(0.10, size)
    transported = rosc | ongoing
    circulation = np.where(rosc, at_patient + chance.seconds(11, 0.6, size), NEVER)
    circulation = np.where(rosc & by_ambulance, chance.seconds(6, 0.7, size) + 60, circulation)
    circulation = np.where(rosc, np.maximum(circulation, begun + 60), NEVER)
    on_scene = np.maximum(np.where(rosc, circulation, at_patient), at_patient)
    arrived = on_scene + 60 + chance.seconds(28 * 1.15 ** (centrality - 3.0), 0.5, size)
    stop = np.where(
        rosc,
        circulation,
        np.where(
            ongoing, arrived + 900, np.maximum(at_patient, begun) + chance.seconds(24, 0.4, size)
        ),
    )
    return completed(
        chance,
        size,
        age=age,
        witnessed=witnessed,
        place=place,
        cause=cause,
        recognized=np.where(recognized, YES, NO),
        recognized_after=np.where(recognized, chance.whole(15, 240, size), NEVER),
        guided=np.where(guided, YES, NO),
        first_responder=chance.pick({0: 0.62, 1: 0.22, 2: 0.05, 3: 0.07, 4: 0.04}, size),
        bystander_cpr=bystander,
        first_cpr_by=first_by,
        aed=np.where(by_ambulance, NOT_APPLICABLE, np.where(attached, YES, NO)),
        aed_shock=np.where(by_ambulance, NOT_APPLICABLE, np.where(aed_shock, YES, NO)),
        attempted=attempted,
        shocked=shocked,
        rhythm=rhythm,
        rosc=rosc,
        transported=transported,
        admitted=rosc,
        alive_24h=alive_24h,
        alive_30d=alive_30d,
        physician=np.where(
            chance.yes(p.share("physician_outside"), size), chance.pick({1: 0.6, 2: 0.35, 3: 0.05}, size), 0
        ),
        machine=chance.yes(p.share("mechanical_compressions"), size),
        call=call,
        alert=alert,
        leave=leave,
        arrive=arrive,
        at_patient=at_patient,
        cpr=np.where(treated, begun, NEVER),
        shock=np.where(aed_shock, begun + 60, np.maximum(at_patient, begun) + chance.whole(40, 400, size)),
        circulation=circulation,
        end=np.where(attempted, stop, NEVER),
        hospital=np.where(transported, arrived, NEVER),
        brief=p.share("brief_circulation"),
        good=p.share("good_function_in_survivors"),
    )  # fmt: skip
