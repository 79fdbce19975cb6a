"""Hierarchy files: what people write, and every fault by its line."""

from __future__ import annotations

import datetime as dt
import textwrap
from pathlib import Path

import pytest

from hsr_privacy.errors import ConfigError, Fault
from hsr_privacy.hierarchies import TOP, load_for_columns, load_hierarchies


def define(folder: Path, text: str, name: str = "own.yaml") -> Path:
    path = folder / name
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path


PLACE = """\
    hierarchies:
      - name: kommune
        label: {nb: Kommune, en: Municipality}
        source: test
        kind: table
        file: kommune.csv
        levels: [code, county]
        valid_from: from
        valid_to: to
    """


def faults(folder: Path, columns: list[str] | None = None) -> list[tuple[str, int, str]]:
    with pytest.raises(ConfigError) as caught:
        load_hierarchies(folder) if columns is None else load_for_columns(folder, columns)
    return [(Path(f.file).name, f.line, f.problem) for f in caught.value.faults]


def test_a_table_keeps_leading_zeros_and_tells_when_a_code_is_valid(tmp_path: Path) -> None:
    define(tmp_path, PLACE)
    define(
        tmp_path,
        "\ufeffcounty;code;name;from;to\nOslo;0301;NO;;\nViken;3001;Halden;2020-01-01;2023-12-31\n",
        "kommune.csv",
    )
    place = load_hierarchies(tmp_path)["kommune"]
    assert place.domain == (("0301", "Oslo", TOP), ("3001", "Viken", TOP))
    assert place.level_names == ("code", "county", TOP)
    assert place.validity == {
        "0301": (None, None),
        "3001": (dt.date(2020, 1, 1), dt.date(2023, 12, 31)),
    }


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("code;name;from;to\n0301;Oslo;;\n", [(1, "column 'county' is missing from the heading")]),
        ("code;county;from;to\n0301;Oslo\n", [(2, "2 field(s); line 1 has 4")]),
        (
            "code;county;from;to\n\n0301;Oslo;;\n0301;Oslo;;\n",
            [(4, "the value stands on line 3 too; keep one line")],
        ),
        ("code;county;from;to\n0301;Oslo;2020;\n", [(2, "not a date; write it as 2020-01-01")]),
    ],
)
def test_a_fault_in_a_table_is_told_at_its_line(
    tmp_path: Path, table: str, expected: list[tuple[int, str]]
) -> None:
    define(tmp_path, PLACE)
    define(tmp_path, table, "kommune.csv")
    assert faults(tmp_path) == [("kommune.csv", line, problem) for line, problem in expected]


def test_a_table_that_is_not_there_is_told_where_it_is_named(tmp_path: Path) -> None:
    path = define(tmp_path, PLACE)
    assert faults(tmp_path) == [
        (path.name, 2, f"{tmp_path / 'kommune.csv'}: no such hierarchy file")
    ]


def test_all_files_of_a_folder_are_checked_and_all_faults_told(tmp_path: Path) -> None:
    define(
        tmp_path,
        """\
        hierarchies:
          - name: alder
            label: {nb: x, en: x}
            source: test
            kind: bands
            min: 0
            max: 110
            unit: år
            levels:
              - {name: five, width: 5}
              - {name: ten, widht: 10}
          - name: dato
            label: {nb: x, en: x}
            source: test
            kind: dates
            levels: [day, week]
        """,
        "a.yaml",
    )
    define(
        tmp_path,
        """\
        hierarchies:
          - name: sex
            label: {nb: x, en: x}
            source: test
            kind: groups
            values: ["1"]
          - name: sex
            label: {nb: x, en: x}
            source: test
            kind: groups
            values: ["2"]
          - name: alder
            label: {nb: x, en: x}
            source: test
            kind: bands
            min: 0
            max: 110
            unit: år
            levels: [{name: five, width: 5}, {name: seven, width: 7}]
        """,
        "b.yaml",
    )
    define(tmp_path, "", "c.yaml")
    told = faults(tmp_path)
    assert (told[0]) == ("a.yaml", 11, "unknown key; did you mean 'width'?")
    assert told[1][:2] == ("a.yaml", 16)
    assert told[2] == ("b.yaml", 7, "'sex' stands twice")
    assert told[3][:2] == ("b.yaml", 12)
    assert "'5-9 år' on level 1 (five) has two parents on level 2 (seven)" in told[3][2]
    assert told[4][0] == "c.yaml"
    assert len(told) == 5


def test_a_folder_without_hierarchies_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no hierarchies here"):
        load_hierarchies(tmp_path)
    with pytest.raises(ConfigError, match="no hierarchies here"):
        load_hierarchies(tmp_path / "nothing")


def test_a_users_folder_has_one_file_per_column(tmp_path: Path) -> None:
    define(tmp_path, "0301;Oslo;*\n3001;Viken;*\n", "kommune.csv")
    define(tmp_path, "1;low\n3;high\n", "degree.csv")
    found = load_for_columns(tmp_path, ["degree", "kommune"])
    assert list(found) == ["degree", "kommune"]
    assert found["kommune"].domain[0] == ("0301", "Oslo", TOP)
    assert found["degree"].domain == (("1", "low", TOP), ("3", "high", TOP))


def test_a_users_folder_may_hold_definitions_too(tmp_path: Path) -> None:
    define(
        tmp_path,
        """\
        hierarchies:
          - name: age
            label: {nb: x, en: x}
            source: test
            kind: bands
            min: 0
            max: 9
            unit: ""
            levels: [{name: five, width: 5}]
        """,
    )
    define(tmp_path, "1;*\n", "sex.csv")
    found = load_for_columns(tmp_path, ["sex", "age"])
    assert found["age"].climb("7") == ("7", "5-9", TOP)


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("1;low;*\n2;low;*\n1;high;*\n", 3, "the value stands on line 1 too; keep one line"),
        ("1;low;a;*\n\n2;low;b;*\n", 3, "'low' has another parent on line 1; give it one"),
        ("1;low;*\n2;low\n", 2, "2 field(s); line 1 has 3"),
    ],
)
def test_a_fault_in_a_users_file_is_told_at_its_line(
    tmp_path: Path, text: str, line: int, problem: str
) -> None:
    define(tmp_path, text, "degree.csv")
    assert faults(tmp_path, ["degree"]) == [("degree.csv", line, problem)]


def test_every_column_without_a_hierarchy_is_named(tmp_path: Path) -> None:
    define(tmp_path, "1;*\n", "sex.csv")
    with pytest.raises(ConfigError) as caught:
        load_for_columns(tmp_path, ["age", "sex", "place"])
    assert caught.value.faults == tuple(
        Fault(str(tmp_path / f"{name}.csv"), 0, name, "no hierarchy; add this file")
        for name in ("age", "place")
    )


@pytest.mark.parametrize(
    ("content", "text"), [(b"", "the file is empty"), ("ø;*\n".encode("latin-1"), "not UTF-8")]
)
def test_a_users_file_that_cannot_be_read_is_told(
    tmp_path: Path, content: bytes, text: str
) -> None:
    (tmp_path / "sex.csv").write_bytes(content)
    with pytest.raises(ConfigError, match=text) as caught:
        load_for_columns(tmp_path, ["sex"])
    assert "sex.csv" in str(caught.value)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nowhere: no such folder of hierarchies"):
        load_for_columns(tmp_path / "nowhere", ["sex"])
