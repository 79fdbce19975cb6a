"""Faults of registered analyses and attacks: what no extract of the project could answer, with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from hsr_privacy.codebook import Codebook, Treatment, Type, Variable
from hsr_privacy.documents import KeyPath, nearest
from hsr_privacy.hierarchies import Hierarchy
from hsr_privacy.project.analyses import (
    Analysis,
    Answers,
    LogisticAnalysis,
    OddsAnalysis,
    Predictor,
    SurvivalAnalysis,
)
from hsr_privacy.project.attacks import AttackPlan
from hsr_privacy.project.deciding import answers_of
from hsr_privacy.project.model import Project
from hsr_privacy.project.treatment import Form, ReleasedVariable, released_variables

Found = Iterator[tuple[KeyPath, str]]

_NUMBERS: Final = (Type.INTEGER, Type.DECIMAL)


def registered_faults(
    project: Project, codebook: Codebook, hierarchies: Mapping[str, Hierarchy]
) -> Found:
    """Everything that is wrong with the registered analyses and attacks of a project.

    Args:
        project: as it was written.
        codebook: the register's variables.
        hierarchies: by the names that the codebook uses.
    """
    approved = _approved(project, codebook, hierarchies)
    names = [one.name for one in project.variables]
    seen: dict[str, int] = {}
    for number, analysis in enumerate(project.analyses):
        where: KeyPath = ("analyses", number)
        if analysis.name in seen:
            first = seen[analysis.name]
            yield (
                (*where, "name"),
                f"'{analysis.name}' stands twice; first as number {first}",
            )
        seen.setdefault(analysis.name, number + 1)
        for path, name, asked in _named(analysis):
            here = (*where, *path)
            if name not in names:
                hint = nearest(name, list(approved))
                yield here, f"'{name}' is not among the project's variables{hint}"
            elif name in approved:
                yield from _asked(here, approved[name], asked, codebook)
    if project.attacks is not None:
        yield from _attacked(project.attacks, [one.column for one in approved.values()])


def _attacked(plan: AttackPlan, columns: list[str]) -> Found:
    """Columns that attacks name and that the extract will not have."""
    for part, names in (("known", plan.known), ("secrets", plan.secrets)):
        for number, name in enumerate(names):
            if name not in columns:
                problem = f"the extract will have no column '{name}'{nearest(name, columns)}"
                yield ("attacks", part, number), problem


def _approved(
    project: Project, codebook: Codebook, hierarchies: Mapping[str, Hierarchy]
) -> dict[str, ReleasedVariable]:
    """The variables that are approved in order; the others have faults of their own."""
    found = {}
    for one in project.variables:
        if one.name not in codebook:
            continue
        try:
            (made,) = released_variables(
                [(one.name, one.detail)], codebook=codebook, hierarchies=hierarchies
            )
        except KeyError:
            continue
        found[one.name] = made
    return found


def _named(analysis: Analysis) -> Iterator[tuple[KeyPath, str, Answers | str]]:
    """Every variable that an analysis names, where, and as what."""
    yield ("outcome", "variable"), analysis.outcome.variable, analysis.outcome
    for number, one in enumerate(analysis.where):
        yield ("where", number, "variable"), one.variable, one
    if isinstance(analysis, OddsAnalysis):
        yield ("exposure", "variable"), analysis.exposure.variable, analysis.exposure
    elif isinstance(analysis, LogisticAnalysis):
        for number, predictor in enumerate(analysis.predictors):
            yield ("predictors", number, "variable"), predictor.variable, predictor
    else:
        for number, name in enumerate(analysis.by):
            yield ("by", number), name, "groups"
        if isinstance(analysis, SurvivalAnalysis) and analysis.time is not None:
            yield ("time",), analysis.time, "time"


def _asked(
    where: KeyPath, approved: ReleasedVariable, asked: Answers | str, codebook: Codebook
) -> Found:
    variable = approved.variable
    if variable.treatment is Treatment.PSEUDONYM:
        yield where, f"'{variable.name}' is a pseudonym; nothing can be reckoned with it"
    elif asked == "groups":
        if variable.code_list is None and approved.hierarchy is None:
            yield where, f"'{variable.name}' has no levels, so there are no groups by it"
    elif asked == "time":
        if not _is_number(approved) or approved.floor:
            problem = "does not leave as a number; a survival curve needs one"
            yield (
                where,
                f"'{variable.name}' {problem}, so approve it in full detail or leave it out",
            )
    elif isinstance(asked, Answers):
        yield from _answers(where, approved, asked, codebook)


def _answers(
    where: KeyPath, approved: ReleasedVariable, asked: Answers, codebook: Codebook
) -> Found:
    variable = approved.variable
    if asked.is_bounded and not _is_number(approved):
        yield where, f"'{variable.name}' is no number; name the 'values' that are a yes"
        return
    known = _texts(approved, codebook)
    named = [*asked.values, *asked.against]
    if isinstance(asked, Predictor) and asked.reference is not None:
        named.append(asked.reference)
    unknown = [text for text in named if known and text not in known]
    for text in unknown:
        yield where, f"'{variable.name}' has no value '{text}'{nearest(text, sorted(known))}"
    tree = approved.hierarchy
    if unknown or tree is None or not (asked.values or asked.is_bounded):
        return
    nodes = dict.fromkeys(row[approved.floor] for row in tree.domain)
    answers = answers_of(asked, nodes, hierarchy=tree, level=approved.floor)
    mixed = [text for text, answer in answers.items() if answer == "mixed"]
    if mixed:
        level = tree.level_names[approved.floor]
        yield (
            where,
            (
                f"'{variable.name}' is approved in the detail '{level}', where '{mixed[0]}' is both "
                "a yes and a no; name values of that detail, or have a finer one approved"
            ),
        )


def _is_number(approved: ReleasedVariable) -> bool:
    return approved.form is Form.MINUTES or approved.variable.type in _NUMBERS


def _texts(approved: ReleasedVariable, codebook: Codebook) -> set[str]:
    """All texts that a variable can have on any level; empty where they are not known beforehand."""
    variable: Variable = approved.variable
    found = {str(code.code) for code in codebook.codes(variable)}
    if approved.hierarchy is not None:
        found |= {text for row in approved.hierarchy.domain for text in row[:-1]}
    return found | {str(code) for code in variable.missing} if found else found
