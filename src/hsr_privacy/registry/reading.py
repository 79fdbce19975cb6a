"""Read one delivered file as text columns, and name every fault by column and row."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from hsr_privacy.codebook import Codebook, Source
from hsr_privacy.documents import nearest
from hsr_privacy.errors import Fault
from hsr_privacy.registry.layouts import Layout
from hsr_privacy.tables import looks_like_a_heading, looks_like_a_name

_SHOWN_ROWS: Final = 5
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class RawTable:
    """The columns of one file as they stand there.

    Attributes:
        path: the file.
        columns: per variable, its cells; row 2 of the file is the first.
        rows: number of rows without the heading.
        encoding: in which it could be read; None for Parquet.
    """

    path: Path
    columns: dict[str, pa.ChunkedArray]
    rows: int
    encoding: str | None


def read_raw(
    path: Path, layout: Layout, form: Source, codebook: Codebook
) -> tuple[RawTable | None, list[Fault]]:
    """Read one file of a form.

    Returns:
        Its columns, or None where it is no table at all; and every fault: unreadable, not in an
        encoding of its layout, ragged rows, unknown, missing and duplicate columns, another form.
    """
    if layout.kind == "parquet":
        table, faults, encoding = *_parquet(path), None
    else:
        table, faults, encoding = _csv(path, layout)
    if table is None:
        return None, faults
    names = [name.strip() for name in table.column_names]
    if layout.trailing_column and names[-1] == "":
        names.pop()
    wanted = [variable.name for variable in codebook.delivered_by(form)]
    faults += _heading_faults(path, names, wanted, form, codebook)
    columns = {name: table.column(names.index(name)) for name in wanted if name in names}
    return RawTable(path, columns, table.num_rows, encoding), faults


def rows_text(rows: list[int]) -> str:
    """``row 5, 9, 12`` with an end to the list."""
    shown = ", ".join(map(str, rows[:_SHOWN_ROWS]))
    return f"row {shown}{', ...' if len(rows) > _SHOWN_ROWS else ''}"


def _heading_faults(
    path: Path, names: list[str], wanted: list[str], form: Source, codebook: Codebook
) -> list[Fault]:
    own = set(wanted)
    for other in Source:
        theirs = {variable.name for variable in codebook.delivered_by(other)}
        if other not in (form, Source.DERIVED) and _likeness(names, theirs) > _likeness(names, own):
            problem = f"its columns are those of form '{other}', its name says '{form}'"
            return [Fault(str(path), 1, "", problem)]
    faults = []
    doubt = "" if looks_like_a_heading(names) else "; is the heading missing?"
    for place, name in enumerate(names, 1):
        if not name:
            faults.append(Fault(str(path), 1, f"column {place}", "has no name"))
        elif names.index(name) < place - 1:
            shown = name if name in own else _harmless(name, place, doubt)
            faults.append(Fault(str(path), 1, shown, f"this column stands twice{doubt}"))
        elif name not in own:
            problem = f"unknown column for form '{form}'{doubt or nearest(name, wanted)}"
            faults.append(Fault(str(path), 1, _harmless(name, place, doubt), problem))
    faults += [
        Fault(str(path), 1, name, f"this column of form '{form}' is missing")
        for name in wanted
        if name not in names
    ]
    return faults


def _likeness(names: list[str], known: set[str]) -> float:
    return len(known.intersection(names)) / len(known.union(names))


def _harmless(name: str, place: int, doubt: str) -> str:
    """A heading may be a data row by mistake: show only what looks like a column's name."""
    return name if looks_like_a_name(name) and not doubt else f"column {place}"


def _parquet(path: Path) -> tuple[pa.Table | None, list[Fault]]:
    try:
        return pq.read_table(path), []
    except (pa.ArrowException, OSError):
        return None, [Fault(str(path), 0, "", "not readable as Parquet; is the file whole?")]


def _csv(path: Path, layout: Layout) -> tuple[pa.Table | None, list[Fault], str | None]:
    try:
        content = path.read_bytes()
    except OSError as error:
        return None, [Fault(str(path), 0, "", f"cannot be read: {error.strerror}")], None
    content = content.removeprefix(_BOM)
    if not content.strip():
        problem = "the file is empty; its first row must name the columns"
        return None, [Fault(str(path), 0, "", problem)], None
    encoding = next((name for name in layout.encodings if _decodes(content, name)), None)
    if encoding is None:
        wrong = [n for n, line in enumerate(content.split(b"\n"), 1) if not _decodes(line, "utf-8")]
        problem = (
            f"not {' or '.join(layout.encodings)}, as layout '{layout.name}' asks; "
            f"{len(wrong)} row(s) cannot be read: {rows_text(wrong)}"
        )
        return None, [Fault(str(path), wrong[0] if wrong else 0, "", problem)], None
    ragged: list[tuple[int, int, int]] = []

    def skip(row: pc.InvalidRow) -> str:
        ragged.append((row.number, row.actual_columns, row.expected_columns))
        return "skip"

    width = content.split(b"\n", 1)[0].count(layout.delimiter.encode()) + 1
    try:
        table = pc.read_csv(
            io.BytesIO(content),
            read_options=pc.ReadOptions(
                use_threads=False, encoding=encoding, autogenerate_column_names=True
            ),
            parse_options=pc.ParseOptions(
                delimiter=layout.delimiter,
                newlines_in_values=True,
                invalid_row_handler=skip,
            ),
            convert_options=pc.ConvertOptions(
                column_types={f"f{place}": pa.string() for place in range(width)},
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowException:
        problem = f"not readable as a table with '{layout.delimiter}' between its columns"
        return None, [Fault(str(path), 0, "", problem)], None
    faults = []
    if ragged:
        rows = [number for number, _, _ in ragged]
        problem = (
            f"{len(rows)} row(s) do not have the {ragged[0][2]} columns of row 1: {rows_text(rows)}"
        )
        faults.append(Fault(str(path), rows[0], "", problem))
    names = [str(table.column(place)[0]) for place in range(table.num_columns)]
    return table.slice(1).rename_columns(names), faults, encoding


def _decodes(content: bytes, encoding: str) -> bool:
    if encoding == "utf-8":
        # Arrow checks UTF-8 many times faster than a decoded copy would.
        array = pa.py_buffer(content)
        offsets = pa.array([0, len(content)], pa.int64()).buffers()[1]
        try:
            pa.LargeStringArray.from_buffers(1, offsets, array).validate(full=True)
        except pa.ArrowInvalid:
            return False
        return True
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def to_series(name: str, column: pa.ChunkedArray) -> pl.Series:
    """One column as a Polars series."""
    return pl.Series(name, pl.from_arrow(column))
