"""Findings: what is wrong, in which row of which file; never what stands there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.codebook import Source
from hsr_privacy.quality.kinds import RULE, RULE_OF_ARREST, Kind
from hsr_privacy.rules import Severity

Bools = NDArray[np.bool_]
Int64s = NDArray[np.int64]

SCHEMA: Final = {
    "form": pl.String(),
    "file": pl.Int32(),
    "row": pl.Int64(),
    "columns": pl.List(pl.String()),
    "kind": pl.String(),
    "rule": pl.String(),
    "severity": pl.String(),
}
"""One line per row and kind. ``file`` counts the files of a check from 0. ``row`` counts as a
spreadsheet does, its heading being row 1, and is missing where the whole file is meant. ``rule`` is
missing where no rule of the register is broken."""


@dataclass(frozen=True)
class Found:
    """Rows of a form that have one kind of fault.

    Attributes:
        kind: which.
        at: places in the form's table, from 0.
        columns: where it stands.
        rule: that is broken, if it is one.
        severity: as the rule has it; that of the kind if left out.
    """

    kind: Kind
    at: Int64s
    columns: tuple[str, ...] = ()
    rule: str | None = None
    severity: Severity | None = None


def found(kind: Kind, where: Bools | Sequence[int] | Int64s, *columns: str) -> Found:
    """Rows with a kind of fault: a mask of them, or their places."""
    rows = np.asarray(where)
    at = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows.astype(np.int64)
    return Found(kind, at, columns)


def broken(rule: str, at: Int64s, columns: tuple[str, ...], severity: Severity) -> Found:
    """Rows that break a rule by what they say themselves."""
    return Found(RULE, at, columns, rule, severity)


def broken_together(rule: str, at: Int64s, columns: tuple[str, ...], severity: Severity) -> Found:
    """Rows that break a rule by what another form says of the same arrest or person."""
    return Found(RULE_OF_ARREST, at, columns, rule, severity)


def nothing() -> pl.DataFrame:
    """No finding at all."""
    return pl.DataFrame(schema=SCHEMA)


def of_file(kind: Kind, form: Source | None, file: int, *columns: str) -> pl.DataFrame:
    """A finding on a whole file."""
    return _table(form, [file], [None], [kind], [columns])


def told(form: Source, places: pl.DataFrame, parts: Iterable[Found]) -> pl.DataFrame:
    """Findings on the rows of a form, each with its file and row.

    Args:
        form: whose.
        places: ``file`` and ``row`` of each row of its table.
        parts: what was found there.
    """
    tables = [nothing()]
    for part in parts:
        if len(part.at):
            size = len(part.at)
            tables.append(
                places[part.at].select(
                    pl.lit(str(form)).alias("form"),
                    "file",
                    "row",
                    pl.Series("columns", [list(part.columns)] * size, dtype=SCHEMA["columns"]),
                    pl.lit(part.kind.name).alias("kind"),
                    pl.lit(part.rule, dtype=pl.String).alias("rule"),
                    pl.lit(str(part.severity or part.kind.severity)).alias("severity"),
                )
            )
    return pl.concat(tables)


def of_rows(form: Source, file: int, rows: Sequence[int], kind: Kind) -> pl.DataFrame:
    """Findings on rows that never came into a table."""
    size = len(rows)
    return _table(form, [file] * size, list(rows), [kind] * size, [()] * size)


def _table(
    form: Source | None,
    files: list[int],
    rows: Sequence[int | None],
    kinds: list[Kind],
    columns: list[tuple[str, ...]],
) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "form": [None if form is None else str(form)] * len(files),
            "file": files,
            "row": rows,
            "columns": [list(names) for names in columns],
            "kind": [kind.name for kind in kinds],
            "rule": [None] * len(files),
            "severity": [str(kind.severity) for kind in kinds],
        },
        schema=SCHEMA,
    )
