"""Flags: what of all that was found is worth a look, with the threshold that it passed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import polars as pl

from hsr_privacy.attacking.digits import Digits
from hsr_privacy.attacking.guesses import ImpliedColumn
from hsr_privacy.attacking.implication import ImpliedCells
from hsr_privacy.attacking.intervals import Intervals
from hsr_privacy.attacking.missingness import CERTAINTY, Missingness
from hsr_privacy.attacking.order import LARGEST_RHO, Order
from hsr_privacy.documents import Label

LEFT_OPEN: Final = 0.1
"""A column follows from another one that leaves open so much of its bits (0-1), or less."""

PER_VALUE: Final = 10
"""Rows that a column must have per value, or it determines everything by chance."""

BY_CHANCE: Final = 0.01
"""Chance that guesses were right so often by luck, over all sources that were tried."""

ALONE: Final = 0.05
"""Share (0-1) of the persons who may be alone by something that nobody thinks of as a feature."""

ROUNDED: Final = 0.8
"""Share (0-1) of numbers that end in 0 or 5 from which the others stand out."""


class FlagKind(StrEnum):
    """What may give somebody away."""

    FOLLOWS = "a suppressed column follows from another"
    GUESSED = "suppressed cells are guessed right"
    TIMES = "times are unique"
    PATTERN = "the pattern of gaps is unique"
    GAP = "a gap tells"
    FINER = "numbers are finer than declared"
    NUMBER = "numbers are unique"
    HEAPED = "most numbers are rounded"
    ORDER = "the order of rows tells"


@dataclass(frozen=True)
class Flag:
    """One thing that is worth a look.

    Attributes:
        kind: of what.
        columns: that it is about; where one tells of another, the other stands first.
        value: that was found; its kind says of what.
        threshold: that it passed.
        meaning: in one sentence.
    """

    kind: FlagKind
    columns: tuple[str, ...]
    value: float
    threshold: float
    meaning: Label

    def to_json(self) -> dict[str, Any]:
        """The flag as names, numbers and a sentence in two languages."""
        return {
            "kind": str(self.kind),
            "columns": list(self.columns),
            "value": self.value,
            "threshold": self.threshold,
            "meaning": {"nb": self.meaning.nb, "en": self.meaning.en},
        }


def flags_of(
    content: pl.DataFrame,
    *,
    implied: ImpliedCells,
    intervals: Intervals,
    missingness: Missingness,
    digits: Sequence[Digits],
    order: Order,
) -> tuple[Flag, ...]:
    """Flag what passes a threshold.

    Args:
        content: the rows as they leave; only how many values a column has is looked at.
        implied, intervals, missingness, digits, order: what was found.
    """
    coarse = {n for n in content.columns if content[n].n_unique() * PER_VALUE <= content.height}
    return (
        *(flag for column in implied.columns for flag in _implied(column, coarse)),
        *_times(intervals),
        *_gaps(missingness),
        *(flag for one in digits for flag in _numbers(one)),
        *_order(order),
    )


def _implied(column: ImpliedColumn, coarse: set[str]) -> Iterator[Flag]:
    name = column.column
    follows = [
        source
        for source in column.sources
        if len(source.columns) == 1
        and source.columns[0] in coarse
        and column.entropy > 0
        and source.entropy <= LEFT_OPEN * column.entropy
        and (source.right is None or source.right >= CERTAINTY * source.implied)
    ]
    told = [source.columns[0] for source in sorted(follows, key=lambda one: one.entropy)]
    if told:
        more_nb = f" og av {len(told) - 1} til" if len(told) > 1 else ""
        more_en = f" and {len(told) - 1} more" if len(told) > 1 else ""
        yield Flag(
            FlagKind.FOLLOWS,
            (name, *told),
            min(source.entropy for source in follows) / column.entropy,
            LEFT_OPEN,
            Label(
                nb=f"{name} er fjernet i {column.suppressed} rader, og følger av {told[0]}{more_nb}, som står igjen.",
                en=f"{name} was removed in {column.suppressed} rows and follows from {told[0]}{more_en}, still there.",
            ),
        )
    guessed = [
        source
        for source in column.sources
        if source.right is not None
        and not set(told).intersection(source.columns)
        and source.right >= CERTAINTY * source.implied > 0
        and _luck(source.right, source.implied, column.largest_true_share or 0.0)
        * len(column.sources)
        <= BY_CHANCE
    ]
    if guessed:
        best = max(guessed, key=lambda one: (one.right or 0, -len(one.columns)))
        by = " + ".join(best.columns) if len(best.columns) < 3 else ""
        yield Flag(
            FlagKind.GUESSED,
            (name, *best.columns),
            (best.right or 0) / best.implied,
            CERTAINTY,
            Label(
                nb=f"Av fjernede verdier i {name} gjettes {best.right} av {best.implied} riktig ut fra {by or 'alle andre kolonner'}.",
                en=f"Of the removed values of {name}, {best.right} of {best.implied} are guessed right from {by or 'all other columns'}.",
            ),
        )


def _luck(right: int, tried: int, share: float) -> float:
    """Chance that so many guesses or more are right, where each is with this chance."""
    if share <= 0 or share >= 1:
        return float(share >= 1)
    logs = [
        math.lgamma(tried + 1)
        - math.lgamma(hits + 1)
        - math.lgamma(tried - hits + 1)
        + hits * math.log(share)
        + (tried - hits) * math.log(1 - share)
        for hits in range(right, tried + 1)
    ]
    return min(1.0, sum(map(math.exp, logs)))


def _times(found: Intervals) -> Iterator[Flag]:
    few = next((one for one in found.tuples if one.share > ALONE), None)
    if few is not None:
        yield Flag(
            FlagKind.TIMES,
            few.columns,
            few.share,
            ALONE,
            Label(
                nb=f"{few.alone} av {few.persons} personer er alene om sine {len(few.columns)} tider; den som kjenner dem, finner raden.",
                en=f"{few.alone} of {few.persons} persons are alone with their {len(few.columns)} times; who knows these finds the row.",
            ),
        )
    elif found.vector.share > ALONE and found.columns:
        yield Flag(
            FlagKind.TIMES,
            found.columns,
            found.vector.share,
            ALONE,
            Label(
                nb=f"{found.vector.alone} personer er alene om rekken av alle tider.",
                en=f"{found.vector.alone} persons are alone with the vector of all their times.",
            ),
        )


def _gaps(found: Missingness) -> Iterator[Flag]:
    if found.pattern.share > ALONE:
        yield Flag(
            FlagKind.PATTERN,
            found.columns,
            found.pattern.share,
            ALONE,
            Label(
                nb=f"{found.pattern.alone} personer er alene om hvilke verdier som mangler hos dem.",
                en=f"{found.pattern.alone} persons are alone with which of their values are missing.",
            ),
        )
    more = found.both.share - found.known.share
    if more > ALONE:
        yield Flag(
            FlagKind.PATTERN,
            found.columns,
            more,
            ALONE,
            Label(
                nb=f"{found.both.alone} personer er alene når en også vet hvilke verdier som mangler, mot {found.known.alone} uten.",
                en=f"{found.both.alone} persons are alone for who also knows which values are missing, {found.known.alone} for who does not.",
            ),
        )
    for one in found.telling or ():
        nb, en = ("mangler", "is missing") if one.missing else ("finnes", "is there")
        yield Flag(
            FlagKind.GAP,
            (one.tells, one.column),
            one.share,
            CERTAINTY,
            Label(
                nb=f"De {one.rows} radene der {one.column} {nb}, har nesten alle samme {one.tells}, som ikke står i uttrekket.",
                en=f"The {one.rows} rows in which {one.column} {en} have nearly all the same {one.tells}, which the extract does not tell.",
            ),
        )


def _numbers(one: Digits) -> Iterator[Flag]:
    name = (one.column,)
    if one.finer:
        yield Flag(
            FlagKind.FINER,
            name,
            float(one.finer),
            0.0,
            Label(
                nb=f"{one.finer} verdier av {one.column} har flere enn {one.decimals} desimaler.",
                en=f"{one.finer} values of {one.column} have more than {one.decimals} decimals.",
            ),
        )
    if one.alone.share > ALONE:
        yield Flag(
            FlagKind.NUMBER,
            name,
            one.alone.share,
            ALONE,
            Label(
                nb=f"{one.alone.alone} av {one.alone.persons} personer er alene om sin verdi av {one.column}.",
                en=f"{one.alone.alone} of {one.alone.persons} persons are alone with their value of {one.column}.",
            ),
        )
    if one.heaping is not None and ROUNDED <= one.heaping < 1:
        yield Flag(
            FlagKind.HEAPED,
            name,
            one.heaping,
            ROUNDED,
            Label(
                nb=f"Nesten alle verdier av {one.column} er avrundet; de andre skiller seg ut.",
                en=f"Nearly all values of {one.column} are rounded; the others stand out.",
            ),
        )


def _order(found: Order) -> Iterator[Flag]:
    for trend in found.columns:
        if trend.flagged and trend.rho is not None:
            yield Flag(
                FlagKind.ORDER,
                (trend.column,),
                abs(trend.rho),
                LARGEST_RHO,
                Label(
                    nb=f"Rekkefølgen av radene følger {trend.column}; bland dem.",
                    en=f"The order of the rows follows {trend.column}; shuffle them.",
                ),
            )
