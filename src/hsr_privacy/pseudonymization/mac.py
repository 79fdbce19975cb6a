"""Turn a column of keys into a column of pseudonyms by a message authentication code.

Two algorithms, chosen by the project and named in the manifest:

- ``hmac-sha256-128`` (the default): HMAC-SHA-256, its leftmost 128 bits. Two hash states that
  have taken in the padded key are copied for each row: the same bits as a call of ``hmac`` per
  row, at two fifths of its cost.
- ``aes256-cmac``: AES-256-CMAC of the whole column with one AES call per 65,536 rows, some fifty
  times as fast. Seen from the key holder it is plain encryption of the key: one decryption per
  row inverts it. It cannot collide.

Whoever holds the key can undo either; speed is no argument about security. Every run compares
up to 64 random rows with the implementation in ``cryptography`` and stops on a difference.

Source: FIPS 198-1 and RFC 2104 (HMAC), FIPS 198-1 § 4 (the leftmost bits are kept);
NIST SP 800-38B and RFC 4493 (CMAC).
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.cmac import CMAC
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from numpy.typing import NDArray

from hsr_privacy.errors import DataError, HsrError
from hsr_privacy.keys import ProjectKey
from hsr_privacy.pseudonymization.encoding import BLOCK_BYTES, TYPE_CODES, blocks
from hsr_privacy.pseudonymization.key_column import as_binary, key_matrix

PSEUDONYM_BYTES: Final = 16
CHECKED_ROWS: Final = 64
ROWS_PER_CALL: Final = 65_536

_SHA256_BLOCK: Final = 64
_TO_INNER: Final = bytes(byte ^ 0x36 for byte in range(256))
_TO_OUTER: Final = bytes(byte ^ 0x5C for byte in range(256))
_REDUCTION: Final = 0x87  # x^128 = x^7 + x^2 + x + 1

Rows = NDArray[np.uint8]


def pseudonym_column(keys: Any, key: ProjectKey) -> pa.Array:
    """Take the MAC of every key in a column.

    Args:
        keys: n person or event keys, an Arrow array of 16-byte binary or of 32 hex digits.
        key: the project's key for this subject and algorithm.

    Returns:
        n pseudonyms of 16 bytes, type ``binary``; equal keys give equal pseudonyms.

    Raises:
        DataError: a key is missing, or is not 16 bytes.
        HsrError: the installed libraries disagree, or two keys gave one pseudonym.
    """
    made = column_function(key)(keys)
    check_one_to_one(keys, made)
    return made


def column_function(key: ProjectKey) -> Callable[[Any], pa.Array]:
    """The same as a function of one column (or a part of it) that may travel to a worker.

    The function carries the bytes of this project's key and no other key. It is no partial and
    no object: nothing prints the key. It does not see the whole column, so whoever puts the
    parts together calls `check_one_to_one`.

    Raises:
        DataError: the key is not for pseudonyms of a person or event key.
    """
    if key.purpose != "pseudonym":
        raise DataError(f"a key for {key.purpose} makes no pseudonyms; derive one for pseudonyms")
    if key.subject not in TYPE_CODES:
        raise DataError(f"a key for {key.subject} is not for person keys or event keys")
    subject, algorithm, secret = str(key.subject), str(key.algorithm), key.unsafe_bytes()

    def of_column(keys: Any) -> pa.Array:
        first, last = blocks(subject, key_matrix(keys))
        made = _COLUMN_MACS[algorithm](first, last, secret)
        _compare_with_library(first, last, made, algorithm=algorithm, secret=secret)
        return as_binary(made)

    return of_column


def check_one_to_one(keys: Any, pseudonyms: Any) -> None:
    """Assert that there are as many different pseudonyms as there were different keys.

    Args:
        keys: n keys, in any of the ways that `key_matrix` reads.
        pseudonyms: n pseudonyms, 16 bytes each or as text.

    Raises:
        HsrError: a collision, or a pseudonym that is not a function of its key.
    """
    before = pc.count_distinct(as_binary(key_matrix(keys))).as_py()
    after = pc.count_distinct(pseudonyms).as_py()
    if before != after:
        raise HsrError(
            f"{before} different keys gave {after} different pseudonyms; nothing was released: "
            "report this, it should not happen once in the age of the universe"
        )


def hmac_rows(first: bytes, last: Rows, secret: bytes) -> Rows:
    """The leftmost 128 bits of HMAC-SHA-256 of ``first`` followed by each row.

    Args:
        first: what every message begins with.
        last: shape (n, 16), what each message ends with.
        secret: the key, 32 bytes.

    Returns:
        Shape (n, 16).
    """
    padded = secret.ljust(_SHA256_BLOCK, b"\0")
    inner = hashlib.sha256(padded.translate(_TO_INNER) + first)
    outer = hashlib.sha256(padded.translate(_TO_OUTER))
    digests = b"".join(_hmac_each(inner.copy, outer.copy, last.tobytes()))
    made = np.frombuffer(digests, dtype=np.uint8).reshape(len(last), inner.digest_size)
    return np.ascontiguousarray(made[:, :PSEUDONYM_BYTES])


def _hmac_each(inner: Callable[[], Any], outer: Callable[[], Any], rows: bytes) -> list[bytes]:
    """The whole HMAC of each 16 bytes; the loop that all time goes into."""
    made: list[bytes] = []
    add = made.append
    for at in range(0, len(rows), BLOCK_BYTES):
        first = inner()
        first.update(rows[at : at + BLOCK_BYTES])
        second = outer()
        second.update(first.digest())
        add(second.digest())
    return made


def cmac_rows(first: bytes, last: Rows, secret: bytes) -> Rows:
    """AES-CMAC of ``first`` followed by each row, whole blocks all.

    All but the last block of the messages are the same, so their chaining value is a constant.
    With it and the subkey XORed into the last blocks, what is left of CMAC is one AES call per
    row; ECB mode is no more than a list of such calls, and never sees two equal blocks unless
    two keys are equal.

    Args:
        first: what every message begins with, nothing or whole blocks.
        last: shape (n, 16), the last block of each message.
        secret: the AES key.

    Returns:
        Shape (n, 16), nothing truncated.
    """
    encrypt = Cipher(AES(secret), ECB()).encryptor().update  # noqa: S305  # see the docstring
    chained = bytes(BLOCK_BYTES)
    for at in range(0, len(first), BLOCK_BYTES):
        chained = encrypt(_xor(chained, first[at : at + BLOCK_BYTES]))
    mask = np.frombuffer(_xor(chained, _doubled(encrypt(bytes(BLOCK_BYTES)))), dtype=np.uint64)
    words = np.ascontiguousarray(last).view(np.uint64)
    made = np.empty_like(last)
    for at in range(0, len(last), ROWS_PER_CALL):
        part = words[at : at + ROWS_PER_CALL] ^ mask
        encrypted = np.frombuffer(encrypt(part.tobytes()), dtype=np.uint8)
        made[at : at + ROWS_PER_CALL] = encrypted.reshape(-1, BLOCK_BYTES)
    return made


def _doubled(block: bytes) -> bytes:
    """The block times x in GF(2^128): the subkey K1 from the encrypted zero block."""
    number = int.from_bytes(block, "big") << 1
    carried = number >> (8 * BLOCK_BYTES)
    return ((number ^ carried * _REDUCTION) % (1 << 8 * BLOCK_BYTES)).to_bytes(BLOCK_BYTES, "big")


def _xor(a: bytes, b: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(a, b, strict=True))


def _library_hmac(message: bytes, secret: bytes) -> bytes:
    library = HMAC(secret, SHA256())
    library.update(message)
    return library.finalize()[:PSEUDONYM_BYTES]


def _library_cmac(message: bytes, secret: bytes) -> bytes:
    library = CMAC(AES(secret))
    library.update(message)
    return library.finalize()


_COLUMN_MACS: Final[dict[str, Callable[[bytes, Rows, bytes], Rows]]] = {
    "hmac-sha256-128": hmac_rows,
    "aes256-cmac": cmac_rows,
}
_LIBRARY_MACS: Final[dict[str, Callable[[bytes, bytes], bytes]]] = {
    "hmac-sha256-128": _library_hmac,
    "aes256-cmac": _library_cmac,
}


def _compare_with_library(
    first: bytes, last: Rows, made: Rows, *, algorithm: str, secret: bytes
) -> None:
    of_message = _LIBRARY_MACS[algorithm]
    for row in random.SystemRandom().sample(range(len(last)), min(CHECKED_ROWS, len(last))):
        if of_message(first + last[row].tobytes(), secret) != made[row].tobytes():
            raise HsrError(
                f"two implementations of {algorithm} disagree on this machine; nothing was "
                "released: run hsr keys selftest and reinstall Python or cryptography"
            )
