"""Implication: a suppressed cell that other columns of the same row give away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl

from hsr_privacy.attacking.alone import codes_of, key_of
from hsr_privacy.attacking.guesses import NO_CODE, ROWS, TRUE, Guesses, ImpliedColumn
from hsr_privacy.errors import DataError


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
    all_at_once: bool = False,
    originals: pl.DataFrame | None = None,
) -> ImpliedCells:
    """Count the suppressed cells whose value seems to follow from other cells of their row.

    The attacker has the release and nothing else: among the rows where a column is not suppressed
    they look up how its values go with those of one other column, or of two, or with all others at
    once. A cell is given away if one value has ``certainty`` among at least ``support`` such rows.
    A suppressed or missing cell of another column is a value like others.

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
        all_at_once: whether all other columns together are a source too.
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
    coded = pl.DataFrame({name: codes_of(texts.get(name, released[name])) for name in names})
    hidden = {name: (texts[name] == suppressed).fill_null(value=False) for name in quasi}
    asked = [name for name in quasi if hidden[name].any()]
    truths = []
    if originals is not None:
        for name in asked:
            true = _true_codes(originals[name], texts[name], coded[name])
            truths.append(pl.select(pl.when(hidden[name]).then(true).alias(TRUE + name)))
    table = pl.concat([coded, *truths], how="horizontal")
    distinct = table.group_by(table.columns).agg(pl.len().cast(pl.Int64).alias(ROWS))
    if 2 * distinct.height > table.height:  # counting with weights would cost more than it saves
        distinct = table.with_columns(pl.lit(1, pl.Int64).alias(ROWS))
    targets = [
        Guesses.of(
            name,
            distinct,
            suppressed=int(coded[name].filter(hidden[name])[0]),
            certainty=certainty,
            support=support,
        )
        for name in asked
    ]
    codes = {name: distinct[name].to_numpy() for name in names}
    for source in (*combinations(names, 1), *combinations(names, 2)):
        told = [target for target in targets if target.name not in source]
        if told:
            key = key_of([codes[name] for name in source])
            for target in told:
                target.attack(source, key)
    for target in targets if all_at_once else []:
        rest = tuple(name for name in names if name != target.name)
        key = key_of([np.zeros(distinct.height, np.int64), *(codes[name] for name in rest)])
        target.attack(rest, codes_of(pl.Series(key)))
    return ImpliedCells(released.height, certainty, support, tuple(one.told() for one in targets))


def _check(frame: pl.DataFrame, names: Sequence[str], certainty: float, support: int) -> None:
    missing = [name for name in names if name not in frame.columns]
    if missing:
        raise DataError(f"there is no column '{missing[0]}'; name those that the release has")
    if not 0 < certainty <= 1:
        raise DataError(f"certainty is {certainty}; it is a share above 0 and up to 1")
    if support < 1:
        raise DataError(f"support is {support}; at least one row must tell a value")


def _true_codes(true: pl.Series, released: pl.Series, codes: pl.Series) -> pl.Series:
    """The original values by the codes of the released ones; none where no row shows the value."""
    coded = pl.DataFrame({"text": released, "code": codes}).unique()
    texts = pl.DataFrame({"text": true.cast(pl.String)})
    joined = texts.join(coded, on="text", how="left", nulls_equal=True, maintain_order="left")
    return joined["code"].fill_null(NO_CODE - 1)
