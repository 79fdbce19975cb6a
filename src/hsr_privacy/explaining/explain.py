"""Explain: what a solution cost, why it is what it is, whom it fell on, and what else there was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hsr_privacy.anonymity.solution import Solution
from hsr_privacy.explaining.case import Case
from hsr_privacy.explaining.columns import explain_columns
from hsr_privacy.explaining.drivers import explain_drivers
from hsr_privacy.explaining.explanation import Explanation
from hsr_privacy.explaining.frontier import MOST_SEARCHES, explain_frontier
from hsr_privacy.explaining.neighbours import explain_neighbours
from hsr_privacy.explaining.subgroups import explain_subgroups
from hsr_privacy.models import PrivacyModel


def explain(
    solution: Solution,
    *,
    models: Sequence[PrivacyModel],
    max_suppressed: float,
    weights: Sequence[float] | Mapping[str, float] | None = None,
    max_points: int = MOST_SEARCHES,
) -> Explanation:
    """Explain a finished solution, from its frequency table alone.

    Every loss is the additive one, 0-1, whatever the search minimized. No figure of a group with a
    label stands for fewer persons than k (3 at least; 5 where no model counts persons).

    Args:
        solution: what the search found.
        models: what every released class had to satisfy, as the search was asked.
        max_suppressed: largest share of rows that could be suppressed, likewise.
        weights: how much the loss of each column counted, likewise.
        max_points: searches to make at most for the frontier of risk against utility; 0 for none.

    Raises:
        DataError: this is not what the solution was found for.
    """
    case = Case.of(solution, models, max_suppressed, weights)
    return Explanation(
        method=solution.method,
        loss_name=solution.loss_name,
        rows=solution.rows,
        persons=case.table.count_persons(case.table.rows > 0),
        max_suppressed=case.max_suppressed,
        budget=case.limit,
        suppressed_rows=solution.suppressed_rows,
        suppressed_cells=solution.suppressed_cells,
        classes=solution.classes,
        k=solution.k,
        loss=1 - solution.granularity,
        least_persons=case.least_persons,
        columns=explain_columns(case),
        neighbours=explain_neighbours(case),
        drivers=explain_drivers(case),
        groupings=explain_subgroups(case),
        frontier=explain_frontier(case, max_points=max_points),
    )
