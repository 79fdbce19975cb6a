"""Persons: age, identifier, inclusion by date, and arrests that stand twice (R16, R21, R22, R29)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, Final

import narwhals as nw
import numpy as np
import pyarrow as pa

from hsr_privacy.frames import Frame, map_column
from hsr_privacy.identifiers import Era, Kind, Profile, read_column
from hsr_privacy.identifiers.centuries import CENTURY_OF_BIT
from hsr_privacy.identifiers.rules import FODSELSNUMMER_CENTURIES
from hsr_privacy.rules.clause import (
    Clause,
    Logic,
    Parameters,
    code,
    days,
    early,
    implies,
    late,
    measured,
    present,
)
from hsr_privacy.rules.model import DAY, EVENT_TYPE, PERSON

_TOLD: Final = "__told"
_PREVIOUS: Final = "__previous"
_YOUNGEST, _OLDEST = "__youngest", "__oldest"
_FROM_2021: Final = (dt.date(2021, 1, 1) - dt.date(1970, 1, 1)).days
_SINCE_2021: Final = 2
_MAN, _WOMAN = 1, 2
_SYNTHETIC_MONTHS: Final = 80
_MINUTE: Final = 60


def add_persons(frame: Frame, held: Collection[str], *, person: str | None) -> Frame:
    """Add what the rules on persons look at.

    Args:
        frame: with clocks.
        held: columns that hold what the codebook says.
        person: column that tells persons apart, if any.
    """
    if {"fodselsdato", DAY} <= set(held):
        frame = frame.with_columns(
            _age_on(nw.col(DAY).dt.offset_by("-1d")).alias(_YOUNGEST),
            _age_on(nw.col(DAY).dt.offset_by("1d")).alias(_OLDEST),
        )
    if "fnr" in held:
        frame = map_column(frame, "fnr", _birth_and_sex, into=_TOLD, kind="int")
    if person is not None and {EVENT_TYPE, "t_stans"} <= set(held):
        moment = early("t_stans")
        before = nw.col(moment).shift(1).over(person, EVENT_TYPE, order_by=moment)
        frame = frame.with_columns(before.alias(_PREVIOUS))
        if person != PERSON:
            frame = frame.with_columns(nw.col(person).alias(PERSON))
    return frame


def _age_on(day: nw.Expr) -> nw.Expr:
    """Completed years on a day."""
    return (_number(day) - _number(nw.col("fodselsdato"))) // 10_000


def _number(day: nw.Expr) -> nw.Expr:
    """A day as YYYYMMDD."""
    parts = day.dt.year(), day.dt.month(), day.dt.day()
    year, month, of_month = (part.cast(nw.Int64) for part in parts)
    return year * 10_000 + month * 100 + of_month


def _birth_and_sex(column: Any) -> Any:
    """What an identifier says, as YYYYMMDDS; missing unless it is a fødselsnummer of the rule of 1964.

    Skatteetaten's synthetic ones say it as real ones do; D-numbers, H-numbers and numbers from 2032
    on may carry another date, or no sex.
    """
    text, check = read_column(column, profile=Profile.TEST_SKATT)
    real = check.kind_codes == np.uint16(Kind.FODSELSNUMMER)
    synthetic = check.kind_codes == np.uint16(Kind.SKATTEETATEN)
    speaks = (real | synthetic) & (check.era_codes == Era.RULE_1964)
    numbers = np.where(speaks, text.fill_null("0").to_numpy(zero_copy_only=False), "0")
    whole = numbers.astype("U11").astype(np.int64)
    day, month = whole // 10**9, whole // 10**7 % 100
    year, individual = whole // 10**5 % 100, whole // 100 % 1000
    century = np.zeros(len(whole), np.int64)
    for bit, first in CENTURY_OF_BIT.items():
        century[FODSELSNUMMER_CENTURIES[individual * 100 + year] == bit] = first
    month = np.where(synthetic, month - _SYNTHETIC_MONTHS, month)
    sex = np.where(individual % 2, _MAN, _WOMAN)
    told = (((century + year) * 100 + month) * 100 + day) * 10 + sex
    return pa.array(told.astype(np.int32), mask=~speaks)


def _age(p: Parameters) -> tuple[Clause, ...]:
    """A clock that is some minutes off may move an arrest over midnight, and so over a birthday."""
    age = measured("alder")
    wrong = (age < nw.col(_YOUNGEST)) | (age > nw.col(_OLDEST))
    both = ("alder", "fodselsdato", DAY)
    return (
        Clause(("alder",), present("alder"), (age < 0) | (age > p["years"])),
        Clause(both, present(*both), wrong),
    )


def _usual_age(p: Parameters) -> tuple[Clause, ...]:
    return (Clause(("alder",), present("alder"), measured("alder") > p["years"]),)


def _identifier(_: Parameters) -> tuple[Clause, ...]:
    told = nw.col(_TOLD)
    knows = ~told.is_null()
    return (
        Clause(
            ("fnr", "fodselsdato"),
            knows & present("fodselsdato"),
            told // 10 != _number(nw.col("fodselsdato")),
        ),
        Clause(("fnr", "kjonn"), knows & code("kjonn", _MAN, _WOMAN), told % 10 != nw.col("kjonn")),
    )


def _again(p: Parameters) -> tuple[Clause, ...]:
    needed = (PERSON, EVENT_TYPE, "t_stans")
    after = nw.col(late("t_stans")) - nw.col(_PREVIOUS)
    return (Clause(needed, present(*needed), after < p["minutes"] * _MINUTE),)


LOGIC: Final = {
    "R16": Logic(
        implies(
            ("inklusjonsregel", DAY),
            present("inklusjonsregel", DAY),
            (nw.col("inklusjonsregel") == _SINCE_2021) != (nw.col(days(DAY)) >= _FROM_2021),
        )
    ),
    "R21": Logic(_age, ("years",)),
    "R21.plausible": Logic(_usual_age, ("years",)),
    "R22": Logic(_identifier),
    "R29": Logic(_again, ("minutes",)),
}
