"""What was taken out of a table is searched for in every part of what was written."""

from __future__ import annotations

import datetime as dt
import json
import struct
from pathlib import Path

import pandas as pd
import polars as pl
import pyreadstat
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.scanning import Needle, Needles, ScanReport, scan, search_for
from hsr_privacy.scanning.needles import Value
from tests.unit.scanning.making import ONE, OTHER, ids, number, text, workbook

CALL, LATER = map(dt.datetime.fromisoformat, ("2024-01-02T03:04:05", "2025-06-07T08:09:10"))
COHORT = [ONE, OTHER, *ids(2, seed=5)]
BEFORE = pl.DataFrame(
    {
        "fnr": COHORT,
        "alder": [17, 45, 66, 103],
        "laktat": [0.5, 4.25, 7.0, 21.375],
        "fodselsdato": [dt.date(1921, 6, 3), dt.date(1950, 1, 2), dt.date(1960, 5, 6), None],
        "t_stans": [
            CALL,
            None,
            None,
            LATER,
        ],
        "sted": ["Bjørnøya", "Oslo", "Voss", "Ørsta"],
    }
)


def search(folder: Path, *needles: Needle) -> dict[tuple[str, str], int]:
    report = search_for([folder], Needles(needles))
    return {(one.about, one.part): one.count for one in report.findings}


def needle(value: Value, column: str = "alder") -> Needle:
    return Needle("the needle", "extreme", column, value)


def test_the_extremes_of_columns_are_named_by_column_and_end() -> None:
    needles = Needles.of(BEFORE, columns=["alder", "fodselsdato", "sted"], identifiers=COHORT)
    assert [(one.name, one.kind, one.column) for one in needles.each] == [
        ("smallest alder", "extreme", "alder"),
        ("largest alder", "extreme", "alder"),
        ("smallest fodselsdato", "extreme", "fodselsdato"),
        ("largest fodselsdato", "extreme", "fodselsdato"),
        ("smallest sted", "extreme", "sted"),
        ("largest sted", "extreme", "sted"),
    ]
    assert len(needles) == 10


def test_an_extreme_that_is_released_is_not_searched_for() -> None:
    released = pl.DataFrame({"alder": [17, 45], "sted": ["*", "*"]})
    needles = Needles.of(BEFORE, columns=["alder", "sted"], released=released)
    assert [one.name for one in needles.each] == ["largest alder", "smallest sted", "largest sted"]


def test_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(DataError, match="no column 'vekt'"):
        Needles.of(BEFORE, columns=["vekt"])


