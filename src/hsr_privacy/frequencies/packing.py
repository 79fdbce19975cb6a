"""Packing: the leaves of all quasi-identifiers of a combination in as few 64-bit words as they need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hsr_privacy.errors import DataError

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

WORD: Final = 63
"""Bits of a word that are used; the sign stays free."""
_BLOCK: Final = 65_536


@dataclass(frozen=True, eq=False)
class Packing:
    """Where in its word the leaf of each column stands.

    Combinations wider than a word take several words, so that nothing ever wraps around.

    Attributes:
        words: number of words.
        word: int64, per column, its word.
        shift: int64, per column, the bits to its right.
        bits: int64, per column, its width.
    """

    words: int
    word: Int64s
    shift: Int64s
    bits: Int64s

    @classmethod
    def of(cls, sizes: Sequence[int]) -> Packing:
        """Lay out columns with these numbers of leaves, in order.

        Raises:
            DataError: a column with more leaves than a number of 31 bits can tell apart.
        """
        word, shift, bits = [], [], []
        used, at = 0, 0
        for size in sizes:
            width = max(size - 1, 0).bit_length()
            if width > 31:
                raise DataError(f"a hierarchy of {size} leaves; at most {2**31} can be told apart")
            if used + width > WORD:
                at, used = at + 1, 0
            word.append(at)
            shift.append(used)
            bits.append(width)
            used += width
        places = (np.array(one, np.int64) for one in (word, shift, bits))
        return cls(at + 1, *places)

    def pack(self, codes: ArrayLike) -> Int64s:
        """Codes of shape (combinations, columns) as words of shape (combinations, words)."""
        table = np.asarray(codes)
        places = np.zeros((len(self.word), self.words), np.int64)
        places[np.arange(len(self.word)), self.word] = np.int64(1) << self.shift
        words = np.empty((len(table), self.words), np.int64)
        for begin in range(0, len(table), _BLOCK):  # no copy of the whole as wide as the words
            block = slice(begin, begin + _BLOCK)
            np.matmul(table[block], places, out=words[block])
        return words

    def column(self, packed: Int64s, place: int) -> Int32s:
        """int32, the leaf of one column in every combination."""
        mask = (1 << int(self.bits[place])) - 1
        codes = (packed[:, self.word[place]] >> self.shift[place]) & mask
        leaves: Int32s = codes.astype(np.int32)
        return leaves
