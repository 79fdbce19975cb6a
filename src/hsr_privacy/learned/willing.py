"""Willing: who chose to be left out is, before anything is learned and however the choice is written."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from hsr_privacy.codebook import Codebook
from hsr_privacy.errors import DataError

_NEVER_BY: Final = {"reservasjon": 1, "sperret": 1, "slettet": 1, "samtykke": 0}
"""The code of each choice that keeps a person out; an empty cell, or unknown, does not."""

_UNREADABLE: Final = (pl.Object, pl.Binary)
_CODE: Final = r"^[0-9]{1,4}(?:\.0+)?$"


def without_the_unwilling(
    path: Path, raw: pl.DataFrame, person: str | None, codebook: Codebook
) -> tuple[pl.DataFrame, int]:
    """Leave out persons who chose to be, with all their rows: not even a model learns from them.

    Args:
        path: for messages.
        raw: one row per event, every column as it was delivered.
        person: column that tells persons apart; None where every row is a person.
        codebook: has the codes.

    Returns:
        The rows that are left, and how many were taken out.

    Raises:
        DataError: a cell that holds no code of the codebook and is not empty; by column and count.
    """
    there = [name for name in _NEVER_BY if name in raw.columns]
    if not there:
        return raw, 0
    choices, faults = [], []
    for name in there:
        codes, strange = _choices(raw[name], codebook)
        choices.append((codes == _NEVER_BY[name]).fill_null(value=False))
        if strange:
            faults.append(f"  column '{name}': {strange} cell(s)")
    if faults:
        listed = "\n".join(faults)
        raise DataError(
            f"{path}: who may be learned from cannot be read; write the codes of the codebook, such "
            f"as 0 and 1\n{listed}"
        )
    chose = pl.DataFrame(choices).select(pl.any_horizontal(pl.all())).to_series()
    kept = raw.filter(~chose)
    if person is not None:
        kept = kept.join(raw.filter(chose).select(person), on=person, how="anti")
    return kept, raw.height - kept.height


def _choices(cells: pl.Series, codebook: Codebook) -> tuple[pl.Series, int]:
    """The codes of a column that keeps persons out, and how many cells hold none and are not empty.

    Read strictly: a choice that is written in another way must stop the work, and never be missed.
    """
    variable = codebook[cells.name]
    known = [int(code.code) for code in codebook.codes(variable)]
    known += [int(code) for code in variable.missing]
    if cells.dtype.is_nested() or cells.dtype.is_temporal() or cells.dtype in _UNREADABLE:
        return pl.Series(cells.name, [None] * len(cells), dtype=pl.Int64), cells.drop_nulls().len()
    if cells.dtype == pl.Boolean:
        cells = cells.cast(pl.Int64)
    if cells.dtype.is_float():
        cells = cells.fill_nan(None)
    text = cells.cast(pl.String).str.strip_chars()
    text = text.set(text == "", None)
    codes = text.set(~text.str.contains(_CODE), None).cast(pl.Float64).cast(pl.Int64)
    codes = codes.set(~codes.is_in(known), None)
    return codes, int((text.is_not_null() & codes.is_null()).sum())
