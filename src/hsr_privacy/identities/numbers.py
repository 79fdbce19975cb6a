"""Running numbers: which short number is whose in one project, readable by that project's key only.

The key goes with the project: once it is destroyed, nobody can tell whose a number was, and the same
project can never be numbered again.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final, TypeAlias

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hsr_privacy.errors import IdentityStoreError
from hsr_privacy.identities.database import AT_ONCE
from hsr_privacy.identities.rows import Rows
from hsr_privacy.identities.tables import NUMBER
from hsr_privacy.keys import ProjectKey, Secret
from hsr_privacy.keys.derivation import derive

Draw: TypeAlias = Callable[[int, Collection[str]], Sequence[str]]
"""Draws so many numbers that are none of those given out before."""

_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16


class Numbers:
    """The numbers of one project among the rows of a store."""

    def __init__(self, rows: Rows, key: ProjectKey) -> None:
        secret, salt = Secret(key.unsafe_bytes()), Secret(b"hsr-privacy running numbers")
        self._rows = rows
        self._finder = derive(secret, "finder", salt=salt).unsafe_bytes()
        self._gcm = AESGCM(derive(secret, "body", salt=salt).unsafe_bytes())
        self._project = self._tag(b"project")

    def known(self, persons: Collection[bytes]) -> dict[bytes, str]:
        """The numbers of those of these persons who have one."""
        person_of = {self._tag(person): person for person in persons}
        tags, found = sorted(person_of), {}
        for at in range(0, len(tags), AT_ONCE):
            some = sa.select(NUMBER).where(NUMBER.c.tag.in_(tags[at : at + AT_ONCE]))
            for row in self._rows.select(some):
                found[person_of[bytes(row.tag)]] = self._open(row.body, row.tag)["number"]
        return found

    def give(self, persons: Collection[bytes], draw: Draw) -> dict[bytes, str]:
        """The numbers of these persons; those who have none are given one now."""
        known = self.known(persons)
        new = sorted(set(persons) - set(known))
        if new:
            drawn = draw(len(new), self.everybody())
            self._add(dict(zip(new, drawn, strict=True)))
            known |= dict(zip(new, drawn, strict=True))
        return known

    def everybody(self) -> dict[str, bytes]:
        """Every number of the project, and whose it is."""
        rows = self._rows.select(sa.select(NUMBER).where(NUMBER.c.project == self._project))
        opened = (self._open(row.body, row.tag) for row in rows)
        return {words["number"]: bytes.fromhex(words["person"]) for words in opened}

    def _add(self, numbers: Mapping[bytes, str]) -> None:
        rows = []
        for person, number in numbers.items():
            tag, nonce = self._tag(person), secrets.token_bytes(_NONCE_BYTES)
            words = json.dumps({"number": number, "person": person.hex()}).encode()
            body = nonce + self._gcm.encrypt(nonce, words, tag)
            rows.append({"tag": tag, "project": self._project, "body": body})
        self._rows.run(sa.insert(NUMBER), rows)

    def _tag(self, text: bytes) -> bytes:
        return hmac.digest(self._finder, text, "sha256")[:_TAG_BYTES]

    def _open(self, sealed: bytes, tag: bytes) -> dict[str, str]:
        nonce, body = bytes(sealed[:_NONCE_BYTES]), bytes(sealed[_NONCE_BYTES:])
        try:
            words: dict[str, str] = json.loads(self._gcm.decrypt(nonce, body, bytes(tag)))
        except InvalidTag:
            raise IdentityStoreError(
                "a running number in the identity store is not as it was written; take a backup"
            ) from None
        return words
