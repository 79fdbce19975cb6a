"""Levels: on which level of its hierarchy a column leaves, found from its values alone."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from hsr_privacy.hierarchies import TOP, Hierarchy


def level_of(column: pl.Series, hierarchy: Hierarchy, *, ignored: Collection[str] = ()) -> int:
    """The coarsest level of which every value of a column is a node or a coarser one's.

    A code that the hierarchy keeps on all levels, such as one of the kinds of missing, says
    nothing of the level. A column of which no value is known to the hierarchy is on level 0.

    Args:
        column: as it leaves.
        hierarchy: of the column.
        ignored: texts that are no value, such as what a suppressed cell reads.
    """
    texts = set(column.unique().drop_nulls().cast(pl.String).to_list()) - set(ignored)
    if texts <= {TOP}:
        return len(hierarchy.level_names) - 1
    found = 0
    for level in range(1, len(hierarchy.level_names) - 1):
        if hierarchy.nodes_from(level, texts) == texts:
            found = level
    return found
