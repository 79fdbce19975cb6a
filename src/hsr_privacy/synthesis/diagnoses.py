"""Diagnoses and causes of death, as ICD-10 codes that fit what stopped the heart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.synthesis.chance import Bools, Chance, Int64s

_LATER_DAYS: Final = 90
_OTHER: Final = "I46.9"

# Per code of the cause of the arrest.
_DISCHARGE: Final[Mapping[int, tuple[str, ...]]] = {
    11: ("I46.9", "I25.1", "I42.0", "I50.9", "I47.2"), 12: ("J96.0", "J18.9", "I26.9", "A41.9", "I61.9"),
    2: ("T07", "S06.9", "S27.9"), 3: ("T40.2", "T40.1", "T42.4"), 4: ("T75.1",), 5: ("T75.4",),
    6: ("T71", "T17.9"),
}  # fmt: skip
_INFARCTION: Final = ("I21.9", "I21.0", "I21.1", "I21.4")
_DEATH: Final[Mapping[int, tuple[str, ...]]] = {
    11: ("I25.1", "I21.9", "I42.0", "I46.9"), 12: ("J44.9", "J18.9", "C34.9", "I26.9", "I63.9"),
    2: ("V89.2", "W19", "V49.9"), 3: ("X42", "X44"), 4: ("W74", "W69"), 5: ("W87",), 6: ("W79", "W84"),
}  # fmt: skip
_OWN_HAND: Final[Mapping[int, tuple[str, ...]]] = {2: ("X80", "X82"), 3: ("X62", "X64"), 4: ("X71",), 6: ("X70",)}  # fmt: skip
_LATER: Final = ("I25.1", "C34.9", "J44.9", "I63.9", "F03", "J18.9", "I50.9", "C61")

Codes = NDArray[np.str_]


def discharge_diagnoses(cause: Int64s, infarct: Bools, chance: Chance) -> Codes:
    """The diagnosis that a hospital gives, shape (n,)."""
    luck = chance.whole(0, 10**6, len(cause))
    return np.where(infarct, _of(_INFARCTION, luck), _picked(cause, _DISCHARGE, luck))


def causes_of_death(cause: Int64s, own_hand: Bools, days: Int64s, chance: Chance) -> Codes:
    """The underlying cause of death, shape (n,).

    Args:
        cause: of the last arrest.
        own_hand: whether it was self-inflicted.
        days: from it to death.
        chance: where randomness comes from.
    """
    luck = chance.whole(0, 10**6, len(cause))
    soon = np.where(own_hand, _picked(cause, _OWN_HAND, luck), _picked(cause, _DEATH, luck))
    return np.where(days > _LATER_DAYS, _of(_LATER, luck), soon)


def _picked(cause: Int64s, codes: Mapping[int, tuple[str, ...]], luck: Int64s) -> Codes:
    picked = [_of(some, luck) for some in codes.values()]
    result: Codes = np.select([cause == one for one in codes], picked, default=_OTHER)
    return result


def _of(some: tuple[str, ...], luck: Int64s) -> Codes:
    result: Codes = np.array(some, dtype="U5")[luck % len(some)]
    return result
