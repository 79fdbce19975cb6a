"""Suites: those that are committed: of raw deliveries, the event store, an extract, a simulation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Final

import polars as pl

from hsr_privacy.codebook import Codebook, Role, Source, Treatment, Type, Variable
from hsr_privacy.documents import Label
from hsr_privacy.extract import EVENT_KEY, PERSON_KEY
from hsr_privacy.registry import EVENT_DAY
from hsr_privacy.rules import Form as DeliveredForm
from hsr_privacy.rules import Rules, judge_rules, load_rules
from hsr_privacy.validation.columns import (
    of_column,
    of_headings,
    of_identifiers,
    of_reading,
    of_rows,
)
from hsr_privacy.validation.generating import of_rule
from hsr_privacy.validation.rules import ColumnRule, kept_rule
from hsr_privacy.validation.suite import Expectation, Severity, Subject, Suite
from hsr_privacy.validation.wording import text

DELIVERED: Final = (Source.AMK, Source.AMBULANCE, Source.HOSPITAL, Source.REGISTER)
"""The forms that others hand in."""

_STORED: Final[dict[Type, Any]] = {
    Type.CODE: pl.Int16(),
    Type.INTEGER: pl.Int32(),
    Type.DECIMAL: pl.Float64(),
    Type.TEXT: pl.String(),
    Type.DATE: pl.Date(),
}
_DAY: Final = 86_400
_CODES: Final = (("amk_sentral", "amk_centre"), ("statsborgerskap", "citizenship"))
"""Codes that no rule of the register looks at, and the hierarchies that know them."""

_IDENTIFIERS: Final = ("fnr", "tidligere_fnr")
_ORDERED: Final = (
    ("fodselsdato", EVENT_DAY),
    (EVENT_DAY, "dato_utskrevet"),
    ("fodselsdato", "dato_utskrevet"),
    ("fodselsdato", "dodsdato"),
)
_USUAL: Final = frozenset({"R21.plausible", "R25", "R30.plausible"})
"""Warnings that are no fault: a few live past 105, some are cooled after trauma, some drive for long."""

_PROMISED: Final = (
    "event_type",
    "inklusjonsregel",
    "inklusjonsgrunn",
    "alder",
    "kjonn",
    "t_stans",
    "hendelse_aar",
    "ukedag",
    "dogndel",
)
"""Columns of the event store in which a simulated register leaves no cell empty."""


def codebook_suite(codebook: Codebook, rules: Rules | None = None) -> Suite:
    """What must hold of the event store: its columns by the codebook, and all rules of the register.

    Args:
        codebook: the register's variables.
        rules: the register's rules; the shipped ones if left out.
    """
    rules = rules or load_rules(codebook=codebook)
    columns = event_store_columns(codebook)
    names = [column.name for column in columns]
    return Suite(
        "event-store",
        (
            of_headings(names),
            of_rows(),
            *(e for column in columns for e in of_column(column)),
            *_between(names),
            *_rules(rules, DeliveredForm.EVENT, _empty_events(codebook)),
            *_judged_by_gates(rules),
        ),
    )


def delivery_suite(form: Source, codebook: Codebook, rules: Rules | None = None) -> Suite:
    """What must hold of a form as it is delivered.

    Args:
        form: one of `DELIVERED`.
        codebook: the register's variables.
        rules: the register's rules; the shipped ones if left out.
    """
    rules = rules or load_rules(codebook=codebook)
    variables = codebook.delivered_by(form)
    columns = [kept_rule(variable, codebook=codebook) for variable in variables]
    direct = [v.name for v in variables if v.role is Role.DIRECT_IDENTIFIER]
    names = [column.name for column in columns]
    return Suite(
        str(form),
        (
            of_headings(names),
            of_rows(),
            of_identifiers(direct),
            *(
                e
                for column in columns
                for e in (*of_reading(column), *of_column(column, identifies=column.name in direct))
            ),
            *_between(names),
            *_rules(rules, DeliveredForm(form), _empty_form(form, codebook)),
        ),
    )


def synthetic_suite(codebook: Codebook, rules: Rules | None = None) -> Suite:
    """What must hold of a simulated register's event store: more than of a real one.

    A clean simulated register breaks no rule, not even those of which a violation is a warning; and
    of every arrest it knows who, what and when.

    Args:
        codebook: the register's variables.
        rules: the register's rules; the shipped ones if left out.
    """
    store = codebook_suite(codebook, rules)
    stricter = tuple(_promised(expectation) for expectation in store.expectations)
    labels = {name: codebook[name].label for name in _PROMISED}
    known = (
        Expectation(
            f"{name}.not-null",
            Subject.ROWS,
            "expect_column_values_to_not_be_null",
            name,
            "error",
            text("not-null", column=name),
        )
        for name in labels
    )
    return Suite("synthetic", (*stricter, *known))


def event_store_columns(codebook: Codebook) -> tuple[ColumnRule, ...]:
    """The columns of the event store and what each may hold."""
    person = Label(nb="Personnøkkel", en="Person key")
    event = Label(nb="Hendelsesnøkkel", en="Event key")
    day = Label(nb="Hendelsesdag", en="Day of the event")
    return (
        ColumnRule(PERSON_KEY, "key", person, nullable=False),
        ColumnRule(EVENT_KEY, "key", event, nullable=False, unique=True),
        ColumnRule(EVENT_DAY, "date", day, nullable=False),
        *(kept_rule(variable, codebook=codebook) for variable in _stored(codebook)),
    )


def _stored(codebook: Codebook) -> Iterator[Variable]:
    for variable in codebook:
        if (
            variable.role is not Role.DIRECT_IDENTIFIER
            and variable.treatment is not Treatment.PSEUDONYM
        ):
            yield variable


def _between(names: list[str]) -> Iterator[Expectation]:
    """What must hold between columns and of codes, beside the register's rules."""
    for column, hierarchy in _CODES:
        if column in names:
            yield Expectation(
                f"{column}.known-code",
                Subject.ROWS,
                "expect_codes_to_be_valid",
                column,
                "error",
                text("known-code", column=column),
                {"hierarchy": hierarchy},
            )
    for column in _IDENTIFIERS:
        if column in names:
            kind = "expect_national_identifiers_to_be_valid"
            told = text("valid", column=column)
            yield Expectation(f"{column}.valid", Subject.ROWS, kind, column, "error", told)
    for first, last in _ORDERED:
        if first in names and last in names:
            yield Expectation(
                f"times.{first}-{last}",
                Subject.ROWS,
                "expect_times_to_be_ordered",
                None,
                "error",
                text("in-order", first=first, last=last),
                {"columns": [first, last], "tolerance_seconds": _DAY},
            )
    if "dodsarsak" in names and "dodsdato" in names:
        yield Expectation(
            "dodsarsak.dated",
            Subject.ROWS,
            "expect_condition_to_imply",
            None,
            "error",
            text("death"),
            {"when": {"dodsarsak": "present"}, "then": {"dodsdato": "present"}},
        )


