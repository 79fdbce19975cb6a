"""The message that a MAC is taken of: typed, length-prefixed, in whole 16-byte blocks.

``version ‖ type ‖ length`` fill three bytes. A payload of at most 13 bytes follows in the same
block, zero-filled; a payload of 16 bytes follows as a block of its own after 13 zeros. Because
type and length stand first, two different (type, payload) never give the same message, and all
messages of one type and length share everything but the payload.
"""

from __future__ import annotations

from typing import Final

ENCODING: Final = "hsr-mac/v1"
"""Named in the manifest; a change of one byte here is a new name."""

KEY_BYTES: Final = 16
"""Length of a person key and of an event key."""

TYPE_CODES: Final = {"person-key": b"P", "event-key": b"E"}

_VERSION: Final = b"\x01"
_BLOCK: Final = 16
_HEADER: Final = 3


def message_prefix(subject: str, length: int) -> bytes:
    """What stands before the payload of every message of this subject and length."""
    header = _VERSION + TYPE_CODES[subject] + bytes([length])
    return header if _HEADER + length <= _BLOCK else header.ljust(_BLOCK, b"\0")


def message(subject: str, payload: bytes) -> bytes:
    """The whole message for one payload, zero-filled to whole blocks.

    >>> message("person-key", bytes(range(16))).hex(" ", 16)
    '01501000000000000000000000000000 000102030405060708090a0b0c0d0e0f'
    """
    written = message_prefix(subject, len(payload)) + payload
    return written.ljust(-(-len(written) // _BLOCK) * _BLOCK, b"\0")
