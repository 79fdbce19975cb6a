"""Derive one key per purpose: HKDF-SHA256 over parts that cannot run into each other.

Every part is written as two bytes of length (big-endian) and its UTF-8 in composed form (NFC),
so ``("ab", "c")`` and ``("a", "bc")`` differ; no separator exists that a part could contain.

Source: RFC 5869 (HKDF); NIST SP 800-108r1 § 7.3 on label separation.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hsr_privacy.keys.secret import Secret

SCHEME: Final = "hsr-privacy/v1"
CHECK_VALUE_BYTES: Final = 5
_LONGEST_PART: Final = 0xFFFF


def encode(*parts: str) -> bytes:
    """Write parts so that two different sequences never give the same bytes.

    >>> encode("ab", "c").hex(" ")
    '00 02 61 62 00 01 63'

    Raises:
        ValueError: a part is longer than 65,535 bytes.
    """
    written = []
    for part in parts:
        data = unicodedata.normalize("NFC", part).encode()
        if len(data) > _LONGEST_PART:
            raise ValueError("a label of a key is longer than 65535 bytes")
        written.append(len(data).to_bytes(2, "big") + data)
    return b"".join(written)


def derive(master: Secret, *labels: str, salt: Secret, length: int = 32) -> Secret:
    """Derive ``length`` bytes for exactly these labels.

    Without the random salt the result cannot be made again, whoever holds the master key:
    that is what destroying a project rests on.
    """
    hkdf = HKDF(
        algorithm=SHA256(), length=length, salt=salt.unsafe_bytes(), info=encode(SCHEME, *labels)
    )
    return Secret(hkdf.derive(master.unsafe_bytes()))


def check_value(master: Secret, *labels: str, salt: Secret) -> str:
    """Ten hex digits by which two people see that they hold the same key, without showing it.

    Derived beside the key under a label of its own, never from the key's own output.
    """
    value = derive(master, "check-value", *labels, salt=salt, length=CHECK_VALUE_BYTES)
    return value.unsafe_bytes().hex()
