"""Masks: a lattice whose only levels are a cell as it stands and the cell suppressed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.anonymity.settling import MOST_NODES
from hsr_privacy.errors import DataError
from hsr_privacy.frequencies import FrequencyTable
from hsr_privacy.hierarchies import HierarchyTable

Int64s = NDArray[np.int64]

SUPPRESSED: Final = "*"
"""What a suppressed cell says unless another code is asked for."""


def check_maskable(table: FrequencyTable) -> None:
    """Refuse columns whose cells cannot be suppressed, or more than can be combined.

    Raises:
        DataError: more than 18 columns, or a hierarchy whose last level tells values apart.
    """
    patterns = 2 ** len(table.names)
    if patterns > MOST_NODES:
        raise DataError(
            f"the cells of {len(table.names)} columns make {patterns} combinations, and at most "
            f"{MOST_NODES} are tried; leave out columns, or use full-domain"
        )
    for name, hierarchy in zip(table.names, table.hierarchies, strict=True):
        if hierarchy.nodes[-1].any():
            raise DataError(
                f"column '{name}': the last level of its hierarchy tells values apart, so a "
                "suppressed cell has nothing to say; add a level on which all are '*'"
            )


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
