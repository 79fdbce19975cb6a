"""Check a hierarchy: one parent for each node, a place for each value, and levels that do something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np

from hsr_privacy.errors import DataError
from hsr_privacy.hierarchies.hierarchy import Hierarchy
from hsr_privacy.hierarchies.table import TOP, HierarchyTable

_UNEVEN: Final = 2
"""A level is uneven if its largest node holds more than so many times the leaves of its smallest."""


@dataclass(frozen=True)
class LevelCheck:
    """What one level does.

    Attributes:
        name: of the level.
        nodes: how many there are.
        smallest, largest: leaves in the node with fewest and in the one with most.
        fewest_rows: rows of the data in the thinnest node that has any; None without data.
    """

    name: str
    nodes: int
    smallest: int
    largest: int
    fewest_rows: int | None


@dataclass(frozen=True)
class HierarchyCheck:
    """What a hierarchy is found to be; it holds counts and names of levels, no value.

    Attributes:
        name: of the hierarchy.
        leaves: values that it holds; 0 where only data can tell.
        levels: from the value itself to ``*``; none where only data can tell.
        faults: what makes it unfit, as sentences.
        uncovered_values, uncovered_rows: of the data, what has no place in it.
        warnings: what is surely not meant.
        infos: what may be meant.
    """

    name: str
    leaves: int
    levels: tuple[LevelCheck, ...]
    faults: tuple[str, ...]
    uncovered_values: int
    uncovered_rows: int
    warnings: tuple[str, ...]
    infos: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """As a plain document."""
        return {
            "name": self.name,
            "leaves": self.leaves,
            "levels": [vars(level) for level in self.levels],
            "uncovered_values": self.uncovered_values,
            "uncovered_rows": self.uncovered_rows,
            "warnings": list(self.warnings),
            "infos": list(self.infos),
        }


def check_hierarchy(
    hierarchy: Hierarchy, counts: Mapping[str, int] | None = None
) -> HierarchyCheck:
    """Check a hierarchy, over the values of a column if they are given.

    Args:
        hierarchy: as it was read.
        counts: rows of each value of the column, missing ones left out.
    """
    faults = _faults_of_names(hierarchy.level_names)
    stray = hierarchy.uncovered(counts or ())
    held = {value: rows for value, rows in (counts or {}).items() if value not in stray}
    rows = sum((counts or {}).values()) - sum(held.values())
    levels: tuple[LevelCheck, ...] = ()
    infos: list[str] = []
    leaves = 0
    if not (hierarchy.domain or held):
        infos.append("its values follow a rule; give data to count its nodes")
    else:
        try:
            table = hierarchy.table(held)
        except DataError as error:
            faults.append(str(error))
        else:
            leaves = table.leaves
            levels = tuple(_level(table, n, held if counts else None) for n in range(table.levels))
            if table.labels[-1] != (TOP,):
                faults.append("its last level must be the one node *")
    return HierarchyCheck(
        hierarchy.name,
        leaves,
        levels,
        tuple(faults),
        len(stray),
        rows,
        tuple(_warnings(levels)),
        (*infos, *_uneven(hierarchy)),
    )


def _faults_of_names(names: tuple[str, ...]) -> list[str]:
    twice = sorted({name for name in names if names.count(name) > 1})
    return [f"two levels are named '{name}'; rename one" for name in twice]


def _level(table: HierarchyTable, level: int, counts: Mapping[str, int] | None) -> LevelCheck:
    nodes = table.nodes[level]
    leaves = np.bincount(nodes)
    fewest = None
    if counts:
        rows = np.array([counts.get(value or "", 0) for value in table.values])
        in_node = np.bincount(nodes, weights=rows)
        fewest = int(in_node[in_node > 0].min())
    return LevelCheck(
        table.level_names[level], len(leaves), int(leaves.min()), int(leaves.max()), fewest
    )


def _warnings(levels: tuple[LevelCheck, ...]) -> list[str]:
    found = []
    for below, here in pairwise(levels[:-1]):
        if here.nodes == below.nodes:
            found.append(f"level '{here.name}' merges nothing; take it out")
        elif here.nodes == 1:
            found.append(f"level '{here.name}' has one node and tells no more than *; take it out")
    return found


def _uneven(hierarchy: Hierarchy) -> list[str]:
    """Levels whose nodes differ much, where the values are known beforehand."""
    if not hierarchy.domain:
        return []
    found = []
    for level, name in enumerate(hierarchy.level_names):
        sizes = Counter(row[level] for row in hierarchy.domain).values()
        if max(sizes) > _UNEVEN * min(sizes):
            found.append(
                f"level '{name}' is uneven: its nodes hold from {min(sizes)} to {max(sizes)} values"
            )
    return found
