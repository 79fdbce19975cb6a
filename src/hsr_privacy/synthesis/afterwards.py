"""What became of people with several arrests, and of those who live on: one stay, one death."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hsr_privacy.synthesis.arrests import NEVER, Arrests
from hsr_privacy.synthesis.chance import Chance, Int64s
from hsr_privacy.synthesis.parameters import Parameters

_NEVER_DAY = 10**9
_SURVIVAL_DAYS = 30
_OLD = 65
_MOST_A_YEAR = 0.9


def in_one_stay(arrests: Arrests, first: Int64s, later: Int64s, days: Int64s) -> Arrests:
    """One stay in hospital for two arrests: the first one's ends with the second's.

    Args:
        arrests: all.
        first: row of the first arrest of each pair.
        later: row of the second.
        days: between them.
    """
    stay, discharged = arrests.stay_days.copy(), arrests.discharged.copy()
    stay[first] = days + stay[later]
    discharged[first] = discharged[later]
    return replace(arrests, stay_days=stay, discharged=discharged)


def later_deaths(
    arrests: Arrests,
    person: Int64s,
    *,
    age: Int64s,
    day: Int64s,
    until: int,
    chance: Chance,
    p: Parameters,
) -> Arrests:
    """Those who live on die some day; the register knows of it until the day of the dump.

    Args:
        arrests: all.
        person: number of the person of each.
        age: whole years at each.
        day: number of the day of each.
        until: number of the day of the dump.
        chance: where randomness comes from.
        p: the numbers.
    """
    last = np.full(int(person.max(initial=0)) + 1, -_NEVER_DAY)
    np.maximum.at(last, person, day)
    yearly = p.share("dies_within_a_year") * p.factor("death_per_year_of_age") ** (age - _OLD)
    rate = -np.log1p(-np.minimum(yearly, _MOST_A_YEAR)) / 365
    after = np.ceil(chance.rng.exponential(1.0, len(day)) / rate).astype(np.int64)
    after = np.maximum(after + _SURVIVAL_DAYS, arrests.stay_days + 1)
    dies = (arrests.died_after_days == NEVER) & (day == last[person]) & (day + after <= until)
    return replace(arrests, died_after_days=np.where(dies, after, arrests.died_after_days))


def one_death(arrests: Arrests, person: Int64s, day: Int64s) -> Arrests:
    """Who dies after a later arrest did not live on after the earlier one.

    Args:
        arrests: all.
        person: number of the person of each.
        day: number of the day of each.
    """
    own = np.where(arrests.died_after_days == NEVER, _NEVER_DAY, day + arrests.died_after_days)
    death = np.full(int(person.max(initial=0)) + 1, _NEVER_DAY)
    np.minimum.at(death, person, own)
    left = death[person] - day
    dead = left < _SURVIVAL_DAYS
    there = left <= arrests.stay_days
    return replace(
        arrests,
        alive_30d=arrests.alive_30d & ~dead,
        good_function=arrests.good_function & ~dead,
        discharged=arrests.discharged & ~there,
        died_after_days=np.where(death[person] == _NEVER_DAY, NEVER, left),
        stay_days=np.where(there, left, arrests.stay_days),
    )
