"""The ledger: what was planted, in which row of which file, and who should find it."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl

LEDGER: Final = "flaws.json"
"""Name of the file, beside the truth."""

SCHEMA: Final = {
    "kind": pl.String(), "how": pl.String(), "form": pl.String(), "late": pl.Boolean(),
    "row": pl.Int64(), "clean_row": pl.Int64(), "of_row": pl.Int64(),
    "columns": pl.List(pl.String()), "rule": pl.String(), "detector": pl.String(),
    "reader": pl.String(),
}  # fmt: skip
"""Columns of the ledger before its files have names; rows count from 1, which is the heading."""

REFUSES: Final = "refuses"
REFUSES_LATER: Final = "refuses once the file can be read"
ACCEPTS: Final = "accepts"

_COLUMNS: Final = (
    "id", "kind", "how", "form", "file", "row", "clean_row", "of_row", "columns", "rule",
    "detector", "reader",
)  # fmt: skip


def counts(ledger: pl.DataFrame) -> dict[str, int]:
    """How many of each kind, in the order of their names."""
    told = ledger.group_by("kind").len().sort("kind")
    return dict(told.iter_rows())


def write_ledger(
    ledger: pl.DataFrame,
    path: Path,
    *,
    header: Mapping[str, Any],
    files: Mapping[tuple[str, bool], str],
) -> None:
    """Write the ledger as one JSON document with a line for each flaw.

    Args:
        ledger: the columns of `SCHEMA`.
        path: file to write.
        header: what is true of all of it.
        files: name of the file of each form, and whether it is a late one.
    """
    names = [files[form, late] for form, late in ledger.select("form", "late").iter_rows()]
    ordered = ledger.with_columns(pl.Series("file", names, dtype=pl.String)).sort(
        "file", "row", "kind", nulls_last=False
    )
    number = pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(6)
    rows = ordered.with_columns(
        pl.concat_str(pl.lit("F"), number).alias("id"),
        *(pl.col(name).replace("", None) for name in ("how", "rule")),
    ).select(_COLUMNS)
    lines = io.BytesIO()
    rows.write_ndjson(lines)
    head = json.dumps({**header, "counts": counts(ledger)}, ensure_ascii=False, indent=2)
    with path.open("wb") as file:
        file.write(head.removesuffix("\n}").encode())
        file.write(b',\n  "flaws": [\n')
        file.write(lines.getvalue().rstrip(b"\n").replace(b"\n", b",\n"))
        file.write(b"\n  ]\n}\n")
