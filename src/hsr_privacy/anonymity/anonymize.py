"""Anonymize: any table, with any models, in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hsr_privacy.anonymity.losses import LossName
from hsr_privacy.anonymity.plan import SUPPRESSED_CELLS, Population, PrivacyPlan, SensitiveLevel
from hsr_privacy.anonymity.protect import protect_with_solution
from hsr_privacy.anonymity.solution import Method, Reading, Solution
from hsr_privacy.errors import DataError
from hsr_privacy.extract import Extract
from hsr_privacy.frames import like
from hsr_privacy.hierarchies import Hierarchy
from hsr_privacy.models import DistinctLDiversity, KAnonymity, PrivacyModel


@dataclass(frozen=True)
class Anonymized:
    """A table that satisfies what was asked, and how.

    Attributes:
        data: the same kind of frame as was given.
        solution: levels, loss, bound, classes and suppression.
        plan: what was asked.
    """

    data: Any
    solution: Solution
    plan: PrivacyPlan


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
    models: Sequence[PrivacyModel] = (),
    method: Method = "full-domain",
    loss: LossName = "additive",
    floors: Mapping[str, str | int] | None = None,
    reading: Reading = "own-category",
    suppressed: str = "*",
    mask_column: str | None = SUPPRESSED_CELLS,
    sensitive_levels: Mapping[str, SensitiveLevel] | None = None,
    population: Population | None = None,
) -> Anonymized:
    """Make any table k-anonymous, and keep whatever other models are named.

    By default the result is the full-domain generalization of least loss whose suppression stays
    within the budget; among equals, the one with the fewest suppressed rows, then the lowest sum of
    levels, then the first in the order of ``quasi_identifiers``.

    Rows keep their order. Sort them by all that they say before you write them, as `hsr anonymize`
    does, so that their order tells nothing more.

    Args:
        data: a pandas, Polars, PyArrow or Spark frame; the same kind comes back.
        quasi_identifiers: columns by which a person could be recognized.
        hierarchies: per quasi-identifier, its hierarchy.
        k: smallest number of persons in a class.
        max_suppressed: largest share (0-1) of rows that may be removed.
        sensitive: column of which every class must hold at least ``l`` distinct values.
        person: column that tells persons apart; every row is a person if left out.
        weights: per quasi-identifier, how much its loss counts.
        models: further models, such as ``TCloseness("cause", 0.2)``; see `hsr_privacy.models`.
        method: ``full-domain``; ``joint``, which also suppresses single cells and is what releases
            use; ``cells``, which generalizes nothing; or ``local``, for controlled settings only.
        loss: what ``full-domain`` minimizes.
        floors: per quasi-identifier, the finest level that may be released.
        reading: what a suppressed cell counts as.
        suppressed: what a suppressed cell reads.
        mask_column: column that names the suppressed cells of each row, where cells are suppressed.
        sensitive_levels: per sensitive column, the level of a hierarchy on which it is counted.
        population: for `KMap` and `JournalistRisk`.

    Raises:
        BudgetExceeded: nothing satisfies this within the budget.
        DataError: something named does not exist or does not fit.
    """
    lacking = [name for name in quasi_identifiers if name not in hierarchies]
    if lacking:
        raise DataError(f"column '{lacking[0]}' is a quasi-identifier without a hierarchy")
    if (sensitive is None) != (l is None):
        raise DataError("a sensitive column and l belong together; give both or neither")
    wanted: tuple[PrivacyModel, ...] = (KAnonymity(k),)
    if sensitive is not None and l is not None:
        wanted = (*wanted, DistinctLDiversity(sensitive, l))
    plan = PrivacyPlan(
        {name: hierarchies[name] for name in quasi_identifiers},
        (*wanted, *models),
        max_suppressed,
        floors=floors or {},
        weights=weights or {},
        method=method,
        loss=loss,
        reading=reading,
        suppressed=suppressed,
        mask_column=mask_column,
        sensitive=sensitive_levels or {},
        population=population,
    )
    extract, solution = protect_with_solution(Extract.of(data, person=person), plan)
    return Anonymized(like(extract.frame, data), solution, plan)
