"""Implication: a suppressed cell that other columns of the same row give away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.errors import DataError

Int64s = NDArray[np.int64]
Floats = NDArray[np.float64]

_ROWS: Final = "__rows"
_NO_CODE: Final = -1
_DENSE: Final = 2**22
"""Keys below this are counted in an array with a place for each."""


@dataclass(frozen=True)
class Source:
    """One column, or two together, and what they tell of another one.

    Attributes:
        columns: the one or two.
        implied: suppressed cells that they give away.
        entropy: bits that the other column still hides from who knows these, H(column | columns),
            over the rows where it is not suppressed.
    """

    columns: tuple[str, ...]
    implied: int
    entropy: float


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
        entropy: bits of the column where it is not suppressed, H(column).
        sources: every other column, and every pair of them that gives a cell away; those that give
            the most first.
    """

    column: str
    suppressed: int
    implied: int
    right: int | None
    largest_share: float
    entropy: float
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class ImpliedCells:
    """What suppression hides and other columns tell all the same.

    Attributes:
        rows: of the release.
        certainty: share (0-1) that a value must have among the rows that tell it.
        support: rows that must tell it.
        columns: every column with suppressed cells.
    """

    rows: int
    certainty: float
    support: int
    columns: tuple[ImpliedColumn, ...]

    @property
    def suppressed(self) -> int:
        """Suppressed cells of all columns."""
        return sum(one.suppressed for one in self.columns)

    @property
    def implied(self) -> int:
        """Suppressed cells of all columns that are given away."""
        return sum(one.implied for one in self.columns)

    def to_json(self) -> dict[str, Any]:
        """The result as plain numbers, lists and names of columns."""
        return {"suppressed": self.suppressed, "implied": self.implied, **asdict(self)}


def implied_cells(
    released: pl.DataFrame,
    *,
    columns: Sequence[str],
    suppressed: str,
    others: Sequence[str] = (),
    certainty: float = 0.9,
    support: int = 3,
    originals: pl.DataFrame | None = None,
) -> ImpliedCells:
    """Count the suppressed cells whose value seems to follow from other cells of their row.

    The attacker has the release and nothing else: among the rows where a column is not suppressed
    they look up how its values go with those of one other column, or of two. A cell is given away
    if one value has ``certainty`` among at least ``support`` such rows. A suppressed or missing
    cell of another column is a value like others.

    The attacker can be wrong, since cells are suppressed where they are rare: what is so among the
    others need not be so among these. Who has the originals sees how often, by ``right``.

    A column that is suppressed in every row gives nothing away here: the release shows nothing to
    learn from. Who knows from elsewhere which hospital lies in which municipality needs no release.

    Args:
        released: the rows as they leave.
        columns: quasi-identifiers, which may hold suppressed cells.
        suppressed: what a suppressed cell says.
        others: further columns of the release that may tell something.
        certainty: share of one value, above 0 and up to 1.
        support: rows, 1 or more.
        originals: row by row, what the quasi-identifiers would say if no cell were suppressed.

    Raises:
        DataError: a column does not exist, a bound means nothing, or the originals are not as many.
    """
    names = tuple(dict.fromkeys((*columns, *others)))
    _check(released, names, certainty, support)
    if originals is not None:
        _check(originals, columns, certainty, support)
        if originals.height != released.height:
            raise DataError(
                f"the release has {released.height} rows and the originals have "
                f"{originals.height}; give the original of every released row"
            )
    quasi = [name for name in names if name in set(columns)]
    texts = {name: released[name].cast(pl.String) for name in quasi}
    coded = pl.DataFrame([_codes(name, texts.get(name, released[name])) for name in names])
    distinct = coded.group_by(names).agg(pl.len().cast(pl.Int64).alias(_ROWS))
    targets = []
    for name in quasi:
        code = coded[name].filter((texts[name] == suppressed).fill_null(value=False))
        if len(code):
            targets.append(_Target.of(name, distinct, int(code[0])))
    for source in (*combinations(names, 1), *combinations(names, 2)):
        key = _key(distinct, source)
        for target in targets:
            if target.name not in source:
                target.attack(source, key, certainty, support)
    found = []
    for target in targets:
        right = None
        if originals is not None:
            true = _true_codes(originals[target.name], texts[target.name], coded[target.name])
            right = _right(coded, true, distinct, target)
        found.append(target.told(right))
    return ImpliedCells(released.height, certainty, support, tuple(found))


def _check(frame: pl.DataFrame, names: Sequence[str], certainty: float, support: int) -> None:
    missing = [name for name in names if name not in frame.columns]
    if missing:
        raise DataError(f"there is no column '{missing[0]}'; name those that the release has")
    if not 0 < certainty <= 1:
        raise DataError(f"certainty is {certainty}; it is a share above 0 and up to 1")
    if support < 1:
        raise DataError(f"support is {support}; at least one row must tell a value")


