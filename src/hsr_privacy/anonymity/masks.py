"""Masks: a lattice whose only levels are a cell as it stands and the cell suppressed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.frequencies import FrequencyTable
from hsr_privacy.hierarchies import HierarchyTable

Int64s = NDArray[np.int64]

SUPPRESSED = "*"
"""What a suppressed cell says unless another code is asked for."""


def maskable(table: FrequencyTable, levels: Sequence[int]) -> FrequencyTable:
    """The table with every column on one level, and above it nothing but the suppressed cell.

    Leaves stay as they are, so that a cell on its level loses what it did before, and a suppressed
    one everything.

    Args:
        table: the frequency table.
        levels: of every column.
    """
    hierarchies = tuple(
        _two(one, level) for one, level in zip(table.hierarchies, levels, strict=True)
    )
    return replace(table, hierarchies=hierarchies)


def _two(hierarchy: HierarchyTable, level: int) -> HierarchyTable:
    nodes = np.stack([hierarchy.nodes[level], np.zeros(hierarchy.leaves, np.int32)])
    names = (hierarchy.level_names[level], "suppressed")
    labels = (hierarchy.labels[level], (SUPPRESSED,))
    return HierarchyTable(hierarchy.name, hierarchy.values, names, labels, nodes)
