"""The people of a verified package: who has not signed, and who should not have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hsr_privacy.errors import Fault
from hsr_privacy.keys.signing import fingerprint
from hsr_privacy.packaging.package import APPROVAL, PRODUCER
from hsr_privacy.packaging.result import PackageVerification, short
from hsr_privacy.packaging.statement import SIGNATURES, STATEMENT, fault

_TEST: Final = "test"
_REVIEWS: Final = f"{SIGNATURES}review-"
_NOBODY: Final = "nobody has approved this package; do not use it before"
_TWICE: Final = "the same person produced and approved it; somebody else must"


@dataclass(frozen=True)
class Told:
    """The public keys that whoever verifies was told of, another way than with the package.

    Attributes:
        must_sign: each of these must have signed.
        may_sign: these may have.
    """

    must_sign: tuple[str, ...] = ()
    may_sign: tuple[str, ...] = ()

    @property
    def keyids(self) -> frozenset[str]:
        """Fingerprints of all of them."""
        return frozenset(map(fingerprint, (*self.must_sign, *self.may_sign)))


def unsigned(one: PackageVerification, told: Told) -> Iterator[Fault]:
    """Who has not signed, asks for changes, is one person twice, or is a stranger.

    Args:
        one: what was found; a signature that is broken is told among its faults already.
        told: the keys that were given.
    """
    if not one.is_opened:
        yield from _named(one)
    elif one.release is not None:
        yield from _people(one)
    if told.keyids:
        yield from _strangers(one, told)


def _people(one: PackageVerification) -> Iterator[Fault]:
    """By the signatures of an opened package."""
    broken = {two.file for two in one.faults}
    if one.producer is None and PRODUCER not in broken:
        yield fault(PRODUCER, "nobody has signed this package as its producer; ask them")
    for review in one.reviews:
        if review.decision != "approve":
            yield fault(review.file, "it asks for changes; do not use the package before")
    if not one.is_one_person:
        yield from _others(one, broken)
    elif one.environment != _TEST:
        yield fault(STATEMENT, "it says that one person did everything; only with test data")


def _others(one: PackageVerification, broken: set[str]) -> Iterator[Fault]:
    """Whether others than who produced it have reviewed and approved it."""
    if one.approval is None:
        if APPROVAL not in broken:
            yield fault(APPROVAL, _NOBODY)
        return
    producer = None if one.producer is None else one.producer.keyid
    if one.approval.keyid == producer:
        yield fault(APPROVAL, _TWICE)
    is_reviewed = any(two.keyid != producer for two in one.reviews)
    if not is_reviewed and not any(name.startswith(_REVIEWS) for name in broken):
        yield fault(APPROVAL, "nobody but who produced it has reviewed it; somebody else must")


def _named(one: PackageVerification) -> Iterator[Fault]:
    """By the receipt of a sealed file, whose signatures are out of sight."""
    receipt = one.receipt
    if receipt is None or receipt.facts.get("environment") == _TEST:
        return
    if receipt.approver is None:
        yield fault(receipt.signer.file, _NOBODY)
    elif receipt.approver == receipt.producer:
        yield fault(receipt.signer.file, _TWICE)


def _strangers(one: PackageVerification, told: Told) -> Iterator[Fault]:
    """Signers that were not told of, and told ones that have not signed."""
    receipt = one.receipt
    signers = [one.producer, one.approval, None if receipt is None else receipt.signer]
    for who in signers:
        if who is not None and who.keyid not in told.keyids:
            yield fault(
                who.file, f"signed by {short(who.keyid)}, which is none of the keys you gave"
            )
    have = {who.keyid for who in (*signers, *one.reviews) if who is not None}
    if receipt is not None and not one.is_opened:
        # Who sealed it says who produced and approved it; to see their signatures, open it.
        for role, keyid in (("produced", receipt.producer), ("approved", receipt.approver)):
            if keyid is not None and keyid not in told.keyids:
                problem = f"{role} by {short(keyid)}, it says, which is none of the keys you gave"
                yield fault(receipt.signer.file, problem)
        have |= {receipt.producer, *filter(None, [receipt.approver])}
    for keyid in sorted({fingerprint(key) for key in told.must_sign} - have):
        yield fault(one.path, f"{short(keyid)}, whose key you gave, has not signed it")
