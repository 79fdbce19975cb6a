"""Verification finds what was done to a package, names it, and says whose signature is missing."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from hsr_privacy.errors import KeyRingError, KeyRingLocked, NotSignedFor, PackageBroken
from hsr_privacy.keys import Secret
from hsr_privacy.keys.recipients import seal_to, write_new_identity
from hsr_privacy.packaging import (
    Review,
    read_package,
    seal,
    seal_zip,
    sign_release,
    sign_review,
    verify_package,
    write_statement,
    write_tag_manifest,
)
from tests.packages import (
    ALONE,
    AUDIT,
    FACTS,
    FILES,
    NOW,
    PREDICATE,
    People,
    approved,
    copy_of,
    prepared,
)

BASICS = ("release.json", "signatures/producer.json", "tagmanifest-sha512.txt")


def faults(folder: Path, **given: Any) -> dict[str, str]:
    return {one.file: one.problem for one in verify_package(folder, **given).faults}


def test_a_package_as_it_was_signed_holds(original: Path, people: People) -> None:
    found = verify_package(original)
    assert (found.holds, found.faults, found.unsigned) == (True, (), ())
    assert (found.kind, found.is_opened, found.release, found.files) == (
        "folder",
        True,
        "test-2026-1",
        12,
    )
    assert found.bytes == sum(path.stat().st_size for path in original.rglob("*") if path.is_file())
    found.require()
    assert verify_package(original, keys=people.told).holds


# What was done, and what is told of it; one fault for one problem.


def changed(folder: Path) -> dict[str, str]:
    (folder / "data/extract.csv").write_text("alder;kjonn\n40-49;2\n*;2\n")
    return {"data/extract.csv": "it is changed"}


def truncated(folder: Path) -> dict[str, str]:
    path = folder / "data/extract.csv"
    path.write_bytes(path.read_bytes()[:-1])
    return {"data/extract.csv": "it is changed"}


def emptied(folder: Path) -> dict[str, str]:
    (folder / "report.html").write_bytes(b"")
    return {"report.html": "it is changed"}


def removed(folder: Path) -> dict[str, str]:
    (folder / "report.html").unlink()
    return {"report.html": "it is missing"}


def added(folder: Path) -> dict[str, str]:
    (folder / "data/more.csv").write_text("x")
    return {"data/more.csv": "it was added"}


def renamed(folder: Path) -> dict[str, str]:
    (folder / "report.html").rename(folder / "Report.html")
    return {"report.html": "it is missing", "Report.html": "it was added"}


def swapped(folder: Path) -> dict[str, str]:
    one, two = folder / "data/extract.csv", folder / "data/datapackage.json"
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    return {"data/extract.csv": "it is changed", "data/datapackage.json": "it is changed"}


def symlinked(folder: Path) -> dict[str, str]:
    elsewhere = folder.parent / "elsewhere.html"
    (folder / "report.html").rename(elsewhere)
    (folder / "report.html").symlink_to(elsewhere)
    return {"report.html": "it is missing|it is a link"}


def folder_symlinked(folder: Path) -> dict[str, str]:
    (folder / "data").rename(folder.parent / "data")
    (folder / "data").symlink_to(folder.parent / "data")
    return {
        "data": "it is a link",
        "data/extract.csv": "it is missing",
        "data/datapackage.json": "it is missing",
    }


def hidden(folder: Path) -> dict[str, str]:
    (folder / "data/.DS_Store").write_text("x")
    return {"data/.DS_Store": "it is no part of a package"}


def with_an_empty_folder(folder: Path) -> dict[str, str]:
    (folder / "data/empty").mkdir()
    return {"data/empty": "the folder is empty"}


def other_line_ends(folder: Path) -> dict[str, str]:
    path = folder / "manifest-sha512.txt"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    return {"manifest-sha512.txt": "it is changed"}


def other_line_ends_in_the_tag_manifest(folder: Path) -> dict[str, str]:
    path = folder / "tagmanifest-sha512.txt"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    return {"tagmanifest-sha512.txt": "it is not what release.json gives"}


def without_tag_manifest(folder: Path) -> dict[str, str]:
    (folder / "tagmanifest-sha512.txt").unlink()
    return {"tagmanifest-sha512.txt": "it is not what release.json gives"}


def without_declaration(folder: Path) -> dict[str, str]:
    (folder / "bagit.txt").unlink()
    return {"bagit.txt": "it is missing"}


def without_statement(folder: Path) -> dict[str, str]:
    (folder / "release.json").unlink()
    return {"release.json": "it is missing, so this is no package"}


def with_a_spaced_statement(folder: Path) -> dict[str, str]:
    path = folder / "release.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()), indent=2))
    return {"release.json": "it is not written as this toolkit writes statements"}


def with_a_duplicate_key(folder: Path) -> dict[str, str]:
    path = folder / "release.json"
    path.write_bytes(path.read_bytes().replace(b'"day":', b'"day":"2026-03-02","day":'))
    return {"release.json": "it is not written as this toolkit writes statements"}


def with_another_title(folder: Path) -> dict[str, str]:
    path = folder / "release.json"
    path.write_bytes(path.read_bytes().replace(b'"rows":2', b'"rows":3'))
    return {
        "tagmanifest-sha512.txt": "it is not what release.json gives",
        "signatures/producer.json": "it signs another release.json",
        "signatures/approval.json": "it is about another release.json",
        **dict.fromkeys(reviews_in(folder), "it is about another release.json"),
    }


def with_true_for_one(folder: Path) -> dict[str, str]:
    """In Python, 1 == True; as bytes they differ."""
    path = folder / "release.json"
    path.write_bytes(path.read_bytes().replace(b'"pilot":1', b'"pilot":true'))
    return with_another_title(folder)


def without_review(folder: Path) -> dict[str, str]:
    (folder / reviews_in(folder)[0]).unlink()
    return {"signatures/approval.json": "a review that it rests on is missing"}


def with_a_spaced_signature(folder: Path) -> dict[str, str]:
    path = folder / "signatures/approval.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()), indent=2))
    return {"signatures/approval.json": "it is not written as this toolkit writes signatures"}


def with_swapped_signatures(folder: Path) -> dict[str, str]:
    one, two = folder / "signatures/approval.json", folder / reviews_in(folder)[0]
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    text = "it lies under the name of another signature"
    return {"signatures/approval.json": text, reviews_in(folder)[0]: text}


def with_the_approval_as_producer(folder: Path) -> dict[str, str]:
    shutil.copy(folder / "signatures/approval.json", folder / "signatures/producer.json")
    return {"signatures/producer.json": "it is a statement of another kind"}


def with_a_strange_signature(folder: Path) -> dict[str, str]:
    shutil.copy(folder / "signatures/approval.json", folder / "signatures/approval2.json")
    return {"signatures/approval2.json": "it is no signature of a package, by its name"}


def with_text_changed_in_a_signature(folder: Path) -> dict[str, str]:
    path = folder / reviews_in(folder)[0]
    fields = json.loads(path.read_bytes())
    payload = base64.b64decode(fields["payload"]).replace(b"i orden", b"i urden")
    fields["payload"] = base64.b64encode(payload).decode()
    path.write_bytes(rfc8785.dumps(fields))
    return {
        reviews_in(folder)[0]: "the signature does not hold",
        "signatures/approval.json": "a review that it rests on is missing",
    }


def reviews_in(folder: Path) -> list[str]:
    return [f"signatures/{one.name}" for one in sorted((folder / "signatures").glob("review-*"))]


@pytest.mark.parametrize(
    "tamper",
    [
        changed,
        truncated,
        emptied,
        removed,
        added,
        renamed,
        swapped,
        symlinked,
        folder_symlinked,
        hidden,
        with_an_empty_folder,
        other_line_ends,
        other_line_ends_in_the_tag_manifest,
        without_tag_manifest,
        without_declaration,
        without_statement,
        with_a_spaced_statement,
        with_a_duplicate_key,
        with_another_title,
        without_review,
        with_a_spaced_signature,
        with_swapped_signatures,
        with_the_approval_as_producer,
        with_a_strange_signature,
        with_text_changed_in_a_signature,
    ],
)
def test_what_was_done_to_a_package_is_found_and_named(
    package: Path, tamper: Callable[[Path], dict[str, str]]
) -> None:
    expected = tamper(package)
    found = verify_package(package)
    told = {one.file: one.problem for one in found.faults}
    assert told.keys() == expected.keys()
    for name, text in expected.items():
        assert any(told[name].startswith(part) for part in text.split("|")), told[name]
    with pytest.raises(PackageBroken) as refused:
        found.require()
    assert set(refused.value.faults) >= set(found.faults)
    assert "40-49" not in str(refused.value)


def test_a_statement_that_python_takes_for_the_same_is_another(
    tmp_path: Path, people: People
) -> None:
    folder = approved(tmp_path / "p", people, predicate={**PREDICATE, "pilot": 1})
    assert verify_package(folder).holds
    with_true_for_one(folder)
    told = faults(folder)
    assert told["signatures/producer.json"].startswith("it signs another release.json")


def test_signatures_of_another_package_are_not_this_ones(
    package: Path, tmp_path: Path, people: People
) -> None:
    other = approved(tmp_path / "other", people, predicate={**PREDICATE, "id": "test-2026-2"})
    shutil.rmtree(package / "signatures")
    shutil.copytree(other / "signatures", package / "signatures")
    told = faults(package)
    assert told.pop("signatures/producer.json").startswith("it signs another release.json")
    assert told.keys() == {"signatures/approval.json", *reviews_in(package)}
    assert all(one.startswith("it is about another release.json") for one in told.values())


def test_a_review_of_an_older_statement_is_void_and_said_so(package: Path, people: People) -> None:
    (package / "report.html").write_text("<p>better</p>")
    for name in BASICS:
        (package / name).unlink()
    write_statement(package, predicate=PREDICATE)
    sign_release(package, people.producer)
    write_tag_manifest(package)
    found = verify_package(package)
    assert {one.file for one in found.faults} == {"signatures/approval.json", *reviews_in(package)}
    assert (found.reviews, found.approval) == ((), None)


def test_a_package_signed_anew_by_a_stranger_is_found_when_keys_are_given(
    package: Path, people: People
) -> None:
    """Without keys it cannot be: the stranger's package is as the stranger signed it."""
    (package / "data/extract.csv").write_text("forged")
    shutil.rmtree(package / "signatures")
    for name in ("bagit.txt", "bag-info.txt", "manifest-sha512.txt", *BASICS):
        (package / name).unlink(missing_ok=True)
    prepared(package, people.stranger, files={})
    sign_review(package, Review("review", "approve"), people.approver, now=NOW)
    sign_review(package, Review("approval", "approve"), people.reviewer, now=NOW)
    assert verify_package(package).holds
    found = verify_package(package, keys=people.told)
    assert found.faults == ()
    assert {one.file for one in found.unsigned} == {"signatures/producer.json", str(package)}
    with pytest.raises(NotSignedFor, match="none of the keys you gave"):
        found.require()


