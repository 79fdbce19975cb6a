"""One arrest after the other: where, when, who saw it, what was done, what became of the patient.

Every array is of one entry per arrest. Times are whole seconds after the arrest; what did not happen
is `NEVER`. Codes are those of the codebook's code lists.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.synthesis.chance import Bools, Chance, Floats, Int64s, calibrated
from hsr_privacy.synthesis.parameters import Parameters

NEVER = np.iinfo(np.int64).min
NO, YES, NOT_APPLICABLE, UNKNOWN = 0, 1, 888, 999
NOT_WITNESSED, BY_BYSTANDER, BY_AMBULANCE = 0, 1, 2
_DAY = 86_400
_OLD = 65
_LATE_SECONDS = 600


@dataclass(frozen=True)
class Arrests:
    """What happened, in truth."""

    witnessed: Int64s
    place: Int64s
    cause: Int64s
    recognized: Int64s
    recognized_after: Int64s
    guided: Int64s
    first_responder: Int64s
    bystander_cpr: Int64s
    first_cpr_by: Int64s
    aed: Int64s
    aed_shock: Int64s
    attempted: Bools
    no_cpr_reason: Int64s
    monitored: Int64s
    compressions_over_30s: Int64s
    stopped: Int64s
    stopped_reason: Int64s
    rhythm: Int64s
    shocks: Int64s
    airway: Int64s
    machine: Int64s
    access: Int64s
    adrenaline: Floats
    amiodarone: Int64s
    physician: Int64s
    rosc: Bools
    transported: Bools
    admitted: Bools
    alive_24h: Bools
    alive_30d: Bools
    stay_days: Int64s
    died_after_days: Int64s
    good_function: Bools
    call: Int64s
    alert: Int64s
    leave: Int64s
    arrive: Int64s
    at_patient: Int64s
    cpr: Int64s
    shock: Int64s
    drug: Int64s
    circulation: Int64s
    end: Int64s
    hospital: Int64s
    team_called: Int64s
    team_arrived: Int64s

    def __len__(self) -> int:
        """Number of arrests."""
        return len(self.witnessed)

    @classmethod
    def merged(cls, outside: Bools, out: Arrests, inside: Arrests) -> Arrests:
        """Put arrests outside and inside back into one order."""
        columns = {}
        for one in fields(cls):
            first, second = getattr(out, one.name), getattr(inside, one.name)
            column = np.empty(len(outside), first.dtype)
            column[outside], column[~outside] = first, second
            columns[one.name] = column
        return cls(**columns)

    @classmethod
    def joined(cls, first: Arrests, second: Arrests) -> Arrests:
        """The arrests of both, one after the other."""
        names = [one.name for one in fields(cls)]
        return cls(**{n: np.concatenate([getattr(first, n), getattr(second, n)]) for n in names})

    def taken(self, rows: Int64s) -> Arrests:
        """Some of the arrests, by their numbers."""
        return Arrests(**{one.name: getattr(self, one.name)[rows] for one in fields(self)})


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
    cause = _fitting_age(chance.pick(p.causes.outside, size), age)
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
    rhythm = _rhythm(shockable, attempted | attached, chance, size)
    # Survival, on the odds of what helped and what did not.
    odds = _survival_odds(
        age,
        p,
        shockable=shockable,
        witnessed=witnessed > 0,
        helped=helped,
        late=response > _LATE_SECONDS,
    )
    rosc, alive_24h, alive_30d = _survives(
        odds, attempted, (p.share("rosc_outside_treated"), 0.24, p.share("survival_outside_treated")),
        chance,
    )  # fmt: skip
    ongoing = attempted & ~rosc & chance.yes(0.10, size)
    transported = rosc | ongoing
    circulation = np.where(rosc, at_patient + chance.seconds(11, 0.6, size), NEVER)
    circulation = np.where(rosc & by_ambulance, chance.seconds(6, 0.7, size) + 60, circulation)
    on_scene = np.maximum(np.where(rosc, circulation, at_patient), at_patient)
    arrived = on_scene + chance.seconds(28 * 1.15 ** (centrality - 3.0), 0.5, size)
    stop = np.where(
        rosc,
        circulation,
        np.where(ongoing, arrived + 900, at_patient + chance.seconds(24, 0.4, size)),
    )
    return _arrests(
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
        good=p.share("good_function_in_survivors"),
    )  # fmt: skip


def inside_hospital(age: Int64s, chance: Chance, p: Parameters) -> Arrests:
    """Arrests inside hospital, those that the register must leave out among them."""
    size = len(age)
    never = np.full(size, NEVER)
    by_staff = chance.yes(p.share("staff_witnessed"), size)
    cause = _fitting_age(chance.pick(p.causes.inside, size), age)
    begun = chance.whole(5, 75, size) + np.where(by_staff, 0, chance.whole(20, 200, size))
    called = begun + chance.whole(5, 60, size)
    arrived = called + np.clip(chance.seconds(p.minutes.team_median.value, 0.5, size), 20, 1800)
    shockable = chance.yes(p.share("shockable_inside"), size)
    stopped = chance.yes(p.share("stopped_by_doctor"), size)
    odds = _survival_odds(
        age,
        p,
        shockable=shockable,
        witnessed=by_staff,
        helped=by_staff,
        late=arrived > _LATE_SECONDS,
    )
    rosc, alive_24h, alive_30d = _survives(
        odds, ~stopped, (0.52, 0.38, p.share("survival_inside")), chance
    )
    early = rosc & chance.yes(p.share("back_before_team") / 0.52, size)
    long_enough = np.where(early, chance.yes(p.share("compressions_over_30s"), size), True)  # noqa: FBT003
    circulation = np.where(
        early, np.minimum(begun + 25, arrived - 5), arrived + chance.seconds(9, 0.7, size)
    )
    shocked = (shockable & ~early) | (early & shockable & chance.yes(0.5, size))
    return _arrests(
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
        rhythm=_rhythm(shockable, np.ones(size, bool), chance, size),
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
        good=p.share("good_function_in_survivors"),
    )


def _arrests(
    chance: Chance, size: int, *, age: Int64s, good: float, **known: NDArray[Any]
) -> Arrests:
    """Fill in what follows from the rest."""
    never = np.full(size, NEVER)
    no = np.full(size, NO)
    blank = np.full(size, NOT_APPLICABLE)
    columns = dict(known)
    shocked = columns.pop("shocked")
    attempted = columns["attempted"]
    rosc, alive_24h, alive_30d = (columns[n] for n in ("rosc", "alive_24h", "alive_30d"))
    shocks = np.where(shocked, 1 + np.minimum(chance.rng.geometric(0.42, size) - 1, 30), 0)
    line = attempted & chance.yes(0.85, size)
    drug = line & chance.yes(np.where(rosc, 0.65, 0.92), size)
    stopped = columns.pop("stopped", np.zeros(size, bool))
    reasons = chance.pick({1: 0.35, 2: 0.25, 3: 0.36, 4: 0.04}, size)
    cpr, shock = columns["cpr"], columns.pop("shock")
    stay = np.minimum(chance.seconds(9 * 24 * 60, 0.8, size) // _DAY, 300)
    early = chance.whole(0, 1, size)
    died = np.where(alive_24h, chance.whole(2, 28, size), np.where(rosc, early, 0))
    machine = columns.pop("machine")
    frail = np.where(age > _OLD, 0.95, 1.03)
    defaults = {
        "recognized": no, "recognized_after": never, "guided": no, "first_responder": no,
        "bystander_cpr": blank, "aed": blank, "aed_shock": blank, "monitored": blank,
        "compressions_over_30s": blank, "team_called": never, "team_arrived": never,
    }  # fmt: skip
    return Arrests(
        **{**defaults, **columns},
        no_cpr_reason=np.where(
            attempted, NOT_APPLICABLE, chance.pick({1: 0.55, 2: 0.18, 3: 0.02, 4: 0.25}, size)
        ),
        stopped=np.where(stopped, YES, NO),
        stopped_reason=np.where(stopped, reasons, NOT_APPLICABLE),
        shocks=shocks,
        shock=np.where(shocked, np.maximum(shock, cpr + 5), NEVER),
        airway=np.where(attempted, chance.pick({0: 0.08, 1: 0.27, 2: 0.40, 3: 0.249, 4: 0.001}, size), 0),
        machine=np.where(attempted & machine, YES, NO),
        access=np.where(line, chance.pick({1: 0.7, 2: 0.3}, size), 0),
        adrenaline=np.where(drug, np.minimum(1.0 + chance.rng.geometric(0.28, size) - 1, 15.0), 0.0),
        drug=np.where(drug, np.maximum(cpr, 0) + chance.seconds(9, 0.5, size), NEVER),
        amiodarone=np.where(line & (shocks > 2) & chance.yes(0.7, size), YES, NO),
        stay_days=np.where(alive_30d, stay, np.where(rosc, died, 0)),
        died_after_days=np.where(alive_30d, NEVER, died),
        good_function=alive_30d & chance.yes(good * frail, size),
    )  # fmt: skip


def _fitting_age(cause: Int64s, age: Int64s) -> Int64s:
    """Overdoses are rare in the old, and hearts seldom stop of themselves in children."""
    cause = np.where((cause == 3) & (age > _OLD), 12, cause)
    result: Int64s = np.where((cause == 11) & (age < 15), 12, cause)
    return result


def _rhythm(shockable: Bools, analysed: Bools, chance: Chance, size: int) -> Int64s:
    yes = chance.pick({1: 0.86, 2: 0.06, 5: 0.08}, size)
    no = chance.pick({3: 0.31, 4: 0.55, 6: 0.06, 7: 0.03, 999: 0.05}, size)
    return np.where(analysed, np.where(shockable, yes, no), NOT_APPLICABLE)


def _survival_odds(
    age: Int64s, p: Parameters, *, shockable: Bools, witnessed: Bools, helped: Bools, late: Bools
) -> Floats:
    odds = p.odds
    total: Floats = (
        np.log(odds.shockable.value) * shockable
        + np.log(odds.witnessed.value) * witnessed
        + np.log(odds.bystander_cpr.value) * helped
        + np.log(odds.late_response.value) * late
        + np.log(odds.ten_years.value) * (age - 70) / 10
    )
    return total


def _survives(
    odds: Floats, treated: Bools, shares: tuple[float, float, float], chance: Chance
) -> tuple[Bools, Bools, Bools]:
    """Circulation, alive after 24 hours, alive after 30 days: each only of those before."""
    luck = chance.rng.random(len(odds))
    below = [luck < calibrated(odds, share, treated) for share in shares]
    rosc = treated & below[0]
    alive_24h = rosc & below[1]
    return rosc, alive_24h, alive_24h & below[2]
