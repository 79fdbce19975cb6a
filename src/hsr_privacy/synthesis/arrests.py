"""One arrest after the other: where, when, who saw it, what was done, what became of the patient.

Every array is of one entry per arrest. Times are whole seconds after the arrest; what did not happen
is `NEVER`. Codes are those of the codebook's code lists.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.synthesis.chance import Bools, Chance, Floats, Int64s
from hsr_privacy.synthesis.parameters import Parameters

NEVER = np.iinfo(np.int64).min
NO, YES, NOT_APPLICABLE, UNKNOWN = 0, 1, 888, 999
NOT_WITNESSED, BY_BYSTANDER, BY_AMBULANCE = 0, 1, 2
_DAY = 86_400
_OLD = 65
_DRUG_SECONDS = 120
_LONGEST_STAY = 300
_MONTH = 30
_UNTREATED_SECONDS = 3600


@dataclass(frozen=True)
class Patients:
    """Who arrests: whole years of age, how many diseases before, the year, and whether people work."""

    age: Int64s
    conditions: Int64s
    year: Int64s
    working_hours: Bools

    def __len__(self) -> int:
        """Number of patients."""
        return len(self.age)


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
    any_rosc: Bools
    arrives: Bools
    transported: Bools
    admitted: Bools
    alive_24h: Bools
    alive_30d: Bools
    discharged: Bools
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


def completed(who: Patients, chance: Chance, p: Parameters, **known: NDArray[Any]) -> Arrests:
    """Fill in what follows from the rest.

    Args:
        who: the patients.
        chance: where randomness comes from.
        p: the numbers.
        known: the columns of `Arrests` that are decided; ``shocked``, ``stopped``, ``care``: when
            those come who have drugs, and ``before_care``: whether the first shock is given earlier.
    """
    size, age = len(who), who.age
    never = np.full(size, NEVER)
    no = np.full(size, NO)
    blank = np.full(size, NOT_APPLICABLE)
    columns = dict(known)
    shocked = columns.pop("shocked")
    attempted = columns["attempted"]
    rosc, alive_30d = columns["rosc"], columns["alive_30d"]
    cpr, shock = columns["cpr"], columns.pop("shock")
    # Shocks and drugs come while resuscitation lasts: until circulation is back, or it ends.
    care, before_care = columns.pop("care"), columns.pop("before_care")
    until = np.where(rosc, columns["circulation"], columns["end"])
    until = np.where(until == NEVER, np.maximum(cpr, 0) + _UNTREATED_SECONDS, until)
    begin = np.where(before_care, np.maximum(cpr, 0), care)
    lasting = np.maximum(until - begin, 0)
    treating = np.maximum(until - care, 0)
    more_shocks = np.minimum(chance.rng.geometric(p.share("last_shock"), size) - 1, lasting // 120)
    shocks = np.where(shocked, 1 + np.minimum(more_shocks, 30), 0)
    line = attempted & chance.yes(p.share("vascular_access"), size)
    given = np.where(rosc, p.share("adrenaline_if_circulation"), p.share("adrenaline_if_none"))
    drug = line & chance.yes(given, size) & (treating > _DRUG_SECONDS)
    drug_after = np.minimum(chance.seconds(*p.wait("drug"), size), treating * 9 // 10)
    shock_after = np.minimum(np.maximum(shock - begin, 5), lasting * 9 // 10)
    stopped = columns.pop("stopped", np.zeros(size, bool))
    reasons = chance.pick(p.choice("stopped_reason"), size)
    stay, died, discharged = _after(chance, size, p, columns)
    machine = columns.pop("machine")
    function = np.where(
        age > _OLD, p.factor("good_function_if_old"), p.factor("good_function_if_young")
    )
    # Together, the old and the young reach the share that is published.
    function = function / (function[alive_30d].mean() if alive_30d.any() else 1.0)
    defaults = {
        "recognized": no, "recognized_after": never, "guided": no, "first_responder": no,
        "bystander_cpr": blank, "aed": blank, "aed_shock": blank, "monitored": blank,
        "compressions_over_30s": blank, "team_called": never, "team_arrived": never,
    }  # fmt: skip
    return Arrests(
        **{**defaults, **columns},
        no_cpr_reason=np.where(attempted, NOT_APPLICABLE, _reasons(columns["witnessed"], chance, p)),
        stopped=np.where(stopped, YES, NO),
        stopped_reason=np.where(stopped, reasons, NOT_APPLICABLE),
        shocks=shocks,
        shock=np.where(shocked, begin + shock_after, NEVER),
        airway=np.where(attempted, chance.pick(p.choice("airway"), size), 0),
        machine=np.where(attempted & machine, YES, NO),
        access=np.where(line, chance.pick(p.choice("access"), size), 0),
        adrenaline=np.where(drug, np.minimum(1.0 + chance.rng.geometric(p.share("last_adrenaline"), size) - 1, 15.0), 0.0),
        drug=np.where(drug, care + drug_after, NEVER),
        any_rosc=rosc | (attempted & chance.yes(p.share("brief_circulation"), size)),
        amiodarone=np.where(line & (shocks > 2) & chance.yes(p.share("amiodarone_after_three_shocks"), size), YES, NO),
        stay_days=stay,
        died_after_days=died,
        discharged=discharged,
        good_function=alive_30d & chance.yes(p.shares_of("good_function_in_survivors", who.year) * function, size),
    )  # fmt: skip


def _reasons(witnessed: Int64s, chance: Chance, p: Parameters) -> Int64s:
    """Why nobody tried; who was seen to collapse is not found with the signs of a sure death."""
    found = chance.pick(p.choice("no_cpr_reason"), len(witnessed))
    seen = chance.pick(p.choice("no_cpr_reason_if_seen"), len(witnessed))
    return np.where(witnessed > NOT_WITNESSED, seen, found)


def _after(
    chance: Chance, size: int, p: Parameters, columns: dict[str, NDArray[Any]]
) -> tuple[Int64s, Int64s, Bools]:
    """Days in hospital, days until death (`NEVER` if alive), and whether the patient left it alive.

    Alive after 30 days and alive at discharge are not the same: some die at home within the month,
    and some are still in hospital after it and die there.
    """
    admitted, alive_24h, alive_30d = (columns[n] for n in ("admitted", "alive_24h", "alive_30d"))
    stay = np.minimum(chance.seconds(*p.wait("stay"), size) // _DAY, _LONGEST_STAY)
    early = chance.whole(*p.span("dies_early_days"), size)
    later = chance.whole(*p.span("dies_later_days"), size)
    died = np.where(alive_24h, later, np.where(admitted, early, 0))
    at_home = alive_24h & ~alive_30d & (died > 1) & chance.yes(p.share("dies_at_home"), size)
    long_ill = alive_30d & (stay > _MONTH) & chance.yes(p.share("dies_in_hospital_later"), size)
    stay = np.where(alive_30d, stay, np.where(at_home, died // 2, died))
    died = np.where(alive_30d, np.where(long_ill, stay, NEVER), died)
    return stay, died, at_home | (alive_30d & ~long_ill)
