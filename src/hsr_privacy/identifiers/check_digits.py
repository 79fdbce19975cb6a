"""The two check digits of an eleven-digit Norwegian number, for a whole column at once.

The weighted sums are taken as one small matrix product in float32: every partial sum is an
integer below 2**24, so the product is exact.

Source: folkeregisterforskriften § 2-2-1 (the rule of 1964); Skatteetaten, "Nytt fødselsnummer
fra 2032" (https://skatteetaten.github.io/folkeregisteret-api-dokumentasjon/nytt-fodselsnummer-fra-2032/):
from 2032-01-01 the first sum may leave 0, 1, 2 or 3, the second still 0.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

K1_WEIGHTS: Final = (3, 7, 6, 1, 8, 9, 4, 5, 2)
K2_WEIGHTS: Final = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
LAST_K1_REMAINDER_2032: Final = 3

_BOTH: Final = np.array([(*K1_WEIGHTS, 1, 0), (*K2_WEIGHTS, 1)], dtype=np.float32).T.copy()
_MODULO_11: Final = (np.arange(1024) % 11).astype(np.uint8)

Digits = NDArray[np.uint8]


def remainders(digits: Digits) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """What each of the two weighted sums, check digit included, leaves modulo 11.

    Args:
        digits: shape (n, 11), values 0-9.

    Returns:
        Two arrays of shape (n,): 0 and 0 for a number under the rule of 1964.
    """
    sums = (digits.astype(np.float32) @ _BOTH).astype(np.int16)
    return _MODULO_11[sums[:, 0]], _MODULO_11[sums[:, 1]]


def append_check_digits(first_nine: Digits) -> tuple[Digits, NDArray[np.bool_]]:
    """Put both check digits of the rule of 1964 behind the first nine digits.

    Args:
        first_nine: shape (n, 9), values 0-9.

    Returns:
        The numbers, shape (n, 11), and which rows exist: where a check digit would have to be
        10 the number is never given out (18 of 100).
    """
    first = first_nine.astype(np.int16)
    k1 = (-(first @ np.array(K1_WEIGHTS, dtype=np.int16))) % 11
    ten = np.concatenate([first, k1[:, None]], axis=1)
    k2 = (-(ten @ np.array(K2_WEIGHTS, dtype=np.int16))) % 11
    exists = (k1 < 10) & (k2 < 10)
    numbers = np.concatenate([ten, k2[:, None]], axis=1)
    return numbers.astype(np.uint8), exists
