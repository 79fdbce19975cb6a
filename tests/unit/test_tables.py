"""Tables as files."""

from __future__ import annotations

import errno
from pathlib import Path

import polars as pl
import pytest

from hsr_privacy.errors import DataError, OutputFailed
from hsr_privacy.tables import TableFormat, read_table, write_table, write_whole


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_every_column_is_text_and_empty_is_missing(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"kommune{delimiter}n\n0301{delimiter}007\n{delimiter}1.0\n", encoding="utf-8")
    table, form = read_table(path)
    assert table.rows() == [("0301", "007"), (None, "1.0")]
    assert form == TableFormat("csv", delimiter)


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("\ufeffkjønn;n\nm;1\n".encode())
    assert read_table(path)[0].columns == ["kjønn", "n"]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "empty"),
        (b"a;b;a\n1;2;3\n", "column 'a' stands twice"),
        (b"a;;b\n1;2;3\n", "column 2 has no name"),
        (b"canary;canary;7;2020-01-01;8\n", "column 1 stands twice .* is the heading missing"),
        (b"a;b;c;4711canary;4711canary\n", "column 4 stands twice in line 1; rename one$"),
        (b"a;b\n1;2\ncanary;2;3\n", r"1 line\(s\) .*\(line 3\)"),
        ("a;b\nø;2\n".encode("cp1252"), "not UTF-8"),
    ],
)
def test_what_cannot_be_read_is_named_by_line_and_never_shown(
    tmp_path: Path, content: bytes, text: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=text) as caught:
        read_table(path)
    assert "canary" not in str(caught.value)


def test_a_broken_parquet_file_and_no_file_at_all_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 but not really")
    for name, text in (("a.parquet", "not readable as Parquet"), ("b.csv", "no such file")):
        with pytest.raises(DataError, match=text):
            read_table(tmp_path / name)


@pytest.mark.parametrize("form", [TableFormat("csv", ";"), TableFormat("parquet")])
def test_what_is_written_reads_back(tmp_path: Path, form: TableFormat) -> None:
    table = pl.DataFrame({"a": ["x;y", None, 'q"'], "b": ["1", "2", "3"]})
    path = tmp_path / f"a.{form.kind}"
    write_table(table, path, form)
    assert read_table(path)[0].equals(table)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old", encoding="utf-8")

    def fill(part: Path) -> None:
        part.write_text("half", encoding="utf-8")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OutputFailed, match="No space left"):
        write_whole(path, fill)
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]
    assert path.read_text(encoding="utf-8") == "old"
