"""A sheet: the rows of one form that go into one file, and what is not written as it should be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.codebook import Source

Bools = NDArray[np.bool_]
Int64s = NDArray[np.int64]


def no_rows() -> Int64s:
    """No row at all."""
    return np.empty(0, np.int64)


@dataclass(frozen=True)
class Cells:
    """Cells of one column that do not stand as the layout writes them.

    Attributes:
        rows: of the sheet, from 0, ascending.
        text: what stands there instead; none is missing.
    """

    rows: Int64s
    text: pl.Series

    def between(self, first: int, end: int) -> Cells:
        """Those of some rows, which are then counted from the first of them."""
        low, high = np.searchsorted(self.rows, (first, end))
        return Cells(self.rows[low:high] - first, self.text[int(low) : int(high)])


@dataclass(frozen=True)
class Sheet:
    """The rows of one file.

    Attributes:
        form: whose columns these are.
        table: typed by the codebook, in the order of the file.
        late: whether the file is dumped weeks after the others.
        by_hand: per column, cells that are not as the layout writes them.
        windows_1252: rows, from 0 and ascending, whose letters are written in Windows-1252.
        whole_in_windows_1252: whether the whole file is.
    """

    form: Source
    table: pl.DataFrame
    late: bool = False
    by_hand: Mapping[str, Cells] = field(default_factory=dict)
    windows_1252: NDArray[Any] = field(default_factory=no_rows)
    whole_in_windows_1252: bool = False
