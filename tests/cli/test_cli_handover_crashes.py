"""A release that is killed: register, log, sketches and folder agree, whenever it was."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hsr_privacy.composition import kept
from hsr_privacy.disclosures import State
from hsr_privacy.handover.accounting import open_register
from hsr_privacy.keys import AuditLog, KeyRing
from hsr_privacy.packaging import read_package, verify_package
from hsr_privacy.registry import sketches_folder
from tests.crashes import HSR, KILLED, changes_of, full_disk, killed_at
from tests.desk import PASSPHRASE, Desk
from tests.people import Office

pytestmark = pytest.mark.once


@pytest.fixture
def approved(office: Office) -> Office:
    """A package that is ready to be sealed."""
    assert office.review() == 0
    assert office.approve() == 0
    return office


def seal_of(office: Office) -> list[object]:
    named = ["--to", office.recipient, "--out", office.sealed]
    return [HSR, "release", "seal", office.package, *office.with_ring, *named]


def whole_of(office: Office) -> list[object]:
    desk = office.desk
    named = ["--source", desk.deliveries, "--out", desk.out, *office.with_ring]
    return [HSR, "release", desk.project, *named, "--to", office.recipient]


def copies(office: Office, folder: Path) -> Iterator[Office]:
    """The same desk, anew each time."""
    number = 0
    while True:
        number += 1
        there = folder / f"copy-{number}"
        shutil.copytree(office.desk.folder, there)
        yield Office(Desk(there))
        shutil.rmtree(there)


def agree(office: Office, sealed: Path) -> bool:
    """Whether it was released; everything that knows of it must say the same."""
    ring = KeyRing.open(office.desk.ring, PASSPHRASE)
    AuditLog(ring).repair()  # a write that was torn is mended by a person, who is told to
    with open_register(ring) as register:
        register.verify()
        entries = register.all()
    AuditLog(ring).entries()
    released = [one for one in entries if one.state is State.RELEASED]
    assert {one.state for one in entries} <= {State.RELEASED, State.ABANDONED}
    assert len(released) <= 1
    assert sealed.exists() == bool(released)
    sketches = {one.about.manifest_sha256 for one in kept(sketches_folder(ring), ring)}
    assert sketches == {one.manifest_sha256 for one in released}
    for one in released:
        receipt = sealed / f"{one.id}.receipt.json"
        assert sorted(path.name for path in sealed.iterdir()) == [
            receipt.name,
            f"{one.id}.tar.age",
        ]
        verified = verify_package(sealed / f"{one.id}.tar.age", receipt=receipt)
        assert not verified.faults
        assert verified.receipt is not None
        assert one.sealed_sha512 == verified.receipt.sealed
    return bool(released)


def goes_on(office: Office) -> None:
    """Whoever comes next can still release it."""
    ran = changes_of(seal_of(office))
    assert ran
    assert agree(office, office.sealed)


def test_sealing_that_is_killed_at_a_write_has_happened_or_has_not(
    approved: Office, tmp_path: Path
) -> None:
    each = copies(approved, tmp_path)
    first = next(each)
    count = changes_of(seal_of(first), below=first.desk.folder)
    outcomes = {agree(first, first.sealed)}
    assert outcomes == {True}
    places = random.Random(7).sample(range(1, count + 1), 5)
    for place, one in zip(sorted(places), each, strict=False):
        ran = killed_at(seal_of(one), after_writes=place, torn=True, below=one.desk.folder)
        assert ran.returncode == KILLED
        if not agree(one, one.sealed):
            goes_on(one)
            outcomes.add(False)
    assert outcomes == {True, False}


def test_a_full_disk_lets_nothing_leave(approved: Office) -> None:
    ran = full_disk(seal_of(approved), room=200_000)
    assert ran.returncode == 32
    assert not approved.sealed.exists()
    assert not agree(approved, approved.sealed)
    goes_on(approved)


@pytest.mark.slow
def test_two_hundred_releases_that_are_killed_leave_everything_in_agreement(
    approved: Office, tmp_path: Path
) -> None:
    """At writes all along the sealing, and at random moments of sealing and of whole releases."""
    drawn = random.Random(20261128)
    told = []
    each = copies(approved, tmp_path / "writes")
    first = next(each)
    count = changes_of(seal_of(first), below=first.desk.folder)
    killed, left = 0, 0
    for number in range(60):
        one = next(each)
        at = 1 + number * (count - 2) // 60
        ran = killed_at(seal_of(one), after_writes=at, torn=bool(number % 2), below=one.desk.folder)
        assert ran.returncode == KILLED
        killed, left = killed + 1, left + agree(one, one.sealed)
    told.append(f"{killed} killed at writes of sealing, {left} of them had left")
    for what, command, wanted in (("sealing", seal_of, 100), ("whole releases", whole_of, 40)):
        if command is whole_of:
            shutil.rmtree(approved.package)
            prepared = sketches_folder(KeyRing.open(approved.desk.ring, PASSPHRASE)) / "prepared"
            shutil.rmtree(prepared)
        each = copies(approved, tmp_path / what)
        one = next(each)
        began = time.monotonic()
        changes_of(command(one))
        length = time.monotonic() - began
        killed, left, runs = 0, 0, 0
        while killed < wanted:
            one, runs = next(each), runs + 1
            ran = killed_at(command(one), moment=drawn.uniform(0.05, 1.05) * length)
            out = one.sealed if command is seal_of else one.desk.out.with_name("extract-sealed")
            has_left = agree(one, out)
            if ran.returncode == KILLED:
                killed, left = killed + 1, left + has_left
            if one.desk.out.exists():
                assert not read_package(one.desk.out).changed()
        told.append(f"{killed} killed at random moments of {what}, {left} of them had left")
    print("; ".join(told))  # noqa: T201
