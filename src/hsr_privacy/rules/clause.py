"""Clauses: a rule as expressions over rows, in words that a missing value never breaks.

The logic is that of three values. A comparison with a missing cell is neither true nor false, and a
row is counted only where a clause is surely concerned, and surely broken. What was not recorded, is
not known, does not apply or was suppressed says nothing, unless a clause asks for that itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Final, TypeAlias

import narwhals as nw

NO, YES = 0, 1
NOT_APPLICABLE, SUPPRESSED, UNKNOWN = 888, 998, 999
SILENT: Final = (NOT_APPLICABLE, SUPPRESSED, UNKNOWN)
"""Codes that stand for no answer."""

OUTSIDE, INSIDE = 1, 2

Parameters: TypeAlias = Mapping[str, int]


@dataclass(frozen=True)
class Clause:
    """One thing that a rule asks of a row.

    Attributes:
        columns: what it looks at; it is judged where all are there.
        concerned: rows of which it says something.
        broken: rows in which it does not hold; read only where it is concerned.
    """

    columns: tuple[str, ...]
    concerned: nw.Expr
    broken: nw.Expr

    @property
    def violated(self) -> nw.Expr:
        """Rows that are concerned and in which it does not hold."""
        return self.concerned & self.broken


@dataclass(frozen=True)
class Logic:
    """How a rule is judged.

    Attributes:
        clauses: made of the rule's parameters.
        parameters: names of the parameters.
    """

    clauses: Callable[[Parameters], tuple[Clause, ...]]
    parameters: tuple[str, ...] = ()


def code(name: str, *codes: int) -> nw.Expr:
    """Whether a column holds one of these codes."""
    return nw.col(name).is_in(codes)


def measured(name: str) -> nw.Expr:
    """A number, missing where a code stands for no answer."""
    column = nw.col(name)
    return nw.when(~any_of(*(column == silent for silent in SILENT))).then(column)


def present(*names: str) -> nw.Expr:
    """Whether all of these columns have a value."""
    return reduce(and_, (~nw.col(name).is_null() for name in names))


def answered(name: str) -> nw.Expr:
    """Whether a column holds a code that is an answer."""
    return present(name) & ~code(name, *SILENT)


def any_of(*parts: nw.Expr) -> nw.Expr:
    """Whether one of these holds."""
    return reduce(or_, parts)


def implies(
    columns: tuple[str, ...], concerned: nw.Expr, broken: nw.Expr
) -> Callable[[Parameters], tuple[Clause, ...]]:
    """A rule of one clause without parameters."""
    return lambda _: (Clause(columns, concerned, broken),)


# Columns that `clocks.py` and `places.py` add: the first word says what they hold.


def early(name: str) -> str:
    """Column of the earliest moment, in seconds of UTC, at which a clock can have shown a time."""
    return f"__early {name}"


def late(name: str) -> str:
    """Column of the latest such moment: an hour after the earliest where an hour comes twice."""
    return f"__late {name}"


def skipped(name: str) -> str:
    """Column of whether a time lies in the hour that is left out in March."""
    return f"__skipped {name}"


def twice(name: str) -> str:
    """Column of whether a time lies in the hour that comes twice in October."""
    return f"__twice {name}"


def days(name: str) -> str:
    """Column of a date as days since 1970."""
    return f"__days {name}"


def seconds_after(later: str, earlier: str) -> nw.Expr:
    """The most seconds that can lie between two times."""
    return nw.col(late(later)) - nw.col(early(earlier))


def in_order(before: str, after: str, *, seconds: int, when: nw.Expr | None = None) -> Clause:
    """One time does not come after another, however the clocks of an autumn night are read.

    Args:
        before: column of the time that comes first.
        after: column of the other.
        seconds: by which clocks may differ.
        when: the rows that it is asked of; all if left out.
    """
    both = present(before, after)
    concerned = both if when is None else when & both
    return Clause((before, after), concerned, seconds_after(after, before) < -seconds)
