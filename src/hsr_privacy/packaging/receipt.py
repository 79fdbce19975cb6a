"""The receipt: what was sealed for whom, by digests and fingerprints, without personal data.

An in-toto Statement about the sealed file, `release.json` and the bag's manifest, signed by whoever
sealed it, in a DSSE envelope.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hsr_privacy.errors import DataError, LeaksFound, PackageBroken
from hsr_privacy.keys.signing import fingerprint
from hsr_privacy.packaging.reviews import Signature, check_text
from hsr_privacy.packaging.statement import (
    MANIFEST,
    STATEMENT,
    NotAStatement,
    Statement,
    fault,
    is_audit_line,
    is_day,
    is_release_id,
    read_signed,
)

RECEIPT: Final = "urn:hsr-privacy:receipt:v1"
SUFFIX: Final = ".receipt.json"
_NEEDED: Final = {"day", "deletion_date", "audit", "software"}
_ALLOWED: Final = _NEEDED | {"case_number", "environment"}
_PREDICATE: Final = {"release", "sealed_with", "recipients", "producer", "approver"}
_KEYID: Final = re.compile(r"[0-9a-f]{64}")
_LONGEST_TEXT: Final = 200
_OF_APPLICATION: Final = ("deletion_date", "case_number", "environment")


@dataclass(frozen=True)
class Receipt:
    """What a receipt says; its signature holds, whether to trust who signed is not said.

    Attributes:
        release: name of the release.
        sealed_name: of the sealed file when it was sealed.
        sealed: SHA-512 of the sealed file.
        statement: SHA-512 of `release.json`.
        manifest: SHA-512 of the bag's manifest.
        sealed_with: ``age`` or ``zip``.
        recipients: fingerprints of the age public keys it was sealed to; none for a zip.
        producer: fingerprint of the key that signed as producer.
        approver: of the key that approved; None where nobody did.
        facts: what the caller of `seal` gave: ``day``, ``deletion_date``, ``audit``, ``software``.
        signer: who sealed it; its ``file`` is the receipt.
    """

    release: str
    sealed_name: str
    sealed: str
    statement: str
    manifest: str
    sealed_with: str
    recipients: tuple[str, ...]
    producer: str
    approver: str | None
    facts: Mapping[str, Any]
    signer: Signature


def receipt_statement(
    *,
    release: str,
    sealed: tuple[str, str],
    statement: str,
    manifest: str,
    sealed_with: str,
    recipients: Sequence[str],
    signers: tuple[str, str | None],
    facts: Mapping[str, Any],
) -> Statement:
    """What is signed.

    Args:
        release: name of the release.
        sealed: name and SHA-512 of the sealed file.
        statement: SHA-512 of `release.json`.
        manifest: SHA-512 of the bag's manifest.
        sealed_with: ``age`` or ``zip``.
        recipients: fingerprints of their keys.
        signers: fingerprints of the producer's and the approver's keys.
        facts: see `check_facts`.
    """
    subjects = {sealed[0]: sealed[1], STATEMENT: statement, MANIFEST: manifest}
    said = {
        "release": release,
        "sealed_with": sealed_with,
        "recipients": sorted(recipients),
        "producer": signers[0],
        "approver": signers[1],
    }
    return Statement(RECEIPT, subjects, {**facts, **said})


def check_facts(facts: Mapping[str, Any]) -> None:
    """Refuse facts that a receipt cannot hold: it is kept by others, and holds no personal data.

    Args:
        facts: ``day`` and ``deletion_date`` (``YYYY-MM-DD``), ``audit`` (``number`` and ``digest``
            of the log's last line), ``software`` (versions by name); and, if wanted,
            ``case_number`` and ``environment``. Nothing else.

    Raises:
        DataError: says which is missing, strange or not right.
        LeaksFound: a text has eleven digits in a row.
    """
    missing, strange = sorted(_NEEDED - set(facts)), sorted(set(facts) - _ALLOWED)
    if missing or strange:
        raise DataError(
            f"a receipt says {', '.join(sorted(_ALLOWED))}; missing: {', '.join(missing) or 'none'}"
            f"; not for a receipt: {', '.join(strange) or 'none'}"
        )
    software = facts["software"]
    texts = [facts[name] for name in ("case_number", "environment") if name in facts]
    is_right = (
        is_day(facts["day"])
        and is_day(facts["deletion_date"])
        and is_audit_line(facts["audit"])
        and isinstance(software, Mapping)
        and all(isinstance(one, str) and len(one) <= _LONGEST_TEXT for one in software.values())
        and all(isinstance(one, str) and len(one) <= _LONGEST_TEXT for one in texts)
    )
    if not is_right:
        raise DataError(
            "a receipt's days are written YYYY-MM-DD, its audit line has number and digest, its "
            "software is versions by name, its other texts are short"
        )
    for text in texts:
        check_text(text, "a text of the receipt")


def contradictions(facts: Mapping[str, Any], application: Mapping[str, Any]) -> tuple[str, ...]:
    """Which facts of a receipt are not what the application says, where both say it."""
    return tuple(
        name
        for name in _OF_APPLICATION
        if name in facts and name in application and facts[name] != application[name]
    )


def read_receipt(path: Path) -> Receipt:
    """Read a receipt and verify its signature; only the one way to write it is read.

    Raises:
        PackageBroken: there is none, or it is not as it was written.
    """
    if not path.is_file():
        raise PackageBroken(f"{path}: there is no such receipt; ask for it", ())
    try:
        return _receipt(*read_signed(path.read_bytes(), RECEIPT), path)
    except OSError:
        problem = "it cannot be read"
    except NotAStatement as reason:
        problem = str(reason)
    found = fault(path.name, f"{problem}; ask for the receipt again")
    raise PackageBroken(f"{path} is no receipt", [found])


def _receipt(statement: Statement, public_key: str, path: Path) -> Receipt:
    said, subjects = dict(statement.predicate), dict(statement.subjects)
    strange = NotAStatement("it says what no receipt says")
    facts = {name: said[name] for name in said.keys() - _PREDICATE}
    names = subjects.keys() - {STATEMENT, MANIFEST}
    if not said.keys() >= _PREDICATE or len(names) != 1 or len(subjects) != 3:
        raise strange
    try:
        check_facts(facts)
    except (DataError, LeaksFound):
        raise strange from None
    recipients, approver = said["recipients"], said["approver"]
    keyids = [said["producer"], *([] if approver is None else [approver])]
    if (
        not isinstance(recipients, list)
        or not all(isinstance(one, str) and _KEYID.fullmatch(one) for one in recipients + keyids)
        or said["sealed_with"] not in {"age", "zip"}
        or not is_release_id(said["release"])
    ):
        raise strange
    (name,) = names
    return Receipt(
        release=said["release"],
        sealed_name=name,
        sealed=subjects[name],
        statement=subjects[STATEMENT],
        manifest=subjects[MANIFEST],
        sealed_with=said["sealed_with"],
        recipients=tuple(recipients),
        producer=said["producer"],
        approver=approver,
        facts=facts,
        signer=Signature(path.name, fingerprint(public_key), public_key),
    )