def test_neither_needles_nor_what_is_found_show_a_value(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"født 03.06.1921, fnr {ONE}")
    needles = Needles.of(BEFORE, columns=BEFORE.columns, identifiers=COHORT)
    report = search_for([tmp_path], needles)
    shown = repr(needles) + repr(report) + json.dumps(report.to_json())
    for secret in (ONE, "1921", "103", "Bjørnøya", "21.375"):
        assert secret not in shown
    assert {one.about or one.kind for one in report.findings} == {"smallest fodselsdato", "known"}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (dt.date(1921, 6, 3), "1921-06-03"),
        (dt.date(1921, 6, 3), "03.06.1921"),
        (CALL, "2024-01-02T03:04:05"),
        (CALL, "02.01.2024 03:04:05"),
        (273001.25, "273001.25"),
        (6584773, "6584773.0"),
        ("Bjørnøya", "Bjørnøya"),
    ],
)
def test_a_telling_value_is_found_anywhere_in_every_way_to_write_it(
    value: Value, written: str, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text(f"den var {written} på dagen")
    assert search(tmp_path, needle(value)) == {("the needle", "text"): 1}
    (tmp_path / "a.txt").write_text(f"den var 1{written}7 på dagen")
    assert search(tmp_path, needle(value)) == {}


def test_a_decimal_comma_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x;ost\n1;273001,25\n")
    assert search(tmp_path, needle(273001.25)) == {("the needle", "column 'ost'"): 1}


def test_a_short_value_is_found_only_in_what_tells_of_its_column(tmp_path: Path) -> None:
    table = pl.DataFrame({"alder": ["75-84 år", "103"], "minutter": ["103", "4"], "x": [103, 1]})
    table.write_csv(tmp_path / "a.csv")
    (tmp_path / "b.json").write_text(
        json.dumps({"alder": {"max": 103, "distinct": 103}, "minutter": 103})
    )
    assert search(tmp_path, needle(103)) == {
        ("the needle", "column 'alder'"): 1,
        ("the needle", "key 'alder.max'"): 1,
    }


def test_a_short_text_is_found_only_in_its_column(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Falt om på Voss i går")
    (tmp_path / "b.csv").write_text("alder;sted;annet\n1;Voss;x\n2;Oslo;Voss\n")
    assert search(tmp_path, needle("Voss", "sted")) == {("the needle", "column 'sted'"): 1}


@pytest.mark.parametrize("column", BEFORE.columns)
@pytest.mark.parametrize("statistics", [True, False])
def test_every_original_column_left_in_parquet_is_found(
    column: str, *, statistics: bool, tmp_path: Path
) -> None:
    BEFORE.select(column).write_parquet(tmp_path / "t.parquet", statistics=statistics)
    found = search_for([tmp_path], Needles.of(BEFORE, columns=[column])).findings
    names = {f"smallest {column}", f"largest {column}"}
    assert {one.about for one in found if one.part == f"column '{column}'"} == names
    told = {one.about for one in found if one.part == f"statistics of column '{column}'"}
    assert told == (names if statistics else set())


def test_the_extremes_in_the_statistics_of_a_suppressed_column_are_found(tmp_path: Path) -> None:
    """A writer that keeps the statistics of what it replaced: same width, other bytes in the page."""
    pl.DataFrame({"alder": [17.123456, 103.654321]}).write_parquet(
        tmp_path / "t.parquet", compression="uncompressed", use_pyarrow=False
    )
    data = (tmp_path / "t.parquet").read_bytes()
    page = struct.pack("<dd", 17.123456, 103.654321)
    (tmp_path / "t.parquet").write_bytes(data.replace(page, bytes(16), 1))
    found = search(tmp_path, needle(103.654321), Needle("other", "extreme", "alder", 55.5))
    assert found == {("the needle", "statistics of column 'alder'"): 1}


def test_labels_of_stata_and_cells_of_workbooks_are_searched(tmp_path: Path) -> None:
    table = pd.DataFrame({"alder": [1, 2]})
    pyreadstat.write_dta(
        table, str(tmp_path / "t.dta"), variable_value_labels={"alder": {1: "103", 2: "ung"}}
    )
    workbook(tmp_path / "t.xlsx", [("A", "visible", [[text("alder")], [number("103")]])])
    assert search(tmp_path, needle(103)) == {
        ("the needle", "value labels of column 'alder'"): 1,
        ("the needle", "sheet 1 'A', column A"): 1,
    }


@pytest.mark.parametrize("form", ["<d", "<q"])
def test_numbers_in_bytes_nobody_knows_are_found(form: str, tmp_path: Path) -> None:
    packed = struct.pack(form, 6584773)
    (tmp_path / "t.bin").write_bytes(bytes(range(256)) + packed + b"\0" * 9)
    report = search_for([tmp_path], Needles((needle(6584773),)))
    assert [(one.part, one.first) for one in report.findings] == [("bytes of the file", (256,))]


def test_texts_in_utf_16_inside_of_unknown_bytes_are_found(tmp_path: Path) -> None:
    (tmp_path / "t.bin").write_bytes(bytes(range(256)) + " Longyear ".encode("utf-16-le"))
    assert search(tmp_path, needle("Longyear")) == {("the needle", "bytes of the file"): 1}


def test_identifiers_of_the_cohort_are_searched_for_and_others_left_alone(tmp_path: Path) -> None:
    stranger = ids(9, seed=77)[8]
    (tmp_path / "a.csv").write_text(f"a;b\n{ONE};{stranger}\nx;{OTHER[:6]} {OTHER[6:]}\n")
    report = search_for([tmp_path], Needles.of(BEFORE, columns=[], identifiers=[ONE, OTHER]))
    assert [(one.kind, one.part, one.first) for one in report.findings] == [
        ("known", "column 'a'", (1,)),
        ("known", "column 'b'", (2,)),
    ]
    assert scan([tmp_path]).tiers["A"] == 3


def test_a_needle_in_the_name_of_a_file_is_found_and_withheld(tmp_path: Path) -> None:
    (tmp_path / "fra-Longyear.txt").write_text("x")
    report: ScanReport = search_for([tmp_path], Needles((needle("Longyear"),)))
    assert [(one.part, Path(one.file).name) for one in report.findings] == [
        ("name", "[name 1 withheld].txt")
    ]
