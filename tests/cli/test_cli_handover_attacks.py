"""Whoever prepares a package is the adversary: what it states is held against all else that knows."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hsr_privacy.disclosures import State
from hsr_privacy.errors import (
    AuditBroken,
    DataError,
    GateRefused,
    NotSignedFor,
    PackageBroken,
)
from hsr_privacy.handover import approve, review, seal
from hsr_privacy.handover.accounting import open_register
from hsr_privacy.keys import AuditLog, KeyRing, SigningKey
from hsr_privacy.keys.recipients import write_new_identity
from hsr_privacy.packaging import (
    Review,
    read_package,
    sign_release,
    sign_review,
    write_statement,
    write_tag_manifest,
)
from hsr_privacy.registry import sketches_folder
from hsr_privacy.release import register_signing_key
from tests.desk import PASSPHRASE
from tests.people import APPROVER, PREPARER, REVIEWER, Office

pytestmark = pytest.mark.once

Change = Callable[[dict[str, Any]], None]


def key_of(office: Office, person: str) -> SigningKey:
    return SigningKey.open(office.key_of(person), PASSPHRASE)


def ring_of(office: Office) -> KeyRing:
    return KeyRing.open(office.desk.ring, PASSPHRASE)


def restated(office: Office, change: Change) -> None:
    """The package with another statement, signed by who prepared it, reviewed and approved."""
    predicate = json.loads(json.dumps(dict(read_package(office.package).predicate)))
    change(predicate)
    shutil.rmtree(office.package / "signatures")
    for name in ("release.json", "tagmanifest-sha512.txt"):
        (office.package / name).unlink()
    write_statement(office.package, predicate=predicate)
    sign_release(office.package, key_of(office, PREPARER))
    write_tag_manifest(office.package)
    review(office.package, key=key_of(office, REVIEWER), decision="approve")
    approve(office.package, key=key_of(office, APPROVER))


def sealed(office: Office, **more: Any) -> None:
    seal(
        office.package,
        ring=ring_of(office),
        **{"recipients": [office.recipient], "out": office.sealed, **more},
    )


def nothing_left(office: Office) -> bool:
    with open_register(ring_of(office)) as register:
        states = {one.state for one in register.all()}
    return not office.sealed.exists() and states <= {State.ABANDONED}


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said["application"]["recipient"].update(name="Somebody else"),
        lambda said: said["application"].update(deletion_date="2099-01-01"),
        lambda said: said["gates"][5].update(passed=False),
        lambda said: said["gates"].pop(),
        lambda said: said["counts"].update(rows=7),
        lambda said: said["differencing"].update(must_be_accepted=["cohorts-00000000"]),
        lambda said: said.update(differencing=None),
        lambda said: said.pop("counts"),
        lambda said: said["audit"].update(number=1),
        lambda said: said.update(internal=["report.html", "risk.json", "codebook.html"]),
    ],
)
def test_a_statement_that_says_something_else_is_not_sealed(office: Office, change: Change) -> None:
    with pytest.raises((PackageBroken, AuditBroken, NotSignedFor)):
        restated(office, change)
        sealed(office)
    assert nothing_left(office)


def test_data_that_were_swapped_are_not_sealed_though_everybody_signs(office: Office) -> None:
    data = office.package / "data" / "extract.csv"
    data.write_bytes(data.read_bytes().replace(b"1", b"2"))
    with pytest.raises(PackageBroken):
        restated(office, lambda _said: None)
        sealed(office)
    assert nothing_left(office)


def test_the_registers_own_key_neither_reviews_nor_approves(office: Office) -> None:
    own = register_signing_key(ring_of(office))
    review(office.package, key=own, decision="approve")
    approve(office.package, key=own)
    with pytest.raises(NotSignedFor, match="not trusted"):
        sealed(office)
    assert nothing_left(office)


def test_a_package_without_its_sketch_is_not_sealed(office: Office) -> None:
    assert office.review() == 0
    assert office.approve() == 0
    shutil.rmtree(sketches_folder(ring_of(office)) / "prepared")
    with pytest.raises(DataError, match="no membership sketch"):
        sealed(office)
    assert nothing_left(office)


def test_the_sealed_folder_lies_outside_the_package(office: Office) -> None:
    assert office.review() == 0
    assert office.approve() == 0
    with pytest.raises(DataError, match="lies in the package"):
        sealed(office, out=office.package / "sealed")
    assert nothing_left(office)


def test_one_recipient_and_no_zip_beside_a_key(office: Office, tmp_path: Path) -> None:
    assert office.review() == 0
    assert office.approve() == 0
    other = write_new_identity(tmp_path / "other.age")
    with pytest.raises(GateRefused, match="one recipient"):
        sealed(office, recipients=[office.recipient, other])
    with pytest.raises(GateRefused, match="leave --to out"):
        sealed(office, zip_passphrase=tmp_path / "passphrase")
    assert nothing_left(office)


def test_a_line_of_the_log_about_something_else_vouches_for_nothing(office: Office) -> None:
    ring = ring_of(office)
    line = AuditLog(ring).record("release.prepare", {"release": "another"})

    def change(said: dict[str, Any]) -> None:
        said["audit"] = {"number": line.number, "digest": line.digest}

    with pytest.raises((PackageBroken, AuditBroken)):
        restated(office, change)
        sealed(office)
    assert nothing_left(office)


def test_a_receipt_that_somebody_planted_finishes_nothing(office: Office) -> None:
    assert office.review() == 0
    assert office.approve() == 0
    sealed(office)
    receipt = next(office.sealed.glob("*.receipt.json"))
    next(office.sealed.glob("*.tar.age")).write_bytes(b"something else")
    with open_register(ring_of(office)) as register:
        (entry,) = register.all()
        assert entry.state is State.RELEASED
    assert receipt.exists()


def test_a_review_of_the_same_person_twice_is_one_person(office: Office) -> None:
    moment = datetime.now(UTC)
    sign_review(office.package, Review("review", "approve"), key_of(office, PREPARER), now=moment)
    sign_review(office.package, Review("approval", "approve"), key_of(office, PREPARER), now=moment)
    with pytest.raises(NotSignedFor, match="who prepared it cannot"):
        sealed(office)
    assert nothing_left(office)
