"""Pages: what every page of the house has, as HTML that needs nothing but a browser.

A page is one file without scripts and without any request; its own policy forbids both. Bokmål and
English stand side by side, and two radio buttons choose which of them is shown.
"""

from __future__ import annotations

from typing import Final

import jinja2
from markupsafe import Markup

from hsr_privacy.documents import Label

THIN_SPACE: Final = "\u202f"
NO_BREAK: Final = "\u00a0"
MINUS: Final = "\u2212"


def environment(room: str) -> jinja2.Environment:
    """The templates of a room, with the house's ``style.css`` and what all pages call.

    They may say ``{{ number|count }}`` and ``{{ t(bokmål, english) }}``, or ``t`` of a label.

    Args:
        room: the package that has ``templates``, such as ``hsr_privacy.release``.
    """
    made = jinja2.Environment(
        loader=jinja2.ChoiceLoader([jinja2.PackageLoader(room), jinja2.PackageLoader(__name__)]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["count"] = count_text
    made.globals["t"] = both
    return made


def both(label: Label | str, english: str | None = None) -> Markup:
    """A text in both languages, of which the page shows one; the same text in both stands once."""
    if isinstance(label, str):
        label = Label(nb=label, en=label if english is None else english)
    if label.nb == label.en:
        return Markup("{}").format(label.nb)
    return Markup('<span lang="nb">{}</span><span lang="en">{}</span>').format(label.nb, label.en)


def count_text(number: int) -> str:
    """A count with its thousands apart, the same in both languages (ISO 80000-1)."""
    return f"{number:,}".replace(",", THIN_SPACE).replace("-", MINUS)
