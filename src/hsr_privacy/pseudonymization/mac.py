"""Turn a column of keys into a column of pseudonyms by a message authentication code.

HMAC-SHA-256, its leftmost 128 bits. Two hash states that have taken in the padded key (and the
constant beginning of every message) are copied for each row: the same bits as a call of
``hmac`` per row, at two fifths of its cost. Every run compares up to 64 random rows with the
implementation in ``cryptography`` and stops on a difference.

Source: FIPS 198-1 and RFC 2104 (HMAC), FIPS 198-1 § 4 (the leftmost bits are kept).
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from typing import Any, Final, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from numpy.typing import NDArray

from hsr_privacy.errors import DataError, HsrError
from hsr_privacy.keys import ProjectKey
from hsr_privacy.pseudonymization.encoding import KEY_BYTES, message, message_prefix

PSEUDONYM_BYTES: Final = 16
CHECKED_ROWS: Final = 64

_SHA256_BLOCK: Final = 64
_TO_INNER: Final = bytes(byte ^ 0x36 for byte in range(256))
_TO_OUTER: Final = bytes(byte ^ 0x5C for byte in range(256))


def pseudonym_column(keys: Any, key: ProjectKey) -> pa.Array:
    """Take the MAC of every key in a column.

    Args:
        keys: n person or event keys, an Arrow array of 16-byte binary or of 32 hex digits.
        key: the project's key for this subject.

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
        DataError: the key is not for pseudonyms by HMAC-SHA-256 of a person or event key.
    """
    if (key.purpose, key.algorithm) != ("pseudonym", "hmac-sha256-128"):
        raise DataError(f"a {key.purpose} key for {key.algorithm} makes no HMAC pseudonyms")
    if key.subject not in {"person-key", "event-key"}:
        raise DataError(f"a key for {key.subject} is not for person keys or event keys")
    subject, secret = str(key.subject), key.unsafe_bytes()

    def of_column(keys: Any) -> pa.Array:
        payloads = key_matrix(keys)
        made = _hmac_rows(payloads, subject, secret)
        _compare_with_library(payloads, made, subject, secret)
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


def key_matrix(keys: Any) -> NDArray[np.uint8]:
    """A column of 16-byte keys, binary or hex text, as a matrix of shape (n, 16).

    Raises:
        DataError: a key is missing, or of another length; says how many.
    """
    array = keys.combine_chunks() if isinstance(keys, pa.ChunkedArray) else keys
    if array.null_count:
        raise DataError(
            f"{array.null_count} rows have no key; every row needs one, the unidentified a random one"
        )
    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        return _from_hex(array)
    if pa.types.is_string_view(array.type):
        return _from_hex(array.cast(pa.large_string()))
    if pa.types.is_fixed_size_binary(array.type):
        wrong = 0 if array.type.byte_width == KEY_BYTES else len(array)
        start = array.offset * KEY_BYTES
    else:
        array = array.cast(pa.large_binary())
        wrong = int((np.asarray(pc.binary_length(array)) != KEY_BYTES).sum())
        offsets = np.frombuffer(array.buffers()[1], dtype=np.int64)
        start = int(offsets[array.offset]) if len(array) else 0
    if wrong:
        raise DataError(f"{wrong} keys are not {KEY_BYTES} bytes long; is this the key column?")
    if not len(array):
        return np.empty((0, KEY_BYTES), dtype=np.uint8)
    data = np.frombuffer(array.buffers()[-1], dtype=np.uint8, offset=start)
    return data[: len(array) * KEY_BYTES].reshape(len(array), KEY_BYTES)


def as_binary(rows: NDArray[np.uint8]) -> pa.Array:
    """A matrix of bytes, shape (n, width), as an Arrow column of type ``binary``."""
    count, width = rows.shape
    offsets = np.arange(count + 1, dtype=np.int64) * width
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(rows))]
    return pa.Array.from_buffers(pa.large_binary(), count, buffers).cast(pa.binary())


def _from_hex(array: Any) -> NDArray[np.uint8]:
    wrong = int((np.asarray(pc.binary_length(array)) != 2 * KEY_BYTES).sum())
    try:
        data = np.frombuffer(bytes.fromhex("".join(array.to_pylist())), dtype=np.uint8)
    except ValueError:
        data = np.empty(0, dtype=np.uint8)
    if wrong or len(data) != len(array) * KEY_BYTES:
        raise DataError(f"keys written as text must be {2 * KEY_BYTES} hex digits, nothing else")
    return data.reshape(len(array), KEY_BYTES)


def _hmac_rows(payloads: NDArray[np.uint8], subject: str, secret: bytes) -> NDArray[np.uint8]:
    padded = secret.ljust(_SHA256_BLOCK, b"\0")
    inner = hashlib.sha256(padded.translate(_TO_INNER) + message_prefix(subject, KEY_BYTES))
    outer = hashlib.sha256(padded.translate(_TO_OUTER))
    digests = b"".join(_hmac_each(inner.copy, outer.copy, payloads.tobytes()))
    made = np.frombuffer(digests, dtype=np.uint8).reshape(len(payloads), inner.digest_size)
    return np.ascontiguousarray(made[:, :PSEUDONYM_BYTES])


def _hmac_each(inner: Callable[[], Any], outer: Callable[[], Any], payloads: bytes) -> list[bytes]:
    """The whole HMAC of each 16 bytes; the loop that all time goes into."""
    made: list[bytes] = []
    add = made.append
    for at in range(0, len(payloads), KEY_BYTES):
        first = inner()
        first.update(payloads[at : at + KEY_BYTES])
        second = outer()
        second.update(first.digest())
        add(second.digest())
    return made


def _compare_with_library(
    payloads: NDArray[np.uint8], made: NDArray[np.uint8], subject: str, secret: bytes
) -> None:
    rows = random.SystemRandom().sample(range(len(payloads)), min(CHECKED_ROWS, len(payloads)))
    for row in rows:
        library = HMAC(secret, SHA256())
        library.update(message(subject, payloads[row].tobytes()))
        if library.finalize()[:PSEUDONYM_BYTES] != made[row].tobytes():
            raise HsrError(
                "two implementations of HMAC-SHA-256 disagree on this machine; nothing was "
                "released: run hsr keys selftest and reinstall Python or cryptography"
            )


def leftmost_uint64(rows: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The first and last eight bytes of each 16-byte row as big-endian numbers, shape (n, 2)."""
    return cast("NDArray[np.uint64]", np.ascontiguousarray(rows).view(">u8").astype(np.uint64))
