"""The page: a letter as HTML that needs nothing but a browser, in both languages, for A4."""

from __future__ import annotations

from functools import cache

import jinja2

from hsr_privacy.letters.content import LetterContent
from hsr_privacy.letters.parts import day_words, sections_of
from hsr_privacy.pages import environment


def letter_page(content: LetterContent) -> str:
    """A letter as one self-contained HTML page; print it from the language that is shown."""
    return (
        _environment()
        .get_template("letter.html.j2")
        .render(content=content, sections=sections_of(content), day=day_words(content.day))
    )


@cache
def _environment() -> jinja2.Environment:
    return environment("hsr_privacy.letters")
