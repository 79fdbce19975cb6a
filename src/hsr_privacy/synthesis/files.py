"""Forms as files, in the layouts in which the sector's systems dump them; the same bytes every time."""

from __future__ import annotations

import functools
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import polars as pl

from hsr_privacy.codebook import Source
from hsr_privacy.flaws import Sheet
from hsr_privacy.synthesis.forms import Forms

Layout = Literal["mrs", "oqr", "csv", "parquet"]
LAYOUTS: Final[tuple[Layout, ...]] = ("mrs", "oqr", "csv", "parquet")

LATE_DAYS: Final = 42
"""How long after the others a late file is dumped."""

_MRS_NAMES: Final = {
    Source.AMK: "AMK", Source.AMBULANCE: "Ambulanse", Source.HOSPITAL: "Sykehus",
    Source.REGISTER: "Person",
}  # fmt: skip
_OQR_NAMES: Final = {
    Source.AMK: "amk", Source.AMBULANCE: "ambulanse", Source.HOSPITAL: "sykehus",
    Source.REGISTER: "person",
}  # fmt: skip
_ROWS_AT_ONCE: Final = 65_536
_DAY_SECONDS: Final = 86_400


@dataclass(frozen=True)
class _Text:
    """How a layout of text is written."""

    day: str
    between: str
    decimal: str
    before: bytes = b""
    after_heading: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


_TEXTS: Final = {
    "mrs": _Text(
        "%d.%m.%Y", " ", ",", before=b"\xef\xbb\xbf", after_heading=";",
        more={"separator": ";", "line_terminator": "\r\n"},
    ),
    "oqr": _Text(
        "%Y-%m-%d", " ", ",", more={"separator": ";", "quote_style": "always"},
    ),
    "csv": _Text("%Y-%m-%d", "T", "."),
}  # fmt: skip


def encoding_of(layout: Layout, form: Source) -> str:
    """The encoding of a form's file; ambulance services dump OpenQReg in the older one."""
    return "windows-1252" if layout == "oqr" and form is Source.AMBULANCE else "utf-8"


def file_name(layout: Layout, form: Source, *, dumped: date, late: bool) -> str:
    """The name of a form's file."""
    day = str(dumped + timedelta(days=LATE_DAYS * late))
    if layout == "mrs":
        return f"DataDump_QA_{_MRS_NAMES[form]}_{day}_0600.csv"
    if layout == "oqr":
        return f"hjertestans_{_OQR_NAMES[form]}_datadump_{day}.csv"
    return f"{form}{f'-{day}' if late else ''}.{layout}"


def write_deliveries(
    sheets: Iterable[Sheet], folder: Path, *, layout: Layout, dumped: date
) -> list[Path]:
    """Write each sheet into a folder.

    Args:
        sheets: what the sources wrote down.
        folder: exists.
        layout: of the files.
        dumped: day of the dump.
    """
    written = []
    for sheet in sheets:
        path = folder / file_name(layout, sheet.form, dumped=dumped, late=sheet.late)
        if layout == "parquet":
            sheet.table.write_parquet(path, compression="zstd")
        else:
            encoding = encoding_of(layout, sheet.form)
            with path.open("wb") as file:
                file.writelines(_written(sheet, _TEXTS[layout], encoding))
        written.append(path)
    return written


def write_truth(
    forms: Forms, folder: Path, *, secrets: Mapping[str, Iterable[str]] | None = None
) -> list[Path]:
    """Write which records are the same arrest, what was planted, and how often each hard case is.

    Args:
        forms: what the sources wrote down.
        folder: exists.
        secrets: what flaws added to that which must be found nowhere in an extract.
    """
    truth, planted = folder / "truth.parquet", folder / "planted.json"
    traps = folder / "traps.json"
    forms.truth.write_parquet(truth)
    words = {name: sorted(some) for name, some in vars(forms.planted).items()}
    for name, values in (secrets or {}).items():
        words[name] = sorted({*words.get(name, ()), *values})
    planted.write_bytes(json.dumps(words, ensure_ascii=False, indent=0).encode())
    traps.write_bytes(json.dumps(forms.traps, indent=2).encode() + b"\n")
    return [truth, planted, traps]


def _written(sheet: Sheet, text: _Text, encoding: str) -> Iterator[bytes]:
    """A file of text, some rows at a time: the whole of it would not fit into memory twice."""
    whole = sheet.whole_in_windows_1252
    encoding = "windows-1252" if whole else encoding
    end = text.more.get("line_terminator", "\n")
    heading = sheet.table.clear().write_csv(**text.more).removesuffix(end)
    yield (b"" if whole else text.before) + (heading + text.after_heading + end).encode()
    for first in range(0, sheet.table.height, _ROWS_AT_ONCE):
        table = _as_text(sheet, first, text)
        if text.after_heading:  # a column without a name
            table = table.with_columns(pl.lit(None, pl.String).alias(""))
        buffer = io.BytesIO()
        table.write_csv(buffer, include_header=False, **text.more)
        body = buffer.getvalue()
        if encoding != "utf-8":
            body = body.decode().encode(encoding)
        low, high = np.searchsorted(sheet.windows_1252, (first, first + _ROWS_AT_ONCE))
        strange = sheet.windows_1252[low:high] - first
        yield _strange_lines(body, strange, end.encode()) if len(strange) else body


def _strange_lines(body: bytes, rows: Any, end: bytes) -> bytes:
    """Some lines in Windows-1252; no cell holds a line's end."""
    lines = body.split(end)
    for row in rows:
        lines[row] = lines[row].decode().encode("windows-1252")
    return end.join(lines)


def _as_text(sheet: Sheet, first: int, text: _Text) -> pl.DataFrame:
    """Some rows as they will stand, cell by cell."""
    table = sheet.table.slice(first, _ROWS_AT_ONCE)
    columns = []
    for name, column in zip(table.columns, table.iter_columns(), strict=True):
        if column.dtype == pl.Date:
            cells = _days(column.to_physical(), text.day)
        elif isinstance(column.dtype, pl.Datetime):
            cells = _moments(column, text)
        elif column.dtype.is_float():
            cells = column.cast(pl.String).str.replace(".", text.decimal, literal=True)
        else:
            cells = column.cast(pl.String)
        if name in sheet.by_hand:
            by_hand = sheet.by_hand[name].between(first, first + table.height)
            cells = cells.scatter(by_hand.rows, by_hand.text)
        columns.append(cells.alias(name))
    return pl.DataFrame(columns)


def _moments(column: pl.Series, text: _Text) -> pl.Series:
    """Clock times; there are few days and few seconds of a day, so each is spelt once."""
    seconds = column.dt.epoch("s")
    days = _days(seconds // _DAY_SECONDS, text.day)
    times = _seconds_of_a_day(f"{text.between}%H:%M:%S")
    return days + times.gather((seconds % _DAY_SECONDS).cast(pl.UInt32))


@functools.cache
def _seconds_of_a_day(form: str) -> pl.Series:
    moments = pl.Series(np.arange(_DAY_SECONDS) * 1_000_000).cast(pl.Datetime("us"))
    return moments.dt.strftime(form)


def _days(numbers: pl.Series, form: str) -> pl.Series:
    """Days since 1970 as text."""
    unique = numbers.drop_nulls().unique()
    if unique.is_empty():
        return pl.Series(numbers.name, [None] * len(numbers), dtype=pl.String)
    spelt = unique.cast(pl.Int32).cast(pl.Date).dt.strftime(form)
    return numbers.replace_strict(unique, spelt, return_dtype=pl.String)
