"""Cells: what stands in each column of a file as the codebook types it, and which cells are wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from hsr_privacy.codebook import Codebook, Type, Variable
from hsr_privacy.quality.findings import Found, Int64s, found
from hsr_privacy.quality.kinds import (
    BLANKS,
    CODE_LABEL,
    DATE_FORM,
    DECIMAL_SIGN,
    LETTER_CASE,
    LOST_ZERO,
    NEGATIVE,
    NO_CODE,
    NO_DATE,
    NO_NUMBER,
    OLD_CODE,
    OTHER_UNIT,
    OUT_OF_RANGE,
    OUTSIDE_LIST,
    WRONG_FORM,
    WRONG_TYPE,
    Kind,
)
from hsr_privacy.registry import Layout
from hsr_privacy.registry.values import STORED, typed

_OLDER: Final = {7: 777, 8: 888, 9: 999}
_ALL_MEDICAL: Final = 1
_CAUSE: Final = "arsak"
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,9}")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,12}(?:[.,][0-9]{1,12})?")
_LIKE_A_DATE: Final = re.compile(
    r"[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}(?:[ T].*)?|[0-9]{4,5}(?:[.,][0-9]+)?|[0-9]{8}"
)
_MUNICIPALITY: Final = "[0-9]{4}"
_TENTH: Final = 10


@dataclass(frozen=True)
class Cells:
    """The columns of a file.

    Attributes:
        table: typed by the codebook, all columns of the form; a wrong cell is missing.
        findings: wrong cells.
    """

    table: pl.DataFrame
    findings: tuple[Found, ...]


def read_cells(
    columns: dict[str, pl.Series],
    variables: tuple[Variable, ...],
    *,
    height: int,
    codebook: Codebook,
    layout: Layout,
) -> Cells:
    """Give each column its type, and say of each wrong cell what is wrong with it.

    Args:
        columns: as they were delivered; a column that is not there is missing throughout.
        variables: of the form.
        height: number of rows.
        codebook: holds the code lists.
        layout: how dates, decimals and missing cells are written.
    """
    values: list[pl.Series] = []
    told: list[Found] = []
    for variable in variables:
        cells = columns.get(variable.name)
        if cells is None:
            stored = STORED[variable.type]
            values.append(pl.Series(variable.name, [None] * height, dtype=stored))
            continue
        result, wrong = typed(cells, variable, codebook=codebook, layout=layout)
        places = np.unique([row for one in wrong for row in one.rows]).astype(np.int64)
        told += _wrong(cells, places, variable, codebook)
        if _is_exact(variable) and cells.dtype == pl.String:
            padded = (cells != cells.str.strip_chars()).fill_null(value=False)
            told.append(found(BLANKS, padded.to_numpy(), variable.name))
        values.append(result.set(_mask(places, height), None) if len(places) else result)
    return Cells(pl.DataFrame(values), tuple(told))


def _is_exact(variable: Variable) -> bool:
    return variable.type is not Type.TEXT or variable.pattern is not None


def _mask(places: Int64s, height: int) -> pl.Series:
    mask = np.zeros(height, bool)
    mask[places] = True
    return pl.Series(mask)


def _wrong(
    cells: pl.Series,
    places: Int64s,
    variable: Variable,
    codebook: Codebook,
) -> Iterator[Found]:
    """Wrong cells, by what is wrong with them."""
    if not len(places):
        return
    is_text = cells.dtype == pl.String
    if not is_text and (variable.type is Type.TEXT or not cells.dtype.is_numeric()):
        yield found(WRONG_TYPE, places, variable.name)
        return
    shown = cells.gather(places).cast(pl.String).str.strip_chars().to_list()
    if not is_text and cells.dtype.is_float() and variable.type is not Type.DECIMAL:
        shown = [text.removesuffix(".0") for text in shown]
    codes = {code.code: (code.nb, code.en) for code in codebook.codes(variable)}
    kinds = [kind_of(text, variable, codes) for text in shown]
    for kind in dict.fromkeys(kinds):
        yield found(kind, places[[one is kind for one in kinds]], variable.name)


def kind_of(text: str, variable: Variable, codes: dict[int, tuple[str, str]]) -> Kind:
    """What is wrong with a cell that cannot be taken.

    Args:
        text: the cell.
        variable: its column.
        codes: of its code list, with their words.
    """
    if variable.type is Type.CODE:
        return _wrong_code(text, variable, codes)
    if variable.type in (Type.INTEGER, Type.DECIMAL):
        return _wrong_number(text, variable)
    if variable.type in (Type.DATE, Type.DATETIME):
        return DATE_FORM if _LIKE_A_DATE.fullmatch(text) else NO_DATE
    return _wrong_text(text, variable)


def _wrong_code(text: str, variable: Variable, codes: dict[int, tuple[str, str]]) -> Kind:
    if not _WHOLE.fullmatch(text):
        words = {word.casefold() for pair in codes.values() for word in pair}
        return CODE_LABEL if text.casefold() in words else NO_CODE
    known = {*codes, *variable.missing}
    number = int(text)
    shorter = _OLDER.get(number) in known
    return (
        OLD_CODE
        if shorter or (variable.name == _CAUSE and number == _ALL_MEDICAL)
        else OUTSIDE_LIST
    )


def _wrong_number(text: str, variable: Variable) -> Kind:
    if not _NUMBER.fullmatch(text):
        return NO_NUMBER
    value = float(text.replace(",", "."))
    low = variable.range.min if variable.range else None
    high = variable.range.max if variable.range else None
    below, above = low is not None and value < low, high is not None and value > high
    if below and value < 0 and low == 0:
        return NEGATIVE
    if above and variable.type is Type.DECIMAL and high is not None and value / _TENTH <= high:
        return OTHER_UNIT
    if below or above:
        return OUT_OF_RANGE
    return DECIMAL_SIGN if variable.type is Type.DECIMAL else NO_NUMBER


def _wrong_text(text: str, variable: Variable) -> Kind:
    pattern = variable.pattern or ""
    if re.fullmatch(pattern, text.upper()):
        return LETTER_CASE
    if pattern == _MUNICIPALITY and re.fullmatch("[1-9][0-9]{2}", text):
        return LOST_ZERO
    return WRONG_FORM
