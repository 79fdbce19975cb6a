"""Ties: of many records that are equally near, each looked-for person meets one by chance.

In an extract all rows of a class are equally near to whoever is in it, and anonymeter's search takes
the same one for everybody. A column of tiny random numbers beside the others breaks ties anew for
each person and nothing else. The search divides numbers by their range: a record that is like nobody
keeps that at one.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

TIES: Final = "__ties"
_NOBODY: Final = "(nobody)"
_TINY: Final = 1e-6


def with_ties(table: pl.DataFrame, random: np.random.Generator) -> pl.DataFrame:
    """A table with a column that breaks ties.

    Args:
        table: of records, or of persons who are looked for.
        random: draws the column.
    """
    return table.with_columns(pl.Series(TIES, _TINY * random.random(table.height)))


def with_nobody(records: pl.DataFrame) -> pl.DataFrame:
    """Records with ties, and one more that is near to nobody, so that the ties stay tiny.

    Args:
        records: texts and decimals, with a column of ties.
    """
    nobody = {
        name: _NOBODY if kind == pl.String else 0.0 for name, kind in records.schema.items()
    } | {TIES: 1.0}
    return pl.concat([records, pl.DataFrame([nobody], schema=records.schema)])