def test_who_was_asked_for_must_have_signed(original: Path, people: People) -> None:
    stranger = people.stranger.public_key
    found = verify_package(original, keys=[*people.told, stranger])
    with pytest.raises(NotSignedFor, match="whose key you gave, has not signed it"):
        found.require()
    assert verify_package(original, trusted=[*people.told, stranger]).holds
    assert not verify_package(original, trusted=[stranger]).holds
    # A reviewer is vouched for by the approval, which names the review.
    assert verify_package(original, keys=[people.told[0], people.told[2]]).holds
    with pytest.raises(KeyRingError):
        verify_package(original, keys=["ssh-ed25519 AAAA"])


def test_a_package_that_nobody_has_approved_is_not_signed_for(
    tmp_path: Path, people: People
) -> None:
    folder = prepared(tmp_path / "p", people.producer)
    found = verify_package(folder)
    assert found.faults == ()
    with pytest.raises(NotSignedFor, match="nobody has approved this package"):
        found.require()


def test_a_package_without_its_producers_signature_is_not_signed_for(package: Path) -> None:
    (package / "signatures/producer.json").unlink()
    found = verify_package(package)
    assert (found.faults, [one.file for one in found.unsigned]) == (
        (),
        ["signatures/producer.json"],
    )
    (package / "signatures/approval.json").unlink()
    assert len(verify_package(package).unsigned) == 2


