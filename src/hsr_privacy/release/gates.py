"""Clear: every gate between the rows and the door, each with its evidence.

    (1) G1  the application is approved and in force
    (2) G2  only approved variables, at most in the approved detail
    (3) G3  no national identifier and no direct identifier anywhere in the extract
    (4) G4  nobody who has reserved themselves, or whose data are restricted or deleted
    (5) G5  the extract is what the codebook and the project say
    (6) G6  the disclosure risk is within the project's limits
    (7) G7  pseudonyms are well formed, one per event, and the order of rows says nothing

Gates G8 to G10 (four eyes, sealing, the disclosure register) belong to the act of handing over and
stand in `hsr_privacy.handover.gates`.
A gate looks at the rows themselves, not at what an earlier step says that it did.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from hsr_privacy.codebook import Role
from hsr_privacy.errors import Fault, GateRefused
from hsr_privacy.project import EVENT, PERSON, Form, Project, ReleasedVariable
from hsr_privacy.pseudonymization import running_number
from hsr_privacy.pseudonymization.text_form import are_valid
from hsr_privacy.release.differences import Differencing
from hsr_privacy.release.dossier import People
from hsr_privacy.release.prepare import MASK, REMOVED, Prepared
from hsr_privacy.risk import RiskReport, assess
from hsr_privacy.validation import Finding, Suite, ValidationReport

_LONG_NUMBER: Final = r"(?:^|[^0-9])[0-9]{6}[\s.\-]?[0-9]{5,6}(?:[^0-9]|$)"
_ELEVEN_DIGITS: Final = 10**10


@dataclass(frozen=True)
class Gate:
    """One gate and what it saw.

    Attributes:
        id: G1 ... G10, as in the documentation.
        title: what it guards, in both languages.
        faults: what does not pass, and the way out; empty where the gate is open.
        evidence: counts, names and digests.
    """

    id: str
    title: tuple[str, str]
    faults: tuple[str, ...]
    evidence: Mapping[str, int | str]

    @property
    def passed(self) -> bool:
        """Whether nothing stands against it."""
        return not self.faults

    def to_json(self) -> dict[str, Any]:
        """As manifests and receipts write it."""
        return {
            "id": self.id,
            "title": {"nb": self.title[0], "en": self.title[1]},
            "passed": self.passed,
            "evidence": dict(self.evidence),
        }


@dataclass(frozen=True)
class Exclusions:
    """Who must not be in the extract, looked for anew on the extract's own persons.

    Attributes:
        persons: whom the project's legal basis excludes.
        events_left: their events that are still there.
    """

    persons: int
    events_left: int


@dataclass(frozen=True)
class Cleared:
    """An extract that may leave; only `clear` makes one."""

    prepared: Prepared
    risk: RiskReport
    suite: Suite
    validation: ValidationReport
    gates: tuple[Gate, ...]


def clear(
    prepared: Prepared,
    *,
    project: Project,
    project_file: Path,
    risk: RiskReport,
    suite: Suite,
    validation: ValidationReport,
    exclusions: Exclusions,
    differencing: Differencing,
    people: People,
    files: Sequence[str],
    today: dt.date,
) -> Cleared:
    """Pass every gate, or raise with every finding.

    Args:
        prepared: the rows that could leave.
        project: what was approved.
        project_file: named in findings.
        risk: judgement of the same rows.
        suite: what was expected of them.
        validation: whether that holds.
        exclusions: who must not be in the extract.
        differencing: what earlier releases add to it; it blocks where several people must agree, and
            is told in a test project of one person.
        people: how many must agree.
        files: names of the delivered files, which the manifest tells.
        today: the day of release.

    Raises:
        GateRefused: lists each finding with the way out.
    """
    gates = (
        in_force(project.valid_from, project.valid_to, project.deletion_date, today),  # (1)
        _only_what_was_approved(prepared),  # (2)
        _no_identifier(prepared, files),  # (3)
        _exclusions(exclusions),  # (4)
        _valid(validation),  # (5)
        _risk_within_limits(prepared, project, risk, differencing, people),  # (6)
        _pseudonyms(prepared),  # (7)
    )
    require(gates, project_file)
    return Cleared(prepared, risk, suite, validation, gates)


def require(gates: Sequence[Gate], file: Path) -> None:
    """Raise with every finding of gates that are not open.

    Args:
        gates: that were looked at.
        file: named in findings.

    Raises:
        GateRefused: a gate is not open.
    """
    faults = [
        Fault(str(file), 0, f"gate {gate.id} ({gate.title[1]})", fault)
        for gate in gates
        for fault in gate.faults
    ]
    if faults:
        raise GateRefused(f"not released: {len(faults)} finding(s); nothing was written", faults)


def in_force(valid_from: dt.date, valid_to: dt.date, deletion: dt.date, today: dt.date) -> Gate:
    """G1: whether the approval is in force on a day, and the data may still be used."""
    faults = []
    if not valid_from <= today <= valid_to:
        faults.append("the approval is not in force today; ask for a prolongation")
    if deletion <= today:
        faults.append("the date of deletion has passed; the data may no longer be used")
    evidence = {"from": valid_from.isoformat(), "to": valid_to.isoformat()}
    return Gate("G1", ("godkjent og gyldig", "approved and in force"), tuple(faults), evidence)


def _only_what_was_approved(prepared: Prepared) -> Gate:
    expected = [PERSON, EVENT, *_columns(prepared), *([MASK] if prepared.has_mask else [])]
    faults = [
        f"column '{column}' is not approved"
        for column in prepared.table.columns
        if column not in expected
    ]
    for variable in prepared.variables:
        if variable.hierarchy is not None and variable.floor:
            removed = prepared.suppressed_cells.get(variable.column, 0)
            texts = prepared.table[variable.column]
            finer = _finer_than_approved(
                texts.filter(texts != REMOVED) if removed else texts, variable
            )
            if finer:
                faults.append(
                    f"column '{variable.column}' holds {finer} value(s) finer than the approved "
                    f"level '{variable.label(variable.floor)}'"
                )
    evidence = {"columns": len(prepared.table.columns), "approved": len(prepared.variables)}
    title = ("bare det som er godkjent", "only what was approved")
    return Gate("G2", title, tuple(faults), evidence)


def _finer_than_approved(released: pl.Series, variable: ReleasedVariable) -> int:
    """Distinct released texts that are no node on the approved level or above it."""
    assert variable.hierarchy is not None
    texts = set(released.unique().drop_nulls().cast(pl.String).to_list())
    return len(texts - variable.hierarchy.nodes_from(variable.floor, texts))


def _no_identifier(prepared: Prepared, files: Sequence[str]) -> Gate:
    faults = []
    named = pl.Series(files, dtype=pl.String).str.contains(_LONG_NUMBER).sum()
    if named:
        faults.append(f"the names of {named} delivered file(s) look like national identifiers")
    cells = 0
    direct = {v.column for v in prepared.variables if v.variable.role is Role.DIRECT_IDENTIFIER}
    for name, dtype in prepared.table.schema.items():
        column = prepared.table[name]
        if name in direct and name not in (PERSON, EVENT):
            faults.append(f"column '{name}' is a direct identifier; take it out of the project")
        if dtype == pl.String and name not in (PERSON, EVENT):
            hits = int(column.str.contains(_LONG_NUMBER).sum())
        elif dtype.is_numeric():
            hits = int((column.cast(pl.Float64).abs() >= _ELEVEN_DIGITS).sum())
        else:
            hits = 0
        cells += len(column)
        if hits:
            faults.append(f"column '{name}': {hits} cell(s) look like national identifiers")
    title = ("ingen identifikator", "no identifier")
    return Gate("G3", title, tuple(faults), {"cells searched": cells})


def _exclusions(exclusions: Exclusions) -> Gate:
    faults = []
    if exclusions.events_left:
        faults.append(
            f"{exclusions.events_left} event(s) of persons who must be left out are in the extract"
        )
    title = ("reservasjon, sperring og sletting", "reservation, restriction and deletion")
    evidence = {"persons left out": exclusions.persons, "their events left": exclusions.events_left}
    return Gate("G4", title, tuple(faults), evidence)


def _valid(validation: ValidationReport) -> Gate:
    failed = [finding for finding in validation.findings if finding.refuses]
    faults = tuple(f"{finding.id}: {finding.text_en}{_extent(finding)}" for finding in failed)
    evidence = {"expectations": len(validation.findings), "failed": len(failed)}
    return Gate("G5", ("validert", "valid"), faults, evidence)


def _extent(finding: Finding) -> str:
    """How much of what was looked at does not hold, or why it was not judged."""
    if finding.reason:
        return f" ({finding.reason})"
    if finding.unexpected is None or finding.checked is None:
        return ""
    return f" ({finding.unexpected} of {finding.checked} do not)"


def _risk_within_limits(
    prepared: Prepared,
    project: Project,
    risk: RiskReport,
    differencing: Differencing,
    people: People,
) -> Gate:
    limits = project.privacy
    faults = list(differencing.faults) if people is People.SEVERAL else []
    if prepared.table.height and risk.k < limits.k:
        faults.append(f"the smallest class has {risk.k} person(s), the project asks for {limits.k}")
    for column, least in limits.l.items():
        found = risk.sensitive.get(column)
        if found is not None and found.distinct_l < least:
            faults.append(
                f"'{column}' takes {found.distinct_l} value(s) in some class, the project asks for {least}"
            )
    for scenario in prepared.scenarios:
        reached = assess(prepared.table, quasi_identifiers=scenario.columns, person=PERSON).k
        if prepared.table.height and reached < scenario.k:
            faults.append(
                f"what the scenario '{scenario.label}' knows fits {reached} person(s) in some row, "
                f"and must fit {scenario.k}"
            )
    if prepared.table.height == 0:
        faults.append("no row is left; widen the cohort or ask for less detail")
    suppressed = prepared.solution.suppressed_rows if prepared.solution is not None else 0
    rows = prepared.table.height + suppressed
    if suppressed > limits.max_suppressed * rows:
        faults.append(f"{suppressed} of {rows} rows were suppressed, more than the project allows")
    evidence: dict[str, int | str] = {"k": risk.k, "rows suppressed": suppressed}
    if prepared.has_mask:
        evidence["cells suppressed"] = sum(prepared.suppressed_cells.values())
    evidence |= differencing.evidence
    title = ("avsløringsrisiko innenfor grensene", "disclosure risk within limits")
    return Gate("G6", title, tuple(faults), evidence)


def _pseudonyms(prepared: Prepared) -> Gate:
    table, faults = prepared.table, []
    persons = running_number.are_valid if prepared.numbered else are_valid
    for name, hold in ((PERSON, persons), (EVENT, are_valid)):
        wrong = table.height - int(sum(hold(table[name].to_arrow())))
        if wrong:
            faults.append(f"column '{name}': {wrong} value(s) are no pseudonyms")
    if table[EVENT].n_unique() != table.height:
        faults.append("two events share a pseudonym")
    if not table[EVENT].is_sorted():
        faults.append("the rows are not in the order of their pseudonyms")
    evidence = {"events": table.height, "persons": table[PERSON].n_unique()}
    return Gate("G7", ("pseudonymer", "pseudonyms"), tuple(faults), evidence)


def _columns(prepared: Prepared) -> list[str]:
    return [v.column for v in prepared.variables if v.form is not Form.PSEUDONYM]
