"""Reading: the columns of a written file, every cell as text and a missing one as ``''``."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from hsr_privacy.errors import DataError

_SEPARATORS: Final = ";,\t|"
_QUOTED: Final = re.compile(rb'"[^"]*"')
_SHOWN_LINES: Final = 5


def read(path: Path, names: Sequence[str], *, delimiter: str | None = None) -> dict[str, pl.Series]:
    """Read these columns of a CSV or, where the name ends in ``.parquet``, of a Parquet file.

    A missing cell and an empty one both become ``''``: who holds the file cannot tell more of it.

    Args:
        path: a UTF-8 CSV with a heading, or a Parquet file.
        names: columns, in the order wanted; each once.
        delimiter: of a CSV; the one that stands most often in the heading if left out.

    Returns:
        The columns by name. They bear no name themselves: Polars reads some names as patterns.

    Raises:
        DataError: missing, unreadable, empty, ragged or not UTF-8; an unknown column, or one that
            holds no plain values. Told by line or name, never by value.
    """
    if not path.is_file():
        raise DataError(f"{path}: no such file")
    try:
        written = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from None
    if path.suffix.lower() == ".parquet":
        return _parquet(path, written, names)
    return _csv(path, written, names, delimiter)


def _parquet(path: Path, written: bytes, names: Sequence[str]) -> dict[str, pl.Series]:
    try:
        known = list(pl.read_parquet_schema(io.BytesIO(written)))
        _check_names(path, names, known)
        places = [known.index(name) for name in names]
        columns = pl.read_parquet(io.BytesIO(written), columns=places).get_columns()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        raise DataError(f"{path}: not readable as Parquet; is the file whole?") from None
    return {column.name: _text(path, column.name, column.alias("")) for column in columns}


def _text(path: Path, name: str, column: pl.Series) -> pl.Series:
    """The cells as text; NaN is missing, and -0.0 is 0.0."""
    if column.dtype == pl.Binary:
        column = column.bin.encode("hex")
    elif column.dtype.is_float():
        column = column.fill_nan(None).replace(-0.0, 0.0)
    try:
        if column.dtype.is_nested():
            raise pl.exceptions.InvalidOperationError
        return column.cast(pl.String).fill_null("")
    except pl.exceptions.PolarsError:
        raise DataError(
            f"{path}: column '{name}' holds {column.dtype}; only plain values can be compared"
        ) from None


def _csv(
    path: Path, written: bytes, names: Sequence[str], delimiter: str | None
) -> dict[str, pl.Series]:
    heading, delimiter = _heading(path, written, delimiter)
    _check_names(path, names, heading)
    unquoted = _QUOTED.sub(b"", written) if b'"' in written else written
    if b'"' in unquoted:
        raise DataError(f"{path}: a quotation mark is opened and not closed; write the file anew")
    try:
        table = pl.read_csv(written, separator=delimiter, infer_schema=False, new_columns=heading)
    except pl.exceptions.PolarsError:
        raise DataError(_what_is_wrong(path, written, delimiter, len(heading))) from None
    # Polars refuses a line with too many fields, and fills up one with too few without a word.
    # Where no line has too many, the file has too few separators just if some line has too few.
    if unquoted.count(delimiter.encode()) != (table.height + 1) * (len(heading) - 1):
        raise DataError(_what_is_wrong(path, written, delimiter, len(heading)))
    columns = dict(zip(heading, table.get_columns(), strict=True))
    return {name: columns[name].alias("").fill_null("") for name in names}


def _heading(path: Path, written: bytes, delimiter: str | None) -> tuple[list[str], str]:
    try:
        first = written.partition(b"\n")[0].decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataError(f"{path}: not UTF-8; save it as UTF-8") from None
    if not first.strip():
        raise DataError(f"{path}: the file is empty; its first line must name the columns")
    delimiter = delimiter or max(_SEPARATORS, key=first.count)
    try:
        names = [name.strip() for name in next(csv.reader([first], delimiter=delimiter))]
    except csv.Error:
        raise DataError(
            f"{path}: line 1 is not readable as CSV; do its lines end with \\n?"
        ) from None
    if "" in names:
        raise DataError(f"{path}: column {names.index('') + 1} has no name; give it one in line 1")
    for place, name in enumerate(names, 1):
        if name in names[: place - 1]:
            raise DataError(f"{path}: column {place} has the name of an earlier one; rename it")
    return names, delimiter


def _check_names(path: Path, names: Sequence[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean '{near[0]}'?" if near else f"; it has {len(known)} others"
            raise DataError(f"{path} has no column '{name}'{hint}")


def _what_is_wrong(path: Path, written: bytes, delimiter: str, width: int) -> str:
    """Why a CSV could not be read, looked up slowly."""
    try:
        text = written.decode("utf-8-sig")
    except UnicodeDecodeError:
        return f"{path}: not UTF-8; save it as UTF-8"
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        lines = [reader.line_num for row in reader if len(row) != width]
    except csv.Error:
        lines = []
    if not lines:
        return f"{path}: not readable as CSV with delimiter {delimiter!r}"
    shown = ", ".join(map(str, lines[:_SHOWN_LINES])) + (", ..." * (len(lines) > _SHOWN_LINES))
    return (
        f"{path}: {len(lines)} line(s) do not have the {width} field(s) of line 1 (line {shown}); "
        "correct them, or name the delimiter"
    )
