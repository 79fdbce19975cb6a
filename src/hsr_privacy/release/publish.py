"""Publish: the cleared extract as files, with everything that describes it, signed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from hsr_privacy.auditing import Answer, Audit
from hsr_privacy.auditing.machines import as_machines
from hsr_privacy.dictionary import MISSING
from hsr_privacy.documents import Label
from hsr_privacy.errors import Fault, GateRefused
from hsr_privacy.folders import sha256_of
from hsr_privacy.formats import write_all
from hsr_privacy.keys import SigningKey
from hsr_privacy.keys.audit_lines import Entry
from hsr_privacy.letters import letter_page, letter_text
from hsr_privacy.release.columns import columns_of_extract
from hsr_privacy.release.dictionary import dictionary_of
from hsr_privacy.release.dossier import Dossier
from hsr_privacy.release.gates import Cleared
from hsr_privacy.release.letter import letter_of
from hsr_privacy.release.manifest import (
    as_text,
    codebook_digest,
    manifest_of,
    outputs_digest,
    release_id,
)
from hsr_privacy.release.packing import describe, pack, predicate_of, statement_digest
from hsr_privacy.release.pages import (
    CodebookContent,
    ReportContent,
    codebook_page,
    report_page,
)
from hsr_privacy.scanning import Needles, ScanReport, scan

DATA = "data"
EXTRACT = "extract.parquet"


def publish(
    cleared: Cleared,
    folder: Path,
    dossier: Dossier,
    *,
    judge: Callable[[ScanReport], Audit | None],
    record: Callable[[Mapping[str, str | int]], Entry],
    key: SigningKey,
    log_key: str,
) -> dict[str, Any]:
    """Fill a folder with a package and give its manifest.

    Once the data are written, the files themselves are searched for what must not be in them, and
    ``judge`` audits the extract. Before the manifest is written, ``record`` writes the package into
    the audit log; the manifest names that line, so that a log which was cut off afterwards is found
    out. Last of all, everything is bagged and signed.

    Args:
        cleared: the extract that passed every gate.
        folder: empty.
        dossier: what is known beside its rows.
        judge: audits it.
        record: writes a line of the audit log.
        key: of who prepares it.
        log_key: public key of the audit log.

    Raises:
        GateRefused: something is found in the files, or the audit says no.
    """
    data, project = folder / DATA, dossier.project
    data.mkdir()
    codebook, file = dossier.application.codebook, dossier.application.file
    columns = columns_of_extract(cleared.prepared, codebook)
    dictionary = dictionary_of(columns, title=Label(nb=project.title, en=project.title))
    wishes = project.formats
    write_all(
        cleared.prepared.table,
        dictionary,
        data,
        written=dossier.today,
        language=wishes.language,
        decimal_comma=wishes.decimal == "comma",
        bom=wishes.bom,
    )
    release = release_id(dossier, sha256_of(data / EXTRACT))
    _write(folder / "validation.json", as_text(cleared.validation.to_json()))
    _write(folder / "expectations.json", as_text(cleared.suite.to_json()))
    written = partial(manifest_of, cleared, dossier, folder, release=release)
    codes = CodebookContent(project, columns, codebook_digest(codebook), dossier.today)
    _write(folder / "codebook.html", codebook_page(codes))
    needles = _taken_out(cleared)
    audited = judge(_searched([folder], needles, folder, file))
    risk = cleared.risk.to_json()
    if audited is not None:
        _refuse_no(audited, file)
        risk = as_machines(audited)
    _write(folder / "risk.json", as_text(risk))
    report = ReportContent.of(
        cleared,
        project=project,
        codebook=codebook,
        manifest=written(),
        audit=audited,
        differencing=dossier.differencing,
    )
    _write(folder / "report.html", report_page(report))
    letter = letter_of(cleared, dossier, release=release, audit=audited, folder=folder)
    letters = [folder / "letter.html", folder / "letter.txt"]
    _write(letters[0], letter_page(letter))
    _write(letters[1], "\n\n".join(letter_text(letter, language) for language in ("nb", "en")))
    described = describe(cleared, dossier, dictionary, folder, release=release, key=key)
    told = [folder / "risk.json", folder / "report.html", *letters, *described]
    # A figure of a column may well be as small as a value of it was.
    telling = Needles(tuple(one for one in needles.each if one.is_telling))
    _searched(told, telling, folder, file)
    manifest = written()
    line = record(
        {
            "release": release,
            "project": project.case_number,
            "rows": manifest["counts"]["rows"],
            "persons": manifest["counts"]["persons"],
            "outputs sha256": outputs_digest(manifest["outputs"]),
            "statement sha256": statement_digest(predicate_of(manifest, dossier)),
        }
    )
    manifest["audit"] = {"number": line.number, "digest": line.digest}
    manifest["audit_key"] = log_key
    _write(folder / "manifest.json", as_text(manifest))
    pack(folder, predicate_of(manifest, dossier), dossier, key=key)
    return manifest


def _taken_out(cleared: Cleared) -> Needles:
    """The smallest and the largest value of every column that leaves coarser.

    Kinds of missing are none: every codebook explains them.
    """
    prepared = cleared.prepared
    coarser = [name for name, level in prepared.released_levels.items() if level]
    original = prepared.original.with_columns(
        pl.when(~pl.col(name).cast(pl.String).is_in(list(MISSING))).then(pl.col(name))
        for name in coarser
    )
    return Needles.of(original, columns=coarser, released=prepared.table)


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
