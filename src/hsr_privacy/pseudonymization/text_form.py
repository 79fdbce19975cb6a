"""The pseudonym as people see it: 20 Crockford base32 symbols and 2 check symbols.

The *leftmost 100 of the 128 bits* go into the text; with every person who has ever had a
Norwegian number, the chance that any two share a text is 4e-17. The check symbols make the 22 symbols a
word of a shortened Reed-Solomon code over GF(32) of distance 3: the sum of the symbols and the
sum weighted by powers of a primitive element are both zero. So every single wrong symbol, every
two wrong symbols and every swap of two neighbours is found.

Crockford's alphabet has no I, L, O or U: read aloud or typed, a pseudonym stays what it is.

Source: D. Crockford, "Base 32" (crockford.com/base32.html); I. S. Reed, G. Solomon 1960.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.pseudonymization.kernels import pseudonym_letters
from hsr_privacy.pseudonymization.key_column import key_matrix

TEXT_FORM: Final = "crockford32-100+2/v1"
"""Named in the manifest."""

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DATA_SYMBOLS: Final = 20
CHECK_SYMBOLS: Final = 2
LENGTH: Final = DATA_SYMBOLS + CHECK_SYMBOLS
TEXT_BITS: Final = 5 * DATA_SYMBOLS

_POLYNOMIAL: Final = 0b100101  # x^5 + x^2 + 1, primitive over GF(2)
_ORDER: Final = 31
_MISREAD: Final = str.maketrans("IiLlOo", "111100", "- ")
_NOT_A_SYMBOL: Final = 255


def _powers() -> tuple[int, ...]:
    """Powers 0 to 30 of the primitive element x."""
    powers, value = [], 1
    for _ in range(_ORDER):
        powers.append(value)
        value <<= 1
        if value & 32:
            value ^= _POLYNOMIAL
    return tuple(powers)


POWERS: Final = _powers()
_LOGARITHM: Final = {power: exponent for exponent, power in enumerate(POWERS)}


def multiply(a: int, b: int) -> int:
    """The product of two elements of GF(32)."""
    return POWERS[(_LOGARITHM[a] + _LOGARITHM[b]) % _ORDER] if a and b else 0


# Row i: what symbol s at place i adds to the weighted sum, x^i * s.
_WEIGHTED: Final = np.array(
    [[multiply(POWERS[place], symbol) for symbol in range(32)] for place in range(LENGTH)],
    dtype=np.uint8,
)
# The last two symbols a, b solve a + b = sum and x^20 a + x^21 b = weighted sum.
_INVERSE: Final = POWERS[-_LOGARITHM[POWERS[DATA_SYMBOLS] ^ POWERS[DATA_SYMBOLS + 1]] % _ORDER]
_SOLVE: Final = np.array([multiply(_INVERSE, value) for value in range(32)], dtype=np.uint8)
_LETTERS: Final = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)
_VALUE_OF_LETTER: Final = np.full(256, _NOT_A_SYMBOL, dtype=np.uint8)
_VALUE_OF_LETTER[_LETTERS] = np.arange(32, dtype=np.uint8)


def text_column(pseudonyms: Any) -> pa.Array:
    """Write 16-byte pseudonyms as text.

    Args:
        pseudonyms: n pseudonyms, as `mac.pseudonym_column` gives them.

    Returns:
        n texts of 22 symbols.

    Raises:
        DataError: a pseudonym is missing or is not 16 bytes.
    """
    rows = key_matrix(pseudonyms)
    text = TextColumn(len(rows))
    text.add(rows)
    return text.finish()


class TextColumn:
    """A column of text that is filled part by part, so that no part is held twice."""

    def __init__(self, rows: int) -> None:
        self._letters = np.empty((rows, LENGTH // 2), dtype=np.uint16)
        self._filled = 0

    def add(self, pseudonyms: NDArray[np.uint8]) -> None:
        """Write pseudonyms, shape (n, 16), behind those that stand there."""
        ends = self._filled + len(pseudonyms)
        pseudonym_letters(
            np.ascontiguousarray(pseudonyms),
            _TWO_LETTERS,
            _SUMS_OF_TWO,
            _LAST_TWO,
            self._letters[self._filled : ends],
        )
        self._filled = ends

    def finish(self) -> pa.Array:
        """The column, type ``string``; ``large_string`` beyond 97 million rows."""
        count, end = len(self._letters), self._letters.nbytes
        small = end < 1 << 31
        places = np.arange(0, end + 1, LENGTH, dtype=np.int32 if small else np.int64)
        buffers = [None, pa.py_buffer(places), pa.py_buffer(self._letters)]
        kind = pa.string() if small else pa.large_string()
        return pa.Array.from_buffers(kind, count, buffers)


def are_valid(texts: Any) -> NDArray[np.bool_]:
    """Which texts of a column are pseudonyms written exactly as `text_column` writes them.

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


