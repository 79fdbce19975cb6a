"""The loops over bytes that a fast column needs: digits to messages, hex to bytes, bytes to text.

Each works on one part of a column in numpy arrays and gives back how many rows it could not read.
No cryptography happens here.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.compiled import compiled

Bytes: TypeAlias = NDArray[np.uint8]


_BYTES: Final = "Array(u1, 1, 'C', True)"
"""C-contiguous, and read only: such arrays may lie in Arrow's memory."""
_ROWS: Final = "Array(u1, 2, 'C', True)"
_PAIRS: Final = "Array(u2, 1, 'C', True)"
_PAIRS_BY_ROW: Final = "Array(u2, 2, 'C', True)"
_PLACES: Final = "Array(i8, 1, 'C', True)"


@compiled(f"i8({_BYTES}, {_PLACES}, {_BYTES}, u1[:, ::1])")
def identifier_blocks(
    data: Bytes, offsets: NDArray[np.int64], type_of_digit: Bytes, out: Bytes
) -> int:
    """Write the message of each identifier: version, type, length, digits, zeros.

    Args:
        data: the texts, one behind the other.
        offsets: where each begins; n + 1 places.
        type_of_digit: per first digit, the type of eleven digits; then the type of twelve.
        out: shape (n, 16), written.

    Returns:
        Rows that are not eleven or twelve ASCII digits.
    """
    wrong = 0
    for row in range(len(offsets) - 1):
        start = offsets[row]
        length = offsets[row + 1] - start
        if length not in (11, 12):
            wrong += 1
            continue
        out[row, 0] = 1
        out[row, 2] = length
        largest = np.uint8(0)
        for place in range(length):
            byte = data[start + place]
            largest = max(largest, np.uint8(byte - 48))  # what is below "0" wraps around
            out[row, 3 + place] = byte
        for place in range(3 + length, 16):
            out[row, place] = 0
        if largest > 9:
            wrong += 1
            continue
        out[row, 1] = type_of_digit[data[start] - 48] if length == 11 else type_of_digit[10]
    return wrong


@compiled(f"i8({_BYTES}, {_PLACES}, {_BYTES}, u1[:, ::1])")
def hex_rows(data: Bytes, offsets: NDArray[np.int64], value_of_letter: Bytes, out: Bytes) -> int:
    """Write the 16 bytes that 32 hex digits mean.

    Args:
        data: the texts, one behind the other.
        offsets: where each begins; n + 1 places.
        value_of_letter: 256 values; more than 15 where a byte is no hex digit.
        out: shape (n, 16), written.

    Returns:
        Rows that are something else.
    """
    wrong = 0
    for row in range(len(offsets) - 1):
        start = offsets[row]
        if offsets[row + 1] - start != 32:
            wrong += 1
            continue
        seen = 0
        for place in range(16):
            high = value_of_letter[data[start + 2 * place]]
            low = value_of_letter[data[start + 2 * place + 1]]
            seen |= high | low
            out[row, place] = (high << 4) | (low & 15)
        wrong += seen > 15
    return wrong


@compiled(f"void({_ROWS}, {_PAIRS}, {_PAIRS_BY_ROW}, {_PAIRS}, u2[:, ::1])")
def pseudonym_letters(
    rows: Bytes,
    two_letters: NDArray[np.uint16],
    sums_of_two: NDArray[np.uint16],
    last_two: NDArray[np.uint16],
    out: NDArray[np.uint16],
) -> None:
    """Write the leftmost 100 bits of each row as 20 letters, and two check letters.

    Args:
        rows: shape (n, 16).
        two_letters: by ten bits, the two letters that they are.
        sums_of_two: by pair of letters (10) and ten bits, what they add to the two sums.
        last_two: by the two sums, the check letters.
        out: shape (n, 11), written: two letters each.
    """
    for row in range(len(rows)):
        left = np.uint64(0)
        right = np.uint64(0)
        for place in range(8):
            left = (left << np.uint64(8)) | np.uint64(rows[row, place])
            right = (right << np.uint64(8)) | np.uint64(rows[row, 8 + place])
        sums = np.uint16(0)
        for pair in range(6):
            ten = (left >> np.uint64(54 - 10 * pair)) & np.uint64(1023)
            out[row, pair] = two_letters[ten]
            sums ^= sums_of_two[pair, ten]
        ten = ((left << np.uint64(6)) | (right >> np.uint64(58))) & np.uint64(1023)
        out[row, 6] = two_letters[ten]
        sums ^= sums_of_two[6, ten]
        for pair in range(7, 10):
            ten = (right >> np.uint64(48 - 10 * (pair - 7))) & np.uint64(1023)
            out[row, pair] = two_letters[ten]
            sums ^= sums_of_two[pair, ten]
        out[row, 10] = last_two[sums]
