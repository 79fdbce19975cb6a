"""The codebook as a workbook: what people see, and nothing that is carried out."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from hsr_privacy.codebook import load_codebook
from hsr_privacy.dictionary import Dictionary, Field, Value, dictionary_of_register
from hsr_privacy.documents import Label
from hsr_privacy.formats import write_codebook_xlsx
from hsr_privacy.formats.workbook import ABOUT, VALUES, VARIABLES
from hsr_privacy.project.wording import unit_label
from tests.unit.formats.tables import DICTIONARY

DAY = dt.date(2026, 3, 1)


def written(dictionary: Dictionary, path: Path) -> Workbook:
    write_codebook_xlsx(dictionary, path, written=DAY)
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    return written(DICTIONARY, tmp_path_factory.mktemp("book") / "codebook.xlsx")


def rows(book: Workbook, sheet: str) -> list[dict[str, object]]:
    heading, *others = book[sheet].iter_rows(values_only=True)
    return [dict(zip(map(str, heading), row, strict=True)) for row in others]


def test_a_sheet_of_variables_says_what_each_is_in_both_languages(book: Workbook) -> None:
    age = next(row for row in rows(book, VARIABLES) if row["Navn / Name"] == "alder")
    assert age["Etikett (bokmål)"] == "Alder ved hendelse"
    assert age["Label (English)"] == "Age at the event"
    assert age["Type / Type"] == "heltall / whole number"
    assert age["Enhet / Unit"] == "år / years"
    assert (age["Minst / Smallest"], age["Størst / Largest"]) == (0, 110)
    assert age["Manglende / Missing"] == (
        "998 = Fjernet av hensyn til personvernet / Removed for disclosure control"
    )
    band = next(row for row in rows(book, VARIABLES) if row["Navn / Name"] == "band")
    assert band["Detaljnivå / Level of detail"] == "tiårsgrupper / ten-year bands"
    assert band["Verdier / Values"] == "0-9 år = 0-9 years; 60-69 år = 60-69 years"
    assert band["Note (English)"] == "protected in classes"
    assert len(rows(book, VARIABLES)) == len(DICTIONARY.fields)


def test_a_sheet_of_values_has_codes_as_numbers_and_texts_as_texts(book: Workbook) -> None:
    listed = [(row["Navn / Name"], row["Verdi / Value"]) for row in rows(book, VALUES)]
    assert ("kjonn", 1) in listed
    assert ("band", "998") in listed
    unknown = next(row for row in rows(book, VALUES) if row["Verdi / Value"] == 999)
    assert unknown["Label (English)"] == "Unknown"
    assert unknown["Manglende / Missing"] == "manglende / missing"


def test_a_third_sheet_says_how_missing_reads_in_each_format(book: Workbook) -> None:
    texts = [str(row[0].value) for row in book[ABOUT].iter_rows()]
    assert texts[0] == "Prøveuttrekk / Sample extract"
    assert texts[1] == "Skrevet / Written: 2026-03-01"
    assert any(".a, .b and .c" in text for text in texts)
    assert any("apostrof foran" in text for text in texts)


def test_headings_stay_in_sight_and_have_filters(book: Workbook) -> None:
    for name in (VARIABLES, VALUES):
        sheet = book[name]
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref.startswith("A1:")
        widths = [sheet.column_dimensions[letter].width for letter in "ABCD"]
        assert all(8 <= width <= 50 for width in widths)


def test_no_cell_is_a_formula_or_a_link_whatever_it_says(tmp_path: Path) -> None:
    evil = Label(nb='=HYPERLINK("http://x")', en="http://example.org")
    field = Field("=a", evil, "text", note=evil, values=(Value("=1+1", evil), Value("@x", evil)))
    book = written(Dictionary("t", evil, (field,)), tmp_path / "t.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)
    assert "=1+1" in {cell.value for cell in cells}


def test_another_name_in_stata_and_spss_has_its_column(tmp_path: Path) -> None:
    label = Label(nb="År", en="Year")
    book = written(Dictionary("t", label, (Field("år", label, "integer"),)), tmp_path / "t.xlsx")
    (row,) = rows(book, VARIABLES)
    assert row["Navn i Stata og SPSS / Name in Stata and SPSS"] == "aar"


def test_the_whole_register_has_its_place(tmp_path: Path) -> None:
    codebook = load_codebook()
    title = Label(nb="Register", en="Registry")
    register = dictionary_of_register(codebook, title=title, unit=unit_label)
    book = written(register, tmp_path / "t.xlsx")
    assert len(rows(book, VARIABLES)) == len(codebook.variables)


def test_same_dictionary_and_day_same_bytes(tmp_path: Path) -> None:
    written(DICTIONARY, tmp_path / "a.xlsx")
    written(DICTIONARY, tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as packed:
        assert {one.date_time for one in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2026-03-01T00:00:00Z" in packed.read("docProps/core.xml")
