"""Parting: an extract as if some of its persons had never been in it, and those persons apart.

A register that everybody must be in has nobody outside to compare with. So persons are drawn and
held out, with all their rows, and what is attacked is the rest of the rows, as they leave. A class
that has become smaller than the extract would let it is left out: the attacker meets no class that
the extract would not have either. Then members and held-out persons are asked about only if enough
*others* of the class stayed. That does not depend on whether they are members themselves, so that
the two differ in nothing but that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

_WHO: Final = "__who"
_ROW: Final = "__row"
_CONTROL: Final = "__control"
_STAYED: Final = "__stayed"


@dataclass(frozen=True, eq=False)
class Parts:
    """Persons by what they are used for.

    Attributes:
        members: numbers of the rows that are attacked; their persons are asked about.
        control: numbers of the rows of held-out persons who are asked about.
        left_out: persons of either part who are not asked about, because their class became too
            small.
    """

    members: pl.Series
    control: pl.Series
    left_out: int


def smallest_class(classes: pl.DataFrame, persons: pl.Series) -> int:
    """Persons in the smallest class.

    Args:
        classes: the quasi-identifiers of each row, one row at least.
        persons: of each row, who.
    """
    rows = classes.with_columns(persons.alias(_WHO))
    sizes = rows.group_by(classes.columns).agg(pl.col(_WHO).n_unique())[_WHO].to_numpy()
    return int(sizes.min())


def parted(classes: pl.DataFrame, control: pl.Series, *, least: int) -> Parts:
    """Choose who can be compared.

    Args:
        classes: the quasi-identifiers, one row of each person, as the extract shows them or would.
        control: of each row, whether the person is held out.
        least: persons that a class must keep to be attacked.
    """
    keys = classes.columns
    rows = classes.with_columns(control.alias(_CONTROL), pl.Series(_ROW, np.arange(classes.height)))
    stayed = rows.filter(~pl.col(_CONTROL)).group_by(keys).agg(pl.len().alias(_STAYED))
    rows = rows.join(stayed, on=keys, how="left", nulls_equal=True, maintain_order="left")
    others = pl.col(_STAYED).fill_null(0).cast(pl.Int64) - (~pl.col(_CONTROL)).cast(pl.Int64)
    asked = rows.filter(others >= least - 1)
    return Parts(
        members=asked.filter(~pl.col(_CONTROL))[_ROW],
        control=asked.filter(pl.col(_CONTROL))[_ROW],
        left_out=rows.height - asked.height,
    )
