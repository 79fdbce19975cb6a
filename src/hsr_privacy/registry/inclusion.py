"""Which arrests the register includes, by the rules of its own text, each exclusion with a reason.

Source: Norsk hjertestansregister, "Opplysninger i registeret", helsedata.no. Outside hospital:
every arrest that an ambulance service confirmed; before 2021 only where treatment was started, from
2021 also those who were not resuscitated. Inside hospital: treatment started; where circulation was
back before the team came, only after compressions over 30 seconds or a shock; attempts that were
stopped on a doctor's assessment, with their reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import polars as pl

from hsr_privacy.registry.linkage import IHCA, OHCA

ALL_ATTENDED_SINCE: Final = 2021
FIRST_YEAR: Final = 2013

# Codes of the code lists inclusion_rule and inclusion_reason.
RULE_BEFORE, RULE_SINCE = 1, 2
BY_THOSE_PRESENT, BY_HEALTH_PERSONNEL, BY_SHOCK, NOT_RESUSCITATED, BEFORE_TEAM, STOPPED = range(
    1, 7
)

_YES: Final = 1
_BYSTANDER_CPR: Final = (1, 2, 3)
_PRESENT: Final = (1, 2, 3, 4)
_HEALTH_PERSONNEL: Final = (5, 6, 7, 777)
EXCLUDED: Final = "__excluded"


class Excluded(StrEnum):
    """Why an arrest is not in the register."""

    NO_TIME = "no time of the arrest"
    TOO_EARLY = "before the register began"
    UNTREATED_BEFORE_2021 = "outside hospital before 2021, treatment not started"
    UNTREATED_INSIDE = "inside hospital, treatment not started"
    SHORT_BEFORE_TEAM = (
        "inside hospital, circulation before the team, no shock, compressions not over 30 s"
    )


@dataclass(frozen=True)
class Included:
    """The arrests that the register includes.

    Attributes:
        events: with ``inklusjonsregel`` and ``inklusjonsgrunn``.
        counts: arrests in and out, and left out by reason.
    """

    events: pl.DataFrame
    counts: dict[str, int]


def include(events: pl.DataFrame) -> Included:
    """Apply the rules.

    Args:
        events: one row per arrest, with ``event_type``, ``hendelse_aar`` and what was done.
    """
    judged = events.with_columns(_excluded().alias(EXCLUDED))
    counts = {"arrests": events.height}
    for reason in Excluded:
        counts[f"left out: {reason}"] = judged.filter(pl.col(EXCLUDED) == str(reason)).height
    kept = judged.filter(pl.col(EXCLUDED).is_null()).drop(EXCLUDED)
    counts["arrests included"] = kept.height
    since = pl.col("hendelse_aar") >= ALL_ATTENDED_SINCE
    kept = kept.with_columns(
        pl.when(since)
        .then(RULE_SINCE)
        .otherwise(RULE_BEFORE)
        .cast(pl.Int16)
        .alias("inklusjonsregel"),
        _reason().cast(pl.Int16).alias("inklusjonsgrunn"),
    )
    return Included(kept, counts)


def _is(column: str, *codes: int) -> pl.Expr:
    return pl.col(column).is_in(codes).fill_null(value=False)


def _shocked() -> pl.Expr:
    several = (pl.col("antall_sjokk").is_between(1, 900)).fill_null(value=False)
    return _is("sjokk_gitt", _YES) | _is("aed_sjokk", _YES) | several


def _by_those_present() -> pl.Expr:
    return _is("tilskuer_hlr", *_BYSTANDER_CPR) | _is("hlr_utfort_av", *_PRESENT)


def _by_health_personnel() -> pl.Expr:
    return _is("hlr_ems", _YES) | _is("hlr_utfort_av", *_HEALTH_PERSONNEL)


def _treated() -> pl.Expr:
    return _by_those_present() | _by_health_personnel() | _shocked()


def _treated_inside() -> pl.Expr:
    began = pl.col("t_hlr_start").is_not_null() | _is("kompresjon_over_30s", _YES)
    return _treated() | began


def _before_team() -> pl.Expr:
    return (pl.col("t_rosc") < pl.col("t_stansteam_fremme")).fill_null(value=False)


def _counts_before_team() -> pl.Expr:
    return _is("kompresjon_over_30s", _YES) | _shocked()


def _excluded() -> pl.Expr:
    outside, inside = _is("event_type", OHCA), _is("event_type", IHCA)
    year, stopped = pl.col("hendelse_aar"), _is("avbrutt_lege", _YES)
    return (
        pl.when(year.is_null())
        .then(pl.lit(str(Excluded.NO_TIME)))
        .when(year < FIRST_YEAR)
        .then(pl.lit(str(Excluded.TOO_EARLY)))
        .when(outside & (year < ALL_ATTENDED_SINCE) & ~_treated())
        .then(pl.lit(str(Excluded.UNTREATED_BEFORE_2021)))
        .when(inside & _before_team() & ~_counts_before_team() & ~stopped)
        .then(pl.lit(str(Excluded.SHORT_BEFORE_TEAM)))
        .when(inside & ~_treated_inside() & ~stopped)
        .then(pl.lit(str(Excluded.UNTREATED_INSIDE)))
    )


def _reason() -> pl.Expr:
    inside = _is("event_type", IHCA)
    return (
        pl.when(inside & _is("avbrutt_lege", _YES))
        .then(STOPPED)
        .when(inside & _before_team())
        .then(BEFORE_TEAM)
        .when(_by_those_present())
        .then(BY_THOSE_PRESENT)
        .when(_by_health_personnel() | (inside & ~_shocked()))
        .then(BY_HEALTH_PERSONNEL)
        .when(_shocked())
        .then(BY_SHOCK)
        .otherwise(NOT_RESUSCITATED)
    )
