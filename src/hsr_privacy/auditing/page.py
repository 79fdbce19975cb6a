"""The page: an audit as HTML that needs nothing but a browser, in both languages."""

from __future__ import annotations

from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup

from hsr_privacy.auditing.audit import Audit
from hsr_privacy.auditing.definitions import DEFINITIONS
from hsr_privacy.auditing.pictures import pictures_of, steps_of
from hsr_privacy.auditing.wording import HEADLINES, NEWS_PARTS, QUESTIONS, SIGNS
from hsr_privacy.charts import RULES
from hsr_privacy.charts.figures import decimal, percent
from hsr_privacy.estimates import Estimate
from hsr_privacy.explaining.sentences import frontier_in_words, neighbours_in_words
from hsr_privacy.pages import both, environment
from hsr_privacy.probing.verdict import KINDS, SAYS
from hsr_privacy.utility import VERDICTS
from hsr_privacy.utility.telling import estimate_text

PARTS = ("verdict", "contents", "questions", "evidence", "definitions")
"""Of a page, in their order; a page of another room may put its own between them."""

AUDIT_RULES = (
    RULES
    + """
.question { margin: 1rem 0; padding: .2rem 1.2rem .6rem; border-left: .3rem solid var(--line); }
.question h3 { margin: .4rem 0 .2rem; }
.question ul { margin: .3rem 0 0; padding: 0; list-style: none; }
.question li { margin: .25rem 0; padding-left: 1.4rem; text-indent: -1.4rem; }
.question li > span:first-child { display: inline-block; width: 1.4rem; text-indent: 0; }
dt:target, dt:target + dd, dt:target + dd .quiet { background: var(--soft); color: var(--ink); }
.facts dt:target { color: var(--ink); }
.facts dt { scroll-margin-top: 1rem; }
td .small { white-space: nowrap; }
.wide tbody th[scope="row"] { min-width: 9rem; }
@media print { .question { break-inside: avoid; } .wide { overflow: visible; } }
"""
)
"""Rules of CSS for the parts."""


def audit_page(audit: Audit, *, subtitle: str = "") -> str:
    """The audit as one self-contained HTML page.

    Args:
        audit: what was found.
        subtitle: under the title, such as the case number and the day.
    """
    template = _environment().get_template("audit.html.j2")
    return template.render(**_context(audit), subtitle=subtitle, rules=AUDIT_RULES)


def audit_parts(audit: Audit) -> dict[str, Markup]:
    """The parts without the page around them, for a page that has the house's style and `AUDIT_RULES`."""
    context = _context(audit)
    return {
        part: Markup(_environment().get_template(f"{part}.html.j2").render(**context))  # noqa: S704 - escaped by the templates
        for part in PARTS
    }


def _context(audit: Audit) -> dict[str, Any]:
    worst = max((match.released.right.value for _, match in audit.matches), default=None)
    return {
        "a": audit,
        "worst": worst,
        "pictures": pictures_of(audit),
        "steps": steps_of(audit.explanation),
        "cost_sentences": _cost(audit),
    }


def _cost(audit: Audit) -> list[Markup]:
    """What one level more or less, or another limit, would have cost, in sentences."""
    if audit.explanation is None:
        return []
    texts = [
        [
            sentence
            for part in (neighbours_in_words, frontier_in_words)
            for sentence in part(audit.explanation, language)
        ]
        for language in ("nb", "en")
    ]
    return [both(nb, en) for nb, en in zip(*texts, strict=True)]


def _figure(one: Estimate | None) -> Markup:
    """An estimate with its interval; a dash for none."""
    if one is None:
        return Markup("–")
    return both(estimate_text(one, "nb"), estimate_text(one, "en"))


@cache
def _environment() -> jinja2.Environment:
    made = environment("hsr_privacy.auditing")
    made.filters |= {
        "share": lambda one: both(percent(one, "nb"), percent(one, "en")),
        "number": lambda one: both(decimal(one, "nb"), decimal(one, "en")),
    }
    made.globals |= {
        "signs": SIGNS,
        "headlines": HEADLINES,
        "questions": QUESTIONS,
        "definitions": DEFINITIONS,
        "news_parts": NEWS_PARTS,
        "kinds": KINDS,
        "says": SAYS,
        "verdicts": VERDICTS,
        "figure": _figure,
        "both_words": both,
    }
    return made
