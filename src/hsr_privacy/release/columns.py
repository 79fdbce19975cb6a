"""Columns: what every column of an extract is and was, for those who read about it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from hsr_privacy.codebook import (
    Codebook,
    EventType,
    Range,
    Role,
    Source,
    Treatment,
    Type,
    Variable,
)
from hsr_privacy.dictionary import MISSING
from hsr_privacy.documents import Label
from hsr_privacy.hierarchies import TOP, Hierarchy
from hsr_privacy.project import EVENT, PERSON, Form, ReleasedVariable
from hsr_privacy.project.wording import english_of, level_label, unit_label
from hsr_privacy.release.prepare import MASK, REMOVED, Prepared
from hsr_privacy.release.rules import MASK_LABEL, rules_of
from hsr_privacy.release.wording import TYPES
from hsr_privacy.validation import ColumnRule

_PSEUDONYM: Final = Label(nb="løpenummer, 22 tegn", en="pseudonym, 22 characters")
_NUMBER: Final = Label(nb="løpenummer, ni siffer", en="running number, nine digits")
_WHOLE_NUMBER: Final = TYPES[Type.INTEGER]
_TEXT: Final = TYPES[Type.TEXT]
_MASK_CONTENT: Final = Label(
    nb="navn på kolonner, med komma mellom", en="names of columns, with commas"
)


@dataclass(frozen=True)
class Value:
    """One value that may stand in a column.

    Attributes:
        text: as it stands there.
        meaning: in words; None where the text says it itself.
    """

    text: str
    meaning: Label | None = None


@dataclass(frozen=True)
class Detail:
    """How fine a column with a hierarchy is, from the register to the extract.

    Attributes:
        source: the finest level, on which the register holds it.
        approved: the finest level that may be released.
        released: the level on which it leaves.
        coarser: how many levels lie between the last two.
        is_suppressed: whether the released level tells nothing any more.
    """

    source: Label
    approved: Label
    released: Label
    coarser: int
    is_suppressed: bool


@dataclass(frozen=True)
class Column:
    """A column of an extract, in words.

    Attributes:
        name: its heading.
        variable: what the codebook says of it.
        form: how it left.
        content: kind of its values.
        unit: of its values; None where they have none, or name it themselves.
        detail: where it has a hierarchy.
        values: codes and texts that may stand there; empty where they cannot be listed.
        missing: kinds of missing that may stand there beside the empty cell.
        range: smallest and largest value, both included.
        rule: what validation must find in it; None where there is none.
    """

    name: str
    variable: Variable
    form: Form
    content: Label
    unit: Label | None = None
    detail: Detail | None = None
    values: tuple[Value, ...] = ()
    missing: tuple[Value, ...] = ()
    range: Range | None = None
    rule: ColumnRule | None = None

    @property
    def is_sensitive(self) -> bool:
        """Whether something could be learned by it about a person."""
        return self.variable.role is Role.SENSITIVE

    @property
    def is_quasi_identifier(self) -> bool:
        """Whether classes are formed by it."""
        return self.form is Form.PROTECTED


_MASK_COLUMN: Final = Column(
    MASK,
    Variable(
        name=MASK,
        label=MASK_LABEL,
        type=Type.TEXT,
        sources=(Source.DERIVED,),
        event_types=tuple(EventType),
        role=Role.OTHER,
        identification_degree=2,
        treatment=Treatment.KEEP,
        origin="hsr-privacy",
        verified=True,
    ),
    Form.KEPT,
    _MASK_CONTENT,
)


def columns_of_extract(prepared: Prepared, codebook: Codebook) -> tuple[Column, ...]:
    """Describe the columns of an extract, in their order; no cell is looked at."""
    rules = {rule.name: rule for rule in rules_of(prepared, codebook)}
    levels = prepared.released_levels
    persons = _NUMBER if prepared.numbered else _PSEUDONYM
    keys = (
        Column(name, codebook[name], Form.PSEUDONYM, content, rule=rules[name])
        for name, content in ((PERSON, persons), (EVENT, _PSEUDONYM))
    )
    removed = {name for name, cells in prepared.suppressed_cells.items() if cells}
    others = (v for v in prepared.variables if v.form is not Form.PSEUDONYM)
    return (
        *keys,
        *(_column(v, levels.get(v.column, 0), rules[v.column], codebook, removed) for v in others),
        *([replace(_MASK_COLUMN, rule=rules[MASK])] if prepared.has_mask else []),
    )


def _column(
    released: ReleasedVariable,
    level: int,
    rule: ColumnRule,
    codebook: Codebook,
    removed: Collection[str],
) -> Column:
    variable, form = released.variable, released.form
    if form is Form.MINUTES:
        minutes = unit_label("min")
        return Column(
            rule.name, variable, form, _WHOLE_NUMBER, unit=minutes, range=rule.range, rule=rule
        )
    texts = _texts(rule, released.hierarchy, level)
    if rule.name in removed and REMOVED not in texts:
        texts = (*texts, REMOVED)
    values = tuple(
        Value(text, _meaning(text, released.hierarchy, variable, codebook)) for text in texts
    )
    missing = tuple(value for value in values if value.text in MISSING)
    return Column(
        rule.name,
        variable,
        form,
        content=_TEXT if level else TYPES[variable.type],
        unit=unit_label(variable.unit) if variable.unit and not level else None,
        detail=_detail(released, level),
        values=tuple(value for value in values if value not in missing),
        missing=missing,
        range=None if level else rule.range,
        rule=rule,
    )


def _detail(released: ReleasedVariable, level: int) -> Detail | None:
    if released.hierarchy is None:
        return None
    names = released.hierarchy.level_names
    source, approved, now = (level_label(names[n]) for n in (0, released.floor, level))
    return Detail(source, approved, now, level - released.floor, names[level] == TOP)


def _texts(rule: ColumnRule, hierarchy: Hierarchy | None, level: int) -> tuple[str, ...]:
    """What may stand in a column, where it can be listed: not the days of two centuries."""
    if level == 0:
        return tuple(map(str, rule.codes))
    if hierarchy is None or not hierarchy.domain:
        return ()
    return rule.labels or ()


def _meaning(
    text: str, hierarchy: Hierarchy | None, variable: Variable, codebook: Codebook
) -> Label | None:
    for code in codebook.codes(variable):
        if str(code.code) == text:
            return Label(nb=code.nb, en=code.en)
    if hierarchy is not None and text in hierarchy.names:
        return Label(nb=hierarchy.names[text], en=hierarchy.names[text])
    english = hierarchy.english.get(text) if hierarchy is not None else None
    english = english or english_of(text)
    if english != text:
        return Label(nb=text, en=english)
    return MISSING.get(text)
