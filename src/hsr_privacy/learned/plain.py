"""Plain: rows without a missing cell and without an odd code, as a synthesizer takes them, and back.

A column of numbers with gaps becomes two: a state, which says whether there is a number, a code or
nothing, and a number, which is drawn from the others where there is none. Numbers are learned as
normal scores of their ranks, and come back from a grid of means of at least `CELL` rows each: no
smallest or largest value of a person is kept. A category that fewer than a handful of persons have
is told to nobody: it becomes *other* where the code list has that, else missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from hsr_privacy.codebook import Codebook
from hsr_privacy.learned.columns import CODES, Column, Kind
from hsr_privacy.learned.consequences import loosen
from hsr_privacy.learned.timing import MOMENT, from_gaps, to_gaps
from hsr_privacy.probing import MISSING, STATE, THERE

Floats = npt.NDArray[np.float64]

_NORMAL: Final = NormalDist()

CELL: Final = 20
"""Rows whose mean is one point of a grid, at least."""

_POINTS: Final = 200
OTHER: Final = "777"


@dataclass(frozen=True)
class Field:
    """One column as it is learned.

    Attributes:
        name: of the column, or of its states.
        is_category: whether its cells are texts.
        grid: of a number, means of equally many of its sorted values.
    """

    name: str
    is_category: bool
    grid: tuple[float, ...] = ()


@dataclass(frozen=True)
class Plain:
    """Rows as a synthesizer takes them.

    Attributes:
        table: texts and decimals, none of them missing.
        fields: its columns.
    """

    table: pl.DataFrame
    fields: tuple[Field, ...]


def merge_rare(
    table: pl.DataFrame,
    columns: Sequence[Column],
    persons: pl.Series,
    *,
    fewest: int,
    codebook: Codebook,
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Replace categories that too few persons have.

    Args:
        table: parsed rows.
        columns: of the table.
        persons: of each row, who.
        fewest: persons that a category needs to be learned.
        codebook: has the code lists.

    Returns:
        The table, and how many cells of each column were replaced.
    """
    counts: dict[str, int] = {}
    for column in columns:
        name = column.name
        if not column.is_category:
            continue
        cells = table[name]
        per = pl.DataFrame({"v": cells, "p": persons}).group_by("v").agg(pl.col("p").n_unique())
        rare = per.filter((pl.col("p") < fewest) & pl.col("v").is_not_null())["v"]
        others = OTHER in {str(code.code) for code in codebook.codes(column.variable)}
        if rare.len():
            hit = cells.is_in(rare.implode()).fill_null(value=False)
            counts[name] = int(hit.sum())
            put = pl.lit(OTHER if others and not column.generalized else None, dtype=pl.String)
            table = table.with_columns(pl.when(hit).then(put).otherwise(cells).alias(name))
    return table, counts


def to_plain(
    table: pl.DataFrame, columns: Sequence[Column], *, random: np.random.Generator
) -> Plain:
    """Make rows that a synthesizer takes.

    Args:
        table: parsed rows.
        columns: that are drawn; the table may have others.
        random: draws the numbers where there are none.
    """
    gaps = loosen(to_gaps(table, columns), columns, random=random)
    made: list[pl.Series] = []
    fields: list[Field] = []
    for column in _with_moment(columns, gaps):
        name = column if isinstance(column, str) else column.name
        cells = gaps[name]
        if not isinstance(column, str) and column.is_category:
            made.append(cells.fill_null(MISSING))
            fields.append(Field(name, is_category=True))
            continue
        codes = gaps[name + CODES] if name + CODES in gaps.columns else None
        if cells.null_count():
            state = pl.Series(name + STATE, [THERE] * len(cells)).set(cells.is_null(), MISSING)
            if codes is not None:
                state = state.zip_with(codes.is_null(), codes.alias(state.name))
            made.append(state)
            fields.append(Field(name + STATE, is_category=True))
        known = cells.drop_nulls().to_numpy()
        if known.size == 0:
            continue
        filled = cells.to_numpy().copy()
        holes = cells.is_null().to_numpy()
        filled[holes] = random.choice(known, size=int(holes.sum()))
        made.append(pl.Series(name, _scores(filled, random)))
        fields.append(Field(name, is_category=False, grid=_grid(known)))
    return Plain(pl.DataFrame(made), tuple(fields))


def from_plain(
    table: pl.DataFrame, columns: Sequence[Column], *, fields: Sequence[Field]
) -> pl.DataFrame:
    """Make parsed rows of what was drawn.

    Args:
        table: with the columns that `to_plain` made.
        columns: that were drawn.
        fields: of the table.
    """
    table = table.with_columns(
        pl.Series(f.name, _values(table[f.name].to_numpy(), f.grid))
        for f in fields
        if not f.is_category
    )
    made: list[pl.Expr] = []
    for column in columns:
        name = column.name
        if column.is_category:
            made.append(_null_where(name, MISSING))
            continue
        value = (
            pl.col(name) if name in table.columns else pl.lit(None, dtype=pl.Float64).alias(name)
        )
        if name + STATE in table.columns:
            state = pl.col(name + STATE)
            value = pl.when(state == THERE).then(value).otherwise(None).alias(name)
            if column.codes:
                made.append(
                    pl.when(state.is_in([THERE, MISSING]).not_()).then(state).alias(name + CODES)
                )
        elif column.codes:
            made.append(pl.lit(None, dtype=pl.String).alias(name + CODES))
        made.append(value)
    if MOMENT in table.columns:
        made.append(pl.col(MOMENT))
    drawn = from_gaps(table.select(made), columns)
    return drawn.with_columns(_within(c) for c in columns if c.kind is Kind.NUMBER)


def _with_moment(columns: Sequence[Column], gaps: pl.DataFrame) -> list[Column | str]:
    return [*([MOMENT] if MOMENT in gaps.columns else []), *columns]


def _scores(values: Floats, random: np.random.Generator) -> Floats:
    """Normal scores of ranks; equal values are put in order by chance."""
    order = np.lexsort((random.random(values.size), values))
    ranks = np.empty(values.size)
    ranks[order] = np.arange(values.size)
    return _normal_quantile((ranks + 0.5) / values.size)


def _grid(known: Floats) -> tuple[float, ...]:
    """Means of the sorted values, in cells of `CELL` or more."""
    cells = max(1, min(_POINTS, known.size // CELL))
    return tuple(float(part.mean()) for part in np.array_split(np.sort(known), cells))


def _values(scores: Floats, grid: Sequence[float]) -> Floats:
    """What stands on the grid at the ranks of normal scores."""
    chance = pl.Series(scores).fill_nan(0.0).fill_null(0.0).to_numpy()
    places = _normal_share(chance) * len(grid) - 0.5
    return np.interp(places, np.arange(len(grid)), grid)


def _normal_quantile(shares: Floats) -> Floats:
    return np.array([_NORMAL.inv_cdf(share) for share in shares])


def _normal_share(scores: Floats) -> Floats:
    return np.array([_NORMAL.cdf(score) for score in scores])


def _within(column: Column) -> pl.Expr:
    low, high = column.bounds
    value = pl.col(column.name).clip(low, high)
    return value.round(0) if column.is_whole else value


def _null_where(name: str, text: str) -> pl.Expr:
    return pl.when(pl.col(name) != text).then(pl.col(name)).alias(name)
