"""Coordinates of places in Norway in rows of text: degrees (WGS84), UTM and MGRS."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from hsr_privacy.scanning.blocks import Block, Bools, Hits, Int64s
from hsr_privacy.scanning.runs import Runs, byte_at

COORDINATES: Final = "coordinates"

NORTH_DEGREES: Final = (57, 81)
EAST_DEGREES: Final = (4, 32)
_FEWEST_DECIMALS: Final = 4
_WINDOW: Final = 48

_NO_WORD: Final = rb"[^A-Za-z0-9\n]"
_EAST: Final = rb"(?:[E\xd8\xf8]|\xc3\x98|\xc3\xb8)"
_AXIS: Final = (
    rb"(?:N|nord|north|lat[a-z]*|bredde[a-z]*|lon[a-z]*|lng|lengde[a-z]*|east|"
    + _EAST
    + rb"(?:st)?)"
)
_BETWEEN: Final = re.compile(
    _NO_WORD + rb"{0,6}(?:" + _AXIS + _NO_WORD + rb"{0,6}){0,2}", re.IGNORECASE
)
_LETTER: Final = re.compile(rb"[A-Za-z\x80-\xff]")
_NAMED: Final = re.compile(rb"\s?(?:N|\xd8|\xf8|\xc3\x98|\xc3\xb8|\xc2?\xb0)")

_DEGREE: Final = rb"\s?(?:\xc2?\xb0|\xc2?\xba)\s?[0-5]?[0-9]"
_DEGREES: Final = re.compile(
    rb"(?<![0-9])(?:5[7-9]|[67][0-9]|8[01])" + _DEGREE + rb"(?:[.,][0-9]+)?\s?['\xb4\xe2]"
    rb"[^\n]{0,24}?N[^\n]{0,8}?(?<![0-9])[0-3]?[0-9]" + _DEGREE
)  # fmt: skip

_DECIMALS: Final = rb"(?:[.,][0-9]+)?"
_EASTING: Final = rb"[0-9]{6}" + _DECIMALS
_NORTHING: Final = rb"[67][0-9]{6}" + _DECIMALS
_TO_EAST: Final = rb"\s?m?\s?" + _EAST
_TO_NORTH: Final = rb"\s?m?\s?N"
_LITTLE: Final = _NO_WORD + rb"{0,4}"
_BEFORE: Final = rb"[:= ]{1,2}"
_UTM: Final = re.compile(
    b"|".join(
        (
            rb"(?:utm|euref|sone|zone)[^0-9\n]{0,3}(?:3[1-6])?[^0-9\n]{0,8}(?:"
            + _EASTING + rb"[^0-9\n]{0,12}" + _NORTHING + rb"|"
            + _NORTHING + rb"[^0-9\n]{0,12}" + _EASTING + rb")(?![0-9])",
            rb"(?<![0-9])" + _EASTING + _TO_EAST + _LITTLE + _NORTHING + _TO_NORTH,
            rb"(?<![0-9])" + _NORTHING + _TO_NORTH + _LITTLE + _EASTING + _TO_EAST,
            rb"N" + _BEFORE + _NORTHING + _LITTLE + _EAST + _BEFORE + _EASTING,
            _EAST + _BEFORE + _EASTING + _LITTLE + rb"N" + _BEFORE + _NORTHING,
        )
    ),
    re.IGNORECASE,
)  # fmt: skip
_MGRS: Final = re.compile(
    rb"(?<![A-Za-z0-9])3[1-6][VWX]\s?[A-HJ-NP-Z]{2}\s?"
    rb"(?:[0-9]{4}\s?[0-9]{4}|[0-9]{5}\s?[0-9]{5})(?![A-Za-z0-9])"
)
_FIRST: Final = re.compile(rb"[0-9]+(?:[.,][0-9]+)?")


def find_coordinates(block: Block, runs: Runs, *, strict: bool) -> list[Hits]:
    """Find pairs of coordinates in a text.

    Args:
        block: rows of text.
        runs: its runs of digits.
        strict: two decimals are not enough, because pictures are drawn by such here.
    """
    if not len(runs.starts):
        return []
    parts = (
        _decimal(block, runs, strict=strict),
        _degrees(block),
        _utm(block, runs),
        _mgrs(block, runs),
    )
    found = np.unique(np.concatenate(parts))
    texts = [_FIRST.search(block.text(at, at + 20)) for at in found.tolist()]
    marks = [hash(match and match[0]) for match in texts]
    return [Hits(COORDINATES, None, found, np.array(marks, np.int64))] if len(found) else []


def _decimal(block: Block, runs: Runs, *, strict: bool) -> Int64s:
    """Latitude and longitude, in either order, with four decimals at least."""
    whole, lengths = _small(block, runs), runs.lengths
    gap = runs.starts[1:] - runs.ends[:-1]
    sign = byte_at(block.data, runs.ends[:-1])
    decimal = (gap == 1) & ((sign == ord(".")) | (sign == ord(",")))
    decimal &= (lengths[1:] >= _FEWEST_DECIMALS) & (lengths[:-1] <= 2)
    decimal = np.append(decimal, False)
    count = len(whole) - 3
    if count <= 0:
        return np.empty(0, np.int64)
    north, east = _between(whole, NORTH_DEGREES), _between(whole, EAST_DEGREES)
    pairs = decimal[:count] & decimal[2 : 2 + count]
    pairs &= (north[:count] & east[2 : 2 + count]) | (east[:count] & north[2 : 2 + count])
    pairs &= runs.starts[2 : 2 + count] - runs.ends[1 : 1 + count] <= _WINDOW // 2
    return np.array(
        [
            runs.starts[place]
            for place in np.flatnonzero(pairs).tolist()
            if _is_pair(block, runs, place, strict=strict)
        ],
        np.int64,
    )


def _is_pair(block: Block, runs: Runs, place: int, *, strict: bool) -> bool:
    between = block.text(runs.ends[place + 1], runs.starts[place + 2])
    if not _BETWEEN.fullmatch(between):
        return False
    behind = block.text(runs.ends[place + 3], runs.ends[place + 3] + 4)
    if _LETTER.search(between) or _NAMED.match(behind):
        return True
    if b"/" in between:  # of a DOI or a path
        return False
    before = block.text(runs.starts[place] - 2, runs.starts[place])
    listed = re.search(rb"[0-9A-Za-z][ ,;]?$", before) or re.match(rb"[ ,;]?[0-9A-Za-z]", behind)
    return not strict and not listed


def _degrees(block: Block) -> Int64s:
    """Degrees, minutes and seconds."""
    starts = set()
    for sign in (0xB0, 0xBA):
        for place in np.flatnonzero(block.data == sign).tolist():
            at = max(0, place - 4)
            match = _DEGREES.search(block.text(at, place + _WINDOW))
            if match:
                starts.add(at + match.start())
    ordered = sorted(starts)
    return np.array(
        [at for n, at in enumerate(ordered) if not n or at - ordered[n - 1] > 4], np.int64
    )


def _utm(block: Block, runs: Runs) -> Int64s:
    """Easting and northing in metres."""
    first = byte_at(block.data, runs.starts)
    second = byte_at(block.data, runs.starts + 1)
    likely = (runs.lengths == 7) & (
        ((first == ord("6")) & (second >= ord("4"))) | (first == ord("7"))
    )
    starts, after = [], -1
    for start in runs.starts[likely].tolist():
        at = max(after, start - _WINDOW, 0)
        for match in _UTM.finditer(block.text(at, start + _WINDOW)):
            if match.start() <= start - at < match.end() and at + match.start() >= after:
                starts.append(at + match.start())
                after = at + match.end()
                break
    return np.array(starts, np.int64)


def _mgrs(block: Block, runs: Runs) -> Int64s:
    """Squares of the military grid, to ten metres or one."""
    letter = byte_at(block.data, runs.ends)
    likely = (runs.lengths == 2) & np.isin(letter, list(b"VWX"))
    return np.array(
        [
            start
            for start in runs.starts[likely].tolist()
            if _MGRS.match(block.text(start, start + 20))
        ],
        np.int64,
    )


def _small(block: Block, runs: Runs) -> Int64s:
    """The value of each run of one or two digits; -1 of all longer ones."""
    tens = byte_at(block.data, runs.starts).astype(np.int64) - ord("0")
    ones = byte_at(block.data, runs.starts + 1).astype(np.int64) - ord("0")
    lengths = runs.lengths
    return np.where(lengths == 1, tens, np.where(lengths == 2, 10 * tens + ones, -1))


def _between(values: Int64s, ends: tuple[int, int]) -> Bools:
    return (values >= ends[0]) & (values <= ends[1])
