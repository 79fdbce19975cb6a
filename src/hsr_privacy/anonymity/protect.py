"""Protect: generalize further and suppress, until every equivalence class satisfies the models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl

from hsr_privacy.anonymity.encoding import (
    EncodedColumn,
    encode,
    leaf_texts,
    with_leaves,
    without_clock,
)
from hsr_privacy.anonymity.search import search
from hsr_privacy.anonymity.solution import Solution
from hsr_privacy.errors import DataError
from hsr_privacy.extract import Extract, Step, any_frame
from hsr_privacy.frames import (
    PERSONS,
    ROWS,
    Frame,
    class_counts,
    columns_of,
    join_mapping,
    like,
    persons_in_several_classes,
)
from hsr_privacy.frequencies import FrequencyTable, Repeats, SensitiveHistogram
from hsr_privacy.hierarchies import Hierarchy
from hsr_privacy.models import DistinctLDiversity, KAnonymity, PrivacyModel

_KEPT = "__kept"


@dataclass(frozen=True)
class PrivacyPlan:
    """What must hold, and how far data may be changed to make it hold.

    Attributes:
        hierarchies: per quasi-identifier, its hierarchy; their order is the order of the search.
        models: what every released class must satisfy.
        max_suppressed: largest share (0-1) of rows that may be suppressed.
        floors: per quasi-identifier, the finest level that may be released, by name or number.
        weights: per quasi-identifier, how much its loss counts; 1 where nothing is said.
    """

    hierarchies: Mapping[str, Hierarchy]
    models: tuple[PrivacyModel, ...]
    max_suppressed: float
    floors: Mapping[str, str | int] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)


@any_frame
def protect(extract: Extract, plan: PrivacyPlan) -> Extract:
    """Generalize and suppress until every equivalence class satisfies the plan's models.

    A missing value counts as a value of its own, so the result is never less safe than it reads.
    Suppressed rows are removed. A generalized column is text; a column that stays on its finest
    level keeps its type, except that a date-time becomes its date: a day is the finest level of a
    hierarchy, and persons are counted by it.

    Args:
        extract: one row per event; k counts its persons, or its rows if it names no person.
        plan: the models, the approved levels, the budget.

    Raises:
        BudgetExceeded: no allowed generalization keeps suppression within the budget.
        DataError: a column or level does not exist, a value has no place in its hierarchy, or an
            earlier step masked a quasi-identifier.

    Source: Samarati & Sweeney 1998, full-domain generalization with record suppression.
    """
    return protect_with_solution(extract, plan)[0]


def protect_with_solution(extract: Extract, plan: PrivacyPlan) -> tuple[Extract, Solution]:
    """Like `protect`, and give the solution with it."""
    _check(extract, plan)
    frame = without_clock(extract.frame, list(plan.hierarchies))
    columns = {
        name: encode(frame, name, hierarchy, plan.floors.get(name, 0))
        for name, hierarchy in plan.hierarchies.items()
    }
    frame = with_leaves(frame, columns)
    classes = class_counts(frame, [c.code for c in columns.values()], person=extract.person)
    table = _frequency_table(frame, columns, classes, extract.person, plan.models)
    weights = [plan.weights.get(name, 1.0) for name in columns]
    solution = search(
        table, models=plan.models, max_suppressed=plan.max_suppressed, weights=weights
    )
    released = _apply(frame, columns, classes, solution, columns_of(extract.frame))
    counts = {
        "rows in": int(table.rows.sum()),
        "rows suppressed": solution.suppressed_rows,
        "classes": solution.classes,
        "smallest class": solution.k,
    }
    step = Step("protect", counts, dict(solution.level_names))
    return extract.then(released, step), solution


@dataclass(frozen=True)
class Anonymized:
    """A table that satisfies what was asked, and how.

    Attributes:
        data: the same kind of frame as was given.
        solution: levels, loss, classes and suppression.
    """

    data: Any
    solution: Solution


def anonymize(
    data: Any,
    *,
    quasi_identifiers: Sequence[str],
    hierarchies: Mapping[str, Hierarchy],
    k: int,
    max_suppressed: float,
    sensitive: str | None = None,
    l: int | None = None,  # noqa: E741 - the field's own name
    person: str | None = None,
    weights: Mapping[str, float] | None = None,
) -> Anonymized:
    """Make any table k-anonymous, and distinct l-diverse if a sensitive column is named.

    The result is the full-domain generalization of least loss whose suppression stays within the
    budget; among equals, the one with the lowest sum of levels, then the first in the order of
    ``quasi_identifiers``.

    Args:
        data: a pandas, Polars, PyArrow or Spark frame; the same kind comes back.
        quasi_identifiers: columns by which a person could be recognized.
        hierarchies: per quasi-identifier, its hierarchy.
        k: smallest number of persons in a class.
        max_suppressed: largest share (0-1) of rows that may be removed.
        sensitive: column of which every class must hold at least ``l`` distinct values.
        person: column that tells persons apart; every row is a person if left out.
        weights: per quasi-identifier, how much its loss counts.

    Raises:
        BudgetExceeded: nothing satisfies this within the budget.
        DataError: something named does not exist or does not fit.
    """
    lacking = [name for name in quasi_identifiers if name not in hierarchies]
    if lacking:
        raise DataError(f"column '{lacking[0]}' is a quasi-identifier without a hierarchy")
    if (sensitive is None) != (l is None):
        raise DataError("a sensitive column and l belong together; give both or neither")
    models: tuple[PrivacyModel, ...] = (KAnonymity(k),)
    if sensitive is not None and l is not None:
        models = (*models, DistinctLDiversity(sensitive, l))
    plan = PrivacyPlan(
        {name: hierarchies[name] for name in quasi_identifiers},
        models,
        max_suppressed,
        weights=weights or {},
    )
    extract, solution = protect_with_solution(Extract.of(data, person=person), plan)
    return Anonymized(like(extract.frame, data), solution)


def _check(extract: Extract, plan: PrivacyPlan) -> None:
    """Refuse a plan that names what is not there, instead of leaving out what it asks for."""
    if not plan.hierarchies:
        raise DataError("there is no quasi-identifier; name at least one")
    present = columns_of(extract.frame)
    if extract.person is not None and extract.person not in present:
        raise DataError(f"there is no column '{extract.person}' to tell persons apart")
    _check_unmasked(extract, plan.hierarchies)
    for name in (*plan.floors, *plan.weights):
        if name not in plan.hierarchies:
            raise DataError(f"column '{name}' has a floor or a weight and is no quasi-identifier")
    for model in plan.models:
        if not isinstance(model, DistinctLDiversity):
            continue
        if model.column in plan.hierarchies:
            raise DataError(
                f"column '{model.column}' is both a quasi-identifier and sensitive; "
                "leave it out of one of the two"
            )
        if model.column not in present:
            raise DataError(f"there is no column '{model.column}' to keep diverse")


def _check_unmasked(extract: Extract, quasi_identifiers: Iterable[str]) -> None:
    """Refuse to count classes of values that noise, chance or a mean have changed."""
    for name in quasi_identifiers:
        if name in extract.masked:
            raise DataError(
                f"column '{name}' is a quasi-identifier that the step '{extract.masked[name]}' "
                "masked, and classes of changed values say nothing of persons; protect the column "
                "as it was before, and mask only what is no quasi-identifier"
            )


def _frequency_table(
    frame: Frame,
    columns: Mapping[str, EncodedColumn],
    classes: pl.DataFrame,
    person: str | None,
    models: Sequence[PrivacyModel],
) -> FrequencyTable:
    codes = [column.code for column in columns.values()]
    repeats = None
    if person is not None:
        several = persons_in_several_classes(frame, codes, person=person)
        numbered = several.join(classes.select(codes).with_row_index("class"), on=codes)
        repeats = Repeats(numbered["person"].to_numpy(), numbered["class"].to_numpy())
    histograms: dict[str, SensitiveHistogram] = {}
    for model in models:
        if isinstance(model, DistinctLDiversity):
            histograms[model.column] = _histogram(frame, codes, classes, model.column)
    return FrequencyTable.of_codes(
        tuple(column.table for column in columns.values()),
        codes=classes.select(codes).to_numpy().astype(np.int32),
        rows=classes[ROWS].to_numpy(),
        persons=classes[PERSONS].to_numpy(),
        repeats=repeats,
        sensitive=histograms,
        names=tuple(columns),
    )


def _histogram(
    frame: Frame, codes: list[str], classes: pl.DataFrame, column: str
) -> SensitiveHistogram:
    counted = class_counts(frame, codes, sensitive=column)
    numbered = counted.join(classes.select(codes).with_row_index("class"), on=codes)
    texts = pl.Series(leaf_texts(numbered[column]), dtype=pl.String)
    return SensitiveHistogram(
        numbered["class"].to_numpy(),
        texts.rank("dense").fill_null(0).to_numpy(),
        numbered[ROWS].to_numpy(),
    )


def _apply(
    frame: Frame,
    columns: Mapping[str, EncodedColumn],
    classes: pl.DataFrame,
    solution: Solution,
    order: Sequence[str],
) -> Frame:
    """Join the verdict on each class back to its rows: labels, and whether the rows stay."""
    codes = [column.code for column in columns.values()]
    verdict = classes.select(codes).with_columns(pl.Series(_KEPT, ~solution.suppressed))
    replaced = []
    for name, column in columns.items():
        if solution.levels[name] + column.floor == 0:
            continue
        texts = solution.labels_of(name)
        verdict = verdict.with_columns(pl.Series(f"__label_{name}", texts, dtype=pl.String))
        replaced.append(name)
    frame = join_mapping(frame, codes, verdict).filter(nw.col(_KEPT)).drop(replaced)
    frame = frame.rename({f"__label_{name}": name for name in replaced})
    return frame.select(*map(nw.col, order))
