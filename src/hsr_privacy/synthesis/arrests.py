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

NEVER = np.iinfo(np.int64).min
NO, YES, NOT_APPLICABLE, UNKNOWN = 0, 1, 888, 999
NOT_WITNESSED, BY_BYSTANDER, BY_AMBULANCE = 0, 1, 2
_DAY = 86_400
_OLD = 65
_DRUG_SECONDS = 120
_UNTREATED_SECONDS = 3600


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


def completed(
    chance: Chance, size: int, *, age: Int64s, good: float, brief: float, **known: NDArray[Any]
) -> Arrests:
    """Fill in what follows from the rest.

    Args:
        chance: where randomness comes from.
        size: number of arrests.
        age: whole years.
        good: share of survivors with good function.
        brief: share of failed attempts in which circulation came back and did not last.
        known: the columns of `Arrests` that are decided, and ``shocked`` and ``stopped``.
    """
    never = np.full(size, NEVER)
    no = np.full(size, NO)
    blank = np.full(size, NOT_APPLICABLE)
    columns = dict(known)
    shocked = columns.pop("shocked")
    attempted = columns["attempted"]
    rosc, alive_24h, alive_30d = (columns[n] for n in ("rosc", "alive_24h", "alive_30d"))
    cpr, shock = columns["cpr"], columns.pop("shock")
    # Shocks and drugs come while resuscitation lasts: until circulation is back, or it ends.
    until = np.where(rosc, columns["circulation"], columns["end"])
    lasting = np.where(until == NEVER, _UNTREATED_SECONDS, until - np.maximum(cpr, 0))
    more_shocks = np.minimum(chance.rng.geometric(0.42, size) - 1, lasting // 120)
    shocks = np.where(shocked, 1 + np.minimum(more_shocks, 30), 0)
    line = attempted & chance.yes(0.85, size)
    drug = line & chance.yes(np.where(rosc, 0.65, 0.92), size) & (lasting > _DRUG_SECONDS)
    drug_after = np.minimum(chance.seconds(9, 0.5, size), lasting * 9 // 10)
    shock_after = np.minimum(np.maximum(shock - cpr, 5), lasting * 9 // 10)
    stopped = columns.pop("stopped", np.zeros(size, bool))
    reasons = chance.pick({1: 0.35, 2: 0.25, 3: 0.36, 4: 0.04}, size)
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
        shock=np.where(shocked, cpr + shock_after, NEVER),
        airway=np.where(attempted, chance.pick({0: 0.08, 1: 0.27, 2: 0.40, 3: 0.249, 4: 0.001}, size), 0),
        machine=np.where(attempted & machine, YES, NO),
        access=np.where(line, chance.pick({1: 0.7, 2: 0.3}, size), 0),
        adrenaline=np.where(drug, np.minimum(1.0 + chance.rng.geometric(0.28, size) - 1, 15.0), 0.0),
        drug=np.where(drug, np.maximum(cpr, 0) + drug_after, NEVER),
        any_rosc=rosc | (attempted & chance.yes(brief, size)),
        amiodarone=np.where(line & (shocks > 2) & chance.yes(0.7, size), YES, NO),
        stay_days=np.where(alive_30d, stay, np.where(rosc, died, 0)),
        died_after_days=np.where(alive_30d, NEVER, died),
        good_function=alive_30d & chance.yes(good * frail, size),
    )  # fmt: skip
