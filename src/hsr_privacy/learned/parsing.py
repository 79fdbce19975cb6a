"""Parsing: cells as what the codebook says they are, or as the labels that generalizing left.

A column whose cells do not all read as the codebook's type is one of labels, as extracts have them
(``60-69``), and learned as categories. Every fault is told at once, by column and count, never by
cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from hsr_privacy.codebook import Codebook, Type, Variable
from hsr_privacy.learned.columns import (
    CODES,
    MINUTES,
    SUPPRESSED,
    ZONE,
    Column,
    Kind,
    known_codes,
)

MOST_LABELS: Final = 1000
"""A column of texts with more distinct ones than this is no category."""

_WHOLE: Final = r"^[+-]?[0-9]{1,9}$"
_NUMBER: Final = r"^[+-]?[0-9]{1,12}(?:[.,][0-9]{1,20})?(?:[eE][+-]?[0-9]{1,3})?$"
_IDENTIFIER: Final = r"^[0-9]{11,12}$"
_MOMENTS: Final = (
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M",
)
_DAY: Final = "%Y-%m-%d"
_WITH_ZONE: Final = r"(Z|\+00:?00)$"
_FEWEST_REPEATS: Final = 2


@dataclass(frozen=True)
class Parsed:
    """A column that was read.

    Attributes:
        column: what it is.
        cells: categories as text, numbers as decimals, times in UTC, dates; and beside numbers
            their codes.
    """

    column: Column
    cells: tuple[pl.Series, ...]


def parse(cells: pl.Series, variable: Variable, *, codebook: Codebook) -> Parsed | str:
    """Read one column, or say what is wrong with it and what to do.

    Args:
        cells: of a CSV as text, or typed as Parquet has them.
        variable: what the codebook says of the column.
        codebook: has the code lists.
    """
    name = cells.name
    if name == variable.name + MINUTES:
        return _numbers(_text(cells), variable, Kind.MINUTES, frozenset({SUPPRESSED}))
    if variable.type in (Type.DATE, Type.DATETIME):
        return _times(cells, variable)
    text = _text(cells)
    if variable.type in (Type.INTEGER, Type.DECIMAL):
        return _numbers(text, variable, Kind.NUMBER, known_codes(variable, codebook))
    if variable.type is Type.CODE:
        return _codes(text, variable, codebook)
    fits = _matches(text, variable.pattern)
    return _categories(text, variable, generalized=not fits)


def _text(cells: pl.Series) -> pl.Series:
    """Cells as trimmed text; whole decimals without their point; empty is missing."""
    if cells.dtype.is_float():
        cells = cells.fill_nan(None)
        if (cells.drop_nulls() == cells.drop_nulls().round(0)).all():
            cells = cells.cast(pl.Int64)
    text = cells.cast(pl.String).str.strip_chars()
    return text.set(text == "", None)


def _numbers(
    text: pl.Series, variable: Variable, kind: Kind, codes: frozenset[str]
) -> Parsed | str:
    coded = text.is_in(list(codes)).fill_null(value=False)
    plain = text.set(coded, None)
    if not plain.drop_nulls().str.contains(_NUMBER).all():
        return _categories(text, variable, generalized=True)
    numbers = plain.str.replace(",", ".", literal=True).cast(pl.Float64)
    marks = text.set(~coded, None)
    found = tuple(sorted(marks.drop_nulls().unique()))
    beside = (marks.alias(text.name + CODES),) if found else ()
    return Parsed(Column(text.name, kind, variable, found), (numbers, *beside))


def _codes(text: pl.Series, variable: Variable, codebook: Codebook) -> Parsed | str:
    known = known_codes(variable, codebook)
    strange = text.drop_nulls().filter(~text.drop_nulls().is_in(list(known)))
    if strange.len() == 0:
        return Parsed(Column(text.name, Kind.CATEGORY, variable), (text,))
    if strange.str.contains(_WHOLE).any():
        return (
            f"{strange.len()} cell(s) hold codes that the code list '{variable.code_list}' does not "
            "have; correct them"
        )
    return _categories(text, variable, generalized=True)


def _categories(text: pl.Series, variable: Variable, *, generalized: bool) -> Parsed | str:
    said = text.drop_nulls()
    identifiers = int(said.str.contains(_IDENTIFIER).sum())
    if identifiers:
        return (
            f"{identifiers} cell(s) read like national identifiers; take them out, "
            "an identifier is never learned"
        )
    distinct = said.n_unique()
    if distinct > MOST_LABELS or (distinct > 100 and distinct * _FEWEST_REPEATS > said.len()):
        return (
            f"{distinct} different texts, which is free text or an identifier and no category; "
            "take the column out, or generalize it"
        )
    return Parsed(Column(text.name, Kind.CATEGORY, variable, (), generalized), (text,))


def _times(cells: pl.Series, variable: Variable) -> Parsed | str:
    kind = Kind.TIME if variable.type is Type.DATETIME else Kind.DATE
    if cells.dtype == pl.Date or isinstance(cells.dtype, pl.Datetime):
        local = getattr(cells.dtype, "time_zone", None) is None
        read = (
            cells.dt.replace_time_zone(None)
            if isinstance(cells.dtype, pl.Datetime) and local
            else cells
        )
    else:
        text = _text(cells)
        local = not text.drop_nulls().str.contains(_WITH_ZONE).any()
        bare = text.str.replace(_WITH_ZONE, "")
        read = pl.Series(cells.name, [None] * len(text), dtype=pl.Datetime("us"))
        for form in (*_MOMENTS, _DAY):
            again = bare.str.strptime(pl.Datetime("us"), form, strict=False)
            read = read.zip_with(read.is_not_null(), again)
        if (text.is_not_null() & read.is_null()).any():
            return _categories(text, variable, generalized=True)
    if kind is Kind.DATE:
        return Parsed(Column(cells.name, kind, variable), (read.cast(pl.Date),))
    moments = read.cast(pl.Datetime("us")) if local else read
    if local:
        moments = moments.dt.replace_time_zone(ZONE, ambiguous="earliest", non_existent="null")
    elif getattr(moments.dtype, "time_zone", None) is None:
        moments = moments.dt.replace_time_zone("UTC")
    utc = moments.dt.convert_time_zone("UTC").cast(pl.Datetime("us", "UTC"))
    return Parsed(Column(cells.name, kind, variable, local=local), (utc,))


def _matches(text: pl.Series, pattern: str | None) -> bool:
    if pattern is None:
        return True
    return bool(text.drop_nulls().str.contains(f"^(?:(?:{pattern})|{SUPPRESSED})$").all())
