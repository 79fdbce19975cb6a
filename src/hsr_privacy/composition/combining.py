"""Combining: sums and differences of three or more releases that leave a few persons.

Two earlier releases that part the new one's cohort between them, but for some, are each far from it;
only both together taken away from it leave those some. Persons are sorted by which of the releases
they are in. Whoever adds and subtracts the same table of several releases gets, in every cell, a sum
over these groups; by elimination all such sums are found in which a single group is left. The cells
of that group with fewer than k persons, which none of the releases shows, are what they give away.

Groups of fewer than k persons count as nobody in it: they blur such a sum, but by so few that it is
told all the same. Where all greater groups cancel, the sum is a table of those few.

Source: Dinur & Nissim 2003, doi:10.1145/773153.773173; Hundepool et al. 2012, Statistical Disclosure
Control, doi:10.1002/9781118348239, § 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice
from math import comb
from typing import Final

import numpy as np
import polars as pl

from hsr_privacy.composition.candidates import Bools
from hsr_privacy.composition.elimination import MOST_ROWS, Combination, combinations_that_cancel
from hsr_privacy.composition.numbering import firsts, numbered
from hsr_privacy.composition.sketch import Int64s
from hsr_privacy.composition.subtracting import Subtracted, subtract
from hsr_privacy.composition.tabulating import Tabulated

MOST_SETS: Final = 500
MOST_COMBINATIONS: Final = 50


@dataclass(frozen=True)
class Combined:
    """What sums of three or more releases give away.

    Attributes:
        sets: of releases that were tried.
        sets_left: that were not, being too many.
        combinations: sums that leave one group of persons, or only groups of a few.
        combinations_left: of these, that were not taken of the tables, being too many.
        releases: places of those that take part in a sum which shows a small cell.
        cells: what the sums show, together.
    """

    sets: int = 0
    sets_left: int = 0
    combinations: int = 0
    combinations_left: int = 0
    releases: tuple[int, ...] = ()
    cells: Subtracted = field(default_factory=Subtracted)


def combine(
    tabulated: Tabulated,
    inside: Sequence[Bools],
    earlier: Sequence[int],
    *,
    k: int,
    most_sets: int = MOST_SETS,
) -> Combined:
    """Try all sets of the new release with two to five earlier ones, small sets first.

    Args:
        tabulated: tables of all releases; the new one stands first.
        inside: per release, per person of all, whether the person is in it.
        earlier: places of the releases that one attacker holds besides; the last ones first.
        k: a cell with fewer persons, but not none, is small.
        most_sets: how many sets are tried.
    """
    groups, persons = _groups(inside)
    sets = [
        (0, *others)
        for size in range(2, MOST_ROWS)
        for others in islice(combinations(earlier, size), most_sets + 1)
    ]
    every = sum(comb(len(earlier), size) for size in range(2, MOST_ROWS))
    tried = sets[:most_sets]
    found = [(one, sums) for one in tried for sums in _sums(groups[:, one], persons, k)]
    releases: set[int] = set()
    cells = Subtracted()
    for some, sums in found[:MOST_COMBINATIONS]:
        shown = subtract(tabulated, some, k=k, coefficients=sums.coefficients, divisor=sums.divisor)
        cells += shown
        if shown.recognizing or shown.telling:
            releases |= set(some)
    return Combined(
        sets=len(tried),
        sets_left=every - len(tried),
        combinations=len(found),
        combinations_left=max(0, len(found) - MOST_COMBINATIONS),
        releases=tuple(sorted(releases)),
        cells=cells,
    )


def _groups(inside: Sequence[Bools]) -> tuple[Int64s, Int64s]:
    """The distinct sets of releases that persons are in, 0 or 1 per release, and their persons."""
    number = numbered(pl.DataFrame({str(r): one for r, one in enumerate(inside)}))
    sets = np.stack([one[firsts(number)] for one in inside], axis=1).astype(np.int64)
    return sets, np.bincount(number, minlength=len(sets)).astype(np.int64)


def _sums(groups: Int64s, persons: Int64s, k: int) -> Iterator[Combination]:
    """Sums in which every one of these releases takes part, and one group at most is left."""
    codes = groups @ (1 << np.arange(groups.shape[1]))
    _, first, merged = np.unique(codes, return_index=True, return_inverse=True)
    great = groups[first][np.bincount(merged, weights=persons, minlength=first.size) >= k]
    for one in combinations_that_cancel(great.T.tolist()):
        if all(one.coefficients):
            yield one
