"""People with signing keys around a desk: who prepares, who reviews, who approves, who receives."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from hsr_privacy.cli.main import run
from hsr_privacy.keys import KeyRing, SigningKey
from hsr_privacy.keys.recipients import write_new_identity
from hsr_privacy.keys.stretching import Stretching
from tests.desk import PASSPHRASE, Desk, laid_out

QUICK = Stretching(cost=2, memory_kib=19_456, lanes=1)
CASE = "HDS-2026-0417"
PREPARER, REVIEWER, APPROVER, STRANGER = "kari", "ola", "ida", "per"


@dataclass(frozen=True)
class Office:
    """A desk, and the people around it."""

    desk: Desk

    @property
    def package(self) -> Path:
        return self.desk.folder / "package"

    @property
    def sealed(self) -> Path:
        return self.desk.folder / "sealed"

    @property
    def identity(self) -> Path:
        return self.desk.ring.parent / "recipient.age"

    @property
    def recipient(self) -> str:
        return self.identity.read_text().splitlines()[0].removeprefix("# public key: ")

    @property
    def word(self) -> list[str]:
        return ["--passphrase-file", str(self.desk.ring.parent / "word")]

    @property
    def with_ring(self) -> list[str]:
        return ["--keyring", str(self.desk.ring), *self.word]

    def key_of(self, person: str) -> Path:
        return self.desk.ring.parent / f"{person}.key"

    def public_key_of(self, person: str) -> str:
        return SigningKey.open(self.key_of(person), PASSPHRASE).public_key

    def signing(self, person: str) -> list[str]:
        word = str(self.desk.ring.parent / "word")
        return ["--signing-key", str(self.key_of(person)), "--signing-passphrase-file", word]

    def prepare(self, *more: str) -> int:
        return run(
            [
                *("release", "prepare", str(self.desk.project)),
                *("--source", str(self.desk.deliveries), *self.with_ring),
                *("--out", str(self.package), *self.signing(PREPARER), *more),
            ]
        )

    def review(self, person: str = REVIEWER, decision: str = "approve", *more: str) -> int:
        named = [*self.signing(person), "--decision", decision, *more]
        return run(["release", "review", str(self.package), *named])

    def approve(self, person: str = APPROVER, *more: str) -> int:
        return run(["release", "approve", str(self.package), *self.signing(person), *more])

    def seal(self, *more: str) -> int:
        is_told = "--to" in more or "--zip-passphrase" in more
        named = [] if is_told else ["--to", self.recipient]
        out = ["--out", str(self.sealed)]
        return run(["release", "seal", str(self.package), *self.with_ring, *named, *out, *more])


def opened(folder: Path, deliveries: Path) -> Office:
    """A desk with four signing keys, three of which the key ring trusts, and a recipient."""
    office = Office(laid_out(folder, deliveries))
    for person in (PREPARER, REVIEWER, APPROVER, STRANGER):
        key = SigningKey.create(office.key_of(person), PASSPHRASE, stretching=QUICK)
        if person != STRANGER:
            trust = ["keys", "trust", str(office.desk.ring), key.public_key, "--name", person]
            assert run([*trust, *office.word]) == 0
    write_new_identity(office.identity)
    return office


@dataclass(frozen=True)
class PreparedTwice:
    """An office in which a package is prepared, and a copy of it from just before."""

    office: Office
    before: Path


@pytest.fixture(scope="session")
def office_and_before(deliveries: Path, tmp_path_factory: pytest.TempPathFactory) -> PreparedTwice:
    office = opened(tmp_path_factory.mktemp("office"), deliveries)
    # Persons' keys and the project's salt are random, so they are there before.
    ring = KeyRing.open(office.desk.ring, PASSPHRASE)
    ring.draft_project(CASE)
    ring.keep_drafts()
    build = ["register", "build", "--source", str(office.desk.deliveries), *office.with_ring]
    assert run(build) == 0
    before = tmp_path_factory.mktemp("before") / "office"
    shutil.copytree(office.desk.folder, before)
    assert office.prepare() == 0
    return PreparedTwice(office, before)


@pytest.fixture
def office(office_and_before: PreparedTwice, tmp_path: Path) -> Office:
    """A copy of a desk on which a package is prepared, to do anything with."""
    folder = tmp_path / "office"
    shutil.copytree(office_and_before.office.desk.folder, folder)
    return Office(Desk(folder))
