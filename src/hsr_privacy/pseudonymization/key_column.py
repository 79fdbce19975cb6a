"""Columns of 16-byte keys and pseudonyms: from Arrow to numpy and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.pseudonymization.kernels import hex_rows

KEY_BYTES: Final = 16
"""Length of a person key, of an event key and of a pseudonym."""

_HEX: Final = np.full(256, 255, dtype=np.uint8)
for _value, _letters in enumerate(
    ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "aA", "bB", "cC", "dD", "eE", "fF"]
):
    _HEX[[ord(letter) for letter in _letters]] = _value


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
    if is_text(array.type):
        return _from_hex(array)
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


def text_parts(column: Any, *, rows: int) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.int64]]]:
    """A column of text, part by part, without copying its letters.

    Args:
        column: n texts, an Arrow array; none missing.
        rows: at most, in a part.

    Yields:
        The bytes of all texts, and where those of this part begin: one place more than rows.

    Raises:
        DataError: the column is no text, or a row is missing.
    """
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if not is_text(array.type):
        raise DataError(f"a column of type {array.type} is no text; read identifiers as text")
    if array.null_count:
        raise DataError(f"{array.null_count} rows are missing; leave them out first")
    for at in range(0, len(array), rows):
        part = array.slice(at, rows).cast(pa.large_string())
        offsets = np.frombuffer(part.buffers()[1], dtype=np.int64)
        data = np.frombuffer(part.buffers()[2] or b"\0", dtype=np.uint8)
        yield data, offsets[part.offset : part.offset + len(part) + 1]


def distinct_rows(rows: NDArray[np.uint8]) -> int:
    """How many different rows of 16 bytes there are, by sorting two numbers a row."""
    words = np.ascontiguousarray(rows).view(np.uint64)
    left = np.sort(words[:, 0])
    different = int((left[1:] != left[:-1]).sum()) + min(len(left), 1)
    if different == len(rows):
        return different
    order = np.lexsort((words[:, 1], words[:, 0]))
    ordered = words[order]
    return int((ordered[1:] != ordered[:-1]).any(axis=1).sum()) + 1


def is_text(kind: Any) -> bool:
    """Whether an Arrow type is one of the three for text."""
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def _from_hex(array: Any) -> NDArray[np.uint8]:
    made = np.empty((len(array), KEY_BYTES), dtype=np.uint8)
    wrong = at = 0
    for data, offsets in text_parts(array, rows=65_536):
        part = made[at : at + len(offsets) - 1]
        wrong += hex_rows(data, offsets, _HEX, part)
        at += len(part)
    if wrong:
        raise DataError(
            f"keys written as text must be {2 * KEY_BYTES} hex digits, nothing else; {wrong} are not"
        )
    return made
