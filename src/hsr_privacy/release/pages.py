"""Pages: the report and the codebook of a release, as HTML that needs nothing but a browser.

Each page is one file without scripts and without any request; its own policy forbids both. Bokmål and
English stand side by side, and two radio buttons choose which of them is shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import jinja2
from markupsafe import Markup

from hsr_privacy.auditing import AUDIT_RULES, Audit, audit_parts
from hsr_privacy.auditing.explained import POINTS
from hsr_privacy.codebook import Codebook
from hsr_privacy.documents import Label
from hsr_privacy.explaining import Explanation, explain, explanation_sections
from hsr_privacy.explaining.canvas import RULES
from hsr_privacy.extract import Step
from hsr_privacy.pages import MINUS, NO_BREAK, both, environment
from hsr_privacy.project import PURPOSES, Project
from hsr_privacy.project import wording as of_project
from hsr_privacy.release import wording as of_release
from hsr_privacy.release.columns import Column, columns_of_extract
from hsr_privacy.release.differences import KINDS, WEIGHTS, Differencing
from hsr_privacy.release.gates import Cleared, Gate
from hsr_privacy.release.prepare import Prepared
from hsr_privacy.release.side_by_side import Row, delivered_of, side_by_side
from hsr_privacy.risk import RiskReport
from hsr_privacy.validation import ValidationReport


@dataclass(frozen=True)
class FileEntry:
    """A file that came in or went out; ``size`` is in rows for a delivery, else in bytes."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Suppressed:
    """What was removed so that every class is large enough.

    Attributes:
        rows: rows that were removed, of ``of_rows``.
        persons: persons who lost at least one row.
        loss: share (0-1) of the information that generalization and removal cost.
        gap: by how much of that share a better choice by the same method could be better at most.
        cells: per column, single values that were removed; none for a method that removes rows only.
    """

    rows: int
    of_rows: int
    persons: int
    loss: float
    gap: float = 0.0
    cells: Mapping[str, int] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """Removed rows, as a share of all."""
        return self.rows / self.of_rows if self.of_rows else 0.0

    @property
    def cells_by_column(self) -> tuple[tuple[str, int, float], ...]:
        """Per column with removed values, their number and their share of the rows that stay."""
        kept = max(self.of_rows - self.rows, 1)
        return tuple((name, cells, cells / kept) for name, cells in self.cells.items() if cells)


@dataclass(frozen=True)
class ReportContent:
    """What a report tells: names, counts and digests, and never a cell.

    Attributes:
        project: what was approved.
        steps: all that was done, in order.
        absent: forms that nobody delivered.
        columns: what each variable became.
        variables: what was applied for, approved and delivered, side by side.
        suppressed: what protection removed; None where nothing was protected.
        explanation: why it came out so; likewise.
        risk: judgement of the rows that leave.
        validation: judgement of the same rows.
        gates: each with its evidence.
        inputs: deliveries.
        outputs: files of the release that were written before the report.
        policy_sha256: of the application's file.
        codebook_sha256: of the description of the variables.
        software: versions by name.
        created: the day of release.
        audit: what the extract gives away; None where no column is a quasi-identifier.
        differencing: what it shows beside earlier releases; None where nobody looked.
    """

    project: Project
    steps: tuple[Step, ...]
    absent: tuple[str, ...]
    columns: tuple[Column, ...]
    variables: tuple[Row, ...]
    suppressed: Suppressed | None
    explanation: Explanation | None
    risk: RiskReport
    validation: ValidationReport
    gates: tuple[Gate, ...]
    inputs: tuple[FileEntry, ...]
    outputs: tuple[FileEntry, ...]
    policy_sha256: str
    codebook_sha256: str
    software: Mapping[str, str]
    created: dt.date
    audit: Audit | None
    differencing: Differencing | None = None

    @classmethod
    def of(
        cls,
        cleared: Cleared,
        *,
        project: Project,
        codebook: Codebook,
        manifest: Mapping[str, Any],
        audit: Audit | None,
        differencing: Differencing | None = None,
    ) -> ReportContent:
        """Take everything from what was cleared and from its manifest, so that both say the same.

        Args:
            cleared: the extract that passed every gate.
            project: what was approved.
            codebook: describes the variables.
            manifest: `manifest_of` the folder without the report.
            audit: of the rows that leave; None where no column is a quasi-identifier.
            differencing: beside earlier releases; None where nobody looked.
        """
        delivered = {entry["form"] for entry in manifest["inputs"]}
        return cls(
            project=project,
            steps=cleared.prepared.extract.steps,
            absent=tuple(name for name in of_release.FORMS if name not in delivered),
            columns=columns_of_extract(cleared.prepared, codebook),
            variables=side_by_side(
                project,
                cleared.prepared.variables,
                delivered_of(cleared.prepared),
                codebook=codebook,
            ),
            suppressed=_suppressed(cleared.prepared),
            explanation=audit.explanation if audit is not None else None,
            risk=cleared.risk,
            validation=cleared.validation,
            gates=cleared.gates,
            inputs=tuple(
                FileEntry(entry["path"], entry["rows"], entry["sha256"])
                for entry in manifest["inputs"]
            ),
            outputs=tuple(
                FileEntry(entry["path"], entry["bytes"], entry["sha256"])
                for entry in manifest["outputs"]
            ),
            policy_sha256=manifest["policy_sha256"],
            codebook_sha256=manifest["codebook_sha256"],
            software=manifest["software"],
            created=dt.date.fromisoformat(manifest["created"]),
            audit=audit,
            differencing=differencing,
        )

    @property
    def passed(self) -> bool:
        """Whether every gate is open."""
        return all(gate.passed for gate in self.gates)


