"""Reviews: what somebody has said of a release, signed, about the digest of its statement.

A review is about one `release.json`, byte by byte. When a file of the package changes, the statement
does, and every review is about something that is no longer there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from hsr_privacy.errors import DataError, LeaksFound
from hsr_privacy.keys.contents import stamp
from hsr_privacy.packaging.statement import STATEMENT, Statement

REVIEW: Final = "urn:hsr-privacy:review:v1"
LONGEST_COMMENT: Final = 400
Role = Literal["review", "approval"]
Decision = Literal["approve", "request-changes"]
_ROLES: Final = ("review", "approval")
_DECISIONS: Final = ("approve", "request-changes")
_DIGITS: Final = re.compile(r"\d(?:[\s.\-‐-―]?\d){10}")
_FINDING: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}")
_KEYID: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Acceptance:
    """A finding that whoever signs accepts, and why."""

    finding: str
    reason: str


@dataclass(frozen=True)
class Review:
    """What somebody says of a release.

    Attributes:
        role: ``review``, or ``approval`` of whoever answers for the release.
        decision: an approval approves; a review may ask for changes.
        comment: one line of at most 400 characters; nothing that names a person.
        accepts: findings that are accepted, each with a reason.
    """

    role: Role
    decision: Decision
    comment: str = ""
    accepts: tuple[Acceptance, ...] = ()


@dataclass(frozen=True)
class Signature:
    """Whose signature it is, and in which file of the package it lies."""

    file: str
    keyid: str
    public_key: str


@dataclass(frozen=True)
class SignedReview:
    """A review whose signature holds; nothing is said of whether to trust who signed.

    Attributes:
        file: where it lies in the package.
        keyid: fingerprint of the key, SHA-256 in hexadecimal.
        public_key: of whoever signed.
        role: ``review`` or ``approval``.
        decision: ``approve`` or ``request-changes``.
        at: when, RFC 3339 in UTC, by the clock of whoever signed.
        comment: free text.
        accepts: findings that are accepted.
        rests_on: of an approval: keyid and SHA-512 of the file of each review that was there.
        is_about_this: whether it is about the very `release.json` of the package.
        sha512: of the file.
    """

    file: str
    keyid: str
    public_key: str
    role: Role
    decision: Decision
    at: str
    comment: str
    accepts: tuple[Acceptance, ...]
    rests_on: Mapping[str, str]
    is_about_this: bool
    sha512: str


class NotAReview(Exception):
    """A statement is no review of ours."""


def review_statement(
    review: Review, *, about: str, rests_on: Mapping[str, str], now: datetime
) -> Statement:
    """The statement that is signed.

    Args:
        review: what is said.
        about: SHA-512 of `release.json`.
        rests_on: reviews that an approval has seen: keyid and SHA-512 of each file.
        now: when.

    Raises:
        DataError: the role, the decision, a finding or a text cannot stand in a review.
        LeaksFound: a text has eleven digits in a row, as a national identifier has.
    """
    _check(review)
    predicate = {
        "role": review.role,
        "decision": review.decision,
        "at": stamp(now),
        "comment": review.comment,
        "accepts": [{"finding": one.finding, "reason": one.reason} for one in review.accepts],
        "rests_on": dict(rests_on),
    }
    return Statement(REVIEW, {STATEMENT: about}, predicate)


def read_review(statement: Statement) -> tuple[Review, str, Mapping[str, str]]:
    """What a statement says: the review, when, and what it rests on.

    Raises:
        NotAReview: it says something else, or in another way.
    """
    said: Mapping[str, Any] = statement.predicate
    try:
        accepts = tuple(Acceptance(one["finding"], one["reason"]) for one in said["accepts"])
        review = Review(said["role"], said["decision"], said["comment"], accepts)
        at = datetime.strptime(said["at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        rests_on = dict(said["rests_on"])
        about = statement.subjects[STATEMENT]
        again = review_statement(review, about=about, rests_on=rests_on, now=at)
    except (ValueError, KeyError, TypeError, AttributeError, DataError, LeaksFound):
        raise NotAReview from None
    if again.to_bytes() != statement.to_bytes() or not all(
        _KEYID.fullmatch(keyid) and isinstance(digest, str) for keyid, digest in rests_on.items()
    ):
        raise NotAReview
    return review, said["at"], rests_on


def check_text(text: str, what: str) -> None:
    """Refuse a text that should not stand where it cannot be taken back.

    Raises:
        DataError: it is longer than 400 characters, or not one line of plain text.
        LeaksFound: it has eleven digits in a row, as a national identifier has.
    """
    if len(text) > LONGEST_COMMENT:
        raise DataError(f"{what} is longer than {LONGEST_COMMENT} characters; shorten it")
    if not text.isprintable():  # a line break could forge what is printed below it
        raise DataError(f"{what} must be one line of plain text; write it without line breaks")
    if _DIGITS.search(unicodedata.normalize("NFKC", text)):
        raise LeaksFound(
            f"{what} has eleven digits in a row, as a national identifier has; write it without"
        )


def _check(review: Review) -> None:
    if review.role not in _ROLES or review.decision not in _DECISIONS:
        raise DataError(
            f"a review's role is one of {', '.join(_ROLES)}; its decision one of "
            f"{', '.join(_DECISIONS)}"
        )
    if review.role == "approval" and review.decision != "approve":
        raise DataError("an approval approves; whoever wants changes signs a review")
    check_text(review.comment, "the comment")
    findings = [one.finding for one in review.accepts]
    if len(set(findings)) != len(findings) or not all(map(_FINDING.fullmatch, findings)):
        raise DataError("a finding is accepted once, by its id: letters, digits and . _ : / -")
    for one in review.accepts:
        check_text(one.reason, f"the reason for accepting {one.finding}")
        if not one.reason.strip():
            raise DataError(f"say why {one.finding} is accepted; an acceptance needs a reason")
