"""Generating suites: from the codebook and from column rules to what must hold of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from hsr_privacy.codebook import Codebook, Range, Role, Treatment
from hsr_privacy.documents import Label
from hsr_privacy.extract import EVENT_KEY, PERSON_KEY
from hsr_privacy.validation.rules import ColumnRule, Content, kept_rule
from hsr_privacy.validation.suite import Expectation, Severity, Subject, Suite

PERSONS: Final = "persons"
DISTINCT: Final = "distinct "
"""Names of the columns of the table of classes."""

LONG_NUMBER: Final = "(?:^|[^0-9])[0-9]{6}[ .-]?[0-9]{5,6}(?:[^0-9]|$)"
"""Eleven or twelve digits, as national identifiers have, perhaps parted after the birth date."""

_ELEVEN_DIGITS: Final = 10**10

HELD_BY: Final[dict[Content, str]] = {
    "integer": "integer",
    "decimal": "decimal",
    "code": "integer",
    "text": "text",
    "date": "date",
    "datetime": "datetime",
    "label": "text",
    "minutes": "integer",
    "pseudonym": "text",
    "key": "binary",
}
"""The word for what a column of each content holds."""


def extract_suite(
    rules: Sequence[ColumnRule],
    *,
    k: int,
    quasi_identifiers: Sequence[str],
    person: str | None,
    l: Mapping[str, int] | None = None,  # noqa: E741 - the field's own name
) -> Suite:
    """What must hold of an extract.

    Args:
        rules: one per column, in the order of the columns.
        k: persons that every class must hold.
        quasi_identifiers: columns by which a person could be recognized.
        person: column that tells persons apart; None makes every row a person.
        l: per sensitive column, how many distinct values every class must hold.
    """
    least = dict(l or {})
    of_classes = [_class_expectation(f"classes.{PERSONS}", PERSONS, k, _text("k", k=k))]
    for column, number in least.items():
        text = _text("l", column=column, l=number)
        of_classes.append(_class_expectation(f"classes.{column}", DISTINCT + column, number, text))
    return Suite(
        "extract",
        (*_of_table(rules), *(e for rule in rules for e in _of_column(rule)), *of_classes),
        tuple(quasi_identifiers),
        person,
        tuple(least),
    )


def codebook_suite(codebook: Codebook) -> Suite:
    """What must hold of the event store, from the codebook alone."""
    from hsr_privacy.registry import EVENT_DAY

    person = Label(nb="Personnøkkel", en="Person key")
    event = Label(nb="Hendelsesnøkkel", en="Event key")
    day = Label(nb="Hendelsesdag", en="Day of the event")
    rules = [
        ColumnRule(PERSON_KEY, "key", person, nullable=False),
        ColumnRule(EVENT_KEY, "key", event, nullable=False, unique=True),
        ColumnRule(EVENT_DAY, "date", day, nullable=False),
    ]
    rules += [
        kept_rule(variable, codebook=codebook)
        for variable in codebook
        if variable.role is not Role.DIRECT_IDENTIFIER
        and variable.treatment is not Treatment.PSEUDONYM
    ]
    columns = (e for rule in rules for e in _of_column(rule))
    return Suite("event-store", (*_of_table(rules), *columns))


def _of_table(rules: Sequence[ColumnRule]) -> Iterator[Expectation]:
    yield Expectation(
        "table.columns",
        Subject.SCHEMA,
        "expect_table_columns_to_match_ordered_list",
        None,
        "error",
        _text("columns", n=len(rules)),
        {"column_list": [rule.name for rule in rules]},
    )
    yield Expectation(
        "table.rows",
        Subject.ROWS,
        "expect_table_row_count_to_be_between",
        None,
        "error",
        _text("rows"),
        {"min_value": 1},
    )


def _of_column(rule: ColumnRule) -> Iterator[Expectation]:
    held = HELD_BY[rule.content]
    yield Expectation(
        f"{rule.name}.type",
        Subject.SCHEMA,
        "expect_column_values_to_be_in_set",
        rule.name,
        "error",
        _text("type", column=rule.name, nb=_HELD_NB[held], en=_HELD_EN[held]),
        {"value_set": [held]},
    )
    if not rule.nullable:
        yield _of_cells(rule, "not-null", "expect_column_values_to_not_be_null")
    if rule.unique:
        yield _of_cells(rule, "unique", "expect_column_values_to_be_unique")
    if rule.content == "code":
        yield _of_cells(
            rule, "codes", "expect_column_values_to_be_in_set", value_set=list(rule.codes)
        )
    if rule.labels is not None:
        yield _of_cells(
            rule, "labels", "expect_column_values_to_be_in_set", value_set=list(rule.labels)
        )
    if rule.pattern is not None:
        whole = f"^(?:{rule.pattern})$"
        yield _of_cells(rule, "pattern", "expect_column_values_to_match_regex", regex=whole)
        kind = "expect_column_values_to_not_match_regex"  # to some engines $ stands before a break
        yield _of_cells(rule, "one-line", kind, regex=r"[\r\n]")
    yield from _of_numbers(rule)
    if rule.content in ("text", "label"):
        kind = "expect_column_values_to_not_match_regex"
        yield _of_cells(rule, "no-identifier", kind, regex=LONG_NUMBER)


def _of_numbers(rule: ColumnRule) -> Iterator[Expectation]:
    if HELD_BY[rule.content] not in ("integer", "decimal") or rule.content == "code":
        return
    if rule.range is None:
        below = Range(min=1 - _ELEVEN_DIGITS, max=_ELEVEN_DIGITS - 1)
        yield _of_range(rule, "no-identifier", below, "error")
    else:
        yield _of_range(rule, "range", rule.range, "error")
    if rule.plausible is not None:
        yield _of_range(rule, "plausible", rule.plausible, "warning")


def _of_range(rule: ColumnRule, what: str, limits: Range, severity: Severity) -> Expectation:
    ends = {"min_value": limits.min, "max_value": limits.max}
    kwargs = {name: _plain(end) for name, end in ends.items() if end is not None}
    return Expectation(
        f"{rule.name}.{what}",
        Subject.ROWS,
        "expect_column_values_to_be_between",
        rule.name,
        severity,
        _text(
            what,
            column=rule.name,
            min=kwargs.get("min_value", "…"),
            max=kwargs.get("max_value", "…"),
        ),
        kwargs,
        rule.codes,
    )


def _of_cells(rule: ColumnRule, what: str, kind: str, **kwargs: Any) -> Expectation:
    text = _text(what, column=rule.name)
    name = f"{rule.name}.{what}"
    return Expectation(name, Subject.ROWS, kind, rule.name, "error", text, kwargs)


def _class_expectation(name: str, column: str, least: int, text: Label) -> Expectation:
    kind = "expect_column_values_to_be_between"
    return Expectation(name, Subject.CLASSES, kind, column, "error", text, {"min_value": least})


def _plain(number: float) -> int | float:
    return int(number) if float(number).is_integer() else number


def _text(what: str, **values: Any) -> Label:
    nb, en = _TEXT[what]
    return Label(nb=nb.format(**values), en=en.format(**values))


_TEXT: Final = {
    "columns": (
        "kolonnene er nøyaktig de {n} som er ventet, i sin rekkefølge",
        "the columns are exactly the {n} that are expected, in their order",
    ),
    "rows": ("tabellen har minst én rad", "the table has at least one row"),
    "type": ("'{column}' holder {nb}", "'{column}' holds {en}"),
    "not-null": ("'{column}' har alltid en verdi", "'{column}' always has a value"),
    "unique": (
        "ingen verdi i '{column}' forekommer to ganger",
        "no value of '{column}' stands twice",
    ),
    "codes": (
        "'{column}' holder bare koder fra sin kodeliste",
        "'{column}' holds only codes of its code list",
    ),
    "labels": (
        "'{column}' holder bare verdier fra sitt nivå",
        "'{column}' holds only values of its level",
    ),
    "pattern": ("'{column}' er skrevet i sin form", "'{column}' is written in its form"),
    "one-line": ("'{column}' står på én linje", "'{column}' stands on one line"),
    "range": (
        "'{column}' ligger mellom {min} og {max}",
        "'{column}' lies between {min} and {max}",
    ),
    "plausible": (
        "'{column}' ligger som regel mellom {min} og {max}",
        "'{column}' usually lies between {min} and {max}",
    ),
    "no-identifier": (
        "'{column}' holder ingen tall så lange som et fødselsnummer",
        "'{column}' holds no number as long as a national identifier",
    ),
    "k": (
        "hver klasse har minst {k} person(er)",
        "every class holds at least {k} person(s)",
    ),
    "l": (
        "hver klasse har minst {l} ulike verdier av '{column}'",
        "every class holds at least {l} distinct value(s) of '{column}'",
    ),
}

_HELD_NB: Final = {
    "integer": "hele tall",
    "decimal": "desimaltall",
    "text": "tekst",
    "date": "datoer",
    "datetime": "tidspunkter",
    "binary": "nøkler",
}

_HELD_EN: Final = {
    "integer": "whole numbers",
    "decimal": "decimal numbers",
    "text": "text",
    "date": "dates",
    "datetime": "date-times",
    "binary": "keys",
}
