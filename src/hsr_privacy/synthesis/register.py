"""The truth of a simulated register: who arrested when, and again, before anybody wrote it down."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hsr_privacy.synthesis.afterwards import in_one_stay, later_deaths, one_death
from hsr_privacy.synthesis.arrests import NEVER, Arrests, Patients
from hsr_privacy.synthesis.chance import Bools, Chance, Int64s
from hsr_privacy.synthesis.clocks import Moments, local, years
from hsr_privacy.synthesis.inside import inside_hospital
from hsr_privacy.synthesis.moments import clocks_move, draw_moments, during_work
from hsr_privacy.synthesis.outside import outside_hospital
from hsr_privacy.synthesis.parameters import Parameters
from hsr_privacy.synthesis.people import People, draw_people
from hsr_privacy.synthesis.population import Country, Places, Residents, drawn
from hsr_privacy.synthesis.telling import Telling, who_tells

_DAY = 86_400


@dataclass(frozen=True)
class Simulated:
    """What happened, in truth.

    Attributes:
        outside: whether each arrest was outside hospital.
        at: when, UTC, to the second.
        day: of the arrest, as the calendar in Norway has it.
        person: number of the person.
        age: on the day.
        area: number of the area where it was.
        arrests: what was done and what became of it.
        people: one entry per person.
        places: the country.
        until: the day on which the register was dumped.
    """

    outside: Bools
    at: Moments
    day: Moments
    person: Int64s
    age: Int64s
    area: Int64s
    arrests: Arrests
    people: People
    places: Places
    until: np.datetime64

    def __len__(self) -> int:
        """Number of arrests."""
        return len(self.at)

    @property
    def year(self) -> Int64s:
        """The year of each arrest."""
        return years(self.day)


def dumped_on(last_year: int) -> str:
    """The day on which deliveries of these years are written, ``YYYY-MM-DD``."""
    return f"{last_year + 1}-03-01"


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
    country = Country(
        first_year, last_year, divided=p.divided.into, year_of_age=p.odds.year_of_age.value
    )
    places = country.places
    telling = who_tells(places, first_year, last_year, chance=chance, p=p)
    outside, year = _when(events, telling, chance)
    living = _residents(country, telling, outside, year, chance=chance, p=p)
    area = _where(living.area, outside, year, places, telling, chance=chance, p=p)
    begins = np.where(outside, telling.begins(year, area), 0.0)
    at = draw_moments(year, begins, chance, p)
    people = draw_people(living, outside, _day(at), chance, p)
    world = _World(people, places, chance, p)
    first = world.course(np.arange(events), outside, at, area)
    again = _again(first, people, telling, last_year, chance=chance, p=p)
    later_course = world.course(again.source, again.outside, again.at, again.area)
    # One stay has one end: a second arrest in it is survived where the first one is.
    fits = ~again.same_stay | (
        later_course.arrests.alive_30d == first.arrests.alive_30d[again.source]
    )
    again, later_course = again.taken(fits), later_course.taken(np.flatnonzero(fits))
    source = again.source
    kept = _kept(outside, year, again, chance)
    whole = _Course.joined(first.taken(kept), later_course)
    until, day = np.datetime64(dumped_on(last_year), "D"), _day(whole.at)
    numbers, last = day.astype(np.int64), int(until.astype(np.int64))
    same = np.flatnonzero(again.same_stay)
    earlier, later = np.searchsorted(kept, source[same]), len(kept) + same
    arrests = in_one_stay(whole.arrests, earlier, later, numbers[later] - numbers[earlier])
    arrests = later_deaths(
        arrests, whole.person, age=whole.age, day=numbers, until=last, chance=chance, p=p
    )
    came = np.zeros(len(people), bool)
    came[whole.person[arrests.transported]] = True
    return Simulated(
        outside=whole.outside,
        at=whole.at,
        day=day,
        person=whole.person,
        age=whole.age,
        area=whole.area,
        arrests=one_death(arrests, whole.person, numbers),
        people=replace(people, named_later=people.named_later & came),
        places=places,
        until=until,
    )


@dataclass(frozen=True)
class _Course:
    """Arrests with who had them, where and when."""

    person: Int64s
    outside: Bools
    at: Moments
    age: Int64s
    area: Int64s
    arrests: Arrests

    @classmethod
    def joined(cls, first: _Course, second: _Course) -> _Course:
        return cls(
            person=np.concatenate([first.person, second.person]),
            outside=np.concatenate([first.outside, second.outside]),
            at=np.concatenate([first.at, second.at]),
            age=np.concatenate([first.age, second.age]),
            area=np.concatenate([first.area, second.area]),
            arrests=Arrests.joined(first.arrests, second.arrests),
        )

    def taken(self, rows: Int64s) -> _Course:
        return _Course(
            self.person[rows], self.outside[rows], self.at[rows], self.age[rows], self.area[rows],
            self.arrests.taken(rows),
        )  # fmt: skip


@dataclass(frozen=True)
class _Again:
    """Later arrests: of which first one, when, where, and whether in the same stay."""

    source: Int64s
    at: Moments
    outside: Bools
    area: Int64s
    same_stay: Bools

    def taken(self, which: Bools) -> _Again:
        return _Again(
            self.source[which], self.at[which], self.outside[which], self.area[which],
            self.same_stay[which],
        )  # fmt: skip


def _when(events: int, telling: Telling, chance: Chance) -> tuple[Bools, Int64s]:
    """Outside or inside, and the year: more where more is told, and where more happens."""
    weights = np.concatenate([telling.arrests(outside=True), telling.arrests(outside=False)])
    chosen = drawn(weights, events, chance.rng)
    years = telling.years[chosen % len(telling.years)]
    return chosen < len(telling.years), years


def _residents(
    country: Country,
    telling: Telling,
    outside: Bools,
    year: Int64s,
    *,
    chance: Chance,
    p: Parameters,
) -> Residents:
    """Who they are: from where somebody tells of such an arrest in such a year."""
    columns = {name: np.empty(len(outside), np.int64) for name in ("age", "sex", "area")}
    for place, man in ((True, "man_outside"), (False, "man_inside")):
        for one in telling.years.tolist():
            mine = np.flatnonzero((outside == place) & (year == one))
            if len(mine):
                told = telling.share(one, outside=place)
                part = country.draw(len(mine), told=told, man=p.share(man), rng=chance.rng)
                for name, column in columns.items():
                    column[mine] = getattr(part, name)
    return Residents(**columns)


def _where(
    home: Int64s,
    outside: Bools,
    year: Int64s,
    places: Places,
    telling: Telling,
    *,
    chance: Chance,
    p: Parameters,
) -> Int64s:
    """Where it happened: at home or near it, or where people of the whole country travel."""
    area = home.copy()
    away = outside & chance.yes(p.share("away_from_home"), len(home))
    for one in telling.years.tolist():
        mine = np.flatnonzero(away & (year == one))
        told = telling.share(one, outside=True)
        area[mine] = drawn(places.persons * told, len(mine), chance.rng)
    return area


def _day(at: Moments) -> Moments:
    return local(at).astype("datetime64[D]")


def _age(born: Moments, days: Moments) -> Int64s:
    """Completed years."""
    months = (days.astype("datetime64[M]") - born.astype("datetime64[M]")).astype(np.int64)
    day_of_month = (days - days.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64)
    birth_day = (born - born.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64)
    result: Int64s = (months - (day_of_month < birth_day)) // 12
    return result


@dataclass(frozen=True)
class _World:
    """People and places, and the chance that meets them."""

    people: People
    places: Places
    chance: Chance
    p: Parameters

    def course(self, person: Int64s, outside: Bools, at: Moments, area: Int64s) -> _Course:
        """What happens to people in arrests of theirs."""
        day = _day(at)
        age, year = _age(self.people.born[person], day), years(day)
        conditions = self.people.how_many_conditions[person]
        working = during_work(at)
        centrality = self.places.centrality[self.places.group[area]]
        out = outside_hospital(
            Patients(age[outside], conditions[outside], year[outside], working[outside]),
            centrality[outside],
            self.chance,
            self.p,
        )
        inside = inside_hospital(
            Patients(age[~outside], conditions[~outside], year[~outside], working[~outside]),
            self.chance,
            self.p,
        )
        return _Course(person, outside, at, age, area, Arrests.merged(outside, out, inside))


def _kept(outside: Bools, year: Int64s, again: _Again, chance: Chance) -> Int64s:
    """The first arrests that stay: each later one takes the place of another person's.

    It is one of the same kind and year where there is one, so that no kind or year grows.
    """
    size = len(outside)
    others = np.ones(size, bool)
    others[again.source] = False
    order = chance.rng.permutation(np.flatnonzero(others))
    kind = year * 2 + outside
    later = years(_day(again.at)) * 2 + again.outside
    gone = np.zeros(size, bool)
    for one in np.unique(later):
        gone[order[kind[order] == one][: (later == one).sum()]] = True
    missing = len(again.source) - int(gone.sum())
    gone[order[~gone[order]][:missing]] = True
    return np.flatnonzero(~gone)


def _again(
    first: _Course,
    people: People,
    telling: Telling,
    last_year: int,
    *,
    chance: Chance,
    p: Parameters,
) -> _Again:
    """Who arrests again, when, and whether outside: in the same hospital stay, or months later."""
    size = len(first.at)
    died = first.arrests.died_after_days
    alive, admitted = died == NEVER, first.arrests.admitted
    soon = chance.whole(*p.span("inside_after_outside_days"), size)
    later = chance.whole(*p.span("again_days"), size)
    in_stay = first.outside & admitted & first.arrests.alive_24h & (alive | (died > soon))
    plans = (
        # Twice as many as are wanted: about half of them end as the first arrest does.
        (2 * p.share("inside_after_outside"), in_stay, soon, 0.0),
        (p.share("arrest_again"), alive, later, p.share("again_outside")),
    )
    sources, gaps, outsides = [], [], []
    taken = np.zeros(size, bool)
    for share, candidates, days, outside_share in plans:
        wanted = min(round(size * share), size // 4)
        chosen = np.sort(chance.rng.permutation(np.flatnonzero(candidates & ~taken))[:wanted])
        taken[chosen] = True
        sources.append(chosen)
        gaps.append(days[chosen])
        outsides.append(chance.yes(outside_share, len(chosen)))
    source = np.concatenate(sources)
    gap = np.concatenate(gaps)
    second = chance.whole(0, _DAY - 1, len(source)).astype("timedelta64[s]")
    at = first.at[source] + (gap * _DAY).astype("timedelta64[s]") + second
    outside = np.concatenate(outsides)
    same_stay = np.arange(len(source)) < len(sources[0])
    area = np.where(same_stay, first.area[source], people.area[source])
    day = _day(at)
    told = (
        (years(day) <= last_year)
        & telling.tells(at, area, outside)
        & ~clocks_move(day)
        & ~clocks_move(day + 1)
    )
    return _Again(source[told], at[told], outside[told], area[told], same_stay[told])
