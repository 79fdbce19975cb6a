"""Columns: which level each stands on, and which part of the loss it has."""

from __future__ import annotations

import numpy as np

from hsr_privacy.explaining.case import Case
from hsr_privacy.explaining.explanation import ColumnPart, LevelRows


def explain_columns(case: Case) -> tuple[ColumnPart, ...]:
    """Per quasi-identifier, its level and its part of the additive loss, by cause."""
    whole = float((case.row_loss * case.shares).sum())
    return tuple(_column(case, place, whole) for place in range(len(case.table.names)))


def _column(case: Case, place: int, whole: float) -> ColumnPart:
    solution = case.solution
    name, hierarchy = case.table.names[place], case.table.hierarchies[place]
    lost = case.cell_loss(place) * case.shares
    masked = np.zeros_like(solution.suppressed)
    if solution.masked is not None:
        masked = solution.masked[:, place] & ~solution.suppressed
    by_rows = float(lost[solution.suppressed].sum())
    by_cells = float(lost[masked].sum())
    by_levels = float(lost[~solution.suppressed & ~masked].sum())
    per_level = solution.rows_per_level(name)
    return ColumnPart(
        name,
        solution.levels[name],
        solution.level_names[name],
        hierarchy.levels,
        hierarchy.level_names[0],
        hierarchy.level_names[-1],
        by_levels,
        by_cells,
        by_rows,
        (by_levels + by_cells + by_rows) / whole if whole else 0.0,
        _texts(case, place),
        tuple(LevelRows(n, hierarchy.level_names[n], rows) for n, rows in per_level.items()),
    )


def _texts(case: Case, place: int) -> int:
    """Distinct texts that are released; two cells are the same if their texts are."""
    solution, hierarchy = case.solution, case.table.hierarchies[place]
    released = ~solution.suppressed & (case.table.rows > 0)
    level_of = solution.levels_of(case.table.names[place])[released]
    leaves = case.table.leaves_of(place)[released]
    texts: set[str | None] = set()
    for level in np.unique(level_of).tolist():
        nodes = np.unique(hierarchy.nodes[level][leaves[level_of == level]])
        texts.update(hierarchy.labels[level][node] for node in nodes.tolist())
    return len(texts)
