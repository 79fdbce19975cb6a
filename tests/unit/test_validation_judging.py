"""Validate finds each fault by its number, and finds nothing in a table without faults."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from hsr_privacy.codebook import Range
from hsr_privacy.documents import Label
from hsr_privacy.errors import DataError
from hsr_privacy.pseudonymization.text_form import text_column
from hsr_privacy.validation import (
    ColumnRule,
    Suite,
    ValidationReport,
    extract_suite,
    minutes_rule,
    pseudonym_rule,
    validate,
)

LABEL = Label(nb="navn", en="name")
PERSONS = text_column(pa.array([bytes([n]) * 16 for n in range(1, 6)])).to_pylist()
EVENTS = sorted(text_column(pa.array([bytes([n]) * 16 for n in range(6, 11)])).to_pylist())
RULES = [
    pseudonym_rule("person_lnr", LABEL),
    pseudonym_rule("event_lnr", LABEL, unique=True),
    ColumnRule("age", "label", LABEL, labels=("0-17 år", "18-64 år")),
    ColumnRule("cause", "code", LABEL, codes=(1, 2, 999)),
    ColumnRule("shocks", "integer", LABEL, codes=(999,), range=Range(min=0, max=40)),
    ColumnRule("ph", "decimal", LABEL, range=Range(min=6.3, max=7.8)),
    ColumnRule("icd", "text", LABEL, pattern="[A-Z][0-9]{2}|[0-9]"),
    minutes_rule("t_min", LABEL),
]
SUITE = extract_suite(RULES, k=2, quasi_identifiers=["age"], person="person_lnr", l={"cause": 2})
GOOD: dict[str, list[Any]] = {
    "person_lnr": PERSONS,
    "event_lnr": EVENTS,
    "age": ["0-17 år", "0-17 år", "18-64 år", "18-64 år", "18-64 år"],
    "cause": [1, 2, 1, 999, None],
    "shocks": [0, 999, 40, None, 3],
    "ph": [6.3, 7.1, None, 7.8, 7.0],
    "icd": ["I46", None, "I21", "I46", "I46"],
    "t_min": [-5, 0, 3, None, 60],
}


def failed(changes: dict[str, list[Any]] | None = None, suite: Suite = SUITE) -> dict[str, Any]:
    report = validate(pl.DataFrame({**GOOD, **(changes or {})}), suite)
    return {f.id: f.unexpected for f in report.findings if not f.passed}


@pytest.fixture(scope="module")
def report() -> ValidationReport:
    return validate(pl.DataFrame(GOOD), SUITE)


def test_a_table_without_faults_passes_every_expectation(report: ValidationReport) -> None:
    assert [f.id for f in report.findings if not f.passed] == []
    assert report.passed
    assert [f.id for f in report.findings] == [e.id for e in SUITE.expectations]


def test_findings_say_how_much_was_looked_at(report: ValidationReport) -> None:
    found = {f.id: (f.checked, f.missing, f.unexpected) for f in report.findings}
    assert found["table.rows"] == (5, None, None)
    assert found["cause.codes"] == (5, 1, 0)
    assert found["shocks.range"] == (5, 2, 0)  # one empty, one coded as unknown
    assert found["classes.persons"] == (2, 0, 0)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"cause": [1, 2, 1, 3, 888]}, {"cause.codes": 2}),
        (
            {"age": ["0-17 år", "0-17 år", "18-64 år", "18-64 år", "19 år"]},
            {"age.labels": 1, "classes.persons": 1, "classes.cause": 1},
        ),
        ({"shocks": [41, -1, 3, 998, 999]}, {"shocks.range": 3}),
        ({"ph": [6.2, 7.81, 7.0, None, float("nan")]}, {"ph.range": 2}),
        ({"icd": ["I46", "I461", "i46", "XI46", None]}, {"icd.pattern": 3}),
        ({"t_min": [-10_081, 10_080, 0, 0, 0]}, {"t_min.range": 1, "t_min.plausible": 2}),
        ({"person_lnr": [*PERSONS[:4], None]}, {"person_lnr.not-null": 1}),
        (
            {"person_lnr": [*PERSONS[:4], "U" * 22]},
            {"person_lnr.pattern": 1, "person_lnr.check-symbols": 1},
        ),
        ({"person_lnr": [*PERSONS[:4], "A" * 22]}, {"person_lnr.check-symbols": 1}),
        ({"event_lnr": [EVENTS[0], EVENTS[0], *EVENTS[2:]]}, {"event_lnr.unique": 2}),
        ({"person_lnr": [PERSONS[0]] * 2 + PERSONS[2:]}, {"classes.persons": 1}),
        ({"cause": [1, 1, 1, 2, 2]}, {"classes.cause": 1}),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_each_fault_is_found_and_nothing_else(
    changes: dict[str, list[Any]], expected: dict[str, int]
) -> None:
    assert failed(changes) == expected


def test_a_line_break_behind_a_pseudonym_is_found() -> None:
    found = failed({"person_lnr": [*PERSONS[:4], PERSONS[4] + "\n"]})
    assert found["person_lnr.one-line"] == 1


@pytest.mark.parametrize(
    "cell", ["01815012345", "018150 12345", "018150-12345", "født 01815012345."]
)
def test_a_number_as_long_as_an_identifier_is_found_in_text(cell: str) -> None:
    rule = ColumnRule("note", "text", LABEL)
    suite = extract_suite([rule], k=1, quasi_identifiers=[], person=None)
    report = validate(pl.DataFrame({"note": [cell, "974760673", "2020-2021", None]}), suite)
    assert {f.id: f.unexpected for f in report.findings if not f.passed} == {
        "table.no-identifier": 1,
        "note.no-identifier": 1,
    }


def test_a_number_as_long_as_an_identifier_is_found_among_numbers() -> None:
    rule = ColumnRule("weight", "integer", LABEL)
    suite = extract_suite([rule], k=1, quasi_identifiers=[], person=None)
    report = validate(pl.DataFrame({"weight": [1_815_012_345, 41_815_012_345]}), suite)
    assert {f.id: f.unexpected for f in report.findings if not f.passed} == {
        "table.no-identifier": 1,
        "weight.no-identifier": 1,
    }


def test_a_warning_is_told_and_refuses_nothing() -> None:
    report = validate(pl.DataFrame({**GOOD, "t_min": [800, 0, 0, 0, 0]}), SUITE)
    (finding,) = [f for f in report.findings if not f.passed]
    assert (finding.id, finding.severity, finding.refuses) == ("t_min.plausible", "warning", False)
    assert report.passed
    assert report.to_json()["warnings"] == 1


def test_a_column_too_many_is_found() -> None:
    assert failed({"extra": [1] * 5}) == {"table.columns": None}


def test_columns_in_another_order_are_found() -> None:
    table = pl.DataFrame(GOOD).select(sorted(GOOD))
    assert [f.id for f in validate(table, SUITE).findings if not f.passed] == ["table.columns"]


def test_a_missing_column_fails_what_is_asked_of_it_and_says_so() -> None:
    report = validate(pl.DataFrame(GOOD).drop("cause"), SUITE)
    reasons = {f.id: f.reason for f in report.findings if not f.passed}
    assert reasons == {
        "table.columns": "",
        "cause.type": "a column is missing",
        "cause.codes": "a column is missing",
        "classes.cause": "a column is missing",
    }


def test_classes_are_not_judged_without_a_quasi_identifier_that_is_missing() -> None:
    report = validate(pl.DataFrame(GOOD).drop("age"), SUITE)
    assert not {f.id: f.passed for f in report.findings}["classes.persons"]


def test_a_column_of_the_wrong_type_is_not_asked_for_its_codes() -> None:
    report = validate(pl.DataFrame({**GOOD, "cause": ["1", "2", "1", "2", "1"]}), SUITE)
    reasons = {f.id: f.reason for f in report.findings if not f.passed}
    assert reasons == {
        "cause.type": "",
        "cause.codes": "the column does not hold what it should",
    }


def test_whole_numbers_that_pandas_keeps_as_decimals_are_whole_numbers() -> None:
    data = pd.DataFrame(GOOD)
    assert data["shocks"].dtype == float
    assert [f.id for f in validate(data, SUITE).findings if not f.passed] == []


def test_broken_numbers_are_no_whole_numbers() -> None:
    assert set(failed({"shocks": [0.5, 1, 2, 3, 4]})) == {"shocks.type", "shocks.range"}


def test_a_column_of_nothing_has_any_type() -> None:
    assert failed({"t_min": [None] * 5, "icd": [None] * 5, "ph": [None] * 5}) == {}


def test_an_empty_table_fails_by_its_rows_alone() -> None:
    empty = pl.DataFrame(GOOD).clear()
    assert [f.id for f in validate(empty, SUITE).findings if not f.passed] == ["table.rows"]


def test_a_table_without_columns_fails_and_does_not_break() -> None:
    report = validate(pl.DataFrame(), SUITE)
    assert not report.passed
    assert {f.id for f in report.findings if f.passed} == {"table.no-identifier"}


def test_without_quasi_identifiers_everybody_is_one_class() -> None:
    suite = extract_suite(
        RULES, k=6, quasi_identifiers=[], person="person_lnr", l={"cause": 4, "age": 2}
    )
    report = validate(pl.DataFrame(GOOD), suite)
    found = {f.id: (f.passed, f.checked) for f in report.findings}
    assert found["classes.persons"] == (False, 1)
    assert found["classes.cause"] == (True, 1)
    assert found["classes.age"] == (True, 1)


def test_a_sensitive_quasi_identifier_has_one_value_in_each_class() -> None:
    suite = extract_suite(RULES, k=1, quasi_identifiers=["age"], person="person_lnr", l={"age": 2})
    assert failed(suite=suite) == {"classes.age": 2}


def test_the_report_goes_to_json_and_back() -> None:
    report = validate(pl.DataFrame({**GOOD, "cause": [1, 2, 1, 3, 888]}), SUITE)
    told = json.loads(json.dumps(report.to_json(), allow_nan=False))
    assert (told["passed"], told["errors"], told["warnings"]) == (False, 1, 0)
    assert told["expectations"] == len(SUITE.expectations)
    (finding,) = [f for f in told["findings"] if not f["passed"]]
    assert finding == {
        "id": "cause.codes",
        "column": "cause",
        "severity": "error",
        "passed": False,
        "checked": 5,
        "missing": 0,
        "unexpected": 2,
        "reason": "",
        "text": {
            "nb": "'cause' holder bare koder fra sin kodeliste",
            "en": "'cause' holds only codes of its code list",
        },
    }


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(DataError, match="not a table"):
        validate([1, 2], SUITE)


@pytest.mark.usefixtures("no_network")
def test_validation_asks_for_no_network() -> None:
    assert failed() == {}
