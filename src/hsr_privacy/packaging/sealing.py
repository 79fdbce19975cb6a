"""Sealing: a package that only its recipient can open, and the receipt for it.

The tar is never on the disk: it is sealed as it is made. What is sealed is the package that was read
and judged: each file is hashed on its way and compared with it, the signatures too. What the statement
calls internal stays behind.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hsr_privacy.documents import Label
from hsr_privacy.errors import DataError, Fault, NotSignedFor, PackageBroken
from hsr_privacy.folders import refuse_taken, sha512_of, whole_folder
from hsr_privacy.keys import Secret, SigningKey, write_new_passphrase
from hsr_privacy.keys.recipients import recipient_fingerprint, seal_stream
from hsr_privacy.packaging.archive import Reader, tar_pieces
from hsr_privacy.packaging.consistency import inconsistencies
from hsr_privacy.packaging.files import Unreadable, files_of, problem_of
from hsr_privacy.packaging.package import Package
from hsr_privacy.packaging.receipt import (
    SUFFIX,
    check_facts,
    contradictions,
    receipt_statement,
)
from hsr_privacy.packaging.statement import MANIFEST, PAYLOAD_TYPE, STATEMENT, fault

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
    package: Package,
    out_folder: Path,
    *,
    recipients: Sequence[str],
    name: str,
    receipt: Mapping[str, Any],
    signer: SigningKey,
    ready: Callable[[str], None] = lambda _sha512: None,
) -> Sealed:
    """Seal a package to the age keys of its recipients.

    Args:
        package: as `read_package` read it from its folder, and as it was judged; every file as
            stated, signed by its producer. Its internal files stay behind.
        out_folder: does not exist yet; gets ``<name>.tar.age`` and ``<name>.receipt.json``, whole
            or not at all.
        recipients: ``age1...``; each of them can open it.
        name: of the file.
        receipt: see `receipt.check_facts`; its ``day`` is the time of the files in the tar.
        signer: signs the receipt.
        ready: is called with the digest of the sealed file when all is written, before the folder
            appears; what it raises keeps it from appearing.

    Raises:
        PackageBroken: a file is not as stated, or not as it was read, or was added since; or the
            parts of the package contradict each other.
        NotSignedFor: nobody has signed it as producer, or a review or the approval is of another
            `release.json`.
        KeyRingError: a recipient is no age public key.
        DataError: the name or an entry of the receipt cannot be used, or the receipt says otherwise
            than the application in the statement.
        OutputExists, OutputFailed: see `folders.whole_folder`.
    """
    fingerprints = [recipient_fingerprint(one) for one in recipients]
    _check(package, out_folder, name, receipt)
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
        ready(sha512_of(staging / f"{name}{AGE}"))
    return _sealed(out_folder, f"{name}{AGE}", name)


def seal_zip(
    package: Package,
    out_folder: Path,
    *,
    passphrase_file: Path,
    name: str,
    receipt: Mapping[str, Any],
    signer: SigningKey,
    ready: Callable[[str], None] = lambda _sha512: None,
) -> Sealed:
    """Seal a package into a zip with AES-256, for a recipient who cannot use age.

    Args:
        passphrase_file: does not exist yet; gets a passphrase of 120 bits that is drawn here.

    Everything else is as for `seal`.

    Raises:
        KeyRingExposed: the passphrase would lie where others can read it.
        PackageBroken, NotSignedFor, DataError, OutputExists, OutputFailed: see `seal`.
    """
    _check(package, out_folder, name, receipt)
    refuse_taken(passphrase_file)
    passphrase = write_new_passphrase(passphrase_file)
    try:
        with whole_folder(out_folder) as staging:
            _write_zip(staging / f"{name}{ZIP}", package, passphrase, _day(receipt))
            facts = _Facts("zip", (), receipt, signer)
            _write_receipt(staging / f"{name}{ZIP}", name, package, facts)
            ready(sha512_of(staging / f"{name}{ZIP}"))
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


def _check(package: Package, out_folder: Path, name: str, receipt: Mapping[str, Any]) -> None:
    """Refuse a package that cannot be sealed under that name."""
    refuse_taken(out_folder)
    check_facts(receipt)
    if problem_of(name) or "/" in name:
        raise DataError(
            "the name of a sealed package must be letters, digits, dots, hyphens and underscores"
        )
    wrong = contradictions(receipt, package.application)
    if wrong:
        raise DataError(f"the receipt says another {', '.join(wrong)} than {STATEMENT}")
    where = package.where
    faults = (*package.changed(), *_moved(package))
    if faults:
        raise PackageBroken(f"{where} is not as {STATEMENT} says; nothing was sealed", faults)
    if package.producer is None:
        raise NotSignedFor(f"{where}: whoever produced it has not signed it; do that first")
    stale = [one for one in (*package.reviews, package.approval) if one and not one.is_about_this]
    if stale:
        raise NotSignedFor(
            f"{where}: {len(stale)} signature(s) are about another {STATEMENT}; let them be "
            "signed anew"
        )
    found = inconsistencies(package, ())
    if found:
        raise PackageBroken(f"{where} contradicts itself; nothing was sealed", sorted(found))


def _moved(package: Package) -> list[Fault]:
    """What was added to its folder since the package was read, or taken away."""
    folder = Path(package.where)
    if not folder.is_dir():
        raise PackageBroken(f"{folder} is not there, or is no folder; nothing was sealed", ())
    there = files_of(folder)
    moved = set(there.names) ^ set(package.files.names)
    faults = {*there.faults} - {*package.files.faults}
    problem = "it was added or removed since the package was read; look anew"
    faults |= {fault(name, problem) for name in moved - package.internal}
    return sorted(faults)


def _contents(
    package: Package, refused: list[PackageBroken]
) -> Iterator[tuple[str, int, Iterator[bytes]]]:
    """Name, length and content of each file that travels, compared with what was judged."""
    for name in package.files.names:
        if name not in package.internal:
            try:
                length = package.files.measure(name).bytes
            except Unreadable:
                raise _refusal(package, name, refused) from None
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
    judged = {**package.digests, **package.documents}.get(name)
    if given != length or digest.hexdigest() != judged:
        raise _refusal(package, name, refused)


def _refusal(package: Package, name: str, refused: list[PackageBroken]) -> PackageBroken:
    """What is raised through the sealer, which hides it; so it is kept for who called that."""
    found = fault(name, "it changed while it was sealed, or since it was read; look anew")
    refused.append(PackageBroken(f"{package.where} was not sealed", [found]))
    return refused[-1]


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
