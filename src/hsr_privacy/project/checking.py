"""Check an application: what is malformed (every fault with its line), and what is not allowed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from hsr_privacy.codebook import Codebook, Role, Treatment, Type, Variable
from hsr_privacy.configs import shipped
from hsr_privacy.documents import Document, KeyPath, check, nearest, read
from hsr_privacy.errors import ConfigError, ProjectRefused
from hsr_privacy.hierarchies import Hierarchy
from hsr_privacy.project.applying import (
    applied_faults,
    handling_faults,
    key_faults,
    not_received,
)
from hsr_privacy.project.model import (
    FORBIDDEN_RECIPIENTS,
    PURPOSES,
    Choice,
    IdentificationDegree,
    Project,
    Purpose,
)
from hsr_privacy.project.registered import registered_faults
from hsr_privacy.project.treatment import MINUTES

PERSON: Final = "person_lnr"
EVENT: Final = "event_lnr"

_EEA: Final = frozenset({
    "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT",
    "LV", "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE", "IS", "LI", "NO",
})  # fmt: skip
_WEIGHTS: Final = (3, 2, 7, 6, 5, 4, 3, 2)
_ALWAYS_HONOURED: Final = (Choice.RESERVATION, Choice.RESTRICTION, Choice.DELETION)

Found = Iterator[tuple[KeyPath, str]]


def load_project(
    path: Path, *, codebook: Codebook, hierarchies: Mapping[str, Hierarchy], today: dt.date
) -> Project:
    """Read an application and check it against the codebook, the law and the calendar.

    Args:
        path: the application's YAML file.
        codebook: the register's variables.
        hierarchies: by the names that the codebook uses.
        today: the day on which the approval must be in force.

    Raises:
        ConfigError: it is malformed: every fault with file, line and the nearest right name.
        ProjectRefused: it is well formed and not allowed: every reason with its line.
    """
    document = read(path)
    _refuse_foreign_purpose(document)
    project = check(document, Project)
    faults = [
        document.fault(where, problem)
        for check_part in (_institution, _dates, _cohort_dates, handling_faults, key_faults)
        for where, problem in check_part(project)
    ]
    faults += [
        document.fault(where, problem)
        for where, problem in (
            *_variables(project, codebook, hierarchies),
            *_conditions(project, codebook),
            *_limits(project, codebook),
            *_scenarios(project, codebook),
            *registered_faults(project, codebook, hierarchies),
            *applied_faults(
                project, codebook, hierarchies, partial(_wrong_detail, hierarchies=hierarchies)
            ),
        )
    ]
    if faults:
        raise ConfigError(f"{path} has {len(faults)} fault(s)", sorted(faults))
    reasons = [document.fault(where, problem) for where, problem in _not_allowed(project, today)]
    if reasons:
        raise ProjectRefused(f"{path} is refused for {len(reasons)} reason(s)", sorted(reasons))
    return project


def _refuse_foreign_purpose(document: Document) -> None:
    """A purpose outside the register's is a refusal, not a spelling fault, unless it is close to one."""
    data = document.data if isinstance(document.data, dict) else {}
    purpose = data.get("purpose")
    names = [str(p) for p in Purpose]
    if isinstance(purpose, str) and purpose not in names and not nearest(purpose, names):
        known = "; ".join(f"{name} ({PURPOSES[Purpose(name)].en})" for name in names)
        fault = document.fault(
            ("purpose",), f"this purpose is outside the register's; its purposes are: {known}"
        )
        raise ProjectRefused(f"{document.path} is refused for 1 reason(s)", [fault])


def _institution(project: Project) -> Found:
    digits = [int(digit) for digit in project.institution.org_no]
    check_digit = -sum(w * d for w, d in zip(_WEIGHTS, digits, strict=False)) % 11
    if check_digit != digits[8]:
        yield ("institution", "org_no"), "the check digit of this organisation number is wrong"


def _dates(project: Project) -> Found:
    if project.valid_to < project.valid_from:
        yield ("valid_to",), "lies before 'valid_from'"
    if project.deletion_date < project.project_end:
        yield ("deletion_date",), "lies before 'project_end'"


