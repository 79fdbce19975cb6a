"""The committed suite of the event store is what the codebook gives today."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from hsr_privacy.codebook import Type
from hsr_privacy.release import prepare
from hsr_privacy.rules import Form, load_rules
from hsr_privacy.validation import SUITES, codebook_suite, suite_of_json, validate
from hsr_privacy.validation import __main__ as module
from hsr_privacy.validation.__main__ import text_of
from hsr_privacy.validation.gx import load
from hsr_privacy.validation.project_suite import MASK, REMOVED
from hsr_privacy.validation.suites import generated_suites

COMMITTED = Path(__file__).parents[2] / "expectations"
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


@pytest.mark.parametrize("name", SUITES)
def test_no_committed_suite_has_drifted_from_codebook_rules_and_project(name: str) -> None:
    written = (COMMITTED / f"{name}.json").read_text(encoding="utf-8")
    assert written == text_of(generated_suites()[name]), "run: python -m hsr_privacy.validation"


def test_every_committed_suite_is_generated_and_named_to_the_user() -> None:
    assert {path.stem for path in COMMITTED.iterdir()} == set(generated_suites()) == set(SUITES)


def test_the_check_names_the_suite_that_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    assert module.main([]) == 0
    assert module.main(["--check"]) == 0
    with (tmp_path / "amk.json").open("a") as file:
        file.write(" ")
    assert module.main(["--check"]) == 1
    assert capsys.readouterr().err.startswith("amk.json has drifted")


def test_a_suite_goes_to_json_and_back() -> None:
    for suite in generated_suites().values():
        assert suite_of_json(json.loads(text_of(suite))) == suite


def test_every_rule_of_the_register_stands_in_the_suite_of_the_event_store() -> None:
    asked = {e.id.removeprefix("rules."): e for e in generated_suites()["event-store"].expectations}
    rules = {rule.id: rule for rule in load_rules()}
    assert set(rules) - set(asked) == {"R22"}  # of the national identifier, which is not there
    for name, rule in rules.items():
        if name in asked:
            found = asked[name]
            assert (found.severity, found.text, found.source) == (
                rule.severity_for(Form.EVENT).value,
                rule.text,
                rule.source,
            )
    assert asked["R33"].kind == "expect_no_national_identifier"


def test_the_names_of_an_extract_are_those_that_a_release_gives() -> None:
    assert (MASK, REMOVED) == (prepare.MASK, prepare.REMOVED)


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


@pytest.mark.parametrize("name", SUITES)
def test_great_expectations_reads_every_committed_suite(name: str) -> None:
    gx = load()
    written = json.loads((COMMITTED / f"{name}.json").read_text(encoding="utf-8"))
    suite = gx.ExpectationSuite(**written)
    assert len(suite.expectations) == len(written["expectations"])
    words = {"critical": "error", "warning": "warning", "info": "information"}
    for expectation in suite.expectations:
        assert words[expectation.severity.value] == expectation.meta["hsr"]["severity"]
