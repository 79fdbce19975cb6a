"""Sealing: an approved package becomes what only its recipient can open, and is accounted for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from hsr_privacy.composition import kept
from hsr_privacy.disclosures import Disclosure, Signer, describe
from hsr_privacy.errors import Fault, GateRefused, NotSignedFor, PackageBroken
from hsr_privacy.folders import refuse_taken, sha256_of
from hsr_privacy.handover.accounting import MANIFEST, accounted, open_register, was_released
from hsr_privacy.handover.gates import registered, sealed_to, signed_for
from hsr_privacy.handover.standing import Standing, Trust, standing_of
from hsr_privacy.keys import AuditLog, KeyRing
from hsr_privacy.packaging import Package, Sealed, read_package, seal_zip
from hsr_privacy.packaging import seal as close
from hsr_privacy.project import Project
from hsr_privacy.registry import sketches_folder
from hsr_privacy.release import register_signing_key
from hsr_privacy.release.gates import in_force, require

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

    Args:
        folder: of the package.
        ring: of the register that made it; says whose signatures count.
        recipients: age public keys; the application's own if left out.
        out: folder to make.
        store: folder of the register's stores; beside the key ring if left out.
        register: path or PostgreSQL URL of the disclosure register.
        zip_passphrase: private file to make; the package is sealed as an AES zip then.
        now: the moment; the clock's if left out.

    Raises:
        PackageBroken: a file was changed, or it is no package.
        NotSignedFor: somebody has not signed, or has not signed this, or is one person twice.
        GateRefused: the approval has run out, the recipient is another, or it was released already.
        AuditBroken: it was not prepared by this register, or the log was cut off.
        RegisterError, OutputError: see there.
    """
    now = now or dt.datetime.now(dt.UTC)
    today = now.astimezone().date()
    refuse_taken(out)
    package = read_package(folder)
    standing = standing_of(package, Trust.of(ring), now=now)
    project = application_of(package)
    _is_ours(package, project, ring)
    _is_signed_for(folder, standing)
    to = tuple(recipients) or ((project.recipient.key,) if project.recipient.key else ())
    release = package.release_id
    with open_register(ring, store, register) as opened:
        state = was_released(opened, release)
    gates = (
        in_force(project.valid_from, project.valid_to, project.deletion_date, today),  # (1)
        sealed_to(project, to, is_zip=zip_passphrase is not None),  # (9)
        registered(release, None if state is None else str(state)),  # (10)
    )
    require(gates, folder)
    _nothing_left_since(folder, package, project, ring, store)
    disclosure = disclosure_of(
        folder,
        package,
        project,
        standing,
        released=today,
        place=out,
        recipient_key=to[0] if to else "",
    )
    with accounted(disclosure, ring, store, register):
        number, digest = AuditLog(ring).head()
        receipt = {
            "day": today.isoformat(),
            "deletion_date": project.deletion_date.isoformat(),
            "audit": {"number": number, "digest": digest},
            "software": {NAME: version(NAME)},
            "case_number": project.case_number,
            "environment": project.environment,
        }
        signer = register_signing_key(ring)
        if zip_passphrase is not None:
            return seal_zip(
                folder,
                out,
                passphrase_file=zip_passphrase,
                name=release,
                receipt=receipt,
                signer=signer,
            )
        return close(folder, out, recipients=to, name=release, receipt=receipt, signer=signer)


def application_of(package: Package) -> Project:
    """The approved application that a package was made for, as its statement has it.

    Raises:
        PackageBroken: it has none that this program reads.
    """
    try:
        return Project.model_validate(package.predicate["application"])
    except (KeyError, ValueError):
        raise PackageBroken(
            f"{package.where} does not say for which application it was made, or says it in the way "
            "of another version; prepare it anew",
            (),
        ) from None


def disclosure_of(
    folder: Path,
    package: Package,
    project: Project,
    standing: Standing,
    *,
    released: dt.date,
    place: Path,
    recipient_key: str = "",
) -> Disclosure:
    """The entry of a release for the disclosure register.

    Args:
        folder: of the package, as it lies now.
        package: the same, read.
        project: the application that it was made for.
        standing: who signed.
        released: the day on which it leaves.
        place: the folder that will appear.
        recipient_key: age public key to which it is sealed; empty if it is not.
    """
    counts, audit = package.predicate["counts"], package.predicate["audit"]
    return describe(
        project,
        id=package.release_id,
        recipient_key=recipient_key or project.recipient.key or "",
        released=released,
        rows=counts["rows"],
        persons=counts["persons"],
        files=len(package.digests),
        manifest_sha256=sha256_of(folder / MANIFEST),
        statement_sha512=package.digest,
        place=str(place.resolve()),
        signers=tuple(Signer(one.role, one.name, one.keyid) for one in standing.signatories),
        audit_number=audit["number"],
        audit_digest=audit["digest"],
    )


def _is_ours(package: Package, project: Project, ring: KeyRing) -> None:
    """Whether this register prepared a package: its audit log has the line that the package names.

    Raises:
        NotSignedFor: it is of the other environment.
        AuditBroken: the log has no such line.
    """
    if project.environment != ring.environment:
        raise NotSignedFor(
            f"{package.where} is for '{project.environment}' and the key ring for "
            f"'{ring.environment}'; synthetic and real persons never meet"
        )
    audit = package.predicate["audit"]
    AuditLog(ring).verify(audit["number"], audit["digest"])


def _is_signed_for(folder: Path, standing: Standing) -> None:
    """Gate G8, before all others: what nobody signed is looked at no further."""
    if standing.changed:
        raise PackageBroken(
            f"{folder} was changed after it was prepared, and every signature is void; prepare it "
            "anew",
            standing.changed,
        )
    gate = signed_for(standing)  # (8)
    if not gate.passed:
        lines = "".join(f"\n  gate {gate.id} ({gate.title[1]}): {one}" for one in gate.faults)
        raise NotSignedFor(f"{folder} is {standing.state}, and cannot be sealed:{lines}")


def _nothing_left_since(
    folder: Path, package: Package, project: Project, ring: KeyRing, store: Path | None
) -> None:
    """Refuse where the recipient got something since this was prepared and compared.

    Raises:
        GateRefused: then it must be compared with that too.
    """
    known = set(package.predicate["earlier"])
    news = [
        one.about
        for one in kept(sketches_folder(ring, store), ring)
        if one.about.manifest_sha256 not in known
        and (
            one.about.case_number == project.case_number
            or one.about.recipient.casefold().split() == project.recipient.name.casefold().split()
        )
    ]
    if news:
        problem = (
            f"{len(news)} release(s) went to this recipient since it was prepared, the last on "
            f"{max(one.day for one in news)}; prepare it anew, so that it is compared with them"
        )
        fault = Fault(str(folder), 0, "gate G6 (disclosure risk within limits)", problem)
        raise GateRefused("not released: 1 finding(s); nothing was written", [fault])
