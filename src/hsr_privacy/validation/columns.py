"""Columns: what must hold of each column of a table, from the rule of what it may hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from hsr_privacy.codebook import Range
from hsr_privacy.documents import Label
from hsr_privacy.validation.rules import ColumnRule, Content
from hsr_privacy.validation.suite import Expectation, Severity, Subject
from hsr_privacy.validation.wording import HELD, text

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


def of_headings(names: Sequence[str]) -> Expectation:
    """The columns are these, in this order."""
    return Expectation(
        "table.columns",
        Subject.SCHEMA,
        "expect_table_columns_to_match_ordered_list",
        None,
        "error",
        text("columns", n=len(names)),
        {"column_list": list(names)},
    )


def of_rows() -> Expectation:
    """There is a row."""
    return Expectation(
        "table.rows",
        Subject.ROWS,
        "expect_table_row_count_to_be_between",
        None,
        "error",
        text("rows"),
        {"min_value": 1},
    )


def of_identifiers(exclude: Sequence[str] = ()) -> Expectation:
    """No cell and no heading is a national identifier."""
    kwargs = {"exclude": list(exclude)} if exclude else {}
    kind = "expect_no_national_identifier"
    told = text("table.no-identifier")
    return Expectation("table.no-identifier", Subject.ROWS, kind, None, "error", told, kwargs)


def of_reading(rule: ColumnRule) -> Iterator[Expectation]:
    """Every delivered cell can be read; texts always can."""
    held = HELD_BY[rule.content]
    if held != "text":
        yield Expectation(
            f"{rule.name}.readable",
            Subject.READING,
            "expect_column_values_to_be_null",
            rule.name,
            "error",
            text("readable", column=rule.name, nb=HELD[held].nb, en=HELD[held].en),
        )


def of_column(rule: ColumnRule, *, identifies: bool = False) -> Iterator[Expectation]:
    """What must hold of the cells of one column.

    Args:
        rule: what it may hold.
        identifies: it is an identifier itself, and so may look like one.
    """
    held = HELD_BY[rule.content]
    yield Expectation(
        f"{rule.name}.type",
        Subject.SCHEMA,
        "expect_column_values_to_be_in_set",
        rule.name,
        "error",
        text("type", column=rule.name, nb=HELD[held].nb, en=HELD[held].en),
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
    if rule.content == "pseudonym":
        form = "running-number" if rule.numbered else "symbols"
        yield _of_cells(rule, "check-symbols", "expect_pseudonyms_to_be_well_formed", form=form)
    if rule.hierarchy is not None and rule.level is not None:
        yield of_precision(rule.name, rule.hierarchy, rule.level, rule.also)
    yield from _of_numbers(rule, identifies=identifies)
    if rule.content in ("text", "label") and not identifies:
        kind = "expect_column_values_to_not_match_regex"
        yield _of_cells(rule, "no-identifier", kind, regex=LONG_NUMBER)


def of_precision(column: str, hierarchy: str, level: str, also: Sequence[str] = ()) -> Expectation:
    """Cells are on a level of a shipped hierarchy or above it."""
    kwargs: dict[str, Any] = {"hierarchy": hierarchy, "level": level}
    if also:
        kwargs["also"] = list(also)
    told = text("precision", column=column, level=level)
    kind = "expect_values_to_be_no_finer_than"
    return Expectation(f"{column}.precision", Subject.ROWS, kind, column, "error", told, kwargs)


def _of_numbers(rule: ColumnRule, *, identifies: bool) -> Iterator[Expectation]:
    if HELD_BY[rule.content] not in ("integer", "decimal") or rule.content == "code":
        return
    if rule.range is not None:
        yield _of_range(rule, "range", rule.range, "error")
    elif not identifies:
        below = Range(min=1 - _ELEVEN_DIGITS, max=_ELEVEN_DIGITS - 1)
        yield _of_range(rule, "no-identifier", below, "error")
    if rule.plausible is not None:
        yield _of_range(rule, "plausible", rule.plausible, "warning")


def _of_range(rule: ColumnRule, what: str, limits: Range, severity: Severity) -> Expectation:
    ends = {"min_value": limits.min, "max_value": limits.max}
    kwargs = {name: _plain(end) for name, end in ends.items() if end is not None}
    least, most = kwargs.get("min_value", "…"), kwargs.get("max_value", "…")
    return Expectation(
        f"{rule.name}.{what}",
        Subject.ROWS,
        "expect_column_values_to_be_between",
        rule.name,
        severity,
        text(what, column=rule.name, min=least, max=most),
        kwargs,
        rule.codes,
    )


def _of_cells(rule: ColumnRule, what: str, kind: str, **kwargs: Any) -> Expectation:
    told: Label = text(what, column=rule.name)
    name = f"{rule.name}.{what}"
    return Expectation(name, Subject.ROWS, kind, rule.name, "error", told, kwargs)


def _plain(number: float) -> int | float:
    return int(number) if float(number).is_integer() else number