def _cohort_dates(project: Project) -> Found:
    cohort = project.cohort
    if cohort.last_day < cohort.first_day:
        yield ("cohort", "last_day"), "lies before 'first_day'"
    youngest, oldest = cohort.min_age, cohort.max_age
    if youngest is not None and oldest is not None and oldest < youngest:
        yield ("cohort", "max_age"), "is below 'min_age'"
    if len(set(cohort.event_types)) != len(cohort.event_types):
        yield ("cohort", "event_types"), "names a type twice"


def _variables(project: Project, codebook: Codebook, hierarchies: Mapping[str, Hierarchy]) -> Found:
    names = [variable.name for variable in codebook]
    seen: dict[str, int] = {}
    for number, approved in enumerate(project.variables):
        where: KeyPath = ("variables", number, "name")
        if approved.name in seen:
            yield where, f"'{approved.name}' stands twice; first as number {seen[approved.name]}"
        seen.setdefault(approved.name, number + 1)
        if approved.name not in codebook:
            hint = nearest(approved.name, names)
            yield where, f"the codebook has no variable '{approved.name}'{hint}"
            continue
        variable = codebook[approved.name]
        problem = _never_released(variable)
        if problem:
            yield where, problem
        elif approved.detail is not None:
            problem = _wrong_detail(variable, approved.detail, hierarchies=hierarchies)
            if problem:
                yield ("variables", number, "detail"), problem
        elif variable.treatment is Treatment.DROP:
            yield (
                where,
                (
                    f"'{variable.name}' is released only with a named 'detail'"
                    + _levels(variable, hierarchies)
                ),
            )


def _never_released(variable: Variable) -> str:
    if variable.role is Role.DIRECT_IDENTIFIER:
        return f"'{variable.name}' is a direct identifier and is never released"
    if variable.treatment is Treatment.GATE:
        return f"'{variable.name}' decides who is in an extract and is never released itself"
    if variable.treatment is Treatment.DROP and variable.hierarchy is None:
        return f"'{variable.name}' is never released; ask for what is derived from it"
    return ""


def _wrong_detail(
    variable: Variable,
    detail: str,
    field: str = "detail",
    *,
    hierarchies: Mapping[str, Hierarchy],
) -> str:
    if detail == MINUTES and variable.type is Type.DATETIME:
        return ""
    if variable.hierarchy is None:
        only = (
            f"; a clock time is released as '{MINUTES}'" if variable.type is Type.DATETIME else ""
        )
        return f"'{variable.name}' has no levels of detail; leave '{field}' out{only}"
    names = hierarchies[variable.hierarchy].level_names
    if detail in names:
        return ""
    return f"'{variable.name}' has no level '{detail}'{nearest(detail, list(names))}" + _levels(
        variable, hierarchies
    )


def _levels(variable: Variable, hierarchies: Mapping[str, Hierarchy]) -> str:
    if variable.hierarchy is None:
        return ""
    return "; its levels, finest first: " + ", ".join(hierarchies[variable.hierarchy].level_names)


def _conditions(project: Project, codebook: Codebook) -> Found:
    names = [variable.name for variable in codebook]
    for number, condition in enumerate(project.cohort.conditions):
        where: KeyPath = ("cohort", "conditions", number)
        if condition.variable not in codebook:
            hint = nearest(condition.variable, names)
            yield (*where, "variable"), f"the codebook has no variable '{condition.variable}'{hint}"
            continue
        variable = codebook[condition.variable]
        if variable.role is Role.DIRECT_IDENTIFIER:
            yield (*where, "variable"), "a cohort is never chosen by a direct identifier"
        tests = (condition.equals, condition.one_of, condition.at_least, condition.at_most)
        if all(test is None for test in tests):
            yield where, "give 'equals', 'one_of', 'at_least' or 'at_most'"
        codes = {str(code.code) for code in codebook.codes(variable)}
        asked = [*(condition.one_of or ()), *filter(None, [condition.equals])]
        for code in asked:
            if codes and code not in codes:
                yield where, f"'{condition.variable}' has no code {code}"


def _limits(project: Project, codebook: Codebook) -> Found:
    approved = {variable.name for variable in project.variables}
    for name in project.privacy.l:
        yield from _limit(("privacy", "l", name), name, approved, codebook, _must_be_sensitive)
    for name in project.privacy.weights:
        yield from _limit(("privacy", "weights", name), name, approved, codebook, _must_be_quasi)


