"""Deliveries: every form of a folder as one table to be judged, and marks where cells cannot be read.

The register itself reads nothing in from a folder with faults; here, what is wrong is what is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from hsr_privacy.codebook import Codebook, Source, load_codebook
from hsr_privacy.errors import DeliveryError, Fault
from hsr_privacy.registry import DeliverySettings, Layout, load_delivery_settings
from hsr_privacy.registry.reading import RawTable, read_raw, to_series
from hsr_privacy.registry.values import typed
from hsr_privacy.validation.suites import DELIVERED

MARK: Final = "x"
"""Stands where a cell could not be read."""


@dataclass(frozen=True)
class Delivered:
    """All that was delivered of one form.

    Attributes:
        form: which.
        table: the rows of all its files, typed by the codebook, with every column that was there.
        unread: per column with such cells, a mark on each row whose cell could not be read.
        files: names below the folder, in order.
        faults: files, headings and rows that could not be read; by file and row, never by value.
    """

    form: Source
    table: pl.DataFrame = field(repr=False)
    unread: pl.DataFrame = field(repr=False)
    files: tuple[str, ...]
    faults: tuple[Fault, ...] = ()


def read_forms(
    path: Path,
    *,
    codebook: Codebook | None = None,
    settings: DeliverySettings | None = None,
    forms: Sequence[Source] = DELIVERED,
) -> tuple[Delivered, ...]:
    """Read the forms of a folder of deliveries, or of one delivered file.

    Args:
        path: the folder, or the file, which its name tells the form of.
        codebook: the shipped one if left out.
        settings: the layouts; the shipped ones if left out.
        forms: which are wanted.

    Raises:
        DeliveryError: no folder or file, or none in it that a layout knows and that holds a form that
            is wanted.
    """
    codebook = codebook or load_codebook()
    settings = settings or load_delivery_settings()
    files = [path] if path.is_file() else _files(path)
    parts: dict[Source, list[Path]] = {form: [] for form in forms}
    for file in files:
        known = settings.layout_of(file.name)
        if known is not None and known[1] in parts:
            parts[known[1]].append(file)
    found = tuple(
        _read(form, named, path, codebook, settings) for form, named in parts.items() if named
    )
    if not found:
        names = ", ".join(layout.name for layout in settings.layouts)
        wanted = ", ".join(forms)
        raise DeliveryError(
            f"{path} holds no delivery of {wanted} in a known layout ({names}); files are told by "
            "their names, see configs/deliveries.yaml"
        )
    return found


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        raise DeliveryError(f"{path}: no such folder of deliveries")
    return sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))


def _read(
    form: Source, files: list[Path], top: Path, codebook: Codebook, settings: DeliverySettings
) -> Delivered:
    faults: list[Fault] = []
    tables, marks, names = [], [], []
    for file in files:
        known = settings.layout_of(file.name)
        assert known is not None
        raw, wrong = read_raw(file, known[0], form, codebook)
        faults += wrong
        names.append(file.relative_to(top).as_posix() if top.is_dir() else file.name)
        if raw is not None and raw.columns:
            table, unread = _typed(raw, known[0], form, codebook)
            tables.append(table)
            marks.append(unread)
    table = pl.concat(tables, how="diagonal") if tables else pl.DataFrame()
    order = [v.name for v in codebook.delivered_by(form) if v.name in table.columns]
    unread = pl.concat(marks, how="diagonal") if marks else pl.DataFrame()
    return Delivered(form, table.select(order), unread, tuple(names), tuple(faults))


def _typed(
    raw: RawTable, layout: Layout, form: Source, codebook: Codebook
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The columns as the codebook has them, and marks where a cell became missing by that."""
    columns, marks = [], []
    for variable in codebook.delivered_by(form):
        if variable.name not in raw.columns:
            continue
        cells = to_series(variable.name, raw.columns[variable.name])
        values, wrong = typed(cells, variable, codebook=codebook, layout=layout)
        columns.append(values)
        rows = sorted({row for one in wrong for row in one.rows})
        lost = [row for row in rows if values[row] is None]
        mark = pl.Series(variable.name, [None] * len(values), dtype=pl.String)
        marks.append(mark.scatter(lost, MARK) if lost else mark)
    return pl.DataFrame(columns), pl.DataFrame(marks)
