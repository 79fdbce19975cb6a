"""Timing: times as what passed since the step before, and back.

Clock times are learned as the time that passed since the step before them, so that the steps of a
synthetic arrest come in order (R01, R04) without anybody looking. The arrest itself is one moment,
and dates are days from it. What follows from times is worked out again and never drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import polars as pl

from hsr_privacy.learned.columns import MINUTES, ZONE, Column, Kind

MOMENT: Final = "moment"
"""Column of the first known time of an arrest, in seconds since 1970."""

_BEFORE: Final[dict[str, tuple[str, ...]]] = {
    "t_stans": (),
    "t_anrop": ("t_stans",),
    "t_varsling": ("t_anrop",),
    "t_rykker_ut": ("t_varsling", "t_anrop"),
    "t_fremme": ("t_rykker_ut", "t_varsling", "t_anrop"),
    "t_hos_pasient": ("t_fremme", "t_rykker_ut"),
    "t_hlr_start": ("t_stans",),
    "t_sjokk1": ("t_hlr_start",),
    "t_adrenalin1": ("t_hlr_start",),
    "t_rosc": ("t_hlr_start",),
    "t_slutt": ("t_hlr_start",),
    "t_sykehus": ("t_rosc", "t_hos_pasient", "t_fremme"),
    "t_stansteam": ("t_stans",),
    "t_stansteam_fremme": ("t_stansteam", "t_stans"),
}
"""Per clock time, in the order in which they are worked out, the steps that it is counted from."""

_EITHER_WAY: Final = ("t_stans", "t_anrop", "t_hlr_start", "t_sjokk1")
"""Steps that may come before the one they are counted from: a monitored patient is shocked first."""

_HOUR: Final = 3600
_DAY: Final = 86_400
_EPOCH: Final = pl.date(1970, 1, 1)
_SCALE: Final = 60.0
"""Gaps are learned on a scale that is linear below a minute and logarithmic above it."""

_BEFORE_2021, _SINCE_2021 = "1", "2"
_AMBULANCE: Final = "2"
_BORN: Final = "fodselsdato"
_MONTH: Final = 30
_LONGEST_RESPONSE: Final = 240
_LAST_AGE: Final = 110


def without_derived(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns that are drawn: those that follow wholly from times that are there are not."""
    derived = derived_names(columns) - {"overlevd_30d", "alder"}  # where no date says, they do
    return tuple(column for column in columns if column.name not in derived)


def derived_names(columns: Sequence[Column]) -> frozenset[str]:
    """Names of the columns that follow from others of the table."""
    plain = {c.name for c in columns if not c.generalized}
    if not any(c.kind is Kind.TIME for c in columns):
        return frozenset()
    found = {"hendelse_aar", "ukedag", "dogndel", "inklusjonsregel"}
    if {"t_anrop", "t_fremme", "bevitnet"} <= plain:
        found.add("responstid_min")
    if "fodselsdato" in plain:
        found.add("alder")
    if "dodsdato" in plain:
        found.add("overlevd_30d")
    return frozenset(found & plain)


