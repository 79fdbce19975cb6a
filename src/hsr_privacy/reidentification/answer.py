"""The answer: every condition is verified, it is written down, and only then anything is looked up.

(1) The request is signed by somebody whom the key ring trusts, under the name it states.
(2) Another trusted person, with another key, has signed exactly this request.
(3) It is in force, and was never answered before.
(4) It is for few enough pseudonyms.
(5) The audit log has a line about it.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from hsr_privacy.errors import DataError, Refusal
from hsr_privacy.identities import IdentityStore, Known
from hsr_privacy.keys import AuditLog, KeyRing
from hsr_privacy.keys.key import Algorithm
from hsr_privacy.keys.recipients import seal_to
from hsr_privacy.keys.signing import is_signed
from hsr_privacy.pseudonymization.persons import persons_behind
from hsr_privacy.reidentification.request import (
    MOST_ROWS,
    PURPOSES,
    Request,
    read_approval,
    read_request,
)

ACT: Final = "reidentify"
_ALGORITHMS: Final[tuple[Algorithm, ...]] = ("hmac-sha256-128", "aes256-cmac")


@dataclass(frozen=True)
class Answer:
    """What a request gave.

    Attributes:
        sealed: the answer, for the request's recipient alone.
        found: pseudonyms whose person is known.
        unidentified: pseudonyms of persons of whom no identifier is known.
        unknown: pseudonyms that are nobody's in this project.
        line: of the audit log.
    """

    sealed: bytes = field(repr=False)
    found: int
    unidentified: int
    unknown: int
    line: int


def answer(
    document: str, approval: str, *, ring: KeyRing, store: IdentityStore, today: dt.date
) -> Answer:
    """Verify a request and its approval, record it, and seal what was asked for.

    Args:
        document: the request.
        approval: of a second person.
        ring: of the register; says whose signature counts.
        store: who is whom.
        today: the day on which the request must be in force.

    Raises:
        DataError: a document is none.
        Refusal: a condition does not hold; says which.
        KeyRingError: the project has no key, or its key was destroyed.
    """
    request, signature = read_request(document)
    log = AuditLog(ring)
    approver = _verify(request, signature, approval, ring=ring)
    if today > request.expires:
        raise Refusal(f"the request expired on {request.expires}; write a new one")
    if not 1 <= len(request.pseudonyms) <= MOST_ROWS:
        raise Refusal(f"a request is for 1 to {MOST_ROWS} pseudonyms")
    if any(
        entry.act == ACT and entry.details.get("request") == request.digest
        for entry in log.entries()
    ):
        raise Refusal("this request was answered before; write a new one")
    keys = [ring.project_key(request.project_id, algorithm=one) for one in _ALGORITHMS]
    line = log.record(
        ACT,
        {
            "project": request.project_id,
            "request": request.digest,
            "requester": request.requester,
            "approver": approver,
            "reason": request.reason,
            "legal basis": request.legal_basis,
            "pseudonyms": len(request.pseudonyms),
        },
    )
    everybody = list(store.person_keys())
    numbers = ring.project_key(request.project_id, purpose="running-number")
    numbered = store.numbers(numbers).everybody()
    persons = {text: numbered[text] for text in request.pseudonyms if text in numbered}
    for key in keys:
        persons |= persons_behind(request.pseudonyms, keys=everybody, key=key)
    known = store.current_identifiers(set(persons.values()))
    identified = {text: known[person] for text, person in persons.items() if known[person]}
    return Answer(
        sealed=seal_to([request.recipient], _written(identified)),
        found=len(identified),
        unidentified=len(persons) - len(identified),
        unknown=len(request.pseudonyms) - len(persons),
        line=line.number,
    )


def _verify(request: Request, signature: str, approval: str, *, ring: KeyRing) -> str:
    """(1) and (2): who signed what; gives the name of the approver."""
    trusted = {person.name: person.public_key for person in ring.contents.people}
    asking, approving = PURPOSES
    own = trusted.get(request.requester)
    if own is None or not is_signed(own, asking, request.content, signature):
        raise Refusal(
            "the request is not signed by somebody whom this key ring trusts under that name; "
            "see hsr keys trust"
        )
    digest, approver, second = read_approval(approval)
    if digest != request.digest:
        raise DataError("that approval is of another request")
    other = trusted.get(approver)
    if other is None or not is_signed(other, approving, request.content, second):
        raise Refusal(
            "the approval is not signed by somebody whom this key ring trusts under that name; "
            "see hsr keys trust"
        )
    if approver == request.requester or other == own:
        raise Refusal("who asks cannot approve; a second person must")
    return approver


def _written(identified: dict[str, list[Known]]) -> bytes:
    text = io.StringIO(newline="")
    rows: Iterable[list[str]] = (
        [pseudonym, one.identifier, one.sighting.kind, one.valid_from.isoformat()]
        for pseudonym, known in sorted(identified.items())
        for one in known
    )
    csv.writer(text, delimiter=";", lineterminator="\n").writerows(
        [["pseudonym", "identifier", "kind", "first seen"], *rows]
    )
    return text.getvalue().encode()