@dataclass(frozen=True, eq=False)
class _Target:
    """One column, whose suppressed cells are guessed; the attacks write into it.

    Attributes:
        name: of the column.
        codes: int64, per distinct row, its value.
        size: number of its codes.
        rows: int64, per distinct row, how often it stands.
        hidden: int64, the distinct rows where it is suppressed.
        known: int64, those where it is not.
        surest: per hidden row, the share of the value that is guessed.
        guess: int64, per hidden row, the code that is guessed.
        sources: what each of them told.
    """

    name: str
    codes: Int64s
    size: int
    rows: Int64s
    hidden: Int64s
    known: Int64s
    surest: Floats
    guess: Int64s
    sources: list[Source]

    @classmethod
    def of(cls, name: str, distinct: pl.DataFrame, suppressed: int) -> _Target:
        """Before any attack."""
        codes, rows = distinct[name].to_numpy(), distinct[_ROWS].to_numpy()
        hidden = np.flatnonzero(codes == suppressed)
        guess = np.full(len(hidden), _NO_CODE, np.int64)
        known = np.flatnonzero(codes != suppressed)
        surest = np.zeros(len(hidden))
        return cls(name, codes, int(codes.max()) + 1, rows, hidden, known, surest, guess, [])

    def attack(self, source: tuple[str, ...], key: Int64s, certainty: float, support: int) -> None:
        """Guess by one source; of several the surest is believed, and of equals the first."""
        pairs, counts = _counted(
            key[self.known] * self.size + self.codes[self.known], self._weights
        )
        groups, starts = _runs(pairs // self.size)
        everyone = np.add.reduceat(counts, starts) if len(starts) else counts
        most = np.maximum.reduceat(counts, starts) if len(starts) else counts
        share = most / everyone
        telling = (everyone >= support) & (share >= certainty)
        place = np.minimum(np.searchsorted(groups, key[self.hidden]), max(len(groups) - 1, 0))
        met = np.zeros(len(self.hidden), bool)
        if len(groups):
            met = (groups[place] == key[self.hidden]) & telling[place]
        implied = int(self.rows[self.hidden[met]].sum())
        if implied or len(source) == 1:
            entropy = max(_entropy(counts) - _entropy(everyone), 0.0)
            self.sources.append(Source(source, implied, entropy))
        better = np.flatnonzero(met)
        better = better[share[place[better]] > self.surest[better]]
        if len(better):
            group_of = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(pairs))))
            first = np.flatnonzero(counts == most[group_of])
            value = np.zeros(len(groups), np.int64)
            value[group_of[first]] = pairs[first] % self.size
            self.surest[better] = share[place[better]]
            self.guess[better] = value[place[better]]

    @property
    def _weights(self) -> Int64s:
        return self.rows[self.known]

    def told(self, right: int | None) -> ImpliedColumn:
        """The column in numbers, after all attacks."""
        _, own = _counted(self.codes[self.known], self._weights)
        rows = self.rows[self.hidden]
        return ImpliedColumn(
            column=self.name,
            suppressed=int(rows.sum()),
            implied=int(rows[self.guess != _NO_CODE].sum()),
            right=right,
            largest_share=float(own.max(initial=0) / max(own.sum(), 1)),
            entropy=_entropy(own),
            sources=tuple(
                sorted(self.sources, key=lambda one: (-one.implied, len(one.columns), one.columns))
            ),
        )


def _codes(name: str, values: pl.Series) -> pl.Series:
    """Distinct values numbered from 0, a missing one among them."""
    distinct = pl.DataFrame({"value": values}).unique().sort("value").with_row_index("code")
    placed = pl.DataFrame({"value": values}).join(
        distinct, on="value", how="left", nulls_equal=True, maintain_order="left"
    )
    return placed["code"].cast(pl.Int64).alias(name)


def _key(distinct: pl.DataFrame, source: tuple[str, ...]) -> Int64s:
    """One number per combination of the columns of a source."""
    key = np.zeros(distinct.height, np.int64)
    for name in source:
        codes = distinct[name].to_numpy()
        key = key * (int(codes.max(initial=0)) + 1) + codes
    return key


def _counted(keys: Int64s, weights: Int64s) -> tuple[Int64s, Int64s]:
    """Distinct keys in order, with the sum of their weights."""
    size = int(keys.max(initial=-1)) + 1
    if size <= _DENSE:
        sums = np.bincount(keys, weights=weights, minlength=size).astype(np.int64)
        distinct = np.flatnonzero(sums)
        return distinct, sums[distinct]
    table = pl.DataFrame({"key": keys, _ROWS: weights}).group_by("key").sum().sort("key")
    return table["key"].to_numpy(), table[_ROWS].to_numpy()


def _runs(values: Int64s) -> tuple[Int64s, Int64s]:
    """Distinct values of an ascending array, and where each starts."""
    starts = np.flatnonzero(np.append(True, values[1:] != values[:-1])[: len(values)])
    return values[starts], starts


def _true_codes(true: pl.Series, released: pl.Series, codes: pl.Series) -> pl.Series:
    """The original values by the codes of the released ones; none where no row shows the value."""
    coded = pl.DataFrame({"text": released, "code": codes}).unique()
    texts = pl.DataFrame({"text": true.cast(pl.String)})
    joined = texts.join(coded, on="text", how="left", nulls_equal=True, maintain_order="left")
    return joined["code"].fill_null(_NO_CODE - 1)


def _right(coded: pl.DataFrame, true: pl.Series, distinct: pl.DataFrame, target: _Target) -> int:
    """Suppressed cells whose guess is the true value."""
    names = coded.columns
    guessed = distinct[target.hidden].select(
        *(pl.col(name).alias(str(place)) for place, name in enumerate(names)),
        pl.Series("guess", target.guess),
    )
    keys = [str(place) for place in range(len(names))]
    rows = coded.rename(dict(zip(names, keys, strict=True))).with_columns(true.alias("true"))
    met = rows.join(guessed, on=keys)
    return int((met["true"] == met["guess"]).sum())


def _entropy(counts: Int64s) -> float:
    """Bits of a distribution given as counts."""
    shares = counts / max(int(counts.sum()), 1)
    return float(-(shares * np.log2(shares)).sum())
