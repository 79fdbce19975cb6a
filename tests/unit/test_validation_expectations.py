"""The committed suite of the event store is what the codebook gives today."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl

from hsr_privacy.codebook import Type
from hsr_privacy.validation import codebook_suite, validate
from hsr_privacy.validation.__main__ import text

COMMITTED = Path(__file__).parents[2] / "expectations" / "event-store.json"
STORED: dict[Type, Any] = {
    Type.CODE: pl.Int16,
    Type.INTEGER: pl.Int32,
    Type.DECIMAL: pl.Float64,
    Type.TEXT: pl.String,
    Type.DATE: pl.Date,
    Type.DATETIME: pl.Datetime("us", "UTC"),
}


def event_store(codebook: Any, columns: list[str]) -> pl.DataFrame:
    """Two events of which nothing is known but their keys, their day and their sex."""
    known: dict[str, Any] = {
        "person_key": [b"\x01" * 16] * 2,
        "event_key": [b"\x02" * 16, b"\x03" * 16],
        "event_day": [dt.date(2021, 3, 4)] * 2,
        "kjonn": [1, 2],
        "alder": [73, 999],
    }
    schema = {name: STORED[codebook[name].type] for name in columns if name in codebook}
    return pl.DataFrame(
        [pl.Series(name, known.get(name, [None, None]), dtype=schema.get(name)) for name in columns]
    )


def names(codebook: Any) -> list[str]:
    columns: list[str] = codebook_suite(codebook).expectations[0].kwargs["column_list"]
    return columns


def test_the_committed_suite_has_not_drifted_from_the_codebook() -> None:
    again = "run: python -m hsr_privacy.validation > expectations/event-store.json"
    assert COMMITTED.read_text(encoding="utf-8") == text(), again


def test_the_module_prints_the_committed_suite() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "hsr_privacy.validation"], capture_output=True, check=True
    )
    assert printed.stdout == COMMITTED.read_bytes()


def test_no_direct_identifier_stands_in_the_event_store(codebook: Any) -> None:
    direct = {v.name for v in codebook if v.role == "direct-identifier"}
    assert direct & set(names(codebook)) == set()
    assert names(codebook)[:3] == ["person_key", "event_key", "event_day"]


def test_an_event_store_of_the_codebook_passes(codebook: Any) -> None:
    report = validate(event_store(codebook, names(codebook)), codebook_suite(codebook))
    assert [f.id for f in report.findings if not f.passed] == []


def test_an_event_store_with_a_fault_does_not(codebook: Any) -> None:
    store = event_store(codebook, names(codebook)).with_columns(
        event_key=pl.lit(b"\x02" * 16), kjonn=pl.lit(3, pl.Int16)
    )
    report = validate(store, codebook_suite(codebook))
    failed = {f.id: f.unexpected for f in report.findings if not f.passed}
    assert failed == {"event_key.unique": 2, "kjonn.codes": 2}


def test_great_expectations_reads_the_committed_suite(codebook: Any) -> None:
    validate(event_store(codebook, names(codebook)), codebook_suite(codebook))  # imports it quietly
    import great_expectations as gx

    suite = gx.ExpectationSuite(**json.loads(COMMITTED.read_text(encoding="utf-8")))
    assert len(suite.expectations) == len(codebook_suite(codebook).expectations)
