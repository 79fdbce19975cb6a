"""Forms as files, in the layouts in which the sector's systems dump them; the same bytes every time."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

import polars as pl

from hsr_privacy.codebook import Source
from hsr_privacy.synthesis.forms import Forms

Layout = Literal["mrs", "oqr", "csv", "parquet"]
LAYOUTS: Final[tuple[Layout, ...]] = ("mrs", "oqr", "csv", "parquet")

_MRS_NAMES: Final = {
    Source.AMK: "AMK", Source.AMBULANCE: "Ambulanse", Source.HOSPITAL: "Sykehus",
    Source.REGISTER: "Person",
}  # fmt: skip
_OQR_NAMES: Final = {
    Source.AMK: "amk", Source.AMBULANCE: "ambulanse", Source.HOSPITAL: "sykehus",
    Source.REGISTER: "person",
}  # fmt: skip


def write_deliveries(forms: Forms, folder: Path, *, layout: Layout, dumped: str) -> list[Path]:
    """Write each form into a folder.

    Args:
        forms: what the sources wrote down.
        folder: exists.
        layout: of the files.
        dumped: day of the dump, ``YYYY-MM-DD``.
    """
    written = []
    for form, table in forms.tables.items():
        name, write = _WRITERS[layout]
        path = folder / name(form, dumped)
        write(table, path, form)
        written.append(path)
    return written


def write_truth(forms: Forms, folder: Path) -> list[Path]:
    """Write which records are the same arrest, what was planted, and how often each hard case is."""
    truth, planted = folder / "truth.parquet", folder / "planted.json"
    traps = folder / "traps.json"
    forms.truth.write_parquet(truth)
    words = {name: sorted(some) for name, some in vars(forms.planted).items()}
    planted.write_bytes(json.dumps(words, ensure_ascii=False, indent=0).encode())
    traps.write_bytes(json.dumps(forms.traps, indent=2).encode() + b"\n")
    return [truth, planted, traps]


def _mrs(table: pl.DataFrame, path: Path, _form: Source) -> None:
    text = _as_text(table, "%d.%m.%Y", "%d.%m.%Y %H:%M:%S", ",")
    body = text.with_columns(pl.lit(None, pl.String).alias("")).write_csv(
        separator=";", line_terminator="\r\n"
    )
    body = body.replace(';""\r\n', ";\r\n", 1)  # the column without a name
    path.write_bytes(b"\xef\xbb\xbf" + body.encode())


def _oqr(table: pl.DataFrame, path: Path, form: Source) -> None:
    text = _as_text(table, "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", ",")
    body = text.write_csv(separator=";", quote_style="always")
    path.write_bytes(body.encode("windows-1252" if form is Source.AMBULANCE else "utf-8"))


def _plain(table: pl.DataFrame, path: Path, _form: Source) -> None:
    text = _as_text(table, "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", ".")
    path.write_bytes(text.write_csv().encode())


def _parquet(table: pl.DataFrame, path: Path, _form: Source) -> None:
    table.write_parquet(path, compression="zstd")


def _as_text(table: pl.DataFrame, day: str, clock: str, decimal: str) -> pl.DataFrame:
    columns = []
    for name, dtype in table.schema.items():
        column = pl.col(name)
        if dtype == pl.Date:
            column = column.dt.strftime(day)
        elif isinstance(dtype, pl.Datetime):
            column = column.dt.strftime(clock)
        elif dtype.is_float():
            column = column.cast(pl.String).str.replace(".", decimal, literal=True)
        else:
            column = column.cast(pl.String)
        columns.append(column)
    return table.select(columns)


_WRITERS: Final[
    dict[Layout, tuple[Callable[[Source, str], str], Callable[[pl.DataFrame, Path, Source], None]]]
] = {
    "mrs": (lambda form, day: f"DataDump_QA_{_MRS_NAMES[form]}_{day}_0600.csv", _mrs),
    "oqr": (lambda form, day: f"hjertestans_{_OQR_NAMES[form]}_datadump_{day}.csv", _oqr),
    "csv": (lambda form, _day: f"{form}.csv", _plain),
    "parquet": (lambda form, _day: f"{form}.parquet", _parquet),
}
