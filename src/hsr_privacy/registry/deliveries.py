"""Deliveries: what AMK centrals, ambulance services, hospitals and the register hand in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from hsr_privacy.codebook import Codebook, Role, Source
from hsr_privacy.errors import DeliveryError, Fault
from hsr_privacy.registry.layouts import DeliverySettings, Layout
from hsr_privacy.registry.reading import RawTable, read_raw, rows_text, to_series
from hsr_privacy.registry.values import STORED, typed

NEEDED: Final = frozenset(
    ("fnr", "tidligere_fnr", "duf_nr", "amis_hendelsesnr", "amb_oppdragsnr", "opphold_id")
)
"""Direct identifiers by which persons and records are found; all others are never kept."""

FORMS: Final = (Source.AMK, Source.AMBULANCE, Source.HOSPITAL, Source.REGISTER)


@dataclass(frozen=True)
class DeliveredFile:
    """One file that was read.

    Attributes:
        path: below the folder of deliveries.
        rows: without its heading.
        sha256: digest of its bytes.
    """

    path: str
    form: Source
    layout: str
    encoding: str | None
    rows: int
    sha256: str


@dataclass(frozen=True)
class Deliveries:
    """All forms, each as one table typed by the codebook.

    Attributes:
        tables: per form, the rows of all its files; without rows where nobody delivered, and
            without the direct identifiers that nothing needs: names, addresses, telephone numbers,
            comments are checked and dropped at once.
        files: what was read, in the order of names.
    """

    tables: dict[Source, pl.DataFrame]
    files: tuple[DeliveredFile, ...]

    @property
    def absent(self) -> tuple[Source, ...]:
        """Forms that nobody delivered."""
        return tuple(form for form in FORMS if all(file.form != form for file in self.files))


def read_deliveries(folder: Path, *, codebook: Codebook, settings: DeliverySettings) -> Deliveries:
    """Read every delivered file in a folder and below it.

    Identifiers are text from the first byte on. A form that nobody delivered is reported as
    absent; everything else that is wrong is an error, and all of it is told at once.

    Args:
        folder: files of one layout or of several, told apart by their names.
        codebook: gives each form its columns and types.
        settings: the layouts.

    Raises:
        DeliveryError: no folder, no file that can be recognized, or faults; by file, column and
            row (row 1 is the heading), never by value.
    """
    if not folder.is_dir():
        raise DeliveryError(f"{folder}: no such folder of deliveries")
    faults: list[Fault] = []
    parts: dict[Source, list[pl.DataFrame]] = {form: [] for form in FORMS}
    files: list[DeliveredFile] = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".")):
        known = settings.layout_of(path.name)
        if known is None:
            problem = "its name belongs to no layout in configs/deliveries.yaml; rename or move it"
            faults.append(Fault(str(path), 0, "", problem))
            continue
        layout, form = known
        raw, wrong = read_raw(path, layout, form, codebook)
        faults += wrong
        if raw is None:
            continue
        table, wrong = _typed_table(raw, layout, form, codebook)
        faults += wrong
        parts[form].append(table)
        place = path.relative_to(folder).as_posix()
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        files.append(DeliveredFile(place, form, layout.name, raw.encoding, raw.rows, digest))
    if faults:
        raise DeliveryError(f"{folder} has {len(faults)} fault(s); nothing was read in", faults)
    if not files:
        names = ", ".join(layout.name for layout in settings.layouts)
        raise DeliveryError(f"{folder} holds no file of a known layout ({names})")
    if not parts[Source.AMBULANCE] and not parts[Source.HOSPITAL]:
        raise DeliveryError(
            f"{folder} holds neither ambulance nor hospital records; without one of them no arrest "
            "is confirmed"
        )
    tables = {
        form: pl.concat(parts[form]) if parts[form] else _empty(form, codebook) for form in FORMS
    }
    return Deliveries(tables, tuple(files))


def _typed_table(
    raw: RawTable, layout: Layout, form: Source, codebook: Codebook
) -> tuple[pl.DataFrame, list[Fault]]:
    faults = []
    columns = []
    for variable in codebook.delivered_by(form):
        if variable.name not in raw.columns:
            continue
        cells = to_series(variable.name, raw.columns.pop(variable.name))
        values, wrong = typed(cells, variable, codebook=codebook, layout=layout)
        if variable.role is not Role.DIRECT_IDENTIFIER or variable.name in NEEDED:
            columns.append(values)
        for one in wrong:
            rows = [row + 2 for row in one.rows]
            problem = f"{len(rows)} cell(s) {one.problem}: {rows_text(rows)}"
            faults.append(Fault(str(raw.path), rows[0], variable.name, problem))
    return pl.DataFrame(columns), faults


def _empty(form: Source, codebook: Codebook) -> pl.DataFrame:
    return pl.DataFrame(
        schema={
            variable.name: STORED[variable.type]
            for variable in codebook.delivered_by(form)
            if variable.role is not Role.DIRECT_IDENTIFIER or variable.name in NEEDED
        }
    )
