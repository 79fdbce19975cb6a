"""Comparison: this register's figures beside the published ones, with a plain verdict each."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

import polars as pl

from hsr_privacy.portrait.hiding import is_few
from hsr_privacy.portrait.measures import METRICS, PER, Measured, Register, Unit, persons_of
from hsr_privacy.portrait.published import Figure, OddsRatio, Published, Trust, Trusts, Use
from hsr_privacy.portrait.regression import Fit

Kind = Literal["figure", "odds", "trust", "treated in trust", "lowest trust", "highest trust"]
Verdict = Literal[
    "agrees",
    "within",
    "higher",
    "lower",
    "not comparable",
    "nothing to count",
    "too few",
    "other years",
]

ERRORS: Final = 3.0
"""So many standard errors, beside the rounding, are put down to chance."""

_CERTAIN: Final = 1e9


@dataclass(frozen=True)
class Compared:
    """A published figure and this register's.

    Attributes:
        name: of the metric or the factor.
        kind: ``odds`` has the difference of logarithms; ``lowest`` and ``highest trust`` are the ends
            of the range of all trusts, and this register's trust that lies farthest beyond.
        unit: of the values; ``odds`` for an odds ratio.
        years: first and last.
        published: the printed value.
        rounding: of it.
        use: what the published figure is good for.
        source: id of the source.
        label: of the trust.
        reason: in both languages why it is not calibrated, or None.
        here: this register's value; None where there is nothing to count, or too few.
        cases: of the numerator.
        whole: of the denominator.
        error: standard error of the difference.
        difference: in standard errors, what is more than the rounding; None if not judged.
        verdict: plain; ``within`` where no trust lies beyond an end of the range of all: only what
            lies beyond it is judged, so that this says little.
    """

    name: str
    kind: Kind
    unit: Unit | Literal["odds"]
    years: tuple[int, int]
    published: float
    rounding: float
    use: Use
    source: str
    label: str = ""
    reason: tuple[str, str] | None = None
    here: float | None = None
    cases: float | None = None
    whole: float | None = None
    error: float | None = None
    difference: float | None = None
    verdict: Verdict = "nothing to count"


def compare(
    register: Register, fit: Fit, published: Published, *, least_persons: int
) -> tuple[Compared, ...]:
    """Every published figure beside this register's.

    Args:
        register: what figures are measured on.
        fit: odds ratios of this register.
        published: what was printed.
        least_persons: a share behind which, or behind whose rest, fewer persons stand is not told.
    """
    return (
        *(_figure(register, one, least_persons) for one in published.figures),
        *(_odds(fit, one, register) for one in published.odds_ratios),
        *_trusts(register, published.trusts, least_persons),
    )


def _figure(register: Register, one: Figure, least: int) -> Compared:
    measured = METRICS[one.metric].measure(register, *one.years)
    whole_years = _covers(register, *one.years)
    if not whole_years:  # a part of the years is not what was printed
        measured = replace(measured, value=None)
    blank = Compared(
        name=one.metric,
        kind="figure",
        unit=measured.unit,
        years=one.years,
        published=one.value,
        rounding=one.rounding,
        use=one.use,
        source=one.source,
        reason=None if one.reason is None else (one.reason.nb, one.reason.en),
    )
    judged = _judged(blank, measured, measured.standard_error(one.value), least)
    if judged.verdict == "nothing to count" and not whole_years:
        return replace(judged, verdict="other years")
    return judged


def _covers(register: Register, first: int, last: int) -> bool:
    """Whether the register has all of these years."""
    years = register.arrests["year"].drop_nulls().unique().to_list()
    return bool(years) and min(years) <= first and last <= max(years)


def _odds(fit: Fit, one: OddsRatio, register: Register) -> Compared:
    found = next((odds for odds in fit.odds if odds.factor == one.factor), None)
    years = register.arrests["year"].drop_nulls().unique().to_list()
    span = (min(years, default=0), max(years, default=0))
    blank = Compared(
        name=one.factor,
        kind="odds",
        unit="odds",
        years=span,
        published=one.value,
        rounding=one.rounding,
        use=one.use,
        source=one.source,
        reason=None if one.reason is None else (one.reason.nb, one.reason.en),
    )
    if found is None:
        return blank
    low, high = (math.log(max(one.value + side * one.rounding, 1e-9)) for side in (-1, 1))
    beyond = max(low - found.log_ratio, found.log_ratio - high, 0.0)
    apart = math.copysign(beyond / found.error, found.log_ratio - low)
    return replace(
        blank,
        here=found.ratio,
        cases=fit.alive,
        whole=fit.arrests,
        error=found.error,
        difference=apart,
        verdict=_verdict(apart),
    )


def _trusts(register: Register, trusts: Trusts, least: int) -> Iterator[Compared]:
    """Each trust of which a row was printed; both figures are of few arrests, and chance moved both."""
    for row in trusts.rows:
        yield _trust(register, trusts, row, treated=False, least=least)
        yield _trust(register, trusts, row, treated=True, least=least)
    ends = (
        (trusts.lowest, -1, False),
        (trusts.highest, 1, False),
        (trusts.lowest_treated, -1, True),
        (trusts.highest_treated, 1, True),
    )
    for end, side, treated in ends:
        yield _end(register, trusts, end, side, treated=treated, least=least)


def _end(
    register: Register, trusts: Trusts, end: float, side: int, *, treated: bool, least: int
) -> Compared:
    """The end of a range, and the trust that lies farthest beyond it, or else nearest to it."""
    found: list[tuple[float, float, Measured, str]] = []
    for trust, name in register.residents.trusts.items():
        measured = _in_trust(register, trust, trusts.year, treated=treated)
        if measured.value is not None and (measured.persons or 0) >= least:
            beyond = side * (measured.value - end) / measured.standard_error(end)
            found.append((beyond, measured.value, measured, name))
    if not found:
        found.append((0.0, 0.0, Measured("rate", None, 0, 0.0, None), ""))
    measured, name = max(found, key=lambda one: one[0])[2:]
    inside = measured.value is not None and side * (measured.value - end) <= 0
    blank = Compared(
        name="incidence_treated" if treated else "incidence",
        kind="lowest trust" if side < 0 else "highest trust",
        unit="rate",
        years=(trusts.year, trusts.year),
        published=end,
        rounding=trusts.rounding,
        use="calibrated",
        source=trusts.source,
        label=name,
    )
    judged = _judged(blank, measured, measured.standard_error(end), least)
    return replace(judged, difference=None, verdict="within") if inside else judged


def _trust(
    register: Register, trusts: Trusts, row: Trust, *, treated: bool, least: int
) -> Compared:
    year = trusts.year
    measured = _in_trust(register, row.trust, year, treated=treated)
    printed = row.treated if treated else row.incidence
    own = math.sqrt(printed * PER / (row.population * row.years))
    error = math.hypot(measured.standard_error(printed), own)
    blank = Compared(
        name="incidence_treated" if treated else "incidence",
        kind="treated in trust" if treated else "trust",
        unit="rate",
        years=(year, year),
        published=printed,
        rounding=trusts.rounding,
        use="calibrated",
        source=trusts.source,
        label=row.name,
    )
    return _judged(blank, measured, error, least)


def _in_trust(register: Register, trust: str, year: int, *, treated: bool) -> Measured:
    """Arrests of a trust per 100,000 and year."""
    mine = register.arrests.filter(pl.col("outside"), trust=trust, year=year)
    mine = mine.filter("tried") if treated else mine
    living = register.telling.years(trust, year, year)
    value = mine.height / living * PER if living else None
    return Measured("rate", value, mine.height, living, persons_of(mine))


def _judged(blank: Compared, measured: Measured, error: float, least: int) -> Compared:
    """A published figure with what this register has beside it."""
    here = measured.value
    if here is None:
        return blank
    if not _may_be_told(measured, least):
        return replace(blank, verdict="too few")
    told = replace(blank, here=here, cases=measured.cases, whole=measured.whole, error=error)
    if blank.use == "not comparable":
        return replace(told, verdict="not comparable")
    beyond = math.copysign(
        max(abs(here - blank.published) - blank.rounding, 0.0), here - blank.published
    )
    if not error:  # where no chance is at work, any difference beyond the rounding is one
        return replace(told, verdict=_verdict(beyond * _CERTAIN))
    return replace(told, difference=beyond / error, verdict=_verdict(beyond / error))


def _may_be_told(measured: Measured, least: int) -> bool:
    """Nobody may be told of as a count; a share needs persons on both sides."""
    if measured.persons is None:
        return True
    if measured.unit == "share":
        return measured.persons >= least
    return not is_few(measured.persons, least)


def _verdict(apart: float) -> Verdict:
    if abs(apart) <= ERRORS:
        return "agrees"
    return "higher" if apart > 0 else "lower"
