"""Rerunning: a registered analysis before and after, with what became of each of its figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from hsr_privacy.documents import Label
from hsr_privacy.project import Analysis, LogisticAnalysis
from hsr_privacy.utility.coding import Table
from hsr_privacy.utility.figures import Figure, Sides, coarser_figure, figure_of
from hsr_privacy.utility.planning import Setting, plan_of
from hsr_privacy.utility.ran import Plan, Ran, Run, Why
from hsr_privacy.utility.running import run
from hsr_privacy.utility.telling import run_sentence, why_words
from hsr_privacy.utility.verdicts import Verdict, worst

MOST_CATEGORIES: Final = 20
"""Of a predictor in full detail; one with more stays on the released level."""


@dataclass(frozen=True)
class Rerun:
    """A registered analysis, before and after.

    Attributes:
        name: of the analysis.
        label: for people.
        kind: ``proportion``, ``odds-ratio``, ``logistic`` or ``survival``.
        verdict: the worst of its figures.
        rows_kept: rows that can still be analysed, as a share of those before; None without
            originals, or where that would tell of few.
        price: most that coarser levels alone moved a figure, in standard errors; None where nothing
            the analysis needs leaves coarser, or without originals.
        figures: one by one.
        sentence: what became of it, in words.
    """

    name: str
    label: Label
    kind: str
    verdict: Verdict
    rows_kept: float | None
    price: float | None
    figures: tuple[Figure, ...]
    sentence: Label


@dataclass(frozen=True, eq=False)
class Tables:
    """The tables on which analyses are run.

    Attributes:
        released: the rows that leave.
        before: all rows, on the released levels; None without originals.
        finest: all rows in full detail; None likewise.
    """

    released: Table
    before: Table | None
    finest: Table | None


def rerun(analysis: Analysis, tables: Tables, setting: Setting) -> Rerun:
    """Run an analysis on all rows and on those that leave, and compare.

    Args:
        analysis: with the names of the tables' columns.
        tables: see `Tables`.
        setting: of the extract.
    """
    both = [table for table in (tables.released, tables.before) if table is not None]
    plan = plan_of(analysis, both, setting)
    after = run(analysis, tables.released, plan)
    before = run(analysis, tables.before, plan) if tables.before is not None else None
    if before is not None and before.why is not None and tables.finest is not None:
        # What the released levels do not allow may still have been possible before.
        before = run(analysis, tables.finest, plan_of(analysis, [tables.finest], setting))
    finest = None
    if before is not None and before.figures and isinstance(analysis, LogisticAnalysis):
        finest = _in_detail(analysis, tables, setting)
        before = _with_lost_groups(analysis, before, tables, plan, setting)
    figures = tuple(_figures(analysis, before, after, finest, setting))
    ran_before = before is not None and bool(before.figures)
    verdict = worst(one.verdict for one in figures)
    if after.why is not None and not ran_before:
        verdict = Verdict.NOT_RUN
    prices = [abs(one.price) for one in figures if one.price is not None]
    price = max(prices) if prices else None
    kept = _kept(before, after, setting.least_persons)
    return Rerun(
        name=analysis.name,
        label=analysis.label,
        kind=analysis.kind,
        verdict=verdict or Verdict.WITHHELD,
        rows_kept=kept,
        price=price,
        figures=figures,
        sentence=run_sentence(
            [one.verdict for one in figures],
            kept=kept,
            price=price,
            why=why_words(after.why, setting.words),
            ran_before=ran_before,
        ),
    )


def _with_lost_groups(
    analysis: LogisticAnalysis, before: Run, tables: Tables, plan: Plan, setting: Setting
) -> Run:
    """What ran before, and the figures of values that are too few in the release alone."""
    if tables.before is None:
        return before
    own = plan_of(analysis, [tables.before], setting)
    if all(set(own.groups[name]) <= set(plan.groups.get(name, ())) for name in own.groups):
        return before
    whole = run(analysis, tables.before, replace(own, references=plan.references))
    lost = {
        key: one
        for key, one in whole.figures.items()
        if key not in before.figures and key.text is not None
    }
    rows = max(before.rows, whole.rows)
    return replace(before, figures={**before.figures, **lost}, rows=rows)


def _in_detail(analysis: LogisticAnalysis, tables: Tables, setting: Setting) -> Run | None:
    """A regression with every predictor in full detail that leaves coarser; None if none does."""
    if tables.finest is None:
        return None
    coarse = [
        one.variable
        for one in analysis.predictors
        if one.yes_or_no is None and tables.released.level(one.variable) > 0
    ]
    levels = dict(tables.finest.levels)
    for name in coarse:
        column = tables.finest.column(name)
        measured = name in setting.numbers and column.numbers is not None
        if not measured and len(column.texts) > MOST_CATEGORIES:
            levels[name] = tables.released.level(name)
    if all(levels.get(name, 0) == tables.released.level(name) for name in coarse):
        return None
    table = tables.finest.on(levels)
    return run(analysis, table, plan_of(analysis, [table], setting))


def _figures(
    analysis: Analysis, before: Run | None, after: Run, finest: Run | None, setting: Setting
) -> Iterator[Figure]:
    earlier = before.figures if before is not None else {}
    detailed = finest.figures if finest is not None else {}
    references = after.references if after.figures or before is None else before.references
    for key in dict.fromkeys([*after.figures, *earlier]):
        sides = Sides(
            earlier.get(key),
            after.figures.get(key, Ran(None, after.why or Why("few"))),
            detailed.get(key),
        )
        yield figure_of(
            analysis,
            key,
            sides,
            setting,
            references=references,
            has_original=before is not None,
        )
    for key, one in detailed.items():
        is_number = key.kind == "term" and key.text is None
        if is_number and key not in earlier and one.estimate is not None:
            yield coarser_figure(analysis, key, one.estimate, setting)


def _kept(before: Run | None, after: Run, least_persons: int) -> float | None:
    if before is None or not before.rows or after.why is not None:
        return None
    if 0 < abs(before.rows - after.rows) < least_persons:
        return None
    return round(after.rows / before.rows, 3)
