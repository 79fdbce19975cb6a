"""Release: from deliveries and an approved application to an extract, or to a refusal that says why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from hsr_privacy.auditing import Audit, audit
from hsr_privacy.codebook import Codebook, Source, load_codebook
from hsr_privacy.composition import Composed, compare, keep, kept
from hsr_privacy.documents import read
from hsr_privacy.errors import Fault, GateRefused, ProjectRefused
from hsr_privacy.extract import PERSON_KEY, Extract, Step
from hsr_privacy.folders import refuse_taken, sha256_of, whole_folder
from hsr_privacy.frames import Engine, scan_parquet, to_polars
from hsr_privacy.hierarchies import load_hierarchies
from hsr_privacy.identities.numbers import Numbers
from hsr_privacy.keys import AuditLog, KeyRing
from hsr_privacy.project import PERSON, Project, load_project, released_variables
from hsr_privacy.pseudonymization.pseudonymize import pseudonymize
from hsr_privacy.registry import (
    DeliveredFile,
    build_register,
    excluded,
    load_delivery_settings,
    open_stores,
    select,
    sketches_folder,
)
from hsr_privacy.release.case import Case, case_of_prepared
from hsr_privacy.release.gates import Cleared, Exclusions, clear
from hsr_privacy.release.numbering import draw, numbers_of
from hsr_privacy.release.prepare import Prepared, prepare
from hsr_privacy.release.publish import publish
from hsr_privacy.release.rules import rules_of
from hsr_privacy.release.sketching import sketch_of_prepared
from hsr_privacy.risk import assess
from hsr_privacy.scanning import ScanReport
from hsr_privacy.validation import extract_suite, validate

Tell = Callable[[Step], None]


@dataclass(frozen=True)
class Released:
    """What a release gave.

    Attributes:
        folder: the extract and everything that describes it.
        manifest: the content of ``manifest.json``.
        cleared: the extract in memory, with its risk, its validation and its gates.
    """

    folder: Path
    manifest: dict[str, Any]
    cleared: Cleared


def release_extract(
    project_file: Path,
    *,
    source: Path,
    ring: KeyRing,
    out: Path,
    store: Path | None = None,
    identities: str | None = None,
    engine: Engine = "polars",
    today: dt.date | None = None,
    tell: Tell = lambda _step: None,
) -> Released:
    """Make the extract that an application allows, or refuse.

    Everything happens in memory and in private files first. The result folder, what the identity
    store learned and the project's salt are written together at the very end; an error, a refusal
    or an interrupt before that leaves all three as they were.

    Args:
        project_file: the approved application.
        source: folder of deliveries.
        ring: the register's open key ring.
        out: folder to make; it must not exist.
        store: folder of the register's two stores; beside the key ring if left out.
        identities: URL of a PostgreSQL database for the identity store.
        engine: where the rows are worked on.
        today: the day on which approvals must be in force; the calendar's if left out.
        tell: is called after each step.

    Raises:
        ConfigError, ProjectRefused: the application is malformed, or not allowed.
        DeliveryError: faults of the deliveries.
        BudgetExceeded: the models cannot be met within the approved suppression.
        GateRefused: a gate does not pass; every finding is named.
        IdentityStoreError, OutputError: see there.
    """
    refuse_taken(out)
    today = today or dt.datetime.now().astimezone().date()
    hierarchies = load_hierarchies()
    codebook = load_codebook(hierarchies=hierarchies)
    settings = load_delivery_settings()
    project = load_project(project_file, codebook=codebook, hierarchies=hierarchies, today=today)
    _same_environment(project_file, project, ring)
    ring.draft_project(project.case_number)
    approved = [(variable.name, variable.detail) for variable in project.variables]
    variables = released_variables(approved, codebook=codebook, hierarchies=hierarchies)
    with open_stores(ring, store, identities=identities) as stores:
        register = build_register(
            source,
            store=stores.identities,
            ring=ring,
            codebook=codebook,
            settings=settings,
            today=today,
        )
        for step in register.steps:
            tell(step)
        _choices_are_known(source, register.absent)
        stores.write_events(register.events)
        register = replace(register, events=register.events.clear())
        events = scan_parquet(stores.events_file, engine=engine)
        cohort = select(Extract(events, PERSON_KEY, register.steps), project, codebook=codebook)
        tell(cohort.steps[-1])
        numbers = numbers_of(stores.identities, project, ring)
        give = partial(numbers.give, draw=draw)
        prepared = prepare(cohort, project, variables, ring, give)
        for step in prepared.extract.steps[len(cohort.steps) :]:
            tell(step)
        cleared = _cleared(
            prepared,
            project=project,
            project_file=project_file,
            codebook=codebook,
            exclusions=_exclusions(stores.events_file, prepared, project, ring, numbers),
            files=register.files,
            today=today,
        )
        tell(Step("clear", {"gates passed": len(cleared.gates)}))
        sketches = sketches_folder(ring, store)
        sketch = sketch_of_prepared(prepared, project, ring, today)
        composed = compare(sketch, kept(sketches, ring), k=project.privacy.k)
        case = partial(case_of_prepared, prepared, project, codebook, hierarchies)
        judge = partial(_audited, case if prepared.quasi_identifiers else None, composed)
        with whole_folder(out) as staging:
            manifest = publish(
                cleared,
                staging,
                project=project,
                project_file=project_file,
                codebook=codebook,
                files=register.files,
                engine=engine,
                today=today,
                judge=judge,
                record=partial(AuditLog(ring).record, "release"),
            )
            stores.commit()
            ring.keep_drafts()
            keep(sketch.under(sha256_of(staging / "manifest.json")), sketches, ring)
    tell(Step("publish", {"files": len(manifest["outputs"]) + 1}))
    return Released(out, manifest, cleared)


def _audited(
    case: Callable[[], Case] | None, composed: Composed, files: ScanReport
) -> Audit | None:
    """The audit of what is about to leave; None where no column is a quasi-identifier."""
    if case is None:
        return None
    made = case()
    return audit(made.evidence, made.asked(composed=(composed,), files=files))


def _same_environment(project_file: Path, project: Project, ring: KeyRing) -> None:
    if project.environment != ring.environment:
        fault = read(project_file).fault(
            ("environment",),
            f"the project is for '{project.environment}' and the key ring for "
            f"'{ring.environment}'; synthetic and real persons never meet",
        )
        raise ProjectRefused(f"{project_file} is refused for 1 reason(s)", [fault])


def _choices_are_known(source: Path, absent: tuple[Source, ...]) -> None:
    if Source.REGISTER in absent:
        fault = Fault(
            str(source),
            0,
            f"form '{Source.REGISTER}'",
            "nobody delivered it, so nobody knows who has reserved themselves; add it",
        )
        raise GateRefused("not released: 1 finding; nothing was written", [fault])


def _exclusions(
    events_file: Path, prepared: Prepared, project: Project, ring: KeyRing, numbers: Numbers
) -> Exclusions:
    """Look in the extract for everybody who must not be there, by their pseudonyms."""
    events = scan_parquet(events_file)
    persons = events.filter(excluded(project.legal_basis.honour)).select(nw.col(PERSON_KEY))
    keys = to_polars(persons).unique()
    found = 0
    if prepared.numbered:
        gone = list(numbers.known(keys[PERSON_KEY].to_list()).values())
        found = prepared.table.filter(pl.col(PERSON).is_in(gone)).height
    elif keys.height:
        key = ring.project_key(project.case_number, algorithm=project.pseudonyms.algorithm)
        out = pseudonymize(keys, PERSON_KEY, key=key, into=PERSON)
        found = prepared.table.join(out, on=PERSON, how="semi").height
    return Exclusions(persons=keys.height, events_left=found)


def _cleared(
    prepared: Prepared,
    *,
    project: Project,
    project_file: Path,
    codebook: Codebook,
    exclusions: Exclusions,
    files: tuple[DeliveredFile, ...],
    today: dt.date,
) -> Cleared:
    table = prepared.table
    sensitive = [v.column for v in prepared.variables if v.is_sensitive]
    risk = assess(
        table, quasi_identifiers=prepared.quasi_identifiers, person=PERSON, sensitive=sensitive
    )
    suite = extract_suite(
        rules_of(prepared, codebook),
        k=project.privacy.k,
        quasi_identifiers=prepared.quasi_identifiers,
        person=PERSON,
        l=project.privacy.l,
    )
    return clear(
        prepared,
        project=project,
        project_file=project_file,
        risk=risk,
        validation=validate(table, suite),
        exclusions=exclusions,
        files=[file.path for file in files],
        today=today,
    )
