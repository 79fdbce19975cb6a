"""The page: a portrait as HTML that needs nothing but a browser, in both languages.

It is one file without scripts and without any request; its own policy forbids both.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final

import jinja2
from markupsafe import Markup

from hsr_privacy.codebook import Codebook
from hsr_privacy.documents import Label
from hsr_privacy.explaining.figures import Language
from hsr_privacy.pages import both, environment
from hsr_privacy.portrait import sentences, wording
from hsr_privacy.portrait.comparison import Compared
from hsr_privacy.portrait.curve_pictures import response_picture, survival_picture
from hsr_privacy.portrait.drawing import RULES
from hsr_privacy.portrait.flow_picture import flow_picture
from hsr_privacy.portrait.groups import BANDS
from hsr_privacy.portrait.hiding import Count
from hsr_privacy.portrait.people_pictures import band_name, pyramids_picture, week_picture
from hsr_privacy.portrait.portrait import Portrait
from hsr_privacy.portrait.share_pictures import lives_picture, years_picture

_LANGUAGES: Final[tuple[Language, ...]] = ("nb", "en")


def portrait_page(portrait: Portrait, *, title: str, codebook: Codebook) -> str:
    """The portrait as one self-contained HTML page.

    Args:
        portrait: of a register.
        title: of the page, such as the name of the folder.
        codebook: names the places.
    """
    template = _environment().get_template("portrait.html.j2")
    places = codebook.codes(codebook["sted"])
    return template.render(
        p=portrait,
        title=title,
        bands=[(band_name(first), place) for place, first in enumerate(BANDS)],
        place_names={str(one.code): Label(nb=one.nb, en=one.en) for one in places},
        numbers={name: place for place, name in enumerate(_named(portrait), start=1)},
        figures=[one for one in portrait.compared if one.kind == "figure"],
        odds={one.name: one for one in portrait.compared if one.kind == "odds"},
        trusts=[one for one in portrait.compared if one.kind.endswith("trust")],
        agreement=sentences.agreement(portrait),
    )


def _named(portrait: Portrait) -> list[str]:
    """Sources that figures name, in the order in which they first do."""
    return list(dict.fromkeys(one.source for one in portrait.compared))


def _in_both(write: Callable[..., str]) -> Callable[..., Markup]:
    """A text of each language, of which the page shows one."""
    return lambda *words: both(*(write(*words, language) for language in _LANGUAGES))


def _drawn(p: Portrait, part: str) -> Markup:
    """A picture in both languages, or nothing."""
    pictures = [_PICTURES[part](p, language, part) or "" for language in _LANGUAGES]
    return Markup("\n".join(pictures)) if any(pictures) else Markup("")  # noqa: S704 - escaped as it was drawn


def _flow(p: Portrait, language: Language, name: str) -> str | None:
    outside = name == "outside-flow"
    return flow_picture(
        p.outside_flow if outside else p.inside_flow,
        language,
        outside=outside,
        least_persons=p.least_persons,
        name=name,
    )


_PICTURES: Final[dict[str, Callable[[Portrait, Language, str], str | None]]] = {
    "outside-flow": _flow,
    "inside-flow": _flow,
    "pyramids": lambda p, language, name: pyramids_picture(
        p.pyramid, p.pyramid_inside, language, least_persons=p.least_persons, name=name
    ),
    "week": lambda p, language, name: week_picture(
        p.week, language, least_persons=p.least_persons, name=name
    ),
    "response": lambda p, language, name: response_picture(p.response, language, name=name),
    "survival": lambda p, language, name: survival_picture(p.survival, language, name=name),
    "lives": lambda p, language, name: lives_picture(
        p.lives, language, least_persons=p.least_persons, name=name
    ),
    "years": lambda p, language, name: years_picture(
        p.coverage, language, least_persons=p.least_persons, name=name
    ),
}


def _count(number: Count, least: int, language: Language) -> str:
    return wording.counted(number, least, language)


def _share(share: float | None, language: Language) -> str:
    return wording.DASH if share is None else wording.percent(share, 1, language)


def _number(number: float | None, digits: int, language: Language) -> str:
    return wording.DASH if number is None else wording.decimal(number, digits, language)


def _published(one: Compared, language: Language) -> str:
    return sentences.published_text(one, language)


def _here(one: Compared, least: int, language: Language) -> str:
    return sentences.here_text(one, least, language)


@cache
def _environment() -> jinja2.Environment:
    made = environment("hsr_privacy.portrait")
    made.globals |= {
        "drawn": _drawn,
        "said": lambda p, part: [both(*pair) for pair in sentences.said(p, part)],
        "number": _in_both(_count),
        "share": _in_both(_share),
        "decimal": _in_both(_number),
        "published": _in_both(_published),
        "here": _in_both(_here),
        "basis": _in_both(sentences.basis_text),
        "trust": _in_both(sentences.trust_text),
        "apart": _in_both(sentences.difference_text),
        "w": wording,
        "rules": RULES,
    }
    return made
