"""Stored: parsed rows in the form that rules are asked of, and in the form that is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from hsr_privacy.codebook import Codebook, Type
from hsr_privacy.learned.columns import CODES, ZONE, Column, Kind
from hsr_privacy.rules import Rules, Severity, violating_rows

_PERSON: Final = "person_lnr"
_COUNTS: Final = ("R29", "R31")
"""Rules that look at several rows at once, which no single row can be sent back for."""


def stored(table: pl.DataFrame, columns: Sequence[Column], persons: pl.Series) -> pl.DataFrame:
    """Parsed rows with the codebook's types, as rules read them; labels stay texts.

    Args:
        table: parsed rows.
        columns: of the table.
        persons: of each row, a number.
    """
    made = [persons.cast(pl.String).str.zfill(9).alias(_PERSON)]
    for column in columns:
        cells = table[column.name]
        if column.is_category and column.variable.type is Type.CODE and not column.generalized:
            cells = cells.cast(pl.Int16, strict=False)
        elif column.kind is Kind.NUMBER:
            if column.name + CODES in table.columns:
                cells = cells.zip_with(
                    cells.is_not_null(), table[column.name + CODES].cast(pl.Float64)
                )
            cells = cells.cast(pl.Int32, strict=False) if column.is_whole else cells
        made.append(cells.alias(column.name))
    return pl.DataFrame(made)


def breaks_a_rule(
    table: pl.DataFrame, columns: Sequence[Column], *, rules: Rules, codebook: Codebook
) -> pl.Series:
    """Of each row, whether it breaks a rule whose violation is an error.

    Args:
        table: parsed rows.
        columns: of the table.
        rules: of the register.
        codebook: types of the variables.
    """
    broken = [False] * table.height
    persons = pl.Series(_PERSON, range(table.height))
    rows = stored(table, columns, persons)
    for rule in rules:
        if rule.severity is not Severity.ERROR or rule.id in _COUNTS or rule.judged_by != "rules":
            continue
        for place in violating_rows(rows, rule.id, rules=rules, codebook=codebook):
            broken[place] = True
    return pl.Series("broken", broken, dtype=pl.Boolean)


def written(
    table: pl.DataFrame,
    columns: Sequence[Column],
    *,
    schema: dict[str, pl.DataType],
    order: Sequence[str],
    ids: dict[str, pl.Series],
) -> pl.DataFrame:
    """Parsed rows as the original was written: its columns, their order and their types.

    Args:
        table: parsed rows.
        columns: of the table.
        schema: types of the original.
        order: names of all columns, ids included.
        ids: columns of made pseudonyms.
    """
    by_name = {column.name: column for column in columns}
    made = [
        ids[name].alias(name)
        if name in ids
        else _written(table, by_name[name], schema[name]).alias(name)
        for name in order
    ]
    return pl.DataFrame(made)


def _written(table: pl.DataFrame, column: Column, wanted: pl.DataType) -> pl.Series:
    cells = table[column.name]
    if column.kind is Kind.TIME:
        if column.local:
            cells = cells.dt.convert_time_zone(ZONE).dt.replace_time_zone(None)
        if wanted == pl.String:
            return cells.dt.strftime("%Y-%m-%dT%H:%M:%S" + ("" if column.local else "Z"))
        return cells.cast(wanted)
    if column.kind is Kind.DATE:
        return cells.cast(pl.String) if wanted == pl.String else cells.cast(wanted)
    if column.kind in (Kind.NUMBER, Kind.MINUTES):
        codes = table[column.name + CODES] if column.name + CODES in table.columns else None
        text = (
            cells.cast(pl.Int64).cast(pl.String)
            if column.is_whole or column.kind is Kind.MINUTES
            else cells.cast(pl.String)
        )
        if wanted == pl.String:
            return text if codes is None else text.zip_with(text.is_not_null(), codes)
        if codes is not None:
            cells = cells.zip_with(cells.is_not_null(), codes.cast(pl.Float64))
        return cells.cast(wanted)
    return cells if wanted == pl.String else cells.cast(wanted, strict=False)
