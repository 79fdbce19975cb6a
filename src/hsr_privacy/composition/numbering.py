"""Numbering: equal rows of integer columns get equal numbers."""

from __future__ import annotations

import numpy as np
import polars as pl

from hsr_privacy.composition.sketch import Int64s


def numbered(table: pl.DataFrame) -> Int64s:
    """Per row, the number of its combination, from 0 in the order of their first rows."""
    names = table.columns
    distinct = table.unique(maintain_order=True).with_row_index("#")
    joined = table.join(distinct, on=names, how="left", nulls_equal=True, maintain_order="left")
    return joined["#"].to_numpy().astype(np.int64)


def firsts(numbers: Int64s) -> Int64s:
    """The first place of each number, which start at 0 and leave none out."""
    size = int(numbers.max()) + 1 if numbers.size else 0
    first = np.empty(size, np.int64)
    first[numbers[::-1]] = np.arange(numbers.size)[::-1]
    return first
