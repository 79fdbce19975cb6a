"""The pseudonym as people see it: 20 Crockford base32 symbols and 2 check symbols.

The *leftmost 100 of the 128 bits* go into the text; with every person who has ever had a
Norwegian number, the chance that any two share a text is 4e-17. What the check symbols find, and how,
stands in `identifiers.check_symbols`, where validation asks for them too.

Crockford's alphabet has no I, L, O or U: read aloud or typed, a pseudonym stays what it is.

Source: D. Crockford, "Base 32" (crockford.com/base32.html).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.identifiers.check_symbols import (
    ALPHABET,
    DATA_SYMBOLS,
    LENGTH,
    LETTERS,
    LOGARITHM,
    ORDER,
    POWERS,
    WEIGHTED,
    are_valid,
    look_like,
    multiply,
    weighted_sum,
)
from hsr_privacy.pseudonymization.kernels import pseudonym_letters
from hsr_privacy.pseudonymization.key_column import key_matrix

__all__ = [
    "ALPHABET",
    "LENGTH",
    "POWERS",
    "TEXT_BITS",
    "TEXT_FORM",
    "TextColumn",
    "append_check_symbols",
    "are_valid",
    "compact",
    "is_valid",
    "look_like",
    "multiply",
    "text_column",
    "validate",
]

TEXT_FORM: Final = "crockford32-100+2/v1"
"""Named in the manifest."""

TEXT_BITS: Final = 5 * DATA_SYMBOLS

_MISREAD: Final = str.maketrans("IiLlOo", "111100", "- ")

# The last two symbols a, b solve a + b = sum and x^20 a + x^21 b = weighted sum.
_INVERSE: Final = POWERS[-LOGARITHM[POWERS[DATA_SYMBOLS] ^ POWERS[DATA_SYMBOLS + 1]] % ORDER]
_SOLVE: Final = np.array([multiply(_INVERSE, value) for value in range(32)], dtype=np.uint8)


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
    return np.column_stack([symbols, _check_symbols(plain, weighted_sum(symbols))])


def _check_symbols(plain: NDArray[np.uint8], weighted: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The two last symbols a, b that bring both sums to zero, shape (n, 2)."""
    # a = plain + b, so b = (weighted + x^20 plain) / (x^20 + x^21)
    last = _SOLVE[weighted ^ WEIGHTED[DATA_SYMBOLS][plain]]
    return np.column_stack([plain ^ last, last])


def _tables() -> tuple[NDArray[np.uint16], NDArray[np.uint16], NDArray[np.uint16]]:
    """What `pseudonym_letters` looks up: letters and sums of ten bits, and the check letters."""
    ten = np.arange(1024)
    high, low = ten >> 5, ten & 31
    letters = np.stack([LETTERS[high], LETTERS[low]], axis=1)
    two = np.ascontiguousarray(letters).view(np.uint16).reshape(-1)
    sums = np.empty((DATA_SYMBOLS // 2, 1024), dtype=np.uint16)
    for pair in range(DATA_SYMBOLS // 2):
        weighted = WEIGHTED[2 * pair][high] ^ WEIGHTED[2 * pair + 1][low]
        sums[pair] = ((high ^ low) << 5) | weighted
    checks = _check_symbols(high.astype(np.uint8), low.astype(np.uint8))
    last = np.ascontiguousarray(LETTERS[checks]).view(np.uint16).reshape(-1)
    return two, sums, last


_TWO_LETTERS, _SUMS_OF_TWO, _LAST_TWO = _tables()
