"""The request: which pseudonyms, why, on which legal basis, for whom; signed by who asks.

A second person signs an approval of exactly these bytes. Both documents are files that may be sent;
the pseudonyms in a request are personal data, so it is written as a private file.

Source: ISO 25237:2017, clause 7 (controlled re-identification).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from hsr_privacy.errors import DataError
from hsr_privacy.keys import SigningKey
from hsr_privacy.keys.sealing import canonical
from hsr_privacy.pseudonymization.persons import compact, is_pseudonym

FORMAT: Final = "hsr-reidentification-request/v1"
APPROVAL: Final = "hsr-reidentification-approval/v1"
MOST_ROWS: Final = 100
"""Pseudonyms in one request; whoever needs more asks more than once, and each is on record."""

_DAYS: Final = 30
_LONGEST: Final = 400
_REQUEST, _APPROVE = "reidentification request", "reidentification approval"


@dataclass(frozen=True)
class Request:
    """What somebody asks for.

    Attributes:
        project_id: whose pseudonyms they are.
        requester: name, as the key ring trusts it.
        reason: why; no data of a person.
        legal_basis: that allows it.
        recipient: age public key to which the answer is sealed.
        expires: last day on which it may be answered.
        number: random, so that no two requests are the same.
        pseudonyms: as they were released.
    """

    project_id: str
    requester: str
    reason: str
    legal_basis: str
    recipient: str
    expires: dt.date
    number: str
    pseudonyms: tuple[str, ...] = field(repr=False)

    @property
    def content(self) -> bytes:
        """The bytes that are signed."""
        words = {**vars(self), "expires": self.expires.isoformat(), "format": FORMAT}
        return canonical({**words, "pseudonyms": list(self.pseudonyms)}).encode()

    @property
    def digest(self) -> str:
        """SHA-256 of those bytes, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


def ask(
    pseudonyms: Sequence[str],
    *,
    project_id: str,
    requester: str,
    reason: str,
    legal_basis: str,
    recipient: str,
    key: SigningKey,
    today: dt.date,
) -> str:
    """Write and sign a request.

    Raises:
        DataError: no pseudonym, too many, one that does not hold its check symbols (by its line),
            or a reason or legal basis that is missing or too long.
    """
    if not 1 <= len(pseudonyms) <= MOST_ROWS:
        raise DataError(f"a request is for 1 to {MOST_ROWS} pseudonyms, not {len(pseudonyms)}")
    wrong = [str(row) for row, one in enumerate(pseudonyms, 1) if not is_pseudonym(one)]
    if wrong:
        raise DataError(f"no pseudonym in line {', '.join(wrong)}: read it again from its source")
    words = {"reason": reason, "legal basis": legal_basis, "requester": requester}
    for name, text in words.items():
        if not text.strip() or len(text) > _LONGEST:
            raise DataError(f"the {name} is missing, or longer than {_LONGEST} characters")
    request = Request(
        project_id=project_id,
        requester=requester.strip(),
        reason=reason.strip(),
        legal_basis=legal_basis.strip(),
        recipient=recipient.strip(),
        expires=today + dt.timedelta(days=_DAYS),
        number=secrets.token_hex(16),
        pseudonyms=tuple(sorted(set(map(compact, pseudonyms)))),
    )
    signature = key.sign(_REQUEST, request.content)
    return _text({**json.loads(request.content), "signature": signature})


def read_request(document: str) -> tuple[Request, str]:
    """A request, and the signature under it, not verified yet.

    Raises:
        DataError: it is no request.
    """
    try:
        words: dict[str, Any] = json.loads(document)
        is_request = words.pop("format") == FORMAT
        signature = str(words.pop("signature"))
        words["expires"] = dt.date.fromisoformat(words["expires"])
        words["pseudonyms"] = tuple(map(str, words["pseudonyms"]))
        request = Request(**words)
    except (ValueError, KeyError, TypeError, AttributeError):
        is_request = False
    if not is_request:
        raise DataError("that is no request; give the file that hsr reidentify ask wrote")
    return request, signature


def approve(document: str, *, approver: str, key: SigningKey) -> str:
    """Sign that a request may be answered.

    Args:
        document: the request, as it was written.
        approver: name, as the key ring trusts it.

    Raises:
        DataError: it is no request, or the approver is who asks.
    """
    request, _ = read_request(document)
    if approver.strip() == request.requester:
        raise DataError("who asks cannot approve; a second person must")
    return _text(
        {
            "format": APPROVAL,
            "request": request.digest,
            "approver": approver.strip(),
            "signature": key.sign(_APPROVE, request.content),
        }
    )


def read_approval(document: str) -> tuple[str, str, str]:
    """Digest of the request, approver and signature of an approval.

    Raises:
        DataError: it is none.
    """
    try:
        words: dict[str, Any] = json.loads(document)
        found = tuple(str(words[name]) for name in ("request", "approver", "signature"))
        is_approval = words["format"] == APPROVAL
    except (ValueError, KeyError, TypeError, AttributeError):
        is_approval = False
    if not is_approval:
        raise DataError("that is no approval; give the file that hsr reidentify approve wrote")
    return found[0], found[1], found[2]


def _text(words: dict[str, Any]) -> str:
    return json.dumps(words, indent=2, ensure_ascii=False) + "\n"


PURPOSES: Final = (_REQUEST, _APPROVE)
"""What the two signatures are for."""
