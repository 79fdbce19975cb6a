"""Agree on a linkage key: each registry has a private half, and sends the other its public half.

The key of the two is HKDF-SHA256 of their X25519 secret, bound to both public halves, both
registries and the project: nobody who sees the documents that were sent can make it. That
they came from each other is heard by telephone: the fingerprint, and afterwards the check value.

Source: RFC 7748 (X25519), RFC 5869 (HKDF).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from hsr_privacy.errors import DataError, KeyRingError
from hsr_privacy.keys import KeyRing, ProjectKey, Secret
from hsr_privacy.keys.contents import Contents, stamp
from hsr_privacy.keys.derivation import check_value, derive
from hsr_privacy.keys.linkages import Linkage
from hsr_privacy.keys.sealing import canonical, to_bytes, to_text

FORMAT: Final = "hsr-linkage-public/v1"
ALGORITHM: Final = "hmac-sha256-128"
_KEY_BYTES: Final = 32


@dataclass(frozen=True)
class Public:
    """What a registry sends the other.

    Attributes:
        project_id: the project, by the case number that both know.
        registry_id: who sends it.
        key: public half of X25519, base64.
    """

    project_id: str
    registry_id: str
    key: str

    @property
    def fingerprint(self) -> str:
        """Four groups of four hex digits, to be compared by telephone."""
        digest = hashlib.sha256(canonical(self.as_json()).encode()).hexdigest()
        return " ".join(digest[at : at + 4] for at in range(0, 16, 4))

    def as_json(self) -> dict[str, str]:
        """The document itself."""
        return {
            "format": FORMAT,
            "project": self.project_id,
            "registry": self.registry_id,
            "public_key": self.key,
        }


def begin(ring: KeyRing, project_id: str, *, now: datetime | None = None) -> Public:
    """Draw the private half for a project into the key ring, and give the public one.

    Raises:
        KeyRingError: the linkage of that project was begun before, or destroyed.
    """
    if _find(ring.contents, project_id) is not None:
        raise KeyRingError(
            f"the linkage of project {project_id!r} was begun already; see hsr linkage public"
        )
    private = Secret(X25519PrivateKey.generate().private_bytes_raw())
    begun = Linkage(project_id, stamp(now or datetime.now(UTC)), private)
    ring.change(lambda held: replace(held, linkages=(*held.linkages, begun)))
    return public_document(ring, project_id)


def public_document(ring: KeyRing, project_id: str) -> Public:
    """The public half of a linkage that was begun.

    Raises:
        KeyRingError: it was not begun, or was destroyed.
    """
    own = _private(ring, project_id).public_key().public_bytes_raw()
    return Public(project_id, ring.registry_id, to_text(own))


def agree(ring: KeyRing, project_id: str, document: str) -> ProjectKey:
    """Take in the other registry's public document, and give the key that both now have.

    Raises:
        DataError: it is no such document, of another project, of this registry itself, or its key
            is one that gives no secret.
        KeyRingError: another document was agreed before, or the linkage was destroyed.
    """
    partner = _read(document)
    own = public_document(ring, project_id)
    if partner.project_id != project_id:
        raise DataError(f"that document is for another project, not for {project_id!r}")
    if partner.key == own.key or partner.registry_id == own.registry_id:
        raise DataError("that is this registry's own document; take in the other registry's")
    linkage = _open(ring, project_id)
    text = canonical(partner.as_json())
    if linkage.partner not in {"", text}:
        raise KeyRingError(
            f"the linkage of project {project_id!r} was agreed with another document; destroy it "
            "and begin again if that was a mistake"
        )
    key = _derive(ring, own, partner)
    _change(ring, replace(linkage, partner=text))
    return key


def agreed_key(ring: KeyRing, project_id: str) -> ProjectKey:
    """The key of a linkage that both have agreed on; its purpose is ``linkage``.

    Raises:
        KeyRingError: it was not begun, not agreed, or was destroyed.
    """
    linkage = _open(ring, project_id)
    if not linkage.partner:
        raise KeyRingError(
            f"the linkage of project {project_id!r} is not agreed yet; take in the other "
            "registry's document with hsr linkage agree"
        )
    return _derive(ring, public_document(ring, project_id), _read(linkage.partner))


def registries(ring: KeyRing, project_id: str) -> tuple[str, str]:
    """The two registries of an agreed linkage, in one order for both."""
    one, other = sorted((ring.registry_id, _read(_open(ring, project_id).partner).registry_id))
    return one, other


def note_compared(ring: KeyRing, project_id: str, digest: str) -> None:
    """Remember which profile of the partner was found equal."""
    _change(ring, replace(_open(ring, project_id), compared=digest))


def is_compared(ring: KeyRing, project_id: str) -> bool:
    """Whether the partner's profile was found equal."""
    return bool(_open(ring, project_id).compared)


