"""Sealing: an approved package becomes what only its recipient can open, and is accounted for."""

from __future__ import annotations

import datetime as dt
import platform
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path

from hsr_privacy.composition import About
from hsr_privacy.disclosures import (
    Disclosure,
    DisclosureRegister,
    Signer,
    State,
    describe,
    released_in_log,
)
from hsr_privacy.disclosures.disclosure import LEFT
from hsr_privacy.errors import DataError, NotSignedFor, PackageBroken
from hsr_privacy.folders import refuse_taken
from hsr_privacy.handover.accounting import accounted, open_register
from hsr_privacy.handover.gates import differenced, registered, sealed_to, signed_for
from hsr_privacy.handover.standing import Standing, Trust, standing_of
from hsr_privacy.handover.stated import Stated, is_ours, stated_by
from hsr_privacy.keys import AuditLog, KeyRing
from hsr_privacy.keys.recipients import recipient_fingerprint
from hsr_privacy.packaging import Sealed, read_package, seal_zip
from hsr_privacy.packaging import seal as close
from hsr_privacy.release import differencing_now, register_signing_key
from hsr_privacy.release.gates import Gate, in_force, require

NAME = "hsr-privacy"


def seal(
    folder: Path,
    *,
    ring: KeyRing,
    recipients: Sequence[str] = (),
    out: Path,
    store: Path | None = None,
    register: str | None = None,
    zip_passphrase: Path | None = None,
    now: dt.datetime | None = None,
) -> Sealed:
    """Seal an approved package to its recipient, and enter it in the disclosure register.

    The package is read once, judged, and what was judged is what is sealed. The disclosure register is
    held from the first question to the last, so that two releases are never judged side by side.

    Args:
        folder: of the package.
        ring: of the register that made it; says whose signatures count.
        recipients: an age public key; the application's own if left out.
        out: folder to make; outside the package.
        store: folder of the register's stores; beside the key ring if left out.
        register: path or PostgreSQL URL of the disclosure register.
        zip_passphrase: private file to make; the package is sealed as an AES zip then.
        now: the moment; the clock's if left out.

    Raises:
        PackageBroken: a file was changed, or it is no package.
        NotSignedFor: somebody has not signed, or has not signed this, or is one person twice.
        GateRefused: the approval has run out, the recipient is another, it was released already, or
            what left since changes what must be accepted.
        AuditBroken: it was not prepared by this register, or the log was cut off.
        ClockWentBack: the clock shows a time before the last line of the log.
        DataError: there is no membership sketch of it.
        RegisterError, OutputError: see there.
    """
    now = now or dt.datetime.now(dt.UTC)
    today = now.astimezone().date()
    _check_places(folder, out)
    package = read_package(folder)
    standing = standing_of(package, Trust.of(ring), now=now)
    _is_unchanged(folder, standing)
    stated = stated_by(package)
    project = stated.project
    if project.environment != ring.environment:
        raise NotSignedFor(
            f"{folder} is for '{project.environment}' and the key ring for '{ring.environment}'; "
            "synthetic and real persons never meet"
        )
    is_ours(package, stated, ring, now=now)
    _is_signed_for(folder, standing)
    own = (project.recipient.key,) if project.recipient.key and zip_passphrase is None else ()
    to = tuple(dict.fromkeys(recipients)) or own
    with open_register(ring, store, register) as opened:
        opened.verify()
        gates = (
            in_force(project.valid_from, project.valid_to, project.deletion_date, today),  # (1)
            sealed_to(project, to, is_zip=zip_passphrase is not None),  # (9)
            registered(package.release_id, _known_as(opened, package.release_id, ring)),  # (10)
        )
        require(gates, folder)
        again = _nothing_new(stated, opened, ring, store, is_alone=package.is_one_person)
        require([again], folder)  # (6)
        with accounted(opened, ring, store) as enter:
            entry = AuditLog(ring).record(
                "release.seal",
                {
                    "release": package.release_id,
                    "statement sha512": package.digest,
                    **_seen(signed_for(standing), *gates, again),
                },
                now=now,
            )
            receipt = {
                "day": today.isoformat(),
                "deletion_date": project.deletion_date.isoformat(),
                "audit": {"number": entry.number, "digest": entry.digest},
                "software": {NAME: version(NAME)},
                "case_number": project.case_number,
                "environment": project.environment,
            }
            disclosure = disclosure_of(
                standing, stated, released=today, place=out, recipient_key=to[0] if to else ""
            )
            how = partial(
                close if zip_passphrase is None else seal_zip,
                package,
                out,
                name=package.release_id,
                receipt=receipt,
                signer=register_signing_key(ring),
                ready=lambda sha512: enter(replace(disclosure, sealed_sha512=sha512)),
            )
            return (
                how(recipients=to)
                if zip_passphrase is None
                else how(passphrase_file=zip_passphrase)
            )


