"""Runs of digits, and numbers that are written as one run or as several with a sign in between."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from hsr_privacy.scanning.blocks import Block, Bools, Bytes, Int64s, table_of

_ZERO: Final = np.uint8(ord("0"))
_WIDEST_GAP: Final = 4

# A space, a hyphen and their kin, each byte of them: UTF-8 (C2 A0, E2 80 89, E2 80 93, E2 88 92, ...) and
# Windows-1252 (A0, 96). Taken byte by byte they let through some that do not exist, which harms nothing.
_JOINING: Final = table_of(
    b" \t-./_" + bytes([0xC2, 0xA0, 0xAD, 0xE2, 0x88, *range(0x80, 0x97), 0xAF])
)
_LETTERS: Final = table_of(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_HEX: Final = table_of(b"abcdefABCDEF")
_DIGITS: Final = table_of(b"0123456789")
_LONGEST_WORD: Final = 24


@dataclass(frozen=True)
class Runs:
    """Every longest run of digits of a block, in order.

    Attributes:
        starts: first byte of each, shape (runs,).
        ends: byte behind each, shape (runs,).
    """

    starts: Int64s
    ends: Int64s

    @property
    def lengths(self) -> Int64s:
        """Digits of each, shape (runs,)."""
        return self.ends - self.starts


@dataclass(frozen=True)
class Numbers:
    """Numbers of so many digits, however their digits are set apart.

    Attributes:
        digits: shape (n, width), values 0-9.
        starts: first byte of each, shape (n,).
        ends: byte behind each, shape (n,).
    """

    digits: Bytes = field(repr=False)
    starts: Int64s
    ends: Int64s

    def __len__(self) -> int:
        """How many."""
        return len(self.starts)

    def of(self, chosen: Bools | Int64s) -> Numbers:
        """Some of them."""
        return Numbers(self.digits[chosen], self.starts[chosen], self.ends[chosen])

    def values(self) -> Int64s:
        """Each as a whole number, shape (n,); its width is at most 18."""
        powers = 10 ** np.arange(self.digits.shape[1] - 1, -1, -1, dtype=np.int64)
        return self.digits.astype(np.int64) @ powers


def digit_runs(data: Bytes) -> Runs:
    """Find the runs of digits of some bytes."""
    digit = np.zeros(len(data) + 2, dtype=bool)
    np.less_equal(data - _ZERO, 9, out=digit[1:-1])  # what is below "0" wraps around
    edges = np.flatnonzero(digit[1:] != digit[:-1])
    return Runs(edges[::2], edges[1::2])


def joined(data: Bytes, runs: Runs, pattern: tuple[int, ...]) -> Int64s:
    """Places among the runs where runs of these lengths follow each other, set apart by a joining sign.

    Args:
        data: in which the runs lie.
        runs: all of them.
        pattern: lengths of the runs of one number, such as (6, 5).

    Returns:
        The place of the first run of each.
    """
    lengths, count = runs.lengths, len(runs.starts) - len(pattern) + 1
    if count <= 0:
        return np.empty(0, np.int64)
    fits = lengths[:count] == pattern[0]
    for place, width in enumerate(pattern[1:], start=1):
        fits &= lengths[place : place + count] == width
    found = np.flatnonzero(fits)
    for place in range(len(pattern) - 1):
        found = found[joins(data, runs.ends[found + place], runs.starts[found + place + 1])]
    return found


def joins(data: Bytes, ends: Int64s, starts: Int64s) -> Bools:
    """Whether nothing but a joining sign stands between the end of one run and the start of another."""
    gaps = starts - ends
    fits = (gaps >= 1) & (gaps <= _WIDEST_GAP)
    for place in range(_WIDEST_GAP):
        fits &= (place >= gaps) | _JOINING[data[np.minimum(ends + place, len(data) - 1)]]
    return fits


def numbers(data: Bytes, runs: Runs, pattern: tuple[int, ...]) -> Numbers:
    """All numbers that are written by one pattern of runs; see `joined`."""
    first = joined(data, runs, pattern)
    places = [
        runs.starts[first + place, None] + np.arange(width) for place, width in enumerate(pattern)
    ]
    digits = data[np.concatenate(places, axis=1)] - _ZERO
    return Numbers(digits, runs.starts[first], runs.ends[first + len(pattern) - 1])


def byte_at(data: Bytes, places: Int64s) -> Bytes:
    """The byte at each place; 0 outside."""
    inside = (places >= 0) & (places < len(data))
    found = np.zeros(len(places), np.uint8)
    found[inside] = data[places[inside]]
    return found


def stands_alone(block: Block, found: Numbers) -> Bools:
    """Whether each is a number of its own: no part of a decimal, a digest, a phone or a mixed word.

    A word of letters before or behind it is allowed, as in ``fnr01810089500``, if it has a letter
    that no hexadecimal number has.
    """
    data, starts, ends = block.data, found.starts, found.ends
    before, behind = byte_at(data, starts - 1), byte_at(data, ends)
    digit_before = _DIGITS[byte_at(data, starts - 2)]
    digit_behind = _DIGITS[byte_at(data, ends + 1)]
    comma_behind = (behind == ord(",")) & (byte_at(data, ends + 1) != ord(" "))
    fits: Bools = before != ord("+")
    fits &= ~((before == ord(".")) & digit_before)
    fits &= ~((before == ord(",")) & digit_before & ~comma_behind)
    nothing_more = (byte_at(data, ends + 1) == _ZERO) & ~_DIGITS[byte_at(data, ends + 2)]
    fits &= ~((behind == ord(".")) & digit_behind & ~nothing_more)
    for place in np.flatnonzero(fits & (_LETTERS[before] | _LETTERS[behind])).tolist():
        fits[place] = _is_word(data[max(0, starts[place] - _LONGEST_WORD) : starts[place]][::-1])
        fits[place] &= _is_word(data[ends[place] : ends[place] + _LONGEST_WORD])
    return fits


def stands_bare(block: Block, found: Numbers) -> Bools:
    """Whether each stands between blanks, quotes, brackets or delimiters, as a field of its own."""
    before, behind = byte_at(block.data, found.starts - 1), byte_at(block.data, found.ends)
    stop = (behind == ord(".")) & ~_DIGITS[byte_at(block.data, found.ends + 1)]
    bare: Bools = _FIELD[before] & (_FIELD[behind] | stop)
    return bare


def whole_rows(block: Block, runs: Runs) -> tuple[Int64s, Int64s]:
    """Rows that hold one run of digits and besides it blanks, quotes or a decimal zero at most.

    Returns:
        The rows (from 0), and the place of the run of each.
    """
    if not len(runs.starts):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    rows = block.rows_at(runs.starts)
    ends = block.ends()[rows]
    left, right = runs.starts - block.starts[rows], ends - runs.ends
    fits = (left >= 0) & (left <= 2) & (right >= 0) & (right <= 2)
    for place in range(2):
        sign = byte_at(block.data, block.starts[rows] + place)
        fits &= (place >= left) | _AROUND[sign]
    zero = (byte_at(block.data, runs.ends) == ord(".")) & (
        byte_at(block.data, runs.ends + 1) == _ZERO
    )
    for place in range(2):
        sign = byte_at(block.data, runs.ends + place)
        fits &= (place >= right) | _AROUND[sign] | (zero & (right == 2))
    found = np.flatnonzero(fits)
    return rows[found], found


_FIELD: Final = table_of(b"\0\n\r\t \"'`;,|=:()[]{}<>" + bytes([0xA0]))
_AROUND: Final = table_of(b" \t\"'\r\0")


def _is_word(signs: Bytes) -> bool:
    """Whether what begins here ends as a word of letters that are not all hexadecimal, or at once."""
    mixed = _LETTERS[signs] | _DIGITS[signs]
    length = len(signs) if mixed.all() else int(mixed.argmin())
    word = signs[:length]
    if not length:
        return True
    return length < _LONGEST_WORD and bool(_LETTERS[word].all()) and not _HEX[word].all()
