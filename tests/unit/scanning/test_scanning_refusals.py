"""What cannot be looked into is a finding of its own, and nothing fills the memory or runs for ever."""

from __future__ import annotations

import gzip
import io
import os
import sqlite3
import zipfile
from pathlib import Path

import polars as pl
import pyreadstat
import pytest

from hsr_privacy.errors import DataError, LeaksFound
from hsr_privacy.scanning import Limits, ScanReport, scan
from tests.unit.scanning.making import ONE, scanned, text, told, workbook

SKATT = "synthetic-skatteetaten"


def reasons(report: ScanReport) -> list[str]:
    return [one.reason for one in report.unread]


def test_a_path_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file or folder"):
        scan([tmp_path / "nothing.csv"])


def test_a_folder_without_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    with pytest.raises(DataError, match="holds no file"):
        scan([tmp_path])


def test_the_name_of_a_path_that_does_not_exist_is_withheld(tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        scan([tmp_path / f"{ONE}.csv"])
    assert ONE not in str(refused.value)


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    report = scanned(tmp_path, "empty.csv", "")
    assert report.clean
    assert report.files == 1


def test_a_clean_report_requires_nothing(tmp_path: Path) -> None:
    scanned(tmp_path, "a.txt", "ingen merknad").require_nothing()


@pytest.mark.parametrize("content", [f"fnr {ONE}", "%PDF-1.7 x"])
def test_what_is_found_and_what_is_not_looked_into_are_both_refused(
    content: str, tmp_path: Path
) -> None:
    report = scanned(tmp_path, "a.txt", content)
    with pytest.raises(LeaksFound) as refused:
        report.require_nothing()
    assert refused.value.exit_code == 26
    assert ONE not in str(refused.value)


def damaged(kind: str, folder: Path) -> bytes:
    """A file of a format with its second half gone, or one byte changed."""
    path = folder / f"whole.{kind}"
    rows = pl.DataFrame({"a": [f"x{at}" for at in range(3_000)]})
    if kind == "parquet":
        rows.write_parquet(path)
    elif kind == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.csv", rows.write_csv())
    elif kind == "xlsx":
        workbook(path, [("A", "visible", [[text("x")]] * 500)])
    elif kind == "dta":
        pyreadstat.write_dta(rows.to_pandas(), str(path))
    elif kind == "sav":
        pyreadstat.write_sav(rows.to_pandas(), str(path))
    elif kind == "sqlite":
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE t (a TEXT)")
            database.executemany("INSERT INTO t VALUES (?)", rows.rows())
        database.close()
    else:
        path.write_bytes(gzip.compress(rows.write_csv().encode()))
    return path.read_bytes()


@pytest.mark.parametrize("kind", ["parquet", "zip", "xlsx", "dta", "sav", "sqlite", "gz"])
def test_half_a_file_is_told_as_not_looked_into(kind: str, tmp_path: Path) -> None:
    whole = damaged(kind, tmp_path)
    data = whole[: len(whole) // 2]
    report = scanned(tmp_path, f"half.{kind}", data)
    assert not report.clean
    assert len(report.unread) == 1
    assert "whole" in reasons(report)[0]


def test_a_damaged_member_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "A" * 100)
        archive.writestr("b.txt", f"fnr {ONE}")
    data = file.getvalue().replace(b"A" * 100, b"A" * 99 + b"B", 1)
    report = scanned(tmp_path, "t.zip", data)
    assert [one.place.member for one in report.unread] == ["a.txt"]
    assert "damaged" in reasons(report)[0]
    assert [one.member for one in report.findings] == ["b.txt"]


def test_a_member_with_a_password_is_not_looked_into(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "x")
    data = bytearray(file.getvalue())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + flags] |= 1
    report = scanned(tmp_path, "t.zip", bytes(data))
    assert reasons(report) == ["has a password; unpack it and scan what is in it"]


@pytest.mark.parametrize(
    ("begin", "reason"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Office file, or one with a password"),
        (b"%PDF-1.7\n", "PDF"),
        (b"7z\xbc\xaf\x27\x1c", "7z archive"),
        (b"Rar!\x1a\x07", "rar archive"),
        (b"\x89HDF\r\n", "HDF5"),
        (b"PARE1234", "encryption"),
        (b"RDX3\n", "data of R"),
    ],
)
def test_formats_that_cannot_be_looked_into_are_told_and_their_bytes_searched(
    begin: bytes, reason: str, tmp_path: Path
) -> None:
    report = scanned(tmp_path, "t.bin", begin + b"\0" * 50 + f" {ONE} ".encode())
    assert reason in reasons(report)[0]
    assert told(report) == {SKATT: [len(begin) + 51]}


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.txt", b" " * 60_000_000)
    (tmp_path / "bomb.zip").write_bytes(file.getvalue())
    report = scan([tmp_path / "bomb.zip"], limits=Limits(unpacked=20_000_000))
    assert reasons(report) == ["unpacks to more than 19 MiB; unpack it and scan what is in it"]