def _scenarios(project: Project, codebook: Codebook) -> Found:
    """Attackers that nobody described, and what they know and would find as it is."""
    if not project.privacy.scenarios:
        return
    written = read(shipped("configs", "scenarios.yaml")).data["scenarios"]
    known = {one["name"]: one["knows"] for one in written}
    released = {variable.name for variable in project.variables if variable.name in codebook}
    for number, name in enumerate(project.privacy.scenarios):
        where: KeyPath = ("privacy", "scenarios", number)
        if name not in known:
            yield (
                where,
                f"configs/scenarios.yaml has no scenario '{name}'{nearest(name, list(known))}",
            )
            continue
        bare = [v for v in known[name] if v in released and _must_be_quasi(codebook[v])]
        if bare:
            problem = "and it is no quasi-identifier; leave it out, or the scenario"
            yield where, f"'{name}' knows '{bare[0]}', which is asked for, {problem}"


def _limit(
    where: KeyPath,
    name: str,
    approved: Collection[str],
    codebook: Codebook,
    problem: Callable[[Variable], str],
) -> Found:
    if name not in approved:
        yield where, f"'{name}' is not among the project's variables{nearest(name, list(approved))}"
    elif name in codebook and problem(codebook[name]):
        yield where, problem(codebook[name])


def _must_be_sensitive(variable: Variable) -> str:
    if variable.role is Role.SENSITIVE:
        return ""
    return f"'{variable.name}' is not sensitive in the codebook; l is for sensitive variables"


def _must_be_quasi(variable: Variable) -> str:
    if variable.role is Role.QUASI_IDENTIFIER:
        return ""
    return f"'{variable.name}' is no quasi-identifier; weights are for quasi-identifiers"


def _not_allowed(project: Project, today: dt.date) -> Found:
    yield from _not_in_force(project, today)
    yield from not_received(project, today)
    yield from _recipient(project)
    yield from _decisions(project)
    yield from _legal_basis(project)
    if project.identification_degree is IdentificationDegree.DIRECT:
        problem = "this toolkit does not release directly identifiable data; 'indirect' is the most"
        yield ("identification_degree",), problem
    if project.privacy.k < 2:
        yield ("privacy", "k"), "k of 1 protects nobody; give 2 or more"


def _not_in_force(project: Project, today: dt.date) -> Found:
    if today < project.valid_from:
        yield ("valid_from",), f"the approval is not in force before {project.valid_from}"
    if today > project.valid_to:
        yield ("valid_to",), f"the approval expired on {project.valid_to}; ask for a prolongation"
    if project.deletion_date <= today:
        yield ("deletion_date",), "the data should be deleted by today; nothing is released"
    for number, approval in enumerate(project.approvals):
        if approval.date > today:
            yield ("approvals", number, "date"), "this decision lies in the future"


def _recipient(project: Project) -> Found:
    recipient = project.recipient
    if recipient.type in FORBIDDEN_RECIPIENTS:
        problem = (
            "data are never released to insurers, employers, prosecution, courts or banks, not "
            "even with consent (helseregisterloven § 19 d)"
        )
        yield ("recipient", "type"), problem
    if recipient.country not in _EEA and not recipient.third_country_ground:
        problem = "is outside the EEA; a transfer needs its own ground in 'third_country_ground'"
        yield ("recipient", "country"), problem


def _decisions(project: Project) -> Found:
    """The decisions that a purpose and a ground of confidentiality call for."""
    kinds = {approval.kind for approval in project.approvals}
    if project.purpose is Purpose.RESEARCH and "rek" not in kinds:
        problem = "medical research needs a decision of REK (helseforskningsloven § 33); add it"
        yield ("approvals",), problem
    ground = project.legal_basis.confidentiality
    if ground == "19e-dispensation" and "dispensation" not in kinds:
        yield ("legal_basis", "confidentiality"), "names a dispensation that is not in 'approvals'"


def _legal_basis(project: Project) -> Found:
    basis = project.legal_basis
    missing = [choice for choice in _ALWAYS_HONOURED if choice not in basis.honour]
    if missing:
        problem = (
            f"must hold {', '.join(missing)}: reservation, restriction and deletion always exclude"
        )
        yield ("legal_basis", "honour"), problem
    if basis.confidentiality == "19a-consent" and Choice.NO_CONSENT not in basis.honour:
        yield ("legal_basis", "honour"), "must hold samtykke: the ground is consent"
