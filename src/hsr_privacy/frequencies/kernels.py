"""Kernels: the loops over combinations and classes, compiled.

Arrays are contiguous and of the stated types, as the callers make them; nothing is checked here.
Combinations are packed (see `Packing`): the leaf of a column is a field of bits in one of the words.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.compiled import compiled
from hsr_privacy.frequencies import plain

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

MIX: Final = plain.MIX
CHUNK_BITS: Final = plain.CHUNK_BITS
CHUNKS_PAY_FROM: Final = 512
"""Classes from which a table for the sums of such a chunk pays."""


@compiled("UniTuple(i8, 2)(i8[:, ::1], i4[::1], i8, i8[:, ::1], i8[:, ::1], i8[::1])")
def lay_out(  # noqa: PLR0917 - compiled functions take arguments by position
    columns: Int64s, labels: Int32s, size: int, chunks: Int64s, direct: Int64s, sums: Int64s
) -> tuple[int, int]:
    """Prepare keys: the sum, over the columns, of a leaf's label times the column's stride.

    Neighbouring fields are looked up together, in a table with the sum for each of their values; a
    wide field is looked up by itself.

    Args:
        columns: per column, in the order of its place: word, shift, bits, where its labels start in
            ``labels``, stride (0 if it takes no part), number of leaves.
        labels: label of every leaf, for all columns and levels behind each other.
        size: classes that will be looked up; for few of them, tables do not pay.
        chunks: filled with word, shift, mask and place in ``sums`` of each table.
        direct: filled with word, shift, mask, place in ``labels`` and stride of each other column.
        sums: filled with the tables; room for 1,024 numbers per column.

    Returns:
        The number of tables and of columns that are looked up by themselves.
    """
    many, alone, at = 0, 0, 0
    end = np.int64(0)
    while at < columns.shape[0]:
        word, shift, bits = columns[at, 0], columns[at, 1], columns[at, 2]
        if bits > CHUNK_BITS or size < CHUNKS_PAY_FROM:
            if columns[at, 4] != 0:
                direct[alone, 0] = word
                direct[alone, 1] = shift
                direct[alone, 2] = (np.int64(1) << bits) - 1
                direct[alone, 3] = columns[at, 3]
                direct[alone, 4] = columns[at, 4]
                alone += 1
            at += 1
            continue
        sums[end] = 0
        filled = np.int64(1)
        takes_part = False
        while (
            at < columns.shape[0]
            and columns[at, 0] == word
            and columns[at, 1] + columns[at, 2] - shift <= CHUNK_BITS
        ):
            start, stride, leaves = columns[at, 3], columns[at, 4], columns[at, 5]
            for code in range((1 << columns[at, 2]) - 1, -1, -1):  # 0 last, onto the sums so far
                more = labels[start + code] * stride if code < leaves else np.int64(0)
                place = end + code * filled
                for x in range(filled):
                    sums[place + x] = sums[end + x] + more
            filled <<= columns[at, 2]
            takes_part = takes_part or stride != 0
            at += 1
        if takes_part:
            chunks[many, 0] = word
            chunks[many, 1] = shift
            chunks[many, 2] = filled - 1
            chunks[many, 3] = end
            many += 1
            end += filled
    return many, alone


@compiled(
    "i8(i8[:, ::1], i8[:, ::1], i8[::1], i8[:, ::1], i4[::1], b1, i4[::1], i4[::1], i8[:, ::1], "
    "i8[:, ::1], i8[::1], i8[::1], i8[:, ::1], i8[:, ::1], i8[::1])",
    plain=plain.roll_up,
)
def roll_up(  # noqa: C901, PLR0912, PLR0917 - one pass over the rows, compiled
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
    keys_of: Int64s,
    tile: Int64s,
    chunks: Int64s,
    direct: Int64s,
    sums: Int64s,
) -> int:
    """Merge the classes that have the same key.

    Args:
        packed: shape (classes, words): one combination of each class.
        counts: shape (classes, measures): what is added up.
        keys: what each key begins with; empty for 0.
        columns: what is added to it, see `lay_out`.
        labels: label of every leaf, for all columns and levels behind each other.
        hashed: whether ``table`` is addressed by a hash of the key; else by the key itself.
        table: all -1: as long as there are keys, or if hashed, a power of 2. It is not used on.
        merged: set: per class, the merged class it belongs to.
        packed_of: room for as many combinations as there are classes; set: one of each merged class.
        counts_of: room for as many sums; set: those of each merged class.
        keys_of: room for as many keys.
        tile: room for the keys of so many classes, which are taken together.
        chunks, direct, sums: room, see `lay_out`.

    Returns:
        The number of merged classes, which are numbered as they are met.
    """
    size, words = packed.shape
    measures = counts.shape[1]
    many, alone = lay_out(columns, labels, size, chunks, direct, sums)
    wrap = table.size - 1
    count = 0
    for begin in range(0, size, tile.size):
        # (1) the keys of a tile of classes, column by column
        length = min(tile.size, size - begin)
        for i in range(length):
            tile[i] = keys[begin + i] if keys.size > 0 else 0
        for c in range(0, many - 1, 2):  # two at a time: the rows are read half as often
            word, shift, mask, start = chunks[c, 0], chunks[c, 1], chunks[c, 2], chunks[c, 3]
            word_2, shift_2 = chunks[c + 1, 0], chunks[c + 1, 1]
            mask_2, start_2 = chunks[c + 1, 2], chunks[c + 1, 3]
            for i in range(length):
                tile[i] += (
                    sums[start + ((packed[begin + i, word] >> shift) & mask)]
                    + sums[start_2 + ((packed[begin + i, word_2] >> shift_2) & mask_2)]
                )
        if many % 2:
            word, shift = chunks[many - 1, 0], chunks[many - 1, 1]
            mask, start = chunks[many - 1, 2], chunks[many - 1, 3]
            for i in range(length):
                tile[i] += sums[start + ((packed[begin + i, word] >> shift) & mask)]
        for c in range(alone):
            word, shift, mask, start = direct[c, 0], direct[c, 1], direct[c, 2], direct[c, 3]
            stride = direct[c, 4]
            for i in range(length):
                tile[i] += labels[start + ((packed[begin + i, word] >> shift) & mask)] * stride
        # (2) a table that stays at least half empty
        if hashed and 2 * (count + length) > table.size:
            table = np.empty(8 * table.size, np.int32)
            wrap = table.size - 1
            table[:] = -1
            for n in range(count):
                mixed = keys_of[n] * np.int64(MIX)
                slot = (mixed ^ (mixed >> 32)) & wrap
                while table[slot] >= 0:
                    slot = (slot + 1) & wrap
                table[slot] = n
        # (3) their merged classes, one by one
        for i in range(begin, begin + length):
            key = tile[i - begin]
            slot = key
            if hashed:
                mixed = key * np.int64(MIX)
                slot = (mixed ^ (mixed >> 32)) & wrap
            found = table[slot]
            while hashed and found >= 0 and keys_of[found] != key:
                slot = (slot + 1) & wrap
                found = table[slot]
            if found >= 0:
                merged[i] = found
                counts_of[found, 0] += counts[i, 0]
                for m in range(1, measures):
                    counts_of[found, m] += counts[i, m]
                continue
            table[slot] = count
            merged[i] = count
            packed_of[count, 0] = packed[i, 0]
            for w in range(1, words):
                packed_of[count, w] = packed[i, w]
            for m in range(measures):
                counts_of[count, m] = counts[i, m]
            if hashed:
                keys_of[count] = key
            count += 1
    return count


@compiled("i8[::1](i4[::1], i4[::1], i4[::1], i8)", plain=plain.count_distinct)
def count_distinct(classes: Int32s, marks: Int32s, merged: Int32s, size: int) -> Int64s:
    """Count the distinct marks in every merged class.

    Args:
        classes: base class of each pair of class and mark.
        marks: 0 or more; equal marks stand behind each other.
        merged: per base class, its merged class.
        size: number of merged classes.
    """
    counts = np.zeros(size, np.int64)
    seen = np.full(size, np.int32(-1), np.int32)
    for i in range(classes.size):
        place = merged[classes[i]]
        if seen[place] != marks[i]:
            seen[place] = marks[i]
            counts[place] += 1
    return counts


@compiled(
    "Tuple((i8[::1], i4[::1], i8[::1]))(i4[::1], i4[::1], i8[::1], i4[::1], i8)",
    plain=plain.merge_histograms,
)
def merge_histograms(
    classes: Int32s, codes: Int32s, counts: Int64s, merged: Int32s, size: int
) -> tuple[Int64s, Int32s, Int64s]:
    """Add up histograms of merged classes.

    Args:
        classes: base class of each pair of class and code.
        codes: 0 or more, ascending.
        counts: of each pair.
        merged: per base class, its merged class.
        size: number of merged classes.

    Returns:
        Where the pairs of each merged class start (one more than there are classes), and the codes,
        ascending in each class, with their counts.
    """
    starts = np.zeros(size + 1, np.int64)
    seen = np.full(size, np.int32(-1), np.int32)
    for i in range(classes.size):
        place = merged[classes[i]]
        if seen[place] != codes[i]:
            seen[place] = codes[i]
            starts[place + 1] += 1
    for place in range(size):
        starts[place + 1] += starts[place]
    at = starts[:size].copy()
    codes_of = np.empty(starts[size], np.int32)
    counts_of = np.zeros(starts[size], np.int64)
    seen[:] = -1
    for i in range(classes.size):
        place = merged[classes[i]]
        if seen[place] != codes[i]:
            seen[place] = codes[i]
            codes_of[at[place]] = codes[i]
            at[place] += 1
        counts_of[at[place] - 1] += counts[i]
    return starts, codes_of, counts_of
