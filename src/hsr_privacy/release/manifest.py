"""The manifest: what went in, what was done, what came out, so that anyone can check it later."""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from itertools import chain, count
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from hsr_privacy.codebook import Codebook
from hsr_privacy.extract import Step
from hsr_privacy.folders import sha256_of
from hsr_privacy.hierarchies import TOP
from hsr_privacy.project import EVENT, PERSON, Form
from hsr_privacy.release.dossier import Dossier
from hsr_privacy.release.gates import Cleared
from hsr_privacy.release.prepare import MASK
from hsr_privacy.release.side_by_side import rows_of

FORMAT: Final = "hsr-extract/1"

_LETTERS: Final = "bcdfghjkmnpqrstvwxz"
"""Of the end of a release's id: no digits, which could look like a person's, and no words."""
_ID_LETTERS: Final = 8
_NAMED: Final = (
    "hsr-privacy",
    "cryptography",
    "great-expectations",
    "narwhals",
    "polars",
    "pyarrow",
)


def manifest_of(
    cleared: Cleared, dossier: Dossier, folder: Path, *, release: str
) -> dict[str, Any]:
    """Describe a release.

    Args:
        cleared: the extract that passed every gate.
        dossier: what is known beside its rows.
        folder: holds the other files of the release; all of them are listed with their digests.
        release: its id.
    """
    project, application = dossier.project, dossier.application
    return {
        "format": FORMAT,
        "release": release,
        "created": dossier.today.isoformat(),
        "people": str(dossier.people),
        "software": {name: version(name) for name in _NAMED}
        | {"python": platform.python_version(), "engine": dossier.engine},
        "project": {
            "case_number": project.case_number,
            "title": project.title,
            "environment": project.environment,
            "recipient": project.recipient.name,
            "identification_degree": str(project.identification_degree),
            "deletion_date": project.deletion_date.isoformat(),
        },
        "policy_sha256": sha256_of(application.file),
        "codebook_sha256": codebook_digest(application.codebook),
        "inputs": [
            {
                "path": file.path,
                "form": str(file.form),
                "layout": file.layout,
                "encoding": file.encoding,
                "rows": file.rows,
                "sha256": file.sha256,
            }
            for file in dossier.files
        ],
        "steps": [step_as_json(step) for step in cleared.prepared.extract.steps],
        "counts": {
            "rows": cleared.prepared.table.height,
            "persons": cleared.risk.persons,
            "smallest class": cleared.risk.k,
        },
        "columns": _columns(cleared),
        "variables": [row.to_json() for row in rows_of(cleared.prepared, application)],
        "gates": [gate.to_json() for gate in cleared.gates],
        "differencing": dossier.differencing.outside(),
        "outputs": [
            {
                "path": path.relative_to(folder).as_posix(),
                "bytes": path.stat().st_size,
                "sha256": sha256_of(path),
            }
            for path in sorted(p for p in folder.rglob("*") if p.is_file())
        ],
    }


def release_id(dossier: Dossier, extract_sha256: str) -> str:
    """The id of a release: of the case, and of what went in and came out on the day.

    The same inputs give the same id. What was released already and is released again on the same
    day gets a number behind it.
    """
    application = dossier.application
    parts = [
        dossier.today.isoformat(),
        sha256_of(application.file),
        codebook_digest(application.codebook),
        *sorted(file.sha256 for file in dossier.files),
        extract_sha256,
    ]
    slug = re.sub(r"[^a-z0-9]+", "-", dossier.project.case_number.casefold()).strip("-")
    number = int.from_bytes(hashlib.sha256("|".join(parts).encode()).digest())
    letters = ""
    for _ in range(_ID_LETTERS):
        number, letter = divmod(number, len(_LETTERS))
        letters += _LETTERS[letter]
    first = f"{slug}-{letters}"
    again = (f"{first}-{number}" for number in count(2))
    return next(name for name in chain([first], again) if name not in dossier.taken)


def outputs_digest(outputs: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 of what a manifest says of the files of its release."""
    return hashlib.sha256(as_text(outputs).encode()).hexdigest()


def codebook_digest(codebook: Codebook) -> str:
    """SHA-256 of everything that the codebook says."""
    return _digest([*codebook.variables, *codebook.code_lists])


def step_as_json(step: Step) -> dict[str, Any]:
    """A step as the manifest writes it."""
    return {"name": step.name, "counts": dict(step.counts), "notes": dict(step.notes)}


def as_text(value: Mapping[str, Any] | Sequence[Any]) -> str:
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
