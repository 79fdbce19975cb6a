"""Kernels: the loops of microaggregation, compiled.

Arrays are float64 and contiguous, without a missing value, as the caller makes them; nothing is
checked here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.compiled import compiled

Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]


@compiled("i8[::1](f8[::1], i8)")
def optimal_groups(values: Floats, size: int) -> Int64s:
    """Cut sorted values into groups so that the sum of squares within groups is the least there is.

    Only groups of size to 2 * size - 1 values can stand in an optimal partition, so the shortest
    path takes time in proportion to values * size. The sums of a group are taken from its own last
    value on, not from sums over all values: those lose the small groups far from zero.

    Args:
        values: ascending, at least ``size`` of them.
        size: smallest group, 1 or more.

    Returns:
        Per value its group, numbered from 0 upwards.
    Source: Hansen & Mukherjee 2003, doi:10.1109/TKDE.2003.1209020.
    """
    count = values.size
    best = np.full(count + 1, np.inf)
    best[0] = 0.0
    length = np.zeros(count + 1, np.int64)
    for end in range(size, count + 1):
        origin = values[end - 1]
        total = 0.0
        squares = 0.0
        for taken in range(1, min(2 * size - 1, end) + 1):
            distance = values[end - taken] - origin
            total += distance
            squares += distance * distance
            if taken < size:
                continue
            cost = best[end - taken] + squares - total * total / taken
            if cost < best[end]:
                best[end] = cost
                length[end] = taken
    groups = np.empty(count, np.int64)
    end = count
    number = 0
    while end > 0:
        groups[end - length[end] : end] = number
        end -= length[end]
        number += 1
    return number - 1 - groups


@compiled("f8(f8[:, ::1], i8, f8[::1])")
def _squared_distance(points: Floats, row: int, place: Floats) -> float:
    total = 0.0
    for column in range(place.size):
        distance = points[row, column] - place[column]
        total += distance * distance
    return total


@compiled("f8[::1](f8[:, ::1], i8)")
def _centroid(points: Floats, left: int) -> Floats:
    place = np.zeros(points.shape[1])
    for row in range(left):
        for column in range(place.size):
            place[column] += points[row, column]
    place /= left
    return place


@compiled("f8[::1](f8[:, ::1], i8, f8[::1])")
def _farthest(points: Floats, left: int, place: Floats) -> Floats:
    """The point farthest from a place; the first of equals."""
    found = 0
    farthest = -1.0
    for row in range(left):
        distance = _squared_distance(points, row, place)
        if distance > farthest:
            farthest = distance
            found = row
    point: Floats = points[found].copy()
    return point


@compiled("i8(f8[:, ::1], i8[::1], i8, f8[::1], i8, i8[::1], i8)")
def _take(  # noqa: PLR0917 - compiled functions take arguments by position
    points: Floats,
    rows: Int64s,
    left: int,
    place: Floats,
    size: int,
    groups: Int64s,
    number: int,
) -> int:
    """Make a group of the points nearest to a place, and move the others together.

    Returns:
        How many points are left.
    """
    nearest = np.empty(size, np.int64)
    distances = np.empty(size)
    held = 0
    for row in range(left):
        distance = _squared_distance(points, row, place)
        if held == size and distance >= distances[size - 1]:
            continue
        at = held if held < size else size - 1
        while at > 0 and distances[at - 1] > distance:
            distances[at] = distances[at - 1]
            nearest[at] = nearest[at - 1]
            at -= 1
        distances[at] = distance
        nearest[at] = row
        if held < size:
            held += 1
    for at in range(size):
        groups[rows[nearest[at]]] = number
    kept = 0
    for row in range(left):
        if groups[rows[row]] < 0:
            rows[kept] = rows[row]
            for column in range(points.shape[1]):  # a row at once takes seconds to compile
                points[kept, column] = points[row, column]
            kept += 1
    return kept


@compiled("i8[::1](f8[:, ::1], i8)")
def mdav_groups(given: Floats, size: int) -> Int64s:
    """Group points by maximum distance to the average, with groups of fixed size.

    Take the point farthest from the centroid with its nearest, then the point farthest from that
    one with its nearest, and begin again; what remains in the end is one group or two.

    Args:
        given: shape (points, columns), at least ``size`` points, in comparable units.
        size: smallest group, 1 or more; the largest has 2 * size - 1.

    Returns:
        Per point its group, numbered from 0 upwards.
    Source: Domingo-Ferrer & Mateo-Sanz 2002, doi:10.1109/69.979982; as MDAV-generic in
        Domingo-Ferrer & Torra 2005, doi:10.1007/s10618-005-0007-5.
    """
    points = given.copy()
    left = points.shape[0]
    rows = np.arange(left)
    groups = np.full(left, np.int64(-1), np.int64)
    number = 0
    while left >= 3 * size:
        first = _farthest(points, left, _centroid(points, left))
        left = _take(points, rows, left, first, size, groups, number)
        second = _farthest(points, left, first)
        left = _take(points, rows, left, second, size, groups, number + 1)
        number += 2
    if left >= 2 * size:
        last = _farthest(points, left, _centroid(points, left))
        left = _take(points, rows, left, last, size, groups, number)
        number += 1
    for row in range(left):
        groups[rows[row]] = number
    return groups
