"""The table schema: the columns of an extract in the words of Frictionless.

Text that a reader shows is bokmål, as the codebook is; beside it stands both, under `labels`.
Kinds of missing are missing values of their field alone, because 999 may be a number in another.

Source: Table Schema 2.0, https://datapackage.org/standard/table-schema/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from hsr_privacy.dictionary import Dictionary, Field, Kind
from hsr_privacy.documents import Label

PROFILE: Final = "https://datapackage.org/profiles/2.0/tableschema.json"

_TYPES: Final[dict[Kind, str]] = {
    "integer": "integer",
    "decimal": "number",
    "text": "string",
    "date": "date",
    "datetime": "datetime",
}
_NUMBERS: Final[tuple[Kind, ...]] = ("integer", "decimal")
_FORMULA: Final = tuple("=+-@＝＋－＠'")
_EMPTY: Final = {
    "value": "",
    "label": "tom",
    "labels": {"nb": "tom", "en": "empty"},
}


def table_schema(dictionary: Dictionary, *, decimal_comma: bool = True) -> dict[str, Any]:
    """Describe the columns of a table.

    Args:
        dictionary: the columns.
        decimal_comma: whether decimals are written with a comma.

    Returns:
        A Table Schema 2.0 as JSON has it.
    """
    schema: dict[str, Any] = {
        "$schema": PROFILE,
        "fields": [_field(one, decimal_comma=decimal_comma) for one in dictionary],
        "missingValues": [""],
    }
    if dictionary.key:
        schema["primaryKey"] = list(dictionary.key)
    return schema


def both(label: Label) -> dict[str, str]:
    """A text in both languages."""
    return {"nb": label.nb, "en": label.en}


def _field(field: Field, *, decimal_comma: bool) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": field.name,
        "type": _TYPES[field.kind],
        "title": field.label.nb,
        "labels": both(field.label),
    }
    if field.description is not None:
        described["description"] = field.description.nb
        described["descriptions"] = both(field.description)
    if field.kind == "decimal" and decimal_comma:
        described["decimalChar"] = ","
    if field.missing:
        described["missingValues"] = [
            _EMPTY,
            *(_entry(one.text, one.text, one.label) for one in field.missing),
            *(_decimals(field, decimal_comma=decimal_comma) if field.kind == "decimal" else ()),
        ]
    if field.codes:
        described["categories"] = [
            _entry(_value(one.text, field.kind), one.text, one.label) for one in field.codes
        ]
    constraints = _constraints(field)
    if constraints:
        described["constraints"] = constraints
    for name, label in (
        ("unit", field.unit),
        ("category", field.category),
        ("detail", field.detail),
        ("note", field.note),
    ):
        if label is not None:
            described[name] = both(label)
    if field.variable is not None:
        described["variable"] = field.variable
    described["role"] = field.role
    return described


def _constraints(field: Field) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    # A kind of missing reads as no value, so a field that knows one cannot demand a value.
    if field.required and not field.missing:
        constraints["required"] = True
    if field.unique:
        constraints["unique"] = True
    if field.pattern is not None and field.kind == "text":
        constraints["pattern"] = field.pattern
    if field.codes:
        constraints["enum"] = [
            _value(text, field.kind) for one in field.codes for text in _as_written(one.text, field)
        ]
    if field.kind in _NUMBERS:
        for name, limit in (("minimum", field.minimum), ("maximum", field.maximum)):
            if limit is not None:
                constraints[name] = _number(limit, field.kind)
    return constraints


def _as_written(text: str, field: Field) -> tuple[str, ...]:
    """How a value may stand in the CSV: a text like a formula has an apostrophe before it."""
    is_like_one = field.kind == "text" and text.lstrip().startswith(_FORMULA)
    return (text, f"'{text}") if is_like_one else (text,)


def _entry(value: float | str, text: str, label: Label | None) -> dict[str, Any]:
    """A value with what it means; one that says it itself is its own label."""
    said = label or Label(nb=text, en=text)
    return {"value": value, "label": said.nb, "labels": both(said)}


def _decimals(field: Field, *, decimal_comma: bool) -> Iterator[dict[str, Any]]:
    """The kinds of missing as a column of decimals writes them: 999,0."""
    for one in field.missing:
        text = str(float(one.text)).replace(".", "," if decimal_comma else ".")
        label = one.label or Label(nb=one.text, en=one.text)
        said = Label(nb=f"{label.nb} ({text})", en=f"{label.en} ({text})")
        yield _entry(text, text, said)


def _value(text: str, kind: Kind) -> float | str:
    if kind == "integer":
        return int(text)
    return float(text.replace(",", ".")) if kind == "decimal" else text


def _number(value: float, kind: Kind) -> float:
    return int(value) if kind == "integer" or value == int(value) else value
