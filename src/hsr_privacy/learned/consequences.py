"""Consequences: what follows in a drawn row from its other cells, by the register's rules.

A rule that leaves no choice is carried out: a patient whose arrest the ambulance saw has no
bystander's resuscitation, whatever was drawn. Only what contradicts itself is drawn again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from hsr_privacy.codebook import EventType
from hsr_privacy.learned.columns import CODES, Column, Kind

_TYPE_OF: Final = {EventType.OHCA: "1", EventType.IHCA: "2"}
_OUTSIDE: Final = {"event_type": ("1",)}


@dataclass(frozen=True)
class Consequence:
    """What follows from what.

    Attributes:
        rule: id of the rule that says so.
        when: per column, the codes of which it has one.
        then: per column, the code that it gets; None for no value.
    """

    rule: str
    when: Mapping[str, tuple[str, ...]]
    then: Mapping[str, str | None]


CONSEQUENCES: Final = (
    Consequence("R06", {"aed_sjokk": ("1",)}, {"aed_tilkoblet": "1", "sjokk_gitt": "1"}),
    Consequence(
        "R05",
        _OUTSIDE | {"bevitnet": ("2",)},
        {"tilskuer_hlr": "888", "aed_tilkoblet": "888", "aed_sjokk": "888"},
    ),
    Consequence("R10", {"status_overlevering": ("1",)}, {"rosc_20": "1"}),
    Consequence("R10", {"status_overlevering": ("2",)}, {"transportert": "1"}),
    Consequence("R10", {"status_overlevering": ("3",)}, {"transportert": "0"}),
    Consequence("R11", {"overlevd_24t": ("1",)} | _OUTSIDE, {"innlagt_intensiv": "1"}),
    Consequence("R11", {"innlagt_intensiv": ("1",)} | _OUTSIDE, {"transportert": "1"}),
    Consequence("R09", {"rosc_20": ("1",)}, {"rosc_noen": "1"}),
    Consequence("R09", {"rosc_noen": ("0", "999")}, {"t_rosc": None, "t_rosc_min": None}),
    Consequence(
        "R23", {"sjokk_gitt": ("0",)}, {"antall_sjokk": "0", "t_sjokk1": None, "t_sjokk1_min": None}
    ),
)
"""In the order in which they are carried out."""


def follow(table: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    """Carry out what the rules leave no choice in.

    A variable that only one type of arrest has is emptied in the other (R20).

    Args:
        table: parsed rows that were drawn.
        columns: of the table.
    """
    plain = {c.name: c for c in columns if not c.generalized}
    if "event_type" in plain:
        table = table.with_columns(
            pl.when(pl.col("event_type") == _TYPE_OF[c.variable.event_types[0]])
            .then(pl.col(name))
            .alias(name)
            for c in columns
            if len(c.variable.event_types) == 1
            for name in (c.name, c.name + CODES)
            if name in table.columns
        )
    for one in CONSEQUENCES:
        if not set(one.when) <= set(plain):
            continue
        applies = pl.all_horizontal(
            pl.col(name).is_in(list(codes)).fill_null(value=False)
            for name, codes in one.when.items()
        )
        table = table.with_columns(
            pl.when(applies)
            .then(_value(plain[name], to, table.schema[name]))
            .otherwise(pl.col(name))
            .alias(name)
            for name, to in one.then.items()
            if name in plain
        )
    return table


def loosen(
    table: pl.DataFrame, columns: Sequence[Column], *, random: np.random.Generator
) -> pl.DataFrame:
    """Undo what `follow` will do again: a cell that follows from others has nothing to teach.

    It is replaced by a cell that does not follow, so that a model learns how the others are spread
    and not how often a rule left no choice.

    Args:
        table: rows to learn from, times as gaps.
        columns: of the table.
        random: draws the cells.
    """
    plain = {c.name: c for c in columns if not c.generalized}
    for one in reversed(CONSEQUENCES):
        if set(one.when) <= set(plain):
            applies = table.select(
                pl.all_horizontal(
                    pl.col(n).is_in(list(codes)).fill_null(value=False)
                    for n, codes in one.when.items()
                )
            ).to_series()
            for name in (n for n in one.then if n in plain):
                table = _redrawn(table, (name,), applies, random)
    if "event_type" in plain:
        for column in columns:
            if len(column.variable.event_types) == 1:
                other = table["event_type"] != _TYPE_OF[column.variable.event_types[0]]
                names = tuple(n for n in (column.name, column.name + CODES) if n in table.columns)
                table = _redrawn(table, names, other.fill_null(value=False), random)
    return table


def _redrawn(
    table: pl.DataFrame, names: tuple[str, ...], applies: pl.Series, random: np.random.Generator
) -> pl.DataFrame:
    free = (~applies).arg_true().to_numpy()
    if not names or not applies.any() or free.size == 0:
        return table
    places = np.arange(table.height)
    hit = applies.to_numpy()
    places[hit] = random.choice(free, size=int(hit.sum()))
    return table.with_columns(table[name].gather(places) for name in names)


def _value(column: Column, text: str | None, dtype: pl.DataType) -> pl.Expr:
    if text is not None and column.kind is Kind.NUMBER:
        return pl.lit(float(text))
    return pl.lit(text, dtype=dtype)
