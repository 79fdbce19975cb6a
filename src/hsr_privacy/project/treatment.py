"""What becomes of each approved variable on its way out: the project's words as treatments.

This is decided here and nowhere else: the plan tells it before, the release does it, the gates look
whether it was done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hsr_privacy.codebook import Codebook, Role, Treatment, Type, Variable
from hsr_privacy.hierarchies import TOP, Hierarchy

MINUTES: Final = "minutes"
"""The detail of a clock time that is released as minutes since the call."""

MINUTES_SUFFIX: Final = "_min"
"""Behind the name of a clock time, the name of its minutes."""

ORIGIN: Final = ("t_anrop", "t_stans")
"""Minutes count from the emergency call and, where there was none, from the arrest."""


class Form(StrEnum):
    """How a variable leaves the house."""

    KEPT = "kept"
    GENERALIZED = "generalized"
    """To its approved level, row by row."""
    PROTECTED = "protected"
    """A quasi-identifier: from its approved level upwards, class by class."""
    MINUTES = "minutes"
    PSEUDONYM = "pseudonym"


@dataclass(frozen=True)
class ReleasedVariable:
    """One approved variable.

    Attributes:
        variable: what the codebook says of it.
        column: its name in the extract.
        form: how it leaves.
        hierarchy: where it is generalized by one.
        floor: number of the finest approved level.
    """

    variable: Variable
    column: str
    form: Form
    hierarchy: Hierarchy | None = None
    floor: int = 0

    @property
    def is_sensitive(self) -> bool:
        """Whether something could be learned by it about a person."""
        return self.variable.role is Role.SENSITIVE

    def label(self, level: int) -> str:
        """Name of a level of its hierarchy."""
        return self.hierarchy.level_names[level] if self.hierarchy is not None else ""


def released_variables(
    approved: Iterable[tuple[str, str | None]],
    *,
    codebook: Codebook,
    hierarchies: Mapping[str, Hierarchy],
) -> tuple[ReleasedVariable, ...]:
    """Decide the form of every approved variable.

    Args:
        approved: name of each variable and its approved detail: the name of a level, ``minutes``,
            or None for the codebook's own treatment; where that is to generalize, the first
            level above the value itself, if that still tells something.
        codebook: what the variables are.
        hierarchies: by the names that the codebook uses.
    """
    return tuple(_released(codebook[name], detail, hierarchies) for name, detail in approved)


def _released(
    variable: Variable, detail: str | None, hierarchies: Mapping[str, Hierarchy]
) -> ReleasedVariable:
    if variable.treatment is Treatment.PSEUDONYM:
        return ReleasedVariable(variable, variable.name, Form.PSEUDONYM)
    by_minutes = variable.treatment is Treatment.MINUTES and detail is None
    if variable.type is Type.DATETIME and (by_minutes or detail == MINUTES):
        return ReleasedVariable(variable, variable.name + MINUTES_SUFFIX, Form.MINUTES)
    if variable.hierarchy is None:
        if variable.role is Role.QUASI_IDENTIFIER:
            whole = Hierarchy(variable.name, ("value", TOP), (), lambda value: (value, TOP))
            return ReleasedVariable(variable, variable.name, Form.PROTECTED, whole)
        return ReleasedVariable(variable, variable.name, Form.KEPT)
    hierarchy = hierarchies[variable.hierarchy]
    floor = hierarchy.level(detail) if detail is not None else _default_level(variable, hierarchy)
    if variable.role is Role.QUASI_IDENTIFIER:
        return ReleasedVariable(variable, variable.name, Form.PROTECTED, hierarchy, floor)
    form = Form.GENERALIZED if floor else Form.KEPT
    return ReleasedVariable(variable, variable.name, form, hierarchy, floor)


def _default_level(variable: Variable, hierarchy: Hierarchy) -> int:
    """What nobody asked for in full detail does not leave in full detail."""
    above = 1 if variable.treatment is Treatment.GENERALIZE else 0
    return above if hierarchy.level_names[above] != TOP else 0
