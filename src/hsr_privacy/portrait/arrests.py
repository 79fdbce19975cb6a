"""Arrests: one row each, with yes, no or unknown for all that a portrait counts."""

from __future__ import annotations

from typing import Final

import polars as pl

from hsr_privacy.extract import PERSON_KEY
from hsr_privacy.portrait.residents import Residents
from hsr_privacy.registry import EVENT_DAY

PERSON: Final = "person"
OUTSIDE_CODE: Final = 1

_ZONE: Final = "Europe/Oslo"
_YES, _NO = 1, 0
_BY_BYSTANDER, _BY_CREW = 1, 2
_UNKNOWN: Final = 999
_SHOCKABLE: Final = (1, 2, 5)
_NOT_SHOCKABLE: Final = (3, 4, 6, 7, 8)
_HELPED: Final = (1, 2, 3)
_GOOD: Final = (1, 2)
_CIRCULATION, _ONGOING = 1, 2
_LONGEST_SECONDS: Final = 240 * 60
_HOME: Final = 0
_SEXES: Final = (1, 2)


def arrests_of(events: pl.DataFrame, residents: Residents) -> pl.DataFrame:
    """The events of a register as arrests that can be counted.

    Args:
        events: of `registry.glance` or of the event store.
        residents: says which trust and municipality of 2024 an older code belongs to.

    Returns:
        One row per event. ``person``, ``day``, ``year``, ``month``, ``weekday`` (1 Monday), ``hour``
        (Norwegian clock), ``outside``, ``age``, ``sex`` (1 man, 2 woman), ``centrality`` (1-6),
        ``trust``, ``hospital``, ``home`` and ``scene`` (municipalities of 2024), ``seconds`` (of
        response, arrests that the crew saw left out), ``died_after`` (days, null for who lives or
        is not known of), ``place`` (code), ``has_call`` and ``has_hospital`` (whether dispatch and
        hospital told); and, true, false or null for unknown: ``tried``, ``seen_by_crew``,
        ``seen_by_bystander``, ``witnessed``, ``helped``, ``attached``, ``shockable``, ``rosc``,
        ``arrived``, ``ongoing``, ``transported``, ``admitted``, ``alive_day``, ``alive_month``,
        ``good``, ``at_home``.
    """
    moment = pl.coalesce("t_stans", "t_anrop").dt.convert_time_zone(_ZONE)
    outside = pl.col("event_type") == OUTSIDE_CODE
    # Who is not taken to hospital dies where they are.
    left_behind = outside & (pl.col("transportert") == _NO)
    died_after = (pl.col("dodsdato") - pl.col(EVENT_DAY)).dt.total_days()
    died_after = pl.when(died_after >= 0).then(died_after)
    month = _either("overlevd_30d").fill_null(_no_if(left_behind))
    day = (
        pl.when(month)
        .then(statement=True)
        .when(died_after == 0)
        .then(statement=False)
        .otherwise(_either("overlevd_24t").fill_null(_no_if(left_behind)))
    )
    seen = pl.col("bevitnet")
    seen_by_crew = _one_of(seen, yes=(_BY_CREW,), no=(0, _BY_BYSTANDER))
    seconds = (pl.col("t_fremme") - pl.col("t_anrop")).dt.total_seconds()
    counted = seconds.is_between(0, _LONGEST_SECONDS) & ~seen_by_crew.fill_null(value=False)
    handed = pl.col("status_overlevering")
    now = residents.municipality_now
    return events.select(
        pl.col(PERSON_KEY).alias(PERSON),
        pl.col(EVENT_DAY).alias("day"),
        pl.col("hendelse_aar").alias("year"),
        pl.col(EVENT_DAY).dt.month().cast(pl.Int32).alias("month"),
        pl.col(EVENT_DAY).dt.weekday().cast(pl.Int32).alias("weekday"),
        moment.dt.hour().cast(pl.Int32).alias("hour"),
        outside.alias("outside"),
        pl.col("alder").alias("age"),
        pl.when(pl.col("kjonn").is_in(_SEXES)).then(pl.col("kjonn")).cast(pl.Int32).alias("sex"),
        pl.when(pl.col("sentralitet") < _UNKNOWN)
        .then(pl.col("sentralitet"))
        .cast(pl.Int32)
        .alias("centrality"),
        pl.col("amb_hf").alias("trust"),
        pl.col("sykehus").alias("hospital"),
        pl.col("bostedskommune").replace_strict(now, default=None).alias("home"),
        pl.col("hendelseskommune").replace_strict(now, default=None).alias("scene"),
        pl.when(counted).then(seconds).alias("seconds"),
        died_after.alias("died_after"),
        pl.col("sted").cast(pl.Int32).alias("place"),
        pl.col("t_anrop").is_not_null().alias("has_call"),
        pl.col("sykehus").is_not_null().alias("has_hospital"),
        pl.when(outside).then(_either("hlr_ems")).otherwise(statement=True).alias("tried"),
        seen_by_crew.alias("seen_by_crew"),
        _one_of(seen, yes=(_BY_BYSTANDER,), no=(0, _BY_CREW)).alias("seen_by_bystander"),
        _one_of(seen, yes=(_BY_BYSTANDER, _BY_CREW), no=(0,)).alias("witnessed"),
        _one_of(pl.col("tilskuer_hlr"), yes=_HELPED, no=(0,)).alias("helped"),
        _either("aed_tilkoblet").alias("attached"),
        _one_of(pl.col("forste_rytme"), yes=_SHOCKABLE, no=_NOT_SHOCKABLE).alias("shockable"),
        _either("rosc_20").alias("rosc"),
        _one_of(handed, yes=(_CIRCULATION,), no=(2, 3, 4)).alias("arrived"),
        _one_of(handed, yes=(_ONGOING,), no=(1, 3, 4)).alias("ongoing"),
        _either("transportert").alias("transported"),
        _either("innlagt_intensiv").fill_null(_no_if(left_behind)).alias("admitted"),
        day.alias("alive_day"),
        month.alias("alive_month"),
        pl.when(month)
        .then(_one_of(pl.col("cpc_utskr"), yes=_GOOD, no=(3, 4)))
        .otherwise(statement=None)
        .alias("good"),
        _one_of(pl.col("sted"), yes=(_HOME,), no=tuple(range(1, 16))).alias("at_home"),
    )


def _either(column: str) -> pl.Expr:
    """Yes, no, or unknown."""
    return _one_of(pl.col(column), yes=(_YES,), no=(_NO,))


def _one_of(column: pl.Expr, *, yes: tuple[int, ...], no: tuple[int, ...]) -> pl.Expr:
    """Yes for some codes, no for others, unknown for the rest."""
    return (
        pl.when(column.is_in(yes))
        .then(statement=True)
        .when(column.is_in(no))
        .then(statement=False)
        .otherwise(statement=None)
    )


def _no_if(condition: pl.Expr) -> pl.Expr:
    return pl.when(condition).then(statement=False).otherwise(statement=None)
