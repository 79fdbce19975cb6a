"""The wildcard reading of k: a suppressed cell may be any value, so it agrees with all of them."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.verification.classes import digits

MOST_COMBINATIONS: Final = 20_000
"""Every two combinations are compared; above this many it would take minutes."""

_BLOCK_CELLS: Final = 20_000_000


def wildcard_sizes(
    combinations: pl.DataFrame, sizes: pl.DataFrame, persons: pl.DataFrame | None, suppressed: str
) -> NDArray[np.int64]:
    """Per combination, the persons of all combinations that agree with it.

    Two combinations agree if each column has the same value in both, or is suppressed in one.

    Args:
        combinations: the distinct ones, as text, a column per quasi-identifier.
        sizes: columns ``class`` and ``rows``, in the order of ``combinations``.
        persons: columns ``class`` and ``person``, every pair once; None where each row is a person.
        suppressed: what stands in a suppressed cell.

    Raises:
        DataError: more than 20,000 combinations.
    """
    count = combinations.height
    if count > MOST_COMBINATIONS:
        raise DataError(
            f"the file has {count} combinations; the wildcard reading compares every two of at "
            f"most {MOST_COMBINATIONS}: name fewer quasi-identifiers, or read it by own category"
        )
    columns = [digits(column).to_numpy().astype(np.uint16) for column in combinations]
    wild = [(column == suppressed).to_numpy() for column in combinations]
    rows = sizes["rows"].to_numpy()
    if persons is not None:
        places = sizes.select("class").with_row_index("place")
        pairs = persons.join(places, on="class").sort("person")
        where = pairs["place"].to_numpy()
        starts = np.flatnonzero((pairs["person"] != pairs["person"].shift()).fill_null(value=True))
    found = np.zeros(count, np.int64)
    width = max(count, 0 if persons is None else len(where))
    step = max(1, _BLOCK_CELLS // max(1, width))
    for start in range(0, count, step):
        block = slice(start, start + step)
        agree = np.ones((len(rows[block]), count), bool)
        for value, any_value in zip(columns, wild, strict=True):
            same = value[block, None] == value
            if any_value.any():
                same |= any_value[block, None] | any_value
            agree &= same
        if persons is None:
            found[block] = agree @ rows
        else:
            found[block] = np.logical_or.reduceat(agree[:, where], starts, axis=1).sum(axis=1)
    return found
