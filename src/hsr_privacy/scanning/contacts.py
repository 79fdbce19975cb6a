"""Telephone numbers and e-mail addresses in rows of text.

A telephone number is eight digits only where something says so: a country code, a word such as ``tlf``,
the name of its column, or the way in which Norwegians write one (``22 22 22 22``, ``922 22 222``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from hsr_privacy.scanning.blocks import Block, Bools, Hits, Int64s, table_of
from hsr_privacy.scanning.runs import Runs, byte_at, joined, whole_rows

PHONE: Final = "phone"
EMAIL: Final = "e-mail"

_WRITTEN: Final = ((8,), (2, 2, 2, 2), (3, 2, 3))
_IN_ONE: Final = {10: b"47", 12: b"0047"}
_SAID: Final = re.compile(
    rb"(?:^|[^a-z])(?:tlf|telefon[a-z]*|mobil[a-z]*|mob|tel|phone|cell|ring[a-z]*|sms|gsm)[\s.:=]*"
    rb"(?:nr|nummer[a-z]*|no|er|til|p\xc3?\xa5|at|is)?[\s.:=\"'(]*$",
    re.IGNORECASE,
)
_BEFORE: Final = 40
_SPACES: Final = table_of(b" \xc2\xa0")
_LISTING: Final = table_of(b" .,-/:+\xa0")
_SILENT: Final = table_of(b"\0\n/-,;")
_OPENS: Final = table_of(b"\0\n\t \"'(:;=>|\xa0")
_WORD: Final = table_of(
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_" + bytes(range(0xC0, 0x100))
)
_LOCAL: Final = re.compile(rb"[A-Za-z0-9._%+\-\x80-\xff]{1,64}")
_DOMAIN: Final = re.compile(
    rb"(?:[A-Za-z0-9\x80-\xff][A-Za-z0-9\-\x80-\xff]{0,62}\.){1,8}([A-Za-z]{2,24})(?![A-Za-z0-9])"
)
_LETTERS: Final = re.compile(rb"(?:[\x00-\x7f]|\xc3[\x80-\xbf]|[\xc5\xc6\xd8\xe5\xe6\xf8])*")
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_SURE: Final = frozenset(b"no com net org edu gov info se dk fi is de uk eu example".split())
_FILES: Final = frozenset(b"png jpg jpeg gif svg webp js css html json md py".split())
_LONGEST_LOCAL: Final = 64
_LONGEST_DOMAIN: Final = 254
_SURE_LENGTH: Final = 10


def find_phones(block: Block, runs: Runs, *, told: bool, strict: bool) -> list[Hits]:
    """Find Norwegian telephone numbers.

    Args:
        block: rows of text.
        runs: its runs of digits.
        told: the column says that its values are such numbers.
        strict: eight digits in groups are not enough, because pictures are drawn by such here.
    """
    starts = [_with_code(block, runs)]
    for pattern in _WRITTEN:
        first = joined(block.data, runs, pattern)
        if not len(first):
            continue
        last = first + len(pattern) - 1
        code = _code_before(block, runs, first)
        rest = ~code
        apart = _stands_apart(block, runs, first, last)
        if told:
            rest &= apart
        elif len(pattern) == 1 or strict:
            rest &= _is_said(block, runs.starts[first], rest)
        else:
            plain = apart & _in_groups(block, runs, first, last)
            rest &= plain | _is_said(block, runs.starts[first], rest & ~plain)
        starts.append(runs.starts[first[code | rest]])
    if told:
        _, whole = whole_rows(block, runs)
        starts.append(runs.starts[whole[runs.lengths[whole] == 7]])
    found = np.unique(np.concatenate(starts))
    texts = [re.sub(rb"[^0-9]", b"", block.text(at, at + 15))[:8] for at in found.tolist()]
    return [Hits(PHONE, None, found, _marks(texts))] if len(found) else []


def find_emails(block: Block) -> list[Hits]:
    """Find e-mail addresses."""
    starts, texts, after = [], [], -1
    for place in np.flatnonzero(block.data == ord("@")).tolist():
        local = _LOCAL.match(block.text(max(after, place - _LONGEST_LOCAL), place)[::-1])
        domain = _DOMAIN.match(block.text(place + 1, place + _LONGEST_DOMAIN))
        if local is None or domain is None:
            continue
        start, end = place - local.end(), place + 1 + domain.end()
        text = block.text(start, end)
        if _is_email(text, domain[1].lower(), sure=block.numbers is not None) and not (
            _CONTROLS.search(block.text(start - 8, end + 8))
        ):
            starts.append(start)
            texts.append(text)
            after = end
    return [Hits(EMAIL, None, np.array(starts, np.int64), _marks(texts))] if starts else []


def _is_email(text: bytes, last: bytes, *, sure: bool) -> bool:
    """Whether it is an address and no file name; bytes that may be no text look like one by chance."""
    if last in _FILES or not (text.isascii() or _LETTERS.fullmatch(text)):
        return False
    return sure or (text.isascii() and last in _SURE and len(text) >= _SURE_LENGTH)


def _with_code(block: Block, runs: Runs) -> Int64s:
    """Numbers that are one run together with the country code: +4722222222, 004722222222."""
    found = [np.empty(0, np.int64)]
    for width, code in _IN_ONE.items():
        starts = runs.starts[runs.lengths == width]
        fits = np.ones(len(starts), dtype=bool)
        for place, sign in enumerate(code):
            fits &= byte_at(block.data, starts + place) == sign
        before = byte_at(block.data, starts - 1)
        fits &= (before == ord("+")) if width == 10 else _OPENS[before]
        found.append(starts[fits])
    return np.concatenate(found)


def _code_before(block: Block, runs: Runs, first: Int64s) -> Bools:
    """Whether +47 or 0047 stands before, in brackets or not."""
    data, previous = block.data, np.maximum(first - 1, 0)
    starts, lengths = runs.starts[previous], runs.lengths[previous]
    gap = runs.starts[first] - runs.ends[previous]
    near = (first > 0) & (gap >= 1) & (gap <= 3)
    for place in range(3):
        sign = byte_at(data, runs.ends[previous] + place)
        near &= (place >= gap) | _SPACES[sign] | (sign == ord(")")) | (sign == ord("-"))
    ends = np.ones(len(first), dtype=bool)
    for place, digit in enumerate(b"47"):
        ends &= byte_at(data, runs.ends[previous] - 2 + place) == digit
    zeros = (byte_at(data, starts) == ord("0")) & (byte_at(data, starts + 1) == ord("0"))
    plus = (lengths == 2) & (byte_at(data, starts - 1) == ord("+"))
    found: Bools = near & ends & (plus | ((lengths == 4) & zeros))
    return found


def _stands_apart(block: Block, runs: Runs, first: Int64s, last: Int64s) -> Bools:
    """Whether neither a word nor another number of the same list touches it."""
    data = block.data
    before, behind = byte_at(data, runs.starts[first] - 1), byte_at(data, runs.ends[last])
    previous, following = np.maximum(first - 1, 0), np.minimum(last + 1, len(runs.starts) - 1)
    left = (first > 0) & (runs.starts[first] - runs.ends[previous] == 1) & _LISTING[before]
    right = (last + 1 < len(runs.starts)) & (
        (runs.starts[following] - runs.ends[last] == 1) & _LISTING[behind]
    )
    signed = (before == ord("-")) | (before == ord("+")) | (before == ord("."))
    apart: Bools = ~(_WORD[before] | _WORD[behind] | left | right | signed)
    return apart


def _in_groups(block: Block, runs: Runs, first: Int64s, last: Int64s) -> Bools:
    """Whether it is written as such numbers are, with blanks, and is no date."""
    data = block.data
    digit = byte_at(data, runs.starts[first])
    fits = (digit >= ord("2")) & (digit <= ord("9"))
    span = runs.ends[last] - runs.starts[first]
    for place in range(1, 14):
        sign = byte_at(data, runs.starts[first] + place)
        fits &= (place >= span) | _SPACES[sign] | ((sign >= ord("0")) & (sign <= ord("9")))
    for place in np.flatnonzero(fits & (last - first == 3)).tolist():
        groups = [
            int(block.text(runs.starts[at], runs.ends[at]))
            for at in range(first[place], last[place] + 1)
        ]
        fits[place] = not (groups[0] <= 31 and 1 <= groups[1] <= 12 and groups[2] in {19, 20})
    return fits


def _is_said(block: Block, starts: Int64s, asked: Bools) -> Bools:
    """Whether a word before says that it is a telephone number; looked at only where asked."""
    said = np.zeros(len(starts), dtype=bool)
    asked = asked & ~_SILENT[byte_at(block.data, starts - 1)]
    for place in np.flatnonzero(asked).tolist():
        before = block.text(starts[place] - _BEFORE, starts[place])
        said[place] = _SAID.search(before.rpartition(b"\n")[2]) is not None
    return said


def _marks(texts: Sequence[bytes]) -> Int64s:
    """A number for each text, by which it is known again."""
    return np.array([hash(text) for text in texts], np.int64)
