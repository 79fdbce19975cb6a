"""Regions: the same figures for each health region, trust and county, and for each place and year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from hsr_privacy.portrait.arrests import PERSON
from hsr_privacy.portrait.curves import median_minutes
from hsr_privacy.portrait.groups import ENOUGH_FOR_A_MEDIAN
from hsr_privacy.portrait.hiding import (
    Count,
    Hidden,
    hidden_cells,
    is_few,
    is_shown_share,
    shown,
    shown_parts,
)
from hsr_privacy.portrait.measures import PER, Measured, Register, persons_of, share_of

By = Literal["region", "trust", "county", "place"]


@dataclass(frozen=True)
class Row:
    """A region's figures; None where there is nothing to count, or too few persons.

    Attributes:
        name: of the region; a code for a place.
        arrests: outside hospital.
        per_100000: arrests per 100,000 persons and year, or None where nobody lives in it.
        response: median, in minutes.
        helped: share with resuscitation before the ambulance.
        alive: share of the resuscitated who live after 30 days.
        person_years: that were told of.
    """

    name: str
    arrests: Count
    per_100000: float | None
    response: float | None
    helped: float | None
    alive: float | None
    person_years: float | None


@dataclass(frozen=True)
class Year:
    """A year's figures, by who told.

    Attributes:
        year: of the calendar.
        outside: arrests outside.
        with_call: of these, those that a dispatch centre told of, too.
        to_hospital: of these, those who came to hospital.
        with_hospital: of those, those whom a hospital told of, too.
        inside: arrests inside.
        trusts: that told.
        covered: share of the country's person-years that was told of.
        hospitals: that told of an arrest inside.
    """

    year: int
    outside: Count
    with_call: float | None
    to_hospital: Count
    with_hospital: float | None
    inside: Count
    trusts: int
    covered: float
    hospitals: int


def years_of(arrests: pl.DataFrame) -> tuple[int, int] | None:
    """The first and the last year, or None without arrests."""
    years = arrests["year"].drop_nulls()
    return (int(str(years.min())), int(str(years.max()))) if len(years) else None


def rows_by(register: Register, by: By, *, least_persons: int) -> tuple[Row, ...]:
    """The figures of each region, in the order of names.

    The county and the health region are those of the place of the arrest, or of the home where that
    is not known; the trust is that of the ambulance.
    """
    outside = _placed(register).filter("outside")
    years = years_of(register.arrests)
    if years is None:
        return ()
    if by == "place":
        living: Mapping[object, float | None] = dict.fromkeys(
            sorted(outside["place"].drop_nulls().unique().to_list())
        )
    else:
        living = dict(_person_years(register, by, *years))
    groups = {name: outside.filter(pl.col(by) == name) for name in living}
    if by != "place":
        groups = {name: group for name, group in groups.items() if living[name] or group.height}
    persons = [persons_of(group) for group in groups.values()]
    counts = shown_parts([group.height for group in groups.values()], persons, least_persons)
    names = register.residents.trusts
    return tuple(
        _row(names.get(str(name), str(name)), group, living[name], count, least=least_persons)
        for (name, group), count in zip(groups.items(), counts, strict=True)
    )


def rates_by_year(
    register: Register, *, least_persons: int
) -> tuple[tuple[str, tuple[float | None, ...]], ...]:
    """Arrests outside per 100,000 of each trust in each year; None where it told of none, or of few."""
    years = years_of(register.arrests)
    if years is None:
        return ()
    outside = register.arrests.filter("outside")
    counted = outside.group_by("trust", "year").agg(
        pl.len(), pl.col(PERSON).n_unique().alias("persons")
    )
    known = {(trust, year): (many, persons) for trust, year, many, persons in counted.iter_rows()}
    trusts = sorted(register.residents.trusts.items(), key=lambda one: one[1])
    span = range(years[0], years[1] + 1)
    cells = [[known.get((trust, year), (0, 0)) for year in span] for trust, _ in trusts]
    hidden = hidden_cells([[persons for _, persons in row] for row in cells], least_persons)
    rows = []
    for line, (trust, name) in enumerate(trusts):
        rates = []
        for place, year in enumerate(span):
            living = register.telling.years(trust, year, year)
            told = living and cells[line][place][0] and (line, place) not in hidden
            rates.append(cells[line][place][0] / living * PER if told else None)
        rows.append((name, tuple(rates)))
    return tuple(rows)


def coverage(register: Register, *, least_persons: int) -> tuple[Year, ...]:
    """Who told of how many, year by year."""
    years = years_of(register.arrests)
    if years is None:
        return ()
    served = set(register.residents.of("hospital"))
    span = range(years[0], years[1] + 1)
    by_year = [register.arrests.filter(pl.col("year") == year) for year in span]
    outsides = _by_parts([mine.filter("outside") for mine in by_year], least_persons)
    insides = _by_parts([mine.filter(~pl.col("outside")) for mine in by_year], least_persons)
    found = []
    for place, year in enumerate(span):
        mine = by_year[place]
        outside, inside = mine.filter("outside"), mine.filter(~pl.col("outside"))
        came = outside.filter("transported")
        hospitals = set(inside["hospital"].drop_nulls().unique()) & served
        found.append(
            Year(
                year=year,
                outside=outsides[place],
                with_call=_told(outside, "has_call", least_persons),
                to_hospital=_came(outside, came, least_persons),
                with_hospital=_told(came, "has_hospital", least_persons),
                inside=insides[place],
                trusts=register.telling.trusts(year, year),
                covered=register.telling.covered(year, year),
                hospitals=len(hospitals),
            )
        )
    return tuple(found)


def _placed(register: Register) -> pl.DataFrame:
    """Arrests with the county and the health region in which they were."""
    known = register.residents.areas.select("municipality", "county", "region").unique(
        "municipality"
    )
    at = register.arrests.with_columns(pl.coalesce("scene", "home").alias("municipality"))
    return at.join(known, on="municipality", how="left", maintain_order="left")


def _person_years(register: Register, by: str, first: int, last: int) -> list[tuple[str, float]]:
    """Person-years that were told of, by region."""
    areas, telling = register.residents.areas, register.telling
    told = {
        trust: telling.years(trust, first, last) / living
        for trust, living in telling.persons.items()
    }
    counted = (
        areas.with_columns(pl.col("persons") * pl.col("trust").replace_strict(told, default=0.0))
        .group_by(by)
        .agg(pl.col("persons").sum())
        .sort(by)
    )
    rows: list[tuple[str, float]] = list(counted.iter_rows())
    if by == "trust":
        names = register.residents.trusts
        rows.sort(key=lambda row: names.get(row[0], row[0]))
    return rows


def _row(name: str, group: pl.DataFrame, living: float | None, count: Count, *, least: int) -> Row:
    unseen = group.filter(pl.col("tried") & ~pl.col("seen_by_crew").fill_null(value=False))
    timed = group.filter(pl.col("seconds").is_not_null())
    enough = persons_of(timed) >= max(ENOUGH_FOR_A_MEDIAN, least)
    return Row(
        name=name,
        arrests=count,
        per_100000=None if isinstance(count, Hidden) or not living else count / living * PER,
        response=median_minutes(timed) if enough else None,
        helped=_share(unseen, pl.col("helped"), least),
        alive=_share(group.filter("tried"), pl.col("alive_month"), least),
        person_years=living,
    )


def _by_parts(parts: Sequence[pl.DataFrame], least: int) -> list[Count]:
    """The parts of all arrests of a kind, whose number is told."""
    return shown_parts([part.height for part in parts], list(map(persons_of, parts)), least)


def _came(outside: pl.DataFrame, came: pl.DataFrame, least: int) -> Count:
    """Those who came to hospital; hidden, too, where few did not."""
    if is_few(persons_of(outside) - persons_of(came), least):
        return Hidden.BESIDE
    return shown(came.height, persons_of(came), least)


def _told(arrests: pl.DataFrame, column: str, least: int) -> float | None:
    """The share of which another source told, too; that it is all of them says nothing of anybody."""
    yes, no = arrests.filter(pl.col(column)), arrests.filter(~pl.col(column))
    if arrests.is_empty() or any(is_few(persons_of(side), least) for side in (yes, no)):
        return None
    return yes.height / arrests.height


def _share(arrests: pl.DataFrame, case: pl.Expr, least: int) -> float | None:
    known = arrests.with_columns(case.alias("case")).filter(pl.col("case").is_not_null())
    yes, no = known.filter("case"), known.filter(~pl.col("case"))
    if not is_shown_share(persons_of(yes), persons_of(no), least):
        return None
    measured: Measured = share_of(known)
    return measured.value
