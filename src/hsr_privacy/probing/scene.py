"""Scene: what an attacker meets, and what is known of the persons who are looked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from hsr_privacy.project import AttackLimits

MISSING: Final = "(missing)"
"""What an empty cell reads where the cells of a column are categories: a category of its own."""

STATE: Final = "?"
"""Behind the name of a column of numbers with gaps, the name of its states."""

THERE: Final = "there"
"""The state of a cell that holds a number."""


@dataclass(frozen=True, eq=False)
class Scene:
    """What an attacker meets; all tables have the same columns, and no cell is missing.

    Attributes:
        members: persons whom the data are about, one row each: what can be known of them.
        control: persons who were held out, one row each.
        published: the table that the attacker holds.
        columns: that a person is singled out by.
        halves: columns that each of two parties knows, who link what they have.
        secrets: columns that are guessed.
        known: columns that the guesser knows.
        otherwise: columns that the guesser knows where guessing by ``known`` is no better than
            chance; empty if that is not tried.
        limits: of the risks.
        attacks: that are tried at most.
        seed: of everything that is drawn.
        rows_are_members: whether each published row is the row of a member, as in an extract; else
            the table was made up, as a synthetic set is.
        suppressed: what a suppressed cell reads; empty if there is none.
    """

    members: pl.DataFrame
    control: pl.DataFrame
    published: pl.DataFrame
    columns: tuple[str, ...]
    halves: tuple[tuple[str, ...], tuple[str, ...]]
    secrets: tuple[str, ...]
    known: tuple[str, ...]
    otherwise: tuple[str, ...]
    limits: AttackLimits
    attacks: int
    seed: int
    rows_are_members: bool = False
    suppressed: str = ""


def halved(columns: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Every other column to each party, so that both know of all sides."""
    return tuple(columns[::2]), tuple(columns[1::2])


def held_out(persons: pl.Series, share: float, *, seed: int) -> pl.Series:
    """Whether each row belongs to a person who is held out; all rows of a person go together.

    Args:
        persons: of each row, who.
        share: of the persons that are held out, 0-1.
        seed: draws them.
    """
    everybody = np.sort(persons.unique().to_numpy())
    chosen = np.random.default_rng(seed).permutation(everybody)[: round(share * everybody.size)]
    return persons.is_in(pl.Series(chosen).implode()).alias("control")


def one_row_each(persons: pl.Series, *, seed: int) -> pl.Series:
    """Mark one row of each person, drawn by the seed."""
    order = np.random.default_rng(seed).permutation(persons.len())
    shuffled = pl.DataFrame({"person": persons.gather(order), "row": order})
    chosen = shuffled.unique("person", keep="first", maintain_order=True)["row"]
    marks = np.zeros(persons.len(), dtype=bool)
    marks[chosen.to_numpy()] = True
    return pl.Series("one", marks)


def filled(tables: Sequence[pl.DataFrame], *, codes: str) -> list[pl.DataFrame]:
    """Tables of texts and decimals without a missing cell, all with the same columns.

    A gap in a column of numbers becomes the median of the first table, and a state beside it says
    that there was one, or which code stood there.

    Args:
        tables: texts and decimals; the first has the medians.
        codes: behind the name of a column of numbers, the name of its codes.
    """
    names = [name for name in tables[0].columns if not name.endswith(codes)]
    made: list[list[pl.Series]] = [[] for _ in tables]
    for name in names:
        is_text = tables[0].schema[name] == pl.String
        holes = any(table[name].null_count() for table in tables)
        median = None if is_text else tables[0][name].median()
        for place, table in enumerate(tables):
            cells = table[name]
            if is_text:
                made[place].append(cells.fill_null(MISSING))
                continue
            made[place].append(cells.fill_null(median if isinstance(median, float) else 0.0))
            if holes:
                state = pl.select(
                    pl.when(cells.is_null()).then(pl.lit(MISSING)).otherwise(pl.lit(THERE))
                ).to_series()
                if name + codes in table.columns:
                    state = state.zip_with(table[name + codes].is_null(), table[name + codes])
                made[place].append(state.alias(name + STATE))
    return [pl.DataFrame(cells) for cells in made]
