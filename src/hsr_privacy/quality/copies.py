"""Copies: rows that were delivered twice, letter by letter or under another number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from hsr_privacy.codebook import Source
from hsr_privacy.quality.findings import Found, found
from hsr_privacy.quality.kinds import COPY, NEAR_COPY

MAIN_CLOCK: Final = {
    Source.AMK: "t_anrop", Source.AMBULANCE: "t_stans", Source.HOSPITAL: "t_stans",
}  # fmt: skip
"""The clock time that says when each form's row was."""

_NUMBER: Final = {
    Source.AMK: "amis_hendelsesnr",
    Source.AMBULANCE: "amb_oppdragsnr",
    Source.HOSPITAL: "opphold_id",
}
_WITHIN: Final = pl.duration(minutes=60)
_FEWEST_CELLS: Final = 8
"""Rows with fewer cells beside their times may be alike by chance."""


def check_copies(table: pl.DataFrame, form: Source) -> Iterator[Found]:
    """Find rows of a form that are the same; each of them is named, as none is known to be the first.

    Args:
        table: rows of all files.
        form: whose.
    """
    if not table.height:
        return
    alike = _hash(table, table.columns)
    exact = alike.is_duplicated() & _is_filled(table, table.columns)
    yield found(COPY, exact.to_numpy())
    if form not in MAIN_CLOCK:
        return
    others = [
        name
        for name, dtype in table.schema.items()
        if name != _NUMBER[form] and not isinstance(dtype, pl.Datetime)
    ]
    rows = pl.DataFrame({
        "at": pl.int_range(table.height, eager=True),
        "same": _hash(table, others),
        "exact": alike,
        "clock": table[MAIN_CLOCK[form]],
        "filled": _is_filled(table, others),
    }).filter(pl.col("same").is_duplicated() & pl.col("filled") & pl.col("clock").is_not_null())  # fmt: skip
    rows = rows.sort("same", "clock")
    near = (
        (pl.col("clock").diff().over("same") <= _WITHIN)
        & (pl.col("exact") != pl.col("exact").shift().over("same"))
    ).fill_null(value=False)
    then = near.shift(-1).over("same").fill_null(value=False)
    yield found(NEAR_COPY, rows.filter(near | then)["at"].to_numpy())


def _hash(table: pl.DataFrame, names: list[str]) -> pl.Series:
    return table.select(pl.struct(names).hash(seed=0)).to_series()


def _is_filled(table: pl.DataFrame, names: list[str]) -> pl.Series:
    filled = table.select(pl.sum_horizontal(pl.col(names).is_not_null())).to_series()
    return filled >= _FEWEST_CELLS
