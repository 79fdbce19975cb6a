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
from hsr_privacy.synthesis.chance import Bools, Chance, Floats, Int64s
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
    place = np.where(
        chance.yes(p.share("at_home"), size), 0, chance.pick(p.choice("place_not_home"), size)
    )
    cause = fitting_age(chance.pick(p.choice("cause_outside"), size), age)
    # The clock: a call some minutes after the arrest, or before it where the ambulance saw it.
    median, spread = p.wait("response")
    rural = median * p.factor("response_per_centrality") ** (
        centrality - p.factor("usual_centrality")
    )
    response = np.clip(chance.seconds(rural, spread, size), 120, 14_000)
    late = chance.seconds(*p.wait("call"), size)
    with_crew = chance.whole(*p.span("crew_there_before_seconds"), size)
    call = np.where(by_ambulance, -(response + 90 + with_crew), np.clip(late, 10, 3600))
    alert = call + chance.whole(*p.span("alert_seconds"), size)
    leave = alert + chance.whole(*p.span("leave_seconds"), size)
    arrive = np.maximum(call + response, leave + 30)
    at_patient = arrive + chance.whole(*p.span("to_patient_seconds"), size)
    at_patient = np.where(by_ambulance, np.minimum(at_patient, -10), at_patient)
    # By-standers, and the ambulance's decision.
    recognized = chance.yes(p.share("recognized_by_dispatch"), size) & ~by_ambulance
    guided = recognized & chance.yes(p.share("guided_by_dispatch"), size)
    # The crew always tries where it saw the arrest, so a little less often elsewhere.
    seen_by_crew = p.share("ambulance_witnessed")
    elsewhere = (p.share("resuscitation_attempted") - seen_by_crew) / (1 - seen_by_crew)
    attempted = by_ambulance | chance.yes(elsewhere, size)
    helped = ~by_ambulance & chance.yes(
        np.where(attempted, p.share("bystander_cpr"), p.share("bystander_cpr_if_not_attempted")),
        size,
    )
    ways = chance.pick(p.choice("bystander_way"), size)
    bystander = np.where(by_ambulance, NOT_APPLICABLE, np.where(helped, ways, NO))
    first_by = np.where(
        helped,
        chance.pick(p.choice("bystander_who"), size),
        np.where(attempted, 5, 0),
    )
    begun = np.where(
        helped,
        call + chance.whole(*p.span("bystander_after_call_seconds"), size),
        at_patient + chance.whole(*p.span("crew_begins_seconds"), size),
    )
    begun = np.where(
        by_ambulance,
        chance.whole(*p.span("crew_begins_if_seen_seconds"), size),
        np.maximum(begun, 5),
    )
    treated = attempted | helped
    analysed = np.where(by_ambulance, 30, np.maximum(at_patient, begun) + 60)
    shockable = chance.yes(
        _shockable_share(p, analysed, helped=helped, witnessed=witnessed > 0, cause=cause), size
    )
    attached = helped & chance.yes(p.share("aed_attached") / p.share("bystander_cpr"), size)
    aed_shock = attached & shockable & chance.yes(p.share("aed_shock_if_shockable"), size)
    shocked = treated & (
        aed_shock | (attempted & (shockable | chance.yes(p.share("shock_later"), size)))
    )
    rhythm = first_rhythm(shockable, attempted | attached, chance, p)
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
        odds,
        attempted,
        (
            p.share("rosc_outside_treated"),
            p.share("alive_24h_outside"),
            p.share("survival_outside_treated") + _dies_of_a_later_arrest(p),
        ),
        chance,
    )
    ongoing = attempted & ~rosc & chance.yes(p.share("transported_during_resuscitation"), size)
    transported = rosc | ongoing
    circulation = np.where(
        rosc, at_patient + chance.seconds(*p.wait("circulation_outside"), size), NEVER
    )
    before_crew = 60 + chance.seconds(*p.wait("circulation_seen_by_crew"), size)
    circulation = np.where(rosc & by_ambulance, before_crew, circulation)
    circulation = np.where(rosc, np.maximum(circulation, begun + 60), NEVER)
    on_scene = np.maximum(np.where(rosc, circulation, at_patient), at_patient)
    median, spread = p.wait("transport")
    far = median * p.factor("transport_per_centrality") ** (
        centrality - p.factor("usual_centrality")
    )
    arrived = on_scene + 60 + chance.seconds(far, spread, size)
    stop = np.where(
        rosc,
        circulation,
        np.where(
            ongoing,
            arrived + 900,
            np.maximum(at_patient, begun) + chance.seconds(*p.wait("given_up_outside"), size),
        ),
    )
    return completed(
        chance,
        size,
        p,
        age=age,
        witnessed=witnessed,
        place=place,
        cause=cause,
        recognized=np.where(recognized, YES, NO),
        recognized_after=np.where(recognized, chance.whole(*p.span("recognition_seconds"), size), NEVER),
        guided=np.where(guided, YES, NO),
        first_responder=chance.pick(p.choice("first_responder"), size),
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
            chance.yes(p.share("physician_outside"), size), chance.pick(p.choice("physician"), size), 0
        ),
        machine=chance.yes(p.share("mechanical_compressions"), size),
        call=call,
        alert=alert,
        leave=leave,
        arrive=arrive,
        at_patient=at_patient,
        cpr=np.where(treated, begun, NEVER),
        shock=np.where(aed_shock, begun + 60, np.maximum(at_patient, begun) + chance.whole(*p.span("crew_shock_seconds"), size)),
        circulation=circulation,
        end=np.where(attempted, stop, NEVER),
        hospital=np.where(transported, arrived, NEVER),
    )  # fmt: skip


def _dies_of_a_later_arrest(p: Parameters) -> float:
    """Share of the treated who would live on, but for an arrest inside hospital some days later."""
    treated = p.share("outside") * p.share("resuscitation_attempted")
    return p.share("inside_after_outside") * (1 - p.share("survival_inside")) / treated


def _shockable_share(
    p: Parameters, analysed: Int64s, *, helped: Bools, witnessed: Bools, cause: Int64s
) -> Floats:
    """The chance of a shockable rhythm: it decays with time without circulation."""
    lost = p.factor("rhythm_lost_per_minute") * np.minimum(analysed, 3600) / 60
    left = np.exp(-lost * np.where(helped, p.factor("rhythm_lost_if_helped"), 1.0))
    seen = np.where(
        witnessed, p.factor("shockable_if_witnessed"), p.factor("shockable_if_unwitnessed")
    )
    medical = np.isin(cause, (11, 12))
    origin = np.where(medical, p.factor("shockable_if_medical"), p.factor("shockable_if_external"))
    share: Floats = p.share("shockable_at_once") * left * seen * origin
    return share
