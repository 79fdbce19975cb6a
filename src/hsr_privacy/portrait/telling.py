"""Who tells: which trusts and hospitals had joined when, as far as a register shows by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from hsr_privacy.portrait.residents import Residents

_MONTHS = 12


@dataclass(frozen=True)
class Telling:
    """How long each trust has told of arrests outside hospital.

    A trust has told since the month of its first arrest; the register ends with the month of its
    last one. Months are counted from January of year 0.

    Attributes:
        since: trust -> month of its first arrest; trusts that never told are left out.
        until: the month after the last one.
        persons: trust -> who lives where its ambulances drive, in one year.
        population: year -> persons in the country.
    """

    since: Mapping[str, int]
    until: int
    persons: Mapping[str, float]
    population: Mapping[int, float]

    def months(self, trust: str, first_year: int, last_year: int) -> int:
        """Months of these years, the last one included, in which a trust told."""
        since = max(self.since.get(trust, self.until), first_year * _MONTHS)
        return max(min(self.until, (last_year + 1) * _MONTHS) - since, 0)

    def years(self, trust: str, first_year: int, last_year: int) -> float:
        """Person-years of a trust in these years; it has grown as the country has."""
        living = self.persons.get(trust, 0.0) / sum(self.persons.values())
        return sum(
            living * self.country(year) * self.months(trust, year, year) / _MONTHS
            for year in range(first_year, last_year + 1)
        )

    def country(self, year: int) -> float:
        """Persons in the country in a year; the first and the last that are known last."""
        known = [one for one in self.population if one <= year] or [min(self.population)]
        return self.population[max(known)]

    def person_years(self, first_year: int, last_year: int) -> float:
        """Person-years of all who told."""
        return sum(self.years(trust, first_year, last_year) for trust in self.persons)

    def trusts(self, first_year: int, last_year: int) -> int:
        """Trusts that told at some time in these years."""
        return sum(self.months(trust, first_year, last_year) > 0 for trust in self.persons)

    def covered(self, first_year: int, last_year: int) -> float:
        """Share of the country's person-years that was told of."""
        whole = sum(self.country(year) for year in range(first_year, last_year + 1))
        return self.person_years(first_year, last_year) / whole if whole else 0.0

    def covered_throughout(self, first_year: int, last_year: int) -> float:
        """Share of the country whose trust told through all of these years."""
        months = (last_year + 1 - first_year) * _MONTHS
        told = [
            living
            for trust, living in self.persons.items()
            if self.months(trust, first_year, last_year) == months
        ]
        whole = sum(self.persons.values())
        return sum(told) / whole if whole else 0.0


def telling_of(
    arrests: pl.DataFrame, residents: Residents, population: Mapping[int, float]
) -> Telling:
    """Who told when.

    Args:
        arrests: of `arrests_of`.
        residents: who lives where.
        population: year -> persons in the country.
    """
    month = (pl.col("year").cast(pl.Int64) * _MONTHS + pl.col("month") - 1).alias("at")
    at = arrests.filter("outside").select("trust", month)
    since = at.drop_nulls().group_by("trust").agg(pl.col("at").min()).sort("trust")
    until = at["at"].max()
    return Telling(
        since=dict(since.iter_rows()),
        until=0 if until is None else int(str(until)) + 1,
        persons=residents.of("trust"),
        population=population,
    )
