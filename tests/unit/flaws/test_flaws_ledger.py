"""The ledger tells every difference between a dirty register and the clean one, and nothing else."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from hsr_privacy.flaws import KINDS
from tests.unit.flaws.conftest import LAYOUTS, Made, Pair

FORMS = ("amk", "ambulance", "hospital", "register")
ENDS = {"mrs": b"\r\n", "oqr": b"\n", "csv": b"\n"}
DELIMITERS = {"mrs": ";", "oqr": ";", "csv": ","}
Row = bytes | tuple[Any, ...]


def rows(path: Path, layout: str) -> list[Row]:
    """Every row of a file as it stands there, the heading first."""
    if layout == "parquet":
        table = pl.read_parquet(path)
        return [tuple(table.columns), *table.iter_rows()]
    lines = path.read_bytes().split(ENDS[layout])
    assert lines.pop() == b""
    return list(lines)


def cells(row: Row, layout: str) -> tuple[Any, ...]:
    if isinstance(row, tuple):
        return row
    try:
        text = row.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = row.decode("windows-1252")
    return tuple(next(csv.reader([text], delimiter=DELIMITERS[layout])))


def letters(row: Row) -> str:
    assert isinstance(row, bytes)
    return row.decode("windows-1252")


def clean_file(pair: Pair, form: str) -> Path:
    [path] = [
        path
        for path, told in zip(sorted(pair.clean.iterdir()), file_forms(pair), strict=True)
        if told == form
    ]
    return path


def file_forms(pair: Pair) -> list[str]:
    names = {"amk": "amk", "ambulan": "ambulance", "sykehus": "hospital", "hospital": "hospital",
             "person": "register", "register": "register"}  # fmt: skip
    return [
        next(form for word, form in names.items() if word in path.name.lower())
        for path in sorted(pair.clean.iterdir())
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("form", FORMS)
def test_every_difference_is_in_the_ledger_and_every_entry_is_a_difference(
    made: Made, layout: str, form: str
) -> None:
    pair = made(layout)
    clean = rows(clean_file(pair, form), layout)
    flaws = [flaw for flaw in pair.flaws if flaw["form"] == form]
    whole = [flaw for flaw in flaws if flaw["kind"] == "windows_1252_file"]
    flaws = [flaw for flaw in flaws if flaw not in whole]
    told = {(flaw["file"], flaw["row"]): flaw for flaw in flaws}
    assert len(told) == len(flaws)
    main = clean_file(pair, form).name
    late = [flaw for flaw in flaws if flaw["kind"] == "late_delivery"]
    copies = {flaw["row"] for flaw in flaws if flaw["of_row"] is not None}
    dirty = rows(pair.dirty / main, layout)

    kept_back = {flaw["clean_row"] for flaw in late}
    expected = [n for n in range(2, len(clean) + 1) if n not in kept_back]
    found = [n for n in range(2, len(dirty) + 1) if n not in copies]
    assert len(found) == len(expected)
    assert cells(dirty[0], layout) == cells(clean[0], layout)
    heading = list(cells(clean[0], layout))
    for now, then in zip(found, expected, strict=True):
        flaw = told.get((main, now))
        if flaw is None:
            same = dirty[now - 1] == clean[then - 1]
            assert same or (whole and letters(dirty[now - 1]) == utf_8(clean[then - 1])), now
            continue
        assert flaw["clean_row"] == then
        assert flaw["columns"] == different(flaw, dirty[now - 1], clean[then - 1], heading, layout)
    for number in copies:
        flaw = told[main, number]
        assert flaw["of_row"] != number
        original = dirty[flaw["of_row"] - 1]
        assert cells(original, layout) == cells(clean[flaw["clean_row"] - 1], layout)
        changed = different(flaw, dirty[number - 1], original, heading, layout)
        assert flaw["columns"] == changed
        assert bool(changed) == (flaw["kind"] == "near_copy")
    for name in {flaw["file"] for flaw in late}:
        later = rows(pair.dirty / name, layout)
        assert later[0] == clean[0]
        assert name != main
        for place, row in enumerate(later[1:], 2):
            assert row == clean[told[name, place]["clean_row"] - 1]
        assert len(later) - 1 == len(late)


def utf_8(row: Row) -> str:
    assert isinstance(row, bytes)
    return row.decode("utf-8")


def different(
    flaw: dict[str, Any], dirty: Row, clean: Row, heading: list[str], layout: str
) -> list[str]:
    """The columns that differ, in the order of the ledger."""
    now, then = cells(dirty, layout), cells(clean, layout)
    assert len(now) == len(then)
    if flaw["kind"] == "windows_1252_bytes":
        assert isinstance(dirty, bytes)
        assert dirty != clean
        assert now == then
        return [name for name, cell in zip(heading, then, strict=True) if not cell.isascii()]
    names = [name for name, one, other in zip(heading, now, then, strict=True) if one != other]
    return sorted(names, key=lambda name: position(flaw, name))


def position(flaw: dict[str, Any], name: str) -> int:
    columns: list[str] = flaw["columns"]
    return columns.index(name) if name in columns else len(columns)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_kind_occurs_or_the_ledger_says_why_not(made: Made, layout: str) -> None:
    pair = made(layout)
    names = {kind.name for kind in KINDS}
    absent = pair.ledger["not in this layout"]
    assert Counter(flaw["kind"] for flaw in pair.flaws) == pair.ledger["counts"]
    assert set(pair.ledger["counts"]) == names - set(absent)
    assert all(absent.values())
    assert pair.account.flaws == pair.ledger["counts"]


def test_layouts_lack_what_makes_no_sense_in_them(made: Made) -> None:
    absent = {layout: set(made(layout).ledger["not in this layout"]) for layout in LAYOUTS}
    assert absent == {
        "csv": set(),
        "mrs": {"decimal_comma"},
        "oqr": {"decimal_comma", "windows_1252_file"},
        "parquet": {
            "blanks_around", "code_label", "decimal_comma", "other_date_format",
            "scientific_number", "windows_1252_bytes", "windows_1252_file",
        },
    }  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_fifth_of_the_records_is_touched_and_none_of_them_twice(made: Made, layout: str) -> None:
    pair = made(layout)
    records = [flaw for flaw in pair.flaws if flaw["clean_row"] is not None]
    touched = Counter((flaw["form"], flaw["clean_row"]) for flaw in records)
    assert set(touched.values()) == {1}
    by_form = Counter(flaw["form"] for flaw in records)
    sizes = pair.ledger["records"]
    assert by_form == {form: round(0.2 * size) for form, size in sizes.items()}


def test_identifiers_of_flaws_are_in_order_and_each_is_one(made: Made) -> None:
    ids = [flaw["id"] for flaw in made("csv").flaws]
    assert ids == [f"F{number:06}" for number in range(1, len(ids) + 1)]
    order = [(flaw["file"], flaw["row"] or 0) for flaw in made("csv").flaws]
    assert order == sorted(order)


def test_the_ledger_holds_no_cell(made: Made) -> None:
    pair = made("csv")
    told = {
        "id", "kind", "how", "form", "file", "row", "clean_row", "of_row", "columns", "rule",
        "detector", "reader",
    }  # fmt: skip
    assert {frozenset(flaw) for flaw in pair.flaws} == {frozenset(told)}
    assert {type(flaw["row"]) for flaw in pair.flaws} == {int, type(None)}
    text = (pair.truth / "flaws.json").read_text(encoding="utf-8")
    numbers = pl.read_csv(pair.clean / "register.csv", infer_schema=False)["fnr"]
    assert not any(number in text for number in numbers)
