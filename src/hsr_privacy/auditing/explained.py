"""Explained: what other choices would have cost, where the extract can be made again."""

from __future__ import annotations

from typing import Final

from hsr_privacy.anonymity.generalize import generalize
from hsr_privacy.anonymity.plan import PrivacyPlan
from hsr_privacy.anonymity.protect import protect_with_solution
from hsr_privacy.auditing.evidence import Evidence
from hsr_privacy.errors import BudgetExceeded
from hsr_privacy.explaining import Explanation, explain
from hsr_privacy.extract import Extract
from hsr_privacy.models import DistinctLDiversity, KAnonymity

POINTS: Final = 10
"""Searches for the frontier of risk and loss."""


def explanation_by(plan: PrivacyPlan, evidence: Evidence) -> Explanation | None:
    """Protect the originals once more and explain it, if that gives the levels of the extract.

    Args:
        plan: by which the extract was protected.
        evidence: with its originals.

    Returns:
        None where there are no originals, or where another choice comes out: then the extract was
        made otherwise, and nothing can be said of what its neighbours would cost.
    """
    if evidence.original is None:
        return None
    person = [] if evidence.person is None else [evidence.person]
    rows = evidence.original.select(*plan.hierarchies, *plan.sensitive_columns, *person)
    secrets = {n: evidence.levels[n] for n in plan.sensitive_columns if evidence.levels.get(n)}
    if secrets:
        rows = generalize(rows, secrets, hierarchies=evidence.hierarchies)
    try:
        solution = protect_with_solution(Extract.of(rows, person=evidence.person), plan)[1]
    except BudgetExceeded:
        return None
    for name, level in solution.levels.items():
        floor = plan.floors.get(name, 0)
        first = plan.hierarchies[name].level(floor) if isinstance(floor, str) else floor
        if evidence.levels.get(name, 0) != first + level:
            return None
    return explain(
        solution,
        models=plan.models,
        max_suppressed=plan.max_suppressed,
        weights=plan.weights,
        max_points=POINTS,
    )


def plan_of(evidence: Evidence) -> PrivacyPlan | None:
    """The plan that a table's own figures suggest: one level per column, rows removed.

    None where a quasi-identifier has no hierarchy, nobody said how small a class may be, or there
    are no originals.
    """
    limits, original = evidence.limits, evidence.original
    lacking = [name for name in evidence.quasi_identifiers if name not in evidence.hierarchies]
    if lacking or limits.k is None or original is None:
        return None
    removed = 1 - evidence.released.height / original.height if original.height else 0.0
    return PrivacyPlan(
        hierarchies={name: evidence.hierarchies[name] for name in evidence.quasi_identifiers},
        models=(
            KAnonymity(limits.k),
            *(DistinctLDiversity(name, least) for name, least in limits.l.items()),
        ),
        max_suppressed=limits.max_suppressed or max(removed, 0.0),
        method="full-domain",
    )
