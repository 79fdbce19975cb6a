"""Lines: a heading, a paragraph, a bullet and a named field, for a terminal of 92 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Final

from hsr_privacy.documents import Label

WIDTH: Final = 92
_FIELD: Final = 20

Say = Callable[[str, str], str]
"""Chooses between a text in bokmål and the same in English."""


def told(label: Label, say: Say) -> str:
    """A label in the language that is chosen."""
    return say(label.nb, label.en)


def heading(text: str) -> str:
    """A heading with a line under it."""
    return f"{text}\n{'─' * len(text)}"


def paragraph(text: str) -> list[str]:
    """A text in lines."""
    return textwrap.wrap(text, WIDTH)


def bullet(text: str) -> list[str]:
    """A text in lines behind a bullet."""
    return textwrap.wrap(text, WIDTH, initial_indent="• ", subsequent_indent="  ")


def field(name: str, text: str) -> list[str]:
    """A text in lines behind its name."""
    return textwrap.wrap(
        text, WIDTH, initial_indent=f"{name:<{_FIELD}}", subsequent_indent=" " * _FIELD
    )
