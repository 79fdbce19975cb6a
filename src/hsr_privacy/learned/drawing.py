"""Drawing: rows from a model until enough of them keep the register's rules and the conditions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from hsr_privacy.codebook import Codebook, Type
from hsr_privacy.documents import nearest
from hsr_privacy.errors import DataError
from hsr_privacy.learned.columns import Column, Kind, known_codes
from hsr_privacy.learned.consequences import follow
from hsr_privacy.learned.plain import Field, from_plain
from hsr_privacy.learned.stored import breaks_a_rule
from hsr_privacy.learned.timing import derive, derived_names, without_derived
from hsr_privacy.rules import Rules

ROUNDS: Final = 12
_MOST_AT_ONCE: Final = 4
_LEAST_AT_ONCE: Final = 200

Draw = Callable[[int, Mapping[str, Any]], pl.DataFrame]
"""Draws so many rows of a model, with conditions on the columns that it knows."""


@dataclass(frozen=True)
class Drawn:
    """Rows that were drawn.

    Attributes:
        table: parsed rows.
        tried: rows that were drawn in all.
        broken: rows of the table that break a rule, because no better ones came in time.
        unreached: rows that the conditions did not let come.
    """

    table: pl.DataFrame
    tried: int
    broken: int
    unreached: int


def check_conditions(
    where: Mapping[str, str], columns: Sequence[Column], *, labels: pl.DataFrame, codebook: Codebook
) -> None:
    """Refuse conditions that no row can satisfy.

    Args:
        where: per column the value that it shall have.
        columns: of the original.
        labels: parsed rows, for the labels of generalized columns.
        codebook: has codes, ranges and forms.

    Raises:
        DataError: an unknown column, a code that the code list lacks, a time.
    """
    by_name = {column.name: column for column in columns}
    for name, value in where.items():
        if name not in by_name:
            hint = nearest(name, list(by_name))
            raise DataError(f"--where: column '{name}' is not learned{hint}")
        problem = _impossible(by_name[name], value, labels, codebook)
        if problem:
            raise DataError(f"--where {name}: {problem}")


def draw_rows(
    draw: Draw,
    rows: int,
    *,
    columns: Sequence[Column],
    fields: Sequence[Field],
    where: Mapping[str, str],
    rules: Rules,
    codebook: Codebook,
) -> Drawn:
    """Draw rows; what contradicts itself is drawn again, as long as there is hope.

    Args:
        draw: the model.
        rows: that are wanted.
        columns: of the original.
        fields: that the model has.
        where: per column the value that it shall have.
        rules: of the register.
        codebook: types of the variables.
    """
    drawn_columns = without_derived(columns)
    conditions = _conditions(where, drawn_columns, derived_names(columns))
    good: list[pl.DataFrame] = []
    spare: list[pl.DataFrame] = []
    tried = have = 0
    for _ in range(ROUNDS):
        share = max(have / tried, 0.05) if tried else 1.0
        wanted = int(min((rows - have) / share * 1.1, rows * _MOST_AT_ONCE)) + _LEAST_AT_ONCE
        raw = draw(wanted, conditions)
        tried += wanted
        if raw.height == 0:
            break
        table = follow(derive(from_plain(raw, drawn_columns, fields=fields), columns), columns)
        table = table.filter(_holds(where, columns, table))
        broken = breaks_a_rule(table, columns, rules=rules, codebook=codebook)
        good.append(table.filter(~broken))
        spare.append(table.filter(broken))
        have += good[-1].height
        if have >= rows:
            break
    if not good:
        raise DataError(
            "no row could be drawn that has what --where asks for; ask for something commoner"
        )
    kept = pl.concat(good).head(rows)
    rest = pl.concat(spare).head(rows - kept.height)
    table = pl.concat([kept, rest])
    if table.height == 0:
        raise DataError(
            "no row could be drawn that has what --where asks for; ask for something commoner"
        )
    return Drawn(table, tried, rest.height, rows - table.height)


def _impossible(column: Column, value: str, labels: pl.DataFrame, codebook: Codebook) -> str | None:
    variable = column.variable
    if column.kind in (Kind.TIME, Kind.DATE, Kind.MINUTES):
        return "times and dates cannot be asked for; name a category or a number"
    if column.generalized:
        known = value in labels[column.name].unique().to_list()
        return None if known else "the column is generalized, and no label of it reads so"
    if column.is_category and variable.type is Type.CODE:
        codes = known_codes(variable, codebook)
        listed = ", ".join(sorted(codes, key=int))
        return None if value in codes else f"no such code; the code list has {listed}"
    if column.kind is Kind.NUMBER:
        low, high = column.bounds
        try:
            number = float(value)
        except ValueError:
            return "give a number"
        if (low is not None and number < low) or (high is not None and number > high):
            return f"outside {low:g}..{high:g}"
    return None


def _conditions(
    where: Mapping[str, str], columns: Sequence[Column], derived: Collection[str]
) -> dict[str, Any]:
    """Categories, which the model itself is asked for; numbers are looked for in what it draws."""
    return {
        column.name: where[column.name]
        for column in columns
        if column.is_category and column.name in where and column.name not in derived
    }


def _holds(where: Mapping[str, str], columns: Sequence[Column], table: pl.DataFrame) -> pl.Series:
    held = pl.Series("held", [True] * table.height, dtype=pl.Boolean)
    for column in columns:
        if column.name in where:
            value: Any = where[column.name]
            cells = table[column.name]
            held &= (cells == (value if column.is_category else float(value))).fill_null(
                value=False
            )
    return held
