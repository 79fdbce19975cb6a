"""Small tables in plain values, and recodings of them by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from hsr_privacy.anonymity.solution import Found, Method, Solution, describe
from hsr_privacy.frequencies import FrequencyTable
from hsr_privacy.hierarchies import HierarchyTable
from hsr_privacy.models import KAnonymity


def hierarchy(name: str, text: str) -> HierarchyTable:
    """A hierarchy by its rows, such as ``a G *, b G *``."""
    return HierarchyTable.from_rows(name, [row.split() for row in text.split(",")])


def frequencies(
    hierarchies: Sequence[HierarchyTable],
    rows: Sequence[Sequence[str]],
    *,
    sensitive: Mapping[str, Sequence[int]] | None = None,
) -> FrequencyTable:
    """Count rows that are given as values."""
    codes = [
        [one.leaf_index[value] for one, value in zip(hierarchies, row, strict=True)] for row in rows
    ]
    shape = (len(rows), len(hierarchies))
    return FrequencyTable.from_rows(
        tuple(hierarchies), np.array(codes, int).reshape(shape), sensitive=sensitive
    )


def recoded_by_hand(
    table: FrequencyTable,
    levels: Mapping[Any, Sequence[int]],
    *,
    method: Method = "local",
    suppressed: Sequence[tuple[str, ...]] = (),
) -> Solution:
    """A solution in which every combination of values stands on levels of its own."""
    values = [
        tuple(str(one.values[leaf]) for one, leaf in zip(table.hierarchies, leaves, strict=True))
        for leaves in table.codes.tolist()
    ]
    cells = np.array([levels[value] for value in values], np.int8)
    found = Found(method, "additive", (1.0,) * len(table.names), None, 1, 1, 0.0)
    return describe(
        table,
        [KAnonymity(1)],
        levels=cells.max(axis=0).tolist(),
        suppressed=np.array([value in suppressed for value in values]),
        found=found,
        cells=cells,
    )
