"""The package as it lies there: what was stated, who signed, and what is no longer as stated."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from hsr_privacy.errors import Fault, NotSignedFor, OutputExists, PackageBroken
from hsr_privacy.keys import SigningKey
from hsr_privacy.keys.custody import write_private
from hsr_privacy.keys.signing import fingerprint
from hsr_privacy.packaging.files import Files, Unreadable, files_of
from hsr_privacy.packaging.reviews import (
    REVIEW,
    NotAReview,
    Review,
    Signature,
    SignedReview,
    read_review,
    review_statement,
)
from hsr_privacy.packaging.statement import (
    PAYLOAD_TYPE,
    RELEASE,
    SIGNATURES,
    STATEMENT,
    TAG_MANIFEST,
    NotAStatement,
    Statement,
    fault,
    internal_of,
    is_subject,
    read_release,
    read_signed,
)

PRODUCER: Final = f"{SIGNATURES}producer.json"
APPROVAL: Final = f"{SIGNATURES}approval.json"
_REVIEW: Final = re.compile(rf"{SIGNATURES}review-([0-9a-f]{{8}})\.json")


@dataclass(frozen=True)
class Package:
    """A package whose documents can be read; nothing is said of whether to trust who signed.

    Attributes:
        where: the path of the folder or the sealed file.
        statement: what `release.json` says.
        digest: SHA-512 of `release.json`; a review is about this.
        producer: who signed it, None as long as nobody has.
        reviews: every review that lies there, also of another `release.json`.
        approval: of whoever answers for it; None as long as there is none.
        files: what lies there.
        documents: SHA-512 of `release.json`, the tag manifest and each signature, as they were
            read; the statement has those of all other files.
    """

    where: str
    statement: Statement
    digest: str
    producer: Signature | None
    reviews: tuple[SignedReview, ...]
    approval: SignedReview | None
    files: Files
    documents: Mapping[str, str]

    @property
    def release_id(self) -> str:
        """The name of the release."""
        return str(self.statement.predicate["id"])

    @property
    def day(self) -> str:
        """The day of the release, ``YYYY-MM-DD``."""
        return str(self.statement.predicate["day"])

    @property
    def is_one_person(self) -> bool:
        """Whether the release says that one person did everything, as a demo may."""
        return bool(self.statement.predicate.get("one_person", False))

    @property
    def predicate(self) -> Mapping[str, Any]:
        """What was released."""
        return self.statement.predicate

    @property
    def application(self) -> Mapping[str, Any]:
        """What was applied for and approved, as the release says it; empty where it does not."""
        said = self.predicate.get("application")
        return said if isinstance(said, Mapping) else {}

    @property
    def environment(self) -> str | None:
        """``production`` or ``test``, as the application says; None where it does not."""
        said = self.application.get("environment")
        return said if isinstance(said, str) else None

    @property
    def internal(self) -> frozenset[str]:
        """The files that are for those who sign, and do not travel."""
        return internal_of(self.predicate)

    @property
    def withheld(self) -> frozenset[str]:
        """Those of them that are not here."""
        return self.internal - set(self.files.names)

    @property
    def digests(self) -> Mapping[str, str]:
        """SHA-512 of every file, by name, as stated."""
        return self.statement.subjects

    def changed(self) -> tuple[Fault, ...]:
        """Every file that is changed, missing or added since the statement was made.

        An internal file may be missing; one that is there is as stated.
        """
        stated, found = self.digests, set(self.files.names)
        faults = list(self.files.faults)
        subjects = stated.keys() | {one for one in found if is_subject(one)}
        for name in sorted(subjects - self.withheld):
            if name not in found:
                faults.append(fault(name, "it is missing; ask for the package again"))
            elif name not in stated:
                faults.append(fault(name, f"it was added: {STATEMENT} does not name it; remove it"))
            else:
                faults += _difference(self.files, name, stated[name])
        faults += [
            fault(name, "it is no signature of a package, by its name; remove it")
            for name in self.files.names
            if name.startswith(SIGNATURES)
            and name not in {PRODUCER, APPROVAL}
            and not _REVIEW.fullmatch(name)
        ]
        return tuple(sorted(faults))


def read_package(folder: Path) -> Package:
    """Read a package: its statement and every signature that lies there.

    That its files are as stated is what `Package.changed` looks at; whether to trust who signed is
    the caller's business.

    Raises:
        PackageBroken: it is no package, or one of its documents is not as this toolkit writes
            them; a fault for each.
    """
    if not folder.is_dir():
        raise PackageBroken(f"{folder} is no package: it is no folder", ())
    package, faults = read_from(files_of(folder))
    if package is None or faults:
        raise PackageBroken(f"{folder} cannot be read as a package", faults)
    return package


def read_from(files: Files) -> tuple[Package | None, list[Fault]]:
    """Read a package as far as it can be read, and what keeps the rest from being read."""
    faults: list[Fault] = []
    if STATEMENT not in files.names:
        problem = "it is missing, so this is no package; name the folder that holds it"
        return None, [fault(STATEMENT, problem)]
    try:
        content = files.read(STATEMENT)
        statement = read_release(content)
    except (Unreadable, NotAStatement) as reason:
        return None, [fault(STATEMENT, f"{reason}; ask for the package again")]
    digest = _sha512(content)
    contents = _contents(files, faults)
    producer = _producer(contents, statement, faults)
    reviews = tuple(
        one
        for name in contents
        if _REVIEW.fullmatch(name) and (one := _review(contents, name, digest, faults)) is not None
    )
    approval = _review(contents, APPROVAL, digest, faults) if APPROVAL in contents else None
    documents = {STATEMENT: digest, **{name: _sha512(one) for name, one in contents.items()}}
    package = Package(files.where, statement, digest, producer, reviews, approval, files, documents)
    return package, faults


def sign_release(folder: Path, key: SigningKey) -> Path:
    """Sign a package as who produced it.

    Raises:
        OutputExists: somebody has.
        PackageBroken: it is no package, or a file is not as stated or not there.
    """
    package = _as_stated(folder)
    content = package.files.read(STATEMENT)
    return _write(folder, PRODUCER, key.sign_envelope(PAYLOAD_TYPE, content), replace=False)


def sign_review(folder: Path, review: Review, key: SigningKey, *, now: datetime) -> Path:
    """Sign a review or the approval of a package.

    A second review of the same person takes the place of the first. An approval names the reviews
    that are there; after it, none is added. To take an approval back, remove its file.

    Raises:
        NotSignedFor: nobody has signed the package as its producer yet.
        OutputExists: the package is approved already.
        PackageBroken: it is no package, or a file is not as stated or not there.
        DataError, LeaksFound: see `reviews.review_statement`.
    """
    package = _as_stated(folder)
    if package.producer is None:
        raise NotSignedFor(f"{folder}: whoever produced it has not signed it; do that first")
    if package.approval is not None:
        raise OutputExists(f"{folder} is approved already; a review comes before the approval")
    name = APPROVAL if review.role == "approval" else review_file(key.public_key)
    if any(one.file == name and one.public_key != key.public_key for one in package.reviews):
        raise OutputExists(f"{folder / name} is somebody else's, by chance; sign with another key")
    rests_on = {one.keyid: one.sha512 for one in package.reviews if one.is_about_this}
    statement = review_statement(
        review,
        about=package.digest,
        rests_on=rests_on if review.role == "approval" else {},
        now=now,
    )
    envelope = key.sign_envelope(PAYLOAD_TYPE, statement.to_bytes())
    return _write(folder, name, envelope, replace=review.role == "review")


def review_file(public_key: str) -> str:
    """Where the review of somebody lies in a package."""
    return f"{SIGNATURES}review-{fingerprint(public_key)[:8]}.json"


def _as_stated(folder: Path) -> Package:
    package = read_package(folder)
    # Whoever signs has what was made for them to look at.
    absent = [fault(name, "it is missing; who signs must see it") for name in package.withheld]
    faults = (*package.changed(), *sorted(absent))
    if faults:
        raise PackageBroken(f"{folder} is not as {STATEMENT} says; nothing was signed", faults)
    return package


def _write(folder: Path, name: str, envelope: str, *, replace: bool) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    # A process that is killed leaves its draft beside the package, not as a strange file in it.
    write_private(path, envelope.encode(), replace=replace, draft_in=folder.resolve().parent)
    return path


def _difference(files: Files, name: str, stated: str) -> list[Fault]:
    try:
        is_same = files.measure(name).sha512 == stated
    except Unreadable as reason:
        return [fault(name, f"{reason}; ask for the package again")]
    return [] if is_same else [fault(name, "it is changed; ask for the package again")]


def _contents(files: Files, faults: list[Fault]) -> dict[str, bytes]:
    """The tag manifest and the signatures, each read once: what is judged is what is digested."""
    contents = {}
    for name in files.names:
        if name == TAG_MANIFEST or name.startswith(SIGNATURES):
            try:
                contents[name] = files.read(name)
            except Unreadable as reason:
                faults.append(fault(name, f"{reason}; ask for the package again"))
    return contents


def _sha512(content: bytes) -> str:
    return hashlib.sha512(content).hexdigest()


def _producer(
    contents: Mapping[str, bytes], statement: Statement, faults: list[Fault]
) -> Signature | None:
    if PRODUCER not in contents:
        return None
    try:
        signed, public_key = read_signed(contents[PRODUCER], RELEASE)
    except NotAStatement as reason:
        faults.append(fault(PRODUCER, f"{reason}; ask for the package again"))
        return None
    if signed.to_bytes() != statement.to_bytes():  # in Python, true equals 1
        problem = f"it signs another {STATEMENT} than this one; ask for the package again"
        faults.append(fault(PRODUCER, problem))
        return None
    return Signature(PRODUCER, fingerprint(public_key), public_key)


def _review(
    contents: Mapping[str, bytes], name: str, digest: str, faults: list[Fault]
) -> SignedReview | None:
    try:
        statement, public_key = read_signed(contents[name], REVIEW)
        review, at, rests_on = read_review(statement)
    except NotAReview:
        faults.append(fault(name, "it says what no review says; let it be signed anew"))
        return None
    except NotAStatement as reason:
        faults.append(fault(name, f"{reason}; let it be signed anew"))
        return None
    expected = APPROVAL if review.role == "approval" else review_file(public_key)
    if name != expected:
        faults.append(fault(name, "it lies under the name of another signature; put it back"))
        return None
    return SignedReview(
        file=name,
        keyid=fingerprint(public_key),
        public_key=public_key,
        role=review.role,
        decision=review.decision,
        at=at,
        comment=review.comment,
        accepts=review.accepts,
        rests_on=rests_on,
        is_about_this=statement.subjects == {STATEMENT: digest},
        sha512=_sha512(contents[name]),
    )
