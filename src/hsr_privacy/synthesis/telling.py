"""Who tells the register of an arrest, and from when: trusts join, and hospitals one by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hsr_privacy.errors import ConfigError
from hsr_privacy.synthesis.chance import Bools, Chance, Floats, Int64s
from hsr_privacy.synthesis.clocks import Moments
from hsr_privacy.synthesis.numbers import lasting
from hsr_privacy.synthesis.parameters import Parameters
from hsr_privacy.synthesis.population import Places


@dataclass(frozen=True)
class Telling:
    """Which arrests are told.

    Attributes:
        outside_from: per area, the moment from which its ambulances tell, as a year with fraction.
        inside_from: per area, the first year in which its hospital tells.
        often: per area, how much more often than its people's age says an arrest outside is told.
        outside_rate: per year asked for, arrests outside in the whole country.
        inside_rate: per year asked for, arrests inside in the whole country.
        persons: per area, who lives there.
        years: asked for.
    """

    outside_from: Floats
    inside_from: Floats
    often: Floats
    outside_rate: Floats
    inside_rate: Floats
    persons: Floats
    years: Int64s

    def share(self, year: int, *, outside: bool) -> Floats:
        """Per area, the share of a year's arrests that are told, times how often they happen."""
        told: Floats = self.covered(year, outside=outside) * (self.often if outside else 1.0)
        return told

    def covered(self, year: int, *, outside: bool) -> Floats:
        """Per area, the share of a year, 0-1, in which arrests are told."""
        since = self.outside_from if outside else self.inside_from
        return np.clip(year + 1 - since, 0.0, 1.0)

    def arrests(self, *, outside: bool) -> Floats:
        """Per year asked for, how many arrests are told: by those who tell, as often as is published."""
        rate = self.outside_rate if outside else self.inside_rate
        covered = [self.persons @ self.covered(y, outside=outside) for y in self.years.tolist()]
        told: Floats = rate * np.array(covered) / self.persons.sum()
        return told

    def begins(self, year: Int64s, area: Int64s) -> Floats:
        """The part of each year that had passed when the ambulances of an area began to tell."""
        return np.clip(self.outside_from[area] - year, 0.0, 1.0)

    def tells(self, at: Moments, area: Int64s, outside: Bools) -> Bools:
        """Whether each arrest of a moment and an area is told."""
        since = np.where(outside, self.outside_from[area], self.inside_from[area])
        year = at.astype("datetime64[Y]")
        days = (at.astype("datetime64[D]") - year.astype("datetime64[D]")).astype(np.int64)
        moment = year.astype(np.int64) + 1970 + days / 366
        told: Bools = moment >= since
        return told


def who_tells(
    places: Places, first_year: int, last_year: int, *, chance: Chance, p: Parameters
) -> Telling:
    """Draw which hospitals join when; the trusts join as the numbers say.

    Raises:
        ConfigError: a trust that is not in the catchment, or one of the catchment left out.
    """
    known, named = set(places.trusts.tolist()), set(p.coverage.outside.trusts)
    if known != named:
        wrong = ", ".join(sorted(known ^ named))
        raise ConfigError(
            f"'coverage: outside: trusts' and configs/hierarchies/catchment.csv differ in: {wrong}"
        )
    relative = p.incidence.trusts.of
    if unknown := sorted(set(relative) - known):
        raise ConfigError(f"'incidence: trusts' names trusts without area: {', '.join(unknown)}")
    years = np.arange(first_year, last_year + 1)
    since = np.array([p.coverage.outside.trusts[trust] for trust in places.trusts.tolist()])
    reached = p.coverage.inside.by_year
    # The hospitals join in an order drawn by chance, as many each year as the share says.
    place = np.empty(len(places.hospitals), np.int64)
    place[chance.rng.permutation(len(place))] = np.arange(len(place))
    joins = np.full(len(place), np.inf)
    for year in sorted(reached, reverse=True):
        joins[place < round(reached[year] * len(place))] = year
    often = np.array([relative.get(trust, 1.0) for trust in places.trusts.tolist()])[places.trust]
    persons = lasting(p.population.by_year, years) / 100_000
    return Telling(
        outside_from=since[places.trust],
        inside_from=joins[places.hospital],
        often=often / (often * places.share).sum(),
        outside_rate=persons * lasting(p.incidence.outside.by_year, years),
        inside_rate=persons * lasting(p.incidence.inside.by_year, years),
        persons=places.persons,
        years=years,
    )
