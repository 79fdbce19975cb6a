"""Checks on what a frequency table is made from: whole numbers, names and leaves that exist."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.hierarchies.table import HierarchyTable

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
_Whole = TypeVar("_Whole", np.int32, np.int64)


def whole_numbers(values: ArrayLike, dtype: type[_Whole], what: str) -> NDArray[_Whole]:
    """Values as contiguous whole numbers, or DataError."""
    array = np.asarray(values)
    if array.size and array.dtype.kind not in "iu":
        raise DataError(f"{what}: whole numbers are needed, not {array.dtype}")
    if array.size and not np.can_cast(array.dtype, dtype):  # else they would wrap around
        range_ = np.iinfo(dtype)
        stray = int(((array < range_.min) | (array > range_.max)).sum())
        if stray:
            raise DataError(
                f"{what}: {stray} number(s) beyond {range_.max}; number what they stand for from 0"
            )
    return np.require(array, dtype=dtype, requirements=["C", "W"])


def numbered(what: str, values: ArrayLike, length: int) -> Int64s:
    """Distinct values numbered from 0, one per row, or DataError."""
    array = one_per_row(what, values, length)
    inverse: Int64s = np.unique(array, return_inverse=True)[1].reshape(-1).astype(np.int64)
    return inverse


def one_per_row(what: str, values: ArrayLike, length: int) -> NDArray[np.generic]:
    """Values as an array of this length, or DataError."""
    array = np.asarray(values)
    if array.shape != (length,):
        raise DataError(f"{what}: {array.size} numbers for {length} rows; give one per row")
    return array


def check_names(hierarchies: tuple[HierarchyTable, ...], names: tuple[str, ...]) -> None:
    """Raise DataError unless every quasi-identifier has a name of its own."""
    if not hierarchies:
        raise DataError("there is no quasi-identifier; name at least one")
    if len(names) != len(hierarchies) or len(set(names)) != len(names):
        raise DataError(
            f"{len(hierarchies)} quasi-identifiers need {len(hierarchies)} different names; "
            f"given: {', '.join(names)}"
        )


def checked_leaves(
    hierarchies: tuple[HierarchyTable, ...], names: tuple[str, ...], codes: ArrayLike
) -> Int32s:
    """Codes as a table, each a leaf of its hierarchy."""
    check_names(hierarchies, names)
    table = np.asarray(codes)
    table = table.reshape(len(table), -1) if table.size else table.reshape(0, len(hierarchies))
    leaves = whole_numbers(table, np.int32, "codes")
    if leaves.shape[1] != len(hierarchies):
        raise DataError(
            f"the frequency table has {len(hierarchies)} hierarchies, but codes of shape "
            f"{leaves.shape}"
        )
    for j, (name, hierarchy) in enumerate(zip(names, hierarchies, strict=True)):
        stray = int(((leaves[:, j] < 0) | (leaves[:, j] >= hierarchy.leaves)).sum())
        if stray:
            raise DataError(
                f"column '{name}': {stray} class(es) have a code outside the {hierarchy.leaves} "
                f"leaves of hierarchy '{hierarchy.name}'"
            )
    return leaves
