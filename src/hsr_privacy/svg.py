"""SVG: the pieces that every picture is drawn with, as text that needs nothing else."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape

WIDE: Final = 7.6
"""Pixels that a letter of 13 pixels takes at most, but for wide scripts, which take two."""


def picture(
    parts: Iterable[str], *, title: str, told: str, style: str, width: float, height: float
) -> str:
    """A whole picture, as a file of its own; its background is the class ``page``.

    Args:
        parts: what is drawn, as SVG text.
        title: of the picture; not drawn, but read out.
        told: what it shows, for who cannot see it.
        style: rules of CSS.
        width: in pixels.
        height: in pixels.
    """
    styled = [
        f"<style>\n{style}</style>",
        f'<rect class="page" width="{width:g}" height="{height:g}"/>',
        *parts,
    ]
    drawn = element(styled, title=title, told=told, width=width, height=height)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawn}\n'


def element(
    parts: Iterable[str],
    *,
    title: str,
    told: str,
    width: float,
    height: float,
    name: str = "",
    more: str = "",
) -> str:
    """A picture as an element, to stand in a page that has the style.

    Args:
        parts: what is drawn, as SVG text.
        title: of the picture; not drawn, but read out.
        told: what it shows, for who cannot see it.
        width: in pixels.
        height: in pixels.
        name: begins the ids, which must be the only ones of their kind on a page.
        more: further attributes, each after a blank.
    """
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" role="img" '
        f'aria-labelledby="{name}title {name}desc"{more}>'
    )
    return "\n".join(
        [
            opening,
            f'<title id="{name}title">{xml(title)}</title>',
            f'<desc id="{name}desc">{xml(told)}</desc>',
            *parts,
            "</svg>",
        ]
    )


def text(left: float, base: float, words: str, kind: str = "") -> str:
    """Words from a left edge, on a base line."""
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{left:.2f}" y="{base:.2f}">{xml(words)}</text>'


def fit(words: str, width: float, scale: float = 1) -> str:
    """The words, cut so that they take at most ``width`` pixels.

    Args:
        words: on one line.
        width: in pixels.
        scale: of the letters, 1 being 13 pixels.
    """
    words = " ".join(words.split())
    room = math.floor(width / (WIDE * scale))
    taken = 0
    for place, letter in enumerate(words):
        taken += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if taken > room:
            return words[: max(0, place - 1)].rstrip() + "…" if room > 1 else ""
    return words


def xml(words: str) -> str:
    """Words as XML may hold them."""
    return escape(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", words))


_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