def _read(texts: Any) -> tuple[NDArray[np.bool_], NDArray[np.uint8]]:
    """Which texts have 22 bytes, and the values of the symbols of those."""
    array = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    values = [text.encode() if text is not None else b"" for text in array.to_pylist()]
    candidates = np.array([len(value) == LENGTH for value in values], dtype=bool)
    joined = b"".join(value for value in values if len(value) == LENGTH)
    return candidates, _VALUE_OF_LETTER[np.frombuffer(joined, dtype=np.uint8)].reshape(-1, LENGTH)


def compact(text: str) -> str:
    """A pseudonym as somebody typed it, in the one way to write it.

    Hyphens and spaces go, letters become capitals, and what looks like 1 or 0 is 1 or 0.

    >>> compact("oiL23-abc")
    '01123ABC'
    """
    return text.translate(_MISREAD).upper()


def validate(text: str) -> str:
    """The pseudonym in the one way to write it.

    Raises:
        DataError: not 22 symbols of the alphabet, or the check symbols do not hold.
    """
    written = compact(text)
    if not is_valid(written):
        raise DataError(
            "this is no pseudonym: it must be 22 symbols and its check symbols must hold; read it "
            "again from its source"
        )
    return written


def is_valid(text: str) -> bool:
    """Whether a text, as somebody typed it, is a pseudonym."""
    return bool(are_valid(pa.array([compact(text)], type=pa.string()))[0])


def append_check_symbols(symbols: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Put two check symbols behind 20 symbols.

    Args:
        symbols: shape (n, 20), values 0-31.

    Returns:
        Shape (n, 22): a word of the code.
    """
    plain = np.bitwise_xor.reduce(symbols, axis=1)
    return np.column_stack([symbols, _check_symbols(plain, _weighted_sum(symbols))])


def _check_symbols(plain: NDArray[np.uint8], weighted: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The two last symbols a, b that bring both sums to zero, shape (n, 2)."""
    # a = plain + b, so b = (weighted + x^20 plain) / (x^20 + x^21)
    last = _SOLVE[weighted ^ _WEIGHTED[DATA_SYMBOLS][plain]]
    return np.column_stack([plain ^ last, last])


def _holds(words: NDArray[np.uint8]) -> NDArray[np.bool_]:
    good: NDArray[np.bool_] = (np.bitwise_xor.reduce(words, axis=1) == 0) & (
        _weighted_sum(words) == 0
    )
    return good


def _weighted_sum(symbols: NDArray[np.uint8]) -> NDArray[np.uint8]:
    total = np.zeros(len(symbols), dtype=np.uint8)
    for place in range(symbols.shape[1]):
        total ^= _WEIGHTED[place][symbols[:, place]]
    return total


def _tables() -> tuple[NDArray[np.uint16], NDArray[np.uint16], NDArray[np.uint16]]:
    """What `pseudonym_letters` looks up: letters and sums of ten bits, and the check letters."""
    ten = np.arange(1024)
    high, low = ten >> 5, ten & 31
    letters = np.stack([_LETTERS[high], _LETTERS[low]], axis=1)
    two = np.ascontiguousarray(letters).view(np.uint16).reshape(-1)
    sums = np.empty((DATA_SYMBOLS // 2, 1024), dtype=np.uint16)
    for pair in range(DATA_SYMBOLS // 2):
        weighted = _WEIGHTED[2 * pair][high] ^ _WEIGHTED[2 * pair + 1][low]
        sums[pair] = ((high ^ low) << 5) | weighted
    checks = _check_symbols(high.astype(np.uint8), low.astype(np.uint8))
    last = np.ascontiguousarray(_LETTERS[checks]).view(np.uint16).reshape(-1)
    return two, sums, last


_TWO_LETTERS, _SUMS_OF_TWO, _LAST_TWO = _tables()
