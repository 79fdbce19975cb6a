"""The page: what a trust is told, or the register, as HTML that needs nothing but a browser."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Final

import jinja2

from hsr_privacy.codebook import Codebook
from hsr_privacy.documents import Label
from hsr_privacy.pages import environment
from hsr_privacy.quality import wording
from hsr_privacy.quality.breaches import Notes
from hsr_privacy.quality.comments import FREE_TEXT
from hsr_privacy.quality.kinds import Group
from hsr_privacy.quality.report import BINS, Filled, Problem, Report
from hsr_privacy.rules import Rules

_BEHIND: Final = 8
"""So many variables that are most behind the register as a whole are shown first."""

_WORTH_TELLING: Final = 0.01


def trust_page(report: Report, *, codebook: Codebook, rules: Rules) -> str:
    """The page of one trust.

    Args:
        report: of the trust.
        codebook: names the variables.
        rules: of the register, in words.
    """
    return _environment().get_template("trust.html.j2").render(**_told(report, codebook, rules))


def register_page(
    report: Report,
    of_trusts: Sequence[Report],
    notes: Sequence[Notes],
    *,
    links: Mapping[str, str],
    codebook: Codebook,
    rules: Rules,
) -> str:
    """The page of the register itself, with all trusts.

    Args:
        report: of everything.
        of_trusts: one per trust.
        notes: what rules tell that is no fault.
        links: per organization number, where its page lies.
        codebook: names the variables.
        rules: of the register, in words.
    """
    ordered = sorted(of_trusts, key=lambda one: (-(one.wrong / one.rows), one.name))
    return (
        _environment()
        .get_template("register.html.j2")
        .render(
            **_told(report, codebook, rules),
            trusts=ordered,
            most=max([one.wrong / one.rows for one in ordered] or [0]) or 1,
            links=links,
            notes=notes,
        )
    )


@functools.cache
def _environment() -> jinja2.Environment:
    made = environment("hsr_privacy.quality")
    made.globals |= {
        "percent": wording.percent,
        "form_name": lambda form: wording.FORMS[form],
        "severity_of": lambda one: wording.SEVERITIES[
            "plausible" if one.plausible else one.severity
        ],
    }
    return made


def _told(report: Report, codebook: Codebook, rules: Rules) -> dict[str, object]:
    labels = {variable.name: variable.label for variable in codebook}
    return {
        "r": report,
        "groups": [
            (name, sorts)
            for group, name in wording.GROUPS.items()
            if (sorts := _sorts([one for one in report.problems if one.of.group is group]))
        ],
        "label_of": lambda name: labels[name],
        "said": lambda problem: _said(problem, rules),
        "rule_text": lambda name: rules[name].text,
        "advice": lambda problem: problem.of.advice,
        "forms": _forms(report),
        "behind": _behind(report.filled),
        "bins": [wording.BIN_NAMES[name] for _, name in BINS],
        "undated": sum(not file.is_dated for file in report.files),
        "late": sum(one.rows for one in report.problems if one.of.group is Group.LATE),
    }


def _said(problem: Problem, rules: Rules) -> Label:
    """What is wrong: a rule in its own words, and else the kind's."""
    return rules[problem.rule].text if problem.rule else problem.of.label


def _sorts(problems: Sequence[Problem]) -> list[list[Problem]]:
    """Those of one kind and rule together, whatever their forms; errors and the most frequent first."""
    sorts: dict[tuple[str, str | None, str], list[Problem]] = {}
    for one in problems:
        sorts.setdefault((one.kind, one.rule, one.severity), []).append(one)
    return sorted(
        sorts.values(),
        key=lambda ones: (ones[0].severity != "error", -sum(one.rows for one in ones)),
    )


def _forms(report: Report) -> list[tuple[str, list[Filled]]]:
    """Completeness by form."""
    names = dict.fromkeys(one.form for one in report.filled)
    return [(form, [one for one in report.filled if one.form == form]) for form in names]


def _behind(filled: Sequence[Filled]) -> list[Filled]:
    """The variables of which the trust tells most seldom, compared with all."""
    lagging = [
        one
        for one in filled
        if one.everywhere is not None
        and one.lag > _WORTH_TELLING
        and not one.variable.startswith(FREE_TEXT)
    ]
    return sorted(lagging, key=lambda one: -one.lag)[:_BEHIND]