def test_the_producer_does_not_approve_unless_the_release_says_one_person(
    tmp_path: Path, people: People
) -> None:
    approval = Review("approval", "approve")
    folder = prepared(tmp_path / "p", people.producer)
    sign_review(folder, approval, people.producer, now=NOW)
    with pytest.raises(NotSignedFor, match="the same person produced and approved it"):
        verify_package(folder).require()
    alone = prepared(tmp_path / "q", people.producer, predicate={**PREDICATE, **ALONE})
    assert verify_package(alone).holds
    sign_review(alone, approval, people.producer, now=NOW)
    found = verify_package(alone)
    assert (found.holds, found.is_one_person) == (True, True)


def test_a_review_that_comes_after_the_approval_is_found(
    package: Path, people: People, tmp_path: Path
) -> None:
    approval = package / "signatures/approval.json"
    approval.rename(tmp_path / "kept")
    asks = Review("review", "request-changes", "Nei.")
    late = sign_review(package, asks, people.stranger, now=NOW)
    sign_review(package, asks, people.reviewer, now=NOW + timedelta(hours=1))
    (tmp_path / "kept").rename(approval)
    told = faults(package)
    assert told.pop(f"signatures/{late.name}").startswith("it came after the approval")
    (changed_review,) = told.values()
    assert changed_review.startswith("it changed after the approval")


