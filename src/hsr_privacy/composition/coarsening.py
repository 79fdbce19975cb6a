"""Coarsening: what the cells of a release would be on the levels above its own.

Releases on different levels of a hierarchy can be subtracted on the first level that is above both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hsr_privacy.hierarchies import Hierarchy


@dataclass(frozen=True)
class CoarserLevel:
    """A level above the one on which a column leaves.

    Attributes:
        name: of the level.
        nodes: from a released text to what it becomes; a text that is not there stays as it is.
    """

    name: str
    nodes: Mapping[str | None, str | None] = field(repr=False)


def levels_above(
    hierarchy: Hierarchy, level: int, values: Iterable[str | None]
) -> tuple[CoarserLevel, ...]:
    """The levels above one, but for those on which all cells are one.

    Args:
        hierarchy: of the column.
        level: on which it leaves.
        values: distinct values in full detail, of all who leave.

    Raises:
        DataError: values that the hierarchy does not cover, by their number.
    """
    table = hierarchy.table(values)
    return tuple(
        CoarserLevel(
            table.level_names[above],
            {
                table.labels[level][own]: table.labels[above][node]
                for own, node in zip(table.nodes[level], table.nodes[above], strict=True)
            },
        )
        for above in range(level + 1, table.levels)
        if len(table.labels[above]) > 1
    )
