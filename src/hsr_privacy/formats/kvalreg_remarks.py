"""Remarks: what the codebook format has no column for, in its column of comments, to be read back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

Remark: TypeAlias = tuple[str, str]
"""A name and a text, such as ``("label-en", "Sex")``."""

VALUE: Final = "value "
MISSING: Final = "missing "
"""Names of remarks on a value that cannot stand in a row of its own begin so; its text follows."""

ENGLISH: Final = " (en)"

_IN_BOTH: Final = ("category", "unit", "detail", "note", "value")
_KNOWN: Final = frozenset(
    (
        *("title-en", "label-en", "description-en", "key", "name", "kind", "variable", "role"),
        *("pattern", "min", "max", "plausible-min", "plausible-max"),
        *(f"{name}-{language}" for name in _IN_BOTH for language in ("nb", "en")),
    )
)


def joined(remarks: Iterable[Remark]) -> str:
    """Remarks in one cell: ``label-en: Sex | value-en: Man``."""
    return " | ".join(f"{_closed(name, ':|')}: {_closed(text, '|')}" for name, text in remarks)


def parted(cell: str) -> dict[str, str] | None:
    """The remarks of a cell; None where somebody wrote something else into it."""
    remarks: dict[str, str] = {}
    for part in _parts(cell, "|"):
        name, *rest = _parts(part.strip(" "), ":", most=1)
        if not rest or not (name in _KNOWN or name.startswith((VALUE, MISSING))):
            return None
        remarks[_open(name)] = _open(rest[0].removeprefix(" "))
    return remarks


def _closed(text: str, signs: str) -> str:
    """With a backslash before the signs that part one remark from the next."""
    return "".join(f"\\{sign}" if sign in signs or sign == "\\" else sign for sign in text)


def _open(text: str) -> str:
    signs = iter(text)
    return "".join(next(signs, "") if sign == "\\" else sign for sign in signs)


def _parts(text: str, at: str, *, most: int = -1) -> Iterator[str]:
    """The parts between the signs that have no backslash before them; backslashes stay."""
    part, signs = "", iter(text)
    for sign in signs:
        if sign == "\\":
            part += sign + next(signs, "")
        elif sign == at and most:
            most -= 1
            yield part
            part = ""
        else:
            part += sign
    yield part
