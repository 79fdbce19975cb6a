"""Tables are opened from every kind of file, and suites from the shelf or from a file."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat
import pytest

from hsr_privacy.documents import Label
from hsr_privacy.errors import ConfigError, DataError, DeliveryError
from hsr_privacy.validation import (
    SUITES,
    ColumnRule,
    extract_suite,
    open_suite,
    open_tables,
    read_forms,
)

LABEL = Label(nb="navn", en="name")
SAMPLES = Path(__file__).parents[3] / "synthetic" / "samples"
SUITE = extract_suite(
    [
        ColumnRule("code", "code", LABEL, codes=(1, 2, 999)),
        ColumnRule("dose", "decimal", LABEL),
        ColumnRule("day", "date", LABEL),
        ColumnRule("place", "text", LABEL, pattern="[0-9]{4}"),
    ],
    k=1,
    quasi_identifiers=[],
    person=None,
)
TABLE = pl.DataFrame(
    {
        "code": [1, 999, None],
        "dose": [1.5, None, 2.0],
        "day": [dt.date(2021, 5, 1), None, dt.date(2020, 2, 29)],
        "place": ["0301", "1201", None],
    },
    schema={"code": pl.Int64, "dose": pl.Float64, "day": pl.Date, "place": pl.String},
)


@pytest.fixture
def suite(tmp_path: Path) -> str:
    path = tmp_path / "suite.json"
    path.write_text(json.dumps(SUITE.to_json()), encoding="utf-8")
    return str(path)


def as_csv(path: Path) -> None:
    path.write_text(
        "\ufeffcode;dose;day;place\n1;1,5;2021-05-01;0301\n999;;;1201\n;2.0;2020-02-29;\n",
        encoding="utf-8",
    )


WRITE: dict[str, Any] = {
    "csv": as_csv,
    "parquet": TABLE.write_parquet,
    "dta": lambda path: pyreadstat.write_dta(TABLE.to_pandas(), str(path)),
    "sav": lambda path: pyreadstat.write_sav(
        TABLE.to_pandas(), str(path), missing_ranges={"code": [999]}
    ),
}


@pytest.mark.parametrize("ending", WRITE)
def test_the_same_table_passes_from_every_kind_of_file(
    ending: str, tmp_path: Path, suite: str
) -> None:
    path = tmp_path / f"table.{ending}"
    WRITE[ending](path)
    (opened,) = open_tables(path, suite)
    report = opened.judged()
    assert [f.id for f in report.findings if not f.passed] == []
    assert {f.id: f.missing for f in report.findings}["code.codes"] == 1  # 999 is no missing cell


def test_a_csv_with_one_cell_that_is_not_so_stays_text(tmp_path: Path, suite: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text("code,dose,day,place\n1,1,2021-05-01,0301\nx,1,2021-05-01,0301\n")
    (opened,) = open_tables(path, suite)
    assert {f.id for f in opened.judged().findings if not f.passed} == {"code.type", "code.codes"}


def test_every_shipped_suite_opens() -> None:
    assert [open_suite(name).name for name in SUITES] == list(SUITES)


def test_a_suite_of_great_expectations_own_making_opens(tmp_path: Path) -> None:
    kind = "expect_column_values_to_be_unique"
    one = {"type": kind, "kwargs": {"column": "x"}, "severity": "warning"}
    path = tmp_path / "theirs.json"
    path.write_text(json.dumps({"name": "theirs", "expectations": [one, one]}))
    first, second = open_suite(str(path)).expectations
    assert (first.id, first.severity) == ("x.column_values_to_be_unique", "warning")
    assert second.id != first.id


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{", "not readable as JSON"),
        ("[]", "no list of 'expectations'"),
        ('{"expectations": [{"kwargs": {}}]}', "expectation 1 has no 'type'"),
        ('{"expectations": [{"type": "expect_nothing"}]}', "there is no 'expect_nothing'"),
        (
            '{"expectations": [{"type": "expect_no_national_identifier", "kwargs": {"a": 1}}]}',
            "'a'",
        ),
        (
            '{"expectations": [{"type": "x", "meta": {"hsr": {"severity": "grave"}}}]}',
            "no severity that is known",
        ),
    ],
)
def test_a_file_that_is_no_suite_is_refused(tmp_path: Path, written: str, said: str) -> None:
    path = tmp_path / "suite.json"
    path.write_text(written)
    with pytest.raises(ConfigError, match=said):
        open_suite(str(path))


def test_a_suite_that_nobody_has_is_refused_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match="did you mean 'event-store'"):
        open_suite("evnt-store")
    with pytest.raises(ConfigError, match="for a folder of deliveries"):
        open_suite("deliveries")


def test_what_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>")
    broken = tmp_path / "broken.sav"
    broken.write_bytes(b"$FL2@(#)")
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(DataError, match="no such file or folder"):
        open_tables(tmp_path / "nothing", "amk")
    with pytest.raises(DataError, match="no table that can be judged"):
        open_tables(page, "amk")
    with pytest.raises(DataError, match="not readable as SPSS"):
        open_tables(broken, "amk")
    with pytest.raises(DeliveryError, match="no delivery of"):
        open_tables(empty, "deliveries")
    with pytest.raises(DataError, match="folder without an extract"):
        open_tables(empty, "event-store")
    with pytest.raises(DataError, match="no suite of its own"):
        open_tables(empty, None)


def test_a_delivered_file_is_read_by_its_layout() -> None:
    (opened,) = open_tables(SAMPLES / "mrs" / "DataDump_QA_AMK_2026-03-01_0600.csv", "amk")
    assert (opened.table.schema["t_anrop"], opened.faults) == (pl.Datetime("us"), ())


def test_cells_that_cannot_be_read_are_marked_and_not_lost_in_silence() -> None:
    forms = {one.form: one for one in read_forms(SAMPLES / "csv-dirty")}
    marked = forms["register"].unread  # type: ignore[index]
    assert marked["fodselsdato"].count() == 7
    assert forms["register"].table["fodselsdato"].null_count() >= 7  # type: ignore[index]
    (fault,) = forms["hospital"].faults  # type: ignore[index]
    assert "351 row(s) cannot be read" in fault.problem
