"""Measures: each figure that a register is known by, by its definition, with its standard error."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

import polars as pl

from hsr_privacy.portrait.arrests import PERSON
from hsr_privacy.portrait.residents import Residents
from hsr_privacy.portrait.telling import Telling

PER: Final = 100_000
Unit = Literal["share", "rate", "count", "extent"]
"""A share of cases, cases per 100,000 person-years, a count of cases, or an extent without chance."""


@dataclass(frozen=True)
class Register:
    """What figures are measured on.

    Attributes:
        arrests: of `arrests_of`.
        telling: who told when.
        residents: who lives where.
    """

    arrests: pl.DataFrame
    telling: Telling
    residents: Residents


@dataclass(frozen=True)
class Measured:
    """A figure of a register.

    Attributes:
        unit: what it is.
        value: None where nothing is there to count.
        cases: of the numerator.
        whole: what they are counted among: cases, or person-years.
        persons: who stand behind the numerator, and behind the rest of the denominator; the smaller
            of the two, or None where no one does.
    """

    unit: Unit
    value: float | None
    cases: float
    whole: float
    persons: int | None

    def standard_error(self, expected: float) -> float:
        """How far chance moves such a figure if ``expected`` is the truth.

        Binomial for a share, Poisson for a rate or a count; none for an extent.
        """
        if self.unit == "share" and self.whole:
            return math.sqrt(max(expected * (1 - expected), 0.0) / self.whole)
        if self.unit == "rate" and self.whole:
            return math.sqrt(expected * PER / self.whole)
        return math.sqrt(expected) if self.unit == "count" else 0.0


@dataclass(frozen=True)
class Metric:
    """A figure's definition.

    Attributes:
        unit: what it is.
        measure: takes it of a register, in the years from the first to the last.
    """

    unit: Unit
    measure: Callable[[Register, int, int], Measured]


def share(cases: pl.Expr, *, among: pl.Expr) -> Metric:
    """Those of whom something is true among those of whom it is known."""

    def measure(register: Register, first: int, last: int) -> Measured:
        known = _within(register, first, last).filter(among).with_columns(cases.alias("case"))
        return share_of(known.filter(pl.col("case").is_not_null()))

    return Metric("share", measure)


def share_of(known: pl.DataFrame) -> Measured:
    """The share of arrests whose ``case`` is true."""
    yes = known.filter("case")
    rest = known.filter(~pl.col("case"))
    value = yes.height / known.height if known.height else None
    least = min(persons_of(yes), persons_of(rest))
    return Measured("share", value, yes.height, known.height, least)


def rate(cases: pl.Expr) -> Metric:
    """Cases per 100,000 persons and year where trusts told."""

    def measure(register: Register, first: int, last: int) -> Measured:
        found = _within(register, first, last).filter(cases)
        years = register.telling.person_years(first, last)
        value = found.height / years * PER if years else None
        return Measured("rate", value, found.height, years, persons_of(found))

    return Metric("rate", measure)


def count(cases: pl.Expr) -> Metric:
    """Cases."""

    def measure(register: Register, first: int, last: int) -> Measured:
        found = _within(register, first, last).filter(cases)
        value = float(found.height)
        return Measured("count", value, found.height, 1.0, persons_of(found))

    return Metric("count", measure)


def extent(measure: Callable[[Telling, int, int], float]) -> Metric:
    """What no chance moves: who has joined."""

    def measured(register: Register, first: int, last: int) -> Measured:
        value = float(measure(register.telling, first, last))
        return Measured("extent", value, value, 1.0, None)

    return Metric("extent", measured)


def persons_of(arrests: pl.DataFrame) -> int:
    """How many persons stand behind arrests."""
    return arrests[PERSON].n_unique()


def _hospitals_telling(register: Register, first: int, last: int) -> Measured:
    """Hospitals that told of an arrest inside, among all that serve a municipality."""
    inside = _within(register, first, last).filter(~pl.col("outside"))
    every = register.residents.of("hospital")
    told = set(inside["hospital"].drop_nulls().unique().to_list()) & set(every)
    return Measured("extent", len(told) / len(every), len(told), len(every), None)


def _within(register: Register, first: int, last: int) -> pl.DataFrame:
    return register.arrests.filter(pl.col("year").is_between(first, last))


_OUT: Final = pl.col("outside")
_TRIED: Final = _OUT & pl.col("tried").fill_null(value=False)
_NOT_SEEN: Final = ~pl.col("seen_by_crew").fill_null(value=False)
_UNSEEN_TRIED: Final = _TRIED & _NOT_SEEN


def _unknown(column: str) -> pl.Expr:
    return pl.col(column).is_null()


METRICS: Final[Mapping[str, Metric]] = MappingProxyType(
    {
        "arrests": count(_OUT),
        "arrests_treated": count(_TRIED),
        "incidence": rate(_OUT),
        "incidence_treated": rate(_TRIED),
        "trusts_telling": extent(Telling.trusts),
        "covered": extent(Telling.covered),
        "covered_all_year": extent(Telling.covered_throughout),
        "hospitals_telling": Metric("extent", _hospitals_telling),
        "seen_by_crew": share(pl.col("seen_by_crew"), among=_OUT),
        "cpr_before_ambulance": share(pl.col("helped"), among=_UNSEEN_TRIED),
        "aed_attached": share(pl.col("attached"), among=_UNSEEN_TRIED),
        "at_home": share(pl.col("at_home"), among=_OUT),
        "within_9_minutes": share(pl.col("seconds") <= 9 * 60, among=_OUT & _NOT_SEEN),
        "response_missing": share(_unknown("seconds"), among=_OUT & _NOT_SEEN),
        "rosc": share(pl.col("rosc"), among=_TRIED),
        "arrived": share(pl.col("arrived"), among=_TRIED),
        "ongoing": share(pl.col("ongoing"), among=_TRIED),
        "transported": share(pl.col("transported"), among=_TRIED),
        "arrived_per_100000": rate(_TRIED & pl.col("arrived")),
        "ongoing_per_100000": rate(_TRIED & pl.col("ongoing")),
        "transported_per_100000": rate(_TRIED & pl.col("transported")),
        "alive_day": share(pl.col("alive_day"), among=_TRIED),
        "alive_day_per_100000": rate(_TRIED & pl.col("alive_day")),
        "alive_month": share(pl.col("alive_month"), among=_TRIED),
        "alive_month_per_100000": rate(_TRIED & pl.col("alive_month")),
        "good_function": share(pl.col("good"), among=_TRIED & pl.col("alive_month")),
        "transport_missing": share(_unknown("transported"), among=_TRIED),
        "day_missing": share(_unknown("alive_day"), among=_TRIED),
        "month_missing": share(_unknown("alive_month"), among=_TRIED),
    }
)
"""Every figure of a register, by the name that ``synthetic/published.yaml`` calls it."""
