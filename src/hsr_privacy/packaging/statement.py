"""The statement about a package, `release.json`: every file with its digest, and what was released.

An in-toto Statement in the one way to write JSON that RFC 8785 defines. Its subjects are all files
of the package but itself, the tag manifest and the signatures, so that a signature over it is one
over the whole.

Source: in-toto Attestation Framework, Statement v1; RFC 8785.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import rfc8785

from hsr_privacy.errors import DataError, Fault, PackageBroken
from hsr_privacy.keys.custody import write_private
from hsr_privacy.keys.signing import NotAnEnvelope, read_envelope
from hsr_privacy.packaging.files import Unreadable, files_of, problem_of

STATEMENT: Final = "release.json"
TAG_MANIFEST: Final = "tagmanifest-sha512.txt"
SIGNATURES: Final = "signatures/"
PAYLOAD: Final = "data/"
DECLARATION: Final = "bagit.txt"
INFO: Final = "bag-info.txt"
MANIFEST: Final = "manifest-sha512.txt"
STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"
RELEASE: Final = "urn:hsr-privacy:release:v1"
PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}(?<!\.)")
_DIGEST: Final = re.compile(r"[0-9a-f]{128}")


class NotAStatement(Exception):
    """Bytes are no statement of ours; the text says why."""


@dataclass(frozen=True)
class Statement:
    """What somebody says of files, by their digests.

    Attributes:
        predicate_type: which kind of statement it is.
        subjects: name of each file and its SHA-512 in hexadecimal, sorted by name.
        predicate: what is said.
    """

    predicate_type: str
    subjects: Mapping[str, str]
    predicate: Mapping[str, Any]

    def to_bytes(self) -> bytes:
        """The one way to write it.

        Raises:
            DataError: the predicate holds something that JSON has no one way to write.
        """
        return canonical_json(
            {
                "_type": STATEMENT_TYPE,
                "subject": [
                    {"digest": {"sha512": digest}, "name": name}
                    for name, digest in sorted(self.subjects.items())
                ],
                "predicateType": self.predicate_type,
                "predicate": dict(self.predicate),
            }
        )


def statement_of(folder: Path, *, predicate: Mapping[str, Any]) -> bytes:
    """Describe every file of a package, as `release.json` holds it.

    Args:
        folder: with all files in it but release.json, the tag manifest and the signatures.
        predicate: what was released. ``id`` (names files and folders) and ``day`` (``YYYY-MM-DD``)
            must be there. ``audit`` (``{"number", "digest"}``) must equal that of
            ``manifest.json`` if one of them has it. ``one_person: true`` says that the same person
            may prepare and approve. ``internal`` names files that are for those who sign and do not
            travel: stated, beside the payload, left out by `seal`. ``application``, if there, is
            what `verify_package` compares a receipt with. Everything else is the caller's.

    Raises:
        PackageBroken: there are links, odd names or other things than files, each a fault.
        DataError: the predicate lacks one of these, or holds what JSON cannot.
    """
    check_predicate(predicate)
    files = files_of(folder)
    if files.faults:
        raise PackageBroken(f"{folder} cannot become a package", files.faults)
    try:
        subjects = {name: files.measure(name).sha512 for name in files.names if is_subject(name)}
    except Unreadable:
        raise PackageBroken(f"{folder}: a file vanished while it was read; try again") from None
    absent = sorted(internal_of(predicate) - set(subjects))
    if absent:
        faults = [fault(name, "it is said to be internal, and is not there") for name in absent]
        raise PackageBroken(f"{folder} cannot become a package", faults)
    return Statement(RELEASE, subjects, predicate).to_bytes()


def write_statement(folder: Path, *, predicate: Mapping[str, Any]) -> str:
    """Write `release.json` into a package and give its SHA-512.

    Raises:
        OutputExists: it is there already.
        PackageBroken, DataError: see `statement_of`.
    """
    content = statement_of(folder, predicate=predicate)
    write_private(folder / STATEMENT, content, replace=False)
    return hashlib.sha512(content).hexdigest()


def is_subject(name: str) -> bool:
    """Whether a file of a package stands in its statement."""
    return name not in {STATEMENT, TAG_MANIFEST} and not name.startswith(SIGNATURES)


def read_statement(content: bytes, predicate_type: str) -> Statement:
    """Read a statement; only the one way to write it is read.

    Raises:
        NotAStatement: it is none of this kind, or is written in another way.
    """
    try:
        fields = json.loads(content)
        subjects = {one["name"]: one["digest"]["sha512"] for one in fields["subject"]}
        read = Statement(fields["predicateType"], subjects, fields["predicate"])
        # Written again, it is the same only if each key stood there once, in order, and no other.
        is_ours = read.to_bytes() == content
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, DataError):
        raise NotAStatement("it is no statement as this toolkit writes them") from None
    if not is_ours:
        raise NotAStatement("it is not written as this toolkit writes statements (RFC 8785)")
    if read.predicate_type != predicate_type:
        raise NotAStatement("it is a statement of another kind")
    if any(problem_of(name) for name in subjects) or not all(
        _DIGEST.fullmatch(digest) for digest in subjects.values()
    ):
        raise NotAStatement("it names files or digests in a way that this toolkit does not")
    return read


def read_release(content: bytes) -> Statement:
    """Read `release.json`.

    Raises:
        NotAStatement: it is none, is written in another way, or says what no release says.
    """
    statement = read_statement(content, RELEASE)
    try:
        check_predicate(statement.predicate)
    except DataError as reason:
        raise NotAStatement(str(reason)) from None
    if not all(map(is_subject, statement.subjects)):
        raise NotAStatement("it names files that a statement cannot be about")
    if not internal_of(statement.predicate) <= set(statement.subjects):
        raise NotAStatement("it says that a file is internal, and does not state it")
    return statement


def read_signed(file: bytes, predicate_type: str) -> tuple[Statement, str]:
    """A signed statement and the public key whose signature holds for it.

    Raises:
        NotAStatement: it is no envelope of ours, the signature does not hold, or it is over
            something else.
    """
    try:
        envelope = read_envelope(file)
    except NotAnEnvelope as reason:
        raise NotAStatement(str(reason)) from None
    if envelope.payload_type != PAYLOAD_TYPE:
        raise NotAStatement("it signs something else than a statement")
    return read_statement(envelope.payload, predicate_type), envelope.public_key


def check_predicate(predicate: Mapping[str, Any]) -> None:
    """Refuse a predicate that a package cannot be read by.

    Raises:
        DataError: says which entry is missing or not right.
    """
    name, day, audit = predicate.get("id"), predicate.get("day"), predicate.get("audit")
    if not is_release_id(name):
        raise DataError(
            "the release's 'id' must be 1 to 100 letters, digits, dots, hyphens and underscores"
        )
    if not is_day(day):
        raise DataError("the release's 'day' must be a day, written YYYY-MM-DD")
    if "audit" in predicate and not is_audit_line(audit):
        raise DataError("the release's 'audit' must have the 'number' and 'digest' of a line")
    if not isinstance(predicate.get("one_person", False), bool):
        raise DataError("the release's 'one_person' must be true or false")
    internal = predicate.get("internal", [])
    if (
        not isinstance(internal, list | tuple)
        or not all(isinstance(one, str) and _may_be_internal(one) for one in internal)
        or len(set(internal)) != len(internal)
    ):
        raise DataError(
            f"the release's 'internal' must name files beside {PAYLOAD}, each once, and none of "
            "the bag's own"
        )


def internal_of(predicate: Mapping[str, Any]) -> frozenset[str]:
    """The files that are for those who sign, and do not travel."""
    return frozenset(predicate.get("internal", ()))


def _may_be_internal(name: str) -> bool:
    """The payload and what makes a bag of it are what the recipient gets."""
    needed = {DECLARATION, INFO, MANIFEST}
    return is_subject(name) and not name.startswith(PAYLOAD) and name not in needed


def is_release_id(value: object) -> bool:
    """Whether it can name a release, its files and its folder."""
    return isinstance(value, str) and bool(_ID.fullmatch(value)) and not problem_of(value)


def is_day(value: object) -> bool:
    """Whether it is a day, written ``YYYY-MM-DD``."""
    try:
        return isinstance(value, str) and dt.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def is_audit_line(value: object) -> bool:
    """Whether it is the place and digest of a line of an audit log."""
    return (
        isinstance(value, Mapping)
        and set(value) == {"number", "digest"}
        and type(value["number"]) is int
        and value["number"] > 0
        and isinstance(value["digest"], str)
        and bool(_DIGEST.fullmatch(value["digest"]))
    )


def canonical_json(value: Any) -> bytes:
    """JSON in the one way to write it (RFC 8785).

    Raises:
        DataError: it holds something that is no JSON, or a number that has no one way.
    """
    try:
        return rfc8785.dumps(value)
    except (ValueError, TypeError, RecursionError):
        raise DataError(
            "a statement holds what JSON has no one way to write; use texts, whole numbers below "
            "2^53, finite numbers, lists and objects"
        ) from None


def fault(name: str, problem: str) -> Fault:
    """A fault of a file of the package."""
    return Fault(name, 0, "", problem)
