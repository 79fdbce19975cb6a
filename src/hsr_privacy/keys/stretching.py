"""How a passphrase becomes a key, and what each guess at it costs.

Source: RFC 9106 § 4 (Argon2id, second recommended option); RFC 7914 (scrypt).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from hsr_privacy.errors import KeyRingError
from hsr_privacy.keys.secret import Secret

_LARGEST_MEMORY_KIB: Final = 4 * 1024 * 1024


@dataclass(frozen=True)
class Stretching:
    """The parameters of a slow derivation.

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
        return (
            self.name == "scrypt"
            and power_of_two
            and 2**15 <= self.cost <= 2**21
            and 1 <= self.lanes <= 16
        )

    def stretch(self, passphrase: Secret, salt: bytes) -> Secret:
        """The 32-byte key that this passphrase gives with this salt.

        Raises:
            KeyRingError: this build of `cryptography` has no Argon2id.
        """
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
