"""Recall and precision on what the simulator planted: at least 0.999 and 0.99 in tier A."""

from __future__ import annotations

import csv
import io
import json
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyreadstat
import pytest

from hsr_privacy.identifiers import check_column
from hsr_privacy.scanning import scan
from hsr_privacy.synthesis import synthesize_register
from tests.unit.scanning.making import text, workbook

SAMPLES = Path(__file__).parents[3] / "synthetic" / "samples"
LAYOUTS = ["csv", "mrs", "oqr", "parquet"]
COMMENT = "fritekst_kommentar"
Cell = tuple[str, int, str]


@dataclass(frozen=True)
class Planted:
    """Cells by what they hold: file without its ending, row from 1, column."""

    identifiers: frozenset[Cell]
    contacts: dict[str, frozenset[Cell]]


def rows_of(path: Path) -> list[dict[str, str]]:
    """Rows of a delivery as text, however it is written."""
    if path.suffix == ".parquet":
        table = pl.read_parquet(path)
        texts = table.select(name for name in table.columns if table[name].dtype == pl.String)
        return texts.to_dicts()
    raw = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        decoded = raw.decode()
    except UnicodeDecodeError:
        decoded = raw.decode("cp1252", "replace")
    first = decoded.partition("\n")[0]
    heading, *rows = csv.reader(io.StringIO(decoded), delimiter=max(";,", key=first.count))
    return [dict(zip(heading, row, strict=False)) for row in rows if row]


def valid(numbers: list[str]) -> list[str]:
    holds = check_column(numbers, profile="test").reason_codes == 0
    return [number for number, is_valid in zip(numbers, holds, strict=True) if is_valid]


def planted_in(folder: Path, truth: Path) -> Planted:
    """Where the simulator's own lists stand, letter by letter."""
    planted = json.loads((truth / "planted.json").read_text(encoding="utf-8"))
    numbers = [one for one in planted["identifiers"] if len(one) == 11]
    short = [one for one in planted["identifiers"] if len(one) == 10]
    whole = set(valid(numbers))
    lost = {one[1:] for one in valid(["0" + one for one in short])}
    spoken = re.compile(r"([0-9]{6})[ -]?([0-9]{5})")
    identifiers: set[Cell] = set()
    contacts: dict[str, set[Cell]] = {"e-mail": set(), "coordinates": set(), "phone": set()}
    for path in sorted(folder.iterdir()):
        for number, row in enumerate(rows_of(path), start=1):
            for name, cell in row.items():
                at = (path.stem, number, name)
                match = spoken.search(cell or "")
                if (match and match[1] + match[2] in whole) or (cell or "").strip() in lost:
                    identifiers.add(at)
                if name == COMMENT and cell:
                    for kind, group in (("e-mail", "emails"), ("coordinates", "coordinates")):
                        # Their first signs are ASCII: a file of two encodings keeps those.
                        if any(one[:12] in cell for one in planted.get(group, [])):
                            contacts[kind].add(at)
                    if "tlf." in cell:
                        contacts["phone"].add(at)
    return Planted(frozenset(identifiers), {k: frozenset(v) for k, v in contacts.items()})


def found_in(folder: Path) -> Planted:
    """Where the scanner finds something in a cell."""
    identifiers: set[Cell] = set()
    contacts: dict[str, set[Cell]] = {"e-mail": set(), "coordinates": set(), "phone": set()}
    for one in scan([folder], shown=None).findings:
        match = re.fullmatch(r"(?:column|key) '(?:\[\]\.)?(\w+)'", one.part)
        if match is None:
            assert one.part.startswith("statistics of column"), one.part
            continue
        stem = Path(one.member or one.file).stem
        cells = {(stem, number, match[1]) for number in one.first}
        if one.tier == "A":
            identifiers |= cells
        elif one.kind in contacts and match[1] == COMMENT:
            contacts[one.kind] |= cells
    return Planted(frozenset(identifiers), {k: frozenset(v) for k, v in contacts.items()})


def require(folder: Path, planted: Planted) -> None:
    found = found_in(folder)
    right = len(found.identifiers & planted.identifiers)
    assert right >= 0.999 * len(planted.identifiers)
    assert right >= 0.99 * len(found.identifiers)
    assert found.contacts == planted.contacts


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dirty", ["", "-dirty"])
def test_the_samples_are_found_out(layout: str, dirty: str) -> None:
    folder = SAMPLES / f"{layout}{dirty}"
    planted = planted_in(folder, SAMPLES / f"{layout}{dirty}-truth")
    assert len(planted.identifiers) > 2_000
    require(folder, planted)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_flaw_that_the_ledger_leaves_to_a_leak_scan_is_found(layout: str) -> None:
    folder = SAMPLES / f"{layout}-dirty"
    ledger = json.loads((SAMPLES / f"{layout}-dirty-truth" / "flaws.json").read_text("utf-8"))
    leaks = {
        # The ledger counts the heading as row 1.
        (flaw["kind"], (Path(flaw["file"]).stem, flaw["row"] - 1, COMMENT))
        for flaw in ledger["flaws"]
        if flaw["detector"] == "leak scan" and flaw["kind"] != "name_in_comment"
    }
    assert len(leaks) > 40
    found = found_in(folder)
    cells = {
        "identifier_in_comment": found.identifiers,
        "phone_in_comment": found.contacts["phone"],
        "email_in_comment": found.contacts["e-mail"],
        "coordinates_in_comment": found.contacts["coordinates"],
    }
    assert [leak for leak in sorted(leaks) if leak[1] not in cells[leak[0]]] == []


