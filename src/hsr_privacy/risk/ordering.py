"""Ordering: the values of a sensitive column as numbers, by the order in which they lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.frequencies import SensitiveHistogram
from hsr_privacy.frequencies.parts import at_level
from hsr_privacy.hierarchies import Hierarchy, HierarchyTable

Int64s = NDArray[np.int64]
Order: TypeAlias = Literal["hierarchy", "numbers", "letters"]
"""By what sensitive values are ordered: the leaves of their hierarchy, size, or letters."""


@dataclass(frozen=True, eq=False)
class Ordered:
    """The distinct values of a sensitive column as numbers.

    Attributes:
        codes: per distinct value, its number; leaves of ``hierarchy`` if there is one.
        order: by what they are ordered.
        hierarchy: of the column.
        level: of the hierarchy, on which values are told apart.
    """

    codes: tuple[int, ...]
    order: Order
    hierarchy: HierarchyTable | None = None
    level: int = 0

    def histogram(self, classes: Int64s, codes: Int64s, rows: Int64s) -> SensitiveHistogram:
        """How often each value stands in each class.

        Args:
            classes: of each pair.
            codes: number of the value of each pair.
            rows: of each pair.
        """
        found = SensitiveHistogram(
            classes.astype(np.int32), codes.astype(np.int32), rows, self.hierarchy
        )
        return at_level(found, self.level) if self.level else found


@dataclass(frozen=True)
class Secrecy:
    """The hierarchy of a sensitive column, and the levels that matter.

    Attributes:
        hierarchy: of the column.
        released: the level on which the column stands in the table.
        told_apart: the level on which two values are two secrets; ``released`` if left out.
    """

    hierarchy: Hierarchy
    released: int = 0
    told_apart: int | None = None


def order(column: str, texts: Sequence[str | None], secrecy: Secrecy | None) -> Ordered:
    """Number the distinct values of a column.

    Without a hierarchy, and where one does not know beforehand which values there are, numbers lie
    by their size and other values by their letters; a missing one comes first.

    Args:
        column: for messages.
        texts: the distinct values as text; suppressed ones are None, like missing ones.
        secrecy: of a column with a hierarchy.

    Raises:
        DataError: no such level, or a level is asked for and the values have no place in the
            hierarchy.
    """
    if secrecy is not None:
        _check_levels(column, secrecy)
        if secrecy.hierarchy.domain:
            return _by_hierarchy(column, texts, secrecy)
        if secrecy.told_apart not in {None, secrecy.released}:
            raise DataError(
                f"column '{column}': hierarchy '{secrecy.hierarchy.name}' does not list its values, "
                "so they cannot be told apart on a coarser level than they stand on; leave it out"
            )
    known = pl.Series([text for text in texts if text is not None], dtype=pl.String)
    numbers = known.cast(pl.Float64, strict=False)
    kind: Order = "letters" if numbers.null_count() else "numbers"
    ranks = known.rank("dense")
    if kind == "numbers":
        both = pl.DataFrame({"number": numbers, "text": known})  # 1 and 1.0 stay two values
        ranks = both.select(pl.struct("number", "text").rank("dense")).to_series()
    place = dict(zip(known.to_list(), ranks.to_list(), strict=True))
    return Ordered(tuple(0 if text is None else place[text] for text in texts), kind)


def _check_levels(column: str, secrecy: Secrecy) -> None:
    hierarchy, told = secrecy.hierarchy, secrecy.told_apart
    top = len(hierarchy.level_names) - 1
    for level in (secrecy.released, told if told is not None else 0):
        if not 0 <= level <= top:
            raise DataError(
                f"column '{column}': hierarchy '{hierarchy.name}' has no level {level}; it has 0 "
                f"to {top}"
            )
    if told is not None and told < secrecy.released:
        raise DataError(
            f"column '{column}' stands on level {secrecy.released}, so its values cannot be told "
            f"apart on level {told}; name that level or a coarser one"
        )


def _by_hierarchy(column: str, texts: Sequence[str | None], secrecy: Secrecy) -> Ordered:
    table = secrecy.hierarchy.table([None])
    leaf_of: dict[str | None, int] = {}
    for leaf, node in reversed(list(enumerate(table.nodes[secrecy.released].tolist()))):
        leaf_of[table.labels[secrecy.released][node]] = leaf
    leaf_of[None] = table.leaf_index[None]
    stray = sum(text not in leaf_of for text in texts)
    if stray:
        raise DataError(
            f"column '{column}': {stray} distinct value(s) are no nodes on level "
            f"{secrecy.released} of hierarchy '{secrecy.hierarchy.name}'; name the level on which "
            "the column stands, or leave the hierarchy out"
        )
    told = secrecy.released if secrecy.told_apart is None else secrecy.told_apart
    return Ordered(tuple(leaf_of[text] for text in texts), "hierarchy", table, told)


def secrecies(
    columns: Sequence[str],
    hierarchies: Mapping[str, Hierarchy],
    levels: Mapping[str, int],
    told_apart: Mapping[str, int],
) -> Mapping[str, Secrecy]:
    """What is known of the sensitive columns that have a hierarchy.

    Raises:
        DataError: a level is asked for, for a column that is not sensitive or has no hierarchy.
    """
    for name in told_apart:
        if name not in columns or name not in hierarchies:
            raise DataError(
                f"column '{name}' has a level on which its values are told apart, and is not "
                "sensitive or has no hierarchy; give it one, or leave the level out"
            )
    return {
        name: Secrecy(hierarchies[name], levels.get(name, 0), told_apart.get(name))
        for name in columns
        if name in hierarchies
    }
