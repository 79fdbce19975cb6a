"""Of a project: a data set from the approved application and the figures of its release."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from hsr_privacy.dictionary import Dictionary
from hsr_privacy.documents import Label
from hsr_privacy.metadata.agents import ACCESS_BODY, CONTROLLER
from hsr_privacy.metadata.model import (
    Agent,
    Check,
    DataFile,
    Dataset,
    Decision,
    LegalBasis,
    Phase,
    Signer,
    Software,
)
from hsr_privacy.project import PURPOSES, Project
from hsr_privacy.project.wording import APPROVALS, GROUNDS

PHASES: Final[Mapping[str, Phase]] = {
    "G3": "disclosure",
    "G5": "validation",
    "G6": "disclosure",
    "G8": "sign-off",
    "G9": "checksum",
}
"""The phase of Five Safes to which a gate belongs; the others have none."""

_EVENTS: Final = {
    "ohca": Label(nb="utenfor sykehus", en="outside hospital"),
    "ihca": Label(nb="inne på sykehus", en="inside hospital"),
}
_KEYWORDS: Final = (
    Label(nb="hjertestans", en="cardiac arrest"),
    Label(nb="gjenoppliving", en="resuscitation"),
    Label(nb="kvalitetsregister", en="quality registry"),
)
_SYNTHETIC: Final = Label(nb="syntetiske data", en="synthetic data")
_PROVENANCE: Final = Label(
    nb="Norsk hjertestansregister: meldinger fra AMK-sentraler, ambulansetjenester og sykehus.",
    en="The Norwegian Cardiac Arrest Registry: reports by emergency centres, ambulance services and hospitals.",
)
_SIMULATED: Final = Label(
    nb="Simulerte meldinger; ingen av personene finnes.",
    en="Simulated reports; none of the persons exists.",
)


def dataset_of(
    project: Project,
    *,
    dictionary: Dictionary,
    release_id: str,
    issued: dt.date,
    rows: int,
    persons: int,
    software: Software,
    files: Sequence[DataFile] = (),
    checks: Sequence[Check] = (),
    people: Sequence[Signer] = (),
    decimal_comma: bool = True,
    controller: Agent = CONTROLLER,
    access_body: Agent = ACCESS_BODY,
) -> Dataset:
    """Describe what a project received.

    Args:
        project: as it was approved.
        dictionary: the columns of the extract.
        release_id: names this release; unique in the register.
        issued: day of the release.
        rows: events in the extract.
        persons: in the extract.
        software: what made it.
        files: of the package.
        checks: gates, with their outcome; see `check_of`.
        people: who signs, by key.
        decimal_comma: whether numbers of the CSV have a comma.
        controller: answers for the register.
        access_body: decides who has access.
    """
    cohort, basis, is_test = project.cohort, project.legal_basis, project.environment == "test"
    return Dataset(
        release_id=release_id,
        title=_title(project),
        description=_description(project),
        issued=issued,
        environment=project.environment,
        dictionary=dictionary,
        files=tuple(files),
        rows=rows,
        persons=persons,
        period=(cohort.first_day, cohort.last_day),
        event_types=tuple(cohort.event_types),
        ages=(cohort.min_age, cohort.max_age),
        population=_population(project),
        controller=controller,
        access_body=access_body,
        recipient=_recipient(project),
        case_number=project.case_number,
        project_title=project.title,
        purpose=_purpose(project),
        legal_basis=LegalBasis(
            gdpr6=basis.gdpr6,
            gdpr9=basis.gdpr9,
            national=basis.national,
            confidentiality=GROUNDS[basis.confidentiality],
        ),
        approvals=tuple(
            Decision(one.kind, APPROVALS[one.kind], one.reference, one.date)
            for one in project.approvals
        ),
        degree=project.identification_degree.value,
        terms=_terms(project),
        provenance=_SIMULATED if is_test else _PROVENANCE,
        deletion=project.deletion_date,
        software=software,
        checks=tuple(checks),
        people=tuple(people),
        decimal_comma=decimal_comma,
        keywords=(*_KEYWORDS, *((_SYNTHETIC,) if is_test else ())),
    )


def check_of(gate: str, *, title: Label, passed: bool, day: dt.date) -> Check:
    """A gate as a check, in the phase to which it belongs."""
    return Check(gate, title, passed, day, PHASES.get(gate))


def _title(project: Project) -> Label:
    test = project.environment == "test"
    return Label(
        nb=f"{'Syntetisk uttrekk' if test else 'Uttrekk'} fra Norsk hjertestansregister: {project.title}",
        en=f"{'Synthetic extract' if test else 'Extract'} from the Norwegian Cardiac Arrest Registry: {project.title}",
    )


def _description(project: Project) -> Label:
    population, case = _population(project), project.case_number
    return Label(
        nb=f"Uttrekk til sak {case}. {population.nb} Hver rad er én hendelse; samme person kan ha flere.",
        en=f"Extract for case {case}. {population.en} Each row is one event; a person may have several.",
    )


def _population(project: Project) -> Label:
    cohort = project.cohort
    kinds = [_EVENTS[one] for one in cohort.event_types]
    first, last = cohort.first_day.isoformat(), cohort.last_day.isoformat()
    age = _ages(cohort.min_age, cohort.max_age)
    return Label(
        nb=f"Personer i Norge {age[0]}med uventet hjertestans {' og '.join(k.nb for k in kinds)}, {first} til {last}.",
        en=f"Persons in Norway {age[1]}with unexpected cardiac arrest {' and '.join(k.en for k in kinds)}, {first} to {last}.",
    )


def _ages(youngest: int | None, oldest: int | None) -> tuple[str, str]:
    """Which ages, in both languages; each text ends as the next word begins."""
    if youngest is not None and oldest is not None:
        return f"på {youngest}-{oldest} år ", f"aged {youngest}-{oldest} "
    if youngest is not None:
        return f"på {youngest} år eller mer ", f"aged {youngest} or more "
    if oldest is not None:
        return f"på {oldest} år eller mindre ", f"aged {oldest} or less "
    return "", ""


def _purpose(project: Project) -> Label:
    purpose = PURPOSES[project.purpose]
    return Label(
        nb=f"{_capital(purpose.nb)}. {project.purpose_text}",
        en=f"{_capital(purpose.en)}. {project.purpose_text}",
    )


def _terms(project: Project) -> Label:
    until, name, case = (
        project.deletion_date.isoformat(),
        project.recipient.name,
        project.case_number,
    )
    return Label(
        nb=(
            f"Bare for {name}, til formålet i sak {case}. Ingen skal prøve å finne ut hvem noen er, "
            f"og ingenting gis videre. Slettes senest {until}."
        ),
        en=(
            f"For {name} only, for the purpose of case {case}. Nobody may try to find out who anybody "
            f"is, and nothing is passed on. Deleted by {until} at the latest."
        ),
    )


def _recipient(project: Project) -> Agent:
    institution = project.institution
    return Agent(
        name=institution.name,
        org_no=institution.org_no,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
