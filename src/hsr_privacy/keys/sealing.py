"""A sealed file: a readable header, and a body that opens with the passphrase only.

Three lines of text: ``hsr-keyring/v1``, the header as canonical JSON (sorted keys, no spaces,
ASCII), the AES-256-GCM body in base64. The first two lines, byte by byte, are authenticated
with the body. Each write draws a new 96-bit nonce; each passphrase has a new salt.

Source: RFC 9106 § 4 (Argon2id, second recommended option); RFC 7914 (scrypt);
NIST SP 800-38D (GCM).
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from hsr_privacy.errors import KeyRingError
from hsr_privacy.keys.secret import Secret

FORMAT: Final = "hsr-keyring/v1"
_SALT_BYTES: Final = 16
_NONCE_BYTES: Final = 12
_LARGEST_MEMORY_KIB: Final = 4 * 1024 * 1024


class DoesNotOpen(Exception):
    """Wrong passphrase or altered bytes; nobody is told which."""


@dataclass(frozen=True)
class Stretching:
    """How a passphrase becomes a key, and what each guess costs.

    Attributes:
        name: ``argon2id`` or ``scrypt``.
        cost: passes of Argon2id; scrypt's n.
        memory_kib: memory of Argon2id; of scrypt it follows from n and is 0 here.
        lanes: lanes of Argon2id; scrypt's p.
    """

    name: Literal["argon2id", "scrypt"] = "argon2id"
    cost: int = 3
    memory_kib: int = 65_536
    lanes: int = 4

    @property
    def is_sane(self) -> bool:
        """Not weaker than OWASP's floor, and not so large that opening exhausts the machine."""
        if not all(type(one) is int for one in (self.cost, self.memory_kib, self.lanes)):
            return False
        if self.name == "argon2id":
            return (
                2 <= self.cost <= 64
                and 19_456 <= self.memory_kib <= _LARGEST_MEMORY_KIB
                and 1 <= self.lanes <= 64
            )
        power_of_two = self.cost & (self.cost - 1) == 0
        return power_of_two and 2**15 <= self.cost <= 2**21 and 1 <= self.lanes <= 16

    def stretch(self, passphrase: Secret, salt: bytes) -> Secret:
        """The 32-byte key that this passphrase gives with this salt."""
        secret = passphrase.unsafe_bytes()
        if self.name == "scrypt":
            scrypt = Scrypt(salt=salt, length=32, n=self.cost, r=8, p=self.lanes)
            return Secret(scrypt.derive(secret))
        try:
            argon2id = Argon2id(
                salt=salt,
                length=32,
                iterations=self.cost,
                lanes=self.lanes,
                memory_cost=self.memory_kib,
            )
            return Secret(argon2id.derive(secret))
        except UnsupportedAlgorithm:
            raise KeyRingError(
                "this build of cryptography has no Argon2id; make the key ring with scrypt"
            ) from None


ARGON2ID: Final = Stretching()
SCRYPT: Final = Stretching(name="scrypt", cost=2**17, memory_kib=0, lanes=1)


@dataclass(frozen=True)
class Wrapping:
    """The key that wraps a body, with what is needed to find it from the passphrase again."""

    stretching: Stretching
    salt: bytes
    key: Secret

    @classmethod
    def new(cls, passphrase: Secret, stretching: Stretching) -> Wrapping:
        """Stretch a passphrase with a fresh salt.

        Raises:
            KeyRingError: the parameters are below the floor, or absurd.
        """
        if not stretching.is_sane:
            raise KeyRingError(f"the {stretching.name} parameters are below the floor or absurd")
        salt = os.urandom(_SALT_BYTES)
        return cls(stretching, salt, stretching.stretch(passphrase, salt))


def seal(body: bytes, header: Mapping[str, str], wrapping: Wrapping) -> bytes:
    """Write header and body as one file under ``wrapping``."""
    nonce = os.urandom(_NONCE_BYTES)
    kdf = wrapping.stretching
    whole = {
        **header,
        "kdf": {
            "name": kdf.name,
            "cost": kdf.cost,
            "memory_kib": kdf.memory_kib,
            "lanes": kdf.lanes,
            "salt": _text(wrapping.salt),
        },
        "nonce": _text(nonce),
    }
    head = f"{FORMAT}\n{canonical(whole)}\n".encode()
    sealed = AESGCM(wrapping.key.unsafe_bytes()).encrypt(nonce, body, head)
    return head + _text(sealed).encode() + b"\n"


def unseal(file: bytes, passphrase: Secret) -> tuple[bytes, dict[str, str], Wrapping]:
    """Open a file with a passphrase.

    Returns:
        The body, the header's own fields, and the wrapping for later writes.

    Raises:
        DoesNotOpen: wrong passphrase, or any byte of the file is not as it was written.
    """
    kdf = _header(file)[1]["kdf"]
    salt = _bytes(kdf["salt"])
    stretching = Stretching(kdf["name"], kdf["cost"], kdf["memory_kib"], kdf["lanes"])
    wrapping = Wrapping(stretching, salt, stretching.stretch(passphrase, salt))
    body, header = unseal_again(file, wrapping)
    return body, header, wrapping


def unseal_again(file: bytes, wrapping: Wrapping) -> tuple[bytes, dict[str, str]]:
    """Open a file with a wrapping that is already known.

    Raises:
        DoesNotOpen: another passphrase since, or altered bytes.
    """
    head, header, sealed = _header(file)
    try:
        cipher = AESGCM(wrapping.key.unsafe_bytes())
        body = cipher.decrypt(_bytes(header["nonce"]), sealed, head)
    except InvalidTag:
        raise DoesNotOpen from None
    return body, {key: value for key, value in header.items() if isinstance(value, str)}


def canonical(value: object) -> str:
    """JSON with one way to write it: sorted keys, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _header(file: bytes) -> tuple[bytes, dict[str, Any], bytes]:
    try:
        name, head, sealed, rest = file.split(b"\n")
        header = json.loads(head)
        kdf = header["kdf"]
        stretching = Stretching(kdf["name"], kdf["cost"], kdf["memory_kib"], kdf["lanes"])
        good = (
            name == FORMAT.encode()
            and not rest
            and canonical(header).encode() == head
            and kdf["name"] in {"argon2id", "scrypt"}
            and stretching.is_sane
            and len(_bytes(kdf["salt"])) == _SALT_BYTES
            and len(_bytes(header["nonce"])) == _NONCE_BYTES
        )
        if not good:
            raise DoesNotOpen
        return name + b"\n" + head + b"\n", header, _bytes(sealed.decode())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise DoesNotOpen from None


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(text: str) -> bytes:
    value = base64.b64decode(text, validate=True)
    if _text(value) != text:
        raise ValueError("base64 is not written the one way")
    return value
