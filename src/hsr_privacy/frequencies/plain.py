"""Plain: what the kernels do, in NumPy, for tables too small to wait for a compiler.

Each function takes the arguments of the kernel of its name, and gives the same result to the last
bit; what a kernel needs as room is left as it is.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

MIX: Final = -7046029254386353131  # 2**64 divided by the golden ratio, as a signed word
CHUNK_BITS: Final = 10
"""Neighbouring columns are looked up together as far as they fit so many bits."""


def roll_up(  # noqa: PLR0917 - the arguments of a kernel
    packed: Int64s,
    counts: Int64s,
    keys: Int64s,
    columns: Int64s,
    labels: Int32s,
    hashed: bool,  # noqa: FBT001
    table: Int32s,
    merged: Int32s,
    packed_of: Int64s,
    counts_of: Int64s,
    *_room: Int64s,
) -> int:
    """Merge the classes that have the same key."""
    key = _keys(packed, keys, columns, labels)
    heads = _heads_by_hash(key) if hashed else _heads(key, table)
    is_head = heads == np.arange(len(key), dtype=np.int32)
    numbers = np.cumsum(is_head, dtype=np.int32) - np.int32(1)
    merged[:] = numbers[heads]
    count = int(numbers[-1]) + 1 if len(numbers) else 0
    packed_of[:count] = packed[is_head]
    for place in range(counts.shape[1]):
        sums = np.bincount(merged, weights=counts[:, place], minlength=count)
        counts_of[:count, place] = sums  # whole numbers below 2**53, so exact
    return count


def _keys(packed: Int64s, keys: Int64s, columns: Int64s, labels: Int32s) -> Int64s:
    """The sum, over the columns, of a leaf's label times the column's stride."""
    key = keys.copy() if keys.size else np.zeros(len(packed), np.int64)
    fields = columns.tolist()
    at = 0
    while at < len(fields):
        word, shift = fields[at][:2]
        sums, takes_part, end = np.zeros(1, np.int64), False, shift
        while at < len(fields) and fields[at][0] == word:
            _, _, bits, start, stride, leaves = fields[at]
            if end > shift and end + bits - shift > CHUNK_BITS:
                break
            more = np.zeros(1 << bits, np.int64)
            more[:leaves] = labels[start : start + leaves]
            sums = (more[:, None] * stride + sums).reshape(-1)
            takes_part = takes_part or stride != 0
            end += bits
            at += 1
        if takes_part:
            key += sums[(packed[:, word] >> shift) & (len(sums) - 1)]
    return key


def _heads(key: Int64s, table: Int32s) -> Int32s:
    """Per class, the first that has its key; the table is addressed by it."""
    table[key[::-1]] = np.arange(len(key), dtype=np.int32)[::-1]  # of equals, the last one stays
    return table[key]


def _heads_by_hash(key: Int64s) -> Int32s:
    """Per class, the first that has its key, found by a hash of it.

    Of the keys that share a slot, one is done in each round.
    """
    size = len(key)
    slots = 1 << (2 * size).bit_length()
    table, heads = np.empty(slots, np.int32), np.empty(size, np.int32)
    waiting = np.arange(size, dtype=np.int32)
    while waiting.size:
        own = key[waiting]
        mixed = own * np.int64(MIX)
        slot = (mixed ^ (mixed >> 32)) & (slots - 1)
        table[slot[::-1]] = waiting[::-1]
        head = table[slot]
        is_own = key[head] == own
        heads[waiting[is_own]] = head[is_own]
        waiting = waiting[~is_own]
    return heads


def count_distinct(classes: Int32s, marks: Int32s, merged: Int32s, size: int) -> Int64s:
    """Count the distinct marks in every merged class."""
    width = int(marks.max(initial=0)) + 1
    pairs = np.unique(merged[classes].astype(np.int64) * width + marks)
    return np.bincount(pairs // width, minlength=size)


def merge_histograms(
    classes: Int32s, codes: Int32s, counts: Int64s, merged: Int32s, size: int
) -> tuple[Int64s, Int32s, Int64s]:
    """Add up histograms of merged classes."""
    width = int(codes.max(initial=0)) + 1
    pairs, place = np.unique(merged[classes].astype(np.int64) * width + codes, return_inverse=True)
    sums = np.bincount(place.reshape(-1), weights=counts, minlength=len(pairs))
    starts = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(pairs // width, minlength=size), out=starts[1:])
    return starts, (pairs % width).astype(np.int32), sums.astype(np.int64)
