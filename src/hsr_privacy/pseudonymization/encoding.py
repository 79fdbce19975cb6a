"""The message that a MAC is taken of: typed, length-prefixed, in whole 16-byte blocks.

``version ‖ type ‖ length`` fill three bytes. A payload of at most 13 bytes follows in the same
block, zero-filled; a payload of 14 to 16 bytes follows, zero-filled, as a block of its own after
13 zeros. Type and length stand first, so two different (type, payload) never give the same
message; and all messages of one column begin with the same whole blocks.

A national identifier's payload is its digits in ASCII. Its type follows from its form, so that two
registries need agree on nothing else: fødselsnummer and what imitates it, D-number (day + 40),
number of a shared list (FH, first digit 8 or 9), DUF-number (twelve digits).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.pseudonymization.kernels import identifier_blocks
from hsr_privacy.pseudonymization.key_column import KEY_BYTES, key_matrix, text_parts

ENCODING: Final = "hsr-mac/v1"
"""Named in the manifest; a change of one byte here is a new name."""

BLOCK_BYTES: Final = 16
ROWS_PER_PART: Final = 65_536

KEY_TYPES: Final = {"person-key": b"P", "event-key": b"E"}
IDENTIFIER_TYPES: Final = {"fodselsnummer": b"F", "d-number": b"D", "fh-number": b"S", "duf": b"U"}
SUBJECTS: Final = (*KEY_TYPES, "national-id")

_VERSION: Final = b"\x01"
_HEADER_BYTES: Final = 3
# By first digit of eleven: days 01-31, days 41-71, FH-numbers; behind them, twelve digits.
_TYPE_OF_DIGIT: Final = np.frombuffer(b"FFFFDDDDSSU", dtype=np.uint8)

Rows = NDArray[np.uint8]


def messages(subject: str, column: Any) -> Iterator[tuple[bytes, Rows]]:
    """The messages of a column, part by part.

    Args:
        subject: what the column holds.
        column: n keys of 16 bytes (binary, or 32 hex digits), or n identifiers in the one way to
            write them, as `identifiers.read_column` gives them.

    Yields:
        What the messages of this part begin with, whole blocks or nothing; and the last block of
        each, shape (rows, 16).

    Raises:
        DataError: a row is missing, or is not what the subject says; says how many.
    """
    if subject == "national-id":
        yield from _of_identifiers(column)
        return
    keys = key_matrix(column)
    header = _VERSION + KEY_TYPES[subject] + bytes([KEY_BYTES])
    for at in range(0, len(keys), ROWS_PER_PART):
        yield header.ljust(BLOCK_BYTES, b"\0"), keys[at : at + ROWS_PER_PART]


def message(subject: str, payload: bytes) -> bytes:
    r"""The whole message of one payload.

    >>> message("person-key", bytes(range(16))).hex(" ", 16)
    '01501000000000000000000000000000 000102030405060708090a0b0c0d0e0f'
    >>> message("national-id", b"30908299902")
    b'\x01F\x0b30908299902\x00\x00'
    """
    is_text = subject == "national-id"
    column = pa.array([payload.decode()], pa.large_string()) if is_text else pa.array([payload])
    first, last = next(messages(subject, column))
    return first + last.tobytes()


def _of_identifiers(column: Any) -> Iterator[tuple[bytes, Rows]]:
    wrong = 0
    for data, offsets in text_parts(column, rows=ROWS_PER_PART):
        last = np.empty((len(offsets) - 1, BLOCK_BYTES), dtype=np.uint8)
        wrong += identifier_blocks(data, offsets, _TYPE_OF_DIGIT, last)
        if wrong:
            raise DataError(
                f"{wrong} of {len(last)} rows are no identifiers of 11 or 12 digits; read the "
                "column with read_column and leave out what has a reason"
            )
        yield b"", last
