"""Publish: the cleared extract as files, with everything that describes it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from hsr_privacy.codebook import Codebook
from hsr_privacy.keys.audit import Entry
from hsr_privacy.project import Project
from hsr_privacy.registry import DeliveredFile
from hsr_privacy.release.columns import columns_of_extract
from hsr_privacy.release.gates import Cleared
from hsr_privacy.release.manifest import as_text, manifest_of
from hsr_privacy.release.pages import (
    CodebookContent,
    ReportContent,
    codebook_page,
    report_page,
)

DATA = "data"


def publish(
    cleared: Cleared,
    folder: Path,
    *,
    project: Project,
    project_file: Path,
    codebook: Codebook,
    files: Sequence[DeliveredFile],
    engine: str,
    today: dt.date,
    record: Callable[[Mapping[str, str | int]], Entry],
) -> dict[str, Any]:
    """Fill a folder with a release and give its manifest; see `manifest_of` for the arguments.

    Before the manifest is written, ``record`` writes the release into the audit log; the manifest
    names that line, so that a log which was cut off afterwards is found out.

    Writes ``data/extract.parquet``, ``data/extract.csv`` (semicolons, decimal comma, empty where
    missing), ``codebook.html``, ``report.html``, ``risk.json``, ``validation.json`` and, last of
    all, ``manifest.json`` with the digests of the others.
    """
    data = folder / DATA
    data.mkdir()
    table = cleared.prepared.table
    table.write_parquet(data / "extract.parquet", compression="zstd")
    table.write_csv(data / "extract.csv", separator=";", decimal_comma=True)
    _write(folder / "risk.json", as_text(cleared.risk.to_json()))
    _write(folder / "validation.json", as_text(cleared.validation.to_json()))
    describe = partial(
        manifest_of,
        cleared,
        project=project,
        project_file=project_file,
        codebook=codebook,
        files=files,
        folder=folder,
        engine=engine,
        today=today,
    )
    columns = columns_of_extract(cleared.prepared, codebook)
    codes = CodebookContent(project, columns, describe()["codebook_sha256"], today)
    _write(folder / "codebook.html", codebook_page(codes))
    report = ReportContent.of(cleared, project=project, codebook=codebook, manifest=describe())
    _write(folder / "report.html", report_page(report))
    manifest = describe()
    line = record(
        {
            "project": project.case_number,
            "rows": table.height,
            "persons": cleared.risk.persons,
            "outputs sha256": hashlib.sha256(as_text(manifest["outputs"]).encode()).hexdigest(),
        }
    )
    manifest["audit"] = {"number": line.number, "digest": line.digest}
    _write(folder / "manifest.json", as_text(manifest))
    return manifest


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
