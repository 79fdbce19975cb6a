"""Coding: persons become tags, cells become digests, and both become places in sorted lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from hsr_privacy.composition.coarsening import CoarserLevel
from hsr_privacy.composition.counting import distinct_pairs
from hsr_privacy.composition.membership import TAG_BYTES, MembershipKeys
from hsr_privacy.composition.numbering import firsts, numbered
from hsr_privacy.composition.sketch import Bytes, Int64s, SketchedColumn, Uint64s
from hsr_privacy.errors import DataError


@dataclass(frozen=True, eq=False)
class Coded:
    """A column on one level.

    Attributes:
        codes: int64, per row the place of its cell among the digests.
        digests: uint8, shape (cells, 16), sorted.
        of_own: int64, per digest of the level on which the column leaves, the place among these.
    """

    codes: Int64s = field(repr=False)
    digests: Bytes = field(repr=False)
    of_own: Int64s = field(repr=False)


def tagged(persons: pl.Series, keys: MembershipKeys) -> tuple[Uint64s, Int64s]:
    """Sorted tags, shape (persons, 2), and per row the place of its person among them."""
    numbers = numbered(pl.DataFrame({"person": persons}))
    distinct = persons.unique(maintain_order=True)
    tags = np.frombuffer(keys.tags(distinct), ">u8").reshape(-1, 2).astype(np.uint64)
    order = np.lexsort((tags[:, 1], tags[:, 0]))
    return tags[order], _places(order)[numbers]


def coded(
    cells: pl.Series,
    column: SketchedColumn,
    coarser: Sequence[CoarserLevel],
    keys: MembershipKeys,
) -> list[Coded]:
    """A column on the level on which it leaves, and on each of those above.

    Raises:
        DataError: the cells are no plain values.
    """
    try:
        texts = cells.cast(pl.String)
    except pl.exceptions.PolarsError:
        raise DataError(f"column '{column.name}' holds no plain values; leave it out") from None
    numbers = numbered(pl.DataFrame({"cell": texts}))
    distinct = texts.unique(maintain_order=True).to_list()
    steps: list[Mapping[str | None, str | None]] = [{}, *(one.nodes for one in coarser)]
    found: list[Coded] = []
    own = np.zeros(0, np.int64)
    for (name, level), nodes in zip(column.views, steps, strict=True):
        place, digests = _digested([nodes.get(text, text) for text in distinct], name, level, keys)
        if not found:
            own = np.argsort(place, kind="stable")
        found.append(Coded(place[numbers], digests, place[own]))
    return found


def numbered_classes(leaves: pl.DataFrame) -> Int64s:
    """Per row the number of its class, in an order that keyed digests give and no row does."""
    numbers = numbered(leaves)
    distinct = leaves[firsts(numbers)]
    return _places(np.lexsort([one.to_numpy() for one in distinct]))[numbers]


def classes_of(person: Int64s, classes: Int64s, persons: int) -> tuple[Int64s, Int64s]:
    """Where each person's classes start, and the classes; ``person`` is sorted."""
    both = distinct_pairs(person, classes)
    sizes = np.bincount(both[:, 0], minlength=persons)
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64), both[:, 1]


def _digested(
    texts: Sequence[str | None], column: str, level: str, keys: MembershipKeys
) -> tuple[Int64s, Bytes]:
    """Per text the place of its digest, and the sorted digests."""
    distinct = list(dict.fromkeys(texts))
    digests = np.frombuffer(keys.cells(column, level, distinct), np.uint8).reshape(-1, TAG_BYTES)
    order = np.lexsort(digests.T[::-1])
    place = dict(zip(distinct, _places(order).tolist(), strict=True))
    return np.array([place[text] for text in texts], np.int64), digests[order]


def _places(order: Int64s) -> Int64s:
    """Where each comes in this order."""
    place = np.empty(order.size, np.int64)
    place[order] = np.arange(order.size)
    return place
