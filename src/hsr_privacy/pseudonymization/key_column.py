"""Columns of 16-byte keys and pseudonyms: from Arrow to numpy and back."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.pseudonymization.encoding import KEY_BYTES


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


def leftmost_uint64(rows: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The first and last eight bytes of each 16-byte row as big-endian numbers, shape (n, 2)."""
    return cast("NDArray[np.uint64]", np.ascontiguousarray(rows).view(">u8").astype(np.uint64))


def _from_hex(array: Any) -> NDArray[np.uint8]:
    wrong = int((np.asarray(pc.binary_length(array)) != 2 * KEY_BYTES).sum())
    try:
        data = np.frombuffer(bytes.fromhex("".join(array.to_pylist())), dtype=np.uint8)
    except ValueError:
        data = np.empty(0, dtype=np.uint8)
    if wrong or len(data) != len(array) * KEY_BYTES:
        raise DataError(f"keys written as text must be {2 * KEY_BYTES} hex digits, nothing else")
    return data.reshape(len(array), KEY_BYTES)
