"""Validate gives the same report on every engine."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pyarrow as pa

from hsr_privacy.codebook import Range
from hsr_privacy.documents import Label
from hsr_privacy.pseudonymization.text_form import text_column
from hsr_privacy.validation import ColumnRule, extract_suite, pseudonym_rule, validate

LABEL = Label(nb="navn", en="name")
RULES = [
    pseudonym_rule("person", LABEL),
    pseudonym_rule("event", LABEL, unique=True),
    ColumnRule("age", "label", LABEL, labels=("0-17 år", "18-64 år")),
    ColumnRule("cause", "code", LABEL, codes=(1, 2, 999)),
    ColumnRule("shocks", "integer", LABEL, codes=(999,), range=Range(min=0, max=40)),
    ColumnRule("dose", "decimal", LABEL, codes=(999,), range=Range(min=0, max=30)),
    ColumnRule("note", "text", LABEL, pattern="[A-ZÆØÅa-z0-9 ]*"),
    ColumnRule("day", "date", LABEL, nullable=False),
    ColumnRule("clock", "datetime", LABEL),
    ColumnRule("wrong", "code", LABEL, codes=(1,)),
    ColumnRule("gone", "text", LABEL),
]
SUITE = extract_suite(
    RULES,
    k=2,
    quasi_identifiers=["age"],
    person="person",
    l={"cause": 2, "age": 1},
    event="event",
)
SCHEMA: dict[str, Any] = {
    "person": pl.String,
    "event": pl.String,
    "age": pl.String,
    "cause": pl.Int16,
    "shocks": pl.Int32,
    "dose": pl.Float64,
    "note": pl.String,
    "day": pl.Date,
    "clock": pl.Datetime("us", "UTC"),
    "wrong": pl.String,
}
WELL = sorted(text_column(pa.array([bytes([n]) * 16 for n in range(1, 6)])).to_pylist())
DAY = dt.date(2021, 3, 4)
CLOCK = dt.datetime(2021, 3, 4, 5, 6, 7, tzinfo=dt.UTC)
TABLE: dict[str, list[Any]] = {
    "person": [WELL[0], WELL[0], "B" * 22, "U" * 22, "short", None],
    "event": [WELL[1], WELL[1], WELL[0], WELL[2], WELL[3], WELL[4]],
    "age": ["0-17 år", "0-17 år", "18-64 år", "18-64 år", None, "19 år"],
    "cause": [1, 1, 2, 3, None, 999],
    "shocks": [0, 40, 41, -1, 999, None],
    "dose": [0.0, 30.0, 30.5, float("nan"), 999.0, None],
    "note": ["Ærlig", "01815012345", "x-y", "018150 12345", None, ""],
    "day": [DAY, DAY, DAY, DAY, DAY, None],
    "clock": [CLOCK, None, None, None, None, None],
    "wrong": ["1", "x", None, None, None, None],
}
FAILED = {
    "table.columns": None,
    "table.no-identifier": 2,
    "table.order": 1,
    "person.not-null": 1,
    "person.pattern": 2,
    "person.check-symbols": 3,
    "event.unique": 2,
    "age.labels": 1,
    "cause.codes": 1,
    "shocks.range": 2,
    "dose.range": 1,
    "note.pattern": 1,
    "note.no-identifier": 2,
    "day.not-null": 1,
    "wrong.type": 1,
    "wrong.codes": None,
    "gone.type": None,
    "gone.no-identifier": None,
    "classes.persons": 3,
    "classes.cause": 3,
}


def test_every_engine_finds_the_same_faults(make_frame: Any) -> None:
    report = validate(make_frame(TABLE, SCHEMA), SUITE)
    assert {f.id: f.unexpected for f in report.findings if not f.passed} == FAILED
    assert report == validate(pl.DataFrame(TABLE, schema=SCHEMA), SUITE)


def test_an_empty_frame_fails_alike(make_frame: Any) -> None:
    empty: dict[str, list[Any]] = {name: [] for name in SCHEMA}
    report = validate(make_frame(empty, SCHEMA), SUITE)
    assert report == validate(pl.DataFrame(empty, schema=SCHEMA), SUITE)
    failed = {f.id for f in report.findings if not f.passed}
    assert failed == {"table.columns", "table.rows", "gone.type", "gone.no-identifier"}


def test_one_row_of_nothing_fails_alike(make_frame: Any) -> None:
    nothing: dict[str, list[Any]] = {name: [None] for name in SCHEMA}
    report = validate(make_frame(nothing, SCHEMA), SUITE)
    failed = {f.id for f in report.findings if not f.passed}
    assert failed == {
        "table.columns",
        "table.order",
        "person.not-null",
        "event.not-null",
        "day.not-null",
        "gone.type",
        "gone.no-identifier",
        "classes.persons",
        "classes.cause",
    }
    assert report == validate(pl.DataFrame(nothing, schema=SCHEMA), SUITE)
