"""A data set: one description of a released extract, from which every format of metadata is written.

Nothing here comes from a row: names of columns, counts, days, digests and texts that people wrote. All
days are given from outside, so the same description always gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from hsr_privacy.dictionary import Dictionary
from hsr_privacy.documents import Label
from hsr_privacy.errors import DataError

Use: TypeAlias = Literal["table", "sample", "codebook", "report", "document", "metadata"]
"""What a file is for: the rows, made-up rows, what columns mean, figures about the rows, text for
people, or a description for machines."""

Phase: TypeAlias = Literal["validation", "disclosure", "sign-off", "checksum"]
"""The phases of Five Safes that a gate of the release can belong to."""

PAYLOAD: Final = "data/"
"""The folder of a package that holds what is described; the other files stand beside it."""

_NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, "urn:hsr-privacy:release")
_SHA512: Final = re.compile(r"[0-9a-f]{128}")


@dataclass(frozen=True)
class Agent:
    """An organization; never a person.

    Attributes:
        name: of it.
        kind: of publisher, in the words of the European list: ``public-health-institute``; None where
            the list is not asked.
        org_no: nine digits in Brønnøysund's register.
        page: web address at which it is asked.
        email: of an office, where a catalogue wants one; none stands in what leaves the house.
        note: who it is, for people.
    """

    name: str
    kind: str | None = None
    org_no: str | None = None
    page: str | None = None
    email: str | None = None
    note: Label | None = None


@dataclass(frozen=True)
class DataFile:
    """One file of a package.

    Attributes:
        path: relative to the package, with ``/``.
        media_type: ``text/csv``.
        bytes: its size.
        sha512: its digest, 128 hexadecimal digits.
        label: what it is, for people.
        use: what it is for.
    """

    path: str
    media_type: str
    bytes: int
    sha512: str
    label: Label
    use: Use = "document"

    def __post_init__(self) -> None:
        if not _SHA512.fullmatch(self.sha512):
            raise DataError(f"{self.path}: a digest is 128 lower-case hexadecimal digits")
        if self.path.startswith("/") or "\\" in self.path or ".." in self.path.split("/"):
            raise DataError(f"{self.path}: a path must lie inside the package")

    @property
    def name(self) -> str:
        """Its path below the payload folder."""
        return self.path.removeprefix(PAYLOAD)


@dataclass(frozen=True)
class LegalBasis:
    """The ground in law on which an extract is disclosed.

    Attributes:
        gdpr6, gdpr9: letters of articles 6 (1) and 9 (2).
        national: provision in Norwegian law.
        confidentiality: why confidentiality is no obstacle.
    """

    gdpr6: str
    gdpr9: str
    national: str
    confidentiality: Label


@dataclass(frozen=True)
class Decision:
    """One approval that an extract rests on.

    Attributes:
        kind: ``rek``.
        title: what people call that kind.
        reference: number of the decision.
        day: of it.
    """

    kind: str
    title: Label
    reference: str
    day: dt.date


@dataclass(frozen=True)
class Check:
    """One gate that an extract went through.

    Attributes:
        id: ``G6``.
        title: what had to hold.
        passed: whether it did.
        day: on which it was looked at.
        phase: of Five Safes; None where that has none for it.
    """

    id: str
    title: Label
    passed: bool
    day: dt.date
    phase: Phase | None = None


@dataclass(frozen=True)
class Signer:
    """Somebody who signs, known by key.

    Attributes:
        role: ``producer``, ``reviewer`` or ``approver``.
        fingerprint: of the public key.
    """

    role: Literal["producer", "reviewer", "approver"]
    fingerprint: str


@dataclass(frozen=True)
class Software:
    """What made the extract."""

    name: str
    version: str


@dataclass(frozen=True)
class Dataset:
    """A released extract, described.

    Attributes:
        release_id: names this release; unique in the register.
        title, description: of the extract.
        issued: day of the release.
        environment: whether persons are real or simulated.
        dictionary: the columns.
        files: of the package, as far as they are written.
        rows: events in the extract.
        persons: in the extract.
        period: first and last day of the events that were asked for.
        event_types: codes of the codebook.
        ages: youngest and oldest that were asked for; None where no limit was set.
        population: whom the extract covers.
        controller: answers for the register; publisher of the description.
        access_body: decides who has access.
        recipient: institution that receives the extract.
        case_number: of the decision.
        project_title: of the project.
        purpose: what the data may be used for.
        legal_basis: ground in law.
        approvals: decisions that it rests on.
        degree: of identification, in helsedata's words.
        terms: on which it may be used.
        provenance: where the data come from.
        deletion: day on which the recipient must have deleted them.
        software: what made it.
        checks: gates, with their outcome.
        people: who signs, by key.
        decimal_comma: whether numbers of the CSV have a comma.
        keywords: for catalogues.
    """

    release_id: str
    title: Label
    description: Label
    issued: dt.date
    environment: Literal["production", "test"]
    dictionary: Dictionary
    files: tuple[DataFile, ...]
    rows: int
    persons: int
    period: tuple[dt.date, dt.date]
    event_types: tuple[str, ...]
    ages: tuple[int | None, int | None]
    population: Label
    controller: Agent
    access_body: Agent
    recipient: Agent
    case_number: str
    project_title: str
    purpose: Label
    legal_basis: LegalBasis
    approvals: tuple[Decision, ...]
    degree: Literal["anonymous", "deIdentified", "indirect", "direct"]
    terms: Label
    provenance: Label
    deletion: dt.date
    software: Software
    checks: tuple[Check, ...] = ()
    people: tuple[Signer, ...] = ()
    decimal_comma: bool = True
    keywords: tuple[Label, ...] = ()

    @property
    def identifier(self) -> str:
        """``urn:uuid:...``: made of the release id alone.

        Whoever knows the id can reckon it out, and that is no secret: a release is named in letters and
        registers. An identifier of a person is never made like this.
        """
        return f"urn:uuid:{uuid.uuid5(_NAMESPACE, self.release_id)}"

    @property
    def payload(self) -> tuple[DataFile, ...]:
        """The files that are described: those of the payload folder, by path."""
        inside = [one for one in self.files if one.path.startswith(PAYLOAD)]
        return tuple(sorted(inside, key=lambda one: one.path))

    def holding(self, *files: DataFile) -> Dataset:
        """The same data set with further files; a file of the same path is replaced."""
        new = {one.path for one in files}
        kept = tuple(one for one in self.files if one.path not in new)
        return replace(self, files=(*kept, *files))
