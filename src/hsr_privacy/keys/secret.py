"""Bytes that must not be printed, logged, pickled or copied by accident."""

from __future__ import annotations

import hmac
import unicodedata
from typing import NoReturn


class Secret:
    """A key, salt or passphrase that shows its length and nothing else.

    Two secrets are compared in constant time. A secret has no hash (it is no dictionary key),
    is not pickled (so it does not travel in a query plan or to a worker unseen) and is not
    deep-copied. Whoever needs the bytes says so by `unsafe_bytes`.

    >>> Secret(b"sixteen bytes ..")
    <secret, 16 bytes>
    """

    __slots__ = ("_bytes",)
    # As the language has it for what must be no key and in no set; typeshed says it is a method.
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, value: bytes) -> None:
        self._bytes = bytes(value)

    @classmethod
    def of_text(cls, text: str) -> Secret:
        """A passphrase as bytes: UTF-8 of its composed form, so that keyboards agree on æ, ø, å."""
        return cls(unicodedata.normalize("NFC", text).encode())

    def unsafe_bytes(self) -> bytes:
        """The bytes themselves; keep them out of messages, plans, files and arguments."""
        return self._bytes

    def __len__(self) -> int:
        return len(self._bytes)

    def __repr__(self) -> str:
        return f"<secret, {len(self._bytes)} bytes>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._bytes, other._bytes)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is not pickled or deep-copied; unsafe_bytes() is the way out")
