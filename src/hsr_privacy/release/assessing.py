"""Assess: an extract as evidence, by its project, with the register's own events beside it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from hsr_privacy.auditing import Asked, Evidence, level_of
from hsr_privacy.auditing.reading import numbers_as_numbers, read_original
from hsr_privacy.codebook import Codebook, load_codebook
from hsr_privacy.composition import Composed, compare, kept, sketch_of_folder
from hsr_privacy.errors import DataError
from hsr_privacy.extract import PERSON_KEY, Extract
from hsr_privacy.folders import sha256_of
from hsr_privacy.frames import scan_parquet, to_polars
from hsr_privacy.hierarchies import load_hierarchies
from hsr_privacy.keys import KeyRing
from hsr_privacy.probing import earlier_plans, remember_run
from hsr_privacy.project import (
    EVENT,
    PERSON,
    AttackPlan,
    Project,
    ReleasedVariable,
    load_project,
    released_variables,
)
from hsr_privacy.registry import attacks_file, kept_events, open_stores, select, sketches_folder
from hsr_privacy.release.case import Case, evidence_of
from hsr_privacy.release.numbering import draw, numbers_of
from hsr_privacy.release.prepare import MASK, REMOVED, pseudonymized
from hsr_privacy.release.publish import DATA
from hsr_privacy.release.sketching import sketch_of_case
from hsr_privacy.scanning import scan
from hsr_privacy.tables import read_table, shown_column


def assess_extract(
    extract: Path,
    project_file: Path,
    *,
    original: Path | None = None,
    ring: KeyRing | None = None,
    store: Path | None = None,
    identities: str | None = None,
    earlier: Sequence[Path] = (),
    attacks: bool = False,
    scenarios: Path | None = None,
    delimiter: str | None = None,
    more: Mapping[str, Any] | None = None,
) -> tuple[Evidence, Asked]:
    """Everything that is at hand of an extract, as an audit takes it.

    Args:
        extract: folder of a release, or a CSV or Parquet file of its rows.
        project_file: the approved application.
        original: a table with the same events in full detail.
        ring: the register's open key ring: the originals are taken from the register's events, and
            the extract is compared with all releases that the register remembers.
        store: folder of the register's stores; beside the key ring if left out.
        identities: URL of a PostgreSQL database for the identity store.
        earlier: folders of earlier releases of the same project.
        attacks: whether to try what the project registered.
        scenarios: attackers; the shipped ones if left out.
        delimiter: of CSV files.
        more: further attributes of `Asked`, in the place of those that follow from the project.

    Raises:
        ConfigError, ProjectRefused, DataError: see `case_of_extract`.
        DataError: attacks are wanted and the project registered none.
    """
    case = case_of_extract(
        extract,
        project_file,
        original=original,
        ring=ring,
        store=store,
        identities=identities,
        delimiter=delimiter,
    )
    plan = case.project.attacks
    if attacks and plan is None:
        raise DataError(
            f"{project_file} registers no attacks; write them into its section 'attacks' before "
            "any is tried"
        )
    asked = case.asked(
        **{
            "plan": plan if attacks else None,
            "past_plans": _remembered(extract, plan, ring, store) if attacks else (),
            "composed": _composed(case, extract, ring, store, earlier),
            "files": scan([extract]),
            "attackers": case.attackers(scenarios),
        }
        | dict(more or {})
    )
    return case.evidence, asked


def _remembered(
    extract: Path, plan: AttackPlan | None, ring: KeyRing | None, store: Path | None
) -> tuple[str, ...]:
    """The plans by which the extract was attacked before; this run is one of them from now on.

    Raises:
        DataError: there is no register to remember it.
    """
    if ring is None or plan is None:
        raise DataError(
            "the register remembers every attack that is tried, so that nobody searches for one that "
            "passes; name its key ring by --keyring"
        )
    data = extract / DATA / "extract.parquet" if extract.is_dir() else extract
    file, digest = attacks_file(ring, store), sha256_of(data)
    earlier = earlier_plans(file, digest)
    remember_run(file, digest, plan, day=dt.datetime.now().astimezone().date())
    return earlier


def _composed(
    case: Case, extract: Path, ring: KeyRing | None, store: Path | None, earlier: Sequence[Path]
) -> tuple[Composed, ...] | None:
    """The extract beside what the register remembers, and beside folders that are named."""
    found = []
    k = case.project.privacy.k
    if ring is not None:
        manifest = extract / "manifest.json"
        digest = sha256_of(manifest) if manifest.is_file() else ""
        sketch = sketch_of_case(case, ring, dt.datetime.now().astimezone().date()).under(digest)
        found.append(compare(sketch, kept(sketches_folder(ring, store), ring), k=k))
    if earlier:
        if not extract.is_dir():
            raise DataError(
                f"{extract} is no folder of a release, so that it is not known by which key its "
                "persons have their pseudonyms; earlier releases cannot be compared with it"
            )
        read = partial(
            sketch_of_folder,
            quasi_identifiers=case.evidence.quasi_identifiers,
            sensitive=case.evidence.sensitive,
        )
        own, others = read(extract), [read(one) for one in earlier]
        found.append(compare(own, others, k=k))
    return tuple(found) or None


def case_of_extract(
    extract: Path,
    project_file: Path,
    *,
    original: Path | None = None,
    ring: KeyRing | None = None,
    store: Path | None = None,
    identities: str | None = None,
    delimiter: str | None = None,
) -> Case:
    """Read an extract that was made for a project.

    Args:
        extract: folder of a release, or a CSV or Parquet file of its rows.
        project_file: the approved application.
        original: a table with the same events in full detail.
        ring: the register's open key ring, by which the originals are taken from its event store.
        store: folder of the register's two stores; beside the key ring if left out.
        identities: URL of a PostgreSQL database for the identity store.
        delimiter: of CSV files.

    Raises:
        ConfigError, ProjectRefused: the application is malformed, or was not allowed on the day
            of the release.
        DataError: the extract or the original cannot be read, or do not fit the project.
    """
    hierarchies = load_hierarchies()
    codebook = load_codebook(hierarchies=hierarchies)
    released, day = _read(extract, delimiter)
    project = load_project(project_file, codebook=codebook, hierarchies=hierarchies, today=day)
    approved = [(variable.name, variable.detail) for variable in project.variables]
    variables = released_variables(approved, codebook=codebook, hierarchies=hierarchies)
    _fits(extract, released, variables)
    variables = tuple(v for v in variables if v.column in released.columns)
    before = read_original(original, delimiter=delimiter)
    if ring is not None:
        before = _register_rows(
            project, variables, ring, codebook, store=store, identities=identities
        )
    trees = {v.column: v.hierarchy for v in variables if v.hierarchy is not None}
    released = numbers_as_numbers(released, trees, (REMOVED,))
    if before is not None:
        before = numbers_as_numbers(before, trees, (REMOVED,))
    levels = {n: level_of(released[n], tree, ignored=(REMOVED,)) for n, tree in trees.items()}
    evidence = evidence_of(released, before, project=project, variables=variables, levels=levels)
    return Case(project, variables, codebook, hierarchies, evidence)


def _read(extract: Path, delimiter: str | None) -> tuple[pl.DataFrame, dt.date]:
    """The rows of an extract, and the day on which it was made; today for a file of its own."""
    today = dt.datetime.now().astimezone().date()
    if not extract.is_dir():
        return read_table(extract, delimiter=delimiter)[0], today
    try:
        manifest = json.loads((extract / "manifest.json").read_text(encoding="utf-8"))
        day = dt.date.fromisoformat(manifest["created"])
    except (OSError, ValueError, KeyError, TypeError):
        raise DataError(
            f"{extract} is no folder of a release: there is no manifest.json to read in it; name "
            "the folder that hsr made, or the file of its rows"
        ) from None
    return read_table(extract / DATA / "extract.parquet")[0], day


def _fits(extract: Path, released: pl.DataFrame, variables: tuple[ReleasedVariable, ...]) -> None:
    columns = {v.column for v in variables}
    if not columns & set(released.columns):
        raise DataError(
            f"{extract} has none of the {len(columns)} columns that the project approves; is it "
            "the extract of this project?"
        )
    foreign = [n for n in released.columns if n not in columns | {PERSON, EVENT, MASK}]
    if foreign:
        place = released.columns.index(foreign[0])
        raise DataError(
            f"{extract} has {len(foreign)} column(s) that the project does not approve, first "
            f"{shown_column(released.columns, place)}: nobody has said what they are; take them "
            "out, or have them approved"
        )


def _register_rows(
    project: Project,
    variables: tuple[ReleasedVariable, ...],
    ring: KeyRing,
    codebook: Codebook,
    *,
    store: Path | None,
    identities: str | None,
) -> pl.DataFrame:
    """The cohort as the register holds it now, in full detail under the project's pseudonyms.

    Nothing is written: who has no running number yet gets one that is forgotten.
    """
    events = kept_events(ring, store)
    with open_stores(ring, store, identities=identities) as stores:
        frame = scan_parquet(events)
        cohort = select(Extract(frame, PERSON_KEY), project, codebook=codebook)
        give = partial(numbers_of(stores.identities, project, ring).give, draw=draw)
        return to_polars(pseudonymized(cohort, project, variables, ring, give).frame)
