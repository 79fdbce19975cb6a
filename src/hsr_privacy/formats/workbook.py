"""Workbook: the codebook as sheets that people sort and filter, without a formula in any cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

from hsr_privacy.dictionary import Dictionary, Field, Value
from hsr_privacy.documents import Label
from hsr_privacy.formats.fitting import is_whole
from hsr_privacy.formats.names import told, valid_names
from hsr_privacy.formats.wording import KIND_WORDS, MISSING_WORDS, both, meaning, shortened
from hsr_privacy.tables import write_whole

Cell: TypeAlias = str | float | None
Row: TypeAlias = Sequence[Cell]

_LONGEST: Final = 32_767
_MOST_SHOWN: Final = 60
_NARROWEST: Final = 8
_WIDEST: Final = 48
_LINE: Final = 15
_FONT: Final = {"font_name": "Calibri", "font_size": 11, "valign": "top"}

VARIABLES: Final = "Variabler - Variables"
VALUES: Final = "Verdier - Values"
ABOUT: Final = "Om - About"

_OF_VARIABLES: Final = (
    "Navn / Name",
    "Etikett (bokmål)",
    "Label (English)",
    "Type / Type",
    "Enhet / Unit",
    "Detaljnivå / Level of detail",
    "Minst / Smallest",
    "Størst / Largest",
    "Verdier / Values",
    "Manglende / Missing",
    "Forklaring (bokmål)",
    "Description (English)",
    "Merknad (bokmål)",
    "Note (English)",
    "Navn i Stata og SPSS / Name in Stata and SPSS",
)
_OF_VALUES: Final = (
    "Navn / Name",
    "Verdi / Value",
    "Etikett (bokmål)",
    "Label (English)",
    "Manglende / Missing",
)
_ABOUT_FILES: Final = (
    Label(
        nb="888 er ikke relevant, 998 fjernet av hensyn til personvernet, 999 ukjent. En tom celle ble "
        "ikke registrert.",
        en="888 is not applicable, 998 removed for disclosure control, 999 unknown. An empty cell was "
        "not recorded.",
    ),
    Label(
        nb="I Stata er de .a, .b og .c i tallkolonner; i SPSS er de brukerdefinert manglende; i CSV og "
        "Parquet står de som tall eller tekst.",
        en="In Stata they are .a, .b and .c in columns of numbers; in SPSS they are user-missing; in CSV "
        "and Parquet they stand as numbers or text.",
    ),
    Label(
        nb="I CSV-filen har tekst som et regneark kunne tatt for en formel, en apostrof foran. Ta bort én "
        "apostrof foran hver tekst som har en, så står teksten som den var.",
        en="In the CSV a text that a spreadsheet could take for a formula has an apostrophe before it. "
        "Take one apostrophe away from each text that has one, and the text is as it was.",
    ),
)
_WRITTEN: Final = Label(nb="Skrevet", en="Written")
_MANY: Final = Label(nb="flere enn {} verdier", en="more than {} values")


def write_codebook_xlsx(dictionary: Dictionary, path: Path, *, written: dt.date) -> None:
    """Write a dictionary as a workbook: its variables, their values, and how to read the files.

    Headings stay in sight and have filters. Every text is written as text, so that no cell is a
    formula or a link. Same arguments, same bytes.

    Args:
        dictionary: what is written.
        path: of the file; one of that name is replaced.
        written: the day that the workbook bears.

    Raises:
        OutputFailed: the disk is full, or the system refuses the write.
    """
    write_whole(path, lambda part: _write(dictionary, part, written))


def _write(dictionary: Dictionary, part: Path, written: dt.date) -> None:
    import xlsxwriter

    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(str(part), options) as book:
        moment = dt.datetime.combine(written, dt.time())
        book.set_properties({"title": both(dictionary.title), "created": moment})
        words, heading = (
            book.add_format({**_FONT, "text_wrap": True}),
            book.add_format({**_FONT, "bold": True, "text_wrap": True, "bottom": 1}),
        )
        described, names = told(dictionary), valid_names(dictionary)
        variables = [_variable(field, names[field.name]) for field in described]
        values = [row for field in described for row in _values(field)]
        for name, headings, rows in (
            (VARIABLES, _OF_VARIABLES, variables),
            (VALUES, _OF_VALUES, values),
        ):
            _fill(book.add_worksheet(name), headings, rows, words, heading)
        sheet = book.add_worksheet(ABOUT)
        sheet.set_column(0, 0, 110, words)
        for at, text in enumerate(_about(dictionary, written)):
            sheet.write_string(at, 0, text, heading if at == 0 else words)


def _fill(
    sheet: Any, headings: Sequence[str], rows: Sequence[Row], words: Any, heading: Any
) -> None:
    for column, title in enumerate(headings):
        sheet.set_column(column, column, _width_of(title, [row[column] for row in rows]), words)
        sheet.write_string(0, column, title, heading)
    sheet.set_row(0, 3 * _LINE)
    for at, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            _put(sheet, at, column, cell, words)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(rows)), len(headings) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:Z{len(rows) + 1}"})
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _put(sheet: Any, at: int, column: int, cell: Cell, words: Any) -> None:
    if isinstance(cell, str):
        write: Callable[..., Any] = sheet.write_string
        write(at, column, shortened(cell, _LONGEST) if len(cell) > _LONGEST else cell, words)
    elif cell is not None:
        sheet.write_number(at, column, cell, words)


def _width_of(title: str, cells: Sequence[Cell]) -> int:
    """A column as wide as its longest text, within reason; headings may take three lines."""
    longest = max((len(str(cell)) for cell in cells if cell is not None), default=0)
    return min(_WIDEST, max(_NARROWEST, longest + 2, len(title) // 3 + 4))


def _variable(field: Field, name: str) -> Row:
    return (
        field.name,
        field.label.nb,
        field.label.en,
        both(KIND_WORDS[field.kind]),
        _said(field.unit),
        _said(field.detail),
        field.minimum,
        field.maximum,
        _listed(field.codes),
        _listed(field.missing),
        *_in_both(field.description),
        *_in_both(field.note),
        name if name != field.name else None,
    )


def _values(field: Field) -> Iterator[Row]:
    for value in field.values:
        label = value.label or Label(nb=value.text, en=value.text)
        is_number = field.kind == "integer" and is_whole(value.text)
        yield (
            field.name,
            int(value.text) if is_number else value.text,
            label.nb,
            label.en,
            both(MISSING_WORDS) if value.is_missing else None,
        )


def _listed(values: Sequence[Value]) -> str | None:
    """The values in a line, each with what it means where it does not say it itself."""
    if len(values) > _MOST_SHOWN:
        return both(Label(nb=_MANY.nb.format(_MOST_SHOWN), en=_MANY.en.format(_MOST_SHOWN)))
    return "; ".join(map(meaning, values)) or None


def _said(label: Label | None) -> str | None:
    return both(label) if label is not None else None


def _in_both(label: Label | None) -> tuple[str | None, str | None]:
    return (label.nb, label.en) if label is not None else (None, None)


def _about(dictionary: Dictionary, written: dt.date) -> Iterator[str]:
    yield both(dictionary.title)
    yield f"{both(_WRITTEN)}: {written.isoformat()[:10]}"
    for label in _ABOUT_FILES:
        yield label.nb
        yield label.en
