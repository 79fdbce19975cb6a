"""Signing keys: who asked, who agreed, who wrote a log, in a form that nobody else can write.

A person's key lies in a private file, closed by a passphrase; the public key is a line of text
that a key ring is told to trust. A signature is over a purpose and the bytes, so that an approval
of one thing is never an approval of another. What leaves the house is signed as a DSSE envelope,
which other people's tools verify too; a purpose and a payload type never give the same message.

Source: RFC 8032 (Ed25519); DSSE 1.0 (github.com/secure-systems-lab/dsse).
"""

from __future__ import annotations

import hashlib
import json
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
from hsr_privacy.keys.sealing import (
    DoesNotOpen,
    canonical,
    read_sealed,
    seal,
    to_bytes,
    to_text,
)
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

    @classmethod
    def of_seed(cls, seed: Secret) -> SigningKey:
        """The key that these 32 bytes are, for a register that signs by a key of its ring."""
        return cls(_public_text(Ed25519PrivateKey.from_private_bytes(seed.unsafe_bytes())), seed)

    def sign(self, purpose: str, content: bytes) -> str:
        """A signature over the purpose and the bytes, in base64."""
        key = Ed25519PrivateKey.from_private_bytes(self._private.unsafe_bytes())
        return to_text(key.sign(_message(purpose, content)))

    def sign_envelope(self, payload_type: str, payload: bytes) -> str:
        """A DSSE envelope over the payload, written the one way (RFC 8785), with the public key.

        Args:
            payload_type: what the bytes are, such as ``application/vnd.in-toto+json``; ASCII.
            payload: the bytes.
        """
        key = Ed25519PrivateKey.from_private_bytes(self._private.unsafe_bytes())
        signature = key.sign(pre_authentication_encoding(payload_type, payload))
        return _envelope(payload_type, payload, self.public_key, to_text(signature))


@dataclass(frozen=True)
class Envelope:
    """A DSSE envelope whose only signature holds; nothing is said of whether to trust who signed.

    Attributes:
        payload_type: what the bytes are.
        payload: the bytes that were signed.
        public_key: whose signature it is.
    """

    payload_type: str
    payload: bytes
    public_key: str

    @property
    def keyid(self) -> str:
        """The fingerprint of the public key."""
        return fingerprint(self.public_key)


class NotAnEnvelope(Exception):
    """Bytes are no envelope that `SigningKey.sign_envelope` wrote; the text says why."""


def read_envelope(file: bytes) -> Envelope:
    """Read an envelope and verify its signature.

    Only the one way to write it is read, so that every changed bit shows.

    Raises:
        NotAnEnvelope: says what is wrong with it.
    """
    try:
        fields = json.loads(file)
        (signature,) = fields["signatures"]
        public_key, kind = str(signature["public_key"]), str(fields["payloadType"])
        payload = to_bytes(fields["payload"])
        key = _public(public_key)
        written = _envelope(
            kind, payload, PREFIX + to_text(key.public_bytes_raw()), signature["sig"]
        )
        signed = to_bytes(signature["sig"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, KeyRingError):
        raise NotAnEnvelope("it is no signature as this toolkit writes them") from None
    if written.encode() != file:
        raise NotAnEnvelope("it is not written as this toolkit writes signatures")
    try:
        key.verify(signed, pre_authentication_encoding(kind, payload))
    except InvalidSignature:
        raise NotAnEnvelope("the signature does not hold for what it stands under") from None
    return Envelope(kind, payload, public_key)


def pre_authentication_encoding(payload_type: str, payload: bytes) -> bytes:
    """The message that a DSSE signature is over.

    >>> pre_authentication_encoding("http://example.com/HelloWorld", b"hello world")
    b'DSSEv1 29 http://example.com/HelloWorld 11 hello world'
    """
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def fingerprint(public_key: str) -> str:
    """SHA-256 of the 32 bytes of a public key, in hexadecimal: what people compare by telephone.

    Raises:
        KeyRingError: it is no public key.
    """
    return hashlib.sha256(_public(public_key).public_bytes_raw()).hexdigest()


def is_signed(public_key: str, purpose: str, content: bytes, signature: str) -> bool:
    """Whether the holder of a public key signed these bytes for this purpose."""
    try:
        _public(public_key).verify(to_bytes(signature), _message(purpose, content))
    except (InvalidSignature, ValueError, KeyRingError):
        return False
    return True


def check_public_key(text: str) -> str:
    """The public key in the one way to write it, with its prefix, whether or not it had it.

    Raises:
        KeyRingError: it is none.
    """
    return PREFIX + to_text(_public(text.strip()).public_bytes_raw())


def _message(purpose: str, content: bytes) -> bytes:
    return encode("hsr-privacy/v1", "signature", purpose) + content


def _envelope(payload_type: str, payload: bytes, public_key: str, signature: str) -> str:
    """The one way to write an envelope; of ASCII alone, sorted JSON is that of RFC 8785."""
    one = {"keyid": fingerprint(public_key), "public_key": public_key, "sig": signature}
    return canonical(
        {"payload": to_text(payload), "payloadType": payload_type, "signatures": [one]}
    )


def _public_text(key: Ed25519PrivateKey) -> str:
    return PREFIX + to_text(key.public_key().public_bytes_raw())


def _public(text: str) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(to_bytes(text.removeprefix(PREFIX)))
    except ValueError:
        raise KeyRingError(
            f"this is no public signing key; it begins with {PREFIX} and is 55 characters long"
        ) from None
