"""Forgotten: what suppression leaves behind, in other columns, times, gaps, digits and order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from hsr_privacy.anonymity.generalize import generalize
from hsr_privacy.attacking.alone import codes_of
from hsr_privacy.attacking.digits import Digits, digits
from hsr_privacy.attacking.flags import Flag, flags_of
from hsr_privacy.attacking.implication import ImpliedCells, implied_cells
from hsr_privacy.attacking.intervals import Intervals, intervals
from hsr_privacy.attacking.missingness import Missingness, missingness
from hsr_privacy.attacking.order import Order, order
from hsr_privacy.errors import DataError
from hsr_privacy.hierarchies import Hierarchy
from hsr_privacy.project import MINUTES_SUFFIX

SOURCES_TOLD: Final = 5
"""Sources per column that the result for machines names, those that tell the most."""


@dataclass(frozen=True)
class Forgotten:
    """What a release tells although nobody meant it to.

    Attributes:
        rows: of the release.
        persons: in it.
        with_originals: whether the originals were at hand; without them, nobody can tell how often
            a guess is right, what gaps tell of columns that did not leave, nor whether the order of
            rows tells of more than the release itself does.
        implied: suppressed cells that other columns give away.
        intervals: whom times tell from all others.
        missingness: whom gaps tell from all others.
        digits: how finely numbers are written.
        order: what the place of a row tells, of the originals if they were at hand, else of the
            release.
        flags: what is worth a look, with the threshold that it passed.
    """

    rows: int
    persons: int
    with_originals: bool
    implied: ImpliedCells
    intervals: Intervals
    missingness: Missingness
    digits: tuple[Digits, ...]
    order: Order
    flags: tuple[Flag, ...]

    def to_json(self) -> dict[str, Any]:
        """The result as plain numbers, lists and names of columns."""
        implied = self.implied.to_json()
        for column in implied["columns"]:
            column["sources"] = column["sources"][:SOURCES_TOLD]
        return {
            "rows": self.rows,
            "persons": self.persons,
            "with_originals": self.with_originals,
            "flags": [flag.to_json() for flag in self.flags],
            "implied": implied,
            "intervals": self.intervals.to_json(),
            "missingness": self.missingness.to_json(),
            "digits": [one.to_json() for one in self.digits],
            "order": self.order.to_json(),
        }


def forgotten(
    released: pl.DataFrame,
    *,
    quasi_identifiers: Sequence[str],
    aligned: pl.DataFrame | None = None,
    hierarchies: Mapping[str, Hierarchy] | None = None,
    levels: Mapping[str, int] | None = None,
    suppressed: str = "998",
    person: str | None = None,
    ignored: Sequence[str] = (),
    times: Sequence[str] | None = None,
    missing: Sequence[str] = (),
    decimals: Mapping[str, int] | None = None,
) -> Forgotten:
    """Look for what protection left behind that it did not look at.

    Nobody's cell is in the result. A flag is a question to somebody who knows the data, and no
    proof: that somebody is alone by three times of theirs matters if somebody else can know them.

    Args:
        released: the rows as they leave, in their order.
        quasi_identifiers: columns by which a person could be recognized.
        aligned: row by row, the original in full detail, also with columns that did not leave, such
            as the number of the row in the register; None where nobody has it.
        hierarchies: per column that has one; needed for ``aligned``.
        levels: per column with a hierarchy, the level on which it leaves.
        suppressed: what a suppressed cell reads.
        person: column that tells persons apart; None where every row is one.
        ignored: further columns that say nothing of a person, such as that which tells events
            apart; they, and what is no text, number or date, are left out.
        times: columns of times and lengths of time; if left out, those that end in ``_min``.
        missing: texts that say that there is nothing, beside a missing cell.
        decimals: per column of numbers, digits after the point that were declared.

    Raises:
        DataError: a column does not exist, or the originals are not as many as the rows.
    """
    named = (*quasi_identifiers, *(times or ()), *([] if person is None else [person]))
    for name in named:
        if name not in released.columns:
            raise DataError(f"there is no column '{name}'; name those that the release has")
    if aligned is not None and aligned.height != released.height:
        raise DataError(
            f"the release has {released.height} rows and the originals have {aligned.height}; "
            "give the original of every released row"
        )
    rows = np.arange(released.height)
    persons = rows if person is None else codes_of(released[person])
    content = _content(released, [person, *ignored])
    originals = None if aligned is None else _content(aligned, [person, *ignored])
    chosen = [n for n in content.columns if n.endswith(MINUTES_SUFFIX)] if times is None else times
    true = None
    if originals is not None:
        both = [name for name in quasi_identifiers if name in originals.columns]
        true = _on_their_levels(originals.select(both), hierarchies or {}, levels or {})
    implied = implied_cells(
        content,
        columns=[n for n in quasi_identifiers if true is None or n in true.columns],
        others=[n for n in content.columns if n not in quasi_identifiers],
        suppressed=suppressed,
        all_at_once=True,
        originals=true,
    )
    found_times = intervals(content, chosen, persons=persons, absent=[suppressed, *missing])
    gaps = missingness(
        content,
        quasi_identifiers=quasi_identifiers,
        persons=persons,
        missing=missing,
        originals=originals,
    )
    numbers = digits(content, persons=persons, decimals=decimals, codes=[suppressed, *missing])
    trends = order(released, content if originals is None else originals)
    return Forgotten(
        rows=released.height,
        persons=len(np.unique(persons)),
        with_originals=aligned is not None,
        implied=implied,
        intervals=found_times,
        missingness=gaps,
        digits=numbers,
        order=trends,
        flags=flags_of(
            content,
            implied=implied,
            intervals=found_times,
            missingness=gaps,
            digits=numbers,
            order=trends,
        ),
    )


def _content(table: pl.DataFrame, ignored: Sequence[str | None]) -> pl.DataFrame:
    """The columns that say something of a person."""
    plain = (pl.Binary, pl.Object)
    return table.select(
        n for n in table.columns if n not in ignored and table.schema[n] not in plain
    )


def _on_their_levels(
    originals: pl.DataFrame, hierarchies: Mapping[str, Hierarchy], levels: Mapping[str, int]
) -> pl.DataFrame:
    """Columns as they would read if nothing had been suppressed."""
    risen = {n: levels[n] for n in originals.columns if levels.get(n) and n in hierarchies}
    trees = {name: hierarchies[name] for name in risen}
    return generalize(originals, risen, hierarchies=trees) if risen else originals
