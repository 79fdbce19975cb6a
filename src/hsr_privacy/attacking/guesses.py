"""Guesses: what other columns of a release tell of the suppressed cells of one column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

Int64s = NDArray[np.int64]
Floats = NDArray[np.float64]

ROWS: Final = "__rows"
TRUE: Final = "__true "
"""Before the name of a column, the name of its true codes where it is suppressed."""

NO_CODE: Final = -1
_DENSE: Final = 2**22
"""Keys below this are counted in an array with a place for each."""


@dataclass(frozen=True)
class Source:
    """One column, two together, or all at once, and what they tell of another one.

    Attributes:
        columns: the one, the two, or all.
        implied: suppressed cells that they give away.
        entropy: bits that the other column still hides from who knows these, H(column | columns),
            over the rows where it is not suppressed.
        right: of the implied cells, those of which it gives the true value; None if the originals
            were not given.
    """

    columns: tuple[str, ...]
    implied: int
    entropy: float
    right: int | None = None


@dataclass(frozen=True)
class ImpliedColumn:
    """What becomes of the suppressed cells of one column.

    Attributes:
        column: its name.
        suppressed: its suppressed cells.
        implied: those that at least one source gives away.
        right: those of them of which the surest source gives the true value; None if the originals
            were not given.
        largest_share: share (0-1) of its most frequent value where it is not suppressed. If it is
            as large as the certainty, every cell is given away and nothing is learned by it.
        largest_true_share: share (0-1) of the true value that the most suppressed cells have, what
            the best guess without looking gets right; None if the originals were not given.
        entropy: bits of the column where it is not suppressed, H(column).
        sources: every other column, and every pair of them that gives a cell away, and so with all
            at once; those that give the most first.
    """

    column: str
    suppressed: int
    implied: int
    right: int | None
    largest_share: float
    largest_true_share: float | None
    entropy: float
    sources: tuple[Source, ...]


@dataclass(frozen=True, eq=False)
class Guesses:
    """One column, whose suppressed cells are guessed; the attacks write into it.

    Attributes:
        name: of the column.
        codes: int64, per distinct row, its value; a suppressed cell is a value of its own.
        suppressed: its code.
        size: number of its codes.
        rows: int64, per distinct row, how often it stands; None where each stands once.
        hidden: int64, the distinct rows where it is suppressed.
        hidden_rows: int64, of each, how often it stands.
        truth: int64, of each, the true code; None if the originals were not given.
        surest: per hidden row, the share of the value that is guessed.
        guess: int64, per hidden row, the code that is guessed.
        certainty: share (0-1) that a value must have among the rows that tell it.
        support: rows that must tell it.
        room: int64, as long as the codes, written over by every attack.
        sources: what each of them told.
    """

    name: str
    codes: Int64s
    suppressed: int
    size: int
    rows: Int64s | None
    hidden: Int64s
    hidden_rows: Int64s
    truth: Int64s | None
    surest: Floats
    guess: Int64s
    certainty: float
    support: int
    room: Int64s
    sources: list[Source]

    @classmethod
    def of(
        cls, name: str, distinct: pl.DataFrame, *, suppressed: int, certainty: float, support: int
    ) -> Guesses:
        """Before any attack.

        Args:
            name: of the column.
            distinct: codes of every column, one row per combination; how often it stands in
                ``ROWS``, and the true codes of a column behind ``TRUE``, if they are known.
            suppressed: code of a suppressed cell.
            certainty: share (0-1) that a value must have among the rows that tell it.
            support: rows that must tell it.
        """
        codes, rows = distinct[name].to_numpy(), distinct[ROWS].to_numpy()
        hidden = np.flatnonzero(codes == suppressed)
        known = TRUE + name in distinct.columns
        return cls(
            name=name,
            codes=codes,
            suppressed=suppressed,
            size=int(codes.max()) + 1,
            rows=rows if (rows > 1).any() else None,
            hidden=hidden,
            hidden_rows=rows[hidden],
            truth=distinct[TRUE + name].gather(hidden).to_numpy() if known else None,
            surest=np.zeros(len(hidden)),
            guess=np.full(len(hidden), NO_CODE, np.int64),
            certainty=certainty,
            support=support,
            room=np.empty(len(codes), np.int64),
            sources=[],
        )

    def attack(self, source: tuple[str, ...], key: Int64s) -> None:
        """Guess by one source; of several the surest is believed, and of equals the first.

        Args:
            source: its columns.
            key: int64, per distinct row, a number for what stands in them.
        """
        np.multiply(key, self.size, out=self.room)
        pairs, counts = counted(np.add(self.room, self.codes, out=self.room), self.rows)
        shown = pairs % self.size != self.suppressed
        asked, of_asked = pairs[~shown] // self.size, counts[~shown]
        pairs, counts = pairs[shown], counts[shown]
        groups, starts = runs(pairs // self.size)
        if not len(groups):
            self.sources.extend([Source(source, 0, 0.0, self._right)] * (len(source) == 1))
            return
        everyone = np.add.reduceat(counts, starts)
        most = np.maximum.reduceat(counts, starts)
        share = most / everyone
        place = np.minimum(np.searchsorted(groups, asked), len(groups) - 1)
        met = groups[place] == asked
        met &= ((everyone >= self.support) & (share >= self.certainty))[place]
        implied = int(of_asked[met].sum())
        right = self._right
        if implied:
            group_of = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(pairs))))
            first = np.flatnonzero(counts == most[group_of])
            value = np.zeros(len(groups), np.int64)
            value[group_of[first]] = pairs[first] % self.size
            right = self._believe(key, groups[place[met]], share[place[met]], value[place[met]])
        if implied or len(source) == 1:
            entropy = max(entropy_of(counts) - entropy_of(everyone), 0.0)
            self.sources.append(Source(source, implied, entropy, right))

    @property
    def _right(self) -> int | None:
        return None if self.truth is None else 0

    def _believe(self, key: Int64s, groups: Int64s, share: Floats, value: Int64s) -> int | None:
        """Take over what a source tells of these groups of its keys; how often it is right."""
        keys = key[self.hidden]
        place = np.minimum(np.searchsorted(groups, keys), len(groups) - 1)
        at = np.flatnonzero(groups[place] == keys)
        place = place[at]
        better = share[place] > self.surest[at]
        self.surest[at[better]] = share[place[better]]
        self.guess[at[better]] = value[place[better]]
        if self.truth is None:
            return None
        return int(self.hidden_rows[at[self.truth[at] == value[place]]].sum())

    def told(self) -> ImpliedColumn:
        """The column in numbers, after all attacks."""
        codes, own = counted(self.codes, self.rows)
        own = own[codes != self.suppressed]
        guessed = self.guess != NO_CODE
        right = usual = None
        if self.truth is not None:
            _, true = np.unique(self.truth, return_inverse=True)
            usual = float(np.bincount(true, self.hidden_rows).max() / self.hidden_rows.sum())
            right = int(self.hidden_rows[guessed & (self.guess == self.truth)].sum())
        return ImpliedColumn(
            column=self.name,
            suppressed=int(self.hidden_rows.sum()),
            implied=int(self.hidden_rows[guessed].sum()),
            right=right,
            largest_share=float(own.max(initial=0) / max(own.sum(), 1)),
            largest_true_share=usual,
            entropy=entropy_of(own),
            sources=tuple(
                sorted(self.sources, key=lambda one: (-one.implied, len(one.columns), one.columns))
            ),
        )


def counted(keys: Int64s, weights: Int64s | None) -> tuple[Int64s, Int64s]:
    """Distinct keys in order, with the sum of their weights."""
    size = int(keys.max(initial=-1)) + 1
    if size <= _DENSE:
        sums = np.bincount(keys, weights=weights, minlength=size).astype(np.int64, copy=False)
        distinct = np.flatnonzero(sums)
        return distinct, sums[distinct]
    weights = np.ones(len(keys), np.int64) if weights is None else weights
    table = pl.DataFrame({"key": keys, ROWS: weights}).group_by("key").sum().sort("key")
    return table["key"].to_numpy(), table[ROWS].to_numpy()


def runs(values: Int64s) -> tuple[Int64s, Int64s]:
    """Distinct values of an ascending array, and where each starts."""
    starts = np.flatnonzero(np.append(True, values[1:] != values[:-1])[: len(values)])
    return values[starts], starts


def entropy_of(counts: Int64s) -> float:
    """Bits of a distribution given as counts."""
    shares = counts / max(int(counts.sum()), 1)
    return float(-(shares * np.log2(shares)).sum())
