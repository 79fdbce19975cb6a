"""Plan: what a release would make of every variable of the register, before any data are touched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal, TypeAlias

from hsr_privacy.codebook import Codebook, Role, Treatment, Variable
from hsr_privacy.documents import Label
from hsr_privacy.hierarchies import Hierarchy
from hsr_privacy.project.applied import AppliedFor, applied_for
from hsr_privacy.project.model import Choice, Condition, Project
from hsr_privacy.project.treatment import ORIGIN, Form, ReleasedVariable, released_variables
from hsr_privacy.project.wording import english_of, level_label

Language: TypeAlias = Literal["nb", "en"]

_LEFT_OUT: Final = Label(nb="de det gjelder, utelates", en="whom it concerns are left out")
_NO_CONSENT: Final = Label(
    nb="de som ikke har gitt det, utelates", en="who has not given it is left out"
)
_NOBODY: Final = Label(nb="prosjektet bygger ikke på det", en="the project does not rest on it")
_CHOOSES: Final = Label(nb="velger kohorten", en="chooses the cohort")
_ORIGIN: Final = Label(nb="minuttene telles herfra", en="minutes are counted from it")
_REFUSED: Final = Label(nb="søkt om og avslått", en="applied for and refused")
_MISSING: Final = ("888", "998", "999")
_FEW: Final = 8


class Fate(StrEnum):
    """What becomes of a variable; in the order in which a plan tells of them."""

    PSEUDONYM = "pseudonym"
    KEPT = "kept"
    GENERALIZED = "generalized"
    PROTECTED = "protected"
    MINUTES = "minutes"
    USED = "used"
    """To choose events, or to count minutes from, and then dropped."""
    REFUSED = "refused"
    """Applied for and not approved."""
    NOT_APPLIED_FOR = "not applied for"
    NEVER = "never released"


_FATES = {
    Form.KEPT: Fate.KEPT,
    Form.GENERALIZED: Fate.GENERALIZED,
    Form.PROTECTED: Fate.PROTECTED,
    Form.MINUTES: Fate.MINUTES,
    Form.PSEUDONYM: Fate.PSEUDONYM,
}


@dataclass(frozen=True)
class Treated:
    """One variable of the register and what becomes of it.

    Attributes:
        variable: what the codebook says of it.
        fate: what becomes of it.
        words: what that means for this variable; None where the fate says everything.
    """

    variable: Variable
    fate: Fate
    words: Label | None = None


@dataclass(frozen=True)
class Plan:
    """What a release of a project would do.

    Attributes:
        project: the approved application.
        variables: every variable of the register, once, in the codebook's order.
        conditions: those of the cohort, in words.
        applied: what was applied for, beside what was approved.
    """

    project: Project
    variables: tuple[Treated, ...]
    conditions: tuple[Label, ...]
    applied: tuple[AppliedFor, ...]

    def with_fate(self, fate: Fate) -> tuple[Treated, ...]:
        """The variables of one fate, in the codebook's order."""
        return tuple(one for one in self.variables if one.fate is fate)


def plan(project: Project, *, codebook: Codebook, hierarchies: Mapping[str, Hierarchy]) -> Plan:
    """Say what a release would make of every variable; no data are looked at.

    Args:
        project: a checked application.
        codebook: the register's variables.
        hierarchies: by the names that the codebook uses.
    """
    approved = [(variable.name, variable.detail) for variable in project.variables]
    made = released_variables(approved, codebook=codebook, hierarchies=hierarchies)
    released = {one.variable.name: one for one in made}
    has_minutes = any(one.form is Form.MINUTES for one in released.values())
    return Plan(
        project,
        tuple(
            _released(released[variable.name], project)
            if variable.name in released
            else _left_out(variable, project, has_minutes=has_minutes)
            for variable in codebook
        ),
        tuple(_condition(one, codebook) for one in project.cohort.conditions),
        applied_for(project, made, codebook=codebook),
    )


def _released(released: ReleasedVariable, project: Project) -> Treated:
    words = {
        Form.GENERALIZED: _to_level,
        Form.PROTECTED: _from_level,
        Form.MINUTES: _as_minutes,
    }.get(released.form)
    told = words(released) if words else None
    if _chooses_the_cohort(released.variable, project):
        also = Label(nb="velger også kohorten", en="also chooses the cohort")
        told = (
            also if told is None else Label(nb=f"{told.nb}; {also.nb}", en=f"{told.en}; {also.en}")
        )
    return Treated(released.variable, _FATES[released.form], told)


