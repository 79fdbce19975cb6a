"""What verify reads, and what it refuses without showing a cell."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.verification import verify
from hsr_privacy.verification.reading import read


def rows(columns: dict[str, pl.Series]) -> list[tuple[str, ...]]:
    return list(zip(*columns.values(), strict=True))


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [
        ("a;b\n1;x\n;\n", None),
        ("a,b\n1,x\n,\n", None),
        ("a\tb\r\n1\tx\r\n\t\r\n", None),
        ("\ufeffa|b\n1|x\n|", None),
        ('"a";"b"\n"1";"x"\n"";\n', None),
        ("a;b\n1;x\n;\n", ";"),
    ],
)
def test_a_csv_is_read_as_text_and_missing_is_empty(
    tmp_path: Path, content: str, delimiter: str | None
) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content.encode())
    assert rows(read(path, ["b", "a"], delimiter=delimiter)) == [("x", "1"), ("", "")]


def test_what_stands_in_quotation_marks_is_one_cell(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('a;b\n"x;y";1\n"x\ny";2\n"x""y";3\n')
    assert read(path, ["a"])["a"].to_list() == ["x;y", "x\ny", 'x"y']


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "the file is empty"),
        (b"\n", "the file is empty"),
        (b"a;b\n1;2\n1;2;canary\n", "1 line(s) do not have the 2 field(s) of line 1 (line 3)"),
        (b"a;b\n1;2\ncanary\n", "1 line(s) do not have the 2 field(s) of line 1 (line 3)"),
        (b'a;b\n"1;x";2\n"canary;x"\n', "(line 3)"),
        (b"a;b\n1;2\n\n3;canary\n", "(line 3)"),
        (b"a;b\n1;canary;3\n1\n", "2 line(s) do not have"),
        (b"a;b\n1\n" * 9, "line 2, 3, 4, 5, 6, ...)".replace("3, 4, 5, 6", "4, 6, 8, 10")),
        (b'a;b\n1;"canary\n2;y\n', "a quotation mark is opened and not closed"),
        ("a;b\n1;\xf8 canary\n".encode("latin-1"), "not UTF-8; save it as UTF-8"),
        (b"\x00\xff\x00canary", "not UTF-8"),
        (b"\x1f\x8b\x08canary", "not UTF-8"),
        (b"a;b\r1;canary\r2;y\r", "do its lines end with"),
        (b"a;a\n1;canary\n", "column 2 has the name of an earlier one"),
        (b"a;\n1;canary\n", "column 2 has no name"),
        (b"a;c\n1;canary\n", "no column 'b'"),
    ],
)
def test_a_csv_that_is_not_whole_is_told_without_its_cells(
    tmp_path: Path, content: bytes, text: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        verify(path, quasi_identifiers=["a", "b"])
    assert text in str(caught.value)
    assert "canary" not in str(caught.value)


def test_a_file_that_is_not_there_or_a_folder_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "t.csv", tmp_path):
        with pytest.raises(DataError, match="no such file"):
            verify(path, quasi_identifiers=["a"])


def test_parquet_is_compared_by_what_it_says(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    day = dt.date(2020, 2, 29)
    pl.DataFrame(
        {
            "number": [1.0, -0.0, 0.0, None, float("nan")],
            "day": [day, day, None, None, None],
            "key": [b"\x01\xff", b"\x01\xff", b"\x02", None, b""],
            "flag": [True, True, False, None, None],
            "kind": pl.Series(["a", "a", "b", "", None], dtype=pl.Categorical),
        }
    ).write_parquet(path)
    assert rows(read(path, ["kind", "number", "day", "key", "flag"])) == [
        ("a", "1.0", "2020-02-29", "01ff", "true"),
        ("a", "0.0", "2020-02-29", "01ff", "true"),
        ("b", "0.0", "", "02", "false"),
        ("", "", "", "", ""),
        ("", "", "", "", ""),
    ]


def test_parquet_that_cannot_be_compared_is_told(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    path.write_bytes(b"PAR1 canary")
    with pytest.raises(DataError, match="not readable as Parquet"):
        verify(path, quasi_identifiers=["a"])
    pl.DataFrame({"a": [[1], [2]]}).write_parquet(path)
    with pytest.raises(DataError, match="column 'a' holds List"):
        verify(path, quasi_identifiers=["a"])
    with pytest.raises(DataError, match="no column 'b'"):
        verify(path, quasi_identifiers=["b"])
