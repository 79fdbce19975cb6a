"""Who must have signed, by the signatures of an opened package and by the receipt of a sealed one."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import Any

import pytest
import pyzipper

from hsr_privacy.errors import NotSignedFor
from hsr_privacy.folders import sha512_of
from hsr_privacy.keys import Secret, SigningKey
from hsr_privacy.keys.recipients import open_sealed, seal_to
from hsr_privacy.keys.signing import fingerprint
from hsr_privacy.packaging import (
    Package,
    Review,
    read_package,
    seal,
    seal_zip,
    sign_review,
    verify_package,
)
from hsr_privacy.packaging.receipt import receipt_statement
from hsr_privacy.packaging.statement import PAYLOAD_TYPE
from tests.packages import ALONE, FACTS, NOW, PREDICATE, People, approved, prepared

APPROVAL = Review("approval", "approve")
APPLICATION = {"deletion_date": "2031-12-31", "case_number": "2026/1", "environment": "production"}


def told(path: Path, **given: Any) -> list[str]:
    """Problems that are said of who signed, while nothing is said of the files."""
    found = verify_package(path, **given)
    assert found.faults == ()
    return [one.problem for one in found.unsigned]


def closed(package: Package, folder: Path, people: People, **changes: Any) -> Path:
    given = {"name": "p", "receipt": FACTS, "signer": people.producer, **changes}
    return seal(package, folder / "out", recipients=[people.recipient], **given).file


def receipt_beside(
    sealed: Path, package: Package, signer: SigningKey, approver: str | None, **facts: str
) -> None:
    """A receipt as `seal` would not give it, well signed."""
    assert package.producer is not None
    statement = receipt_statement(
        release=package.release_id,
        sealed=(sealed.name, sha512_of(sealed)),
        statement=package.digest,
        manifest=package.digests["manifest-sha512.txt"],
        sealed_with="age",
        recipients=(),
        signers=(package.producer.keyid, approver),
        facts={**FACTS, **facts},
    )
    name = sealed.name.removesuffix(".tar.age")
    envelope = signer.sign_envelope(PAYLOAD_TYPE, statement.to_bytes())
    sealed.with_name(f"{name}.receipt.json").write_text(envelope)


@pytest.mark.parametrize("application", [{}, {"environment": "production"}, "test"])
def test_one_person_alone_makes_test_data_only(
    tmp_path: Path, people: People, application: Any
) -> None:
    said = {**PREDICATE, **ALONE}
    assert told(prepared(tmp_path / "p", people.producer, predicate=said)) == []
    real = {**said, "application": application}
    folder = prepared(tmp_path / "q", people.producer, predicate=real)
    assert told(folder) == ["it says that one person did everything; only with test data"]
    with pytest.raises(NotSignedFor):
        verify_package(folder).require()


def test_an_approval_rests_on_a_review_by_somebody_else_than_who_produced_it(
    tmp_path: Path, people: People
) -> None:
    problem = "nobody but who produced it has reviewed it; somebody else must"
    bare = prepared(tmp_path / "bare", people.producer)
    sign_review(bare, APPROVAL, people.approver, now=NOW)
    assert told(bare) == [problem]
    own = prepared(tmp_path / "own", people.producer)
    sign_review(own, Review("review", "approve"), people.producer, now=NOW)
    sign_review(own, APPROVAL, people.approver, now=NOW)
    assert told(own) == [problem]


@pytest.mark.parametrize("extra", [{}, ALONE])
def test_a_review_that_asks_for_changes_stands_in_the_way(
    tmp_path: Path, people: People, extra: dict[str, Any]
) -> None:
    folder = prepared(tmp_path / "p", people.producer, predicate={**PREDICATE, **extra})
    sign_review(folder, Review("review", "approve"), people.reviewer, now=NOW)
    sign_review(folder, Review("review", "request-changes", "Nei."), people.stranger, now=NOW)
    sign_review(folder, APPROVAL, people.approver, now=NOW)
    assert told(folder) == ["it asks for changes; do not use the package before"]


@pytest.mark.parametrize("environment", ["production", None, "test"])
@pytest.mark.parametrize("is_own", [True, False])
def test_a_sealed_file_is_approved_by_somebody_else_says_its_receipt(
    sealed: Path,
    original: Path,
    tmp_path: Path,
    people: People,
    environment: str | None,
    is_own: bool,
) -> None:
    package = read_package(original)
    assert package.producer is not None
    copy = tmp_path / "p.tar.age"
    copy.write_bytes(sealed.read_bytes())
    facts = {} if environment is None else {"environment": environment}
    approver = package.producer.keyid if is_own else None
    receipt_beside(copy, package, people.producer, approver, **facts)
    found = told(copy)
    if environment == "test":
        assert found == []
    else:
        (problem,) = found
        assert ("same person" if is_own else "nobody has approved") in problem


def test_who_a_receipt_names_is_among_the_keys_that_were_given(
    sealed: Path, people: People
) -> None:
    """Whoever sealed it is known, and says that strangers produced and approved it."""
    producer, _, approver = people.told
    known = {"trusted": [producer]}
    (problem,) = told(sealed, **known)
    assert problem.startswith("approved by ")
    assert "none of the keys you gave" in problem
    assert told(sealed, trusted=[producer, approver]) == []


def test_a_stranger_as_producer_in_a_receipt_is_found(
    original: Path, sealed: Path, tmp_path: Path, people: People
) -> None:
    copy = tmp_path / "p.tar.age"
    copy.write_bytes(sealed.read_bytes())
    by = fingerprint(people.approver.public_key)
    receipt_beside(copy, read_package(original), people.approver, by)
    (problem,) = told(copy, trusted=[people.approver.public_key])
    assert problem.startswith("produced by ")


def test_who_sealed_an_opened_file_is_among_the_keys_that_were_given(
    original: Path, tmp_path: Path, people: People
) -> None:
    file = closed(read_package(original), tmp_path, people, signer=people.stranger)
    (problem,) = told(file, identity=people.identity, trusted=people.told)
    assert problem.startswith("signed by ")
    assert told(file, identity=people.identity) == []


@pytest.mark.parametrize(
    ("name", "other"),
    [("deletion_date", "2039-12-31"), ("case_number", "2026/2"), ("environment", "test")],
)
def test_a_receipt_says_what_the_application_in_the_package_says(
    tmp_path: Path, people: People, name: str, other: str
) -> None:
    predicate = {**PREDICATE, "application": APPLICATION}
    package = read_package(approved(tmp_path / "p", people, predicate=predicate))
    file = closed(package, tmp_path, people, receipt={**FACTS, **APPLICATION})
    assert told(file, identity=people.identity, keys=people.told) == []
    assert package.approval is not None
    facts = {**APPLICATION, name: other}
    receipt_beside(file, package, people.producer, package.approval.keyid, **facts)
    found = verify_package(file, identity=people.identity, keys=people.told)
    (fault,) = found.faults
    assert (fault.file, fault.problem) == (
        "p.receipt.json",
        f"it says another {name} than release.json; ask the registry",
    )


def entry(name: str, kind: bytes) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, "/etc/passwd"
    return info


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../../x", tarfile.DIRTYPE),
        ("/tmp/x", tarfile.DIRTYPE),
        ("test-2026-1/data", tarfile.DIRTYPE),
        ("test-2026-1/x", tarfile.SYMTYPE),
        ("test-2026-1/x", tarfile.LNKTYPE),
        ("test-2026-1/x", tarfile.FIFOTYPE),
        ("test-2026-1/x", tarfile.CHRTYPE),
        ("test-2026-1/x", tarfile.CONTTYPE),
    ],
)
def test_whatever_is_no_plain_file_in_a_tar_is_a_fault(
    sealed: Path, tmp_path: Path, people: People, name: str, kind: bytes
) -> None:
    tar = io.BytesIO(open_sealed(sealed.read_bytes(), people.identity))
    with tarfile.open(fileobj=tar, mode="a:") as opened:
        opened.addfile(entry(name, kind))
    path = tmp_path / "x.tar.age"
    path.write_bytes(seal_to([people.recipient], tar.getvalue()))
    (fault,) = verify_package(path, identity=people.identity).faults
    assert (fault.file, fault.problem) == (
        name,
        "it is no regular file; ask for the package again",
    )


def test_nothing_lies_behind_the_end_of_a_tar(sealed: Path, tmp_path: Path, people: People) -> None:
    tar = open_sealed(sealed.read_bytes(), people.identity)
    path = tmp_path / "x.tar.age"
    path.write_bytes(seal_to([people.recipient], tar + tar))
    (fault,) = verify_package(path, identity=people.identity).faults
    assert fault.problem.startswith("something lies behind its end")


@pytest.mark.parametrize(("name", "mode"), [("../../x/", 0o40755), ("test-2026-1/x", 0o120777)])
def test_whatever_is_no_plain_file_in_a_zip_is_a_fault(
    original: Path, tmp_path: Path, people: People, name: str, mode: int
) -> None:
    word = tmp_path / "word"
    given: dict[str, Any] = {"name": "z", "receipt": FACTS, "signer": people.producer}
    out = seal_zip(read_package(original), tmp_path / "out", passphrase_file=word, **given)
    passphrase = Secret.of_text(word.read_text().strip())
    with pyzipper.AESZipFile(out.file, "a", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(passphrase.unsafe_bytes())
        info = archive.zipinfo_cls(name)
        info.external_attr = mode << 16
        archive.writestr(info, b"" if name.endswith("/") else b"/etc/passwd")
    out.receipt.unlink()
    found = verify_package(out.file, passphrase=passphrase).faults
    assert [(one.file, one.problem) for one in found] == [
        (name, "it is no regular file; ask for the package again")
    ]
