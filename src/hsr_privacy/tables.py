"""Tables as files: CSV read as text, Parquet as it is, and a file that appears whole or not at all."""

from __future__ import annotations

import csv
import os
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from hsr_privacy.errors import DataError, OutputFailed

DELIMITERS: Final = (";", ",", "\t", "|")
_SHOWN_LINES: Final = 5
_NAME: Final = re.compile(r"[A-Za-z_æøå][A-Za-z0-9_æøå]*")
_LONGEST_NAME: Final = 40
_MOST_DIGITS: Final = 3


@dataclass(frozen=True)
class TableFormat:
    """How a table is written in its file: ``parquet``, or ``csv`` with its delimiter."""

    kind: str
    delimiter: str = ";"


def looks_like_a_name(name: str) -> bool:
    """Whether a column could be called so; a heading may be a data row by mistake."""
    return (
        _NAME.fullmatch(name) is not None
        and len(name) <= _LONGEST_NAME
        and sum(sign.isdigit() for sign in name) <= _MOST_DIGITS
    )


def looks_like_a_heading(names: Sequence[str]) -> bool:
    """Whether at least half of the names could be those of columns."""
    return 2 * sum(map(looks_like_a_name, names)) >= len(names)


def shown_column(names: Sequence[str], place: int) -> str:
    """``column 'alder'``, or ``column 3`` where the name may be a patient's cell.

    Args:
        names: the whole heading.
        place: of the column in it, from 0.
    """
    name = names[place]
    if looks_like_a_name(name) and looks_like_a_heading(names):
        return f"column '{name}'"
    return f"column {place + 1}"


def read_table(path: Path, *, delimiter: str | None = None) -> tuple[pl.DataFrame, TableFormat]:
    """Read a CSV (every column as text, empty is missing) or Parquet file.

    Args:
        path: ends in ``.parquet``, or is a UTF-8 CSV with a heading.
        delimiter: of a CSV; the one that stands most often in the heading if left out.

    Raises:
        DataError: missing, empty, not UTF-8, ragged, or a column without a name or with one that
            stands twice; by line number, never by value.
    """
    if not path.is_file():
        raise DataError(f"{path}: no such file")
    if path.suffix.lower() == ".parquet":
        try:
            return pl.read_parquet(path), TableFormat("parquet")
        except (pl.exceptions.PolarsError, OSError):
            raise DataError(f"{path}: not readable as Parquet; is the file whole?") from None
    heading, delimiter = _heading(path, delimiter)
    try:
        table = pl.read_csv(
            path, separator=delimiter, infer_schema=False, encoding="utf8", new_columns=heading
        )
    except pl.exceptions.PolarsError:
        raise DataError(_what_is_wrong(path, delimiter, len(heading))) from None
    return table, TableFormat("csv", delimiter)


def write_table(table: pl.DataFrame, path: Path, form: TableFormat) -> None:
    """Write a table in one act: a file of that name is replaced by the whole new one, or stays.

    Raises:
        OutputFailed: the disk is full, or the system refuses the write.
    """
    if form.kind == "parquet":
        write_whole(path, lambda part: table.write_parquet(part, compression="zstd"))
    else:
        write_whole(path, lambda part: table.write_csv(part, separator=form.delimiter))


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a private file beside ``path``, then put it in its place.

    Raises:
        OutputFailed: the disk is full, or the system refuses the write.
    """
    part: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        os.close(handle)
        part = Path(name)
        write(part)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        _discard(part)
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise OutputFailed(
            f"{path} could not be written: {reason}; nothing was left behind"
        ) from None
    except BaseException:
        _discard(part)
        raise


def _discard(part: Path | None) -> None:
    if part is not None:
        part.unlink(missing_ok=True)


def _heading(path: Path, delimiter: str | None) -> tuple[list[str], str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
    except UnicodeDecodeError:
        raise DataError(f"{path}: not UTF-8; save it as UTF-8") from None
    if not first.strip():
        raise DataError(f"{path}: the file is empty; its first line must name the columns")
    delimiter = delimiter or max(DELIMITERS, key=first.count)
    names = [name.strip() for name in next(csv.reader([first], delimiter=delimiter))]
    for place, name in enumerate(names, 1):
        if not name:
            raise DataError(f"{path}: column {place} has no name; give it one in line 1")
        if names.count(name) > 1:
            doubt = "" if looks_like_a_heading(names) else "; is the heading missing?"
            raise DataError(
                f"{path}: {shown_column(names, place - 1)} stands twice in line 1; rename one{doubt}"
            )
    return names, delimiter


def _what_is_wrong(path: Path, delimiter: str, width: int) -> str:
    lines: list[int] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=delimiter)
            lines = [reader.line_num for row in reader if row and len(row) != width]
    except UnicodeDecodeError:
        return f"{path}: not UTF-8; save it as UTF-8"
    except csv.Error:
        return f"{path}: not readable as CSV with delimiter {delimiter!r}"
    shown = ", ".join(map(str, lines[:_SHOWN_LINES])) + (
        ", ..." if len(lines) > _SHOWN_LINES else ""
    )
    return (
        f"{path}: {len(lines)} line(s) do not have the {width} fields of line 1 (line {shown}); "
        "correct them, or name the delimiter"
    )
