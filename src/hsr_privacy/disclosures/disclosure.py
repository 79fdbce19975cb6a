"""A disclosure: what went to whom, on what legal basis, until when; nothing about any patient."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from hsr_privacy.disclosures.deadlines import answer_deadline, retain_until
from hsr_privacy.project import Project


class State(StrEnum):
    """How far a disclosure has come.

    ``sealing``: begun, and not known to have ended. ``abandoned``: nothing left the house.
    ``deleted``: the recipient has confirmed that the data are deleted.
    """

    SEALING = "sealing"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"
    DELETED = "deleted"
    ABANDONED = "abandoned"


LEFT: Final = frozenset({State.RELEASED, State.WITHDRAWN, State.DELETED})
"""States of what did leave the house."""

HELD: Final = frozenset({State.RELEASED, State.WITHDRAWN})
"""States in which the recipient is held to have the data still."""


@dataclass(frozen=True)
class Signer:
    """Who signed a package.

    Attributes:
        role: ``producer``, ``reviewer`` or ``approver``.
        name: of the person, as the key ring trusts it.
        keyid: of the signing key.
    """

    role: str
    name: str
    keyid: str


@dataclass(frozen=True, kw_only=True)
class Disclosure:
    """One release to one recipient.

    What is known only once the package is sealed has a default, and is given to
    `DisclosureRegister.finish`.

    Attributes:
        id: ``<case number>-<sequence number>``, in small letters, digits and ``-``.
        case_number: of the decision.
        title: of the project.
        environment: ``production`` or ``test``.
        recipient: name of who receives it.
        recipient_type: one of `project.RecipientType`.
        recipient_country: two letters.
        channel: by which it is handed over.
        recipient_key: age public key of the recipient; empty if none is known.
        purpose: one of `project.Purpose`.
        purpose_text: the project's own words.
        gdpr6, gdpr9: letters of article 6 (1) and 9 (2).
        national: provision in Norwegian law.
        confidentiality: why confidentiality is no obstacle.
        approvals: what the project rests on, as ``kind reference (date)``.
        released: the day on which it is disclosed.
        project_end: stated end of the project.
        deletion_date: until when the recipient may have the data.
        k: smallest number of persons in a class, as approved.
        rows, persons: in the extract.
        files: in the package.
        pseudonyms: how persons' pseudonyms are made: an algorithm, or ``running-number``.
        manifest_sha256: of ``manifest.json``; the membership sketch has the same.
        statement_sha512: of ``release.json``.
        sealed_sha512: of the sealed file.
        receipt_sha512: of the receipt.
        place: where it was put; internal, it is never exported.
        host: name of the machine on which that is a place; empty where nobody said. Internal too.
        signers: who produced, reviewed and approved it.
        audit_number, audit_digest: its line of the audit log.
        received: the day on which the application was complete; None where nobody said.
        linked: other registries whose data are linked to these.
        hourly_rate: price of an hour, in kroner without tax.
        state: how far it has come.
        settled_why: where it was only begun, and a person said what had become of it: how they know.
        withdrawn, withdrawn_why: the day on which it was withdrawn, and the reason.
        deleted, deleted_by, deleted_reference: the day on which the data were deleted, who says so,
            and where it is written.
    """

    id: str
    case_number: str
    title: str
    environment: str
    recipient: str
    recipient_type: str
    recipient_country: str
    channel: str
    recipient_key: str = ""
    purpose: str
    purpose_text: str
    gdpr6: str
    gdpr9: str
    national: str
    confidentiality: str
    approvals: tuple[str, ...]
    released: dt.date
    project_end: dt.date
    deletion_date: dt.date
    k: int
    rows: int
    persons: int
    files: int
    pseudonyms: str
    manifest_sha256: str
    statement_sha512: str = ""
    sealed_sha512: str = ""
    receipt_sha512: str = ""
    place: str = ""
    host: str = ""
    signers: tuple[Signer, ...] = ()
    audit_number: int = 0
    audit_digest: str = ""
    received: dt.date | None = None
    linked: tuple[str, ...] = ()
    hourly_rate: float = 0.0
    state: State = State.SEALING
    settled_why: str = ""
    withdrawn: dt.date | None = None
    withdrawn_why: str = ""
    deleted: dt.date | None = None
    deleted_by: str = ""
    deleted_reference: str = ""

    @property
    def retain_until(self) -> dt.date:
        """The last day on which this entry must be kept."""
        return retain_until(self.released, self.project_end)

    @property
    def answer_by(self) -> dt.date | None:
        """The last day for an answer to the application; None where its day is not known."""
        if self.received is None:
            return None
        return answer_deadline(self.received, linked=bool(self.linked))

    @property
    def delete_by(self) -> dt.date:
        """The day by which the recipient must have deleted the data."""
        return min(self.deletion_date, self.withdrawn or dt.date.max)

    @property
    def legal_basis(self) -> str:
        """The recipient's ground in law, in one line."""
        return (
            f"GDPR art. 6 (1) {self.gdpr6}, art. 9 (2) {self.gdpr9}; {self.national}; "
            f"{self.confidentiality}"
        )


def describe(project: Project, **facts: Any) -> Disclosure:
    """A disclosure of a project's extract, with what the approved application says of it.

    Args:
        project: the approved application.
        facts: the fields that an application does not have: `id`, `released`, `rows`, `persons`,
            `files`, `manifest_sha256`, and any others that are known.
    """
    basis, who, handling = project.legal_basis, project.recipient, project.handling
    told: dict[str, Any] = {
        "case_number": project.case_number,
        "title": project.title,
        "environment": project.environment,
        "recipient": who.name,
        "recipient_type": who.type.value,
        "recipient_country": who.country,
        "channel": who.channel,
        "recipient_key": who.key or "",
        "purpose": project.purpose.value,
        "purpose_text": project.purpose_text,
        "gdpr6": basis.gdpr6,
        "gdpr9": basis.gdpr9,
        "national": basis.national,
        "confidentiality": basis.confidentiality,
        "approvals": tuple(f"{a.kind} {a.reference} ({a.date})" for a in project.approvals),
        "project_end": project.project_end,
        "deletion_date": project.deletion_date,
        "k": project.privacy.k,
        "pseudonyms": project.pseudonyms.algorithm
        if project.pseudonyms.persons == "symbols"
        else project.pseudonyms.persons,
        "received": handling.received if handling else None,
        "linked": handling.linked if handling else (),
        "hourly_rate": handling.hourly_rate if handling else 0.0,
    }
    return Disclosure(**{**told, **facts})
