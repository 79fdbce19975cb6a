"""Drivers: which variables, and which sizes of class, make generalization and suppression needed."""

from __future__ import annotations

from typing import Final

import numpy as np

from hsr_privacy.explaining.case import Bools, Case
from hsr_privacy.explaining.explanation import Driver, Drivers, SizeBand
from hsr_privacy.models import failing

BANDS: Final = ((1, 1), (2, 2), (3, 4), (5, 9), (10, 19), (20, 49), (50, None))
"""Fewest and most persons of each band of class sizes."""


def explain_drivers(case: Case) -> Drivers:
    """What would be safe without each variable, and how the loss falls on classes by their size.

    Rows are at risk on the solution's levels before any is removed; where cells differ in level, on
    the finest levels, where nothing is generalized yet.
    """
    levels = case.levels
    on = levels if levels is not None else [0] * len(case.table.names)
    name: Final = "solution" if levels is not None else "floor"
    if not case.table.total_rows:
        return Drivers(name, 0, tuple(Driver(one, 0, 0.0) for one in case.table.names), ())
    classes = case.classes_on(on)
    at_risk = failing(case.models, classes)
    rows = int(classes.rows[at_risk].sum())
    columns = []
    for place, hierarchy in enumerate(case.table.hierarchies):
        without = [*on[:place], hierarchy.levels - 1, *on[place + 1 :]]
        merged = case.classes_on(without, finer=classes)
        assert merged.merged is not None
        still = failing(case.models, merged)[merged.merged]
        safe = int(classes.rows[at_risk & ~still].sum())
        columns.append(Driver(case.table.names[place], safe, safe / rows if rows else 0.0))
    return Drivers(name, rows, tuple(columns), _bands(case))


def _bands(case: Case) -> tuple[SizeBand, ...]:
    sizes = case.floor.persons
    occupied = case.floor.rows > 0
    lost = case.row_loss * case.shares
    whole = float(lost.sum())
    found = []
    for least, most in BANDS:
        inside = occupied & (sizes >= least) & (sizes <= (sizes if most is None else most))
        base: Bools = case.floor.spread(inside)
        rows = int(case.table.rows[base].sum())
        if not rows:
            continue
        gone = int(case.table.rows[base & case.solution.suppressed].sum())
        share = float(lost[base].sum()) / whole if whole else 0.0
        persons = case.table.count_persons(base & (case.table.rows > 0))
        classes = int(np.count_nonzero(inside))
        found.append(SizeBand(least, most, classes, rows, persons, share, gone, gone / rows))
    return tuple(found)
