"""The page: a passport as HTML that needs nothing but a browser, in both languages."""

from __future__ import annotations

from functools import cache
from typing import Final

import jinja2
from markupsafe import Markup

from hsr_privacy.documents import Label
from hsr_privacy.estimates import Estimate
from hsr_privacy.learned.passport import Passport, share_broken
from hsr_privacy.learned.verdict import Outcome
from hsr_privacy.pages import both, environment
from hsr_privacy.probing import IN_SHORT, KINDS

OUTCOMES: Final = {
    Outcome.RELEASABLE: Label(nb="Kan frigis", en="Releasable"),
    Outcome.INTERNAL_ONLY: Label(nb="Bare til bruk i huset", en="Internal only"),
    Outcome.CANNOT_TELL: Label(
        nb="Kan ikke avgjøres – bare til bruk i huset", en="Cannot tell – internal only"
    ),
}


def passport_page(passport: Passport) -> str:
    """The passport as one self-contained HTML page."""
    return (
        _environment()
        .get_template("passport.html.j2")
        .render(p=passport, m=passport.making, outcome=OUTCOMES[passport.verdict.outcome])
    )


def number(value: float | None, digits: int = 2) -> Markup:
    """A decimal as both languages write it; a dash for none."""
    if value is None:
        return Markup("–")
    text = f"{value:.{digits}f}".replace("-", "\u2212")
    return both(text.replace(".", ","), text)


def estimate(one: Estimate | None, withheld: Label) -> Markup:
    """A figure with its interval, or why there is none."""
    if one is None:
        return both(withheld)
    return Markup("{} ({}–{})").format(*(number(n) for n in (one.value, one.low, one.high)))


@cache
def _environment() -> jinja2.Environment:
    made = environment("hsr_privacy.learned")
    made.filters |= {"number": number}
    made.globals |= {
        "estimate": estimate,
        "kinds": KINDS,
        "says": IN_SHORT,
        "share_broken": share_broken,
        "withheld": Label(nb="holdt tilbake", en="withheld"),
        "none_": Label(nb="–", en="–"),
    }
    return made