def to_gaps(table: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    """Replace times and dates by decimals: gaps on their scale, days, and the moment.

    Args:
        table: parsed rows.
        columns: of the table.
    """
    times, minutes, dates = (_of(columns, k) for k in (Kind.TIME, Kind.MINUTES, Kind.DATE))
    replaced: list[pl.Expr] = []
    if times:
        seconds = table.select(pl.col(n).dt.epoch("ms").cast(pl.Float64) / 1000 for n in times)
        moment = pl.coalesce(_in_order(times))
        gaps = [_learned(pl.col(n) - _start(n, "", times, moment)).alias(n) for n in times]
        seconds = seconds.select(moment.alias(MOMENT), *gaps)
        table = table.drop(times).with_columns(seconds.get_columns())
    if minutes:
        bare = [name.removesuffix(MINUTES) for name in minutes]
        replaced += [
            _learned(_SCALE * (pl.col(n + MINUTES) - _start(n, MINUTES, bare, pl.lit(0.0)))).alias(
                n + MINUTES
            )
            for n in bare
        ]
    day = (pl.col(MOMENT) / _DAY).floor() if times else pl.lit(0.0)
    replaced += [
        ((pl.col(n) - _EPOCH).dt.total_days().cast(pl.Float64) - day).alias(n) for n in dates
    ]
    return table.with_columns(replaced)


def from_gaps(table: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    """Replace gaps, days and the moment by times and dates again.

    Args:
        table: as `to_gaps` gives it, drawn from a model.
        columns: of the table.
    """
    times, minutes, dates = (_of(columns, k) for k in (Kind.TIME, Kind.MINUTES, Kind.DATE))
    day = pl.lit(0.0)
    if times:
        table = table.with_columns(pl.col(MOMENT).round(0))
        day = (pl.col(MOMENT) / _DAY).floor()
    days = [
        (_EPOCH + pl.duration(days=(_on_its_side(n) + day).round(0).cast(pl.Int64))).alias(n)
        if times
        else (_EPOCH + pl.duration(days=pl.col(n).round(0).cast(pl.Int64))).alias(n)
        for n in dates
    ]
    table = table.with_columns(days)
    for name in _in_order(times):
        gap = _passed(name, pl.col(name))
        start = _start(name, "", times, pl.col(MOMENT))
        table = table.with_columns((start + gap.round(0)).alias(name))
    moments = [
        pl.from_epoch(pl.col(n).cast(pl.Int64), time_unit="s")
        .dt.cast_time_unit("us")
        .dt.replace_time_zone("UTC")
        .alias(n)
        for n in times
    ]
    table = table.with_columns(moments)
    bare = [name.removesuffix(MINUTES) for name in minutes]
    for name in _in_order(bare):
        gap = (_passed(name, pl.col(name + MINUTES)) / _SCALE).round(0)
        start = _start(name, MINUTES, bare, pl.lit(0.0))
        table = table.with_columns((start + gap).alias(name + MINUTES))
    return table.drop(MOMENT) if times else table


def derive(table: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    """Work out again what follows from times: year, weekday, part of the day, response, age, rule.

    Args:
        table: parsed rows with times.
        columns: of the original.
    """
    wanted = derived_names(columns)
    times = _in_order(_of(columns, Kind.TIME))
    if not wanted or not times:
        return table
    moment = pl.coalesce(times).dt.convert_time_zone(ZONE)
    hour, year = moment.dt.hour(), moment.dt.year()
    part = (
        pl.when(hour < 8).then(pl.lit("3")).when(hour < 16).then(pl.lit("1")).otherwise(pl.lit("2"))
    )
    since = pl.when(year >= 2021).then(pl.lit(_SINCE_2021)).otherwise(pl.lit(_BEFORE_2021))
    made = {
        "hendelse_aar": year.cast(pl.Float64),
        "ukedag": moment.dt.weekday().cast(pl.String),
        "dogndel": part,
        "inklusjonsregel": since,
    }
    if "responstid_min" in wanted:
        response = (pl.col("t_fremme") - pl.col("t_anrop")).dt.total_seconds() // 60
        counted = response.is_between(0, _LONGEST_RESPONSE) & (
            pl.col("bevitnet").ne_missing(pl.lit(_AMBULANCE))
        )
        made["responstid_min"] = pl.when(counted).then(response.cast(pl.Float64))
    if "alder" in wanted:
        day, born = moment.dt.date(), pl.col("fodselsdato")
        before = (day.dt.month() < born.dt.month()) | (
            (day.dt.month() == born.dt.month()) & (day.dt.day() < born.dt.day())
        )
        age = (day.dt.year() - born.dt.year() - before.cast(pl.Int32)).clip(0, _LAST_AGE)
        made["alder"] = pl.coalesce(age.cast(pl.Float64), "alder")
    if "overlevd_30d" in wanted:
        within = (pl.col("dodsdato") - moment.dt.date()).dt.total_days() < _MONTH
        died = pl.when(within).then(pl.lit("0")).when(~within).then(pl.lit("1"))
        made["overlevd_30d"] = pl.coalesce(died, "overlevd_30d")
    return table.with_columns(made[name].alias(name) for name in made if name in wanted)


def _of(columns: Sequence[Column], kind: Kind) -> list[str]:
    return [column.name for column in columns if column.kind is kind]


def _in_order(names: Sequence[str]) -> list[str]:
    return [name for name in _BEFORE if name in names]


def _start(name: str, suffix: str, there: Sequence[str], else_: pl.Expr) -> pl.Expr:
    """The latest step before one that a row has, else the beginning."""
    steps = [pl.col(step + suffix) for step in _BEFORE[name] if step in there]
    return pl.coalesce(*steps, else_)


def _on_its_side(name: str) -> pl.Expr:
    """Days from the arrest: birth lies before it, everything else after."""
    day = pl.col(name)
    return day.clip(upper_bound=0.0) if name == _BORN else day.clip(lower_bound=0.0)


def _learned(gap: pl.Expr) -> pl.Expr:
    return gap.sign() * (gap.abs() / _SCALE + 1).log()


def _passed(name: str, learned: pl.Expr) -> pl.Expr:
    longest = _learned_number(10_080 * _SCALE)
    bounded = learned.clip(-longest if name in _EITHER_WAY else 0.0, longest)
    return bounded.sign() * _SCALE * (bounded.abs().exp() - 1)


def _learned_number(seconds: float) -> float:
    return math.log(seconds / _SCALE + 1)
