"""Side by side: of every variable, what was applied for, what was approved and what was delivered.

That nothing is delivered finer than it was approved is gate G2; here it is only said, so that whoever
signs reads the same three columns for every variable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from hsr_privacy.codebook import Codebook
from hsr_privacy.documents import Label
from hsr_privacy.hierarchies import TOP
from hsr_privacy.pages import count_text
from hsr_privacy.project import (
    AppliedFor,
    Form,
    Project,
    ReleasedVariable,
    applied_for,
    detail_label,
)
from hsr_privacy.release.application import Application
from hsr_privacy.release.prepare import Prepared

REMOVED: Final = Label(nb="fjernet", en="removed")


class Verdict(StrEnum):
    """What became of a variable on its way from the application to the extract."""

    AS_APPROVED = "as approved"
    VALUES_REMOVED = "values removed"
    """On the approved level, and single values are not there."""
    COARSER = "coarser than approved"
    REMOVED = "removed"
    """The column is there and tells nothing."""
    REFUSED = "refused"
    FINER = "finer than approved"
    """Never: gate G2 refuses such an extract."""


HEADLINES: Final[dict[Verdict, Label]] = {
    Verdict.AS_APPROVED: Label(nb="som godkjent", en="as approved"),
    Verdict.VALUES_REMOVED: Label(nb="enkeltverdier fjernet", en="single values removed"),
    Verdict.COARSER: Label(nb="grovere enn godkjent", en="coarser than approved"),
    Verdict.REMOVED: Label(nb="fjernet", en="removed"),
    Verdict.REFUSED: Label(nb="avslått", en="refused"),
    Verdict.FINER: Label(nb="finere enn godkjent", en="finer than approved"),
}


@dataclass(frozen=True)
class Row:
    """One variable of an application.

    Attributes:
        variable: its name in the register.
        label: what people call it.
        column: its name in the extract; None where it is not there.
        applied: the detail that was applied for.
        approved: the detail that was approved; None where it was refused.
        delivered: the detail in the extract; None where it is not there.
        cells_removed: single values of it that were removed from the rows that leave.
        verdict: what became of it.
        reduced: whether less was approved than was applied for.
        reason: why it was refused, or why less was approved, in the words of the decision.
        because: why the extract has less than was approved; None where it has not.
    """

    variable: str
    label: Label
    column: str | None
    applied: Label
    approved: Label | None
    delivered: Label | None
    cells_removed: int
    verdict: Verdict
    reduced: bool = False
    reason: str | None = None
    because: Label | None = None

    @property
    def headline(self) -> Label:
        """The verdict in two words."""
        return HEADLINES[self.verdict]

    def to_json(self) -> dict[str, Any]:
        """Plain names and counts; None where there is nothing."""
        return {
            "variable": self.variable,
            "column": self.column,
            "applied": self.applied.model_dump(),
            "approved": self.approved.model_dump() if self.approved else None,
            "delivered": self.delivered.model_dump() if self.delivered else None,
            "cells_removed": self.cells_removed,
            "verdict": str(self.verdict),
            "reduced": self.reduced,
            "reason": self.reason,
            "because": self.because.model_dump() if self.because else None,
        }


@dataclass(frozen=True)
class Delivered:
    """What the extract has of the approved variables.

    Attributes:
        levels: per column with a hierarchy, the level on which it is.
        cells_removed: per column, single values that were removed.
        rows: that leave.
    """

    levels: Mapping[str, int] = field(default_factory=dict)
    cells_removed: Mapping[str, int] = field(default_factory=dict)
    rows: int = 0


def side_by_side(
    project: Project,
    variables: Sequence[ReleasedVariable],
    delivered: Delivered,
    *,
    codebook: Codebook,
) -> tuple[Row, ...]:
    """Set side by side what was applied for, approved and delivered.

    Args:
        project: the approved application.
        variables: its approved variables; `released_variables` of them.
        delivered: what the extract has of them.
        codebook: what the refused ones are.

    Returns:
        The approved variables in the order of the project, and behind them the refused ones.
    """
    released = {one.variable.name: one for one in variables}
    return tuple(
        _refused(one)
        if one.approved is None
        else _row(one, released[one.variable.name], delivered, project)
        for one in applied_for(project, variables, codebook=codebook)
    )


def rows_of(prepared: Prepared, application: Application) -> tuple[Row, ...]:
    """The same of what is about to leave.

    Args:
        prepared: the rows that could leave.
        application: what was approved.
    """
    return side_by_side(
        application.project,
        application.variables,
        delivered_of(prepared),
        codebook=application.codebook,
    )


def delivered_of(prepared: Prepared) -> Delivered:
    """What an extract has of the approved variables; no cell is looked at."""
    return Delivered(prepared.released_levels, prepared.suppressed_cells, prepared.table.height)


def _refused(asked: AppliedFor) -> Row:
    return Row(
        variable=asked.variable.name,
        label=asked.variable.label,
        column=None,
        applied=asked.applied,
        approved=None,
        delivered=None,
        cells_removed=0,
        verdict=Verdict.REFUSED,
        reduced=True,
        reason=asked.reason,
    )


def _row(asked: AppliedFor, released: ReleasedVariable, delivered: Delivered, p: Project) -> Row:
    level = delivered.levels.get(released.column, released.floor)
    cells = delivered.cells_removed.get(released.column, 0)
    is_gone = released.hierarchy is not None and released.label(level) == TOP
    verdict = _verdict(released, level, cells, is_gone=is_gone)
    return Row(
        variable=released.variable.name,
        label=released.variable.label,
        column=released.column,
        applied=asked.applied,
        approved=asked.approved,
        delivered=REMOVED if is_gone else detail_label(released, level),
        cells_removed=cells,
        verdict=verdict,
        reduced=asked.reduced,
        reason=asked.reason,
        because=_because(verdict, cells, delivered.rows, p.privacy.k),
    )


def _verdict(released: ReleasedVariable, level: int, cells: int, *, is_gone: bool) -> Verdict:
    if level < released.floor:
        return Verdict.FINER
    if is_gone and level > released.floor:
        return Verdict.REMOVED
    if level > released.floor and released.form is Form.PROTECTED:
        return Verdict.COARSER
    return Verdict.VALUES_REMOVED if cells else Verdict.AS_APPROVED


def _because(verdict: Verdict, cells: int, rows: int, k: int) -> Label | None:
    """Why the extract has less than was approved, in a sentence; None where it has not."""
    few = Label(
        nb=f"ellers ville færre enn {k} personer ha delt noen av kombinasjonene",
        en=f"otherwise fewer than {k} persons would have shared some of the combinations",
    )
    removed = _removed(cells, rows)
    if verdict is Verdict.FINER:
        return Label(nb="kontroll G2 stopper dette uttrekket", en="gate G2 stops this extract")
    if verdict is Verdict.COARSER:
        if not cells:
            return few
        return Label(nb=f"{few.nb}; {removed.nb} i tillegg", en=f"{few.en}; also {removed.en}")
    if verdict is Verdict.REMOVED:
        return few
    if verdict is Verdict.VALUES_REMOVED:
        return Label(
            nb=f"{removed.nb}; det kostet mindre enn et grovere nivå for alle",
            en=f"{removed.en}; that cost less than a coarser level for everybody",
        )
    return None


def _removed(cells: int, rows: int) -> Label:
    """``1 204 of 19 337 values``."""
    some, all_ = count_text(cells), count_text(max(rows, cells))
    return Label(
        nb=f"{some} av {all_} verdier er fjernet", en=f"{some} of {all_} values are removed"
    )
