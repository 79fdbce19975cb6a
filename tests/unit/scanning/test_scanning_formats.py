"""Every part of every format is looked into, those too that a program does not show."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import sqlite3
import tarfile
import zipfile
from contextlib import closing
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pyreadstat
import pytest
from pyarrow import feather, parquet

from hsr_privacy.scanning import scan
from tests.unit.scanning.making import (
    ONE,
    OTHER,
    ids,
    number,
    one_finding,
    parts,
    scanned,
    shared,
    text,
    told,
    workbook,
)

SKATT = "synthetic-skatteetaten"


def scanned_parts(path: Path) -> dict[str, int]:
    return parts(scan([path], shown=None))


def test_a_csv_is_told_by_column_and_row(tmp_path: Path) -> None:
    report = scanned(tmp_path, "a.csv", f"rad;merknad\n1;ingen\n2;fnr {ONE}\n3;\n")
    finding = one_finding(report)
    assert (finding.part, finding.unit, finding.first) == ("column 'merknad'", "row", (2,))


def test_a_csv_of_old_windows_letters_is_read(tmp_path: Path) -> None:
    data = f"rad;kjønn;ÅÅÅ\n1;kvinne på båt;fnr {ONE}\n".encode("cp1252")
    assert told(scanned(tmp_path, "a.csv", data)) == {SKATT: [1]}


def test_a_csv_in_utf_16_is_read_by_column(tmp_path: Path) -> None:
    data = f"rad;merknad\n1;ingen\n2;fnr {ONE}\n".encode("utf-16")
    finding = one_finding(scanned(tmp_path, "a.csv", data))
    assert (finding.part, finding.first) == ("column 'merknad'", (2,))


def test_lines_outside_of_the_table_are_read_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    content = f"a;b\n1;2\n# kilde {ONE}\n3;4\n5;{OTHER}\n6;7;8;{ONE}\n"
    report = scanned(tmp_path, "a.csv", content)
    assert {one.part: one.first for one in report.findings} == {
        "outside of the table": (2, 5),
        "column 'b'": (4,),
    }


def test_a_csv_without_a_heading_shows_no_cell_as_the_name_of_a_column(tmp_path: Path) -> None:
    report = scanned(tmp_path, "a.csv", f"{ONE};12;x y z\n{OTHER};13;y z w\n")
    finding = one_finding(report)
    assert (finding.part, finding.first) == ("column 1", (1, 2))


def test_an_identifier_in_a_heading_is_found_and_not_shown(tmp_path: Path) -> None:
    report = scanned(tmp_path, "a.csv", f"alder;kjonn;sted;{ONE}\n1;2;3;{OTHER}\n")
    assert parts(report) == {"heading": 1, "column 4": 1}


def test_a_quote_that_is_never_closed_hides_nothing(tmp_path: Path) -> None:
    rows = "".join(f"{at};ingen\n" for at in range(50))
    report = scanned(tmp_path, "a.csv", f'a;b\n1;"begynner\n{rows}2;fnr {ONE}\n')
    assert sum(one.count for one in report.findings) == 1


def test_a_line_without_end_is_read(tmp_path: Path) -> None:
    content = "abc " * 5_000_000 + ONE + " def" * 10
    assert told(scanned(tmp_path, "a.txt", content)) == {SKATT: [1]}


def test_statistics_metadata_and_unused_dictionaries_of_parquet_are_read(tmp_path: Path) -> None:
    words = pa.DictionaryArray.from_arrays(pa.array([0, 0, 1]), pa.array(["a", "b", f"x {ONE}"]))
    table = pa.table({"ord": words, "fnr": [ONE, OTHER, ONE]})
    table = table.replace_schema_metadata({"pandas": json.dumps({"index": OTHER})})
    parquet.write_table(table, tmp_path / "t.parquet", compression="zstd")
    assert scanned_parts(tmp_path / "t.parquet") == {
        "metadata": 1,
        "statistics of column 'fnr'": 2,
        "unused dictionary of column 'ord'": 1,
        "column 'fnr'": 3,
    }


def test_what_is_appended_to_parquet_is_found(tmp_path: Path) -> None:
    pl.DataFrame({"a": ["x"]}).write_parquet(tmp_path / "t.parquet")
    whole = (tmp_path / "t.parquet").read_bytes()
    (tmp_path / "t.parquet").write_bytes(whole[:4] + f" {ONE} ".encode() + whole[4:])
    report = scan([tmp_path / "t.parquet"])
    assert sum(one.count for one in report.findings) == 1


def test_arrow_files_are_read(tmp_path: Path) -> None:
    feather.write_feather(pa.table({"fnr": [ONE, "x"]}), tmp_path / "t.arrow", compression="zstd")
    assert scanned_parts(tmp_path / "t.arrow") == {"column 'fnr'": 1}


def test_labels_and_notes_of_stata_files_are_read(tmp_path: Path) -> None:
    table = pd.DataFrame({"kode": [1, 2], "tekst": ["x", f"fnr {ONE}"]})
    pyreadstat.write_dta(
        table,
        str(tmp_path / "t.dta"),
        file_label=f"pas. {ids(3)[2]}",
        column_labels=["Kode", f"Om {OTHER}"],
        variable_value_labels={"kode": {1: f"som {ids(5)[4]}", 2: "nei"}},
    )
    assert scanned_parts(tmp_path / "t.dta") == {
        "notes": 1,
        "label of column 'tekst'": 1,
        "value labels of column 'kode'": 1,
        "column 'tekst'": 1,
    }


def test_characteristics_of_stata_files_are_found_in_their_bytes(tmp_path: Path) -> None:
    pd.DataFrame({"a": [1]}).to_stata(tmp_path / "t.dta", write_index=False, version=118)
    data = (tmp_path / "t.dta").read_bytes()
    note = f"<ch>{ONE}</ch>".encode()
    at = data.index(b"</characteristics>")
    (tmp_path / "t.dta").write_bytes(data[:at] + note + data[at:])
    assert "bytes of the file" in scanned_parts(tmp_path / "t.dta")


def test_columns_of_fixed_width_beside_each_other_are_told_as_columns(tmp_path: Path) -> None:
    numbers = ids(200)
    table = pd.DataFrame(
        {"x": "-", "d": [one[:6] for one in numbers], "e": [one[6:] for one in numbers]}
    )
    table.to_stata(tmp_path / "t.dta", write_index=False, version=118)
    assert f"-{numbers[0]}-{numbers[1]}".encode() in (tmp_path / "t.dta").read_bytes()
    assert scanned_parts(tmp_path / "t.dta") == {"column 'd' with column 'e'": 200}


@pytest.mark.parametrize("packed", [False, True])
def test_labels_and_notes_of_spss_files_are_read(packed: bool, tmp_path: Path) -> None:
    table = pd.DataFrame({"kode": [1.0, 2.0], "tekst": ["x", f"fnr {ONE}"]})
    pyreadstat.write_sav(
        table,
        str(tmp_path / "t.sav"),
        note=f"pas. {ids(3)[2]}",
        column_labels=["Kode", f"Om {OTHER}"],
        variable_value_labels={"kode": {1: f"som {ids(5)[4]}"}},
        compress=packed,
    )
    assert scanned_parts(tmp_path / "t.sav") == {
        "notes": 1,
        "label of column 'tekst'": 1,
        "value labels of column 'kode'": 1,
        "column 'tekst'": 1,
    }


def test_hidden_parts_of_a_workbook_are_told_as_hidden(tmp_path: Path) -> None:
    shown = [[text("navn"), text("fnr")], [text("x"), shared(0)], ["", number("1.5E9")]]
    known = ids(20)
    path = workbook(
        tmp_path / "t.xlsx",
        [
            ("Ark1", "visible", shown),
            ("Gjemt", "veryHidden", [[text("fnr")], [text(known[1])]]),
        ],
        strings=[known[0], f"slettet {known[2]}"],
        columns='<cols><col min="2" max="2" hidden="1"/></cols>',
        names=f'<definedName name="x">"{known[3]}"</definedName>',
        more=f"<headerFooter><oddHeader>{known[4]}</oddHeader></headerFooter>",
        members={
            "xl/comments1.xml": f"<comments><t>{known[5][:6]}</t><t> {known[5][6:]}</t></comments>",
            "docProps/core.xml": f"<p><creator>{known[6]}</creator></p>",
            "xl/pivotCache/records1.xml": f'<r><s v="{known[7]}"/></r>',
            "xl/worksheets/sheet9.xml": f'<w><c r="A1"{text(known[8])}</c></w>',
        },
    )
    found = {(one.member, one.part): one.count for one in scan([path]).findings}
    assert found == {
        ("", "sheet 1 'Ark1', hidden cells of column B"): 1,
        ("", "hidden sheet 2 'Gjemt', column A"): 1,
        ("", "unlisted sheet 1, column A"): 1,
        ("", "strings that no cell shows"): 1,
        ("xl/workbook.xml", "text"): 1,
        ("xl/worksheets/sheet1.xml", "text"): 1,
        ("xl/comments1.xml", "text"): 1,
        ("docProps/core.xml", "text"): 1,
        ("xl/pivotCache/records1.xml", "attributes"): 1,
    }


def test_hidden_rows_of_a_workbook_are_told_as_hidden(tmp_path: Path) -> None:
    rows = [[text("fnr")], [text(ONE)], [text(OTHER)]]
    path = workbook(tmp_path / "t.xlsx", [("A", "visible", rows)], hidden_rows=[3])
    assert {one.part: one.first for one in scan([path]).findings} == {
        "sheet 1 'A', column A": (2,),
        "sheet 1 'A', hidden cells of column A": (3,),
    }


def test_numbers_of_a_workbook_are_read_as_they_would_be_typed(tmp_path: Path) -> None:
    rows = [[text("fnr")], *([number(f"{float(one):.10E}")] for one in ids(3))]
    finding = one_finding(scan([workbook(tmp_path / "t.xlsx", [("A", "visible", rows)])]))
    assert (finding.kind, finding.first) == (SKATT, (2, 3, 4))


def test_a_zip_file_is_read_with_its_names_comments_and_extra_fields(tmp_path: Path) -> None:
    known = ids(10)
    extra = zipfile.ZipInfo("b.txt")
    extra.extra = b"\x99\x99\x0b\x00" + known[3].encode()
    extra.comment = known[4].encode()
    with zipfile.ZipFile(tmp_path / "t.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", f"n;fnr\n1;{known[0]}\n")
        archive.writestr(extra, "nothing")
        archive.writestr(f"{known[1]}.txt", "nothing")
        archive.comment = known[2].encode()
    with (tmp_path / "t.zip").open("ab") as file:
        file.write(f"  {known[5]} ".encode())
    assert scanned_parts(tmp_path / "t.zip") == {
        "column 'fnr'": 1,
        "member names": 1,
        "extra fields": 1,
        "comments": 2,
        "bytes of the file": 1,
    }


def test_packed_files_are_unpacked_also_inside_of_each_other(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.csv.gz", gzip.compress(f"n;fnr\n1;{ONE}\n".encode()))
        archive.writestr("b.bz2", bz2.compress(f"fnr {ONE}\n".encode()))
        archive.writestr("c.xz", lzma.compress(f"fnr {ONE}\n".encode()))
        packed = pa.compress(f"fnr {ONE}\n".encode(), codec="zstd", asbytes=True)
        archive.writestr("d.zst", packed)
    with tarfile.open(tmp_path / "t.tgz", "w:gz") as tar:
        info = tarfile.TarInfo("inner.zip")
        info.size = len(inner.getvalue())
        tar.addfile(info, io.BytesIO(inner.getvalue()))
    members = {one.member for one in scan([tmp_path / "t.tgz"]).findings}
    assert members == {
        f"t > inner.zip > {name}"
        for name in ("a.csv.gz > a.csv", "b.bz2 > b", "c.xz > c", "d.zst > d")
    }


def test_a_member_that_the_directory_of_a_zip_does_not_list_is_no_secret(tmp_path: Path) -> None:
    hidden, shown = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(hidden, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", f"fnr {ONE} " * 100)
    with zipfile.ZipFile(shown, "w") as archive:
        archive.writestr("b.txt", "nothing")
    report = scanned(tmp_path, "t.zip", hidden.getvalue()[:-22] + shown.getvalue())
    assert [one.reason for one in report.unread] == [
        "holds a member that its directory does not list; pack it anew"
    ]


def test_json_is_told_by_its_keys(tmp_path: Path) -> None:
    document = {
        "rader": [{"fnr": ONE, "sak": 1}, {"fnr": int(OTHER), "sak": {"merknad": f"se {ONE}"}}],
        OTHER: "nøkkel",
    }
    report = scanned(tmp_path, "t.json", json.dumps(document))
    assert parts(report) == {"keys": 1, "key 'rader[].fnr'": 2, "key 'rader[].sak.merknad'": 1}


def test_json_with_a_key_twice_or_digits_as_escapes_hides_nothing(tmp_path: Path) -> None:
    escaped = "".join(f"\\u003{sign}" for sign in OTHER)
    report = scanned(tmp_path, "t.json", f'{{"a": "{ONE}", "a": 1, "b": "{escaped}"}}')
    assert parts(report) == {"key 'a'": 1, "key 'b'": 1}


def test_json_lines_are_told_by_key_and_line(tmp_path: Path) -> None:
    content = f'{{"a": 1}}\n{{"a": "{ONE}"}}\nno json {OTHER}\n'
    report = scanned(tmp_path, "t.ndjson", content)
    assert {one.part: one.first for one in report.findings} == {
        "key 'a'": (2,),
        "lines that are no JSON": (3,),
    }


def test_json_that_is_none_is_read_line_by_line(tmp_path: Path) -> None:
    assert told(scanned(tmp_path, "t.json", f'{{"a": \n"fnr {ONE}",\n')) == {SKATT: [2]}


def test_text_comments_attributes_and_scripts_of_a_page_are_read(tmp_path: Path) -> None:
    known = ids(10)
    page = f"""<!doctype html><html><head><title>{known[0]}</title>
