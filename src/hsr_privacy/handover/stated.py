"""Stated: what a package's statement says, read into what it means, and held against all else that knows.

Whoever prepared a package wrote its statement, and reviewers signed its digest while they read a report.
So nothing in it is believed that can be looked up: the audit log knows the digest of what was stated when
the gates were open, the manifest says the same in other words, and each file is counted anew.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hsr_privacy.errors import AuditBroken, ClockWentBack, PackageBroken
from hsr_privacy.keys import AuditLog, KeyRing
from hsr_privacy.keys.audit import TOLERANCE
from hsr_privacy.packaging import Package
from hsr_privacy.packaging.files import Unreadable
from hsr_privacy.project import Project
from hsr_privacy.release.manifest import outputs_digest
from hsr_privacy.release.packing import SHARED, statement_digest

MANIFEST: Final = "manifest.json"
ACT: Final = "release.prepare"
_GATES: Final = tuple(f"G{number}" for number in range(1, 8))


@dataclass(frozen=True)
class Stated:
    """What the statement of a package says.

    Attributes:
        project: the approved application.
        prepared: the moment.
        rows, persons: in the extract.
        smallest_class: persons in it.
        must_be_accepted: ids of findings.
        audit: number and digest of the line of the audit log.
        manifest_sha256: of the manifest.
        manifest: what it says.
    """

    project: Project
    prepared: dt.datetime
    rows: int
    persons: int
    smallest_class: int
    must_be_accepted: tuple[str, ...]
    audit: tuple[int, str]
    manifest_sha256: str
    manifest: Mapping[str, Any] = field(repr=False)


def stated_by(package: Package) -> Stated:
    """Read what a package's statement says.

    Raises:
        PackageBroken: it says it in another way than this program does, or its manifest says
            something else.
    """
    said = package.predicate
    try:
        content = package.files.read(MANIFEST)
        manifest = json.loads(content)
        counts = said["counts"]
        stated = Stated(
            project=Project.model_validate(said["application"]),
            prepared=dt.datetime.fromisoformat(said["prepared"]).astimezone(dt.UTC),
            rows=_whole(counts["rows"]),
            persons=_whole(counts["persons"]),
            smallest_class=_whole(counts["smallest class"]),
            must_be_accepted=tuple(map(str, said["differencing"]["must_be_accepted"])),
            audit=(_whole(said["audit"]["number"]), str(said["audit"]["digest"])),
            manifest_sha256=hashlib.sha256(content).hexdigest(),
            manifest=manifest,
        )
        gates = [(one["id"], one["passed"]) for one in said["gates"]]
        differ = [name for name in SHARED if manifest[name] != said[name]]
        is_same = manifest["release"] == package.release_id and manifest["created"] == package.day
    except (KeyError, ValueError, TypeError, AttributeError, Unreadable):
        raise PackageBroken(
            f"{package.where} does not say for which application it was made, or says it in the way "
            "of another version; prepare it anew",
            (),
        ) from None
    if differ or not is_same:
        what = ", ".join(differ) or "the release"
        raise PackageBroken(
            f"{package.where}: release.json and manifest.json do not agree on {what}; prepare it anew",
            (),
        )
    if gates != [(name, True) for name in _GATES]:
        raise PackageBroken(
            f"{package.where}: its gates are not G1 to G7, each passed; prepare it anew", ()
        )
    return stated


def is_ours(package: Package, stated: Stated, ring: KeyRing, *, now: dt.datetime) -> None:
    """Hold a package against the audit log of the register that prepared it, and count its files.

    Raises:
        AuditBroken: the log has no such line, or the line is about something else.
        ClockWentBack: the last line of the log is later than now.
        PackageBroken: a file is not the one that the manifest tells.
    """
    number, digest = stated.audit
    log = AuditLog(ring)
    reading = log.read()
    reading.prove(number, digest)
    last = dt.datetime.fromisoformat(reading.entries[-1].time)
    if last - now > TOLERANCE:
        raise ClockWentBack(
            f"the clock of this machine shows a time before {reading.entries[-1].time}, when the last line "
            f"of {log.path} was written; set it right, and run this again"
        )
    line = reading.entries[number - 1]
    outputs = stated.manifest["outputs"]
    expected = {
        "release": package.release_id,
        "project": stated.project.case_number,
        "rows": stated.rows,
        "persons": stated.persons,
        "outputs sha256": outputs_digest(outputs),
        "statement sha256": statement_digest(package.predicate),
    }
    if line.act != ACT or any(line.details.get(name) != one for name, one in expected.items()):
        raise AuditBroken(
            f"{log.path}:{number}: that line is not about {package.where} as it states itself; prepare "
            "the package anew"
        )
    for one in outputs:
        if _sha256(package, one["path"]) != one["sha256"]:
            raise PackageBroken(
                f"{package.where}: {one['path']} is not the file that the manifest tells; prepare it "
                "anew",
                (),
            )


def _sha256(package: Package, name: str) -> str:
    digest = hashlib.sha256()
    for piece in package.files.pieces(name):
        digest.update(piece)
    return digest.hexdigest()


def _whole(value: object) -> int:
    if type(value) is not int or not 0 <= value < 2**53:
        raise ValueError("no count")
    return value