def test_a_mistyped_identifier_is_in_tier_c() -> None:
    ledger = json.loads((SAMPLES / "csv-dirty-truth" / "flaws.json").read_text("utf-8"))
    mistyped = {
        (Path(flaw["file"]).stem, flaw["row"] - 1)
        for flaw in ledger["flaws"]
        if flaw["kind"] in {"mistyped_digit", "transposed_digits"}
    }
    findings = scan([SAMPLES / "csv-dirty"], shown=None).findings
    bare = {(Path(one.file).stem, at) for one in findings if one.tier == "C" for at in one.first}
    assert len(mistyped) > 40
    assert len(mistyped & bare) >= 0.95 * len(mistyped)


def to_json(rows: list[dict[str, str]], path: Path) -> None:
    path.with_suffix(".json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def to_stata(rows: list[dict[str, str]], path: Path) -> None:
    frame = pd.DataFrame(rows).fillna("").astype(object)
    pyreadstat.write_dta(frame, str(path.with_suffix(".dta")))


def to_spss(rows: list[dict[str, str]], path: Path) -> None:
    frame = pd.DataFrame(rows).fillna("").astype(object)
    pyreadstat.write_sav(frame, str(path.with_suffix(".sav")), compress=True)


def to_zip(rows: list[dict[str, str]], path: Path) -> None:
    with zipfile.ZipFile(path.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{path.stem}.csv", pl.DataFrame(rows).write_csv(separator=";"))


@pytest.mark.parametrize("convert", [to_json, to_stata, to_spss, to_zip])
def test_the_same_is_found_in_other_formats(
    convert: Callable[[list[dict[str, str]], Path], None], tmp_path: Path
) -> None:
    folder = SAMPLES / "mrs-dirty"
    planted = planted_in(folder, SAMPLES / "mrs-dirty-truth")
    for path in folder.iterdir():
        rows = [{k: v for k, v in row.items() if k} for row in rows_of(path)]
        convert(rows, tmp_path / path.name)
    require(tmp_path, planted)


def test_the_same_is_found_in_a_workbook(tmp_path: Path) -> None:
    path = SAMPLES / "mrs-dirty" / "DataDump_QA_Person_2026-03-01_0600.csv"
    rows = rows_of(path)
    names = [name for name in rows[0] if name]

    def cells() -> Iterator[list[str]]:
        yield [text(name) for name in names]
        for row in rows:
            yield [text(row[name]) if row.get(name) else "" for name in names]

    workbook(tmp_path / "t.xlsx", [("Person", "visible", list(cells()))])
    planted = planted_in(path.parent, SAMPLES / "mrs-dirty-truth").identifiers
    wanted = {(names.index(name), number) for stem, number, name in planted if stem == path.stem}
    found = {
        (ord(one.part[-1]) - ord("A"), at - 1)
        for one in scan([tmp_path], shown=None).findings
        if one.tier == "A"
        for at in one.first
    }
    assert len(wanted) > 900
    assert found == wanted


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_larger_dirty_register_is_found_out(layout: str, tmp_path: Path) -> None:
    synthesize_register(
        tmp_path / "made",
        events=20_000,
        first_year=2016,
        last_year=2024,
        seed=11,
        layout=layout,  # type: ignore[arg-type]
        dirty="heavy",
    )
    require(tmp_path / "made", planted_in(tmp_path / "made", tmp_path / "made-truth"))


@pytest.mark.slow
def test_a_million_rows_of_free_text_take_less_than_ten_seconds_of_the_processor(
    tmp_path: Path,
) -> None:
    said = pl.read_csv(SAMPLES / "csv-dirty" / "amk.csv", encoding="utf8-lossy", infer_schema=False)
    comments = said[COMMENT].drop_nulls()
    rows = comments.gather(np.random.default_rng(1).integers(0, len(comments), 1_000_000))
    (rows + " " + rows.reverse()).to_frame().write_csv(tmp_path / "t.csv")
    begun = time.process_time()
    report = scan([tmp_path])
    assert time.process_time() - begun < 10
    assert report.tiers["A"] > 10_000
