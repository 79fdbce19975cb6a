"""Release: from deliveries and an approved application to an extract, or to a refusal that says why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from hsr_privacy.auditing import Audit, audit
from hsr_privacy.codebook import Source
from hsr_privacy.composition import About, Composed, compare, kept
from hsr_privacy.errors import Fault, GateRefused, NotSignedFor
from hsr_privacy.extract import PERSON_KEY, Extract, Step
from hsr_privacy.folders import refuse_taken, sha256_of, whole_folder
from hsr_privacy.frames import Engine, scan_parquet, to_polars
from hsr_privacy.identities.numbers import Numbers
from hsr_privacy.keys import AuditLog, KeyRing, SigningKey
from hsr_privacy.project import PERSON, Project
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
from hsr_privacy.release.application import Application, read_application
from hsr_privacy.release.case import Case, case_of_prepared
from hsr_privacy.release.differences import Differencing
from hsr_privacy.release.differencing import differencing_of, is_follow_up, lost_among, same_hands
from hsr_privacy.release.dossier import Dossier, People
from hsr_privacy.release.gates import Cleared, Exclusions, clear
from hsr_privacy.release.numbering import draw, numbers_of
from hsr_privacy.release.prepare import Prepared, prepare
from hsr_privacy.release.publish import publish
from hsr_privacy.release.remembering import sketch_is_prepared
from hsr_privacy.release.rules import suite_of
from hsr_privacy.release.sketching import sketch_of_prepared
from hsr_privacy.risk import assess
from hsr_privacy.scanning import ScanReport
from hsr_privacy.validation import validate

Tell = Callable[[Step], None]

Hold = Callable[[], AbstractContextManager[Callable[[Path, Mapping[str, Any]], None]]]
"""What accounts for a release: it is entered before the folder appears, and left after.

What it gives is called with the written folder, as yet under another name, and its manifest.
"""


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
    key: SigningKey | None = None,
    store: Path | None = None,
    identities: str | None = None,
    engine: Engine = "polars",
    today: dt.date | None = None,
    now: dt.datetime | None = None,
    tell: Tell = lambda _step: None,
    deleted: Collection[str] = (),
    left: Sequence[About] = (),
    taken: Collection[str] = (),
    hold: Hold | None = None,
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
        key: of who prepares it, for others to review; the register signs a release of one person
            if left out.
        store: folder of the register's two stores; beside the key ring if left out.
        identities: URL of a PostgreSQL database for the identity store.
        engine: where the rows are worked on.
        today: the day on which approvals must be in force; the local day of ``now`` if left out.
        now: the moment that is written down; the clock's if left out.
        tell: is called after each step.
        deleted: digests of manifests of releases whose deletion was confirmed.
        left: releases that left, as the disclosure register has them.
        taken: ids of releases that left.
        hold: accounts for it.

    Raises:
        ConfigError, ProjectRefused: the application is malformed, or not allowed.
        DeliveryError: faults of the deliveries.
        BudgetExceeded: the models cannot be met within the approved suppression.
        GateRefused: a gate does not pass; every finding is named.
        IdentityStoreError, OutputError: see there.
    """
    refuse_taken(out)
    now = now or dt.datetime.now(dt.UTC)
    today = today or now.astimezone().date()
    application = read_application(project_file, ring=ring, today=today)
    project, codebook = application.project, application.codebook
    if key is None and project.environment == "production":
        raise NotSignedFor(
            f"{project_file} is for real persons: one person alone does not release it; see "
            "hsr release prepare, review, approve and seal"
        )
    ring.draft_project(project.case_number)
    with open_stores(ring, store, identities=identities) as stores:
        register = build_register(
            source,
            store=stores.identities,
            ring=ring,
            codebook=codebook,
            settings=load_delivery_settings(),
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
        prepared = prepare(cohort, project, application.variables, ring, give)
        for step in prepared.extract.steps[len(cohort.steps) :]:
            tell(step)
        sketches = sketches_folder(ring, store)
        sketch = sketch_of_prepared(prepared, project, ring, today)
        earlier = same_hands(kept(sketches, ring), sketch.about)
        composed = compare(sketch, earlier, k=project.privacy.k)
        differencing = differencing_of(
            composed,
            project,
            deleted=deleted,
            follow_up=is_follow_up(sketch, earlier),
            lost=lost_among(left, earlier),
        )
        people = People.ALONE if key is None else People.SEVERAL
        cleared = _cleared(
            prepared,
            application,
            differencing=differencing,
            people=people,
            exclusions=_exclusions(stores.events_file, prepared, project, ring, numbers),
            files=register.files,
            today=today,
        )
        tell(Step("clear", {"gates passed": len(cleared.gates)}))
        dossier = Dossier(
            application,
            register.files,
            engine=engine,
            now=now,
            today=today,
            people=people,
            differencing=differencing,
            taken=frozenset(taken),
        )
        case = partial(case_of_prepared, prepared, project, codebook, application.hierarchies)
        judge = partial(_audited, case if prepared.quasi_identifiers else None, composed)
        log = AuditLog(ring)
        held = hold or (lambda: nullcontext(_nobody))
        with held() as account, whole_folder(out) as staging:
            manifest = publish(
                cleared,
                staging,
                dossier,
                judge=judge,
                record=partial(log.record, "release.prepare", now=now),
                key=key or register_signing_key(ring),
                log_key=log.public_key,
            )
            stores.commit()
            ring.keep_drafts()
            final = sketch.under(sha256_of(staging / "manifest.json"))
            sketch_is_prepared(final, ring, store)
            account(staging, manifest)
    tell(Step("publish", {"files": len(manifest["outputs"]) + 1}))
    return Released(out, manifest, cleared)


def register_signing_key(ring: KeyRing) -> SigningKey:
    """The key by which the register itself signs: its audit log, and what one person releases."""
    return SigningKey.of_seed(ring.register_key("audit-signing").secret)


def _nobody(_staging: Path, _manifest: Mapping[str, Any]) -> None:
    """Account for nothing: what was prepared has not left yet."""


def _audited(
    case: Callable[[], Case] | None, composed: Composed, files: ScanReport
) -> Audit | None:
    """The audit of what is about to leave; None where no column is a quasi-identifier."""
    if case is None:
        return None
    made = case()
    return audit(made.evidence, made.asked(composed=(composed,), files=files))


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
    application: Application,
    *,
    exclusions: Exclusions,
    differencing: Differencing,
    people: People,
    files: tuple[DeliveredFile, ...],
    today: dt.date,
) -> Cleared:
    table, project = prepared.table, application.project
    sensitive = [v.column for v in prepared.variables if v.is_sensitive]
    risk = assess(
        table, quasi_identifiers=prepared.quasi_identifiers, person=PERSON, sensitive=sensitive
    )
    suite = suite_of(prepared, project, application.codebook)
    return clear(
        prepared,
        project=project,
        project_file=application.file,
        risk=risk,
        suite=suite,
        validation=validate(table, suite),
        exclusions=exclusions,
        differencing=differencing,
        people=people,
        files=[file.path for file in files],
        today=today,
    )
