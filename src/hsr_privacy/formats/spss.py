"""SPSS: the extract as a .sav file whose labels say both languages and whose codes may be missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import polars as pl

from hsr_privacy.dictionary import Dictionary, Field, Value
from hsr_privacy.documents import Label
from hsr_privacy.errors import DataError
from hsr_privacy.formats.fitting import Pair, is_whole, pairs_of
from hsr_privacy.formats.names import told
from hsr_privacy.formats.wording import (
    MONTHS,
    Language,
    both,
    in_language,
    lines_of,
    said_of,
    shortened,
)
from hsr_privacy.tables import write_whole

LONGEST_TEXT: Final = 32_767
_MOST_MISSING: Final = 3
_LONGEST_MISSING: Final = 8
_VARIABLE_LABEL: Final = 255
_VALUE_LABEL: Final = 120
_FILE_LABEL: Final = 64
_NOTE_LINE: Final = 80
_MOST_DECIMALS: Final = 6
_WIDEST: Final = 40
_MOMENT: Final = slice(92, 109)
"""Where the header of a file has its date, nine letters, and its time, eight."""


def write_spss(
    table: pl.DataFrame,
    dictionary: Dictionary,
    path: Path,
    *,
    language: Language = "nb",
    written: dt.datetime,
) -> None:
    """Write a table for SPSS, UTF-8; same arguments, same bytes.

    Labels of variables and values hold both languages, ``Kjønn / Sex``. One that would be longer
    than SPSS allows is in one language, and stands in both in the file's documents (``DISPLAY
    DOCUMENTS``), with units, levels of detail and notes. Codes of the kinds of missing are
    user-missing, in text columns too; an empty cell is system-missing, and an empty text in a text
    column.

    Args:
        table: the extract.
        dictionary: its columns.
        path: of the file; one of that name is replaced.
        language: which stands first, and alone where there is no room for both.
        written: stands in the header of the file.

    Raises:
        DataError: the columns are not those of the dictionary, or hold what SPSS has no type for.
        OutputFailed: the disk is full, or the system refuses the write.
    """
    import pyreadstat

    pairs = pairs_of(table, dictionary)
    for pair in pairs:
        _check(pair)
    columns = {pair.name: _cells(pair) for pair in pairs}
    described = tuple(zip(columns, told(dictionary), strict=True))

    def write(part: Path) -> None:
        pyreadstat.write_sav(
            pl.DataFrame(columns),
            part,
            file_label=shortened(
                in_language(dictionary.title, language), _FILE_LABEL, in_bytes=True
            ),
            column_labels=[_label(pair.field.label, language, _VARIABLE_LABEL) for pair in pairs],
            row_compress=True,
            note=list(_notes(dictionary, described, language)),
            variable_value_labels={
                pair.name: labels for pair in pairs if (labels := _value_labels(pair, language))
            },
            missing_ranges={pair.name: codes for pair in pairs if (codes := _missing_codes(pair))},
            variable_display_width={pair.name: _width(pair) for pair in pairs},
            variable_measure={pair.name: _measure(pair) for pair in pairs},
            variable_format={
                pair.name: shown for pair in pairs if (shown := _format(pair)) is not None
            },
        )
        _date(part, written)

    write_whole(path, write)


def _check(pair: Pair) -> None:
    if pair.cells.dtype == pl.String:
        longest = pair.cells.str.len_bytes().max()
        if isinstance(longest, int) and longest > LONGEST_TEXT:
            raise DataError(
                f"column '{pair.field.name}' holds a text of more than {LONGEST_TEXT:,} bytes, which "
                "has no place in SPSS; shorten it or leave it out"
            )
    if len(_missing_codes(pair)) > _MOST_MISSING:
        raise DataError(
            f"column '{pair.field.name}' has {len(pair.field.missing)} kinds of missing, and SPSS "
            f"takes {_MOST_MISSING}; let the dictionary name fewer"
        )


def _cells(pair: Pair) -> pl.Series:
    """The cells as they are handed over: whole numbers too are doubles in SPSS."""
    cells = pair.cells.rename(pair.name)
    if cells.dtype == pl.String:
        return cells.fill_null("")
    return cells.cast(pl.Float64) if cells.dtype.is_numeric() else cells


def _label(label: Label, language: Language, most: int) -> str:
    """Both languages if they fit, or else one."""
    text = " ".join(both(label, language).split())
    if len(text.encode()) <= most:
        return text
    return shortened(in_language(label, language), most, in_bytes=True)


def _value_labels(pair: Pair, language: Language) -> dict[Any, str]:
    return {
        value: _label(one.label, language, _VALUE_LABEL)
        for one in pair.field.values
        if one.label is not None and (value := _value(pair, one)) is not None
    }


def _missing_codes(pair: Pair) -> list[Any]:
    values = (_value(pair, one) for one in pair.field.missing)
    codes = [value for value in values if value is not None]
    # SPSS takes a text for missing only if it is short; longer ones keep their label.
    return [one for one in codes if _is_short(one)]


def _is_short(code: float | str) -> bool:
    return not isinstance(code, str) or len(code.encode()) <= _LONGEST_MISSING


def _value(pair: Pair, value: Value) -> float | str | None:
    """A value of the dictionary as the column holds it; None where it cannot."""
    if pair.cells.dtype == pl.String:
        return value.text
    if pair.cells.dtype.is_numeric() and is_whole(value.text):
        return float(value.text)
    return None


def _measure(pair: Pair) -> str:
    """Numbers are measured on a scale, unless they are codes; texts and codes have names only."""
    is_number = pair.cells.dtype != pl.String and not pair.field.codes
    return "scale" if is_number else "nominal"


def _format(pair: Pair) -> str | None:
    """How SPSS shows a column; text columns are as wide as their widest text."""
    kind = pair.cells.dtype
    if kind == pl.String:
        return None
    if kind == pl.Date:
        return "SDATE10"
    if kind == pl.Datetime:
        return "DATETIME20"
    decimals = _decimals(pair.cells) if kind.is_float() else 0
    return f"F{min(_WIDEST, 8 + decimals)}.{decimals}"


def _decimals(cells: pl.Series) -> int:
    """How many decimals show every number as it is, at most six."""
    for decimals in range(_MOST_DECIMALS):
        if ((cells - cells.round(decimals)).abs() < 1e-9).all():  # null counts as true
            return decimals
    return _MOST_DECIMALS


def _width(pair: Pair) -> int:
    """How wide a column is shown, in letters."""
    if pair.cells.dtype != pl.String:
        return max(8, min(_WIDEST, len(pair.name)))
    longest = pair.cells.str.len_chars().max()
    return max(8, min(_WIDEST, longest if isinstance(longest, int) else 0))


def _notes(
    dictionary: Dictionary, described: tuple[tuple[str, Field], ...], language: Language
) -> Iterator[str]:
    """The documents of the file, in lines: what has no place in a label."""
    yield from lines_of(both(dictionary.title, language), _NOTE_LINE)
    yield from lines_of(both(_ABOUT, language), _NOTE_LINE)
    for name, field in described:
        for text in _told_of(field, language):
            yield from lines_of(f"{name}: {text}", _NOTE_LINE)


def _told_of(field: Field, language: Language) -> Iterator[str]:
    if len(both(field.label, language).encode()) > _VARIABLE_LABEL:
        yield both(field.label, language)
    yield from said_of(field, language)
    for one in field.values:
        if one.label is not None and len(both(one.label, language).encode()) > _VALUE_LABEL:
            yield f"{one.text} = {both(one.label, language)}"


def _date(part: Path, written: dt.datetime) -> None:
    """Put the given moment into the header, where the library has put the clock's."""
    moment = f"{written.day:02} {MONTHS[written.month - 1]} {written:%y%H:%M:%S}".encode()
    with part.open("r+b") as file:
        file.seek(_MOMENT.start)
        file.write(moment)


_ABOUT: Final = Label(
    nb="888 er ikke relevant, 998 fjernet av hensyn til personvernet, 999 ukjent; de er "
    "brukerdefinert manglende. En tom celle ble ikke registrert.",
    en="888 is not applicable, 998 removed for disclosure control, 999 unknown; they are "
    "user-missing. An empty cell was not recorded.",
)
