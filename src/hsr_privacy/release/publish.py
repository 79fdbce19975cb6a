"""Publish: the cleared extract as files, with everything that describes it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from hsr_privacy.auditing import Answer, Audit
from hsr_privacy.auditing.machines import as_machines
from hsr_privacy.codebook import Codebook
from hsr_privacy.errors import Fault, GateRefused
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
from hsr_privacy.scanning import Needles, ScanReport, scan

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
    judge: Callable[[ScanReport], Audit | None],
    record: Callable[[Mapping[str, str | int]], Entry],
) -> dict[str, Any]:
    """Fill a folder with a release and give its manifest; see `manifest_of` for the arguments.

    Once the data are written, the files themselves are searched for what must not be in them, and
    ``judge`` audits the extract. Before the manifest is written, ``record`` writes the release into
    the audit log; the manifest names that line, so that a log which was cut off afterwards is found
    out.

    Writes ``data/extract.parquet``, ``data/extract.csv`` (semicolons, decimal comma, empty where
    missing), ``codebook.html``, ``report.html``, ``risk.json``, ``validation.json`` and, last of
    all, ``manifest.json`` with the digests of the others.

    Raises:
        GateRefused: something is found in the files, or the audit says no.
    """
    data = folder / DATA
    data.mkdir()
    table = cleared.prepared.table
    table.write_parquet(data / "extract.parquet", compression="zstd")
    table.write_csv(data / "extract.csv", separator=";", decimal_comma=True)
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
    needles = _taken_out(cleared)
    audited = judge(_searched([folder], needles, folder, project_file))
    risk = cleared.risk.to_json()
    if audited is not None:
        _refuse_no(audited, project_file)
        risk = as_machines(audited)
    _write(folder / "risk.json", as_text(risk))
    report = ReportContent.of(
        cleared, project=project, codebook=codebook, manifest=describe(), audit=audited
    )
    _write(folder / "report.html", report_page(report))
    told = [folder / "risk.json", folder / "report.html"]
    # A figure of a column may well be as small as a value of it was.
    telling = Needles(tuple(one for one in needles.each if one.is_telling))
    _searched(told, telling, folder, project_file)
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


def _taken_out(cleared: Cleared) -> Needles:
    """The smallest and the largest value of every column that leaves coarser."""
    prepared = cleared.prepared
    coarser = [name for name, level in prepared.released_levels.items() if level]
    return Needles.of(prepared.original, columns=coarser, released=prepared.table)


def _searched(
    paths: Sequence[Path], needles: Needles, folder: Path, project_file: Path
) -> ScanReport:
    """What is found in written files: identifiers, and what was taken out.

    Raises:
        GateRefused: anything is found, or a file cannot be looked into.
    """
    found = scan(paths, needles=needles)
    faults = [
        Fault(str(project_file), 0, "gate G3 (no identifier)", problem)
        for problem in _problems(found, folder)
    ]
    if faults:
        raise GateRefused(f"not released: {len(faults)} finding(s); nothing was written", faults)
    return found


def _problems(report: ScanReport, folder: Path) -> Iterator[str]:
    for one in report.findings:
        place = Path(one.file).relative_to(folder).as_posix()
        yield f"{place}: {one.count} time(s) {one.about or one.kind} in {one.part}"
    for left in report.unread:
        yield f"{Path(left.place.file).name} could not be looked into: {left.reason}"


def _refuse_no(audited: Audit, project_file: Path) -> None:
    """Raise with every reason for which the audit says no."""
    faults = [
        Fault(str(project_file), 0, f"the audit ({one.question})", one.text.en)
        for one in audited.verdict.reasons
        if one.answer is Answer.NO
    ]
    if faults:
        raise GateRefused(f"not released: {len(faults)} finding(s); nothing was written", faults)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
