"""Homogeneity: what a class tells of a sensitive column of all who are in it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.frequencies import ClassHistograms, EquivalenceClasses

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]


@dataclass(frozen=True)
class Disclosed:
    """The classes that tell something, and who is in them.

    Attributes:
        classes: how many.
        rows: in them.
        persons: distinct ones in them together.
    """

    classes: int
    rows: int
    persons: int


@dataclass(frozen=True)
class Homogeneity:
    """What the classes tell of one sensitive column.

    Attributes:
        column: its name.
        classes: all classes.
        rows: of the table.
        persons: of the table.
        positive: classes in which all have the same value.
        negative: classes that lack a value which the table has.
        telling: those of them that would hardly lack it by chance.
        chance: below which probability a lack is no chance.
        largest_ratio: the most that a value is more frequent in a class than in the table: what the
            attacker believes after seeing the class, divided by what they believed before.
    """

    column: str
    classes: int
    rows: int
    persons: int
    positive: Disclosed
    negative: Disclosed
    telling: Disclosed
    chance: float
    largest_ratio: float

    def to_json(self) -> dict[str, Any]:
        """The result as plain numbers and the name of the column."""
        return asdict(self)


def homogeneity(classes: EquivalenceClasses, column: str, *, chance: float = 0.05) -> Homogeneity:
    """Count the classes that tell what everybody in them has, or what nobody has.

    Whoever knows that a person is in a class learns the first for certain, however large the class
    is, and rules out the second. A class of n rows lacks a value of share p by chance with
    probability (1 - p)^n; a lack is telling where that is below ``chance`` for some value. It is a
    measure, not a test: with many classes and values, some will lack one by chance all the same.

    Args:
        classes: of the release.
        column: sensitive, counted by their frequency table.
        chance: a probability from 0 to 1.

    Raises:
        DataError: the frequency table does not count the column, or the chance is none.

    Source: Machanavajjhala et al. 2007, doi:10.1145/1217299.1217302 (positive and negative
    disclosure); Cao & Karras 2012, doi:10.14778/2350229.2350255 (the ratio).
    """
    if column not in classes.table.sensitive:
        raise DataError(
            f"the frequency table does not count column '{column}'; give it as sensitive"
        )
    if not 0 <= chance <= 1:
        raise DataError(f"chance is {chance}; it is a probability from 0 to 1")
    histograms = classes.histograms(column)
    occupied = classes.rows > 0
    lacking = _lacking(histograms)
    by_chance = (1 - lacking) ** classes.rows
    ratios = histograms.shares / histograms.overall[histograms.codes]
    everyone = _disclosed(classes, occupied)
    return Homogeneity(
        column=column,
        classes=everyone.classes,
        rows=everyone.rows,
        persons=everyone.persons,
        positive=_disclosed(classes, occupied & (histograms.distinct == 1)),
        negative=_disclosed(classes, occupied & (lacking > 0)),
        telling=_disclosed(classes, occupied & (lacking > 0) & (by_chance < chance)),
        chance=chance,
        largest_ratio=float(ratios.max(initial=0.0)),
    )


def _disclosed(classes: EquivalenceClasses, chosen: Bools) -> Disclosed:
    base = chosen[classes.members]
    persons = classes.table.count_persons(base)
    return Disclosed(int(chosen.sum()), int(classes.rows[chosen].sum()), persons)


def _lacking(histograms: ClassHistograms) -> Floats:
    """Per class, the share in the table of the most frequent value that it lacks; 0 if it has all."""
    totals = histograms.totals
    order = np.argsort(-totals, kind="stable")  # values that nobody has come last, with share 0
    rank = np.empty(len(totals), np.int64)
    rank[order] = np.arange(len(order))
    ranks = rank[histograms.codes]
    by_class = np.lexsort((ranks, histograms.classes))
    place = np.arange(len(ranks)) - histograms.starts[histograms.classes]
    gaps = ranks[by_class] != place  # `classes` ascends, so that it is its own order
    first = histograms.distinct.astype(np.int64)
    np.minimum.at(first, histograms.classes[gaps], place[gaps])
    shares = np.append(histograms.overall[order], 0.0)
    lacking: Floats = shares[first]
    return lacking
