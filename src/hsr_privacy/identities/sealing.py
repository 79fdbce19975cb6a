"""Sealing: what finds an identifier again, and what only the key holder reads."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV

from hsr_privacy.errors import IdentityStoreError
from hsr_privacy.keys import KeyRing

_NONCE_BYTES: Final = 12
_DOMAINS: Final = {
    "identifier": b"hsr identity",
    "record": b"hsr record",
    "claim": b"hsr claim",
    "check": b"hsr check",
}


class Sealing:
    """The keys of one store, at work; shows nothing of them."""

    def __init__(self, ring: KeyRing, *, version: int) -> None:
        self.version: Final = version
        lookup = ring.register_key("identity-lookup", version=version)
        body = ring.register_key("identity-body", version=version)
        self._siv = AESSIV(lookup.secret.unsafe_bytes())
        self._gcm = AESGCM(body.secret.unsafe_bytes())

    def tag(self, text: str, domain: str = "identifier") -> bytes:
        """What finds a text again: equal for equal texts of one domain, and nothing else."""
        return self._siv.encrypt(text.encode(), [_DOMAINS[domain]])

    def tags(self, texts: Iterable[str], *, domain: str = "identifier") -> dict[str, bytes]:
        """Each text with its tag, in the order in which a store holds them."""
        bound, seal = [_DOMAINS[domain]], self._siv.encrypt
        made = {text: seal(text.encode(), bound) for text in texts}
        return dict(sorted(made.items(), key=itemgetter(1)))

    @property
    def check(self) -> bytes:
        """What tells whether a store was made with these keys."""
        return self.tag("hsr check", "check")

    def seal(self, words: Mapping[str, Any], bound_to: bytes) -> bytes:
        """Words that only the key holder reads, and only beside what they are bound to."""
        return self.seal_text(json.dumps(words), bound_to)

    def seal_text(self, words: str, bound_to: bytes) -> bytes:
        """The same for words that are JSON already."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._gcm.encrypt(nonce, words.encode(), bound_to)

    def open(self, sealed: bytes, bound_to: bytes) -> dict[str, Any]:
        """The words.

        Raises:
            IdentityStoreError: they were altered, or moved to another row.
        """
        nonce, body = bytes(sealed[:_NONCE_BYTES]), bytes(sealed[_NONCE_BYTES:])
        try:
            words: dict[str, Any] = json.loads(self._gcm.decrypt(nonce, body, bytes(bound_to)))
        except InvalidTag:
            raise IdentityStoreError(
                "a row of the identity store is not as it was written; take a backup"
            ) from None
        return words
