"""Planning: what the tables on which an analysis is run agree on, so that figures compare."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from hsr_privacy.hierarchies import TOP
from hsr_privacy.project import MISSING, Analysis, LogisticAnalysis, OddsAnalysis
from hsr_privacy.utility.answering import enough, outcome_of
from hsr_privacy.utility.coding import Bools, Table
from hsr_privacy.utility.ran import CannotRun, Plan
from hsr_privacy.utility.words import Words

MOST_GROUPS: Final = 24
"""Values of one column that are told apart, the most frequent."""


@dataclass(frozen=True)
class Setting:
    """What holds for all analyses of an extract.

    Attributes:
        words: what columns and values are called; other values are not told.
        numbers: columns that are measured and not coded.
        missing: texts that are kinds of missing.
        least_persons: behind any cell of a figure.
    """

    words: Words = field(default_factory=Words)
    numbers: Collection[str] = ()
    missing: Collection[str] = MISSING
    least_persons: int = 5


def plan_of(analysis: Analysis, tables: Sequence[Table], setting: Setting) -> Plan:
    """Decide which values are told apart, against which, and what is a number.

    In a regression, values of too few persons in any of the tables are taken as one in all of them,
    or left out of all where that is too few as well.

    Args:
        analysis: with the names of the tables' columns.
        tables: the first decides which value is most frequent.
        setting: of the extract.
    """
    bare = Plan(setting.missing, setting.least_persons)
    if isinstance(analysis, OddsAnalysis):
        return bare
    wanted: dict[str, str | None] = {}
    if isinstance(analysis, LogisticAnalysis):
        for one in analysis.predictors:
            if one.yes_or_no is None:
                wanted.setdefault(one.variable, one.reference)
    else:
        wanted = dict.fromkeys(analysis.by)
    there = {n: r for n, r in wanted.items() if all(n in table for table in tables)}
    numbers = [
        name
        for name, reference in there.items()
        if isinstance(analysis, LogisticAnalysis)
        and name in setting.numbers
        and reference is None
        and all(table.column(name).numbers is not None for table in tables)
    ]
    groups, references, others = {}, {}, []
    for name, reference in there.items():
        if name in numbers:
            continue
        found = _groups(name, tables, setting)
        if isinstance(analysis, LogisticAnalysis):
            bases = [_Base.of(analysis, table, bare) for table in tables]
            found = tuple(one for one in found if all(base.has(name, {one}) for base in bases))
            rest = [set(base.table.column(name).texts) - {*found, *bare.missing} for base in bases]
            if all(base.has(name, texts) for base, texts in zip(bases, rest, strict=True)):
                others.append(name)
        groups[name] = found
        if found:
            raised = _raised(reference, name, tables[0])
            references[name] = raised if raised in found else found[0]
    return replace(bare, groups=groups, references=references, numbers=numbers, others=others)


def _groups(name: str, tables: Sequence[Table], setting: Setting) -> tuple[str, ...]:
    """The known values of a column, the most frequent of the first table first."""
    rows: dict[str, int] = {}
    for number, table in enumerate(tables):
        column = table.column(name)
        counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.texts))
        for text, count in zip(column.texts, counts.tolist(), strict=True):
            if text in setting.missing or text == TOP:
                continue
            if setting.words.value(name, text, table.level(name)) is not None:
                rows[text] = rows.get(text, 0) + (count if number == 0 else 0)
    return tuple(sorted(rows, key=lambda text: (-rows[text], text))[:MOST_GROUPS])


@dataclass(frozen=True, eq=False)
class _Base:
    """The rows of a table that are analysed, by their outcome; None where it cannot be told."""

    table: Table
    plan: Plan
    outcome: Bools | None
    rows: Bools | None

    @classmethod
    def of(cls, analysis: Analysis, table: Table, plan: Plan) -> _Base:
        try:
            return cls(table, plan, *outcome_of(analysis, table, plan))
        except CannotRun:
            return cls(table, plan, None, None)

    def has(self, name: str, texts: Collection[str]) -> bool:
        """Whether enough persons with some texts have the outcome, and enough do not."""
        if self.outcome is None or self.rows is None:
            return True
        column = self.table.column(name)
        inside = self.rows & column.flags([one in texts for one in column.texts])
        cells = (inside & self.outcome, inside & ~self.outcome)
        return enough(self.table, cells, self.plan.least_persons)


def _raised(reference: str | None, name: str, table: Table) -> str | None:
    """A registered reference on the level of the table."""
    ladder = table.ladders.get(name)
    if reference is None or ladder is None:
        return reference
    return ladder.raise_text(reference, table.level(name))
