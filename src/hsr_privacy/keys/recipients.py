"""Seal bytes to people: age, the file encryption that recipients have tools for.

A recipient is a public key, ``age1...``; it may stand in a mail, and its first characters are
compared by telephone. The identity that opens what was sealed, ``AGE-SECRET-KEY-1...``, lies in
a private file of the recipient's own.

Source: age-encryption.org/v1 (X25519, HKDF-SHA-256, ChaCha20-Poly1305), by the library pyrage.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Final

import pyrage

from hsr_privacy.errors import KeyRingError, KeyRingLocked
from hsr_privacy.keys.custody import check_folder, read_private, write_private
from hsr_privacy.keys.secret import Secret

_WHAT: Final = "age identity"
_SECRET_PREFIX: Final = "AGE-SECRET-KEY-1"  # noqa: S105 - what such a line begins with


def write_new_identity(path: Path | str) -> str:
    """Draw an age identity into a new private file and return the recipient that belongs to it.

    Raises:
        OutputExists: the path is taken.
        KeyRingExposed: others may write to the folder, or it is tracked by git or synced.
        OutputFailed: the system refused the write; nothing was left behind.
    """
    where = Path(path)
    check_folder(where, _WHAT)
    drawn = pyrage.x25519.Identity.generate()
    recipient = str(drawn.to_public())
    text = f"# public key: {recipient}\n{drawn}\n"
    write_private(where, text.encode(), replace=False)
    return recipient


def seal_to(recipients: Sequence[str], content: bytes) -> bytes:
    """Seal bytes so that each of the recipients can open them, and nobody else.

    Args:
        recipients: public keys, ``age1...``; at least one.

    Raises:
        KeyRingError: a recipient is no age public key.
    """
    sealed: bytes = pyrage.encrypt(content, _keys(recipients))
    return sealed


def seal_stream(recipients: Sequence[str], reader: Any, writer: IO[bytes]) -> None:
    """Seal what a reader gives, piece by piece, so that little of it is in memory at a time.

    Args:
        recipients: public keys, ``age1...``; at least one.
        reader: has ``read(n)``; gives at most n bytes, and none at the end.
        writer: takes the sealed bytes.

    Raises:
        KeyRingError: a recipient is no age public key.
        OSError: the reader or the writer failed.
    """
    keys = _keys(recipients)
    try:
        pyrage.encrypt_io(reader, writer, keys)
    except pyrage.EncryptError:
        raise OSError("what was to be sealed could not be read or written") from None


def recipient_fingerprint(recipient: str) -> str:
    """SHA-256 of a recipient's public key as it is written, in hexadecimal.

    Raises:
        KeyRingError: it is no age public key.
    """
    (key,) = _keys([recipient])
    return hashlib.sha256(str(key).encode()).hexdigest()


def open_sealed(content: bytes, identity: Path | str) -> bytes:
    """Open what was sealed to the holder of an identity file.

    Raises:
        KeyRingMissing, KeyRingExposed: there is no such file, or others can read it.
        KeyRingError: the file holds no age identity.
        KeyRingLocked: it was sealed to somebody else, or is not as it was written.
    """
    secret = _identity(Path(identity))
    try:
        opened: bytes = pyrage.decrypt(content, [secret])
    except pyrage.DecryptError:
        raise KeyRingLocked(
            "this does not open: it was sealed to somebody else, or is not as it was written"
        ) from None
    return opened


def _keys(recipients: Sequence[str]) -> list[pyrage.x25519.Recipient]:
    if not recipients:
        raise KeyRingError("nobody to seal it to was named; give an age public key (age1...)")
    try:
        return [pyrage.x25519.Recipient.from_str(one.strip()) for one in recipients]
    except pyrage.RecipientError:
        raise KeyRingError(
            "a recipient is no age public key; it begins with age1 and is 62 characters long"
        ) from None


def _identity(path: Path) -> pyrage.x25519.Identity:
    lines = Secret(read_private(path, _WHAT)).unsafe_bytes().decode(errors="replace").splitlines()
    found = [line.strip() for line in lines if line.strip().startswith(_SECRET_PREFIX)]
    if len(found) != 1:
        raise KeyRingError(f"{_WHAT} {path} must hold one line that begins with {_SECRET_PREFIX}")
    try:
        return pyrage.x25519.Identity.from_str(found[0])
    except pyrage.IdentityError:
        raise KeyRingError(f"{_WHAT} {path} holds a damaged key; take a backup") from None
