"""Grouping: rows put in groups by one column, or by two, with names that were known beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from hsr_privacy.documents import Label
from hsr_privacy.utility.coding import NONE, Int32s, Table, top_of
from hsr_privacy.utility.words import MISSING_VALUE, Words

MOST_GROUPS: Final = 12
"""A level with more nodes is not told node by node."""


@dataclass(frozen=True, eq=False)
class Grouping:
    """Rows by one or two columns.

    Attributes:
        columns: by which.
        labels: per group, what its values are called.
        group_of: per row; -1 is in no group.
    """

    columns: tuple[str, ...]
    labels: tuple[tuple[Label, ...], ...]
    group_of: Int32s

    def crossed(self, other: Grouping) -> Grouping:
        """The groups of both: ``group`` of this and ``at`` of the other is ``group * others + at``."""
        width = np.int32(len(other.labels))
        both = (self.group_of >= 0) & (other.group_of >= 0)
        group_of = np.where(both, self.group_of * width + other.group_of, np.int32(-1))
        labels = tuple((*first, *second) for first in self.labels for second in other.labels)
        return Grouping((*self.columns, *other.columns), labels, group_of)


def grouping_by(table: Table, name: str, words: Words) -> Grouping | None:
    """A column on the coarsest level that has a few known values; None if there is none.

    Values that are not known beforehand are in no group.
    """
    if name not in table:
        return None
    for level in _levels(table, name):
        coded = table.on({**table.levels, name: level}).column(name)
        labels = [words.value(name, text, level) for text in coded.texts]
        named = list(dict.fromkeys(one for one in labels if one is not None))
        if not 2 <= len(named) <= MOST_GROUPS:
            continue
        places = np.full(len(coded.texts) + 1, -1, np.int32)
        for at, label in enumerate(labels):
            if label is not None:
                places[at] = named.index(label)
        group_of = places[np.where(coded.codes >= 0, coded.codes, len(coded.texts))]
        names = [(one,) for one in named]
        absent = coded.codes == NONE
        if absent.any():
            group_of = np.where(absent, np.int32(len(named)), group_of)
            names.append((MISSING_VALUE,))
        return Grouping((name,), tuple(names), group_of)
    return None


def _levels(table: Table, name: str) -> Sequence[int]:
    """Of released rows, the level on which they are and coarser ones; of originals, all."""
    ladder = table.ladders.get(name)
    if ladder is None:
        return (0,)
    finest = table.level(name) if table.suppressed is not None else 0
    return range(top_of(ladder) - 1, finest - 1, -1)