@pytest.mark.parametrize(
    "manifest",
    [{}, {"audit": {**AUDIT, "number": 6}}, {"audit": {**AUDIT, "digest": "ba" * 64}}, []],
)
def test_the_audit_line_of_the_manifest_is_that_of_the_statement(
    tmp_path: Path, people: People, manifest: Any
) -> None:
    files = {**FILES, "manifest.json": json.dumps(manifest)}
    told = faults(approved(tmp_path / "p", people, files=files))
    assert told.keys() == {"manifest.json"}
    assert "another line of the audit log" in told["manifest.json"]


def test_a_package_without_audit_line_names_none(tmp_path: Path, people: People) -> None:
    without = {name: value for name, value in PREDICATE.items() if name != "audit"}
    files = {name: text for name, text in FILES.items() if name != "manifest.json"}
    assert verify_package(approved(tmp_path / "p", people, files=files, predicate=without)).holds
    told = faults(approved(tmp_path / "q", people, predicate=without))
    assert told.keys() == {"manifest.json"}


def test_a_bag_that_counts_other_files_is_found(tmp_path: Path, people: People) -> None:
    folder = prepared(tmp_path / "p", people.producer)
    info = folder / "bag-info.txt"
    info.write_text(info.read_text().replace("Payload-Oxum: ", "Payload-Oxum: 1"))
    for name in BASICS:
        (folder / name).unlink()
    write_statement(folder, predicate=PREDICATE)
    sign_release(folder, people.producer)
    write_tag_manifest(folder)
    assert faults(folder) == {
        "bag-info.txt": "it counts other files than there are; ask for the package again"
    }


# Sealed files.


def test_a_sealed_package_is_as_its_receipt_says_without_being_opened(
    sealed: Path, people: People
) -> None:
    found = verify_package(sealed, keys=[people.told[0], people.told[2]])
    assert (found.holds, found.is_opened, found.kind) == (True, False, "age")
    assert found.release == "test-2026-1"
    assert not verify_package(sealed, keys=[people.stranger.public_key]).holds


def test_the_recipient_looks_into_it(sealed: Path, people: People, original: Path) -> None:
    found = verify_package(sealed, identity=people.identity, keys=people.told)
    assert (found.holds, found.is_opened, found.files) == (True, True, 12)
    assert found.producer == read_package(original).producer
    alone = sealed.with_name("alone.tar.age")
    shutil.copy(sealed, alone)
    assert verify_package(alone, identity=people.identity).holds
    with pytest.raises(PackageBroken, match="there is no receipt"):
        verify_package(alone)
    assert verify_package(alone, receipt=sealed.with_name("test-2026-1.receipt.json")).holds


def test_a_package_for_somebody_else_is_said_to_be_that(sealed: Path, tmp_path: Path) -> None:
    write_new_identity(tmp_path / "mine")
    with pytest.raises(KeyRingLocked, match="as its receipt says, and was sealed to somebody else"):
        verify_package(sealed, identity=tmp_path / "mine")


def test_a_truncated_file_is_found_with_and_without_its_receipt(
    sealed: Path, tmp_path: Path, people: People
) -> None:
    for length in (0, 10, 200, 5000, sealed.stat().st_size - 1):
        short = tmp_path / f"{length}.tar.age"
        short.write_bytes(sealed.read_bytes()[:length])
        with pytest.raises(KeyRingLocked, match="it is damaged, or was sealed to somebody else"):
            verify_package(short, identity=people.identity)
        receipt = sealed.with_name("test-2026-1.receipt.json")
        assert faults(short, receipt=receipt, identity=people.identity) == {
            short.name: "it is not what the receipt was given for; ask for both again"
        }


