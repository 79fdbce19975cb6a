"""Sheets: a delivered file as it lies, with the numbers of its rows, and what keeps it from being read."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from hsr_privacy.codebook import Codebook, Source
from hsr_privacy.quality.findings import Int64s, nothing, of_file, of_rows
from hsr_privacy.quality.kinds import (
    MISSING_COLUMN,
    OTHER_ENCODING,
    OTHER_FORM,
    RAGGED,
    UNKNOWN_COLUMN,
    UNREADABLE,
)
from hsr_privacy.quality.letters import Decoded, decode
from hsr_privacy.registry import Layout

_HEADING: Final = 1


@dataclass(frozen=True)
class Sheet:
    """One file.

    Attributes:
        columns: per variable of its form, the cells as they stand there.
        rows: the number of each, its heading being row 1.
        encoding: in which it is written; None for Parquet.
        findings: on the file, and on rows that could not be read or are written otherwise.
    """

    columns: dict[str, pl.Series]
    rows: Int64s
    encoding: str | None
    findings: pl.DataFrame


@dataclass(frozen=True)
class _Grid:
    """A table before its columns are known."""

    table: pa.Table
    rows: Int64s
    encoding: str | None
    findings: list[pl.DataFrame]


def read_sheet(path: Path, layout: Layout, form: Source, *, file: int, codebook: Codebook) -> Sheet:
    """Read a file of a form, whatever is wrong with it.

    Args:
        path: the file.
        layout: in which it should be written.
        form: by its name.
        file: its number among the files of the check.
        codebook: names the columns of each form.
    """
    grid = _parquet(path) if layout.kind == "parquet" else _csv(path, layout, form, file)
    if grid is None:
        return Sheet({}, np.empty(0, np.int64), None, of_file(UNREADABLE, form, file))
    names = [name.strip() for name in grid.table.column_names]
    if layout.trailing_column and names[-1] == "":
        names.pop()
    wanted = [variable.name for variable in codebook.delivered_by(form)]
    if _is_of_another(names, form, codebook):
        return Sheet({}, grid.rows[:0], grid.encoding, of_file(OTHER_FORM, form, file))
    findings = list(grid.findings)
    findings += [of_file(MISSING_COLUMN, form, file, name) for name in wanted if name not in names]
    surplus = sum(name not in wanted for name in names)
    surplus += sum(names.count(name) - 1 for name in set(names) & set(wanted))
    findings += [of_file(UNKNOWN_COLUMN, form, file)] * surplus
    columns = {
        name: pl.Series(name, pl.from_arrow(grid.table.column(names.index(name))))
        for name in wanted
        if name in names
    }
    return Sheet(columns, grid.rows, grid.encoding, pl.concat([nothing(), *findings]))


def _is_of_another(names: list[str], form: Source, codebook: Codebook) -> bool:
    """Whether a heading is more like that of another form."""

    def likeness(source: Source) -> float:
        theirs = {variable.name for variable in codebook.delivered_by(source)}
        return len(theirs.intersection(names)) / len(theirs.union(names))

    others = (source for source in Source if source not in (form, Source.DERIVED))
    return max(map(likeness, others)) > likeness(form)


def _parquet(path: Path) -> _Grid | None:
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError):
        return None
    rows = np.arange(table.num_rows, dtype=np.int64) + _HEADING + 1
    return _Grid(table, rows, None, [])


def _csv(path: Path, layout: Layout, form: Source, file: int) -> _Grid | None:
    try:
        decoded = decode(path.read_bytes(), layout)
    except OSError:
        return None
    if not decoded.content.strip():
        return None
    ragged: list[int] = []

    def skip(row: pc.InvalidRow) -> str:
        ragged.append(row.number)
        return "skip"

    width = decoded.content.split(b"\n", 1)[0].count(layout.delimiter.encode()) + 1
    try:
        table = pc.read_csv(
            io.BytesIO(decoded.content),
            read_options=pc.ReadOptions(use_threads=False, autogenerate_column_names=True),
            parse_options=pc.ParseOptions(
                delimiter=layout.delimiter, newlines_in_values=True, invalid_row_handler=skip
            ),
            convert_options=pc.ConvertOptions(
                column_types={f"f{place}": pa.string() for place in range(width)},
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowException:
        return None
    names = [str(table.column(place)[0]) for place in range(table.num_columns)]
    rows = np.setdiff1d(np.arange(1, table.num_rows + len(ragged) + 1), ragged)[1:]
    body = table.slice(1).rename_columns(names)
    findings = [of_rows(form, file, ragged, RAGGED), *_letters(decoded, body, rows, form, file)]
    return _Grid(body, rows.astype(np.int64), decoded.encoding, findings)


def _letters(
    decoded: Decoded, table: pa.Table, rows: Int64s, form: Source, file: int
) -> list[pl.DataFrame]:
    """Findings on what is written in another encoding."""
    if decoded.is_whole:
        return [of_file(OTHER_ENCODING, form, file)]
    if not decoded.wrong_lines:
        return []
    ends = _last_lines(table, rows)
    at = np.unique(np.searchsorted(ends, decoded.wrong_lines))
    wrong = rows[at[at < len(rows)]]
    return [of_rows(form, file, wrong.tolist(), OTHER_ENCODING)]


def _last_lines(table: pa.Table, rows: Int64s) -> Int64s:
    """The line in which each row ends; a cell in quotation marks may go over several."""
    breaks = np.zeros(len(rows), np.int64)
    for column in table.columns:
        count = pl.Series(pl.from_arrow(column)).str.count_matches("\n", literal=True)
        breaks += count.fill_null(0).to_numpy().astype(np.int64)
    return rows + np.cumsum(breaks)
