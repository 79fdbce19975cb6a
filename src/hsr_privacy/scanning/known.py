"""Identifiers that are known, held as keyed digests only, to be looked up exactly."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from typing import Final

import numpy as np

from hsr_privacy.scanning.blocks import Bools, Bytes

_DIGEST_BYTES: Final = 16
_KEY_BYTES: Final = 32
_ELEVEN: Final = 11
_SIGNS: Final = re.compile(r"[\s.\-\u00a0\u2009]")
_ALL_DIGITS: Final = re.compile(r"[0-9]+")
_FEWEST_DIGITS: Final = 5
_MOST_DIGITS: Final = 18


class Known:
    """A set of identifiers, of which nothing can be read: BLAKE2b under a key drawn for this one.

    Those of digits are found however they are written; all others, such as journal numbers, where
    they are a whole cell or a whole word.
    """

    def __init__(self, identifiers: Iterable[str]) -> None:
        """Take the digests of identifiers.

        Args:
            identifiers: texts; one that means somebody inside an enterprise only may stand behind
                its enterprise and a ``|``. Blank ones, and those of under five signs, are left out.
        """
        self._key = secrets.token_bytes(_KEY_BYTES)
        numbers: set[bytes] = set()
        words: set[bytes] = set()
        widths, lengths = set(), set()
        for identifier in identifiers:
            text = identifier.rpartition("|")[2].strip()
            digits = _SIGNS.sub("", text)
            if len(text) < _FEWEST_DIGITS:
                continue
            if _ALL_DIGITS.fullmatch(digits) and _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS:
                numbers.add(self._digest(digits.encode()))
                widths.add(len(digits))
            else:
                words.add(self._digest(text.encode()))
                lengths.add(len(text.encode()))
        self._numbers, self._words = frozenset(numbers), frozenset(words)
        self.widths = frozenset(widths)
        self.lengths = frozenset(lengths)

    def __len__(self) -> int:
        """How many different ones."""
        return len(self._numbers) + len(self._words)

    def __repr__(self) -> str:
        """How many, and nothing of them."""
        return f"Known({len(self)} identifiers)"

    def holds(self, digits: Bytes) -> Bools:
        """Which numbers are known, shape (n,).

        Args:
            digits: shape (n, width), values 0-9.
        """
        count, width = digits.shape
        if width not in self.widths or not count:
            return np.zeros(count, dtype=bool)
        texts = (digits + np.uint8(ord("0"))).tobytes()
        return np.fromiter(
            (
                self._digest(texts[at : at + width]) in self._numbers
                for at in range(0, len(texts), width)
            ),
            dtype=bool,
            count=count,
        )

    def holds_without_zero(self, digits: Bytes) -> Bools:
        """Which numbers of ten digits are known ones of eleven that have lost their leading zero."""
        return self.holds(np.pad(digits, ((0, 0), (_ELEVEN - digits.shape[1], 0))))

    def holds_word(self, text: bytes) -> bool:
        """Whether a whole cell or word is a known identifier that is no number."""
        return len(text) in self.lengths and self._digest(text) in self._words

    def _digest(self, text: bytes) -> bytes:
        return hashlib.blake2b(text, digest_size=_DIGEST_BYTES, key=self._key).digest()
