"""Digits: numbers written finer than they were declared, or fine enough to know a person by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.attacking.alone import Alone, alone, codes_of

Int64s = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_DECIMALS: Final = 9
FEW: Final = 10
"""Different numbers, all of them whole, are categories and not looked at."""

_AS_WRITTEN: Final = 1e-9
_SAMPLE: Final = 100
_USUAL: Final = 0.99


@dataclass(frozen=True)
class Digits:
    """How finely a column of numbers is written.

    Attributes:
        column: its name.
        values: cells with a number.
        decimals: digits after the point that were declared; where nobody declared them, as many as
            99 of 100 numbers do with.
        declared: whether somebody did.
        finer: cells with more.
        alone: who is alone with a number.
        last_digits: of the numbers as they are written with so many decimals, how many end in 0,
            1, ... 9.
        heaping: share (0-1) of them that end in 0 or 5; a fifth would by chance.
    """

    column: str
    values: int
    decimals: int
    declared: bool
    finer: int
    alone: Alone
    last_digits: tuple[int, ...]
    heaping: float | None

    def to_json(self) -> dict[str, Any]:
        """The result as plain numbers and the name of the column."""
        return {**asdict(self), "alone": {**asdict(self.alone), "share": self.alone.share}}


def digits(
    released: pl.DataFrame,
    *,
    persons: Int64s,
    decimals: Mapping[str, int] | None = None,
    codes: Sequence[str] = (),
) -> tuple[Digits, ...]:
    """Look at every column of numbers; a column of text that holds some other text is none.

    Ten different whole numbers or fewer are taken for codes, and left out.

    Args:
        released: the rows as they leave, without columns that name rows or persons.
        persons: int64, per row, who.
        decimals: per column, digits after the point that were declared.
        codes: texts that stand for no number, such as what a suppressed cell says.
    """
    found = []
    for name in released.columns:
        numbers = _numbers(released[name], codes)
        if numbers is not None:
            found.append(_digits(name, numbers, persons, (decimals or {}).get(name)))
    return tuple(one for one in found if one is not None)


def _numbers(cells: pl.Series, codes: Sequence[str]) -> pl.Series | None:
    """The numbers of a column, or None where it holds something else or nothing."""
    if cells.dtype == pl.String:
        there = cells.drop_nulls()
        sample = there.filter(~there.is_in(list(codes))).head(_SAMPLE)
        if sample.cast(pl.Float64, strict=False).null_count() or not sample.len():
            return None
        texts = pl.select(pl.when(~cells.is_in(list(codes))).then(cells)).to_series()
        numbers = texts.cast(pl.Float64, strict=False)
        if numbers.null_count() > texts.null_count():
            return None
    elif cells.dtype.is_numeric():
        numbers = cells.cast(pl.Float64)
        for code in filter(_is_number, codes):
            numbers = pl.select(pl.when(numbers != float(code)).then(numbers)).to_series()
    else:
        return None
    numbers = pl.select(pl.when(numbers.is_finite()).then(numbers)).to_series()
    return numbers if numbers.null_count() < numbers.len() else None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _digits(name: str, numbers: pl.Series, persons: Int64s, declared: int | None) -> Digits | None:
    there = numbers.is_not_null().to_numpy()
    counts = numbers.drop_nulls().value_counts(name="rows")
    values = counts[counts.columns[0]].to_numpy()
    rows = counts["rows"].to_numpy().astype(np.int64)
    needed = _decimals(values)
    if len(values) <= FEW and not needed.any():
        return None
    many = int(rows.sum())
    if declared is None:
        below = np.cumsum(np.bincount(needed, weights=rows, minlength=MOST_DECIMALS + 1))
        usual = int(np.argmax(below >= _USUAL * many))
    else:
        usual = declared
    last = np.abs(np.rint(values * 10.0**usual)) % 10
    ends = np.bincount(last.astype(np.int64), weights=rows, minlength=10).astype(np.int64)
    return Digits(
        column=name,
        values=many,
        decimals=usual,
        declared=declared is not None,
        finer=int(rows[needed > usual].sum()),
        alone=alone(codes_of(numbers), persons, among=there),
        last_digits=tuple(map(int, ends)),
        heaping=float((ends[0] + ends[5]) / many),
    )


def _decimals(values: Floats) -> Int64s:
    """Digits after the point that each number needs, at most nine."""
    needed = np.full(len(values), MOST_DECIMALS, np.int64)
    for places in range(MOST_DECIMALS, -1, -1):
        shifted = values * 10.0**places
        near = np.abs(shifted - np.rint(shifted)) <= _AS_WRITTEN * np.maximum(1, np.abs(shifted))
        needed[near] = places
    return needed