@pytest.mark.parametrize("pack", ["gz", "zst"])
def test_a_bomb_of_one_packed_file_is_not_unpacked(pack: str, tmp_path: Path) -> None:
    import pyarrow as pa

    data = b" " * 60_000_000
    packed = gzip.compress(data) if pack == "gz" else pa.compress(data, codec="zstd", asbytes=True)
    (tmp_path / f"bomb.txt.{pack}").write_bytes(packed)
    report = scan([tmp_path], limits=Limits(unpacked=20_000_000))
    assert reasons(report) == ["unpacks to more than 19 MiB; unpack it and scan what is in it"]


def test_a_member_too_large_for_the_memory_is_read_as_it_comes_or_told(tmp_path: Path) -> None:
    pl.DataFrame({"a": [f"{at}" for at in range(50_000)]}).write_parquet(tmp_path / "t.parquet")
    with zipfile.ZipFile(tmp_path / "t.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "t.parquet", "t.parquet")
        archive.writestr("t.csv", "a;b\n" + "1;2\n" * 50_000 + f"3;{ONE}\n")
    report = scan([tmp_path / "t.zip"], limits=Limits(held=10_000))
    assert [(one.member, one.first) for one in report.findings] == [("t.csv", (50_001,))]


def test_archives_in_archives_are_opened_to_a_depth(tmp_path: Path) -> None:
    data = f"fnr {ONE}".encode()
    for at in range(6):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(f"{at}.zip" if at else "a.txt", data)
        data = file.getvalue()
    report = scanned(tmp_path, "t.zip", data)
    assert reasons(report) == ["lies in more than 4 archives; unpack it"]
    assert scan([tmp_path / "t.zip"], limits=Limits(depth=9)).tiers["A"] >= 1


def test_more_members_than_allowed_are_not_opened(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        for at in range(20):
            archive.writestr(f"{at}.txt", "x")
    report = scan([tmp_path / "t.zip"], limits=Limits(members=10))
    assert reasons(report) == ["more than 10 members; unpack it"]


BOMB = """<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;">]>
<a>&c; fnr {0}</a>"""


def test_xml_with_a_document_type_is_not_read_but_its_bytes_are_searched(tmp_path: Path) -> None:
    report = scanned(tmp_path, "t.xml", BOMB.format(ONE))
    assert "document type" in reasons(report)[0]
    assert told(report)[SKATT]


def test_a_workbook_with_a_document_type_is_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", [("A", "visible", [[text("x")]])])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/comments1.xml", BOMB)
    report = scan([path])
    assert [one.place.member for one in report.unread] == ["xl/comments1.xml"]


def test_deep_json_is_read(tmp_path: Path) -> None:
    report = scanned(tmp_path, "t.json", '{"a":' * 50_000 + f'"{ONE}"' + "}" * 50_000)
    assert report.tiers["A"] == 1


def test_links_are_followed_folders_once_and_broken_ones_told(tmp_path: Path) -> None:
    inside = tmp_path / "extract"
    inside.mkdir()
    (tmp_path / "elsewhere.txt").write_text(f"fnr {ONE}")
    (inside / "a.txt").write_text("x")
    (inside / "b.txt").symlink_to(tmp_path / "elsewhere.txt")
    (inside / "again").symlink_to(inside)
    (inside / "broken").symlink_to(tmp_path / "gone")
    report = scan([inside])
    assert [one.file for one in report.findings] == [str(inside / "b.txt")]
    assert [one.place.file for one in report.unread] == [str(inside / "broken")]
    assert report.files == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    report = scan([tmp_path])
    assert reasons(report) == ["no ordinary file but a pipe, socket or device"]


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read everything"
)
def test_a_file_or_folder_without_permission_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "a.txt").chmod(0)
    (tmp_path / "folder").mkdir(mode=0)
    try:
        assert reasons(scan([tmp_path])) == ["cannot be read: Permission denied"] * 2
    finally:
        (tmp_path / "folder").chmod(0o700)


def test_nothing_is_written_beside_what_is_scanned(tmp_path: Path) -> None:
    for kind in ("parquet", "xlsx", "sqlite", "dta", "sav", "zip", "gz"):
        damaged(kind, tmp_path)
    before = {one.name: (one.stat().st_mtime_ns, one.read_bytes()) for one in tmp_path.iterdir()}
    assert scan([tmp_path]).clean
    after = {one.name: (one.stat().st_mtime_ns, one.read_bytes()) for one in tmp_path.iterdir()}
    assert after == before


def test_a_name_that_is_no_utf_8_is_read(tmp_path: Path) -> None:
    name = os.fsencode(str(tmp_path)) + b"/\xe5pen.txt"
    try:
        with open(name, "wb") as file:  # noqa: PTH123 - a Path of bytes does not exist
            file.write(f"fnr {ONE}".encode())
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    report = scan([tmp_path])
    assert report.tiers["A"] == 1
    assert "?pen.txt" in report.findings[0].file
