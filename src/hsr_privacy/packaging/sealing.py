"""Sealing: a package that only its recipient can open, and the receipt for it.

The tar is never on the disk: it is sealed as it is made. Each file is hashed on its way, so that what
was sealed is what was signed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hsr_privacy.documents import Label
from hsr_privacy.errors import DataError, NotSignedFor, PackageBroken
from hsr_privacy.folders import refuse_taken, sha512_of, whole_folder
from hsr_privacy.keys import Secret, SigningKey, write_new_passphrase
from hsr_privacy.keys.recipients import recipient_fingerprint, seal_stream
from hsr_privacy.packaging.archive import Reader, tar_pieces
from hsr_privacy.packaging.bag import MANIFEST
from hsr_privacy.packaging.files import Unreadable, problem_of
from hsr_privacy.packaging.package import Package, read_package
from hsr_privacy.packaging.receipt import SUFFIX, check_facts, receipt_statement
from hsr_privacy.packaging.statement import PAYLOAD_TYPE, STATEMENT, fault

AGE: Final = ".tar.age"
ZIP: Final = ".zip"
ZIP_WARNING: Final = Label(
    nb="Zip er nødløsningen: navn og størrelse på filene kan leses uten passord, og alle som har "
    "passordet, kan åpne den. Send passordet en annen vei enn filen, og be om en age-nøkkel neste "
    "gang.",
    en="Zip is the fallback: names and sizes of the files can be read without the passphrase, and "
    "whoever has the passphrase can open it. Send the passphrase another way than the file, and "
    "ask for an age key next time.",
)


@dataclass(frozen=True)
class Sealed:
    """A sealed package and its receipt.

    Attributes:
        file: the sealed file.
        receipt: the receipt, beside it.
        sha512: of the sealed file.
        bytes: its length.
        warnings: what whoever sends it must know.
    """

    file: Path
    receipt: Path
    sha512: str
    bytes: int
    warnings: tuple[Label, ...] = ()


def seal(
    folder: Path,
    out_folder: Path,
    *,
    recipients: Sequence[str],
    name: str,
    receipt: Mapping[str, Any],
    signer: SigningKey,
) -> Sealed:
    """Seal a package to the age keys of its recipients.

    Args:
        folder: the package; every file as stated, signed by its producer.
        out_folder: does not exist yet; gets ``<name>.tar.age`` and ``<name>.receipt.json``, whole
            or not at all.
        recipients: ``age1...``; each of them can open it.
        name: of the file.
        receipt: see `receipt.check_facts`; its ``day`` is the time of the files in the tar.
        signer: signs the receipt.

    Raises:
        PackageBroken: a file is not as stated.
        NotSignedFor: nobody has signed it as producer, or a review or the approval is of another
            `release.json`.
        KeyRingError: a recipient is no age public key.
        DataError: the name or an entry of the receipt cannot be used.
        OutputExists, OutputFailed: see `folders.whole_folder`.
    """
    fingerprints = [recipient_fingerprint(one) for one in recipients]
    package = _ready(folder, out_folder, name, receipt)
    with whole_folder(out_folder) as staging:
        refused: list[PackageBroken] = []
        tar = tar_pieces(package.release_id, _contents(package, refused), _day(receipt))
        with (staging / f"{name}{AGE}").open("wb") as file:
            try:
                seal_stream(recipients, Reader(tar), file)
            except OSError:
                if refused:
                    raise refused[0] from None
                raise
        facts = _Facts("age", tuple(fingerprints), receipt, signer)
        _write_receipt(staging / f"{name}{AGE}", name, package, facts)
    return _sealed(out_folder, f"{name}{AGE}", name)


def seal_zip(
    folder: Path,
    out_folder: Path,
    *,
    passphrase_file: Path,
    name: str,
    receipt: Mapping[str, Any],
    signer: SigningKey,
) -> Sealed:
    """Seal a package into a zip with AES-256, for a recipient who cannot use age.

    Args:
        passphrase_file: does not exist yet; gets a passphrase of 120 bits that is drawn here.

    Everything else is as for `seal`.

    Raises:
        KeyRingExposed: the passphrase would lie where others can read it.
        PackageBroken, NotSignedFor, DataError, OutputExists, OutputFailed: see `seal`.
    """
    package = _ready(folder, out_folder, name, receipt)
    refuse_taken(passphrase_file)
    passphrase = write_new_passphrase(passphrase_file)
    try:
        with whole_folder(out_folder) as staging:
            _write_zip(staging / f"{name}{ZIP}", package, passphrase, _day(receipt))
            facts = _Facts("zip", (), receipt, signer)
            _write_receipt(staging / f"{name}{ZIP}", name, package, facts)
    except BaseException:
        passphrase_file.unlink(missing_ok=True)  # it would open nothing
        raise
    return _sealed(out_folder, f"{name}{ZIP}", name, (ZIP_WARNING,))


@dataclass(frozen=True)
class _Facts:
    sealed_with: str
    recipients: tuple[str, ...]
    given: Mapping[str, Any]
    signer: SigningKey


def _ready(folder: Path, out_folder: Path, name: str, receipt: Mapping[str, Any]) -> Package:
    """The package, if it can be sealed under that name."""
    refuse_taken(out_folder)
    check_facts(receipt)
    if problem_of(name) or "/" in name:
        raise DataError(
            "the name of a sealed package must be letters, digits, dots, hyphens and underscores"
        )
    package = read_package(folder)
    faults = package.changed()
    if faults:
        raise PackageBroken(f"{folder} is not as {STATEMENT} says; nothing was sealed", faults)
    if package.producer is None:
        raise NotSignedFor(f"{folder}: whoever produced it has not signed it; do that first")
    stale = [one for one in (*package.reviews, package.approval) if one and not one.is_about_this]
    if stale:
        raise NotSignedFor(
            f"{folder}: {len(stale)} signature(s) are about another {STATEMENT}; let them be "
            "signed anew"
        )
    return package


def _contents(
    package: Package, refused: list[PackageBroken]
) -> Iterator[tuple[str, int, Iterator[bytes]]]:
    """Name, length and content of each file; the content is compared with what was stated."""
    for name in package.files.names:
        length = package.files.measure(name).bytes
        yield name, length, _checked(package, name, length, refused)


def _checked(
    package: Package, name: str, length: int, refused: list[PackageBroken]
) -> Iterator[bytes]:
    digest, given = hashlib.sha512(), 0
    try:
        for piece in package.files.pieces(name):
            digest.update(piece)
            given += len(piece)
            yield piece
    except Unreadable:
        given = -1
    if given != length or digest.hexdigest() != package.digests.get(name, digest.hexdigest()):
        found = fault(name, "it changed while it was sealed; try again")
        refused.append(PackageBroken(f"{package.where} was not sealed", [found]))
        raise refused[-1]


def _write_zip(path: Path, package: Package, passphrase: Secret, day: dt.date) -> None:
    import pyzipper

    refused: list[PackageBroken] = []
    with pyzipper.AESZipFile(
        path,
        "w",
        compression=pyzipper.ZIP_DEFLATED,
        encryption=pyzipper.WZ_AES,
    ) as archive:
        # 256 bits, and the form without a checksum of what was sealed.
        archive.setencryption(pyzipper.WZ_AES, nbits=256, force_wz_aes_version=2)
        archive.setpassword(passphrase.unsafe_bytes())
        for name, length, content in _contents(package, refused):
            info = archive.zipinfo_cls(
                f"{package.release_id}/{name}", (day.year, day.month, day.day, 0, 0, 0)
            )
            info.compress_type, info.file_size = pyzipper.ZIP_DEFLATED, length
            info.external_attr = 0o644 << 16
            with archive.open(info, "w") as file:
                for piece in content:
                    file.write(piece)


def _write_receipt(sealed: Path, name: str, package: Package, facts: _Facts) -> None:
    """Write the receipt beside the sealed file."""
    assert package.producer is not None
    approver = None if package.approval is None else package.approval.keyid
    statement = receipt_statement(
        release=package.release_id,
        sealed=(sealed.name, sha512_of(sealed)),
        statement=package.digest,
        manifest=package.digests[MANIFEST],
        sealed_with=facts.sealed_with,
        recipients=facts.recipients,
        signers=(package.producer.keyid, approver),
        facts=facts.given,
    )
    envelope = facts.signer.sign_envelope(PAYLOAD_TYPE, statement.to_bytes())
    sealed.with_name(f"{name}{SUFFIX}").write_bytes(envelope.encode())


def _sealed(folder: Path, file: str, name: str, warnings: tuple[Label, ...] = ()) -> Sealed:
    path = folder / file
    size = path.stat().st_size
    return Sealed(path, folder / f"{name}{SUFFIX}", sha512_of(path), size, warnings)


def _day(receipt: Mapping[str, Any]) -> dt.date:
    return dt.date.fromisoformat(receipt["day"])
