"""Turn a column into a column of pseudonyms by a message authentication code.

Two algorithms, chosen by the project and named in the manifest:

- ``hmac-sha256-128`` (the default): HMAC-SHA-256, its leftmost 128 bits. A state that has taken in
  the key is copied for each row: the same bits as a new one per row, at a third of its cost.
- ``aes256-cmac``: AES-256-CMAC of the whole column with one AES call per 65,536 rows, some forty
  times as fast. Seen from the key holder it is plain encryption of the key or identifier: one
  decryption per row inverts it. It cannot collide.

Whoever holds the key can undo either; speed is no argument about security. Every run compares
64 random rows, from every part of the column, with a MAC taken row by row, and stops on a
difference.

Source: FIPS 198-1 and RFC 2104 (HMAC), FIPS 198-1 § 4 (the leftmost bits are kept);
NIST SP 800-38B and RFC 4493 (CMAC).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from numpy.typing import NDArray

from hsr_privacy.errors import DataError, HsrError
from hsr_privacy.keys import ProjectKey
from hsr_privacy.keys.key import aes_blocks
from hsr_privacy.pseudonymization.encoding import (
    BLOCK_BYTES,
    ROWS_PER_PART,
    SUBJECTS,
    messages,
)
from hsr_privacy.pseudonymization.key_column import as_binary, distinct_rows, is_text, key_matrix
from hsr_privacy.pseudonymization.text_form import TextColumn

PSEUDONYM_BYTES: Final = 16
CHECKED_ROWS: Final = 64

_PURPOSES: Final = frozenset({"pseudonym", "linkage", "date-shift"})
_REDUCTION: Final = 0x87  # x^128 = x^7 + x^2 + x + 1

Rows: TypeAlias = NDArray[np.uint8]
EncryptBlocks: TypeAlias = Callable[[bytes], bytes]
"""AES of each 16-byte block by itself."""


def pseudonym_column(column: Any, key: ProjectKey) -> pa.Array:
    """Take the MAC of every key or identifier in a column.

    Args:
        column: n keys or identifiers, see `encoding.messages`.
        key: the project's key for this subject and algorithm.

    Returns:
        n pseudonyms of 16 bytes, type ``binary``; equal rows give equal pseudonyms.

    Raises:
        DataError: a row is missing, or is not what the key's subject says.
        HsrError: two implementations disagree, or two keys gave one pseudonym.
    """
    made = column_function(key)(column)
    check_one_to_one(column, made)
    return made


def column_function(key: ProjectKey) -> Callable[[Any], pa.Array]:
    """The same as a function of one column (or a part of it) that may travel to a worker.

    The function carries the bytes of this project's key and no other key. It is no partial and
    no object: nothing prints the key. It does not see the whole column, so whoever puts the
    parts together calls `check_one_to_one`. With a key inside a token it stays on this machine.

    Raises:
        DataError: the key is not for pseudonyms of a person key, event key or identifier.
    """
    subject, macs = _macs_of(key)

    def of_column(column: Any) -> pa.Array:
        made = np.empty((len(column), PSEUDONYM_BYTES), dtype=np.uint8)
        at = 0
        for part in macs(messages(subject, column), len(column)):
            made[at : at + len(part)] = part
            at += len(part)
        return as_binary(made)

    return of_column


def text_function(key: ProjectKey) -> Callable[[Any], pa.Array]:
    """From a column to pseudonyms as text, 22 symbols each; see `column_function`."""
    subject, macs = _macs_of(key)

    def of_column(column: Any) -> pa.Array:
        text = TextColumn(len(column))
        for part in macs(messages(subject, column), len(column)):
            text.add(part)
        return text.finish()

    return of_column


def check_one_to_one(keys: Any, pseudonyms: Any) -> None:
    """Assert that there are as many different pseudonyms as there were different keys.

    Args:
        keys: n keys of 16 bytes, or n texts.
        pseudonyms: n pseudonyms, 16 bytes each or as text.

    Raises:
        HsrError: a collision, or a pseudonym that is not a function of its key.
    """
    before, after = _distinct(keys), _distinct(pseudonyms)
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
    keyed = HMAC(secret, SHA256())
    keyed.update(first)
    rows = np.ascontiguousarray(last).view(f"V{BLOCK_BYTES}").reshape(-1).tolist()
    digests = b"".join(_hmac_each(keyed.copy, rows))
    made = np.frombuffer(digests, dtype=np.uint8).reshape(len(last), SHA256.digest_size)
    return np.ascontiguousarray(made[:, :PSEUDONYM_BYTES])


def _hmac_each(copy: Callable[[], HMAC], rows: list[bytes]) -> list[bytes]:
    """The whole HMAC of each 16 bytes; the loop that all time goes into."""
    made: list[bytes] = []
    add = made.append
    for row in rows:
        mac = copy()
        mac.update(row)
        add(mac.finalize())
    return made


def cmac_rows(first: bytes, last: Rows, encrypt: EncryptBlocks) -> Rows:
    """AES-CMAC of ``first`` followed by each row, whole blocks all.

    All but the last block of the messages are the same, so their chaining value is a constant.
    With it and the subkey XORed into the last blocks, what is left of CMAC is one AES call per
    row; ECB mode is no more than a list of such calls, and never sees two equal blocks unless
    two keys are equal.

    Args:
        first: what every message begins with, nothing or whole blocks.
        last: shape (n, 16), the last block of each message.
        encrypt: AES under the key, block by block.

    Returns:
        Shape (n, 16), nothing truncated.
    """
    chained = bytes(BLOCK_BYTES)
    for at in range(0, len(first), BLOCK_BYTES):
        chained = encrypt(_xor(chained, first[at : at + BLOCK_BYTES]))
    mask = np.frombuffer(_xor(chained, _doubled(encrypt(bytes(BLOCK_BYTES)))), dtype=np.uint64)
    words = np.ascontiguousarray(last).view(np.uint64) ^ mask
    return np.frombuffer(encrypt(words.tobytes()), dtype=np.uint8).reshape(-1, BLOCK_BYTES)


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
    "aes256-cmac": lambda first, last, secret: cmac_rows(first, last, aes_blocks(secret)),
}
_LIBRARY_MACS: Final[dict[str, Callable[[bytes, bytes], bytes]]] = {
    "hmac-sha256-128": _library_hmac,
    "aes256-cmac": _library_cmac,
}


def _macs_of(
    key: ProjectKey,
) -> tuple[str, Callable[[Iterator[tuple[bytes, Rows]], int], Iterator[Rows]]]:
    """The subject of a key, and what takes the MACs of messages, part by part."""
    if key.purpose not in _PURPOSES:
        raise DataError(f"a key for {key.purpose} makes no pseudonyms; derive one for pseudonyms")
    if key.subject not in SUBJECTS:
        raise DataError(
            f"a key for {key.subject} is not for person keys, event keys or identifiers"
        )
    subject, algorithm = str(key.subject), str(key.algorithm)
    if (cipher := key.cipher) is not None:
        encrypt, of_message = cipher.encrypt_blocks, cipher.cmac

        def of_rows(first: bytes, last: Rows) -> Rows:
            return cmac_rows(first, last, encrypt)

    else:
        secret = key.unsafe_bytes()

        def of_rows(first: bytes, last: Rows) -> Rows:
            return _COLUMN_MACS[algorithm](first, last, secret)

        def of_message(message: bytes) -> bytes:
            return _LIBRARY_MACS[algorithm](message, secret)

    def macs(parts: Iterator[tuple[bytes, Rows]], rows: int) -> Iterator[Rows]:
        each = -(-CHECKED_ROWS * ROWS_PER_PART // max(rows, ROWS_PER_PART))  # at least one a part
        for first, last in parts:
            made = of_rows(first, last)
            _compare(first, last, made, of_message, algorithm, rows=each)
            yield made

    return subject, macs


def _compare(
    first: bytes,
    last: Rows,
    made: Rows,
    of_message: Callable[[bytes], bytes],
    algorithm: str,
    *,
    rows: int,
) -> None:
    for row in random.SystemRandom().sample(range(len(last)), min(rows, len(last))):
        if of_message(first + last[row].tobytes()) != made[row].tobytes():
            raise HsrError(
                f"two implementations of {algorithm} disagree on this machine; nothing was "
                "released: run hsr keys selftest and reinstall Python or cryptography"
            )


def _distinct(column: Any) -> int:
    if is_text(column.type):
        return int(pc.count_distinct(column.cast(pa.large_string())).as_py())
    return distinct_rows(key_matrix(column))
