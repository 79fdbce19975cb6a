"""Rows: what the register holds as plain text and numbers, readable without this program.

Days are ISO 8601, lists are JSON. A row that an earlier version wrote lacks columns; they have the
defaults of today.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, Final, TypeAlias, TypeVar, get_args, get_origin, get_type_hints

from hsr_privacy.disclosures.cases import Application, Work
from hsr_privacy.disclosures.disclosure import Disclosure, Signer, State

Plain: TypeAlias = str | int | float | None
Row: TypeAlias = dict[str, Plain]
Kept: TypeAlias = Disclosure | Application | Work
Kind = TypeVar("Kind", Disclosure, Application, Work)

DISCLOSURE: Final = "disclosure"
APPLICATION: Final = "disclosure_application"
WORK: Final = "disclosure_work"
REGISTER: Final = "disclosure_register"

TABLE_OF: Final[dict[type[Kept], str]] = {
    Disclosure: DISCLOSURE,
    Application: APPLICATION,
    Work: WORK,
}
KEY_OF: Final = {
    DISCLOSURE: "id",
    APPLICATION: "case_number",
    WORK: "number",
    REGISTER: "name",
}
"""The column by which a row of each table is found."""

_HINTS: Final[dict[str, dict[str, Any]]] = {
    table: {one.name: get_type_hints(kind)[one.name] for one in fields(kind)}
    for kind, table in TABLE_OF.items()
}


def to_row(kept: Kept) -> Row:
    """A row as it is written."""
    return {one.name: _written(getattr(kept, one.name)) for one in fields(kept)}


def of_row(kind: type[Kind], row: Mapping[str, Any]) -> Kind:
    """What a row says.

    Raises:
        ValueError, TypeError, KeyError: it is not as it was written.
    """
    hints = _HINTS[TABLE_OF[kind]]
    made: Kind = kind(**{name: _read(hints[name], value) for name, value in row.items()})
    return made


def columns(kind: type[Kept]) -> dict[str, type]:
    """Name and type of each column: text, whole number or number."""
    plain = {int: int, float: float}
    return {name: plain.get(hint, str) for name, hint in _HINTS[TABLE_OF[kind]].items()}


def _written(value: Any) -> Plain:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, State):
        return value.value
    if isinstance(value, tuple):
        plain = [asdict(one) if isinstance(one, Signer) else one for one in value]
        return json.dumps(plain, ensure_ascii=False)
    kept: Plain = value
    return kept


def _read(hint: Any, value: Any) -> Any:
    if hint is dt.date or dt.date in get_args(hint):
        return None if value is None else dt.date.fromisoformat(value)
    if hint is State:
        return State(value)
    if get_origin(hint) is tuple:
        every = json.loads(value)
        return tuple(Signer(**one) if isinstance(one, dict) else one for one in every)
    return value
