"""Generating suites: from column rules, the register's rules and a project to what must hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import polars as pl

from hsr_privacy.project.model import OwnExpectation
from hsr_privacy.rules import Rules, judge_rules
from hsr_privacy.validation.columns import HELD_BY, of_column, of_headings, of_identifiers, of_rows
from hsr_privacy.validation.own import own_expectations
from hsr_privacy.validation.rules import ColumnRule, Content
from hsr_privacy.validation.suite import Expectation, Severity, Subject, Suite
from hsr_privacy.validation.wording import text

_STORED: Final[dict[Content, Any]] = {
    "integer": pl.Int32(),
    "decimal": pl.Float64(),
    "code": pl.Int16(),
    "text": pl.String(),
    "date": pl.Date(),
    "datetime": pl.Datetime("us", "UTC"),
}
"""How columns are stored of which the register's rules can be asked."""


def extract_suite(
    rules: Sequence[ColumnRule],
    *,
    k: int,
    quasi_identifiers: Sequence[str],
    person: str | None,
    l: Mapping[str, int] | None = None,  # noqa: E741 - the field's own name
    event: str | None = None,
    own: Sequence[OwnExpectation] = (),
    register_rules: Rules | None = None,
) -> Suite:
    """What must hold of an extract.

    Args:
        rules: one per column, in the order of the columns.
        k: persons that every class must hold.
        quasi_identifiers: columns by which a person could be recognized.
        person: column that tells persons apart; None makes every row a person.
        l: per sensitive column, how many distinct values every class must hold.
        event: column of the pseudonyms of events, in whose order the rows must stand.
        own: what the project itself expects.
        register_rules: rules of the register, asked where the extract has their columns; what they find
            is told and stands against nothing, as data are handed over as they are.
    """
    held = {rule.name: HELD_BY[rule.content] for rule in rules}
    return Suite(
        "extract",
        (
            of_headings([rule.name for rule in rules]),
            of_rows(),
            of_identifiers(),
            *(e for rule in rules for e in of_column(rule)),
            *of_classes(k, quasi_identifiers, person, l or {}),
            *([of_order(event)] if event is not None else []),
            *(of_rules_told(register_rules, rules) if register_rules is not None else ()),
            *own_expectations(own, held),
        ),
    )


def of_classes(
    k: int,
    quasi_identifiers: Sequence[str],
    person: str | None,
    l: Mapping[str, int],  # noqa: E741
) -> Iterator[Expectation]:
    """Every class holds enough persons, and enough values of what is sensitive."""
    keys = list(quasi_identifiers)
    yield Expectation(
        "classes.persons",
        Subject.ROWS,
        "expect_table_to_be_k_anonymous",
        None,
        "error",
        text("k", k=k),
        {"quasi_identifiers": keys, "k": k, "person": person},
    )
    for column, least in l.items():
        yield Expectation(
            f"classes.{column}",
            Subject.ROWS,
            "expect_table_to_be_l_diverse",
            None,
            "error",
            text("l", column=column, l=least),
            {"quasi_identifiers": keys, "column": column, "l": least},
        )


def of_order(event: str) -> Expectation:
    """The rows stand in the order of their pseudonyms."""
    kind = "expect_row_order_to_tell_nothing"
    told = text("order", column=event)
    return Expectation("table.order", Subject.ROWS, kind, None, "error", told, {"by": event})


def of_rules_told(rules: Rules, columns: Sequence[ColumnRule]) -> Iterator[Expectation]:
    """Rules of which a table has the columns, and whose violations are told only.

    Args:
        rules: of the register.
        columns: of the table; those that hold labels or minutes have no rule.
    """
    schema = {c.name: _STORED[c.content] for c in columns if c.content in _STORED}
    judged = {one.id for one in judge_rules(pl.DataFrame(schema=schema), rules=rules) if one.judged}
    for rule in rules:
        if rule.id in judged and rule.severity != "information":
            yield of_rule(rules, rule.id, "warning", optional=True)


def of_rule(
    rules: Rules,
    name: str,
    severity: Severity,
    *,
    form: str | None = None,
    optional: bool = False,
) -> Expectation:
    """A rule of the register as an expectation, with its text and its source.

    Args:
        rules: of the register.
        name: id of the rule.
        severity: of a violation here.
        form: what the table is; found out if left out.
        optional: it holds where the table has not its columns.
    """
    rule = rules[name]
    kwargs: dict[str, object] = {"rule": name}
    if form is not None:
        kwargs["form"] = form
    if optional:
        kwargs["optional"] = True
    return Expectation(
        f"rules.{name}",
        Subject.ROWS,
        "expect_register_rule_to_hold",
        None,
        severity,
        rule.text,
        kwargs,
        source=rule.source,
    )
