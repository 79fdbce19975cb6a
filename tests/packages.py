"""A small package of a test release, made as releases are, and the people who sign it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from hsr_privacy.keys import SigningKey
from hsr_privacy.keys.recipients import write_new_identity
from hsr_privacy.keys.stretching import Stretching
from hsr_privacy.packaging import (
    Acceptance,
    Review,
    sign_release,
    sign_review,
    write_bag,
    write_statement,
    write_tag_manifest,
)

QUICK: Final = Stretching(cost=2, memory_kib=19_456, lanes=1)
NOW: Final = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
AUDIT: Final = {"number": 7, "digest": "ab" * 64}
PREDICATE: Final[dict[str, Any]] = {
    "id": "test-2026-1",
    "day": "2026-03-02",
    "audit": AUDIT,
    "title": "Hjertestans på Bjørnøya",
    "counts": {"rows": 2, "share": 0.5},
}
ALONE: Final[dict[str, Any]] = {"one_person": True, "application": {"environment": "test"}}
FACTS: Final[dict[str, Any]] = {
    "day": "2026-03-02",
    "deletion_date": "2031-12-31",
    "audit": AUDIT,
    "software": {"hsr-privacy": "0.1.0"},
}
FILES: Final = {
    "data/extract.csv": "alder;kjonn\n40-49;1\n*;2\n",
    "data/datapackage.json": "{}\n",
    "report.html": "<p>ok</p>\n",
    "manifest.json": json.dumps({"audit": AUDIT, "gates": []}) + "\n",
}


@dataclass(frozen=True)
class People:
    """Who signs, and to whom it is sealed."""

    folder: Path
    producer: SigningKey
    reviewer: SigningKey
    approver: SigningKey
    stranger: SigningKey
    identity: Path
    recipient: str

    @classmethod
    def drawn(cls, folder: Path) -> People:
        def key(name: str) -> SigningKey:
            return SigningKey.create(folder / name, "seven quiet herons", stretching=QUICK)

        identity = folder / "identity"
        return cls(
            folder,
            producer=key("producer"),
            reviewer=key("reviewer"),
            approver=key("approver"),
            stranger=key("stranger"),
            identity=identity,
            recipient=write_new_identity(identity),
        )

    @property
    def told(self) -> tuple[str, ...]:
        return tuple(one.public_key for one in (self.producer, self.reviewer, self.approver))


def draft(folder: Path, *, files: Mapping[str, str] = FILES) -> Path:
    """A folder with its files, and nothing that makes it a package."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return folder


def prepared(
    folder: Path,
    key: SigningKey,
    *,
    files: Mapping[str, str] = FILES,
    predicate: Mapping[str, Any] = PREDICATE,
) -> Path:
    """A package that its producer has signed."""
    draft(folder, files=files)
    write_bag(folder, {"External-Identifier": "test-2026-1", "Bagging-Date": "2026-03-02"})
    write_statement(folder, predicate=predicate)
    sign_release(folder, key)
    write_tag_manifest(folder)
    return folder


def approved(folder: Path, people: People, **given: Any) -> Path:
    """A package that is reviewed and approved too."""
    prepared(folder, people.producer, **given)
    sign_review(folder, Review("review", "approve", "Lest og i orden."), people.reviewer, now=NOW)
    accepts = (Acceptance("R-small-cells", "agreed with the hospital"),)
    sign_review(folder, Review("approval", "approve", "", accepts), people.approver, now=NOW)
    return folder


def copy_of(package: Path, folder: Path) -> Path:
    """The same package elsewhere."""
    shutil.copytree(package, folder, symlinks=True)
    return folder


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file with its bytes, by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
