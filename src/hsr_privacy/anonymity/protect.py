"""Protect: generalize further and suppress, until every equivalence class satisfies the models."""

from __future__ import annotations

from hsr_privacy.anonymity.applying import apply
from hsr_privacy.anonymity.plan import PrivacyPlan, check_plan
from hsr_privacy.anonymity.search import search
from hsr_privacy.anonymity.solution import Solution
from hsr_privacy.anonymity.tabulating import tabulate
from hsr_privacy.extract import Extract, Step, any_frame
from hsr_privacy.frames import columns_of
from hsr_privacy.frequencies import FrequencyTable


@any_frame
def protect(extract: Extract, plan: PrivacyPlan) -> Extract:
    """Generalize and suppress until every equivalence class satisfies the plan's models.

    A missing value counts as a value of its own, so the result is never less safe than it reads.
    Suppressed rows are removed, and a suppressed cell reads as the plan says. A generalized column
    is text; a column that stays on its finest level keeps its type, except that a date-time becomes
    its date: a day is the finest level of a hierarchy, and persons are counted by it.

    Args:
        extract: one row per event; k counts its persons, or its rows if it names no person.
        plan: the models, the method, the approved levels, the budget.

    Raises:
        BudgetExceeded: no allowed recoding keeps suppression within the budget.
        DataError: a column or level does not exist, a value has no place in its hierarchy, or an
            earlier step masked a quasi-identifier.

    Source: Samarati & Sweeney 1998, full-domain generalization with record suppression.
    """
    return protect_with_solution(extract, plan)[0]


def protect_with_solution(extract: Extract, plan: PrivacyPlan) -> tuple[Extract, Solution]:
    """Like `protect`, and give the solution with it."""
    check_plan(extract, plan)
    counted = tabulate(extract, plan)
    solution = solve(counted.table, plan)
    released = apply(counted, solution, plan, columns_of(extract.frame))
    counts = {
        "rows in": solution.rows,
        "rows suppressed": solution.suppressed_rows,
        "classes": solution.classes,
        "smallest class": solution.k,
    }
    if plan.suppresses_cells:
        counts["cells suppressed"] = solution.suppressed_cells
    return extract.then(released, Step("protect", counts, dict(solution.level_names))), solution


def solve(table: FrequencyTable, plan: PrivacyPlan) -> Solution:
    """Recode a frequency table by the plan's method.

    Raises:
        BudgetExceeded: no allowed recoding keeps suppression within the budget.
        DataError: a model or a loss that the method cannot keep to.
    """
    weights = [plan.weights.get(name, 1.0) for name in table.names]
    if plan.method == "full-domain":
        return search(
            table,
            models=plan.models,
            max_suppressed=plan.max_suppressed,
            weights=weights,
            loss=plan.loss,
        )
    if plan.method == "local":
        from hsr_privacy.anonymity.local import recode_locally

        return recode_locally(
            table, models=plan.models, max_suppressed=plan.max_suppressed, weights=weights
        )
    from hsr_privacy.anonymity.cells import recode_jointly, suppress_cells

    if plan.method == "joint":
        return recode_jointly(
            table, models=plan.models, max_suppressed=plan.max_suppressed, weights=weights
        )
    return suppress_cells(
        table,
        models=plan.models,
        max_suppressed=plan.max_suppressed,
        weights=weights,
        reading=plan.reading,
    )
