"""The manifest: what went in, what was done, what came out, so that anyone can check it later."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from hsr_privacy.codebook import Codebook
from hsr_privacy.extract import Step
from hsr_privacy.folders import sha256_of
from hsr_privacy.hierarchies import TOP
from hsr_privacy.project import EVENT, PERSON, Form, Project
from hsr_privacy.registry import DeliveredFile
from hsr_privacy.release.gates import Cleared
from hsr_privacy.release.prepare import MASK

FORMAT: Final = "hsr-extract/1"
_NAMED: Final = (
    "hsr-privacy",
    "cryptography",
    "great-expectations",
    "narwhals",
    "polars",
    "pyarrow",
)


def manifest_of(
    cleared: Cleared,
    *,
    project: Project,
    project_file: Path,
    codebook: Codebook,
    files: Sequence[DeliveredFile],
    folder: Path,
    engine: str,
    today: dt.date,
) -> dict[str, Any]:
    """Describe a release.

    Args:
        cleared: the extract that passed every gate.
        project: what was approved.
        project_file: its digest is the policy's.
        codebook: its digest says by which description of the variables this was made.
        files: the deliveries that were read.
        folder: holds the other files of the release; all of them are listed with their digests.
        engine: where the rows lived.
        today: the day of release.
    """
    return {
        "format": FORMAT,
        "created": today.isoformat(),
        "software": {name: version(name) for name in _NAMED}
        | {"python": platform.python_version(), "engine": engine},
        "project": {
            "case_number": project.case_number,
            "title": project.title,
            "environment": project.environment,
            "recipient": project.recipient.name,
            "identification_degree": str(project.identification_degree),
            "deletion_date": project.deletion_date.isoformat(),
        },
        "policy_sha256": sha256_of(project_file),
        "codebook_sha256": _digest([*codebook.variables, *codebook.code_lists]),
        "inputs": [
            {
                "path": file.path,
                "form": str(file.form),
                "layout": file.layout,
                "encoding": file.encoding,
                "rows": file.rows,
                "sha256": file.sha256,
            }
            for file in files
        ],
        "steps": [step_as_json(step) for step in cleared.prepared.extract.steps],
        "columns": _columns(cleared),
        "gates": [
            {
                "id": gate.id,
                "title": {"nb": gate.title[0], "en": gate.title[1]},
                "passed": gate.passed,
                "evidence": dict(gate.evidence),
            }
            for gate in cleared.gates
        ],
        "outputs": [
            {
                "path": path.relative_to(folder).as_posix(),
                "bytes": path.stat().st_size,
                "sha256": sha256_of(path),
            }
            for path in sorted(p for p in folder.rglob("*") if p.is_file())
        ],
    }


def step_as_json(step: Step) -> dict[str, Any]:
    """A step as the manifest writes it."""
    return {"name": step.name, "counts": dict(step.counts), "notes": dict(step.notes)}


def as_text(value: Mapping[str, Any]) -> str:
    """JSON that people can read, the same bytes for the same content."""
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _columns(cleared: Cleared) -> list[dict[str, Any]]:
    levels, cells = cleared.prepared.released_levels, cleared.prepared.suppressed_cells
    columns: list[dict[str, Any]] = [
        {"name": name, "form": str(Form.PSEUDONYM)} for name in (PERSON, EVENT)
    ]
    for one in cleared.prepared.variables:
        if one.form is Form.PSEUDONYM:
            continue
        column: dict[str, Any] = {
            "name": one.column,
            "variable": one.variable.name,
            "form": str(one.form),
        }
        if one.hierarchy is not None and levels[one.column]:
            name = one.label(levels[one.column])
            column["level"] = "suppressed" if name == TOP else name
        if cells.get(one.column):
            column["cells_removed"] = cells[one.column]
        columns.append(column)
    if cleared.prepared.has_mask:
        columns.append({"name": MASK, "form": "mask"})
    return columns


def _digest(parts: Sequence[BaseModel]) -> str:
    text = json.dumps([part.model_dump(mode="json") for part in parts], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
