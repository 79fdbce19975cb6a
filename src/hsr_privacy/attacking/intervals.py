"""Intervals: whom the times of an event tell from all others, taken as one vector and by a few.

Source: de Montjoye et al. 2013, doi:10.1038/srep01376, who count how many points of a trace make it
unique.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.attacking.alone import Alone, alone, codes_of, key_of

Int64s = NDArray[np.int64]

AT_MOST: Final = 8
"""Columns of which all small tuples are tried; of more, those with the most different values."""

SIZES: Final = (2, 3, 4)


@dataclass(frozen=True)
class Times:
    """Some times together.

    Attributes:
        columns: which; of all tuples of their number, that which leaves the most persons alone.
        tried: tuples of that number.
        persons: who have all of these times.
        alone: of them, those whose times nobody else has.
    """

    columns: tuple[str, ...]
    tried: int
    persons: int
    alone: int

    @property
    def share(self) -> float:
        """Share (0-1) of the persons with these times who are alone."""
        return self.alone / self.persons if self.persons else 0.0


@dataclass(frozen=True)
class Intervals:
    """What the times of a release tell.

    Attributes:
        columns: of times.
        vector: all of them together, a missing one as a value of its own.
        tuples: of two, three and four, those by which the most persons are alone.
    """

    columns: tuple[str, ...]
    vector: Alone
    tuples: tuple[Times, ...]

    def to_json(self) -> dict[str, Any]:
        """The result as plain numbers and names of columns."""
        told = asdict(self)
        told["vector"]["share"] = self.vector.share
        for one, times in zip(told["tuples"], self.tuples, strict=True):
            one["share"] = times.share
        return told


def intervals(
    released: pl.DataFrame, columns: Sequence[str], *, persons: Int64s, absent: Sequence[str] = ()
) -> Intervals:
    """Count the persons whom times tell from all others.

    A tuple is counted over the rows that have all its times: who has none is not found by them. The
    whole vector is counted over all rows.

    Args:
        released: the rows as they leave.
        columns: of times, or of lengths of time.
        persons: int64, per row, who.
        absent: texts that stand where there is no time, beside a missing cell.
    """
    codes = [codes_of(released[name]) for name in columns]
    there = [
        (released[name].is_not_null() & ~_reads(released[name], absent)).to_numpy()
        for name in columns
    ]
    nothing = np.zeros(released.height, np.int64)
    vector = alone(key_of(codes or [nothing]), persons)
    widest = sorted(range(len(codes)), key=lambda n: (-int(codes[n].max(initial=0)), n))
    tuples = []
    for size in SIZES:
        found = []
        for chosen in combinations(sorted(widest[:AT_MOST]), size):
            among = np.logical_and.reduce([there[n] for n in chosen])
            one = alone(key_of([codes[n] for n in chosen]), persons, among=among)
            found.append((one.alone, one.persons, tuple(columns[n] for n in chosen)))
        if found:
            most = max(found, key=lambda one: one[:2])
            tuples.append(Times(most[2], len(found), most[1], most[0]))
    return Intervals(tuple(columns), vector, tuple(tuples))


def _reads(cells: pl.Series, texts: Sequence[str]) -> pl.Series:
    return cells.cast(pl.String).is_in(list(texts)).fill_null(value=False)
