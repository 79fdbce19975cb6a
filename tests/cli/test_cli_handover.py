"""A package prepared by one person, reviewed and approved by others, sealed and accounted for."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from hsr_privacy.cli.main import run
from hsr_privacy.errors import ClockWentBack
from hsr_privacy.handover import State, approve, prepare, review, seal, status
from hsr_privacy.keys import KeyRing, SigningKey
from hsr_privacy.keys.recipients import open_sealed, write_new_identity
from hsr_privacy.packaging import read_package
from tests.desk import PASSPHRASE, Desk
from tests.packages import files_in
from tests.people import APPROVER, CASE, PREPARER, REVIEWER, STRANGER, Office, PreparedTwice


def state_of(office: Office, *, with_ring: bool = True) -> State:
    ring = KeyRing.open(office.desk.ring, PASSPHRASE) if with_ring else None
    return status(office.package, ring=ring).state


def entries(office: Office, capfd: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    capfd.readouterr()
    assert run(["register", "list", *office.with_ring, "--json"]) == 0
    found: list[dict[str, object]] = json.loads(capfd.readouterr().out)
    return found


def test_a_package_goes_from_hand_to_hand_and_leaves_sealed(
    office: Office, capfd: pytest.CaptureFixture[str]
) -> None:
    assert state_of(office) is State.PREPARED
    assert office.review() == 0
    assert state_of(office) is State.REVIEWED
    assert office.approve() == 0
    assert state_of(office) is State.APPROVED
    assert entries(office, capfd) == []
    assert office.seal() == 0
    assert state_of(office) is State.RELEASED
    (entry,) = entries(office, capfd)
    assert entry["case_number"] == CASE
    assert entry["state"] == "released"
    name = entry["id"]
    sealed, receipt = (office.sealed / f"{name}{end}" for end in (".tar.age", ".receipt.json"))
    assert sorted(office.sealed.iterdir()) == sorted([sealed, receipt])
    got = office.desk.folder / "got"
    content = BytesIO(open_sealed(sealed.read_bytes(), office.identity))
    with tarfile.open(fileobj=content) as opened:
        opened.extractall(got, filter="data")
    check = ["sha512sum", "--check", "--quiet", "manifest-sha512.txt"]
    assert subprocess.run(check, cwd=got / str(name), check=False).returncode == 0
    keys = [f"--public-key={office.public_key_of(person)}" for person in (PREPARER, APPROVER)]
    assert run(["verify", str(got / str(name)), *keys]) == 0
    assert run(["verify", str(sealed), "--receipt", str(receipt)]) == 0
    assert (
        run(["audit", "verify", str(office.desk.ring), *office.word, "--against", str(receipt)])
        == 0
    )


def test_the_same_inputs_give_the_same_bytes(
    office_and_before: PreparedTwice, tmp_path: Path
) -> None:
    first = office_and_before.office.package
    shutil.copytree(office_and_before.before, tmp_path / "office")
    again = Office(Desk(tmp_path / "office"))
    moment = read_package(first).predicate["prepared"]
    prepare(
        again.desk.project,
        source=again.desk.deliveries,
        ring=KeyRing.open(again.desk.ring, PASSPHRASE),
        key=SigningKey.open(again.key_of(PREPARER), PASSPHRASE),
        out=again.package,
        now=dt.datetime.fromisoformat(moment),
    )
    assert files_in(again.package) == files_in(first)


def test_who_prepared_it_can_neither_review_nor_approve_it(office: Office) -> None:
    assert office.review(PREPARER) == 28
    assert office.review() == 0
    assert office.approve(PREPARER) == 28
    assert state_of(office) is State.REVIEWED


def test_nothing_is_approved_that_nobody_else_has_reviewed(office: Office) -> None:
    assert office.approve() == 28
    assert office.seal() == 28
    assert not office.sealed.exists()


def test_the_approver_may_be_the_reviewer_in_a_house_of_two(office: Office) -> None:
    assert office.review(APPROVER) == 0
    assert office.approve(APPROVER) == 0
    assert office.seal() == 0


def test_who_asks_for_changes_is_heard_until_they_vouch_for_it(office: Office) -> None:
    assert office.review(REVIEWER, "request-changes", "--comment", "Too fine.") == 0
    assert office.review(APPROVER) == 0
    assert office.approve() == 28
    assert office.review(REVIEWER) == 0
    assert office.approve() == 0


def test_a_signature_that_the_ring_does_not_trust_does_not_count(
    office: Office, capfd: pytest.CaptureFixture[str]
) -> None:
    assert office.review(STRANGER) == 0
    assert office.approve() == 0
    assert office.seal() == 28
    assert "not trusted" in capfd.readouterr().err
    assert state_of(office) is State.PREPARED
    assert state_of(office, with_ring=False) is State.APPROVED


@pytest.mark.parametrize("name", ["data/extract.csv", "report.html", "manifest.json", "risk.json"])
def test_a_changed_file_makes_every_review_void(office: Office, name: str) -> None:
    assert office.review() == 0
    assert office.approve() == 0
    path = office.package / name
    content = path.read_bytes()
    path.write_bytes(content + b"\n")
    assert state_of(office) is State.DRAFT
    assert office.seal() == 27
    path.write_bytes(content)
    assert state_of(office) is State.APPROVED


def test_nobody_reviews_or_approves_what_was_changed(office: Office) -> None:
    (office.package / "codebook.html").write_text("another")
    assert office.review() == 27
    assert office.approve() == 27


def test_a_review_that_is_swapped_after_the_approval_voids_it(office: Office) -> None:
    assert office.review() == 0
    before = next((office.package / "signatures").glob("review-*.json"))
    kept = before.read_bytes()
    assert office.review(REVIEWER, "approve", "--comment", "On second thoughts.") == 0
    assert office.approve() == 0
    before.write_bytes(kept)
    assert office.seal() == 28


def test_the_wrong_recipient_is_refused(office: Office, tmp_path: Path) -> None:
    assert office.review() == 0
    assert office.approve() == 0
    assert office.seal("--to", "age1nobody") == 13
    assert not office.sealed.exists()
    assert state_of(office) is State.APPROVED
    other = write_new_identity(tmp_path / "other.age")
    assert office.seal("--to", other) == 0
    sealed = next(office.sealed.glob("*.tar.age"))
    out = str(tmp_path / "opened.tar")
    named = ["--identity", str(office.identity), "--out", out]
    assert run(["keys", "open", str(sealed), *named]) == 15


def test_what_was_released_is_not_released_again(office: Office) -> None:
    assert office.review() == 0
    assert office.approve() == 0
    assert office.seal() == 0
    assert office.seal() == 31  # the folder is taken
    shutil.rmtree(office.sealed)
    assert office.seal() == 21
    assert not office.sealed.exists()


def test_an_approval_that_has_run_out_opens_no_gate(office: Office) -> None:
    assert office.review() == 0
    assert office.approve() == 0
    ring = KeyRing.open(office.desk.ring, PASSPHRASE)
    late = dt.datetime(2037, 1, 4, 12, tzinfo=dt.UTC)
    with pytest.raises(Exception, match="not in force today") as refused:
        seal(office.package, ring=ring, recipients=[office.recipient], out=office.sealed, now=late)
    assert getattr(refused.value, "exit_code", None) == 21


def test_a_clock_that_runs_backwards_is_told(office: Office) -> None:
    key = SigningKey.open(office.key_of(REVIEWER), PASSPHRASE)
    early = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    with pytest.raises(ClockWentBack):
        review(office.package, key=key, decision="approve", now=early)
    with pytest.raises(ClockWentBack):
        approve(office.package, key=key, now=early)


def test_a_signature_from_the_future_does_not_count(office: Office) -> None:
    key = SigningKey.open(office.key_of(REVIEWER), PASSPHRASE)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=2)
    review(office.package, key=key, decision="approve", now=later)
    assert state_of(office) is State.PREPARED


def test_a_package_of_another_register_is_not_sealed(office: Office, tmp_path: Path) -> None:
    assert office.review() == 0
    assert office.approve() == 0
    log = office.desk.ring.with_name(office.desk.ring.name + ".audit.jsonl")
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:-1]))  # cut off before the package was prepared
    assert office.seal() == 17
    assert not office.sealed.exists()


def test_an_approval_of_another_package_is_none(office: Office, tmp_path: Path) -> None:
    assert office.review() == 0
    signatures = tmp_path / "signatures"
    shutil.copytree(office.package / "signatures", signatures)
    shutil.rmtree(office.package)
    shutil.rmtree(office.desk.ring.with_name(office.desk.ring.name + ".store"), ignore_errors=False)
    office.desk.change("k: 5", "k: 6")
    assert office.prepare() == 0
    for one in signatures.glob("review-*.json"):
        shutil.copy(one, office.package / "signatures")
    assert state_of(office) is State.PREPARED
    assert office.approve() == 28


def test_a_release_can_be_withdrawn_and_its_deletion_confirmed(
    office: Office, capfd: pytest.CaptureFixture[str]
) -> None:
    assert office.review() == 0
    assert office.approve() == 0
    assert office.seal() == 0
    (entry,) = entries(office, capfd)
    name = str(entry["id"])
    assert run(["release", "withdraw", name, *office.with_ring, "--reason", "Wrong cohort."]) == 0
    assert state_of(office) is State.WITHDRAWN
    assert run(["release", "withdraw", name, *office.with_ring, "--reason", "Again."]) == 19


def test_a_zip_is_the_fallback_for_a_recipient_without_age(office: Office, tmp_path: Path) -> None:
    assert office.review() == 0
    assert office.approve() == 0
    word = tmp_path / "private"
    word.mkdir(mode=0o700)
    assert office.seal("--zip-passphrase", str(word / "passphrase")) == 0
    assert (word / "passphrase").stat().st_mode & 0o077 == 0
    assert list(office.sealed.glob("*.zip"))


def test_the_status_says_what_is_missing(office: Office, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["release", "status", str(office.package), "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert told["state"] == "prepared"
    assert any("another person must review it" in text for text in told["missing"])
