"""Neighbours: what one column on another level would cost and buy."""

from __future__ import annotations

from collections.abc import Sequence

from hsr_privacy.anonymity.solution import cell_loss
from hsr_privacy.explaining.case import Bools, Case
from hsr_privacy.explaining.explanation import Neighbour, Neighbours, NodePart
from hsr_privacy.frequencies import EquivalenceClasses
from hsr_privacy.models import failing


def explain_neighbours(case: Case) -> Neighbours | None:
    """Every other level of every column, all others unchanged, counted exactly; one merge each.

    Of a solution with suppressed cells the levels are judged, with whole rows removed; None where
    cells differ in level.
    """
    levels = case.levels
    if levels is None or not case.table.total_rows:
        return None
    classes = case.classes_on(levels)
    here = _node(case, levels, classes)
    steps = []
    for place, hierarchy in enumerate(case.table.hierarchies):
        for level in range(hierarchy.levels):
            step = level - levels[place]
            if not step:
                continue
            other = [*levels[:place], level, *levels[place + 1 :]]
            merged = case.classes_on(other, finer=classes if step > 0 else None)
            node = _node(case, other, merged)
            steps.append(
                Neighbour(
                    case.table.names[place],
                    level,
                    hierarchy.level_names[level],
                    step,
                    node,
                    node.loss - here.loss,
                    node.rows_suppressed - here.rows_suppressed,
                )
            )
    return Neighbours(here, tuple(steps))


def _node(case: Case, levels: Sequence[int], classes: EquivalenceClasses) -> NodePart:
    bad = failing(case.models, classes)
    occupied = classes.rows > 0
    rows = int(classes.rows[bad].sum())
    suppressed: Bools = classes.spread(bad)
    return NodePart(
        cell_loss(case.table, case.costs, levels, suppressed & False, None),
        cell_loss(case.table, case.costs, levels, suppressed, None),
        rows,
        rows <= case.limit,
        int((occupied & ~bad).sum()),
        int(classes.persons[occupied].min()),
    )
