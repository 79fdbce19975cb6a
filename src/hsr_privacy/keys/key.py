"""What comes out of a key ring: keys, each with its purpose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from hsr_privacy.errors import KeyRingError
from hsr_privacy.keys.secret import Secret
from hsr_privacy.keys.token import TokenCipher

Environment = Literal["production", "test"]
Purpose = Literal["pseudonym", "linkage", "date-shift", "order", "audit-tag", "running-number"]
Subject = Literal["person-key", "event-key", "national-id"]
Algorithm = Literal["hmac-sha256-128", "aes256-cmac"]
RegisterPurpose = Literal[
    "identity-lookup", "identity-body", "event-key", "audit-tag", "audit-signing", "membership"
]


@dataclass(frozen=True)
class ProjectKey:
    """A key for one purpose of one project; it shows its check value, never itself.

    Attributes:
        project_id: the domain: pseudonyms of two projects cannot be joined.
        purpose: what it may be used for.
        subject: what it is applied to.
        algorithm: what it may be used with.
        version: version of the master key that it comes from.
        check_value: ten hex digits; equal wherever the key is equal.
        secret: the 32 bytes; None where the key stays inside a PKCS#11 token.
        cipher: AES under the key inside that token.
    """

    project_id: str
    purpose: Purpose
    subject: Subject
    algorithm: Algorithm
    version: int
    check_value: str
    secret: Secret | None
    cipher: TokenCipher | None = None

    def unsafe_bytes(self) -> bytes:
        """The key's bytes, for a closure that must travel to a worker with this key alone.

        Raises:
            KeyRingError: the key lies in a token and cannot leave it.
        """
        if self.secret is None:
            raise KeyRingError(
                f"the key of project {self.project_id!r} lies in a token and cannot leave it; "
                "work on this machine, without Spark"
            )
        return self.secret.unsafe_bytes()


@dataclass(frozen=True)
class RegisterKey:
    """A key that the register itself uses; whoever encrypts with it notes its version."""

    purpose: RegisterPurpose
    version: int
    check_value: str
    secret: Secret


def aes_blocks(secret: bytes) -> Callable[[bytes], bytes]:
    """AES of each 16-byte block by itself, for a MAC that XORs before and chains nothing."""
    return Cipher(AES(secret), ECB()).encryptor().update  # noqa: S305 - see the docstring
