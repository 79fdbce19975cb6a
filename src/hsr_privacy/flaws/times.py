"""Times and dates: in the wrong order, in hours that are not or are twice, ahead of us, misspelt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import polars as pl

from hsr_privacy.codebook import Source, Type
from hsr_privacy.flaws.draft import (
    NOTHING,
    PATIENT_FORMS,
    READING,
    RECORD_FORMS,
    Draft,
    Patch,
    Variant,
    rule,
)
from hsr_privacy.flaws.sheet import Bools, Int64s

MAIN_CLOCK: Final = {
    Source.AMK: "t_anrop", Source.AMBULANCE: "t_stans", Source.HOSPITAL: "t_stans",
}  # fmt: skip
"""The clock time that says when each form's record was."""

_TOLERANCE: Final = pl.duration(seconds=60)
_PAIRS: Final = {
    Source.AMK: (
        ("t_anrop", "t_varsling", "R01"), ("t_varsling", "t_rykker_ut", "R01"),
        ("t_rykker_ut", "t_fremme", "R01"),
    ),
    Source.AMBULANCE: (
        ("t_rykker_ut", "t_fremme", "R01"), ("t_fremme", "t_hos_pasient", "R01"),
        ("t_stans", "t_hlr_start", "R02"), ("t_hlr_start", "t_rosc", "R04"),
    ),
    Source.HOSPITAL: (("t_stans", "t_hlr_start", "R02"), ("t_hlr_start", "t_rosc", "R04")),
    Source.REGISTER: (),
}  # fmt: skip
"""Per form, times of which the first comes first, and the rule that says so."""

_AHEAD: Final[dict[Source, tuple[tuple[str, str | None, str], ...]]] = {
    Source.AMK: (("t_fremme", "t_anrop", "R30"),),
    Source.AMBULANCE: (("t_fremme", "t_hos_pasient", "R01"),),
    Source.HOSPITAL: (("t_hlr_start", "t_rosc", "R04"), ("dato_utskrevet", None, "")),
    Source.REGISTER: (("dodsdato", None, ""),),
}
"""Per form, what may lie in the future, the time that it then contradicts, and the rule."""

_YEARS_AHEAD: Final = (20, 75)
_EXCEL_EPOCH: Final = pl.date(1899, 12, 30)
_MARCH, _OCTOBER, _SUNDAY, _FIRST_LAST_DAY = 3, 10, 7, 25
_DAY: Final = pl.duration(days=1)
_ZONE: Final = "Europe/Oslo"
_HOUR_OF_CHANGE: Final = 2
_YES: Final = 1


def swapped_times(draft: Draft) -> Iterator[Variant]:
    """Two clock times in each other's column, further apart than a rule tolerates."""
    for first, then, broken in _PAIRS[draft.form]:
        apart = pl.col(then) - pl.col(first) > _TOLERANCE
        quiet = ~is_changing_day(pl.col(first)) & ~is_changing_day(pl.col(then))

        def patch(rows: Int64s, first: str = first, then: str = then) -> Patch:
            swapped = {first: draft.cells(then, rows), then: draft.cells(first, rows)}
            return Patch({name: cells.alias(name) for name, cells in swapped.items()})

        yield Variant(
            draft.where(apart & quiet),
            patch,
            how=f"{first} and {then}",
            detector=rule(broken),
            rule=broken,
        )


def skipped_hour(draft: Draft) -> Iterator[Variant]:
    """Clock times of the hour that is left out on the last Sunday of March."""
    if draft.form not in RECORD_FORMS:
        return
    main = pl.col(MAIN_CLOCK[draft.form])
    by = _night_of_change(main, _MARCH) + pl.duration(hours=_HOUR_OF_CHANGE) - main

    def patch(rows: Int64s) -> Patch:
        return Patch(_clocks(draft, rows, lambda clock: pl.col(clock) + by))

    yield Variant(_near_change(draft, _MARCH), patch, detector=rule("R32"), rule="R32")


def repeated_hour(draft: Draft) -> Iterator[Variant]:
    """Clock times of the hour that comes twice on the last Sunday of October: of either time."""
    if draft.form not in RECORD_FORMS:
        return
    main = pl.col(MAIN_CLOCK[draft.form])
    already = is_last_sunday(main, _OCTOBER) & (main.dt.hour() == _HOUR_OF_CHANGE)
    possible = _near_change(draft, _OCTOBER) & draft.where(~already)
    for how, hour in (("the first time", 0), ("the second time", 1)):  # by UTC
        start = _night_of_change(main, _OCTOBER) + pl.duration(hours=hour)

        def patch(rows: Int64s, start: pl.Expr = start) -> Patch:
            return Patch(_clocks(draft, rows, lambda clock: _shown(start + (pl.col(clock) - main))))

        yield Variant(possible, patch, how=how, detector=rule("R32"), rule="R32")


