"""The ascending sweep, compiled: nodes in order of their cost, each over the classes that still wait."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.compiled import compiled
from hsr_privacy.frequencies.kernels import CHUNK_BITS, MIX, lay_out

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Floats = NDArray[np.float64]


@compiled(
    "i8(i8[:, ::1], i8[::1], i4[::1], i8, i8[::1], i8[::1], i8[::1], i8[:, ::1], i8[::1], i8[::1], "
    "i8[::1], i4[::1], i8, i8, i8[::1], f8[::1], f8[::1], f8[::1])"
)
def sweep(  # noqa: C901, PLR0912, PLR0915, PLR0917 - one compiled loop over nodes
    packed: Int64s,
    persons: Int64s,
    waiting: Int32s,
    many: int,
    order: Int64s,
    strides: Int64s,
    shape: Int64s,
    fields: Int64s,
    term_starts: Int64s,
    block_starts: Int64s,
    sizes: Int64s,
    labels: Int32s,
    k: int,
    enough: int,
    node_of: Int64s,
    cost: Floats,
    ceilings: Floats,
    deferred: Floats,
) -> int:
    """Let every group of at least k waiting persons settle where it loses no more than others would.

    A node is visited at the mean cost of all that wait. A group whose own cost is higher waits on,
    and the node is visited again when the sweep has come so far.

    Most rows are alone on most nodes. So the keys of a node are first counted by their hash alone,
    in a small table without collision handling: a row whose slot holds fewer than k persons is in
    no group, and only the others are grouped exactly.

    Args:
        packed: shape (base classes, words).
        persons: per base class; nobody stands in two.
        waiting: base classes that wait, at its beginning; kept so in place.
        many: how many wait.
        order: nodes, in the order in which they are visited.
        strides: of each column in the numbering of nodes.
        shape: levels per column.
        fields: per column: word, shift, bits, two free places, number of leaves.
        term_starts: per column, where its levels start.
        block_starts: per column and level, where its labels start in ``labels``.
        sizes: per column and level, the number of labels; all products are below 2**62.
        labels: label of every leaf, for all columns and levels behind each other.
        k: persons that make a group; below 2**30.
        enough: stop when so many classes or fewer wait.
        node_of: per base class, the node it settled on; set in place.
        cost: per leaf of each block, what a row loses.
        ceilings: per node of the order, the mean cost up to which a group settles.
        deferred: per node of the order, set to the least cost of a group that waits on, or left inf.

    Returns:
        The number of nodes visited.
    """
    columns = fields.shape[0]
    sums = np.empty(columns << CHUNK_BITS, np.int64)
    chunks = np.empty((columns, 4), np.int64)
    direct = np.empty((columns, 5), np.int64)
    bits = 1
    while (1 << bits) < 2 * many:
        bits += 1
    wrap = (np.int64(1) << bits) - 1
    hashed = np.empty(wrap + 1, np.int32)  # persons by the hash of their key, k at most counted
    slots = np.full(wrap + 1, np.int32(-1), np.int32)
    stamp = np.full(wrap + 1, np.int32(-1), np.int32)
    keys = np.empty(many, np.int64)
    keys_of = np.empty(many, np.int64)
    count_of = np.empty(many, np.int64)
    first_of = np.empty(many, np.int32)
    inside = np.empty(many, np.int32)
    group = np.empty(many, np.int32)
    words = np.empty((many, packed.shape[1]), np.int64)
    weight = np.empty(many, np.int32)
    for i in range(many):
        for w in range(packed.shape[1]):
            words[i, w] = packed[waiting[i], w]
        weight[i] = min(persons[waiting[i]], k)
    for visited in range(order.size):
        node = order[visited]
        # (1) what a key of this node is made of
        space = np.int64(1)
        for j in range(columns):
            term = term_starts[j] + (node // strides[j]) % shape[j]
            fields[j, 3] = block_starts[term]
            fields[j, 4] = space if sizes[term] > 1 else 0
            space *= sizes[term]
        chunked, alone = lay_out(fields, labels, many, chunks, direct, sums)
        # (2) the keys, column by column, and the persons of all keys whose hash is the same
        for i in range(many):
            keys[i] = 0
        for c in range(chunked):
            word, shift, mask, start = chunks[c, 0], chunks[c, 1], chunks[c, 2], chunks[c, 3]
            for i in range(many):
                keys[i] += sums[start + ((words[i, word] >> shift) & mask)]
        for c in range(alone):
            word, shift, mask, start = direct[c, 0], direct[c, 1], direct[c, 2], direct[c, 3]
            stride = direct[c, 4]
            for i in range(many):
                keys[i] += labels[start + ((words[i, word] >> shift) & mask)] * stride
        for slot in range(wrap + 1):
            hashed[slot] = 0
        largest = np.int32(0)
        for i in range(many):
            mixed = keys[i] * np.int64(MIX)
            slot = (mixed ^ (mixed >> 32)) & wrap
            held = hashed[slot]
            if held < k:
                held += weight[i]
                hashed[slot] = held
                largest = max(largest, held)
        if largest < k:
            continue
        # (3) the groups of those that may be in a large one
        candidates, groups = 0, 0
        for i in range(many):
            key = keys[i]
            mixed = key * np.int64(MIX)
            slot = (mixed ^ (mixed >> 32)) & wrap
            if hashed[slot] < k:
                continue
            while stamp[slot] == visited and keys_of[slots[slot]] != key:
                slot = (slot + 1) & wrap
            if stamp[slot] != visited:
                stamp[slot] = visited
                slots[slot] = groups
                keys_of[groups] = key
                count_of[groups] = 0
                first_of[groups] = i
                groups += 1
            found = slots[slot]
            inside[candidates] = i
            group[candidates] = found
            candidates += 1
            count_of[found] += persons[waiting[i]]
        # (4) groups that are large enough and cheap enough settle; the others wait
        for n in range(groups):
            if count_of[n] < k:
                continue
            i = first_of[n]
            lost = 0.0  # the same for all of the group
            for j in range(columns):
                mask = (np.int64(1) << fields[j, 2]) - 1
                lost += cost[fields[j, 3] + ((words[i, fields[j, 0]] >> fields[j, 1]) & mask)]
            if lost > ceilings[visited]:
                count_of[n] = 0
                deferred[visited] = min(deferred[visited], lost)
        leaving = 0
        for c in range(candidates):
            if count_of[group[c]] >= k:
                i = inside[c]
                node_of[waiting[i]] = node
                waiting[i] = -1
                leaving += 1
        if leaving:
            kept = 0
            for i in range(many):
                if waiting[i] >= 0:
                    waiting[kept] = waiting[i]
                    for w in range(words.shape[1]):  # a row at once takes seconds to compile
                        words[kept, w] = words[i, w]
                    weight[kept] = weight[i]
                    kept += 1
            many = kept
        if many <= enough:
            return visited + 1
    return order.size
