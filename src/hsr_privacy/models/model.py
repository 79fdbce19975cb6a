"""The privacy model: a demand on the equivalence classes of a release, and the verdict on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.frequencies import EquivalenceClasses, FrequencyTable

Bools = NDArray[np.bool_]
_Kind = TypeVar("_Kind", bound=np.generic)


class Merging(Enum):
    """What the search may conclude from the verdict on a class when classes are merged.

    A wrong answer here makes the search wrong, so where in doubt it is ``NOTHING``.
    """

    ANY = "any"
    """A class that satisfies still does after merging with any other class."""
    SATISFYING = "satisfying"
    """If all classes satisfy and nothing is suppressed, all still do after merging."""
    NOTHING = "nothing"
    """Nothing follows."""


class PrivacyModel(Protocol):
    """A demand on every released equivalence class."""

    @property
    def name(self) -> str:
        """What it is called in reports."""

    @property
    def column(self) -> str | None:
        """The sensitive column that it counts, if it counts one."""

    @property
    def wanted(self) -> float:
        """The bound that was asked for."""

    @property
    def merging(self) -> Merging:
        """What follows for merged classes."""

    @property
    def wide(self) -> bool:
        """Whether the verdict on a class depends on which other classes are released."""

    def check(self, table: FrequencyTable) -> None:
        """Raise DataError if no generalization of this table can ever satisfy the model."""

    def satisfied(self, classes: EquivalenceClasses, released: Bools) -> Bools:
        """Per equivalence class, whether it may be released; of one without rows it says nothing.

        Args:
            classes: the equivalence classes.
            released: per class, whether the other models let it be released so far.
        """

    def reached(self, classes: EquivalenceClasses, released: Bools) -> float:
        """The worst value among the released classes with rows, to be compared with ``wanted``.

        At least one such class is released.
        """


@dataclass(frozen=True)
class Verdict:
    """What one model says of a solution, in numbers.

    Attributes:
        model: its name.
        column: its sensitive column, if it has one.
        wanted: the bound that was asked for.
        reached: the worst released class, or None where nothing is released.
        failing_classes: classes with rows that it would not release, before any was suppressed.
        failing_rows: rows in them.
    """

    model: str
    column: str | None
    wanted: float
    reached: float | None
    failing_classes: int
    failing_rows: int


def failing(models: Sequence[PrivacyModel], classes: EquivalenceClasses) -> Bools:
    """Per equivalence class, whether it must be suppressed; never one without rows.

    Where a verdict depends on what else is released, the verdicts are repeated until they stay.
    """
    released = np.ones(len(classes), bool)
    if not len(classes):
        return released
    empty = classes.rows == 0  # a population's classes stay, as the models compare with them
    for model in models:
        if not model.wide:
            released &= model.satisfied(classes, released) | empty
    wide = [model for model in models if model.wide]
    before = -1
    while wide and before != (now := int(released.sum())):
        before = now
        for model in wide:
            released &= model.satisfied(classes, released) | empty
    return ~released


def verdicts(
    models: Sequence[PrivacyModel], classes: EquivalenceClasses, released: Bools
) -> tuple[Verdict, ...]:
    """What every model says of these classes, of which some are released."""
    everything = np.ones(len(classes), bool)
    occupied = classes.rows > 0
    found = []
    for model in models:
        bad = ~model.satisfied(classes, everything) & occupied if len(classes) else ~everything
        nothing = not (released & occupied).any()
        worst = None if nothing else float(model.reached(classes, released))
        rows = int(classes.rows[bad].sum())
        column = model.column
        found.append(Verdict(model.name, column, model.wanted, worst, int(bad.sum()), rows))
    return tuple(found)


def of_released(
    classes: EquivalenceClasses, values: NDArray[_Kind], released: Bools
) -> NDArray[_Kind]:
    """The values of the released classes that have rows."""
    return values[released & (classes.rows > 0)]


def check_known(table: FrequencyTable, who: str, columns: Sequence[str]) -> None:
    """Raise DataError if a column that somebody is to know is no quasi-identifier."""
    unknown = [name for name in columns if name not in table.names]
    if unknown:
        raise DataError(
            f"{who} knows '{unknown[0]}', which is no quasi-identifier; add it to them (now: "
            f"{', '.join(table.names)})"
        )


def check_column(table: FrequencyTable, column: str) -> None:
    """Raise DataError if the frequency table does not count a column."""
    if column not in table.sensitive:
        raise DataError(
            f"the frequency table does not count column '{column}'; give it as sensitive"
        )
