"""Answering: what the rows of a table answer to a yes or a no."""

from __future__ import annotations

from collections.abc import Sequence

from hsr_privacy.project import Analysis, Answers, answers_of
from hsr_privacy.utility.coding import GONE, Bools, Table
from hsr_privacy.utility.ran import CannotRun, Plan, Why


def outcome_of(analysis: Analysis, table: Table, plan: Plan) -> tuple[Bools, Bools]:
    """Per row, whether it has the outcome, and whether it is analysed."""
    yes, known = answered(analysis.outcome, table, plan)
    for one in analysis.where:
        holds, told = answered(one, table, plan)
        known = known & holds & told
    return yes & known, known


def answered(asked: Answers, table: Table, plan: Plan) -> tuple[Bools, Bools]:
    """Per row, whether it is a yes, and whether it is a yes or a no.

    Raises:
        CannotRun: a text of the column is both.
    """
    name = asked.variable
    column, ladder = table.column(name), table.ladders.get(name)
    found = answers_of(
        asked,
        column.texts,
        hierarchy=ladder.hierarchy if ladder is not None else None,
        level=table.level(name),
        missing=plan.missing,
    )
    if "mixed" in found.values():
        raise CannotRun(Why("coarse", (name,)))
    yes = column.flags([found[text] == "yes" for text in column.texts])
    no = column.flags([found[text] == "no" for text in column.texts])
    if asked.missing == "no":
        no = no | ((column.codes < 0) & (column.codes != GONE))
    return yes, yes | no


def enough(table: Table, cells: Sequence[Bools], least: int) -> bool:
    """Whether each of some cells has enough persons."""
    return all(table.persons_in(cell, least) >= least for cell in cells)
