"""Recoding: the frequency table of a release, in which every class says what the file will say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.frequencies.classes import EquivalenceClasses, Labels
from hsr_privacy.frequencies.counting import unique, unique_pairs
from hsr_privacy.frequencies.packing import Packing
from hsr_privacy.frequencies.parts import Repeats, SensitiveHistogram
from hsr_privacy.frequencies.table import FrequencyTable
from hsr_privacy.hierarchies import HierarchyTable

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]


def recoded(
    table: FrequencyTable, levels: Sequence[int] | NDArray[np.int8], released: Bools
) -> tuple[FrequencyTable, Int32s]:
    """Count what a release says.

    Two cells are the same if their texts are, whatever the levels that they stand on. Where the
    table has measures, classes that are not released stay in it without rows: nobody leaves the
    population with them.

    Args:
        table: the frequency table.
        levels: one level per column, or int8, shape (classes, columns): a level for every cell.
        released: per class.

    Returns:
        A frequency table of the released classes, whose leaves are the texts; and, per class, its
        class there, -1 where it is not released.
    """
    stays = released | bool(table.measures)
    chosen = np.asarray(levels, np.int8)
    if chosen.ndim == 1:
        nodes = [one.nodes[level] for one, level in zip(table.hierarchies, chosen, strict=True)]
        sizes = np.array([int(one.max()) + 1 for one in nodes], np.int64)
        widths = np.array([len(one) for one in nodes], np.int64)
        labels = Labels(np.concatenate(nodes), np.cumsum(widths) - widths, sizes)
        classes = EquivalenceClasses.base(table).merge(labels)
        packed, merged = classes.packed, classes.members
        kept = np.zeros(len(packed), bool)
        kept[merged[stays]] = True
    else:
        packed, kept, merged = table.packed, stays, np.arange(table.classes)
    hierarchies, codes = _texts(table, packed[kept], chosen if chosen.ndim == 1 else chosen[kept])
    distinct, group = unique(Packing.of([one.leaves for one in hierarchies]).pack(codes))
    place = np.full(len(packed), -1, np.int32)
    place[kept] = group
    groups = np.where(stays, place[merged], np.int32(-1))
    release = merge_groups(table, hierarchies, distinct, groups, released)
    return release, np.where(released, groups, np.int32(-1))


def _texts(
    table: FrequencyTable, packed: Int64s, levels: NDArray[np.int8]
) -> tuple[tuple[HierarchyTable, ...], Int32s]:
    """What combinations say: per column its texts, and per combination which of them."""
    hierarchies, codes = [], np.empty((len(packed), len(table.names)), np.int32)
    for j, hierarchy in enumerate(table.hierarchies):
        texts: dict[str | None, int] = {}
        leaves = table.packing.column(packed, j)
        level_of = np.broadcast_to(levels[..., j], len(leaves))
        for level in np.unique(levels[..., j]).tolist():
            at = level_of == level
            nodes = hierarchy.nodes[level][leaves[at]]
            labels = hierarchy.labels[level]
            present = np.zeros(len(labels), bool)
            present[nodes] = True
            number = np.zeros(len(labels), np.int32)
            for node in np.flatnonzero(present).tolist():
                number[node] = texts.setdefault(labels[node], len(texts))
            codes[at, j] = number[nodes]
        hierarchies.append(_flat(table.names[j], tuple(texts) or (None,)))
    return tuple(hierarchies), codes


def merge_groups(
    table: FrequencyTable,
    hierarchies: tuple[HierarchyTable, ...],
    packed: Int64s,
    groups: Int32s,
    released: Bools | None = None,
) -> FrequencyTable:
    """The frequency table whose classes are groups of another's.

    Args:
        table: the other frequency table.
        hierarchies: of the groups.
        packed: int64, shape (groups, words), by these hierarchies.
        groups: int32, per class its group; -1 for a class that is left out.
        released: per class, whether its rows count, and not its measures only; all if left out.
    """
    size, inside = len(packed), groups >= 0

    def add(values: Int64s) -> Int64s:
        sums = np.bincount(groups[inside], weights=values[inside], minlength=size)
        return sums.astype(np.int64)

    measures = {name: add(one) for name, one in table.measures.items()}
    if released is not None:
        groups = np.where(released, groups, np.int32(-1))
        inside = groups >= 0

    repeats = None
    whole = np.where(inside, groups, size).astype(np.int32)
    persons = EquivalenceClasses.base(table).persons_of(whole)[:size]
    if table.repeats is not None:
        kept = inside[table.repeats.cls]
        cls, person = groups[table.repeats.cls[kept]], table.repeats.person[kept]
        person, cls = unique_pairs(person.astype(np.int64), cls.astype(np.int64), size)
        several = np.bincount(person, minlength=1) > 1
        repeats = Repeats(person[several[person]], cls[several[person]])
    sensitive = {}
    for name, one in table.sensitive.items():
        kept = inside[one.classes]
        width = int(one.codes.max(initial=0)) + 1
        keys = groups[one.classes[kept]].astype(np.int64) * width + one.codes[kept]
        pairs, place = np.unique(keys, return_inverse=True)
        counts = np.bincount(place.reshape(-1), weights=one.counts[kept], minlength=len(pairs))
        sensitive[name] = SensitiveHistogram(
            pairs // width, pairs % width, counts.astype(np.int64), one.hierarchy
        )
    return FrequencyTable(
        hierarchies,
        packed,
        add(table.rows),
        persons,
        repeats,
        sensitive,
        table.names,
        measures,
    )


def _flat(name: str, texts: tuple[str | None, ...]) -> HierarchyTable:
    """A hierarchy whose leaves are all there is to it."""
    return HierarchyTable(
        name, texts, ("text",), (texts,), np.arange(len(texts), dtype=np.int32)[None, :]
    )