def _left_out(variable: Variable, project: Project, *, has_minutes: bool) -> Treated:
    if variable.treatment is Treatment.PSEUDONYM:
        return Treated(variable, Fate.PSEUDONYM)
    refused = any(one.name == variable.name for one in project.refused)
    uses = tuple(_uses(variable, project, has_minutes=has_minutes))
    if uses and variable.role is not Role.DIRECT_IDENTIFIER:
        uses += (_REFUSED,) if refused else ()
        nb, en = ("; ".join(getattr(use, name) for use in uses) for name in ("nb", "en"))
        return Treated(variable, Fate.USED, Label(nb=nb, en=en))
    if refused:
        return Treated(variable, Fate.REFUSED)
    return _not_asked_for(variable)


def _not_asked_for(variable: Variable) -> Treated:
    if variable.treatment is Treatment.GATE:
        return Treated(variable, Fate.NEVER, _NOBODY)
    is_dropped = variable.treatment is Treatment.DROP and variable.hierarchy is None
    if is_dropped or variable.role is Role.DIRECT_IDENTIFIER:
        return Treated(variable, Fate.NEVER)
    return Treated(variable, Fate.NOT_APPLIED_FOR)


def _uses(variable: Variable, project: Project, *, has_minutes: bool) -> Iterator[Label]:
    for choice in project.legal_basis.honour:
        if variable.name == choice:
            yield _NO_CONSENT if choice is Choice.NO_CONSENT else _LEFT_OUT
    if _chooses_the_cohort(variable, project):
        yield _CHOOSES
    if has_minutes and variable.name in ORIGIN:
        yield _ORIGIN


def _chooses_the_cohort(variable: Variable, project: Project) -> bool:
    cohort = project.cohort
    by_age = cohort.min_age is not None or cohort.max_age is not None
    return (
        variable.name == "event_type"
        or (variable.name == "alder" and by_age)
        or any(condition.variable == variable.name for condition in cohort.conditions)
    )


def _to_level(released: ReleasedVariable) -> Label:
    """``to good, poor or dead (1-2, 3-4, 5)``: the level and, where they are few, its texts."""
    assert released.hierarchy is not None
    level = level_label(released.label(released.floor))
    texts = dict.fromkeys(row[released.floor] for row in released.hierarchy.domain)
    texts = {text: None for text in texts if text not in _MISSING}
    if not 0 < len(texts) <= _FEW:
        return Label(nb=f"til {level.nb}", en=f"to {level.en}")
    english = (released.hierarchy.english.get(text) or english_of(text) for text in texts)
    return Label(
        nb=f"til {level.nb} ({', '.join(texts)})", en=f"to {level.en} ({', '.join(english)})"
    )


def _from_level(released: ReleasedVariable) -> Label:
    """``ten-year bands → four age groups``: all levels but the last, which tells nothing."""
    assert released.hierarchy is not None
    names = released.hierarchy.level_names[released.floor :]
    levels = [level_label(name) for name in (names[:-1] or names)]
    return Label(
        nb=" → ".join(level.nb for level in levels), en=" → ".join(level.en for level in levels)
    )


def _as_minutes(released: ReleasedVariable) -> Label:
    return Label(nb=f"som {released.column}", en=f"as {released.column}")


def _condition(condition: Condition, codebook: Codebook) -> Label:
    """One condition of the cohort in words: codes by their labels."""
    variable = codebook[condition.variable]
    codes = {str(code.code): Label(nb=code.nb, en=code.en) for code in codebook.codes(variable)}

    def named(values: tuple[str, ...], language: Language) -> str:
        return ", ".join(
            f"{value} ({getattr(codes[value], language)})" if value in codes else value
            for value in values
        )

    tests = []
    wanted = condition.one_of or (() if condition.equals is None else (condition.equals,))
    if wanted:
        is_one = len(wanted) == 1
        nb, en = ("er ", "is ") if is_one else ("er en av ", "is one of ")
        tests.append((nb + named(wanted, "nb"), en + named(wanted, "en")))
    if condition.at_least is not None:
        tests.append((f"er minst {condition.at_least:g}", f"is at least {condition.at_least:g}"))
    if condition.at_most is not None:
        tests.append((f"er høyst {condition.at_most:g}", f"is at most {condition.at_most:g}"))
    return Label(
        nb=f"Bare der «{variable.label.nb}» " + " og ".join(nb for nb, _ in tests) + ".",
        en=f"Only where “{variable.label.en}” " + " and ".join(en for _, en in tests) + ".",
    )