def future_date(draft: Draft) -> Iterator[Variant]:
    """A year that is still to come."""
    for name, against, broken in _AHEAD[draft.form]:
        known = pl.col(name).is_not_null()
        known = known if against is None else known & pl.col(against).is_not_null()

        def patch(rows: Int64s, name: str = name) -> Patch:
            low, high = _YEARS_AHEAD
            years = draft.rng.integers(low, high + 1, len(rows))
            by = pl.Series("by", [f"{year}y" for year in years])
            table = draft.cells(name, rows).to_frame().with_columns(by)
            return Patch({name: table.select(pl.col(name).dt.offset_by(pl.col("by")))[name]})

        detector = rule(broken) if broken else NOTHING
        yield Variant(draft.where(known), patch, how=name, detector=detector, rule=broken)


def death_before_arrest(draft: Draft) -> Iterator[Variant]:
    """A day of death before an arrest that, by the hospital, was survived by thirty days."""
    if draft.form is not Source.REGISTER:
        return
    survived = (
        draft.tables[Source.HOSPITAL]
        .filter((pl.col("overlevd_30d") == _YES) & pl.col("fnr").is_not_null())
        .group_by("fnr")
        .agg(pl.col("t_stans").min().dt.date().alias("day"))
    )
    day = draft.table.select("fnr").join(survived, on="fnr", how="left", maintain_order="left")

    def patch(rows: Int64s) -> Patch:
        days = pl.Series(draft.rng.integers(1, 31, len(rows)) * 86_400_000_000)
        before = day["day"].gather(rows) - days.cast(pl.Duration("us"))
        return Patch({"dodsdato": before.cast(pl.Date)})

    yield Variant(day["day"].is_not_null().to_numpy(), patch, detector=rule("R12"), rule="R12")


def other_date_format(draft: Draft) -> Iterator[Variant]:
    """A day or clock time as another system writes it: with slashes, two digits, or days of Excel."""
    for variable in draft.variables(Type.DATE, Type.DATETIME):
        name = variable.name
        formats = draft.layout.dates if variable.type is Type.DATE else draft.layout.datetimes
        slashed = "%d/%m/%Y" if variable.type is Type.DATE else "%d/%m/%Y %H:%M"
        known = draft.where(pl.col(name).is_not_null())

        def with_slashes(rows: Int64s, name: str = name, form: str = slashed) -> Patch:
            return Patch({name: draft.cells(name, rows).dt.strftime(form)})

        yield Variant(known, with_slashes, how="slashes", detector=READING, refused=True)
        # The reader takes two digits for a year of the first century.
        short = formats[0].replace("%Y", "%y")

        def with_two_digits(rows: Int64s, name: str = name, form: str = short) -> Patch:
            return Patch({name: draft.cells(name, rows).dt.strftime(form)})

        yield Variant(known, with_two_digits, how="year of two digits", detector=NOTHING)
        if variable.type is Type.DATE:

            def counted(rows: Int64s, name: str = name) -> Patch:
                days = (pl.col(name) - _EXCEL_EPOCH).dt.total_days().cast(pl.String)
                return Patch({name: draft.table[rows].select(days)[name]})

            yield Variant(known, counted, how="days of Excel", detector=READING, refused=True)


def is_last_sunday(moment: pl.Expr, month: int) -> pl.Expr:
    """Whether the clocks are changed on this day."""
    return (
        (moment.dt.month() == month)
        & (moment.dt.weekday() == _SUNDAY)
        & (moment.dt.day() >= _FIRST_LAST_DAY)
    )


def is_changing_day(moment: pl.Expr) -> pl.Expr:
    """Whether the clocks are changed on this day, in spring or in autumn."""
    return is_last_sunday(moment, _MARCH) | is_last_sunday(moment, _OCTOBER)


def _near_change(draft: Draft, month: int) -> Bools:
    """Records of the Sunday of a change or the Monday after it: they move by a day at most.

    Nobody's age changes on that day, and nobody's death comes before the arrest.
    """
    main = pl.col(MAIN_CLOCK[draft.form])
    near = draft.where(is_last_sunday(main, month) | is_last_sunday(main - _DAY, month))
    if draft.form in PATIENT_FORMS:
        born = pl.col("fodselsdato")
        birthday = (born.dt.month() == main.dt.month()) & (born.dt.day() == main.dt.day())
        near &= ~draft.where(birthday)
    return near


def _night_of_change(main: pl.Expr, month: int) -> pl.Expr:
    """Midnight of the Sunday on which clocks change, and the minutes and seconds of a record."""
    back = pl.when(is_last_sunday(main, month)).then(pl.duration(days=0)).otherwise(_DAY)
    past = pl.duration(minutes=main.dt.minute(), seconds=main.dt.second())
    return main.dt.truncate("1d") - back + past


def _clocks(draft: Draft, rows: Int64s, moved: Callable[[str], pl.Expr]) -> dict[str, pl.Series]:
    """All clock times of some rows, moved."""
    columns = [moved(clock).alias(clock) for clock in draft.clocks]
    table = draft.table[rows].select(columns)
    return {clock: table[clock] for clock in draft.clocks}


def _shown(moment: pl.Expr) -> pl.Expr:
    """What Norwegian clocks show at a moment of UTC."""
    utc = moment.dt.replace_time_zone("UTC")
    return utc.dt.convert_time_zone(_ZONE).dt.replace_time_zone(None)
