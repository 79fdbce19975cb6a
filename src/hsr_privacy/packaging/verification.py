"""Verification: whether a package is what was signed, and by whom, from public keys alone.

What is looked at, in this order; each problem is a fault, and none hides the others:

    (1) the sealed file, against its receipt and the receipt's signature
    (2) what was sealed, if an identity or a passphrase opens it, against the receipt
    (3) every file, against the statement `release.json`: changed, missing, added, of another kind
    (4) the bag: declaration, manifest, tag manifest, count
    (5) the signatures: who produced, reviewed and approved this very statement
    (6) the line of the audit log that the manifest and the statement name
    (7) the people: reviewed and approved, by somebody else than who produced it, by the keys that
        were told; one person alone with test data only
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from hsr_privacy.errors import Fault, KeyRingLocked, PackageBroken
from hsr_privacy.folders import sha512_of
from hsr_privacy.keys import Secret
from hsr_privacy.keys.recipients import open_sealed
from hsr_privacy.keys.signing import check_public_key
from hsr_privacy.packaging.archive import tar_files, zip_files
from hsr_privacy.packaging.consistency import inconsistencies
from hsr_privacy.packaging.files import Files, Unreadable, files_of
from hsr_privacy.packaging.package import APPROVAL, PRODUCER, Package, read_from
from hsr_privacy.packaging.people import Told, unsigned
from hsr_privacy.packaging.receipt import SUFFIX, Receipt, contradictions, read_receipt
from hsr_privacy.packaging.result import Kind, PackageVerification
from hsr_privacy.packaging.sealing import AGE, ZIP
from hsr_privacy.packaging.statement import MANIFEST, STATEMENT, fault

_AGE_MAGIC: Final = b"age-encryption.org/v1"
_ZIP_MAGIC: Final = b"PK\x03\x04"


def verify_package(
    path: Path,
    *,
    keys: Sequence[str] = (),
    trusted: Sequence[str] = (),
    receipt: Path | None = None,
    identity: Path | None = None,
    passphrase: Secret | None = None,
) -> PackageVerification:
    """Verify a package: a folder, or a sealed file.

    Args:
        path: of the folder, the ``.tar.age`` or the ``.zip``.
        keys: public keys, ``hsr-sign-1:...``; each of them must have signed.
        trusted: public keys that may have signed. If any key is given, here or above, then the
            producer, the approver and whoever sealed it must be among them.
        receipt: of the sealed file; ``<name>.receipt.json`` beside it if left out.
        identity: an age identity file, to look into a ``.tar.age``; in memory only.
        passphrase: to look into a ``.zip``.

    Raises:
        PackageBroken: it is no package at all, or there is nothing to verify it against.
        KeyRingLocked: what was given does not open it.
        KeyRingError: a key is no public key.
    """
    told = Told(tuple(map(check_public_key, keys)), tuple(map(check_public_key, trusted)))
    kind = kind_of(path)
    if kind is None:
        raise PackageBroken(f"{path} is no package: give a folder, or a .tar.age or .zip file", ())
    if kind == "folder":
        return _judged(_looked_at(files_of(path), str(path), kind)[0], told)
    return _judged(_sealed(path, kind, receipt, identity, passphrase), told)


def is_package(path: Path) -> bool:
    """Whether a path is a package by its looks: a folder, or a sealed file."""
    return kind_of(path) is not None


def kind_of(path: Path) -> Kind | None:
    """What kind of package a path is, by its name or its first bytes; None if it is none."""
    if path.is_dir():
        return "folder"
    if not path.is_file():
        return None
    with path.open("rb") as file:
        begins = file.read(len(_AGE_MAGIC))
    if path.name.endswith(AGE) or begins == _AGE_MAGIC:
        return "age"
    return "zip" if path.name.endswith(ZIP) or begins.startswith(_ZIP_MAGIC) else None


def _sealed(
    path: Path, kind: Kind, receipt: Path | None, identity: Path | None, passphrase: Secret | None
) -> PackageVerification:
    """(1), (2): the sealed file and its receipt, then what was sealed."""
    can_open = identity if kind == "age" else passphrase
    beside = path.with_name(path.name.removesuffix(AGE if kind == "age" else ZIP) + SUFFIX)
    where = receipt or (beside if beside.exists() else None)
    if where is None and can_open is None:
        raise PackageBroken(
            f"{path}: there is no receipt to verify it against; give --receipt, or what opens it "
            "(--identity, --passphrase-file)",
            (),
        )
    given = None if where is None else read_receipt(where)
    faults = [] if given is None else _sealed_faults(path, kind, given)
    if faults or can_open is None:
        release = None if given is None else given.release
        size = path.stat().st_size
        return PackageVerification(
            str(path),
            kind,
            is_opened=False,
            release=release,
            bytes=size,
            receipt=given,
            faults=tuple(faults),
        )
    files = _opened(path, kind, identity, passphrase, is_as_sealed=given is not None)
    looked, package = _looked_at(files, str(path), kind)
    faults = [] if given is None else _receipt_faults(files, looked, given, package)
    return replace(looked, receipt=given, faults=(*faults, *looked.faults))


def _sealed_faults(path: Path, kind: Kind, receipt: Receipt) -> list[Fault]:
    if sha512_of(path) != receipt.sealed:
        return [fault(path.name, "it is not what the receipt was given for; ask for both again")]
    if kind != receipt.sealed_with:
        return [fault(path.name, "the receipt is for another kind of file; ask for both again")]
    return []


def _opened(
    path: Path,
    kind: Kind,
    identity: Path | None,
    passphrase: Secret | None,
    *,
    is_as_sealed: bool,
) -> Files:
    """What was sealed, in memory."""
    if kind == "zip":
        assert passphrase is not None
        return zip_files(path, passphrase)
    assert identity is not None
    try:
        content = open_sealed(path.read_bytes(), identity)
    except KeyRingLocked:
        why = "it is as its receipt says, and" if is_as_sealed else "it is damaged, or"
        raise KeyRingLocked(
            f"{path} does not open with this identity: {why} was sealed to somebody else; take the "
            "identity whose public key you gave, or ask for it to be sealed to yours"
        ) from None
    return tar_files(str(path), content)


def _receipt_faults(
    files: Files, looked: PackageVerification, receipt: Receipt, package: Package | None
) -> list[Fault]:
    """What a receipt says of the opened package, and is not so."""
    named = receipt.signer.file
    faults = []
    for name, digest in ((STATEMENT, receipt.statement), (MANIFEST, receipt.manifest)):
        if name in files.names and _digest(files, name) != digest:
            faults.append(fault(name, f"it is not the one that {named} was given for"))
    if looked.release is not None and looked.release != receipt.release:
        faults.append(fault(named, "it is for another release; ask for the right one"))
    if package is not None:
        faults += [
            fault(named, f"it says another {name} than {STATEMENT}; ask the registry")
            for name in contradictions(receipt.facts, package.application)
        ]
    producer = None if looked.producer is None else looked.producer.keyid
    approver = None if looked.approval is None else looked.approval.keyid
    if producer is not None and producer != receipt.producer:
        faults.append(fault(PRODUCER, f"it is not signed by the producer that {named} names"))
    if approver != receipt.approver:
        faults.append(fault(APPROVAL, f"it is not signed by the approver that {named} names"))
    return faults


def _looked_at(files: Files, path: str, kind: Kind) -> tuple[PackageVerification, Package | None]:
    """(3) to (6): the files, the bag, the signatures, the line of the log."""
    package, faults = read_from(files)
    if package is None:
        return PackageVerification(path, kind, is_opened=True, faults=tuple(faults)), None
    faults += package.changed()
    faults += inconsistencies(package, faults)
    found = PackageVerification(
        path,
        kind,
        is_opened=True,
        release=package.release_id,
        is_one_person=package.is_one_person,
        environment=package.environment,
        files=len(files.names),
        bytes=sum(_size(files, name) for name in files.names),
        producer=package.producer,
        reviews=tuple(one for one in package.reviews if one.is_about_this),
        approval=package.approval if package.approval and package.approval.is_about_this else None,
        faults=tuple(sorted(set(faults))),
    )
    return found, package


def _judged(one: PackageVerification, told: Told) -> PackageVerification:
    """(7): the people."""
    return replace(one, told=told.keyids, unsigned=tuple(unsigned(one, told)))


def _digest(files: Files, name: str) -> str:
    try:
        return files.measure(name).sha512
    except Unreadable:
        return ""


def _size(files: Files, name: str) -> int:
    try:
        return files.measure(name).bytes
    except Unreadable:
        return 0
