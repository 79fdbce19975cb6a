"""Headings: whether a table has the columns that were declared, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hsr_privacy.validation.asking.answer import Answer, names_of


def declared(data: Any, *, columns: Sequence[str], optional: Sequence[str] = ()) -> Answer:
    """Count columns that nobody declared, that are missing, or that stand elsewhere.

    Args:
        data: any frame.
        columns: all that may be there, in their order.
        optional: those of them that may be missing.
    """
    there = names_of(data)
    undeclared = [name for name in there if name not in columns]
    missing = [name for name in columns if name not in there and name not in optional]
    expected = [name for name in columns if name in there]
    found = [name for name in there if name in columns]
    moved = sum(one != other for one, other in zip(expected, found, strict=False))
    doubled = len(found) - len(set(found))
    return Answer(len(there), len(undeclared) + len(missing) + moved + doubled, 0)
