"""Attacks: what prosecutor, journalist and marketer would find, from the sizes of classes."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.risk.report import AttackRisk, SizeBin

Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]

BINS: Final = ((1, 1), (2, 2), (3, 3), (4, 4), (5, 9), (10, 19), (20, 49), (50, 99), (100, None))
"""Smallest and largest number of persons of each bin of class sizes."""

NOTHING: Final = AttackRisk(0.0, 0.0, 0.0)
"""Of a table without persons."""


def checked_threshold(threshold: float) -> float:
    """A risk above which a person is said to be at risk, or DataError."""
    if not 0 <= threshold <= 1:
        raise DataError(f"threshold is {threshold}; a risk lies between 0 and 1")
    return threshold


def prosecutor(sizes: Int64s, members: Int64s, threshold: float) -> AttackRisk:
    """An attacker who knows that the target is in the table, and finds one of those who agree.

    Args:
        sizes: persons who agree with each class.
        members: persons in each class; the same, unless missing cells agree with others.
        threshold: risk (0-1) above which a person is said to be at risk.

    Source: El Emam & Dankar 2008, doi:10.1197/jamia.M2716.
    """
    if not sizes.size:
        return NOTHING
    risks = 1 / sizes
    persons = int(members.sum())
    average = float((members / sizes).sum() / persons)
    return AttackRisk(float(risks.max()), average, _share_above(risks, members, threshold))


def attack(risks: Floats, members: Int64s, threshold: float) -> AttackRisk:
    """Any attacker, from the risk of each class.

    Args:
        risks: of the persons of each class, 0-1.
        members: persons in each class.
        threshold: risk (0-1) above which a person is said to be at risk.
    """
    if not risks.size:
        return NOTHING
    average = float((members * risks).sum() / members.sum())
    return AttackRisk(float(risks.max()), average, _share_above(risks, members, threshold))


def marketer(attacked: AttackRisk) -> AttackRisk:
    """An attacker who links everybody, as right as the attacker of one is on average."""
    return AttackRisk(None, attacked.average, None)


def size_bins(sizes: Int64s, members: Int64s, rows: Int64s) -> tuple[SizeBin, ...]:
    """Classes, persons and rows by the number of persons who agree; all bins present."""
    starts = np.array([least for least, _ in BINS])
    places = np.searchsorted(starts, sizes, side="right") - 1
    counts = [
        np.bincount(places, weights=weights, minlength=len(BINS)).astype(np.int64)
        for weights in (np.ones_like(sizes), members, rows)
    ]
    return tuple(
        SizeBin(least, most, *(int(count[place]) for count in counts))
        for place, (least, most) in enumerate(BINS)
    )


def _share_above(risks: Floats, members: Int64s, threshold: float) -> float:
    return float(members[risks > threshold].sum() / members.sum())
