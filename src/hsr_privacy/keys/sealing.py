"""A sealed file: a readable header, and a body that opens with one content key only.

Three lines of text: the name of the format, the header as canonical JSON (sorted keys, no
spaces, ASCII), the AES-256-GCM body in base64. The first two lines, byte by byte, are
authenticated with the body, and each write draws a new 96-bit nonce. How the content key is
found again is the business of `locks`.

Source: NIST SP 800-38D (GCM).
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hsr_privacy.keys.secret import Secret

NONCE_BYTES: Final = 12


class DoesNotOpen(Exception):
    """Wrong secret or altered bytes; nobody is told which."""


@dataclass(frozen=True)
class Sealed:
    """A sealed file, read and not opened yet.

    Attributes:
        head: the first two lines as they stand, authenticated with the body.
        header: what the second line says; not to be believed before the body has opened.
        nonce: of the body.
        body: encrypted.
    """

    head: bytes
    header: Mapping[str, Any]
    nonce: bytes
    body: bytes

    def open(self, key: Secret) -> bytes:
        """The body.

        Raises:
            DoesNotOpen: another key, or any byte of the file is not as it was written.
        """
        return decrypt(key, self.nonce, self.body, bound_to=self.head)


def seal(form: str, header: Mapping[str, Any], body: bytes, key: Secret) -> bytes:
    """Write header and body as one file under a content key of 32 bytes."""
    nonce = os.urandom(NONCE_BYTES)
    head = f"{form}\n{canonical({**header, 'nonce': to_text(nonce)})}\n".encode()
    sealed = AESGCM(key.unsafe_bytes()).encrypt(nonce, body, head)
    return head + to_text(sealed).encode() + b"\n"


def read_sealed(form: str, file: bytes) -> Sealed:
    """Read a sealed file as far as it can be read without its key.

    Raises:
        DoesNotOpen: it is not written exactly as `seal` writes.
    """
    try:
        name, head, body, rest = file.split(b"\n")
        header = json.loads(head)
        if name != form.encode() or rest or canonical(header).encode() != head:
            raise DoesNotOpen
        nonce = to_bytes(header.pop("nonce"))
        if len(nonce) != NONCE_BYTES:
            raise DoesNotOpen
        return Sealed(name + b"\n" + head + b"\n", header, nonce, to_bytes(body.decode()))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise DoesNotOpen from None


def decrypt(key: Secret, nonce: bytes, sealed: bytes, *, bound_to: bytes) -> bytes:
    """Open what AES-256-GCM sealed.

    Raises:
        DoesNotOpen: another key, another context, or altered bytes.
    """
    try:
        return AESGCM(key.unsafe_bytes()).decrypt(nonce, sealed, bound_to)
    except InvalidTag:
        raise DoesNotOpen from None


def canonical(value: object) -> str:
    """JSON with one way to write it: sorted keys, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def to_text(value: bytes) -> str:
    """Bytes in base64."""
    return base64.b64encode(value).decode()


def to_bytes(text: str) -> bytes:
    """Bytes from base64 that is written the one way.

    Raises:
        ValueError: it is not; bits that mean nothing may not change either.
    """
    value = base64.b64decode(text, validate=True)
    if to_text(value) != text:
        raise ValueError("base64 is not written the one way")
    return value
