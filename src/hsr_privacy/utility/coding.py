"""Coding: columns as whole numbers, with the texts that they stand for, on one level each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.hierarchies import TOP, Hierarchy

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

NONE: Final = -1
"""The code of a missing cell."""

GONE: Final = -2
"""The code of a suppressed cell."""

_NUMBER: Final = re.compile(r"(-?\d+(?:\.\d+)?)")
_AND_MORE: Final = re.compile(r"(\d+(?:\.\d+)?)\+.*")


@dataclass(frozen=True, eq=False)
class Coded:
    """A column as codes.

    Attributes:
        texts: distinct texts that occur.
        codes: per row, the place of its text, or `NONE` or `GONE`.
    """

    texts: tuple[str, ...]
    codes: Int32s

    @cached_property
    def numbers(self) -> Floats | None:
        """Per row the number that its text is, NaN where it is missing; None where texts are bands.

        One text such as ``60+ min``, which stands for all numbers from somewhere on, is read as
        where it begins, as an analyst would.
        """
        found = [_number(text) for text in self.texts]
        open_ended = sum("+" in text for text in self.texts)
        if not found or any(one is None for one in found) or open_ended > 1:
            return None
        return self.of_texts([one if one is not None else np.nan for one in found])

    def of_texts(self, values: Sequence[float]) -> Floats:
        """Per row, the value of its text; NaN where it has none."""
        return np.append(np.asarray(values, np.float64), np.nan)[self._places]

    def flags(self, chosen: Sequence[bool]) -> Bools:
        """Per row, whether its text is chosen."""
        found: Bools = np.append(np.asarray(chosen, bool), False)[self._places]
        return found

    @cached_property
    def _places(self) -> Int32s:
        """Codes, with one more for everything that has no text."""
        places: Int32s = np.where(self.codes >= 0, self.codes, np.int32(len(self.texts)))
        return places


@dataclass(frozen=True, eq=False)
class Ladder:
    """A hierarchy by the texts of its values.

    Attributes:
        hierarchy: the hierarchy.
    """

    hierarchy: Hierarchy

    @cached_property
    def rows(self) -> dict[str, tuple[str, ...]]:
        """Value to its texts on all levels, where values are listed."""
        return {row[0]: row for row in self.hierarchy.domain}

    def lift(self, text: str | None, level: int) -> str | None:
        """The text of a value on a level; itself where it has no place, None where it is missing."""
        if text is None:
            return None
        row = self.rows.get(text) or self.hierarchy.climb(text)
        return row[level] if row is not None else text

    def raise_text(self, text: str, level: int) -> str:
        """A text of this level or a finer one, on this level; itself where that is not known."""
        for finer in range(level, -1, -1):
            nodes = self._parents(finer, level)
            if text in nodes:
                return nodes[text]
        return text

    def _parents(self, finer: int, level: int) -> dict[str, str]:
        if (finer, level) not in self._found:
            self._found[finer, level] = {row[finer]: row[level] for row in self.rows.values()}
        return self._found[finer, level]

    _found: dict[tuple[int, int], dict[str, str]] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of a column as they read.

    Attributes:
        texts: of its distinct values, in their order; None is a missing one.
        places: per row, the place of its text.
    """

    texts: tuple[str | None, ...]
    places: Int32s

    @classmethod
    def of(cls, column: pl.Series) -> Cells:
        """Read a column."""
        values = column.unique().sort()
        numbers = np.arange(len(values), dtype=np.int32)
        return cls(tuple(leaf_texts(values)), spread(column, values, numbers))

    def counted(self) -> dict[str | None, int]:
        """Rows per text."""
        found: dict[str | None, int] = {}
        rows = np.bincount(self.places, minlength=len(self.texts)).tolist()
        for text, many in zip(self.texts, rows, strict=True):
            found[text] = found.get(text, 0) + many
        return found


