"""Delivered cells as what the codebook says they are: codes, numbers, dates, clock times."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from hsr_privacy.codebook import Codebook, Type, Variable
from hsr_privacy.registry.layouts import Layout

STORED: Final = {
    Type.CODE: pl.Int16(),
    Type.INTEGER: pl.Int32(),
    Type.DECIMAL: pl.Float64(),
    Type.TEXT: pl.String(),
    Type.DATE: pl.Date(),
    Type.DATETIME: pl.Datetime("us"),
}
"""How each type of variable is stored; clock times are local until the event store is made."""

_WHOLE: Final = r"^[+-]?[0-9]{1,9}$"
_DECIMAL: Final = r"^[+-]?[0-9]{1,12}(?:[.,][0-9]{1,12})?$"


@dataclass(frozen=True)
class Wrong:
    """Cells that are not what they should be.

    Attributes:
        rows: from 0, in the order of the column.
        problem: what they are not.
    """

    rows: list[int]
    problem: str


def typed(
    cells: pl.Series, variable: Variable, *, codebook: Codebook, layout: Layout
) -> tuple[pl.Series, list[Wrong]]:
    """Give a delivered column its type; wrong cells become missing and are told.

    Args:
        cells: text, or already typed as Parquet has it.
        variable: what the codebook says of it.
        codebook: holds the code list.
        layout: how dates, decimals and missing cells are written.
    """
    stored = STORED[variable.type]
    if cells.dtype == pl.Null:
        return pl.Series(cells.name, [None] * len(cells), dtype=stored), []
    if cells.dtype != pl.String:
        result, wrong = _retyped(cells, variable)
    else:
        text = cells.str.strip_chars()
        text = text.set(text.is_in(["", *layout.missing]), None)
        result = _parsed(text, variable, layout)
        wrong = _wrong(text.is_not_null() & result.is_null(), _SHOULD_BE[variable.type])
    return result, [*wrong, *_outside(result, variable, codebook)]


_SHOULD_BE: Final = {
    Type.CODE: "not a code (a whole number)",
    Type.INTEGER: "not a whole number",
    Type.DECIMAL: "not a number",
    Type.TEXT: "not text",
    Type.DATE: "not a date as this layout writes it",
    Type.DATETIME: "not a date and clock time as this layout writes it",
}


def _parsed(text: pl.Series, variable: Variable, layout: Layout) -> pl.Series:
    stored = STORED[variable.type]
    if variable.type is Type.TEXT:
        return text
    if variable.type in (Type.CODE, Type.INTEGER):
        plain = text.set(~text.str.contains(_WHOLE), None)
        return plain.cast(stored, strict=False)
    if variable.type is Type.DECIMAL:
        pattern = _DECIMAL if layout.decimal == "," else _DECIMAL.replace("[.,]", "[.]")
        plain = text.set(~text.str.contains(pattern), None)
        return plain.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    formats = layout.dates if variable.type is Type.DATE else layout.datetimes
    result = pl.Series(text.name, [None] * len(text), dtype=stored)
    for form in formats:
        left = text.filter(result.is_null())
        if left.null_count() == len(left):
            break
        parsed = (
            text.str.to_date(form, strict=False)
            if variable.type is Type.DATE
            else text.str.to_datetime(form, time_unit="us", strict=False)
        )
        result = result.zip_with(result.is_not_null(), parsed)
    return result


def _retyped(cells: pl.Series, variable: Variable) -> tuple[pl.Series, list[Wrong]]:
    """A column that has a type already: taken where nothing is lost, else told."""
    stored = STORED[variable.type]
    numbers = variable.type in (Type.CODE, Type.INTEGER, Type.DECIMAL)
    fits = (
        cells.dtype == stored
        or (numbers and cells.dtype.is_numeric())
        or (variable.type is Type.DATETIME and isinstance(cells.dtype, pl.Datetime))
    )
    missing = pl.Series(cells.name, [None] * len(cells), dtype=stored)
    if not fits:
        told = f"stored as {cells.dtype}, not as {stored}"
        return missing, _wrong(cells.is_not_null(), told)
    if isinstance(cells.dtype, pl.Datetime) and cells.dtype.time_zone is not None:
        cells = cells.dt.convert_time_zone("Europe/Oslo").dt.replace_time_zone(None)
    if cells.dtype.is_float():
        cells = cells.fill_nan(None)
    result = cells.cast(stored, strict=False)
    lost = cells.is_not_null() & result.is_null()
    if numbers and variable.type is not Type.DECIMAL and cells.dtype.is_float():
        lost = lost | (cells != cells.round(0)).fill_null(value=False)
    return result.set(lost, None), _wrong(lost, _SHOULD_BE[variable.type])


def _outside(values: pl.Series, variable: Variable, codebook: Codebook) -> Iterator[Wrong]:
    if variable.type is Type.CODE:
        codes = [code.code for code in codebook.codes(variable)] + list(variable.missing)
        known = pl.Series(codes, dtype=values.dtype)
        yield from _wrong(
            ~values.is_in(known.implode()), f"not in code list '{variable.code_list}'"
        )
    elif variable.pattern is not None:
        wrong = ~values.str.contains(f"^(?:{variable.pattern})$")
        yield from _wrong(wrong, f"not of the form {variable.pattern}")
    elif variable.range is not None and values.dtype.is_numeric():
        low, high = variable.range.min, variable.range.max
        wrong = (values < (-math.inf if low is None else low)) | (
            values > (math.inf if high is None else high)
        )
        if variable.missing:
            wrong = wrong & ~values.is_in(pl.Series(variable.missing, dtype=values.dtype).implode())
        unit = f" {variable.unit}" if variable.unit else ""
        bounds = f"{'' if low is None else f'{low:g}'}..{'' if high is None else f'{high:g}'}"
        yield from _wrong(wrong, f"outside {bounds}{unit}")


def _wrong(mask: pl.Series, problem: str) -> list[Wrong]:
    rows = mask.fill_null(value=False).arg_true().to_list()
    return [Wrong(rows, problem)] if rows else []