def _rules(rules: Rules, form: DeliveredForm, empty: pl.DataFrame) -> Iterator[Expectation]:
    """Every rule that can be asked of a form; one that needs the register form too is optional."""
    alone = {c.id for c in judge_rules(empty, rules=rules, form=form) if c.judged}
    for rule in rules:
        if rule.judged_by != "rules" or form not in rule.forms:
            continue
        if rule.id in alone or form is not DeliveredForm.EVENT:
            severity: Severity = _severity(rule.severity_for(form).value)
            optional = rule.id not in alone
            yield of_rule(rules, rule.id, severity, form=str(form), optional=optional)


def _severity(word: str) -> Severity:
    known: dict[str, Severity] = {
        "error": "error",
        "warning": "warning",
        "information": "information",
    }
    return known[word]


def _judged_by_gates(rules: Rules) -> Iterator[Expectation]:
    """The rules that the gates of a release judge, asked of the event store by an expectation of ours."""
    for rule in rules:
        if rule.judged_by == "gate":
            found = of_identifiers()
            yield replace(found, id=f"rules.{rule.id}", text=rule.text, source=rule.source)


def _promised(expectation: Expectation) -> Expectation:
    is_rule = expectation.id.startswith("rules.")
    if is_rule and expectation.severity == "warning" and expectation.id[6:] not in _USUAL:
        return replace(expectation, severity="error")
    return expectation


def _empty_events(codebook: Codebook) -> pl.DataFrame:
    keys = {PERSON_KEY: pl.Binary(), EVENT_KEY: pl.Binary(), EVENT_DAY: pl.Date()}
    moment = pl.Datetime("us", "UTC")
    columns = {v.name: _STORED.get(v.type, moment) for v in _stored(codebook)}
    return pl.DataFrame(schema={**keys, **columns})


def _empty_form(form: Source, codebook: Codebook) -> pl.DataFrame:
    moment = pl.Datetime("us")
    delivered = codebook.delivered_by(form)
    return pl.DataFrame(schema={v.name: _STORED.get(v.type, moment) for v in delivered})


@cache
def _made() -> Mapping[str, Suite]:
    from hsr_privacy.codebook import load_codebook
    from hsr_privacy.configs import shipped
    from hsr_privacy.hierarchies import load_hierarchies
    from hsr_privacy.validation.project_suite import sample_suite

    hierarchies = load_hierarchies(shipped("configs", "hierarchies"))
    codebook = load_codebook(shipped("configs", "codebook"), hierarchies=hierarchies)
    rules = load_rules(codebook=codebook)
    suites = [delivery_suite(form, codebook, rules) for form in DELIVERED]
    suites += [codebook_suite(codebook, rules), synthetic_suite(codebook, rules)]
    suites.append(sample_suite(codebook, hierarchies, rules))
    return {suite.name: suite for suite in suites}


def generated_suites() -> Mapping[str, Suite]:
    """Every committed suite as today's codebook, rules and sample project give it, by name."""
    return _made()
