"""Arrests outside hospital: from the call to the hospital's door."""

from __future__ import annotations

from dataclasses import dataclass

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
    Patients,
    completed,
)
from hsr_privacy.synthesis.chance import Bools, Chance, Floats, Int64s, calibrated
from hsr_privacy.synthesis.numbers import ALL_ATTENDED_SINCE
from hsr_privacy.synthesis.parameters import Parameters
from hsr_privacy.synthesis.survival import (
    LATE_SECONDS,
    MEDICAL,
    causes_outside,
    first_rhythm,
    places_outside,
    survival_odds,
    survives,
)

_HOME = 0
_MANY = (1, 3, 4)
"""Codes of places where many people are: public, work, sport."""

_FAMILY, _PASSER_BY, _RESPONDER, _CREW = 1, 2, 4, 5
_LASTING_SECONDS = 1200
_AT_ONCE = 5
"""Seconds until anybody begins."""


@dataclass(frozen=True)
class _Drive:
    """Seconds after the arrest: the call, and the ambulance on its way."""

    call: Int64s
    alert: Int64s
    leave: Int64s
    arrive: Int64s
    at_patient: Int64s
    response: Int64s


@dataclass(frozen=True)
class _Help:
    """What was done before the ambulance came, and whether it tried."""

    recognized: Bools
    guided: Bools
    attempted: Bools
    helped: Bools
    begun: Int64s
    attached: Bools


def outside_hospital(who: Patients, centrality: Int64s, chance: Chance, p: Parameters) -> Arrests:
    """Arrests outside hospital.

    Args:
        who: the patients.
        centrality: of the place, 1 (most central) to 6.
        chance: where randomness comes from.
        p: the numbers.
    """
    size, year = len(who), who.year
    witnessed = np.where(
        chance.yes(p.share("ambulance_witnessed"), size),
        BY_AMBULANCE,
        np.where(chance.yes(p.share("bystander_witnessed"), size), BY_BYSTANDER, NOT_WITNESSED),
    )
    by_ambulance = witnessed == BY_AMBULANCE
    cause = causes_outside(who.age, chance, p)
    place = places_outside(who, cause, chance, p)
    drive = _drive(centrality, by_ambulance, chance, p)
    aid = _help(drive, witnessed, place, year, chance=chance, p=p)
    attempted, helped, begun, attached = aid.attempted, aid.helped, aid.begun, aid.attached
    treated = attempted | helped
    analysed = np.where(by_ambulance, 30, np.maximum(drive.at_patient, begun) + 60)
    shockable = chance.yes(
        _shockable_share(p, analysed, helped=helped, witnessed=witnessed > 0, cause=cause), size
    )
    aed_shock = attached & shockable & chance.yes(p.share("aed_shock_if_shockable"), size)
    shocked = treated & (
        aed_shock | (attempted & (shockable | chance.yes(p.share("shock_later"), size)))
    )
    odds = survival_odds(
        who,
        p,
        shockable=shockable,
        witnessed=witnessed > 0,
        helped=helped,
        late=drive.response >= LATE_SECONDS,
        cause=cause,
    )
    steps = (
        "rosc_outside_treated", "arrives_with_circulation", "alive_24h_outside",
        "survival_outside_treated",
    )  # fmt: skip
    rosc, arrives, alive_24h, alive_30d = survives(
        odds, attempted, [p.shares_of(step, year) for step in steps], chance
    )
    ongoing = attempted & ~arrives & chance.yes(p.share("transported_during_resuscitation"), size)
    circulation = _circulation(drive, rosc, begun, by_ambulance, chance=chance, p=p)
    arrived, end = _ends(
        drive, centrality, circulation, chance, p, begun=begun, arrives=arrives, ongoing=ongoing
    )
    ways = chance.pick(p.choice("bystander_way"), size)
    responder = chance.pick(p.choice("first_responder"), size)
    return completed(
        who,
        chance,
        p,
        witnessed=witnessed,
        place=place,
        cause=cause,
        recognized=np.where(aid.recognized, YES, NO),
        recognized_after=np.where(
            aid.recognized,
            np.minimum(chance.whole(*p.span("recognition_seconds"), size), drive.response - 1),
            NEVER,
        ),
        guided=np.where(aid.guided, YES, NO),
        first_responder=responder,
        care=np.maximum(drive.at_patient, begun),
        before_care=aed_shock,
        bystander_cpr=np.where(by_ambulance, NOT_APPLICABLE, np.where(helped, ways, NO)),
        first_cpr_by=np.where(
            helped, _helpers(place, responder, chance, p), np.where(attempted, _CREW, 0)
        ),
        aed=np.where(by_ambulance, NOT_APPLICABLE, np.where(attached, YES, NO)),
        aed_shock=np.where(by_ambulance, NOT_APPLICABLE, np.where(aed_shock, YES, NO)),
        attempted=attempted,
        shocked=shocked,
        rhythm=first_rhythm(shockable, attempted | attached, chance, p),
        rosc=rosc,
        arrives=arrives,
        transported=arrives | ongoing,
        admitted=arrives,
        alive_24h=alive_24h,
        alive_30d=alive_30d,
        physician=np.where(
            chance.yes(p.share("physician_outside"), size),
            chance.pick(p.choice("physician"), size),
            0,
        ),
        machine=chance.yes(p.share("mechanical_compressions"), size),
        call=drive.call,
        alert=drive.alert,
        leave=drive.leave,
        arrive=drive.arrive,
        at_patient=drive.at_patient,
        cpr=np.where(treated, begun, NEVER),
        shock=np.where(
            aed_shock,
            begun + 60,
            np.maximum(drive.at_patient, begun) + chance.whole(*p.span("crew_shock_seconds"), size),
        ),
        circulation=circulation,
        end=np.where(attempted, end, NEVER),
        hospital=np.where(arrives | ongoing, arrived, NEVER),
    )


