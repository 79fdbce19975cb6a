"""Subgroups: whether suppression falls on some more than on others."""

from __future__ import annotations

import numpy as np

from hsr_privacy.explaining.case import Case
from hsr_privacy.explaining.explanation import Group, Grouping, Share
from hsr_privacy.explaining.grouping import Int64s, Parts, parts_of, persons_behind
from hsr_privacy.explaining.intervals import share_of


def explain_subgroups(case: Case) -> tuple[Grouping, ...]:
    """Per column, its groups and what was suppressed in each; see `Grouping`.

    Suppression is no sample: an interval does not say what is true of others, it says whether a
    difference is larger than one between groups drawn by lot would be.
    """
    if not case.table.total_rows:
        return ()
    return tuple(
        Grouping(column, parts.by, parts.level_name, parts.of, _groups(case, parts))
        for place, column in enumerate(case.table.names)
        for parts in parts_of(case, place)
    )


def _groups(case: Case, parts: Parts) -> tuple[Group, ...]:
    solution, width = case.solution, len(case.table.names)
    counted = parts.counted(case)
    numbers = case.table.rows * counted

    def add(values: Int64s) -> Int64s:
        sums = np.bincount(parts.group_of, weights=values, minlength=len(parts.names))
        return sums.astype(np.int64)

    persons = persons_behind(case, parts)
    rows = add(numbers)
    gone = add(numbers * solution.suppressed)
    masked = add(numbers * _masked(case))
    lost = np.bincount(parts.group_of, weights=numbers * case.row_loss, minlength=len(rows))
    cells = (rows - gone) * width
    rows_whole = int(gone.sum()) / int(rows.sum())
    cells_whole = int(masked.sum()) / max(int(cells.sum()), 1)
    mean = float(lost.sum()) / int(rows.sum())
    found = []
    for n, name in enumerate(parts.names):
        many = int(rows[n])
        rows_share: Share | None = None
        if parts.of == "all":
            rows_share = share_of(int(gone[n]) / many, int(persons[n, 0]), whole=rows_whole)
        cells_share: Share | None = None
        if cells_whole and cells[n]:
            behind = int(persons[n, 2 if parts.of == "all" else 0])
            cells_share = share_of(int(masked[n]) / int(cells[n]), behind, whole=cells_whole)
        loss = float(lost[n]) / many
        found.append(
            Group(
                name.kind,
                name.label,
                name.least,
                name.most,
                many,
                int(persons[n, 0]),
                int(gone[n]) if parts.of == "all" else None,
                rows_share,
                cells_share,
                loss,
                loss / mean if mean else None,
            )
        )
    return tuple(found)


def _masked(case: Case) -> Int64s:
    """Per base class, the suppressed cells of a released row."""
    solution = case.solution
    if solution.masked is None:
        return np.zeros(case.table.classes, np.int64)
    cells: Int64s = solution.masked.sum(axis=1) * ~solution.suppressed
    return cells
