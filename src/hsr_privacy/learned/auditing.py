"""Auditing: a set against the persons that were learned from and those that were held out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from hsr_privacy.learned.attack import Attack
from hsr_privacy.learned.attacking import Scene, attack_all
from hsr_privacy.learned.columns import CODES, MISSING, Column
from hsr_privacy.learned.copying import copied
from hsr_privacy.learned.plain import STATE
from hsr_privacy.learned.timing import to_gaps


def split(persons: pl.Series, share: float, *, seed: int) -> pl.Series:
    """Whether each row belongs to a person who is held out; all rows of a person go together.

    Args:
        persons: of each row, who.
        share: of the persons that are held out, 0-1.
        seed: draws them.
    """
    everybody = np.sort(persons.unique().to_numpy())
    held_out = np.random.default_rng(seed).permutation(everybody)[: round(share * everybody.size)]
    return persons.is_in(pl.Series(held_out).implode()).alias("control")


def audit(
    original: pl.DataFrame,
    synthetic: pl.DataFrame,
    *,
    columns: Sequence[Column],
    persons: pl.Series,
    control: pl.Series,
    limit: float,
    attacks: int,
    seed: int,
) -> tuple[Attack, ...]:
    """Attack a set in every way that is known here.

    Args:
        original: parsed rows.
        synthetic: parsed rows of the set.
        columns: of both.
        persons: of each original row, who.
        control: whether the row was held out.
        limit: of every risk.
        attacks: that are tried at most.
        seed: of everything that is drawn.
    """
    filled = comparable([original, synthetic], columns)
    one_each = _one_row_each(persons, seed)
    rows = [filled[0].filter(one_each & side) for side in (~control, control)]
    scene = Scene(
        learned=rows[0],
        control=rows[1],
        synthetic=filled[1],
        columns=tuple(columns),
        limit=limit,
        attacks=attacks,
        seed=seed,
    )
    return (*attack_all(scene), *copied(scene))


def comparable(tables: Sequence[pl.DataFrame], columns: Sequence[Column]) -> list[pl.DataFrame]:
    """Tables of texts and decimals without a missing cell, all with the same columns.

    A gap in a column of numbers becomes the median of the first table, and a state beside it says
    that there was one.

    Args:
        tables: parsed rows; the first has the medians.
        columns: of all.
    """
    gaps = [to_gaps(table, columns) for table in tables]
    names = [name for name in gaps[0].columns if not name.endswith(CODES)]
    made: list[list[pl.Series]] = [[] for _ in tables]
    for name in names:
        is_text = gaps[0].schema[name] == pl.String
        holes = any(table[name].null_count() for table in gaps)
        median = None if is_text else gaps[0][name].median()
        for place, table in enumerate(gaps):
            cells = table[name]
            if is_text:
                made[place].append(cells.fill_null(MISSING))
                continue
            made[place].append(cells.fill_null(median if isinstance(median, float) else 0.0))
            if holes:
                state = pl.select(
                    pl.when(cells.is_null()).then(pl.lit(MISSING)).otherwise(pl.lit("there"))
                ).to_series()
                if name + CODES in table.columns:
                    state = state.zip_with(table[name + CODES].is_null(), table[name + CODES])
                made[place].append(state.alias(name + STATE))
    return [pl.DataFrame(cells) for cells in made]


def _one_row_each(persons: pl.Series, seed: int) -> pl.Series:
    """Mark one row of each person, drawn by the seed."""
    order = np.random.default_rng(seed).permutation(persons.len())
    shuffled = pl.DataFrame({"person": persons.gather(order), "row": order})
    chosen = shuffled.unique("person", keep="first", maintain_order=True)["row"]
    marks = np.zeros(persons.len(), dtype=bool)
    marks[chosen.to_numpy()] = True
    return pl.Series("one", marks)
