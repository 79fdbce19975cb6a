"""Signing keys of people: who asked, and who agreed, in a form that nobody else can write.

A person's key lies in a private file, closed by a passphrase; the public key is a line of text
that a key ring is told to trust. A signature is over a purpose and the bytes, so that an approval
of one thing is never an approval of another.

Source: RFC 8032 (Ed25519).
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from hsr_privacy.errors import KeyRingError, KeyRingLocked
from hsr_privacy.keys.contents import stamp
from hsr_privacy.keys.custody import check_folder, read_private, write_private
from hsr_privacy.keys.derivation import encode
from hsr_privacy.keys.locks import close, opened_by, passphrase_settings, read_locks
from hsr_privacy.keys.passphrase import as_passphrase, check_new_passphrase
from hsr_privacy.keys.sealing import DoesNotOpen, read_sealed, seal, to_bytes, to_text
from hsr_privacy.keys.secret import Secret
from hsr_privacy.keys.stretching import ARGON2ID, Stretching

PREFIX: Final = "hsr-sign-1:"
_FORMAT: Final = "hsr-signing-key/v1"
_WHAT: Final = "signing key"
_KEY_BYTES: Final = 32


@dataclass(frozen=True)
class SigningKey:
    """The key by which one person signs; shows the public half only."""

    public_key: str
    _private: Secret

    @classmethod
    def create(
        cls,
        path: Path | str,
        passphrase: str | Secret,
        *,
        stretching: Stretching = ARGON2ID,
        now: datetime | None = None,
    ) -> SigningKey:
        """Draw a key into a new private file.

        Raises:
            OutputExists, OutputFailed, KeyRingExposed: see `custody.write_private`.
            KeyRingError: the passphrase is too short.
        """
        where, secret = Path(path), as_passphrase(passphrase)
        check_new_passphrase(secret)
        check_folder(where, _WHAT)
        private = Secret(secrets.token_bytes(_KEY_BYTES))
        public = _public_text(Ed25519PrivateKey.from_private_bytes(private.unsafe_bytes()))
        salt, content_key = os.urandom(16), Secret(secrets.token_bytes(_KEY_BYTES))
        lock = close(
            content_key,
            "passphrase",
            passphrase_settings(stretching, salt),
            key=stretching.stretch(secret, salt),
            file_id=public,
        )
        header = {
            "created": stamp(now or datetime.now(UTC)),
            "public_key": public,
            "locks": [lock.as_json()],
        }
        sealed = seal(_FORMAT, header, private.unsafe_bytes(), content_key)
        write_private(where, sealed, replace=False)
        return cls(public, private)

    @classmethod
    def open(cls, path: Path | str, passphrase: str | Secret) -> SigningKey:
        """Open a person's key.

        Raises:
            KeyRingMissing, KeyRingExposed: there is none, or others can read it.
            KeyRingLocked: wrong passphrase or altered file; the two read the same.
        """
        where = Path(path)
        file = read_private(where, _WHAT)
        try:
            sealed = read_sealed(_FORMAT, file)
            lock = opened_by(read_locks(sealed.header), "passphrase")
            key = lock.stretching.stretch(as_passphrase(passphrase), lock.salt)
            public = str(sealed.header["public_key"])
            private = Secret(sealed.open(lock.open(key, public)))
        except (DoesNotOpen, KeyError):
            raise KeyRingLocked(
                f"signing key {where} does not open: wrong passphrase, or the file is not as it "
                "was written"
            ) from None
        return cls(public, private)

    def sign(self, purpose: str, content: bytes) -> str:
        """A signature over the purpose and the bytes, in base64."""
        key = Ed25519PrivateKey.from_private_bytes(self._private.unsafe_bytes())
        return to_text(key.sign(_message(purpose, content)))


def is_signed(public_key: str, purpose: str, content: bytes, signature: str) -> bool:
    """Whether the holder of a public key signed these bytes for this purpose."""
    try:
        _public(public_key).verify(to_bytes(signature), _message(purpose, content))
    except (InvalidSignature, ValueError, KeyRingError):
        return False
    return True


def check_public_key(text: str) -> str:
    """The public key in the one way to write it.

    Raises:
        KeyRingError: it is none.
    """
    _public(text.strip())
    return text.strip()


def _message(purpose: str, content: bytes) -> bytes:
    return encode("hsr-privacy/v1", "signature", purpose) + content


def _public_text(key: Ed25519PrivateKey) -> str:
    return PREFIX + to_text(key.public_key().public_bytes_raw())


def _public(text: str) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(to_bytes(text.removeprefix(PREFIX)))
    except ValueError:
        raise KeyRingError(
            f"this is no public signing key; it begins with {PREFIX} and is 55 characters long"
        ) from None
