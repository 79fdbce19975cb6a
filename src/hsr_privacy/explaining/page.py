"""The page: an explanation as HTML that needs nothing but a browser, in both languages.

It is one file without scripts and without any request; its own policy forbids both. Bokmål and
English stand side by side, and two radio buttons choose which of them is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final

import jinja2
from markupsafe import Markup

from hsr_privacy.explaining import figures, sentences, wording
from hsr_privacy.explaining.bars import columns_picture, subgroups_picture
from hsr_privacy.explaining.canvas import RULES
from hsr_privacy.explaining.explanation import Explanation, Group, Grouping
from hsr_privacy.explaining.figures import Language
from hsr_privacy.explaining.frontier_picture import frontier_picture
from hsr_privacy.pages import both, environment

_LANGUAGES: Final[tuple[Language, ...]] = ("nb", "en")
_PICTURES: Final[dict[str, Callable[..., str | None]]] = {
    "columns": columns_picture,
    "subgroups": subgroups_picture,
    "frontier": frontier_picture,
}
_SENTENCES: Final[dict[str, Callable[[Explanation, Language], str | list[str]]]] = {
    "heading": wording.heading,
    "columns": sentences.columns_in_words,
    "neighbours": sentences.neighbours_in_words,
    "drivers": sentences.drivers_in_words,
    "subgroups": sentences.subgroups_in_words,
    "frontier": sentences.frontier_in_words,
}


def explanation_page(explanation: Explanation, *, title: str) -> str:
    """The explanation as one self-contained HTML page.

    Args:
        explanation: of a release.
        title: of the page, such as the name of the file or of the project.
    """
    template = _environment().get_template("explanation.html.j2")
    return template.render(e=explanation, title=title)


def explanation_sections(explanation: Explanation) -> Markup:
    """The same without the page around it, for a page of the house that has its style and `RULES`."""
    return Markup(_environment().get_template("sections.html.j2").render(e=explanation))  # noqa: S704 - escaped by the template


def _figure(write: Callable[[float, Language], str]) -> Callable[[float], Markup]:
    return lambda number: both(write(number, "nb"), write(number, "en"))


def _said(explanation: Explanation, part: str) -> list[Markup]:
    """The sentences of a part."""
    texts = []
    for language in _LANGUAGES:
        said = _SENTENCES[part](explanation, language)
        texts.append([said] if isinstance(said, str) else said)
    return [both(nb, en) for nb, en in zip(*texts, strict=True)]


def _drawn(explanation: Explanation, part: str) -> Markup:
    """A picture in both languages, or nothing."""
    drawn = [_PICTURES[part](explanation, language, name=part) for language in _LANGUAGES]
    return Markup("\n".join(one or "" for one in drawn))  # noqa: S704 - escaped as it was drawn


def _called(grouping: Grouping, group: Group) -> Markup:
    return both(*(wording.group_name(grouping, group, language) for language in _LANGUAGES))


@cache
def _environment() -> jinja2.Environment:
    made = environment("hsr_privacy.explaining")
    made.filters |= {
        "change": figures.change,
        "risk": figures.risk,
        "share": _figure(figures.percent),
        "moved": _figure(figures.percent_change),
        "times": _figure(figures.times),
    }
    made.globals |= {
        "said": _said,
        "drawn": _drawn,
        "called": _called,
        "methods": wording.METHODS,
        "causes": wording.COLUMN_CAUSES,
        "rules": RULES,
    }
    return made