@dataclass(frozen=True)
class CodebookContent:
    """What the codebook of an extract tells."""

    project: Project
    columns: tuple[Column, ...]
    codebook_sha256: str
    created: dt.date


def report_page(content: ReportContent) -> str:
    """The report that a privacy officer signs for, as one self-contained HTML page."""
    return _render("report.html.j2", content)


def codebook_page(content: CodebookContent) -> str:
    """What stands in each column of an extract, as one self-contained HTML page."""
    return _render("codebook.html.j2", content)


def share_text(share: float) -> Label:
    """A share (0-1) in per cent, with as many digits as it deserves."""
    percent = share * 100
    if 0 < percent < 0.01:
        text = "< 0.01"
    elif 99.9 < percent < 100:
        text = "> 99.9"
    else:
        digits = 1 if percent >= 1 else 2
        text = f"{percent:.{digits}f}".rstrip("0").rstrip(".") if percent else "0"
    return Label(nb=text.replace(".", ",") + NO_BREAK + "%", en=text + "%")


@dataclass(frozen=True)
class Stage:
    """One stage on the way from arrests to extract: how many were left."""

    label: Label
    count: int
    share: float


_STAGES: Final = (
    ("include", "arrests", Label(nb="hjertestans funnet", en="arrests found")),
    ("include", "arrests included", Label(nb="i registeret", en="in the register")),
    ("select", "events in the cohort", Label(nb="i kohorten", en="in the cohort")),
)
_LAST_STAGE: Final = Label(nb="i uttrekket", en="in the extract")


def stages_of(steps: tuple[Step, ...], released: int) -> tuple[Stage, ...]:
    """The way from all arrests to the extract, from the steps that tell of it."""
    counts = {(step.name, name): n for step in steps for name, n in step.counts.items()}
    found = [(label, counts[step, name]) for step, name, label in _STAGES if (step, name) in counts]
    found.append((_LAST_STAGE, released))
    most = max(count for _, count in found) or 1
    return tuple(Stage(label, count, count / most) for label, count in found)


def _suppressed(prepared: Prepared) -> Suppressed | None:
    solution = prepared.solution
    if solution is None:
        return None
    return Suppressed(
        solution.suppressed_rows,
        solution.rows,
        solution.suppressed_persons,
        solution.loss,
        solution.gap,
        prepared.suppressed_cells,
    )


def explanation_of(prepared: Prepared) -> Explanation | None:
    """Why protection came out so; None where nothing was protected."""
    if prepared.solution is None or prepared.plan is None:
        return None
    plan = prepared.plan
    return explain(
        prepared.solution,
        models=plan.models,
        max_suppressed=plan.max_suppressed,
        weights=plan.weights,
        max_points=POINTS,
    )


def _render(template: str, content: ReportContent | CodebookContent) -> str:
    return _environment().get_template(template).render(content=content)


def _number(number: float) -> Markup:
    """A number that is no count, such as an end of a range."""
    text = f"{number:.10g}".replace("-", MINUS)
    return both(text.replace(".", ","), text)


@cache
def _environment() -> jinja2.Environment:
    made = environment("hsr_privacy.release")
    made.filters |= {
        "share": lambda share: both(share_text(share)),
        "number": _number,
    }
    made.globals |= {
        "stages_of": stages_of,
        "purposes": PURPOSES,
        "explained": explanation_sections,
        "audited": audit_parts,
        "drawing_rules": RULES + AUDIT_RULES,
        "of_project": of_project,
        "of_release": of_release,
        "weights": WEIGHTS,
        "difference_kinds": KINDS,
    }
    return made
