"""Coding: a release and its originals in one coding, as an attacker compares them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from hsr_privacy.anonymity.generalize import generalize
from hsr_privacy.hierarchies import Hierarchy

CODES: Final = "__codes"
"""Behind the name of a column of numbers, the name of its codes."""

FEW: Final = 10
"""Different numbers or fewer are codes, of which none is nearer to another than a third."""


def in_one_coding(
    released: pl.DataFrame,
    originals: pl.DataFrame,
    columns: Sequence[str],
    *,
    hierarchies: Mapping[str, Hierarchy],
    levels: Mapping[str, int],
    suppressed: str,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Bring originals to the levels of the release, and both to texts and decimals.

    The recoding of a release is no secret: whoever knows that somebody is 67 knows in which band
    to look. A column is one of numbers if all its cells in both tables are, but for suppressed and
    missing ones; it keeps its numbers, with a column of codes beside it where a cell is suppressed.

    Args:
        released: the rows as they leave.
        originals: rows in full detail.
        columns: that both have.
        hierarchies: per column that has one.
        levels: per column with a hierarchy, the level on which it leaves.
        suppressed: what a suppressed cell reads.

    Raises:
        DataError: a value of the originals has no place in its hierarchy.
    """
    risen = {n: levels[n] for n in columns if levels.get(n) and n in hierarchies}
    known = originals.select(columns)
    if risen:
        known = generalize(known, risen, hierarchies={n: hierarchies[n] for n in risen})
    left: list[pl.Series] = []
    right: list[pl.Series] = []
    for name in columns:
        numbers = None
        if name not in risen:
            numbers = [_numbers(table[name], suppressed) for table in (released, known)]
        if numbers is None or any(one is None for one in numbers):
            left.append(_text(released[name]))
            right.append(_text(known[name]))
            continue
        told, true = (one for one in numbers if one is not None)
        hidden = _reads(released[name], suppressed)
        left.append(told)
        right.append(true)
        if hidden.any():
            codes = pl.select(pl.when(hidden).then(pl.lit(suppressed)).alias(name + CODES))
            left.append(codes.to_series())
            right.append(pl.Series(name + CODES, [None] * known.height, dtype=pl.String))
    return pl.DataFrame(left), pl.DataFrame(right)


def _numbers(cells: pl.Series, suppressed: str) -> pl.Series | None:
    """A column of measurements as decimals; None where it holds anything else, or few numbers."""
    if not (cells.dtype.is_numeric() or cells.dtype == pl.String):
        return None
    texts = pl.select(pl.when(~_reads(cells, suppressed)).then(cells)).to_series()
    numbers = texts.cast(pl.Float64, strict=False)
    if numbers.null_count() > texts.null_count() or numbers.n_unique() <= FEW:
        return None
    return numbers.alias(cells.name)


def _text(cells: pl.Series) -> pl.Series:
    """A column as text; a whole number reads alike whether it is kept as a decimal or not."""
    if cells.dtype.is_float():
        whole = cells.cast(pl.Int64, strict=False)
        same = (whole.cast(cells.dtype) == cells).fill_null(value=False)
        return whole.cast(pl.String).zip_with(same, cells.cast(pl.String))
    return cells.cast(pl.String)


def _reads(cells: pl.Series, text: str) -> pl.Series:
    return (_text(cells) == text).fill_null(value=False)