<!-- laget av {known[1]} --><meta name="author" content="{known[2]}">
<script>let a = "{known[3]}";</script></head>
<body data-id="{known[4]}"><p>{known[5][:4]}<b>{known[5][4:8]}</b>{known[5][8:]}</p>
<svg><path d="M22 34 56 78" style="x: {known[6]}"/></svg><p>{known[7][:6]}&nbsp;{known[7][6:]}</p></body></html>"""
    report = scanned(tmp_path, "t.html", page)
    assert {one.part: (one.count, one.first) for one in report.findings} == {
        "text": (3, (1, 4, 5)),
        "comments": (1, (2,)),
        "attributes that are read": (2, (2, 4)),
        "scripts and styles": (1, (3,)),
        "attributes": (1, (5,)),
    }


def test_text_comments_and_attributes_of_xml_are_read(tmp_path: Path) -> None:
    known = ids(5)
    document = (
        f'<?xml version="1.0"?>\n<a b="{known[0]}">\n<!-- {known[1]} --><c>{known[2]}</c></a>'
    )
    report = scanned(tmp_path, "t.xml", document)
    assert parts(report) == {"text": 1, "comments": 1, "attributes": 1}


def test_a_page_of_markdown_is_no_xml(tmp_path: Path) -> None:
    report = scanned(tmp_path, "t.md", f"<!-- a note -->\n\n# Title & more\n\nfnr {ONE}\n")
    assert (told(report), report.unread) == ({SKATT: [5]}, ())


def test_tables_schema_and_deleted_rows_of_sqlite_are_read(tmp_path: Path) -> None:
    path = tmp_path / "t.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA secure_delete = OFF")
        database.execute(f"CREATE TABLE pas (fnr TEXT, tall INTEGER, v TEXT DEFAULT '{ids(9)[8]}')")
        rows = [
            (ONE if at == 3 else f"x{at}", int(OTHER) if at == 5 else at, "") for at in range(1, 9)
        ]
        database.executemany("INSERT INTO pas VALUES (?, ?, ?)", rows)
        database.execute("INSERT INTO pas VALUES (?, 1, '')", (ids(12)[11],))
        database.commit()
        database.execute("DELETE FROM pas WHERE rowid = 9")
        database.commit()
    before = path.read_bytes()
    assert scanned_parts(path) == {
        "schema": 1,
        "table 'pas', column 'fnr'": 1,
        "table 'pas', column 'tall'": 1,
        "deleted rows and unused space": 1,
    }
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["t.sqlite"]


def test_names_of_files_and_folders_are_read_and_withheld(tmp_path: Path) -> None:
    folder = tmp_path / "extract" / f"pasient {ONE}"
    folder.mkdir(parents=True)
    (folder / f"ekg-{OTHER}.txt").write_text("ingenting")
    (folder / "notat.txt").write_text(f"fnr {ONE}")
    report = scan([tmp_path / "extract"])
    assert [(one.file.removeprefix(str(tmp_path)), one.part) for one in report.findings] == [
        ("/extract/[name 1 withheld]", "name"),
        ("/extract/[name 1 withheld]/[name 1 withheld].txt", "name"),
        ("/extract/[name 1 withheld]/notat.txt", "text"),
    ]


def test_bytes_of_an_unknown_format_are_searched(tmp_path: Path) -> None:
    report = scanned(tmp_path, "t.bin", bytes(range(256)) * 10 + f" {ONE} ".encode())
    assert (one_finding(report).part, report.as_bytes) == ("bytes of the file", 1)
