"""The privacy plan: what must hold in a release, and how far data may be changed to make it hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hsr_privacy.anonymity.losses import LossName
from hsr_privacy.anonymity.masks import SUPPRESSED
from hsr_privacy.anonymity.solution import Method, Reading
from hsr_privacy.errors import DataError
from hsr_privacy.extract import Extract
from hsr_privacy.frames import Frame, columns_of
from hsr_privacy.hierarchies import Hierarchy
from hsr_privacy.models import JournalistRisk, KMap, PrivacyModel

SUPPRESSED_CELLS = "suppressed_cells"
"""Name of the mask column unless another is asked for."""


@dataclass(frozen=True)
class Population:
    """A table of the population that the persons of a release come from.

    Attributes:
        frame: a pandas, Polars, PyArrow or Spark frame with at least one of the quasi-identifiers.
        count: column with the number of persons of each row; every row is one person if left out.
    """

    frame: Any
    count: str | None = None


@dataclass(frozen=True)
class SensitiveLevel:
    """On which level of a hierarchy the values of a sensitive column are told apart.

    "Cardiac" and "presumed cardiac" are one secret: counted as two, a class that tells it of
    everybody would look diverse.

    Attributes:
        hierarchy: of the column.
        level: by name or number; values that are one there are one secret.
    """

    hierarchy: Hierarchy
    level: str | int = 0


@dataclass(frozen=True)
class PrivacyPlan:
    """What must hold, and how far data may be changed to make it hold.

    Attributes:
        hierarchies: per quasi-identifier, its hierarchy; their order is the order of the search.
        models: what every released class must satisfy.
        max_suppressed: largest share (0-1) of rows that may be suppressed.
        floors: per quasi-identifier, the finest level that may be released, by name or number.
        weights: per quasi-identifier, how much its loss counts; 1 where nothing is said.
        method: how the table is recoded, see `Method`.
        loss: what is minimized, see `LossName`; only ``additive`` where cells differ.
        reading: what a suppressed cell counts as, see `Reading`.
        suppressed: what a suppressed cell says.
        mask_column: name of the column that names, row by row, the columns whose cells were
            suppressed; it is added by the methods that suppress cells. None adds none.
        sensitive: per sensitive column that has one, its hierarchy and the level that counts.
        population: for the models that compare with it.
    """

    hierarchies: Mapping[str, Hierarchy]
    models: tuple[PrivacyModel, ...]
    max_suppressed: float
    floors: Mapping[str, str | int] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    method: Method = "full-domain"
    loss: LossName = "additive"
    reading: Reading = "own-category"
    suppressed: str = SUPPRESSED
    mask_column: str | None = SUPPRESSED_CELLS
    sensitive: Mapping[str, SensitiveLevel] = field(default_factory=dict)
    population: Population | None = None

    @property
    def sensitive_columns(self) -> tuple[str, ...]:
        """The columns of which some model counts the values, each once."""
        return tuple(dict.fromkeys(one.column for one in self.models if one.column is not None))

    @property
    def suppresses_cells(self) -> bool:
        """Whether the method suppresses single cells."""
        return self.method in {"cells", "joint"}


def check_plan(extract: Extract, plan: PrivacyPlan) -> None:
    """Refuse a plan that names what is not there, instead of leaving out what it asks for.

    Raises:
        DataError: names the column and the way out.
    """
    if not plan.hierarchies:
        raise DataError("there is no quasi-identifier; name at least one")
    present = columns_of(extract.frame)
    if extract.person is not None and extract.person not in present:
        raise DataError(f"there is no column '{extract.person}' to tell persons apart")
    _check_unmasked(extract, plan.hierarchies)
    for name in (*plan.floors, *plan.weights):
        if name not in plan.hierarchies:
            raise DataError(f"column '{name}' has a floor or a weight and is no quasi-identifier")
    for column in plan.sensitive_columns:
        if column in plan.hierarchies:
            raise DataError(
                f"column '{column}' is both a quasi-identifier and sensitive; "
                "leave it out of one of the two"
            )
        if column not in present:
            raise DataError(f"there is no column '{column}' to keep diverse")
    for column in plan.sensitive:
        if column not in plan.sensitive_columns:
            raise DataError(
                f"column '{column}' has a level of its sensitive values, and no model counts them; "
                "name a model, or leave the level out"
            )
    _check_choices(plan, present)


def _check_choices(plan: PrivacyPlan, present: Collection[str]) -> None:
    """Refuse choices that do not go together."""
    if plan.suppresses_cells and plan.mask_column in present:
        raise DataError(
            f"there is a column '{plan.mask_column}' already, where the suppressed cells are to be "
            "named; choose another name"
        )
    if not plan.suppressed.strip():
        raise DataError("a suppressed cell must read as something; give a code, such as '*' or 998")
    if plan.reading == "wildcard" and plan.method != "cells":
        raise DataError("the wildcard reading is for comparison and for method 'cells' only")
    if plan.loss != "additive" and plan.method != "full-domain":
        raise DataError(f"loss '{plan.loss}' is for method 'full-domain'; the others are additive")


def _check_unmasked(extract: Extract, quasi_identifiers: Iterable[str]) -> None:
    """Refuse to count classes of values that noise, chance or a mean have changed."""
    for name in quasi_identifiers:
        if name in extract.masked:
            raise DataError(
                f"column '{name}' is a quasi-identifier that the step '{extract.masked[name]}' "
                "masked, and classes of changed values say nothing of persons; protect the column "
                "as it was before, and mask only what is no quasi-identifier"
            )


def population_columns(plan: PrivacyPlan, frame: Frame) -> tuple[str, ...]:
    """The quasi-identifiers that a population table knows.

    Raises:
        DataError: it knows none, or lacks the column with its counts.
    """
    present = columns_of(frame)
    count = plan.population.count if plan.population is not None else None
    if count is not None and count not in present:
        raise DataError(f"the population table has no column '{count}' with its counts")
    if count in plan.hierarchies:
        raise DataError(f"the population table's counts '{count}' are a quasi-identifier too")
    known = tuple(name for name in plan.hierarchies if name in present)
    if not known:
        raise DataError(
            "the population table has none of the quasi-identifiers; give it columns of their names"
        )
    for model in plan.models:
        if isinstance(model, KMap | JournalistRisk):
            unknown = sorted(set(model.columns or plan.hierarchies) - set(known))
            if unknown:
                raise DataError(
                    f"{model.name}: the population table does not know '{unknown[0]}'; let the "
                    f"model look at the columns that it knows: {', '.join(known)}"
                )
    return known
