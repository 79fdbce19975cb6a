"""Spots: where numbered labels have room beside the points that they number."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

Spot = tuple[float, float]
"""Pixels from the left and from above."""

RADIUS: Final = 10.0
"""Of a label, in pixels."""
_DISTANCES: Final = (20, 28, 38, 50, 64, 80, 100, 125, 155, 190)
_DIRECTIONS: Final = tuple(
    math.radians(degrees) for degrees in (-45, -135, 45, 135, -90, 0, 180, 90)
) + tuple(math.radians(degrees + 22.5) for degrees in range(0, 360, 45))
_FREE: Final = 4.0


def beside(
    points: Sequence[Spot], others: Sequence[Spot], *, width: float, height: float
) -> list[Spot]:
    """One place for a label per point: within the picture, off all points and off each other.

    The nearest place is taken that covers nothing and is reached without crossing another label; if
    there is none, the one that keeps furthest from what it would cover.

    Args:
        points: to be numbered.
        others: further points that labels should not cover.
        width: of the picture.
        height: of the picture.
    """
    dots = [*points, *others]
    taken: list[Spot] = []
    for point in points:
        tried = [
            (point[0] + far * math.cos(way), point[1] + far * math.sin(way))
            for far in _DISTANCES
            for way in _DIRECTIONS
        ]
        inside = [
            one
            for one in tried
            if RADIUS <= one[0] <= width - RADIUS and RADIUS <= one[1] <= height - RADIUS
        ] or [point]
        best = max(inside, key=lambda one: min(_room(one, point, dots, taken), _FREE))
        taken.append(best)
    return taken


def _room(spot: Spot, point: Spot, dots: Sequence[Spot], taken: Sequence[Spot]) -> float:
    """Pixels between a label at ``spot`` and what is nearest to it; below 0 where they overlap.

    To cover a dot counts three times, to cover a label ten times what it does to have a label on the
    way from the point, which only hides a part of a line.
    """
    rooms = [3 * (math.dist(spot, dot) - RADIUS - 4) for dot in dots]
    rooms += [10 * (math.dist(spot, label) - 2 * RADIUS - 2) for label in taken]
    rooms += [_from_line(label, point, spot) - RADIUS - 1 for label in taken]
    return min(rooms)


def _from_line(spot: Spot, start: Spot, end: Spot) -> float:
    """How far a spot is from a straight line between two others."""
    along = (end[0] - start[0], end[1] - start[1])
    length = along[0] ** 2 + along[1] ** 2
    if not length:
        return math.dist(spot, start)
    part = ((spot[0] - start[0]) * along[0] + (spot[1] - start[1]) * along[1]) / length
    part = min(max(part, 0.0), 1.0)
    return math.dist(spot, (start[0] + part * along[0], start[1] + part * along[1]))