def disclosure_of(
    standing: Standing,
    stated: Stated,
    *,
    released: dt.date,
    place: Path,
    recipient_key: str = "",
) -> Disclosure:
    """The entry of a release for the disclosure register.

    Args:
        standing: the package, and who signed it.
        stated: what its statement says.
        released: the day on which it leaves.
        place: the folder that will appear.
        recipient_key: age public key to which it is sealed; empty if it is not.
    """
    package = standing.package
    return describe(
        stated.project,
        id=package.release_id,
        recipient_key=recipient_key,
        released=released,
        rows=stated.rows,
        persons=stated.persons,
        files=len(package.digests),
        manifest_sha256=stated.manifest_sha256,
        statement_sha512=package.digest,
        place=str(place.resolve()),
        host=platform.node(),
        signers=tuple(Signer(one.role, one.name, one.keyid) for one in standing.signatories),
        audit_number=stated.audit[0],
        audit_digest=stated.audit[1],
    )


def released_until_now(opened: DisclosureRegister) -> tuple[About, ...]:
    """What left, as the disclosure register has it."""
    return tuple(
        About(one.case_number, one.recipient, one.released, one.k, one.manifest_sha256)
        for one in opened.all()
        if one.state in LEFT
    )


def deleted_until_now(opened: DisclosureRegister) -> frozenset[str]:
    """Digests of the manifests of releases whose deletion was confirmed."""
    return frozenset(one.manifest_sha256 for one in opened.all() if one.state is State.DELETED)


def _seen(*gates: Gate) -> dict[str, int | str]:
    """What the gates of handing over saw, for the audit log."""
    return {f"{gate.id} {name}": one for gate in gates for name, one in gate.evidence.items()}


def check_recipients(recipients: Sequence[str]) -> None:
    """Refuse what is no public key, before any work is done.

    Raises:
        KeyRingError: a recipient is no age public key.
    """
    for one in recipients:
        recipient_fingerprint(one)


def _check_places(folder: Path, out: Path) -> None:
    refuse_taken(out)
    if out.resolve().is_relative_to(folder.resolve()):
        raise DataError(f"{out} lies in the package; name a folder outside it")


def _is_unchanged(folder: Path, standing: Standing) -> None:
    if standing.changed:
        raise PackageBroken(
            f"{folder} was changed after it was prepared, and every signature is void; prepare it "
            "anew",
            standing.changed,
        )


def _is_signed_for(folder: Path, standing: Standing) -> None:
    gate = signed_for(standing)  # (8)
    if not gate.passed:
        lines = "".join(f"\n  gate {gate.id} ({gate.title[1]}): {one}" for one in gate.faults)
        raise NotSignedFor(f"{folder} is {standing.state}, and cannot be sealed:{lines}")


def _nothing_new(
    stated: Stated,
    opened: DisclosureRegister,
    ring: KeyRing,
    store: Path | None,
    *,
    is_alone: bool,
) -> Gate:
    """G6 once more: what left until now asks for what was accepted, and for nothing else."""
    now = differencing_now(
        stated.manifest_sha256,
        stated.project,
        ring,
        store,
        deleted=deleted_until_now(opened),
        left=released_until_now(opened),
    )
    return differenced(now, stated.must_be_accepted, is_alone=is_alone)


def _known_as(opened: DisclosureRegister, release: str, ring: KeyRing) -> str | None:
    """How a release is known already; None if it is not."""
    for one in opened.all():
        if one.id == release and one.state is not State.ABANDONED:
            return str(one.state)
    return "released" if release in released_in_log(ring) else None
