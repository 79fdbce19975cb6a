"""Code extremes: give everything at or beyond a bound one value."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.extract import Extract, any_frame
from hsr_privacy.masking.record import Masking, recorded, variance_lost
from hsr_privacy.masking.values import chosen, is_whole, numbers_of, rows_of, with_numbers

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
FEWEST: Final = 3
"""Fewest values, and persons, of which a mean is told: of two, each would know the other's."""


@any_frame
def code_extremes(
    extract: Extract,
    column: str,
    *,
    bottom: float | None = None,
    top: float | None = None,
    mean: bool = False,
) -> Extract:
    """Let values at or beyond a bound become the bound, which then means "or more", "or less".

    Missing values stay missing. Whole numbers stay whole where the bounds are whole and no mean is
    asked for.

    This is no k-anonymity: nobody counted how many persons share the bound.

    Args:
        extract: an extract, or a pandas or Polars frame; the same kind comes back.
        column: a column of numbers.
        bottom: values at or below become this.
        top: values at or above become this.
        mean: the coded values become their own mean instead, which keeps the column's mean.

    Raises:
        DataError: the column does not exist or is not of numbers, no bound is given, they cross, or
            a mean would be that of fewer than 3 values or persons.
    """
    return code_extremes_with_masking(extract, column, bottom=bottom, top=top, mean=mean)[0]


def code_extremes_with_masking(
    extract: Extract,
    column: str,
    *,
    bottom: float | None = None,
    top: float | None = None,
    mean: bool = False,
) -> tuple[Extract, Masking]:
    """Like `code_extremes`, and tell with it what was done."""
    bounds = _bounds(bottom, top)
    table = rows_of(extract)
    names = chosen(table, column)
    before = numbers_of(table, column)
    after = before.copy()
    counts = {"rows": table.height}
    for end, bound in bounds.items():
        coded = before <= bound if end == "bottom" else before >= bound
        counts[f"values at the {end}"] = int(coded.sum())
        if mean:
            _check_mean(table, column, extract.person, coded, end)
        if coded.any():
            after[coded] = before[coded].mean() if mean else bound
    whole = not mean and all(bound.is_integer() for bound in bounds.values())
    whole = whole and is_whole(table, column)
    table = with_numbers(table, column, after, whole=whole)
    masking = Masking(
        "code extremes",
        names,
        {"bottom": bottom, "top": top, "mean": mean},
        counts,
        {column: variance_lost(before, after)},
    )
    return recorded(extract, table, masking, misleads=False)


def _bounds(bottom: float | None, top: float | None) -> dict[str, float]:
    given = {"bottom": bottom, "top": top}
    bounds = {end: float(bound) for end, bound in given.items() if bound is not None}
    if not bounds:
        raise DataError("there is no bound; give a bottom, a top or both")
    for end, bound in bounds.items():
        if not np.isfinite(bound):
            raise DataError(f"{end} is {bound:g}; a bound is a number")
    if len(bounds) > 1 and bounds["bottom"] >= bounds["top"]:
        raise DataError("bottom is not below top; between them values stay as they are")
    return bounds


def _check_mean(
    table: pl.DataFrame, column: str, person: str | None, coded: Bools, end: str
) -> None:
    """Refuse to tell a mean that would tell the values."""
    few = int(coded.sum())
    if person is not None:
        few = table.filter(pl.Series(coded))[chosen(table, person)[0]].n_unique()
    if 0 < few < FEWEST:
        raise DataError(
            f"column '{column}': fewer than {FEWEST} values or persons lie at or beyond the {end}, "
            "and their mean would tell the values; move the bound, or code without the mean"
        )