def _drive(centrality: Int64s, by_ambulance: Bools, chance: Chance, p: Parameters) -> _Drive:
    """A call some minutes after the arrest, or before it where the ambulance saw it."""
    size = len(centrality)
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
    return _Drive(call, alert, leave, arrive, at_patient, response)


def _help(
    drive: _Drive, witnessed: Int64s, place: Int64s, year: Int64s, *, chance: Chance, p: Parameters
) -> _Help:
    """What dispatch recognized, what those present did, and whether the crew tried."""
    size = len(year)
    by_ambulance = witnessed == BY_AMBULANCE
    recognized = chance.yes(p.share("recognized_by_dispatch"), size) & ~by_ambulance
    guided = recognized & chance.yes(p.share("guided_by_dispatch"), size)
    # The crew always tries where it saw the arrest, so a little less often elsewhere.
    seen_by_crew = p.share("ambulance_witnessed")
    elsewhere = (p.shares_of("resuscitation_attempted", year) - seen_by_crew) / (1 - seen_by_crew)
    attempted = by_ambulance | chance.yes(elsewhere, size)
    odds: Floats = (
        np.log(p.odds.helped_if_guided.value) * guided
        + np.log(p.odds.helped_if_witnessed.value) * (witnessed == BY_BYSTANDER)
        + np.log(p.odds.helped_if_not_at_home.value) * (place != _HOME)
    )
    likely = calibrated(odds, p.shares_of("bystander_cpr", year), attempted & ~by_ambulance)
    # Until 2021 an arrest was told only where somebody tried: the crew, or those present.
    told_anyway = chance.yes(p.share("delivered_though_excluded"), size)
    unattempted = np.where(
        (year >= ALL_ATTENDED_SINCE) | told_anyway, p.share("bystander_cpr_if_not_attempted"), 1.0
    )
    helped = ~by_ambulance & chance.yes(np.where(attempted, likely, unattempted), size)
    begun = np.where(
        helped,
        drive.call + chance.whole(*p.span("bystander_after_call_seconds"), size),
        drive.at_patient + chance.whole(*p.span("crew_begins_seconds"), size),
    )
    begun = np.where(
        by_ambulance,
        chance.whole(*p.span("crew_begins_if_seen_seconds"), size),
        np.maximum(begun, _AT_ONCE),
    )
    # Those who help have a defibrillator with them now and then, seldom at home.
    with_aed = p.shares_of("aed_attached", year) / p.shares_of("bystander_cpr", year)
    near: Floats = np.log(p.odds.aed_where_many_are.value) * np.isin(place, _MANY)
    attached = helped & chance.yes(calibrated(near, with_aed, helped & attempted), size)
    return _Help(recognized, guided, attempted, helped, begun, attached)