@dataclass(frozen=True, eq=False)
class Table:
    """A table whose columns are read as codes, each on one level.

    Attributes:
        frame: the rows.
        ladders: per column that has a hierarchy.
        levels: per column, the level on which it is read.
        persons: per row, a number that tells persons apart.
        suppressed: what a suppressed cell reads; None for originals, whose values are at the foot
            of their hierarchies.
    """

    frame: pl.DataFrame = field(repr=False)
    ladders: Mapping[str, Ladder]
    levels: Mapping[str, int]
    persons: Int32s = field(repr=False)
    suppressed: str | None = None
    _columns: dict[str, Coded] = field(default_factory=dict, repr=False)
    _read: dict[str, Cells] = field(default_factory=dict, repr=False)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.frame.height

    def __contains__(self, name: str) -> bool:
        """Whether there is a column of this name."""
        return name in self.frame.columns

    def column(self, name: str) -> Coded:
        """A column as codes."""
        if name not in self._columns:
            self._columns[name] = self._coded(name)
        return self._columns[name]

    def cells(self, name: str) -> Cells:
        """The cells of a column as they read."""
        if name not in self._read:
            self._read[name] = Cells.of(self.frame[name])
        return self._read[name]

    def on(self, levels: Mapping[str, int]) -> Table:
        """The same rows, read on other levels."""
        return replace(self, levels=levels, _columns={})

    def level(self, name: str) -> int:
        """The level on which a column is read."""
        return self.levels.get(name, 0)

    def gone_text(self, name: str) -> str | None:
        """What a suppressed cell of a column reads; None where that is what all of them read."""
        ladder = self.ladders.get(name)
        if self.suppressed == TOP and ladder is not None and self.level(name) == top_of(ladder):
            return None
        return self.suppressed

    def persons_in(self, rows: Bools, enough: int) -> int:
        """Persons behind some rows, counted as far as ``enough`` of them."""
        found = np.flatnonzero(rows)
        if self._most_rows == 1:
            return len(found)
        if len(found) >= enough * self._most_rows:
            return max(enough, 1)
        return len(np.unique(self.persons[found]))

    @cached_property
    def _most_rows(self) -> int:
        """Most rows of one person."""
        return int(np.bincount(self.persons).max()) if len(self.persons) else 1

    def _coded(self, name: str) -> Coded:
        cells = self.cells(name)
        ladder, level = self.ladders.get(name), self.level(name)
        gone = self.gone_text(name)
        labels: dict[str, int] = {}
        codes = np.full(len(cells.texts), NONE, np.int32)
        for place, text in enumerate(cells.texts):
            label = self._label(text, ladder, level)
            if text is not None and text == gone:
                codes[place] = GONE
            elif label is not None:
                codes[place] = labels.setdefault(label, len(labels))
        return Coded(tuple(labels), codes[cells.places])

    def _label(self, text: str | None, ladder: Ladder | None, level: int) -> str | None:
        if text is None or ladder is None:
            return text
        if self.suppressed is None:
            return ladder.lift(text, level)
        return ladder.raise_text(text, level)


def top_of(ladder: Ladder) -> int:
    """The level that tells nothing."""
    return len(ladder.hierarchy.level_names) - 1


def spread(column: pl.Series, values: pl.Series, codes: Int32s) -> Int32s:
    """Per row, the code of its value."""
    if column.is_empty():
        return np.zeros(0, np.int32)
    found = column.replace_strict(values, pl.Series(codes), return_dtype=pl.Int32)
    return found.to_numpy()


def persons_of(frame: pl.DataFrame, person: str | None) -> Int32s:
    """Per row, a number that tells persons apart; without a column for that every row is one."""
    if person is None:
        return np.arange(frame.height, dtype=np.int32)
    values = frame[person].unique()
    return spread(frame[person], values, np.arange(len(values), dtype=np.int32))


def leaf_texts(values: pl.Series) -> list[str | None]:
    """Values as hierarchies write them: ``73`` for 73 and for 73.0, dates as ISO 8601 dates."""
    dtype = values.dtype
    if isinstance(dtype, pl.Datetime):
        values = values.dt.date()
    elif dtype == pl.Boolean:
        values = values.cast(pl.Int8)
    elif dtype.is_float():
        values = values.fill_nan(None)
        known = values.drop_nulls()
        if known.is_finite().all() and known.round(0).eq(known).all():
            values = values.cast(pl.Int64)
    elif dtype == pl.Binary:
        return [None] * len(values)
    return values.cast(pl.String).to_list()


def _number(text: str) -> float | None:
    found = _NUMBER.fullmatch(text) or _AND_MORE.fullmatch(text)
    return float(found[1]) if found else None
