"""Check symbols: by which a pseudonym in its text form, or a running number, shows that it is whole.

A pseudonym is 20 symbols of Crockford's alphabet and 2 check symbols. They make the 22 a word of a
shortened Reed-Solomon code over GF(32) of distance 3: the sum of the symbols and the sum weighted by
powers of a primitive element are both zero. So every single wrong symbol, every two wrong symbols and
every swap of two neighbours is found. A running number is nine digits that leave 1 when divided by 97.

Source: D. Crockford, "Base 32" (crockford.com/base32.html); I. S. Reed, G. Solomon 1960; ISO/IEC 7064
(MOD 97-10).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DATA_SYMBOLS: Final = 20
CHECK_SYMBOLS: Final = 2
LENGTH: Final = DATA_SYMBOLS + CHECK_SYMBOLS
NUMBER_LENGTH: Final = 9
MODULUS: Final = 97

ORDER: Final = 31
_POLYNOMIAL: Final = 0b100101  # x^5 + x^2 + 1, primitive over GF(2)
_NOT_A_SYMBOL: Final = 255


def _powers() -> tuple[int, ...]:
    """Powers 0 to 30 of the primitive element x."""
    powers, value = [], 1
    for _ in range(ORDER):
        powers.append(value)
        value <<= 1
        if value & 32:
            value ^= _POLYNOMIAL
    return tuple(powers)


POWERS: Final = _powers()
LOGARITHM: Final = {power: exponent for exponent, power in enumerate(POWERS)}


def multiply(a: int, b: int) -> int:
    """The product of two elements of GF(32)."""
    return POWERS[(LOGARITHM[a] + LOGARITHM[b]) % ORDER] if a and b else 0


WEIGHTED: Final = np.array(
    [[multiply(POWERS[place], symbol) for symbol in range(32)] for place in range(LENGTH)],
    dtype=np.uint8,
)
"""Row i: what symbol s at place i adds to the weighted sum, x^i * s."""

LETTERS: Final = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)
_VALUE_OF_LETTER: Final = np.full(256, _NOT_A_SYMBOL, dtype=np.uint8)
_VALUE_OF_LETTER[LETTERS] = np.arange(32, dtype=np.uint8)


def are_valid(texts: Any) -> NDArray[np.bool_]:
    """Which texts of a column are pseudonyms written exactly as they are given out.

    Args:
        texts: n texts, an Arrow array; a missing one is not valid.
    """
    candidates, symbols = _read(texts)
    valid = np.zeros(len(candidates), dtype=bool)
    known = (symbols != _NOT_A_SYMBOL).all(axis=1)
    valid[candidates] = known & _holds(np.where(known[:, None], symbols, 0))
    return valid


def look_like(texts: Any) -> NDArray[np.bool_]:
    """Which texts of a column are 22 symbols of the alphabet, whether the check holds or not."""
    candidates, symbols = _read(texts)
    alike = np.zeros(len(candidates), dtype=bool)
    alike[candidates] = (symbols != _NOT_A_SYMBOL).all(axis=1)
    return alike


def weighted_sum(symbols: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The sum of symbols, weighted by their places: shape (n, places) to (n,)."""
    total = np.zeros(len(symbols), dtype=np.uint8)
    for place in range(symbols.shape[1]):
        total ^= WEIGHTED[place][symbols[:, place]]
    return total


def is_running_number(text: str) -> bool:
    """Whether a text is a running number in the one way to write it."""
    return (
        len(text) == NUMBER_LENGTH
        and text.isascii()
        and text.isdigit()
        and text[0] != "0"
        and int(text) % MODULUS == 1
    )


def are_running_numbers(texts: Any) -> list[bool]:
    """Which texts of an Arrow column are running numbers in the one way to write them."""
    column = texts.cast(pa.large_string())
    return [text is not None and is_running_number(text) for text in column.to_pylist()]


def _read(texts: Any) -> tuple[NDArray[np.bool_], NDArray[np.uint8]]:
    """Which texts have 22 bytes, and the values of the symbols of those."""
    array = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    values = [text.encode() if text is not None else b"" for text in array.to_pylist()]
    candidates = np.array([len(value) == LENGTH for value in values], dtype=bool)
    joined = b"".join(value for value in values if len(value) == LENGTH)
    return candidates, _VALUE_OF_LETTER[np.frombuffer(joined, dtype=np.uint8)].reshape(-1, LENGTH)


def _holds(words: NDArray[np.uint8]) -> NDArray[np.bool_]:
    good: NDArray[np.bool_] = (np.bitwise_xor.reduce(words, axis=1) == 0) & (
        weighted_sum(words) == 0
    )
    return good
