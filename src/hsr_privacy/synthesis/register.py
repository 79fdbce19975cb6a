"""The truth of a simulated register: who arrested when, and again, before anybody wrote it down."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hsr_privacy.synthesis.arrests import NEVER, Arrests
from hsr_privacy.synthesis.chance import Bools, Chance, Int64s
from hsr_privacy.synthesis.clocks import Moments, local, utc, years
from hsr_privacy.synthesis.inside import inside_hospital
from hsr_privacy.synthesis.numbers import Coverage
from hsr_privacy.synthesis.outside import outside_hospital
from hsr_privacy.synthesis.parameters import Parameters
from hsr_privacy.synthesis.people import People, draw_people
from hsr_privacy.synthesis.population import Country, Places

_HOUR = 3600
_DAY = 24 * _HOUR
_NEVER_DAY = 10**9
_SURVIVAL_DAYS = 30


@dataclass(frozen=True)
class Simulated:
    """What happened, in truth.

    Attributes:
        outside: whether each arrest was outside hospital.
        at: when, UTC, to the second.
        day: of the arrest, as the calendar in Norway has it.
        person: number of the person.
        age: on the day.
        arrests: what was done and what became of it.
        people: one entry per person.
        places: the country.
    """

    outside: Bools
    at: Moments
    day: Moments
    person: Int64s
    age: Int64s
    arrests: Arrests
    people: People
    places: Places

    def __len__(self) -> int:
        """Number of arrests."""
        return len(self.at)

    @property
    def year(self) -> Int64s:
        """The year of each arrest."""
        return years(self.day)


def simulate(
    events: int, *, first_year: int, last_year: int, chance: Chance, p: Parameters
) -> Simulated:
    """Draw the people and their arrests.

    Args:
        events: number of arrests.
        first_year: of the register.
        last_year: of the register, included.
        chance: where randomness comes from.
        p: the numbers.
    """
    country = Country(first_year, last_year, divided=p.divided.into)
    asked = range(first_year, last_year + 1)
    outside = chance.yes(p.share("outside"), events) | (not any(p.coverage.inside.shares(asked)))
    at = _moments(_years(outside, p.coverage, first_year, last_year, chance), chance, p)
    day = _day(at)
    people = draw_people(country, outside, day, chance, p)
    centrality = country.places.centrality[people.group]
    age = _age(people.born, day)
    arrests = _course(outside, age, centrality, chance, p)
    first = _First(outside, at, arrests)
    sources, moments, is_outside = _again(first, last_year, chance, p)
    # Later arrests of the same people take the place of as many other people's.
    others = np.setdiff1d(np.arange(events), sources)
    kept = np.sort(chance.rng.permutation(others)[: events - len(sources) * 2])
    kept = np.sort(np.concatenate([kept, sources]))[: events - len(sources)]
    later_age = _age(people.born[sources], _day(moments))
    later = _course(is_outside, later_age, centrality[sources], chance, p)
    person = np.concatenate([kept, sources])
    at = np.concatenate([at[kept], moments])
    day = _day(at)
    whole = Arrests.joined(arrests.taken(kept), later)
    came = np.zeros(len(people), bool)
    came[person[whole.transported]] = True
    return Simulated(
        outside=np.concatenate([outside[kept], is_outside]),
        at=at,
        day=day,
        person=person,
        age=np.concatenate([age[kept], later_age]),
        arrests=_consistent_deaths(whole, person, day),
        people=replace(people, named_later=people.named_later & came),
        places=country.places,
    )


@dataclass(frozen=True)
class _First:
    outside: Bools
    at: Moments
    arrests: Arrests


def _years(
    outside: Bools, coverage: Coverage, first_year: int, last_year: int, chance: Chance
) -> Int64s:
    """The year of each arrest, more of them where more of the country delivered."""
    result = np.empty(len(outside), np.int64)
    for place, reached in ((True, coverage.outside), (False, coverage.inside)):
        mine = outside == place
        asked = range(first_year, last_year + 1)
        shares = {
            year: share for year, share in zip(asked, reached.shares(asked), strict=True) if share
        }
        total = sum(shares.values())
        if shares:
            relative = {year: share / total for year, share in shares.items()}
            result[mine] = chance.pick(relative, int(mine.sum()))
    return result


def _moments(year: Int64s, chance: Chance, p: Parameters) -> Moments:
    """Moments of UTC that lie in these years of the local calendar."""
    start = (year - 1970).astype("datetime64[Y]").astype("datetime64[s]")
    end = (year - 1969).astype("datetime64[Y]").astype("datetime64[s]")
    days = (end - start).astype(np.int64) // _DAY
    day = np.floor(chance.rng.random(len(year)) * days).astype(np.int64)
    hour = chance.pick(p.quarters_of_day.of, len(year)) + chance.whole(0, 5, len(year))
    seconds = day * _DAY + hour * _HOUR + chance.whole(0, _HOUR - 1, len(year))
    return utc(start + seconds.astype("timedelta64[s]"))


def _day(at: Moments) -> Moments:
    return local(at).astype("datetime64[D]")


def _age(born: Moments, days: Moments) -> Int64s:
    """Completed years."""
    months = (days.astype("datetime64[M]") - born.astype("datetime64[M]")).astype(np.int64)
    day_of_month = (days - days.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64)
    birth_day = (born - born.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64)
    result: Int64s = (months - (day_of_month < birth_day)) // 12
    return result


def _course(
    outside: Bools, age: Int64s, centrality: Int64s, chance: Chance, p: Parameters
) -> Arrests:
    return Arrests.merged(
        outside,
        outside_hospital(age[outside], centrality[outside], chance, p),
        inside_hospital(age[~outside], chance, p),
    )


def _again(
    first: _First, last_year: int, chance: Chance, p: Parameters
) -> tuple[Int64s, Moments, Bools]:
    """Who arrests again, when, and whether outside: in the same hospital stay, or months later."""
    size = len(first.at)
    alive = first.arrests.alive_30d
    sources, days, places = [], [], []
    plans = (
        ("inside_after_outside", first.outside & alive, p.span("inside_after_outside_days"), 0.0),
        ("arrest_again", alive, p.span("again_days"), p.share("again_outside")),
    )
    taken = np.zeros(size, bool)
    for share, candidates, span, outside_share in plans:
        wanted = min(round(size * p.share(share)), size // 4)
        chosen = chance.rng.permutation(np.flatnonzero(candidates & ~taken))[:wanted]
        taken[chosen] = True
        sources.append(np.sort(chosen))
        days.append(chance.whole(*span, len(chosen)))
        places.append(chance.yes(outside_share, len(chosen)))
    source = np.concatenate(sources)
    gap = np.concatenate(days) * _DAY + chance.whole(0, _DAY - 1, len(source))
    moments = first.at[source] + gap.astype("timedelta64[s]")
    outside, year = np.concatenate(places), years(_day(moments))
    told_inside = np.array(p.coverage.inside.shares(range(last_year + 1))) > 0
    told = (year <= last_year) & (outside | told_inside[np.minimum(year, last_year)])
    return source[told], moments[told], outside[told]


def _consistent_deaths(arrests: Arrests, person: Int64s, days: Moments) -> Arrests:
    """Who dies after a later arrest did not live on after the earlier one."""
    day = days.astype(np.int64)
    own = np.where(arrests.died_after_days == NEVER, _NEVER_DAY, day + arrests.died_after_days)
    death = np.full(int(person.max(initial=0)) + 1, _NEVER_DAY)
    np.minimum.at(death, person, own)
    left = death[person] - day
    dead = left < _SURVIVAL_DAYS
    return replace(
        arrests,
        alive_30d=arrests.alive_30d & ~dead,
        good_function=arrests.good_function & ~dead,
        died_after_days=np.where(death[person] == _NEVER_DAY, NEVER, left),
        stay_days=np.where(dead & arrests.rosc, left, arrests.stay_days),
    )
