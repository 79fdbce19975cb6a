"""The message that a MAC is taken of: typed, length-prefixed, in whole 16-byte blocks.

``version ‖ type ‖ length`` fill three bytes. A payload of at most 13 bytes follows in the same
block, zero-filled; a payload of 14 to 16 bytes follows, zero-filled, as a block of its own after
13 zeros. Type and length stand first, so two different (type, payload) never give the same
message; and all messages of one type and length differ in their last block only.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

ENCODING: Final = "hsr-mac/v1"
"""Named in the manifest; a change of one byte here is a new name."""

BLOCK_BYTES: Final = 16
KEY_BYTES: Final = 16
"""Length of a person key and of an event key."""

TYPE_CODES: Final = {"person-key": b"P", "event-key": b"E"}

_VERSION: Final = b"\x01"
_HEADER_BYTES: Final = 3


def blocks(subject: str, payloads: NDArray[np.uint8]) -> tuple[bytes, NDArray[np.uint8]]:
    """The messages of a column of payloads of one length.

    Args:
        subject: what the payloads are.
        payloads: shape (n, length), at most 16 bytes each.

    Returns:
        What all messages begin with, whole blocks or nothing; and the last block of each, shape
        (n, 16).
    """
    count, length = payloads.shape
    header = _VERSION + TYPE_CODES[subject] + bytes([length])
    last = np.zeros((count, BLOCK_BYTES), dtype=np.uint8)
    if _HEADER_BYTES + length <= BLOCK_BYTES:
        last[:, :_HEADER_BYTES] = np.frombuffer(header, dtype=np.uint8)
        last[:, _HEADER_BYTES : _HEADER_BYTES + length] = payloads
        return b"", last
    last[:, :length] = payloads
    return header.ljust(BLOCK_BYTES, b"\0"), last


def message(subject: str, payload: bytes) -> bytes:
    """The whole message of one payload.

    >>> message("person-key", bytes(range(16))).hex(" ", 16)
    '01501000000000000000000000000000 000102030405060708090a0b0c0d0e0f'
    """
    first, last = blocks(subject, np.frombuffer(payload, dtype=np.uint8)[None, :])
    return first + last.tobytes()