def _helpers(place: Int64s, responder: Int64s, chance: Chance, p: Parameters) -> Int64s:
    """Who began: no passer-by at home, and no first responder where none was alerted."""
    who = chance.pick(p.choice("bystander_who"), len(place))
    alone = np.where(place == _HOME, _FAMILY, _PASSER_BY)
    nobody = (who == _PASSER_BY) | ((who == _RESPONDER) & (responder == 0))
    return np.where(nobody, alone, who)


def _circulation(
    drive: _Drive, rosc: Bools, begun: Int64s, by_ambulance: Bools, *, chance: Chance, p: Parameters
) -> Int64s:
    """When circulation came back."""
    size = len(rosc)
    after_crew = drive.at_patient + chance.seconds(*p.wait("circulation_outside"), size)
    seen = 60 + chance.seconds(*p.wait("circulation_seen_by_crew"), size)
    back = np.maximum(np.where(by_ambulance, seen, after_crew), begun + 60)
    return np.where(rosc, back, NEVER)


def _ends(
    drive: _Drive,
    centrality: Int64s,
    circulation: Int64s,
    chance: Chance,
    p: Parameters,
    *,
    begun: Int64s,
    arrives: Bools,
    ongoing: Bools,
) -> tuple[Int64s, Int64s]:
    """When the ambulance reaches hospital, and when resuscitation ends."""
    size = len(begun)
    on_scene = np.maximum(np.maximum(circulation, drive.at_patient), begun)
    # Circulation that counts lasted for twenty minutes, also where it was lost again.
    lost = (circulation != NEVER) & ~arrives
    on_scene = np.where(lost, np.maximum(on_scene, circulation + _LASTING_SECONDS), on_scene)
    median, spread = p.wait("transport")
    far = median * p.factor("transport_per_centrality") ** (
        centrality - p.factor("usual_centrality")
    )
    arrived = on_scene + 60 + chance.seconds(far, spread, size)
    there = chance.seconds(*p.wait("given_up_in_hospital"), size)
    given_up = on_scene + chance.seconds(*p.wait("given_up_outside"), size)
    return arrived, np.where(arrives, circulation, np.where(ongoing, arrived + there, given_up))


def _shockable_share(
    p: Parameters, analysed: Int64s, *, helped: Bools, witnessed: Bools, cause: Int64s
) -> Floats:
    """The chance of a shockable rhythm: it decays with time without circulation."""
    lost = p.factor("rhythm_lost_per_minute") * np.minimum(analysed, 3600) / 60
    left = np.exp(-lost * np.where(helped, p.factor("rhythm_lost_if_helped"), 1.0))
    seen = np.where(
        witnessed, p.factor("shockable_if_witnessed"), p.factor("shockable_if_unwitnessed")
    )
    medical = np.isin(cause, MEDICAL)
    origin = np.where(medical, p.factor("shockable_if_medical"), p.factor("shockable_if_external"))
    share: Floats = p.share("shockable_at_once") * left * seen * origin
    return share