def test_a_receipt_of_another_package_is_not_this_ones(
    sealed: Path, tmp_path: Path, people: People
) -> None:
    other = approved(tmp_path / "other", people, predicate={**PREDICATE, "id": "test-2026-2"})
    given: dict[str, Any] = {"receipt": FACTS, "signer": people.producer, "name": "other"}
    out = seal(read_package(other), tmp_path / "out", recipients=[people.recipient], **given)
    assert faults(sealed, receipt=out.receipt).keys() == {sealed.name}
    assert faults(out.file, receipt=sealed.with_name("test-2026-1.receipt.json"))


def test_a_receipt_that_is_none_is_refused(sealed: Path, original: Path, tmp_path: Path) -> None:
    for wrong in (original / "signatures/approval.json", original / "report.html", tmp_path):
        with pytest.raises(PackageBroken, match="receipt"):
            verify_package(sealed, receipt=wrong)


def test_the_receipt_names_who_signed_what_was_sealed(
    sealed: Path, original: Path, tmp_path: Path, people: People
) -> None:
    """A receipt over the same files, with an approval that is not among them."""
    folder = copy_of(original, tmp_path / "p")
    (folder / "signatures/approval.json").unlink()
    sign_review(folder, Review("approval", "approve"), people.stranger, now=NOW)
    given: dict[str, Any] = {"receipt": FACTS, "signer": people.producer, "name": "p"}
    out = seal(read_package(folder), tmp_path / "out", recipients=[people.recipient], **given)
    forged = tmp_path / "forged.tar.age"
    forged.write_bytes(sealed.read_bytes())
    assert faults(forged, receipt=out.receipt).keys() == {"forged.tar.age"}
    found = verify_package(out.file, identity=people.identity, keys=people.told)
    assert {one.file for one in found.unsigned} == {"signatures/approval.json", str(out.file)}


@pytest.mark.parametrize("content", [b"", b"no tar", b"\0" * 10_240])
def test_what_was_sealed_and_is_no_package_is_said_to_be_none(
    tmp_path: Path, people: People, content: bytes
) -> None:
    path = tmp_path / "x.tar.age"
    path.write_bytes(seal_to([people.recipient], content))
    with pytest.raises(PackageBroken, match="what was sealed is no package"):
        verify_package(path, identity=people.identity)


def test_a_zip_is_verified_with_its_receipt_and_its_passphrase(
    original: Path, tmp_path: Path, people: People
) -> None:
    word = tmp_path / "word"
    given: dict[str, Any] = {"receipt": FACTS, "signer": people.approver, "name": "z"}
    sealed = seal_zip(read_package(original), tmp_path / "out", passphrase_file=word, **given)
    assert verify_package(sealed.file, keys=people.told[1:]).unsigned
    assert verify_package(sealed.file, keys=[people.told[0], people.told[2]]).holds
    passphrase = Secret.of_text(word.read_text().strip())
    found = verify_package(sealed.file, passphrase=passphrase, keys=people.told)
    assert (found.holds, found.kind, found.is_opened) == (True, "zip", True)
    with pytest.raises(KeyRingLocked, match="not the passphrase"):
        verify_package(sealed.file, passphrase=Secret.of_text("another passphrase"))
    sealed.file.write_bytes(sealed.file.read_bytes()[:-30])
    assert faults(sealed.file).keys() == {"z.zip"}
    with pytest.raises(PackageBroken):
        verify_package(sealed.file, receipt=tmp_path / "none")


def test_what_is_no_package_at_all_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a;b\n")
    for path in (tmp_path / "t.csv", tmp_path / "none"):
        with pytest.raises(PackageBroken, match="is no package"):
            verify_package(path)


def test_machines_are_told_the_same(original: Path, sealed: Path, people: People) -> None:
    told = verify_package(sealed, identity=people.identity, keys=people.told).to_json()
    assert json.loads(json.dumps(told)) == told
    assert (told["holds"], told["opened"], told["faults"], told["unsigned"]) == (True, True, [], [])
    assert told["producer"]["given"] is True
    assert told["approval"]["accepts"][0]["finding"] == "R-small-cells"
    assert told["receipt"]["deletion_date"] == "2031-12-31"
    assert verify_package(original).to_json()["producer"]["given"] is None
