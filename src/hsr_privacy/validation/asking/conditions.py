"""Conditions: what one column must hold where another holds something."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import and_
from typing import Any, Final, TypeAlias

import narwhals as nw

from hsr_privacy.frames import to_polars
from hsr_privacy.validation.asking.answer import Answer, require, take

PRESENT: Final = "present"
MISSING: Final = "missing"

Test: TypeAlias = str | list[Any]
"""``present``, ``missing``, or a list of values."""


def implied(data: Any, *, when: Mapping[str, Test], then: Mapping[str, Test]) -> Answer:
    """Count the rows of which a condition speaks, and those that do not do what it asks.

    Args:
        data: any frame.
        when: per column a test; rows that meet all of them are asked.
        then: per column a test; they must meet all of these.
    """
    frame = take(data, [*when, *then])
    kinds = frame.collect_schema()
    for tests in (when, then):
        require(*[_fits(test, kinds[name]) for name, test in tests.items()])
    asked = reduce(and_, [_met(name, test, kinds[name]) for name, test in when.items()])
    kept = reduce(and_, [_met(name, test, kinds[name]) for name, test in then.items()])
    row: dict[str, Any] = to_polars(
        frame.select(
            asked.cast(nw.Int64).sum().alias("asked"),
            (asked & ~kept).cast(nw.Int64).sum().alias("broken"),
        )
    ).row(0, named=True)
    return Answer(int(row["asked"] or 0), int(row["broken"] or 0))


def _met(name: str, test: Test, kind: Any) -> nw.Expr:
    """Whether a cell meets a test; never missing."""
    column = nw.col(name)
    if isinstance(test, list):
        values = list(map(float, test)) if kind.is_float() else test
        return column.is_in(values).fill_null(value=False) & ~column.is_null()
    return column.is_null() if test == MISSING else ~column.is_null()


def _fits(test: Test, kind: Any) -> bool:
    """Whether a column can hold the values of a test."""
    if not isinstance(test, list):
        return True
    if kind == nw.String:
        return all(isinstance(value, str) for value in test)
    if kind == nw.Boolean:
        return all(isinstance(value, bool) for value in test)
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in test)
    return bool(kind.is_numeric()) and numbers
