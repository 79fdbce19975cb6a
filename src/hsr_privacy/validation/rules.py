"""Column rules: what one column may hold, as plain data."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from hsr_privacy.codebook import Codebook, Range, Type, Variable
from hsr_privacy.documents import Label
from hsr_privacy.hierarchies import TOP, Hierarchy

Content: TypeAlias = Literal[
    "integer",
    "decimal",
    "code",
    "text",
    "date",
    "datetime",
    "label",
    "minutes",
    "pseudonym",
    "key",
]
"""A codebook type, or what only an extract (label, minutes, pseudonym) or a store (key) holds."""

PSEUDONYM_PATTERN: Final = "[0-9A-HJKMNP-TV-Z]{22}"
NUMBER_PATTERN: Final = "[1-9][0-9]{8}"

A_WEEK: Final = Range(min=-10_080, max=10_080)
"""Minutes beyond a week from the call are an error of a clock or a date."""

TWELVE_HOURS: Final = Range(min=-720, max=720)

_YEARS: Final = range(1900, 2101)
_DECIMAL_STEPS: Final = 100


@dataclass(frozen=True)
class ColumnRule:
    """What a column may hold.

    Attributes:
        name: of the column.
        content: what kind of values.
        label: what people call the column.
        codes: for codes, the code list and the kinds of missing; or else, the kinds of missing
            that may stand beside the range.
        labels: every text that may stand there; None where they cannot be listed.
        range: values outside are errors.
        plausible: values outside are warnings.
        pattern: regular expression that the whole text must match, as in the codebook.
        nullable: whether values may be missing.
        unique: whether no value may stand twice.
        numbered: for pseudonyms, whether they are running numbers.
        hierarchy: shipped hierarchy by which the column is generalized.
        level: name of its finest level that may stand there.
        also: texts that may stand there beside those of the level.
    """

    name: str
    content: Content
    label: Label
    codes: tuple[int, ...] = ()
    labels: tuple[str, ...] | None = None
    range: Range | None = None
    plausible: Range | None = None
    pattern: str | None = None
    nullable: bool = True
    unique: bool = False
    numbered: bool = False
    hierarchy: str | None = None
    level: str | None = None
    also: tuple[str, ...] = ()


def kept_rule(variable: Variable, *, codebook: Codebook) -> ColumnRule:
    """A variable as it is delivered: type, codes, range and pattern of the codebook."""
    codes = tuple(code.code for code in codebook.codes(variable))
    return ColumnRule(
        name=variable.name,
        content=_CONTENT[variable.type],
        label=variable.label,
        codes=tuple(dict.fromkeys((*codes, *variable.missing))),
        range=variable.range,
        plausible=variable.plausible,
        pattern=variable.pattern,
    )


def generalized_rule(
    variable: Variable, *, hierarchy: Hierarchy, level: int, codebook: Codebook
) -> ColumnRule:
    """A variable on a level of its hierarchy: only texts of that level; level 0 is the variable.

    Args:
        variable: what the codebook says of it.
        hierarchy: by which it was generalized.
        level: number of the released level.
        codebook: has the codes of level 0.
    """
    if level == 0:
        kept = kept_rule(variable, codebook=codebook)
        return replace(kept, content="date") if variable.type is Type.DATETIME else kept
    labels = _labels(hierarchy, level, decimals=variable.type is Type.DECIMAL)
    pattern = None if labels is not None else _prefix_pattern(hierarchy, level)
    return ColumnRule(
        name=variable.name,
        content="label",
        label=variable.label,
        labels=labels,
        pattern=pattern,
        hierarchy=variable.hierarchy,
        level=hierarchy.level_names[level] if variable.hierarchy is not None else None,
    )


def minutes_rule(
    name: str, label: Label, *, limits: Range = A_WEEK, plausible: Range = TWELVE_HOURS
) -> ColumnRule:
    """Completed minutes since the call.

    Args:
        name: of the column.
        label: what people call it.
        limits: minutes outside are errors.
        plausible: minutes outside are warnings.
    """
    return ColumnRule(name, "minutes", label, range=limits, plausible=plausible)


def pseudonym_rule(
    name: str, label: Label, *, unique: bool = False, numbered: bool = False
) -> ColumnRule:
    """A pseudonym in its text form; never missing, and unique where it names the row.

    Args:
        numbered: it is a running number of nine digits.
    """
    pattern = NUMBER_PATTERN if numbered else PSEUDONYM_PATTERN
    return ColumnRule(
        name,
        "pseudonym",
        label,
        pattern=pattern,
        nullable=False,
        unique=unique,
        numbered=numbered,
    )


def mask_rule(name: str, label: Label, columns: Sequence[str]) -> ColumnRule:
    """Names of columns, with commas between; missing where no cell of the row was suppressed."""
    one = "|".join(map(re.escape, columns))
    return ColumnRule(name, "text", label, pattern=f"(?:{one})(?:,(?:{one}))*")


def with_removed(rule: ColumnRule, code: str) -> ColumnRule:
    """The rule of a column some of whose cells read that they were removed.

    Whole numbers and codes stay numbers, and the code is one of them; dates and decimals are text.

    Args:
        rule: of the column as it would be without.
        code: what a removed cell reads; a whole number.
    """
    if rule.content in ("integer", "code"):
        return replace(rule, codes=(*rule.codes, int(code)))
    if rule.content in _WRITTEN:
        pattern = f"{_WRITTEN[rule.content]}|{code}"
        return ColumnRule(rule.name, "label", rule.label, pattern=pattern)
    labels = None if rule.labels is None else (*rule.labels, code)
    written = None if rule.pattern is None else f"(?:{rule.pattern})|{code}"
    return replace(rule, labels=labels, pattern=written, also=(*rule.also, code))


_WRITTEN: Final[dict[Content, str]] = {
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "decimal": r"-?[0-9]+(?:\.[0-9]+)?",
}
"""How values look that become text where some of their column are removed."""

_CONTENT: Final[dict[Type, Content]] = {
    Type.INTEGER: "integer",
    Type.DECIMAL: "decimal",
    Type.CODE: "code",
    Type.TEXT: "text",
    Type.DATE: "date",
    Type.DATETIME: "datetime",
}


def _labels(hierarchy: Hierarchy, level: int, *, decimals: bool) -> tuple[str, ...] | None:
    """All texts of a level; None where the hierarchy makes them from values unknown beforehand."""
    if level == len(hierarchy.level_names) - 1:
        return (TOP,)
    rows = list(hierarchy.domain)
    if decimals:
        rows += _decimal_rows(hierarchy)
    elif not rows and hierarchy.level_names[0] == "day":
        days = (dt.date(year, month, 1) for year in _YEARS for month in range(1, 13))
        rows = [row for day in days if (row := hierarchy.climb(day.isoformat())) is not None]
    return tuple(dict.fromkeys(row[level] for row in rows)) or None


def _decimal_rows(hierarchy: Hierarchy) -> list[tuple[str, ...]]:
    """The rows of the decimals between the whole numbers of a domain."""
    found = []
    for row in hierarchy.domain:
        for step in range(_DECIMAL_STEPS):
            decimal = hierarchy.climb(f"{row[0]}.{step:02}")
            if decimal is not None:
                found.append(decimal)
    return found


def _prefix_pattern(hierarchy: Hierarchy, level: int) -> str | None:
    """For beginnings of codes, how long they may be."""
    row = hierarchy.climb("X" * 64)
    return rf".{{1,{len(row[level])}}}" if row is not None else None
