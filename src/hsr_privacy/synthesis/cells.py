"""Arrays as columns of a form: codes, whole numbers, text; what never was is missing."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.synthesis.arrests import NEVER
from hsr_privacy.synthesis.chance import Bools, Int64s


def codes(values: Any) -> pl.Series:
    """Codes of a code list."""
    return pl.Series(np.asarray(values, np.int16))


def codes_text(values: Int64s) -> pl.Series:
    """Numbers that are names; 0 is none."""
    return text(np.where(values == 0, "", values.astype(str)))


def whole(values: Int64s) -> pl.Series:
    """Whole numbers; `NEVER` is missing."""
    missing: Bools = values == NEVER
    return pl.Series(np.where(missing, 0, values).astype(np.int32)).set(pl.Series(missing), None)


def known(values: pl.Series, which: Bools) -> pl.Series:
    """Of a column, the cells that are known; the others are missing."""
    return values.set(pl.Series(~which), None)


def padded(values: Int64s, width: int) -> NDArray[np.str_]:
    """Whole numbers with leading zeros."""
    # numpy's own zfill does not take an empty array.
    return pl.Series(values).cast(pl.String).str.zfill(width).to_numpy().astype(f"U{width}")


def text(values: NDArray[np.str_]) -> pl.Series:
    """Text; an empty one is missing."""
    series = pl.Series(values, dtype=pl.String)
    return series.set(series == "", None)
