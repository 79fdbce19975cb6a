"""Measures: how much room words take, and how they are broken into lines."""

from __future__ import annotations

import itertools
import re
import unicodedata
from typing import Final

LETTER: Final = 12
"""Size of the letters in pixels, as `RULES` has it."""
LINE: Final = 16
"""From one line to the next, in pixels."""
_STRONG: Final = 1.2
_OTHER: Final = 1.1
_GROUPS: Final = {
    0.2: "\u202f",
    0.3: "'IJijl",
    0.35: " ,./:;\\|\u00a0·",
    0.4: "()-[]ft",
    0.45: "!r",
    0.5: '"*_`–',
    0.55: "?csz",
    0.6: "FLkvxy",
    0.65: "$0123456789EPSTYabdeghnopqu{}øåé",
    0.7: "ABCKRVXZÅ",
    0.75: "NU",
    0.8: "&DGHOQØ",
    0.85: "#+<=>^w~→−≥",
    0.9: "M",
    1.0: "%@WmæÆ…",
}
_WIDTHS: Final = {letter: width for width, letters in _GROUPS.items() for letter in letters}
_PIECES: Final = re.compile(r"[^ _/,;-]*[_/,;-]+ *|[^ _/,;-]+ *")


def width(words: str, *, strong: bool = False) -> float:
    """Pixels that words take at most, in the widest of the fonts that a page is shown in.

    That is DejaVu Sans (and Verdana, which is as wide); every other font of the house is narrower.
    So no layout depends on the fonts of the machine that draws.
    """
    ems = sum(_em(letter) for letter in words)
    return ems * LETTER * (_STRONG if strong else 1)


def wrap(words: str, room: float, *, most: int = 4, strong: bool = False) -> tuple[str, ...]:
    """The words in lines that take at most ``room`` pixels.

    Lines break at blanks, and after what joins words in names (``_ - / , ;``); a word that is too
    long for a line is broken anywhere. What needs more than ``most`` lines ends in an ellipsis.

    Args:
        words: blanks of any kind count as one; those that do not break stay.
        room: in pixels.
        most: lines.
        strong: whether the letters are bold.
    """
    plain = " ".join(re.split(r"[ \t\r\n\f\v]+", words)).strip()
    lines = [""]
    for piece in itertools.chain.from_iterable(
        _parts(piece, room, strong=strong) for piece in _PIECES.findall(plain)
    ):
        if lines[-1] and width((lines[-1] + piece).rstrip(), strong=strong) > room:
            lines.append("")
        lines[-1] += piece
    lines = [line.rstrip() for line in lines]
    if len(lines) > most:
        lines = lines[:most]
        last = lines[-1]
        while last and width(last + "…", strong=strong) > room:
            last = last[:-1]
        lines[-1] = last.rstrip() + "…"
    return tuple(lines)


def _parts(piece: str, room: float, *, strong: bool) -> list[str]:
    """A piece, broken where it is longer than a line."""
    parts = [""]
    for letter in piece:
        if parts[-1] and width((parts[-1] + letter).rstrip(), strong=strong) > room:
            parts.append("")
        parts[-1] += letter
    return parts


def _em(letter: str) -> float:
    known = _WIDTHS.get(letter)
    if known is not None:
        return known
    return 0.0 if unicodedata.combining(letter) else _OTHER
