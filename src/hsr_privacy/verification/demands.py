"""Demands: what a file is claimed to satisfy, and whether it does."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Final

import polars as pl

from hsr_privacy.errors import DataError
from hsr_privacy.verification.learning import ROUNDING

_AT_LEAST: Final = ("k", "l", "entropy_l")
_WHOLE: Final = ("k", "l")
_SHARES: Final = ("t", "alpha", "max_risk")
NAMES: Final = {"entropy_l": "entropy l", "max_risk": "largest risk"}


@dataclass(frozen=True)
class Demands:
    """What is claimed of a file; None claims nothing.

    Attributes:
        k: persons of every class, at least.
        l: different values of every sensitive column in every class, at least.
        entropy_l: exp(entropy) of every sensitive column in every class, at least.
        t: distance of every class from the table, at most; 0 to 1.
        beta: relative gain of every value (basic beta-likeness), at most.
        delta: |ln(q / p)| of every value, at most; a class that lacks a value fails.
        alpha: share of one value in every class, at most; 0 to 1.
        max_risk: 1 / persons of every class, at most; 0 to 1.

    Raises:
        DataError: a number that means nothing.
    """

    k: int | None = None
    l: int | None = None  # noqa: E741 - the model's own name
    entropy_l: float | None = None
    t: float | None = None
    beta: float | None = None
    delta: float | None = None
    alpha: float | None = None
    max_risk: float | None = None

    def __post_init__(self) -> None:
        """Refuse numbers that mean nothing."""
        for name, wanted in self.given().items():
            least = 1 if name in _AT_LEAST else 0
            most = 1 if name in _SHARES else math.inf
            if not (math.isfinite(wanted) and least <= wanted <= most):
                span = f"from {least} to 1" if most == 1 else f"{least} or more"
                raise DataError(f"{NAMES.get(name, name)} is {wanted}; it must be {span}")
            if name in _WHOLE and wanted != int(wanted):
                raise DataError(f"{name} is {wanted}; it must be a whole number")

    def given(self) -> dict[str, float]:
        """The demands that were made."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: wanted for name, wanted in values.items() if wanted is not None}

    @property
    def of_sensitive(self) -> dict[str, float]:
        """Those that are about a sensitive column."""
        return {k: v for k, v in self.given().items() if k not in ("k", "max_risk")}


@dataclass(frozen=True)
class Judgement:
    """Whether one demand holds.

    Attributes:
        model: name of the demand, as in `Demands`.
        column: the sensitive column; None where the demand is about persons.
        wanted: the least or the most that was demanded.
        found: what the worst class has; may be infinite.
        failing_classes: classes that do not reach it.
        failing_rows: rows of these.
    """

    model: str
    column: str | None
    wanted: float
    found: float
    failing_classes: int
    failing_rows: int

    @property
    def holds(self) -> bool:
        """Whether every class reaches what was demanded."""
        return not self.failing_classes

    @property
    def bound(self) -> str:
        """``at least`` or ``at most``."""
        return "at least" if self.model in _AT_LEAST else "at most"

    def __str__(self) -> str:
        """One sentence, without a cell of the data."""
        name = NAMES.get(self.model, self.model)
        of = f" of '{self.column}'" if self.column is not None else ""
        text = f"{name}{of}: wanted {self.bound} {number(self.wanted)}, found {number(self.found)}"
        if self.holds:
            return text
        return f"{text}; {self.failing_classes} class(es) with {self.failing_rows} row(s) fail"


def judge(
    model: str, column: str | None, wanted: float, measures: pl.Series, rows: pl.Series
) -> Judgement:
    """Compare what each class has with what was demanded, leaving room for rounding only.

    Args:
        model: name of the demand.
        column: the sensitive column, if it is about one.
        wanted: the bound.
        measures: what each class has; not empty.
        rows: rows of each class.
    """
    if model in _AT_LEAST:
        fails, worst = measures < wanted * (1 - ROUNDING), measures.to_numpy().min()
    else:
        fails, worst = measures > wanted * (1 + ROUNDING) + ROUNDING, measures.to_numpy().max()
    failing_rows = int(rows.filter(fails).sum() or 0)
    return Judgement(model, column, wanted, worst.item(), int(fails.sum()), failing_rows)


def number(value: float) -> str:
    """A measure as people read it."""
    if math.isinf(value):
        return "infinite"
    return str(int(value)) if value == int(value) else f"{value:.6g}"
