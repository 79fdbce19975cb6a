"""Dictionary: the columns of an extract for whoever writes it in a format or describes it."""

from __future__ import annotations

from typing import Final

from hsr_privacy.codebook import Range, Type
from hsr_privacy.dictionary import KINDS, Dictionary, Field, Kind, Value, role_of
from hsr_privacy.documents import Label
from hsr_privacy.project import EVENT, Form
from hsr_privacy.release.columns import Column
from hsr_privacy.release.wording import BECAME

NAME: Final = "extract"
_HELD: Final[dict[str, Kind]] = {
    **{kind.value: held for kind, held in KINDS.items()},
    "label": "text",
    "minutes": "integer",
    "pseudonym": "text",
    "key": "text",
}
"""Per content of a column's rule, what its cells hold."""

_UNTOLD: Final = Label(
    nb="alle har samme verdi: variabelen sier ikke lenger noe",
    en="everybody has the same value: the variable tells nothing any more",
)
_NONE: Final = Range()


def dictionary_of(columns: tuple[Column, ...], *, title: Label) -> Dictionary:
    """Describe an extract; its key is the pseudonym of the event.

    Args:
        columns: of the extract, in their order.
        title: what people call the extract.
    """
    key = tuple(column.name for column in columns if column.name == EVENT)
    return Dictionary(name=NAME, title=title, fields=tuple(map(_field, columns)), key=key)


def _field(column: Column) -> Field:
    rule, variable = column.rule, column.variable
    limits = column.range or _NONE
    plausible = (rule.plausible if rule is not None else None) or _NONE
    return Field(
        name=column.name,
        label=variable.label,
        kind=_kind(column),
        description=variable.description,
        unit=column.unit,
        values=(
            *(Value(value.text, value.meaning) for value in column.values),
            *(Value(value.text, value.meaning, is_missing=True) for value in column.missing),
        ),
        minimum=limits.min,
        maximum=limits.max,
        plausible=(plausible.min, plausible.max),
        pattern=rule.pattern if rule is not None else None,
        required=rule is not None and not rule.nullable,
        unique=rule is not None and rule.unique,
        variable=variable.name,
        detail=column.detail.released if column.detail is not None else None,
        role="pseudonym" if column.form is Form.PSEUDONYM else role_of(variable),
        note=_note(column),
    )


def _kind(column: Column) -> Kind:
    """What the cells hold; a removed cell makes dates and decimals text, and the rule knows."""
    if column.rule is not None:
        return _HELD[column.rule.content]
    return "integer" if column.form is Form.MINUTES else KINDS[Type(column.variable.type)]


def _note(column: Column) -> Label:
    if column.detail is not None and column.detail.is_suppressed:
        return _UNTOLD
    return BECAME[column.form]
