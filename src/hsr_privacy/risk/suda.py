"""Special uniques: who is alone on how few columns, scored as SUDA2 does."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.frequencies import FrequencyTable
from hsr_privacy.risk.subsets import SubsetPass

Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]

_FULL: Final = 8
"""Columns for which a score weighs as it stands in DIS-SUDA."""


@dataclass(frozen=True)
class Scores:
    """How scores are spread over the persons of a table; all 0 where nobody has one.

    Attributes:
        maximum: the largest.
        average: over all persons, those without a score being 0.
        median: of those who have one.
        upper: the value that one in twenty of those who have one exceeds.
    """

    maximum: float
    average: float
    median: float
    upper: float


@dataclass(frozen=True)
class SpecialUniques:
    """Persons who are alone on few columns already, and which columns make them so.

    A minimal sample unique (MSU) of a person is a set of columns on which the person is alone, and
    on no part of which. A person in several equivalence classes has scores in each.

    Attributes:
        columns: how many columns there are.
        largest: columns of the largest sets that were tried; where it is below ``columns``, larger
            sets are not counted and scores are too low rather than too high.
        persons: who have at least one minimal sample unique.
        minimal: how many of them have how many columns, from one column on.
        original: the sum over a person's minimal sample uniques of (M - size)!.
        alternative: the same with (2^(M - size) - 1) size! (M - size)! / M!.
        dis_fraction: sampling fraction for the two below.
        dis: the chance that a person who is alone in the table is alone in the population.
        dis_suda: ``dis`` spread over the persons by their alternative scores.
        contributions: per column, the share of all original scores that comes from minimal sample
            uniques with it; together they exceed 1, as a set counts for each of its columns.
        alternative_contributions: the same of the alternative scores.
    """

    columns: int
    largest: int
    persons: int
    minimal: tuple[int, ...]
    original: Scores
    alternative: Scores
    dis_fraction: float
    dis: float | None
    dis_suda: Scores
    contributions: Mapping[str, float]
    alternative_contributions: Mapping[str, float]

    def to_json(self) -> dict[str, Any]:
        """As plain numbers, lists and names of columns."""
        return asdict(self) | {
            "minimal": list(self.minimal),
            "contributions": dict(self.contributions),
            "alternative_contributions": dict(self.alternative_contributions),
        }


@dataclass(frozen=True, eq=False)
class Scored:
    """Scores of those who can have one.

    Attributes:
        classes: int64, the base class of each.
        original: of each.
        alternative: of each.
        minimal: int64, shape (sizes,): minimal sample uniques of one column, of two, and so on.
        contributions: per column, its part of the original and of the alternative scores, added up.
    """

    classes: Int64s
    original: Floats
    alternative: Floats
    minimal: Int64s
    contributions: Mapping[str, tuple[float, float]]


def score(done: SubsetPass) -> Scored:
    """Score everybody who is alone in an equivalence class.

    Source: Elliot, Manning, Mayes, Gurd & Bane 2005, "SUDA: a program for detecting special
    uniques" (original); Manning, Haglin & Keane 2008, doi:10.1007/s10618-007-0078-6 (SUDA2). The
    alternative weights are those of sdcMicro.
    """
    many, columns = len(done.candidates), len(done.names)
    counts = np.zeros((done.largest + 1, many), np.int64)
    parts: dict[str, list[float]] = {name: [0.0, 0.0] for name in done.names}
    for chosen, bits in done.minimal():
        size = chosen.bit_count()
        here = np.unpackbits(bits, count=many)
        found = int(here.sum())
        if not found:
            continue
        counts[size] += here
        for name in done.subsets[chosen].columns:
            parts[name][0] += found * original_weight(size, columns)
            parts[name][1] += found * alternative_weight(size, columns)
    sizes = range(1, done.largest + 1)
    original = np.array([original_weight(size, columns) for size in sizes])
    alternative = np.array([alternative_weight(size, columns) for size in sizes])
    return Scored(
        done.candidates,
        original @ counts[1:],
        alternative @ counts[1:],
        counts[1:].sum(axis=1),
        {name: (one, other) for name, (one, other) in parts.items()},
    )


def original_weight(size: int, columns: int) -> float:
    """What a minimal sample unique of so many columns, of all that there are, adds to a score."""
    return float(math.factorial(columns - size))


def alternative_weight(size: int, columns: int) -> float:
    """The same for the alternative score; one of all columns adds nothing."""
    return float(2 ** (columns - size) - 1) / math.comb(columns, size)


def special_uniques(
    table: FrequencyTable, done: SubsetPass, *, dis_fraction: float
) -> SpecialUniques:
    """Summarize the scores of a table.

    Args:
        table: that the pass went over.
        done: the pass.
        dis_fraction: share of the population that the table holds, 0 (not included) to 1. In a
            table of the whole population whoever is alone is alone, and ``dis`` is 1.

    Raises:
        DataError: the fraction is no such share.

    Source: Skinner & Elliot 2002, doi:10.1111/1467-9868.00365 (DIS); Elliot et al. 2005 (DIS-SUDA).
    """
    if not 0 < dis_fraction <= 1:
        raise DataError(f"dis_fraction is {dis_fraction}; it is a share above 0 and up to 1")
    found = score(done)
    uniques, doubles = len(done.candidates), int((table.persons == 2).sum())
    dis = dis_of(uniques, doubles, dis_fraction)
    persons = int(table.persons.sum())
    whole = float(found.original.sum()), float(found.alternative.sum())
    shares = [
        {
            name: parts[place] / whole[place] if whole[place] else 0.0
            for name, parts in found.contributions.items()
        }
        for place in (0, 1)
    ]
    spread = dis_suda(found.alternative, uniques, dis, len(done.names))
    return SpecialUniques(
        len(done.names),
        done.largest,
        int((found.original > 0).sum()),
        tuple(found.minimal.tolist()),
        _summary(found.original, persons),
        _summary(found.alternative, persons),
        dis_fraction,
        dis,
        _summary(spread, persons),
        shares[0],
        shares[1],
    )


def dis_of(uniques: int, doubles: int, fraction: float) -> float | None:
    """The chance that a sample unique is a population unique; None where there is none.

    Args:
        uniques: classes of one person.
        doubles: classes of two persons.
        fraction: share of the population in the sample.
    """
    if not uniques:
        return None
    return uniques * fraction / (uniques * fraction + 2 * doubles * (1 - fraction))


def dis_suda(scores: Floats, uniques: int, dis: float | None, columns: int) -> Floats:
    """Spread the chance over those who have scores: who has more of it gets more."""
    spread, has = np.zeros(len(scores)), scores > 0
    if dis is None or not has.any():
        return spread
    powered = scores[has] ** (1 + (_FULL - columns) / 20)
    # sdcMicro's adjustment, so that its figures and these can be compared.
    adjusted = powered * (1 / powered).sum()
    spread[has] = 1 / (1 + (uniques / dis - uniques) / adjusted)
    return spread


def _summary(scores: Floats, persons: int) -> Scores:
    has = scores[scores > 0]
    if not has.size:
        return Scores(0.0, 0.0, 0.0, 0.0)
    return Scores(
        float(has.max()),
        float(has.sum() / persons),
        float(np.median(has)),
        float(np.quantile(has, 0.95, method="higher")),
    )
