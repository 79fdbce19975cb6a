"""Locks: each of them opens the content key of one key ring file, in its own way.

A ring has one lock for daily use: a passphrase, a secret in the keyring of the desktop, or a key
inside a PKCS#11 token. A second lock may be opened by shares, k of n people together. The
content key is new whenever the lock for daily use is: who knew an old passphrase and has an old
copy of the file cannot open the new one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hsr_privacy.keys.derivation import derive, encode
from hsr_privacy.keys.sealing import (
    NONCE_BYTES,
    DoesNotOpen,
    canonical,
    decrypt,
    to_bytes,
    to_text,
)
from hsr_privacy.keys.secret import Secret
from hsr_privacy.keys.stretching import Stretching

Custody = Literal["passphrase", "keyring", "token"]
Kind = Literal["passphrase", "keyring", "token", "shares"]

KEY_BYTES: Final = 32
_SALT_BYTES: Final = 32
_SHORTEST_SALT: Final = 16
_SETTINGS: Final[dict[str, frozenset[str]]] = {
    "passphrase": frozenset({"kdf", "cost", "memory_kib", "lanes", "salt"}),
    "keyring": frozenset({"salt"}),
    "token": frozenset({"module", "token", "salt"}),
    "shares": frozenset({"threshold", "shares", "salt"}),
}


@dataclass(frozen=True)
class Lock:
    """One way to the content key.

    Attributes:
        kind: what opens it.
        settings: what is needed to find the lock's key again; not secret.
        wrapped: nonce and content key under the lock's key.
    """

    kind: Kind
    settings: Mapping[str, Any]
    wrapped: bytes

    @property
    def salt(self) -> bytes:
        """The random part of the settings."""
        return to_bytes(self.settings["salt"])

    @property
    def custody(self) -> Custody:
        """What opens it day by day.

        Raises:
            DoesNotOpen: it is a lock for shares.
        """
        if self.kind == "shares":
            raise DoesNotOpen
        return self.kind

    @property
    def stretching(self) -> Stretching:
        """What a guess costs, where the lock is opened by a passphrase."""
        kdf = self.settings
        return Stretching(kdf["kdf"], kdf["cost"], kdf["memory_kib"], kdf["lanes"])

    def open(self, key: Secret, file_id: str) -> Secret:
        """The content key.

        Args:
            key: the lock's own key, see `key_of_passphrase` and its neighbours.
            file_id: of the key ring; a lock moved to another file does not open.

        Raises:
            DoesNotOpen: another key, or altered bytes.
        """
        nonce, sealed = self.wrapped[:NONCE_BYTES], self.wrapped[NONCE_BYTES:]
        context = _context(file_id, self.kind, self.settings)
        return Secret(decrypt(key, nonce, sealed, bound_to=context))

    def as_json(self) -> dict[str, Any]:
        """What stands in the header."""
        return {"kind": self.kind, "wrapped": to_text(self.wrapped), **self.settings}


def new_salt() -> bytes:
    """Random bytes for the settings of a lock."""
    return os.urandom(_SALT_BYTES)


def passphrase_settings(stretching: Stretching, salt: bytes) -> dict[str, Any]:
    """The settings of a lock that a passphrase opens."""
    return {
        "kdf": stretching.name,
        "cost": stretching.cost,
        "memory_kib": stretching.memory_kib,
        "lanes": stretching.lanes,
        "salt": to_text(salt),
    }


def key_of_recovery(secret: Secret, salt: bytes) -> Secret:
    """The key of a lock that shares open, from the secret they give together."""
    return derive(secret, "recovery", salt=Secret(salt))


def key_of_desktop(secret: Secret, salt: bytes) -> Secret:
    """The key of a lock that the desktop's keyring opens, from the secret it keeps."""
    return derive(secret, "desktop-keyring", salt=Secret(salt))


def close(
    content_key: Secret, kind: Kind, settings: Mapping[str, Any], *, key: Secret, file_id: str
) -> Lock:
    """Make a lock around a content key."""
    nonce = os.urandom(NONCE_BYTES)
    context = _context(file_id, kind, settings)
    sealed = AESGCM(key.unsafe_bytes()).encrypt(nonce, content_key.unsafe_bytes(), context)
    return Lock(kind, dict(settings), nonce + sealed)


def read_locks(header: Mapping[str, Any]) -> tuple[Lock, ...]:
    """The locks of a header that nothing has authenticated yet.

    Raises:
        DoesNotOpen: they are not written as this module writes them, or ask for absurd work.
    """
    try:
        locks = tuple(_read(one) for one in header["locks"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DoesNotOpen from None
    kinds = [lock.kind for lock in locks]
    if not kinds or kinds[0] == "shares" or kinds[1:] not in ([], ["shares"]):
        raise DoesNotOpen
    return locks


def opened_by(locks: Sequence[Lock], kind: Kind) -> Lock:
    """The lock of a kind.

    Raises:
        DoesNotOpen: there is none.
    """
    for lock in locks:
        if lock.kind == kind:
            return lock
    raise DoesNotOpen


def _read(one: Mapping[str, Any]) -> Lock:
    kind = one["kind"]
    settings = {name: value for name, value in one.items() if name not in {"kind", "wrapped"}}
    lock = Lock(kind, settings, to_bytes(one["wrapped"]))
    good = settings.keys() == _SETTINGS[kind] and len(lock.salt) >= _SHORTEST_SALT
    checks: dict[str, Callable[[], bool]] = {
        "passphrase": lambda: lock.stretching.is_sane,
        "token": lambda: all(isinstance(settings[name], str) for name in ("module", "token")),
        "shares": lambda: all(isinstance(settings[name], int) for name in ("threshold", "shares")),
    }
    if not good or not checks.get(kind, lambda: True)():
        raise ValueError("these are not the settings of a lock")
    return lock


def _context(file_id: str, kind: str, settings: Mapping[str, Any]) -> bytes:
    return encode("hsr-keyring", "lock", file_id, kind, canonical(settings))
