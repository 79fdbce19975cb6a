"""Missingness: whom the pattern of what is missing tells from all others, and what it tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from hsr_privacy.attacking.alone import Alone, Bools, Int64s, alone, codes_of, key_of

CERTAINTY: Final = 0.9
"""Share that one original value must have among the rows with a gap to be told by it."""

USUAL: Final = 0.5
"""A value that more of the rows that read alike have is told by a gap to nobody's surprise."""

FEWEST: Final = 10
"""Rows with the gap, or it is chance."""


@dataclass(frozen=True)
class TellingGap:
    """A column of which a gap, or its absence, tells what another column said.

    Attributes:
        column: with the gaps.
        missing: whether its gaps tell; else its values do, where nearly everybody has none.
        tells: the original column.
        rows: with the gap, or without it.
        share: of them (0-1), with the value that most of them have.
        usual: share that have that value of all rows that read alike in that column of the
            release, or of all rows where it did not leave.
    """

    column: str
    missing: bool
    tells: str
    rows: int
    share: float
    usual: float


@dataclass(frozen=True)
class Missingness:
    """What the gaps of a release tell.

    Attributes:
        columns: with gaps, but not gaps only.
        pattern: who is alone with which of the columns have a gap, and nothing else.
        known: who is alone by the quasi-identifiers.
        both: who is alone by the two together.
        telling: gaps that tell what an original column said and the release does not; None if the
            originals were not given.
    """

    columns: tuple[str, ...]
    pattern: Alone
    known: Alone
    both: Alone
    telling: tuple[TellingGap, ...] | None

    def to_json(self) -> dict[str, Any]:
        """The result as plain numbers and names of columns."""
        told = asdict(self)
        for name in ("pattern", "known", "both"):
            told[name]["share"] = getattr(self, name).share
        return told


def missingness(
    released: pl.DataFrame,
    *,
    quasi_identifiers: Sequence[str],
    persons: Int64s,
    missing: Sequence[str] = (),
    originals: pl.DataFrame | None = None,
) -> Missingness:
    """Count the persons whom their gaps tell from all others, alone and with who they are.

    A suppressed cell is no gap: nobody outside knows what was suppressed.

    Args:
        released: the rows as they leave, without columns that name rows or persons.
        quasi_identifiers: columns by which a person could be recognized.
        persons: int64, per row, who.
        missing: texts that say that there is nothing, beside a missing cell.
        originals: row by row, the columns in full detail, also such as did not leave.
    """
    gaps = {name: _gaps(released[name], missing) for name in released.columns}
    gaps = {name: gap for name, gap in gaps.items() if gap.any() and not gap.all()}
    nothing = np.zeros(released.height, np.int64)
    pattern = key_of([nothing, *gaps.values()])
    known = key_of([nothing, *(codes_of(released[name]) for name in quasi_identifiers)])
    return Missingness(
        columns=tuple(gaps),
        pattern=alone(pattern, persons),
        known=alone(known, persons),
        both=alone(key_of([codes_of(pl.Series(known)), codes_of(pl.Series(pattern))]), persons),
        telling=None if originals is None else _telling(gaps, released, originals, missing),
    )


def _gaps(cells: pl.Series, missing: Sequence[str]) -> Int64s:
    gap = cells.is_null()
    if missing:
        gap |= cells.cast(pl.String).is_in(list(missing)).fill_null(value=False)
    return gap.cast(pl.Int64).to_numpy()


def _telling(
    gaps: dict[str, Int64s],
    released: pl.DataFrame,
    originals: pl.DataFrame,
    missing: Sequence[str],
) -> tuple[TellingGap, ...]:
    found = []
    places = {column: np.flatnonzero(gap) for column, gap in gaps.items()}
    for name in originals.columns:
        codes = codes_of(originals[name])
        counts = np.bincount(codes)
        shown = codes_of(released[name]) if name in released.columns else np.zeros_like(codes)
        nothing = np.unique(codes[_gaps(originals[name], missing) == 1])
        usual: dict[int, float] = {}
        for column, rows_with in places.items():
            among = np.bincount(codes[rows_with], minlength=len(counts))
            for absent, some in ((True, among), (False, counts - among)):
                most, rows = int(some.argmax()), int(some.sum())
                share = float(some[most] / rows)
                if rows < FEWEST or share < CERTAINTY or column == name or most in nothing:
                    continue
                if most not in usual:
                    usual[most] = _usual(codes == most, shown)
                if usual[most] <= USUAL:
                    found.append(TellingGap(column, absent, name, rows, share, usual[most]))
    return tuple(sorted(found, key=lambda one: (-one.rows, one.column, one.tells)))


def _usual(has: Bools, shown: Int64s) -> float:
    """Share that have a value of all rows that the release shows like most of those who do."""
    most = np.bincount(shown[has]).argmax()
    return float(has[shown == most].mean())
