"""The case: a solution with what it was asked for, checked, from which every part is explained."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.anonymity.losses import ColumnCosts, column_costs
from hsr_privacy.anonymity.search import budget, check_request
from hsr_privacy.anonymity.solution import Solution
from hsr_privacy.errors import DataError
from hsr_privacy.frequencies import EquivalenceClasses, FrequencyTable, Labels
from hsr_privacy.models import KAnonymity, MaximumRisk, PrivacyModel

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Int32s = NDArray[np.int32]

LEAST_PERSONS: Final = 3
"""No figure of a group stands for fewer persons, however small a k was asked for."""
_USUAL_K: Final = 5
_ALMOST: Final = 1e-9


@dataclass(frozen=True, eq=False)
class Case:
    """A solution, and what the search was asked.

    Attributes:
        solution: the solution.
        models: what every released class had to satisfy.
        max_suppressed: largest share of rows that could be suppressed.
        weights: of each column.
    """

    solution: Solution
    models: tuple[PrivacyModel, ...]
    max_suppressed: float
    weights: tuple[float, ...]

    @classmethod
    def of(
        cls,
        solution: Solution,
        models: Sequence[PrivacyModel],
        max_suppressed: float,
        weights: Sequence[float] | Mapping[str, float] | None,
    ) -> Case:
        """Put the two together.

        Raises:
            DataError: this is not what the search was asked.
        """
        weighed = check_request(solution.table, models, max_suppressed, weights)
        case = cls(solution, tuple(models), max_suppressed, weighed)
        asked = [(model.name, model.column, model.wanted) for model in models]
        answered = [(one.model, one.column, one.wanted) for one in solution.verdicts]
        if solution.table.total_rows and asked != answered:
            raise DataError(
                "these are not the models that the solution was found for; give those, in order"
            )
        if solution.suppressed_rows > case.limit:
            raise DataError(
                f"the solution suppresses {solution.suppressed_rows} rows, and max_suppressed "
                f"allows {case.limit}; give the share that it was found for"
            )
        if abs(float((case.row_loss * case.shares).sum()) - (1 - solution.granularity)) > _ALMOST:
            raise DataError(
                "the loss of the solution does not follow from these weights; give those that it "
                "was found for"
            )
        return case

    @property
    def table(self) -> FrequencyTable:
        """The frequency table."""
        return self.solution.table

    @property
    def limit(self) -> int:
        """Rows that could be suppressed."""
        return budget(self.table, self.max_suppressed)

    @property
    def k(self) -> int | None:
        """The k that was asked for, if one was."""
        found = [model.k for model in self.models if isinstance(model, KAnonymity)]
        return max(found, default=None)

    @cached_property
    def least_persons(self) -> int:
        """Persons that have to stand behind a figure of a group: k, or more."""
        sizes = [model.k for model in self.models if isinstance(model, KAnonymity)]
        risks = [model.risk for model in self.models if isinstance(model, MaximumRisk)]
        sizes += [math.ceil(1 / risk - _ALMOST) for risk in risks]
        return max([LEAST_PERSONS, *(sizes or [_USUAL_K])])

    @cached_property
    def costs(self) -> tuple[ColumnCosts, ...]:
        """What a row loses per column; the additive loss."""
        return column_costs(self.table, self.weights, loss="additive")

    @cached_property
    def shares(self) -> Floats:
        """Per base class, its share of all rows."""
        return self.table.rows / max(self.table.total_rows, 1)

    def cell_loss(self, place: int) -> Floats:
        """Per base class, what a row of it loses in a column."""
        column, leaves = self.table.names[place], self.table.leaves_of(place)
        cost = self.costs[place]
        by_level = np.stack(cost.levels)[self.solution.levels_of(column), leaves]
        return np.where(self.solution.suppressed, cost.suppressed[leaves], by_level)

    @cached_property
    def row_loss(self) -> Floats:
        """Per base class, what a row of it loses."""
        lost = np.zeros(self.table.classes)
        for place in range(len(self.table.names)):
            lost += self.cell_loss(place)
        return lost

    @property
    def levels(self) -> list[int] | None:
        """One level per column, if the solution has that."""
        if self.solution.method in {"full-domain", "joint"}:
            return list(self.solution.levels.values())
        return None

    @cached_property
    def floor(self) -> EquivalenceClasses:
        """The classes before anything is generalized."""
        return self.classes_on([0] * len(self.table.names))

    def classes_on(
        self, levels: Sequence[int], *, finer: EquivalenceClasses | None = None
    ) -> EquivalenceClasses:
        """The classes of one level per column, merged from those of levels nowhere coarser."""
        tables = self.table.hierarchies
        nodes = [one.nodes[level] for one, level in zip(tables, levels, strict=True)]
        widths = np.array([len(one) for one in nodes], np.int64)
        sizes = np.array([int(one.max(initial=0)) + 1 for one in nodes], np.int64)
        labels = Labels(np.concatenate(nodes), np.cumsum(widths) - widths, sizes)
        return (finer or EquivalenceClasses.base(self.table)).merge(labels)
