"""Applied for: every variable of an application, with what was asked for and what was approved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hsr_privacy.codebook import Codebook, Variable
from hsr_privacy.documents import Label
from hsr_privacy.project.model import Project
from hsr_privacy.project.treatment import MINUTES, Form, ReleasedVariable
from hsr_privacy.project.wording import level_label

AS_RECORDED: Final = Label(nb="som registrert", en="as recorded")
NOT_NAMED: Final = Label(nb="uten nevnt detalj", en="no detail named")
_OF_FORMS: Final = {
    Form.MINUTES: Label(nb="hele minutter siden anropet", en="whole minutes since the call"),
    Form.PSEUDONYM: Label(nb="løpenummer", en="pseudonym"),
}


@dataclass(frozen=True)
class AppliedFor:
    """One variable of an application.

    Attributes:
        variable: what the codebook says of it.
        applied: the detail that was applied for.
        approved: the detail that was approved; None where the variable was refused.
        reduced: whether less was approved than was applied for.
        reason: why, in the words of the decision; None where nobody wrote it.
    """

    variable: Variable
    applied: Label
    approved: Label | None
    reduced: bool = False
    reason: str | None = None

    @property
    def refused(self) -> bool:
        """Whether it was not approved at all."""
        return self.approved is None


def applied_for(
    project: Project, variables: Sequence[ReleasedVariable], *, codebook: Codebook
) -> tuple[AppliedFor, ...]:
    """Set side by side what was applied for and what was approved.

    Args:
        project: a checked application.
        variables: its approved variables; `released_variables` of them.
        codebook: what the refused ones are.

    Returns:
        The approved variables in the order of the project, and behind them the refused ones.
    """
    released = {one.variable.name: one for one in variables}
    approved = []
    for asked in project.variables:
        one = released[asked.name]
        now = detail_label(one, one.floor)
        wanted = now if asked.applied is None else named_detail(asked.applied)
        reduced = wanted != now
        approved.append(AppliedFor(one.variable, wanted, now, reduced, asked.reason))
    refused = (
        AppliedFor(
            codebook[one.name],
            NOT_NAMED if one.applied is None else named_detail(one.applied),
            None,
            reduced=True,
            reason=one.reason,
        )
        for one in project.refused
    )
    return (*approved, *refused)


def detail_label(released: ReleasedVariable, level: int) -> Label:
    """What a level of an approved variable is called; of one without levels, how it leaves."""
    if released.form in _OF_FORMS:
        return _OF_FORMS[released.form]
    if released.hierarchy is None:
        return AS_RECORDED
    return level_label(released.label(level))


def named_detail(detail: str) -> Label:
    """What a detail is called that somebody wrote: the name of a level, or minutes."""
    return _OF_FORMS[Form.MINUTES] if detail == MINUTES else level_label(detail)
