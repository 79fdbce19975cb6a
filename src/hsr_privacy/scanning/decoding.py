"""Rows in which digits are written otherwise: full-width, %30, &#48;, base64, with invisible signs between.

Only the rows that need it are rewritten, so a million ordinary ones cost a few passes over their bytes.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import unicodedata
from typing import Final

import numpy as np

from hsr_privacy.scanning.blocks import Block, Bytes, Int64s, table_of

_HEX: Final = table_of(b"0123456789abcdefABCDEF")
_PERCENT: Final = re.compile(rb"%([0-9A-Fa-f]{2})")
_INVISIBLE: Final = dict.fromkeys(
    (0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF), ""
)
_ENTITY: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")
_ESCAPE: Final = re.compile(r"\\u([0-9a-fA-F]{4})")
# Three digits become four signs of base64, each of them one of few.
_OF_DIGITS: Final = (b"MNO", b"DTjz", b"AEIMQUYcgk", b"wxyz012345")
_GROUPS: Final = 3
_TOKEN: Final = re.compile(rb"[A-Za-z0-9+/_\-]+={0,2}")


def rewritten(block: Block) -> tuple[Block, Block] | None:
    """The rows of a block that are written otherwise, in plain digits, and the block without them.

    Returns:
        The block without those rows, and the rows; None where there are none.
    """
    data = block.data
    if len(data) < 4 or block.numbers is None:
        return None
    encoded = _in_base64(data)
    places = np.concatenate([_places(data), encoded])
    if not len(places):
        return None
    rows = np.unique(block.rows_at(places))
    ends = block.ends()
    texts = []
    for row in rows.tolist():
        start, end = int(block.starts[row]), int(ends[row])
        raw = block.text(start, end)
        here = encoded[(encoded >= start) & (encoded < end)] - start
        texts.append("\n".join([_plain(raw), *_decoded(raw, here)]))
    plain = Block.of_texts(texts, block.numbers[rows])
    return block.without(rows), plain


def _places(data: Bytes) -> Int64s:
    """Bytes with which other spellings of digits begin."""
    first, second, third = data[:-2], data[1:-1], data[2:]
    found = (first == ord("%")) & _HEX[second] & _HEX[third]
    found |= (first == ord("&")) & ((second == ord("#")) | (second == ord("n")))
    found |= (first == ord("\\")) & (second == ord("u")) & (third == ord("0"))
    high = np.flatnonzero((first >= 0xC2) & (first != 0xC3))
    if len(high):
        one, two, three = first[high], second[high], third[high]
        odd = (one == 0xC2) & np.isin(two, (0xAD, 0xB2, 0xB3, 0xB9))
        odd |= (one == 0xE2) & (two == 0x80) & (three >= 0x8B) & (three <= 0x8F)
        odd |= (one == 0xE2) & np.isin(two, (0x81, 0x82, 0x91, 0x92))
        odd |= (one == 0xEF) & ((two == 0xBC) | (two == 0xBB))
        odd |= np.isin(one, (0xD9, 0xDB, 0xDF, 0xE0, 0xE1, 0xEA, 0xF0))
        found[high[odd]] = True
    return np.flatnonzero(found)


def _plain(raw: bytes) -> str:
    """A row with its digits as ASCII."""
    raw = _PERCENT.sub(lambda match: bytes.fromhex(match[1].decode("ascii")), raw)
    text = raw.decode("utf-8", "replace")
    text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    text = text.translate(_INVISIBLE)
    if not text.isascii():
        text = "".join(map(_digit, text))
    return text


def _digit(sign: str) -> str:
    value = None if sign.isascii() else unicodedata.digit(sign, None)
    return sign if value is None else str(value)


def _in_base64(data: Bytes) -> Int64s:
    """Where nine digits stand in base64, from which every number of eleven has at least nine."""
    length = 4 * _GROUPS
    found = np.flatnonzero(table_of(_OF_DIGITS[1])[data[1:]] & table_of(_OF_DIGITS[0])[data[:-1]])
    found = found[found + length <= len(data)]
    for place in range(2, length):
        found = found[table_of(_OF_DIGITS[place % 4])[data[found + place]]]
    return found


def _decoded(raw: bytes, places: Int64s) -> list[str]:
    """The words of base64 at some places of a row, as text."""
    texts, after = [], -1
    for place in places.tolist():
        if place < after:
            continue
        start = place
        while start >= 4 and _TOKEN.fullmatch(raw[start - 4 : start]):
            start -= 4
        token = _TOKEN.match(raw, start)
        assert token is not None
        after = token.end()
        word = token[0].rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
        word = word[: len(word) - (len(word) % 4 == 1)]
        try:
            decoded = base64.b64decode(word + b"=" * (-len(word) % 4))
        except (binascii.Error, ValueError):
            continue
        texts.append(decoded.decode("utf-8", "replace"))
    return texts
