"""No cell comes out of a validation, however it fails."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

from hsr_privacy.codebook import Range
from hsr_privacy.documents import Label
from hsr_privacy.errors import DataError
from hsr_privacy.validation import ColumnRule, Suite, extract_suite, pseudonym_rule, validate
from hsr_privacy.validation import gx as adapter
from hsr_privacy.validation.suite import Expectation, Subject

LABEL = Label(nb="navn", en="name")
TEXT, NUMBER, DECIMAL = "01815012345", 1815012345, 1815012.25
CANARIES = [TEXT, str(NUMBER), str(DECIMAL), "KANARI", "4b414e415249"]
RULES = [
    pseudonym_rule("pseudonym", LABEL, unique=True),
    ColumnRule("label", "label", LABEL, labels=("a",)),
    ColumnRule("text", "text", LABEL, pattern="x", unique=True, nullable=False),
    ColumnRule("code", "code", LABEL, codes=(0, 1)),
    ColumnRule("number", "integer", LABEL, range=Range(min=0, max=1), unique=True),
    ColumnRule("decimal", "decimal", LABEL, range=Range(min=0, max=1)),
    ColumnRule("key", "key", LABEL, unique=True),
    ColumnRule("wrong_type", "code", LABEL, codes=(0, 1)),
]
CELLS: dict[str, list[Any]] = {
    "pseudonym": [TEXT, TEXT, None],
    "label": [TEXT, "KANARI", "a"],
    "text": [TEXT, TEXT, None],
    "code": [NUMBER, NUMBER, 0],
    "number": [NUMBER, NUMBER, 0],
    "decimal": [DECIMAL, DECIMAL, 0.5],
    "key": [b"KANARI", b"KANARI", b"x"],
    "wrong_type": [TEXT, "KANARI", "1"],
}
SUITE = extract_suite(
    RULES, k=3, quasi_identifiers=["label", "number"], person="text", l={"code": 3}
)
UNTYPED = Suite(
    "no expectation of types, so that Great Expectations meets what it cannot compare",
    (
        Expectation(
            "text.range",
            Subject.ROWS,
            "expect_column_values_to_be_between",
            "text",
            "error",
            LABEL,
            {"min_value": 0, "max_value": 1},
        ),
        Expectation(
            "number.pattern",
            Subject.ROWS,
            "expect_column_values_to_match_regex",
            "number",
            "error",
            LABEL,
            {"regex": "(((^x"},
        ),
    ),
)


def said(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary in text]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which everything must land that is written anywhere."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("suite", [SUITE, UNTYPED], ids=["failing", "raising"])
@pytest.mark.parametrize("kind", ["polars", "pandas"])
def test_no_cell_stands_in_report_log_or_file(
    kind: str,
    suite: Suite,
    files: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    data = pl.DataFrame(CELLS) if kind == "polars" else pd.DataFrame(CELLS)
    report = validate(data, suite)
    assert not report.passed
    out, err = capfd.readouterr()
    told = json.dumps(report.to_json(), ensure_ascii=False) + repr(report)
    assert said(told + out + err + caplog.text) == []
    assert (out, err) == ("", "")
    assert [path for path in files.rglob("*") if path.is_file()] == []


def test_the_canaries_were_looked_at_in_every_kind_of_column() -> None:
    failed = {f.id for f in validate(pl.DataFrame(CELLS), SUITE).findings if not f.passed}
    assert failed >= {
        "pseudonym.pattern",
        "pseudonym.unique",
        "label.labels",
        "label.no-identifier",
        "text.pattern",
        "text.unique",
        "text.not-null",
        "code.codes",
        "number.range",
        "number.unique",
        "decimal.range",
        "key.unique",
        "wrong_type.type",
        "classes.persons",
        "classes.code",
    }


def test_what_is_raised_is_told_by_its_type_alone() -> None:
    report = validate(pl.DataFrame(CELLS), UNTYPED)
    reasons = {f.id: f.reason for f in report.findings}
    assert set(reasons) == {"text.range", "number.pattern"}
    assert all(reason.isalpha() for reason in reasons.values())
    assert reasons["text.range"] == "TypeError"


@pytest.mark.parametrize(
    "traceback",
    [
        "Traceback:\nValueError: '01815012345'\nKANARIError: x",
        "KANARI",
        "TypeError\nKANARI: 01815012345",
    ],
)
def test_a_cell_that_looks_like_an_exception_is_not_taken_for_one(traceback: str) -> None:
    info = {"raised_exception": True, "exception_traceback": traceback}
    assert adapter._raised(info) in {"ValueError", "TypeError", "Exception"}


@pytest.fixture
def raw(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What Great Expectations itself answers, as it comes."""
    answers: list[Any] = []
    copy = adapter._verdict

    def overhear(result: Any) -> adapter.Verdict:
        answers.append(result.result)
        return copy(result)

    monkeypatch.setattr(adapter, "_verdict", overhear)
    return answers


def test_great_expectations_is_not_even_asked_for_cells(raw: list[Any]) -> None:
    validate(pl.DataFrame(CELLS), SUITE)
    assert said(str(raw)) == []
    assert adapter.COUNTS_ONLY["exclude_unexpected_values"] is True


def test_cells_that_it_tells_unasked_stay_behind(
    raw: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "COUNTS_ONLY", {"result_format": "COMPLETE"})
    report = validate(pl.DataFrame(CELLS), SUITE)
    assert TEXT in str(raw)
    assert said(json.dumps(report.to_json()) + repr(report)) == []


def test_what_great_expectations_logs_is_not_heard(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def log(*_args: object) -> Any:
        logging.getLogger("great_expectations.validator").error("Caught exception %s", TEXT)
        return []

    monkeypatch.setattr(adapter, "_answers", log)
    validate(pl.DataFrame(CELLS), SUITE)
    assert said(caplog.text) == []


def test_when_great_expectations_itself_gives_up_its_text_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def give_up(*_args: object) -> Any:
        raise RuntimeError(TEXT)

    monkeypatch.setattr(adapter, "_answers", give_up)
    with pytest.raises(DataError, match="RuntimeError") as caught:
        validate(pl.DataFrame(CELLS), SUITE)
    assert said(str(caught.value)) == []
    assert caught.value.__suppress_context__


def test_the_log_of_great_expectations_speaks_again_afterwards() -> None:
    logger = logging.getLogger("great_expectations")
    logger.setLevel(logging.INFO)
    validate(pl.DataFrame(CELLS), SUITE)
    assert logger.level == logging.INFO
    logger.setLevel(logging.NOTSET)


def test_whoever_takes_our_classes_alone_sends_no_analytics_either() -> None:
    code = "import os, sys; sys.modules['__main__'].__file__ = 'x'\n"
    code += "import hsr_privacy.validation.kinds\nprint(os.environ['GX_ANALYTICS_ENABLED'])"
    without = {name: value for name, value in os.environ.items() if not name.startswith("GX_")}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True, env=without
    )
    assert done.stdout == "false\n"
