"""Worth: what an extract is still good for, beside what it was made from."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from pydantic import BaseModel

from hsr_privacy.errors import DataError
from hsr_privacy.hierarchies import Hierarchy
from hsr_privacy.project import MISSING, Analysis
from hsr_privacy.utility.coding import GONE, Ladder, Table, persons_of
from hsr_privacy.utility.distances import Distances, distances
from hsr_privacy.utility.losses import Losses, losses
from hsr_privacy.utility.own import own_analyses
from hsr_privacy.utility.planning import Setting
from hsr_privacy.utility.rerunning import Rerun, Tables, rerun
from hsr_privacy.utility.subgroups import Fate, Suppression, suppression
from hsr_privacy.utility.words import Words

NO_ORIGINAL: Final = "no original"
NOT_ALIGNED: Final = "no column tells rows apart"

_CODES: Final = 12


@dataclass(frozen=True)
class Worth:
    """What an extract is still good for.

    Attributes:
        losses: how much detail is gone.
        distances: how far what is left is from the originals; None without them.
        suppression: whom suppression falls on.
        analyses: the registered ones, before and after.
        registered: whether they are the applicant's; else they are the register's own.
        reason: why something could not be told; empty where everything was.
    """

    losses: Losses
    distances: Distances | None
    suppression: Suppression
    analyses: tuple[Rerun, ...]
    registered: bool
    reason: str = ""

    def to_json(self) -> dict[str, Any]:
        """Names, counts and shares, with the attributes as keys; None where there is nothing."""
        plain: dict[str, Any] = _plain(self)
        plain["losses"]["granularity"] = _plain(self.losses.granularity)
        if self.distances is not None:
            plain["distances"]["mean_distance"] = _plain(self.distances.mean_distance)
        return plain


def worth(
    released: pl.DataFrame,
    before: pl.DataFrame | None,
    *,
    quasi_identifiers: Sequence[str],
    hierarchies: Mapping[str, Hierarchy],
    levels: Mapping[str, int],
    suppressed: str = "998",
    event: str | None = None,
    person: str | None = None,
    mask: str | None = None,
    analyses: Sequence[Analysis] = (),
    subgroups: Sequence[str] | None = None,
    words: Words | None = None,
    missing: Collection[str] = MISSING,
    least_persons: int = 5,
) -> Worth:
    """Measure what an extract lost, and run its analyses on all rows and on those that leave.

    Args:
        released: the rows that leave.
        before: all rows in full detail, with the same names of columns; None where nobody has them.
        quasi_identifiers: columns.
        hierarchies: per column that has one.
        levels: per column with a hierarchy, the level on which it leaves.
        suppressed: what a suppressed cell reads.
        event: column that tells rows apart; without it, the rows of both tables are in the same order
            if they are as many.
        person: column that tells persons apart; without it every row is one.
        mask: column that names the suppressed cells of each row, which is not compared.
        analyses: the registered ones, with the names of columns; without any, those of the
            register's own that the columns allow.
        subgroups: columns by which suppression is told; the quasi-identifiers if left out.
        words: what columns and values are called, and which are numbers; if left out, the
            hierarchies' own texts, and columns of numbers with more than twelve values.
        missing: texts that are kinds of missing.
        least_persons: behind any figure of a group or an analysis.

    Raises:
        DataError: a quasi-identifier is not a column of the extract, a released row has no original,
            or an event stands twice.
    """
    for name in quasi_identifiers:
        if name not in released.columns:
            raise DataError(f"the extract has no column '{name}', which is named quasi-identifier")
    words = words or Words(hierarchies=hierarchies)
    ladders = {name: Ladder(tree) for name, tree in hierarchies.items()}
    after = Table(released, ladders, levels, persons_of(released, person), suppressed)
    aligned, reason = _aligned(released, before, event)
    whole = aligned if aligned is not None else before
    originals, finest = None, None
    if whole is not None:
        persons = persons_of(whole, person if person in whole.columns else None)
        finest = Table(whole, ladders, {}, persons)
        originals = finest.on(levels)
    measured = words.numbers if words.numbers is not None else _measured(finest or after, words)
    setting = Setting(words, measured, missing, least_persons)
    tables = Tables(after, originals, finest)
    content = [n for n in released.columns if n not in {person, event, mask}]
    chosen = tuple(analyses) or own_analyses(released.columns)
    return Worth(
        losses=losses(after, finest, quasi_identifiers=quasi_identifiers),
        distances=distances(
            after,
            originals,
            columns=content,
            numbers=measured,
            missing=missing,
            least_persons=least_persons,
        )
        if originals is not None
        else None,
        suppression=suppression(
            finest if finest is not None and aligned is not None else after,
            _fate(after, finest if aligned is not None else None, quasi_identifiers),
            columns=tuple(subgroups if subgroups is not None else quasi_identifiers),
            words=words,
            least_persons=least_persons,
        ),
        analyses=tuple(rerun(one, tables, setting) for one in chosen),
        registered=bool(analyses),
        reason=reason,
    )


def _aligned(
    released: pl.DataFrame, before: pl.DataFrame | None, event: str | None
) -> tuple[pl.DataFrame | None, str]:
    """All originals, first that of each released row in its order; None where they do not meet.

    Raises:
        DataError: a released row has no original, or an event stands twice.
    """
    if before is None:
        return None, NO_ORIGINAL
    if event is None or event not in before.columns:
        return (before, "") if before.height == released.height else (None, NOT_ALIGNED)
    if before[event].n_unique() < before.height or released[event].n_unique() < released.height:
        raise DataError(f"column '{event}' has a value twice; it must tell rows apart")
    there = released[event].is_in(before[event].implode())
    if not there.all():
        raise DataError(
            f"{int((~there).sum())} released row(s) have no original with the same '{event}'; "
            "is it the original of this extract?"
        )
    first = released.select(event).join(before, on=event, how="left", maintain_order="left")
    rest = before.filter(~pl.col(event).is_in(released[event].implode()))
    return pl.concat([first.select(before.columns), rest]), ""


def _fate(after: Table, whole: Table | None, quasi_identifiers: Sequence[str]) -> Fate:
    """What became of the originals, the released ones first; of the released rows without them."""
    masked = np.zeros(after.rows, np.int64)
    for name in quasi_identifiers:
        masked += after.column(name).codes == GONE
    if whole is None:
        return Fate(None, masked, len(quasi_identifiers))
    gone = whole.rows - after.rows
    removed = np.arange(whole.rows) >= after.rows
    return Fate(removed, np.append(masked, np.zeros(gone, np.int64)), len(quasi_identifiers))


def _measured(table: Table, words: Words) -> frozenset[str]:
    """Columns of numbers with many values, none of which a code list has."""
    found = set()
    for name, dtype in table.frame.schema.items():
        if not dtype.is_numeric() or words.values.get(name):
            continue
        if len(table.cells(name).texts) > _CODES:
            found.add(name)
    return frozenset(found)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    return value
