"""The earth mover's distance, by moving earth: slow, and sharing no code with the product."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise

Shares = dict[str, Fraction]
Place = tuple[bool, str]
"""Where a way passes: a value of the class (False), or of the release (True)."""


def earth_movers_distance(q: Shares, p: Shares, apart: Callable[[str, str], Fraction]) -> Fraction:
    """The least work: along the cheapest way, which may take moves back, until all has moved."""
    left, lacking = dict(q), dict(p)
    moved = {(a, b): Fraction(0) for a in q for b in p}
    while any(left.values()):
        work: dict[Place, Fraction] = {(False, a): Fraction(0) for a in q if left[a]}
        before: dict[Place, Place] = {}
        for _ in range(len(q) + len(p)):
            for (a, b), already in moved.items():
                for one, other, step in (
                    ((False, a), (True, b), apart(a, b)),
                    ((True, b), (False, a), -apart(a, b)),
                ):
                    open_ = one in work and (not one[0] or already > 0)
                    if open_ and (other not in work or work[one] + step < work[other]):
                        work[other], before[other] = work[one] + step, one
        way = [min(((True, b) for b in p if lacking[b]), key=work.__getitem__)]
        while way[0] in before:
            way.insert(0, before[way[0]])
        steps = list(pairwise(way))
        taken_back = [moved[other[1], one[1]] for one, other in steps if one[0]]
        amount = min(left[way[0][1]], lacking[way[-1][1]], *taken_back)
        for one, other in steps:
            pair = (other[1], one[1]) if one[0] else (one[1], other[1])
            moved[pair] += -amount if one[0] else amount
        left[way[0][1]] -= amount
        lacking[way[-1][1]] -= amount
    return sum((apart(*pair) * amount for pair, amount in moved.items()), Fraction(0))


def distance_in(ladder: Sequence[tuple[str, ...]]) -> Callable[[str, str], Fraction]:
    """The level on which two values become one, as a share of the highest."""
    height = len(ladder[0]) - 1 + (len({row[-1] for row in ladder}) > 1)
    rows = {row[0]: row for row in ladder}

    def apart(a: str, b: str) -> Fraction:
        alike = [n for n, (x, y) in enumerate(zip(rows[a], rows[b], strict=True)) if x == y]
        return Fraction(min(alike, default=height), max(height, 1))

    return apart
