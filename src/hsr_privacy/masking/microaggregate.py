"""Microaggregate: replace numbers by the mean of a small group of numbers like them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.extract import Extract, any_frame
from hsr_privacy.masking.kernels import mdav_groups, optimal_groups
from hsr_privacy.masking.record import Masking, recorded, variance_lost
from hsr_privacy.masking.values import chosen, numbers_of, rows_of, with_numbers

Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]


@any_frame
def microaggregate(extract: Extract, columns: str | Sequence[str], *, size: int) -> Extract:
    """Replace the numbers of one or several columns by the means of groups of at least ``size``.

    One column is grouped so that the variance lost is the least there is. Several columns are
    grouped together, on the scale of their standard deviations, by MDAV, which is close to the best
    and not the best. Missing values stay missing and take no part: rows are grouped with rows that
    have values in the same columns. The mean of every column stays as it was.

    This is no k-anonymity: a group counts rows, not persons, and the means look precise.

    Args:
        extract: an extract, or a pandas or Polars frame; the same kind comes back.
        columns: columns of numbers.
        size: smallest group, in rows; 2 or more.

    Raises:
        DataError: a column does not exist or is not of numbers, or there are fewer than ``size``
            rows to group.

    Source: Hansen & Mukherjee 2003, doi:10.1109/TKDE.2003.1209020; Domingo-Ferrer & Mateo-Sanz
        2002, doi:10.1109/69.979982.
    """
    return microaggregate_with_masking(extract, columns, size=size)[0]


def microaggregate_with_masking(
    extract: Extract, columns: str | Sequence[str], *, size: int
) -> tuple[Extract, Masking]:
    """Like `microaggregate`, and tell with it what was done."""
    if size < 2:
        raise DataError(f"size is {size}; a group of fewer than 2 rows hides nothing")
    table = rows_of(extract)
    names = chosen(table, columns)
    before = np.column_stack([numbers_of(table, name) for name in names])
    after = before.copy()
    groups = 0
    for rows in _alike(np.isnan(before), names, size):
        present = ~np.isnan(before[rows[0]])
        points = before[np.ix_(rows, present)]
        numbers = _groups(points, size)
        after[np.ix_(rows, present)] = _means(points, numbers)
        groups += int(numbers.max()) + 1
    for place, name in enumerate(names):
        table = with_numbers(table, name, after[:, place])
    masking = Masking(
        "microaggregate",
        names,
        {"size": size, "grouping": "optimal" if len(names) == 1 else "MDAV"},
        {"rows": table.height, "groups": groups},
        {name: variance_lost(before[:, at], after[:, at]) for at, name in enumerate(names)},
    )
    return recorded(extract, table, masking, misleads=True)


def _alike(missing: NDArray[np.bool_], names: Sequence[str], size: int) -> list[Int64s]:
    """The rows with values in the same columns, together; rows without any value are left out.

    Raises:
        DataError: too few rows have values in the same columns.
    """
    patterns, which = np.unique(missing, axis=0, return_inverse=True)
    alike = [
        np.flatnonzero(which.ravel() == number)
        for number, pattern in enumerate(patterns)
        if not pattern.all()
    ]
    if len(names) == 1 and sum(map(len, alike)) < size:
        raise DataError(f"column '{names[0]}' has fewer than {size} values; a group needs as many")
    few = [rows for rows in alike if len(rows) < size]
    if few or not alike:
        rows = sum(map(len, few))
        raise DataError(
            f"columns {', '.join(names)}: {rows} row(s) have a value in some of them and fewer than "
            f"{size} rows have values in the same ones; microaggregate the columns one by one, or "
            "leave these rows out"
        )
    return alike


def _groups(points: Floats, size: int) -> Int64s:
    if points.shape[1] > 1:
        deviations = points.std(axis=0)
        deviations[deviations == 0.0] = 1.0
        return mdav_groups(np.ascontiguousarray((points - points.mean(axis=0)) / deviations), size)
    order = np.argsort(points[:, 0], kind="stable")
    groups = np.empty(len(points), np.int64)
    groups[order] = optimal_groups(np.ascontiguousarray(points[order, 0]), size)
    return groups


def _means(points: Floats, groups: Int64s) -> Floats:
    counts = np.bincount(groups)
    columns = [np.bincount(groups, weights=column) / counts for column in points.T]
    return np.column_stack([means[groups] for means in columns])
