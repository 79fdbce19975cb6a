"""Running: a registered analysis on one table, each of its figures with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hsr_privacy.estimates import difference, kaplan_meier, odds_ratio, share
from hsr_privacy.project import (
    Analysis,
    LogisticAnalysis,
    OddsAnalysis,
    ProportionAnalysis,
    SurvivalAnalysis,
    variables_of,
)
from hsr_privacy.utility.answering import answered, enough, outcome_of
from hsr_privacy.utility.coding import Bools, Floats, Table
from hsr_privacy.utility.ran import CannotRun, Key, Plan, Ran, Run, Why
from hsr_privacy.utility.regressing import regress


def run(analysis: Analysis, table: Table, plan: Plan) -> Run:
    """Run an analysis on a table.

    Args:
        analysis: with the names of the table's columns.
        table: the rows, on the levels on which they are analysed.
        plan: see `Plan`.
    """
    absent = tuple(name for name in variables_of(analysis) if name not in table)
    if absent:
        return Run({}, why=Why("dropped", absent))
    try:
        found = _run(analysis, table, plan)
    except CannotRun as problem:
        return Run({}, why=problem.why)
    return replace(found, references=plan.references)


def _run(analysis: Analysis, table: Table, plan: Plan) -> Run:
    outcome, base = outcome_of(analysis, table, plan)
    if isinstance(analysis, LogisticAnalysis):
        return regress(analysis, table, plan, outcome, base)
    if isinstance(analysis, OddsAnalysis):
        return _odds(analysis, table, plan, outcome, base)
    return _by_groups(analysis, table, plan, outcome, base)


@dataclass(frozen=True, eq=False)
class _Shares:
    """Shares with the outcome, or alive after some time, of rows of one table.

    Attributes:
        outcome: per row.
        times: per row, how long it was followed; None where the outcome is known of all.
        at: after which time survival is told.
    """

    table: Table
    least: int
    outcome: Bools
    times: Floats | None
    at: float

    def of(self, rows: Bools) -> Ran:
        """The share of some rows."""
        if self.times is not None:
            return self._followed(rows, self.times)
        cells = (rows & self.outcome, rows & ~self.outcome)
        counts = tuple(int(cell.sum()) for cell in cells)
        if not enough(self.table, cells, self.least) or not sum(counts):
            return Ran(None, Why("few"), counts)
        return Ran(share(counts[0], sum(counts)), None, counts)

    def apart(self, one: Bools, other: Bools) -> Ran:
        """The share of some rows less that of others."""
        cells = [rows & has for rows in (one, other) for has in (self.outcome, ~self.outcome)]
        counts = tuple(int(cell.sum()) for cell in cells)
        sizes = sum(counts[:2]), sum(counts[2:])
        if not enough(self.table, cells, self.least) or not min(sizes):
            return Ran(None, Why("few"), counts)
        return Ran(difference((counts[0], sizes[0]), (counts[2], sizes[1])), None, counts)

    def _followed(self, rows: Bools, times: Floats) -> Ran:
        late = np.nan_to_num(times, nan=-1.0) >= self.at
        cells = (rows & late, rows & ~self.outcome & ~late)
        counts = tuple(int(cell.sum()) for cell in cells)
        if not enough(self.table, cells, self.least) or not rows.any():
            return Ran(None, Why("few"), counts)
        found = kaplan_meier(times[rows], ~self.outcome[rows]).at(self.at)
        return Ran(found, None if found is not None else Why("unfollowed"), counts)


def _by_groups(
    analysis: ProportionAnalysis | SurvivalAnalysis,
    table: Table,
    plan: Plan,
    outcome: Bools,
    base: Bools,
) -> Run:
    times = _times(analysis, table)
    if times is not None:
        base = base & (np.nan_to_num(times, nan=-1.0) >= 0)
    at = analysis.at if isinstance(analysis, SurvivalAnalysis) else 0.0
    shares = _Shares(table, plan.least_persons, outcome, times, at)
    figures: dict[Key, Ran] = {Key("all"): shares.of(base)}
    for name in analysis.by:
        column = table.column(name)
        rows = {
            text: base & column.flags([one == text for one in column.texts])
            for text in plan.groups.get(name, ())
        }
        reference = plan.references.get(name)
        for text, inside in rows.items():
            figures[Key("group", name, text)] = shares.of(inside)
            if times is None and reference in rows and text != reference:
                key = Key("difference", name, text)
                figures[key] = shares.apart(inside, rows[reference])
    return Run(figures, int(base.sum()))


def _times(analysis: ProportionAnalysis | SurvivalAnalysis, table: Table) -> Floats | None:
    if not isinstance(analysis, SurvivalAnalysis) or analysis.time is None:
        return None
    times = table.column(analysis.time).numbers
    if times is None:
        raise CannotRun(Why("coarse", (analysis.time,)))
    return times


def _odds(analysis: OddsAnalysis, table: Table, plan: Plan, outcome: Bools, base: Bools) -> Run:
    exposed, known = answered(analysis.exposure, table, plan)
    base = base & known
    cells = tuple(base & by & has for by in (exposed, ~exposed) for has in (outcome, ~outcome))
    counts = tuple(int(cell.sum()) for cell in cells)
    margins = (
        counts[0] + counts[1],
        counts[2] + counts[3],
        counts[0] + counts[2],
        counts[1] + counts[3],
    )
    rows = int(base.sum())
    if not enough(table, cells, plan.least_persons) or not min(margins):
        return Run({Key("all"): Ran(None, Why("few"), counts)}, rows)
    found = odds_ratio((counts[0], counts[1]), (counts[2], counts[3])).estimate
    return Run({Key("all"): Ran(found, None, counts)}, rows)