def destroy(ring: KeyRing, project_id: str, *, now: datetime | None = None) -> str:
    """Destroy this registry's half, and with it the key; gives when.

    Copies of the key ring hold it still; replace them too.

    Raises:
        KeyRingError: it was not begun, or is destroyed already.
    """
    moment = stamp(now or datetime.now(UTC))
    linkage = _open(ring, project_id)
    _change(ring, replace(linkage, private=None, destroyed=moment))
    return moment


def _derive(ring: KeyRing, own: Public, partner: Public) -> ProjectKey:
    try:
        other = X25519PublicKey.from_public_bytes(to_bytes(partner.key))
        shared = Secret(_private(ring, own.project_id).exchange(other))
    except ValueError:
        raise DataError(
            "the public key in that document gives no secret; ask the other registry for a new one"
        ) from None
    ordered = sorted((own, partner), key=lambda one: one.key)
    halves = b"".join(to_bytes(one.key) for one in ordered)
    salt = Secret(hashlib.sha256(halves).digest())
    labels = ("linkage", own.project_id, *(one.registry_id for one in ordered), ALGORITHM)
    return ProjectKey(
        project_id=own.project_id,
        purpose="linkage",
        subject="national-id",
        algorithm=ALGORITHM,
        version=1,
        check_value=check_value(shared, *labels, salt=salt),
        secret=derive(shared, *labels, salt=salt),
    )


def _read(document: str) -> Public:
    try:
        read: dict[str, Any] = json.loads(document)
        names = ("project", "registry", "public_key")
        project, registry, key = (str(read[name]) for name in names)
        good = read["format"] == FORMAT and len(to_bytes(key)) == _KEY_BYTES
    except (ValueError, KeyError, TypeError):
        good = False
    if not good:
        raise DataError(
            "that is no public linkage document; ask the other registry for the file that "
            "hsr linkage new wrote"
        )
    return Public(project, registry, key)


def _private(ring: KeyRing, project_id: str) -> X25519PrivateKey:
    private = _open(ring, project_id).private
    assert private is not None
    return X25519PrivateKey.from_private_bytes(private.unsafe_bytes())


def _open(ring: KeyRing, project_id: str) -> Linkage:
    linkage = _find(ring.contents, project_id)
    if linkage is None:
        raise KeyRingError(
            f"no linkage of project {project_id!r} was begun; run hsr linkage new first"
        )
    if linkage.destroyed:
        raise KeyRingError(
            f"the linkage of project {project_id!r} was destroyed on {linkage.destroyed[:10]}; "
            "nothing can be linked by it any more"
        )
    return linkage


def _find(held: Contents, project_id: str) -> Linkage | None:
    return next((one for one in held.linkages if one.project_id == project_id), None)


def _change(ring: KeyRing, after: Linkage) -> None:
    ring.change(
        lambda held: replace(
            held,
            linkages=tuple(
                after if one.project_id == after.project_id else one for one in held.linkages
            ),
        )
    )
