"""The result of verifying a package: what was found, who signed, and whether that is enough."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from hsr_privacy.errors import Fault, NotSignedFor, PackageBroken
from hsr_privacy.packaging.receipt import Receipt
from hsr_privacy.packaging.reviews import Signature, SignedReview

Kind = Literal["folder", "age", "zip"]


@dataclass(frozen=True)
class PackageVerification:
    """What verifying a package found.

    Attributes:
        path: as it was given.
        kind: ``folder``, ``age`` or ``zip``.
        is_opened: whether the files were looked at; a sealed file needs a key for that.
        release: name of the release; None where it cannot be read.
        is_one_person: the release says that one person did everything, as a demo may.
        environment: ``production`` or ``test``, as the application in the release says it; None
            where it does not.
        files: how many files were compared.
        bytes: their length in all.
        producer: who signed the package.
        reviews: those about this very package.
        approval: who approved it.
        receipt: of the sealed file.
        told: fingerprints of the keys that were given; empty if none was.
        faults: what is not as it was signed; any of them is `PackageBroken`.
        unsigned: who has not signed, asks for changes, or is one person twice; any of them is
            `NotSignedFor`.
    """

    path: str
    kind: Kind
    is_opened: bool
    release: str | None = None
    is_one_person: bool = False
    environment: str | None = None
    files: int = 0
    bytes: int = 0
    producer: Signature | None = None
    reviews: tuple[SignedReview, ...] = ()
    approval: SignedReview | None = None
    receipt: Receipt | None = None
    told: frozenset[str] = field(default_factory=frozenset)
    faults: tuple[Fault, ...] = ()
    unsigned: tuple[Fault, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults and not self.unsigned

    def require(self) -> None:
        """Refuse a package that does not hold.

        Raises:
            PackageBroken: it is not what was signed; a fault for each problem.
            NotSignedFor: it is, but not by whom it should be.
        """
        if self.faults:
            raise PackageBroken(
                f"{self.path} is not what was signed: {len(self.faults)} problem(s); do not use it",
                (*self.faults, *self.unsigned),
            )
        if self.unsigned:
            lines = "\n".join(f"  {one}" for one in self.unsigned)
            raise NotSignedFor(f"{self.path} is not signed by whom it should be\n{lines}")

    def to_json(self) -> dict[str, Any]:
        """The result for machines."""
        return {
            "path": self.path,
            "kind": self.kind,
            "opened": self.is_opened,
            "holds": self.holds,
            "release": self.release,
            "one_person": self.is_one_person,
            "environment": self.environment,
            "files": self.files,
            "bytes": self.bytes,
            "producer": _signer(self.producer, self.told),
            "reviews": [_signed_review(one, self.told) for one in self.reviews],
            "approval": None if self.approval is None else _signed_review(self.approval, self.told),
            "receipt": None if self.receipt is None else _receipt_json(self.receipt, self.told),
            "keys_given": sorted(self.told),
            "faults": [_fault_json(one) for one in self.faults],
            "unsigned": [_fault_json(one) for one in self.unsigned],
        }


def short(keyid: str) -> str:
    """A fingerprint as people compare it: its first 32 digits (128 bits) in groups of four.

    >>> short("9f86d081884c7d659a2feaa0c55ad015" * 2)
    '9f86 d081 884c 7d65 9a2f eaa0 c55a d015'
    """
    return " ".join(keyid[at : at + 4] for at in range(0, 32, 4))


def _signer(one: Signature | SignedReview | None, told: frozenset[str]) -> dict[str, Any] | None:
    if one is None:
        return None
    known = one.keyid in told if told else None
    return {"file": one.file, "keyid": one.keyid, "public_key": one.public_key, "given": known}


def _signed_review(one: SignedReview, told: frozenset[str]) -> dict[str, Any]:
    said = {
        "role": one.role,
        "decision": one.decision,
        "at": one.at,
        "comment": one.comment,
        "accepts": [{"finding": two.finding, "reason": two.reason} for two in one.accepts],
    }
    return {**(_signer(one, told) or {}), **said}


def _receipt_json(one: Receipt, told: frozenset[str]) -> dict[str, Any]:
    return {
        "release": one.release,
        "sealed_name": one.sealed_name,
        "sealed_sha512": one.sealed,
        "sealed_with": one.sealed_with,
        "recipients": list(one.recipients),
        "producer": one.producer,
        "approver": one.approver,
        "signer": _signer(one.signer, told),
        **one.facts,
    }


def _fault_json(one: Fault) -> dict[str, str]:
    return {"file": one.file, "problem": one.problem}
