"""Groups: which base classes read alike where each stands on a node of its own, and what they lose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.anonymity.lattice import Lattice
from hsr_privacy.compiled import compiled
from hsr_privacy.frequencies.kernels import MIX

Int8s = NDArray[np.int8]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Groups:
    """Base classes that stand on the same node and have the same labels on it.

    Attributes:
        of: int32, per base class, its group; -1 where it stands nowhere.
        first: int64, per group, one base class.
    """

    of: Int32s
    first: Int64s


def groups_of(lattice: Lattice, node_of: Int64s) -> Groups:
    """The groups of base classes, numbered as they are met.

    Args:
        lattice: the lattice.
        node_of: int64, per base class, its node; -1 where it stands nowhere.
    """
    table = lattice.table
    size = table.classes
    stands = node_of >= 0
    blocks, place = _blocks(lattice, np.maximum(node_of, 0))
    group, first = np.full(size, -1, np.int32), np.empty(size, np.int64)
    many = gather(
        table.packed,
        table.fields,
        np.where(stands, place, -1),
        blocks,
        lattice.labels,
        np.full(1 << (2 * size).bit_length(), -1, np.int32),
        np.empty((size, len(lattice.shape)), np.int32),
        group,
        first,
    )
    return Groups(group, first[:many].copy())


def row_costs(lattice: Lattice, packed: Int64s, node_of: Int64s) -> Floats:
    """What a row of each combination loses on its node.

    Args:
        lattice: with the additive loss.
        packed: int64, shape (combinations, words).
        node_of: int64, the node of each combination, or one node for all.
    """
    blocks, place = _blocks(lattice, node_of)
    lost = np.zeros(len(packed))
    lose(packed, lattice.table.fields, place, blocks, lattice.cost, lost)
    return lost


def original_cells(lattice: Lattice, node_of: Int64s) -> Int8s:
    """int8, shape (base classes, columns): the level of every cell in its hierarchy."""
    levels = node_of[:, None] // lattice.strides % lattice.shape
    cells = [np.array(kept, np.int8)[levels[:, j]] for j, kept in enumerate(lattice.levels)]
    return np.stack(cells, axis=1)


def _blocks(lattice: Lattice, node_of: Int64s) -> tuple[Int64s, Int64s]:
    """Per node that occurs and column where its block starts, and for whom which of them counts."""
    occurs = np.bincount(node_of) > 0
    levels = np.flatnonzero(occurs)[:, None] // lattice.strides % lattice.shape
    place = np.cumsum(occurs) - 1
    return lattice.block_starts[lattice.term_starts + levels], place[node_of]


@compiled("void(i8[:, ::1], i8[:, ::1], i8[::1], i8[:, ::1], f8[::1], f8[::1])")
def lose(  # noqa: PLR0917 - compiled functions take arguments by position
    packed: Int64s, fields: Int64s, place: Int64s, blocks: Int64s, cost: Floats, lost: Floats
) -> None:
    """Add up what a row of each combination loses.

    Args:
        packed: shape (combinations, words).
        fields: per column: word, shift, bits.
        place: of each combination in ``blocks``, or one place for all.
        blocks: per node and column, where its block starts.
        cost: per leaf of each block.
        lost: added to, per combination.
    """
    for j in range(blocks.shape[1]):
        word, shift, mask = fields[j, 0], fields[j, 1], (np.int64(1) << fields[j, 2]) - 1
        for i in range(packed.shape[0]):
            block = blocks[place[i if place.size > 1 else 0], j]
            lost[i] += cost[block + ((packed[i, word] >> shift) & mask)]


@compiled(
    "i8(i8[:, ::1], i8[:, ::1], i8[::1], i8[:, ::1], i4[::1], i4[::1], i4[:, ::1], i4[::1], "
    "i8[::1])"
)
def gather(  # noqa: PLR0917 - compiled functions take arguments by position
    packed: Int64s,
    fields: Int64s,
    place: Int64s,
    blocks: Int64s,
    labels: Int32s,
    slots: Int32s,
    label_of: Int32s,
    group: Int32s,
    first: Int64s,
) -> int:
    """Number the groups; labels are compared one by one, so that no key can be too wide.

    Args:
        packed: shape (base classes, words).
        fields: per column: word, shift, bits.
        place: of each base class in ``blocks``; below 0 where it stands nowhere.
        blocks: per node and column, where its block starts.
        labels: per leaf of each block.
        slots: all -1; its length is a power of 2, and more than that of the base classes.
        label_of: room for the labels of so many groups.
        group: set: per base class that stands, its group.
        first: set: per group, the first of its base classes.

    Returns:
        The number of groups.
    """
    columns, wrap = blocks.shape[1], slots.size - 1
    count = 0
    for i in range(packed.shape[0]):
        if place[i] < 0:
            continue
        mixed = place[i]
        for j in range(columns):
            code = (packed[i, fields[j, 0]] >> fields[j, 1]) & ((np.int64(1) << fields[j, 2]) - 1)
            label = labels[blocks[place[i], j] + code]
            label_of[count, j] = label
            mixed = (mixed ^ (mixed >> 32)) * np.int64(MIX) + label
        mixed *= np.int64(MIX)
        slot = (mixed ^ (mixed >> 32)) & wrap
        while slots[slot] >= 0:
            found = slots[slot]
            same = place[first[found]] == place[i]
            for j in range(columns):
                same = same and label_of[found, j] == label_of[count, j]
            if same:
                break
            slot = (slot + 1) & wrap
        if slots[slot] < 0:
            slots[slot] = count
            first[count] = i
            count += 1
        group[i] = slots[slot]
    return count


@compiled(
    "void(i8, i8[::1], i8[:, ::1], f8[::1], i8[:, ::1], i8[:, ::1], i8[::1], i8[::1], i8[::1], "
    "i4[::1], f8[::1])"
)
def meet(  # noqa: PLR0917 - compiled functions take arguments by position
    one: int,
    first: Int64s,
    levels: Int64s,
    lost: Floats,
    packed: Int64s,
    fields: Int64s,
    shape: Int64s,
    term_starts: Int64s,
    block_starts: Int64s,
    labels: Int32s,
    cost: Floats,
) -> None:
    """Raise every group to the lowest node on which a base class is like it.

    Args:
        one: the base class.
        first: a base class of each group.
        levels: shape (groups, columns), of the node of each group; raised.
        lost: set: per group, what a row loses there; inf if they are alike on no level.
        packed: shape (base classes, words).
        fields: per column: word, shift, bits.
        shape: levels per column.
        term_starts: per column, where its levels start.
        block_starts: per column and level, where its block starts.
        labels: per leaf of each block.
        cost: per leaf of each block.
    """
    for n in range(first.size):
        lost[n] = 0.0
        for j in range(shape.size):
            word, shift, mask = fields[j, 0], fields[j, 1], (np.int64(1) << fields[j, 2]) - 1
            mine, theirs = (
                (packed[one, word] >> shift) & mask,
                (packed[first[n], word] >> shift) & mask,
            )
            level = levels[n, j]
            while level < shape[j]:
                block = block_starts[term_starts[j] + level]
                if labels[block + mine] == labels[block + theirs]:
                    break
                level += 1
            if level == shape[j]:
                lost[n] = np.inf
                break
            levels[n, j] = level
            lost[n] += cost[block_starts[term_starts[j] + level] + theirs]
