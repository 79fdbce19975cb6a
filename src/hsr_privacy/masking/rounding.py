"""Round: bring numbers to the nearest multiple of a base."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.extract import Extract, any_frame
from hsr_privacy.masking.record import Masking, recorded, variance_lost
from hsr_privacy.masking.values import (
    chosen,
    is_whole,
    numbers_of,
    positive,
    rows_of,
    with_numbers,
)

Floats = NDArray[np.float64]
_TIE: Final = 1e-9
_DECIMALS: Final = 15


@any_frame
def round_values(extract: Extract, column: str, *, base: float) -> Extract:
    """Bring the numbers of a column to the nearest multiple of a base.

    A number in the middle of two multiples goes to the even one, so that sums do not drift; middle
    is meant in decimals, as people write numbers. Whole numbers stay whole where the base is whole.
    Missing values stay missing.

    This is no k-anonymity: a rounded number can still be one person's alone.

    Args:
        extract: an extract, or a pandas or Polars frame; the same kind comes back.
        column: a column of numbers.
        base: in the unit of the column, above 0, such as 5 or 0.1.

    Raises:
        DataError: the column does not exist or is not of numbers, or the base is not above 0.
    """
    return round_values_with_masking(extract, column, base=base)[0]


def round_values_with_masking(
    extract: Extract, column: str, *, base: float
) -> tuple[Extract, Masking]:
    """Like `round_values`, and tell with it what was done."""
    positive("base", base)
    table = rows_of(extract)
    names = chosen(table, column)
    before = numbers_of(table, column)
    whole = is_whole(table, column) and float(base).is_integer()
    after = _whole_multiples(before, int(base)) if whole else _multiples(before, float(base))
    table = with_numbers(table, column, after, whole=whole)
    counts = {"rows": table.height, "values changed": int((before != after).sum()) - _gaps(before)}
    masking = Masking(
        "round", names, {"base": base}, counts, {column: variance_lost(before, after)}
    )
    return recorded(extract, table, masking, misleads=False)


def _gaps(values: Floats) -> int:
    return int(np.isnan(values).sum())


def _whole_multiples(values: Floats, base: int) -> Floats:
    here = ~np.isnan(values)
    multiples = values[here].astype(np.int64) // base
    twice = 2 * (values[here].astype(np.int64) - multiples * base)
    multiples += (twice > base) | ((twice == base) & (multiples % 2 == 1))
    rounded = values.copy()
    rounded[here] = multiples * base
    return rounded


def _multiples(values: Floats, base: float) -> Floats:
    """Nearest multiples; 0.15 is in the middle of 0.1 and 0.2, though its binary form is below."""
    quotients = values / base
    lower = np.floor(quotients)
    tie = np.abs(quotients - lower - 0.5) <= _TIE * np.maximum(1.0, np.abs(quotients))
    rounded = np.where(tie, lower + lower % 2, np.rint(quotients)) * base
    exponent = Decimal(repr(base)).as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) else 0
    return np.round(rounded, decimals) if 0 <= decimals <= _DECIMALS else rounded
