"""Check deliveries as they lie: read what can be read, and say of everything else what is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from hsr_privacy.codebook import Codebook, Source
from hsr_privacy.errors import DeliveryError
from hsr_privacy.quality.arrests import check_arrests
from hsr_privacy.quality.breaches import Notes, check_deaths, check_rules
from hsr_privacy.quality.cells import read_cells
from hsr_privacy.quality.comments import check_comments, free_text, names_of
from hsr_privacy.quality.copies import check_copies
from hsr_privacy.quality.filling import count_filled
from hsr_privacy.quality.findings import Found, nothing, of_file, told
from hsr_privacy.quality.kinds import UNKNOWN_NAME
from hsr_privacy.quality.lateness import Delivered, check_lateness, delivered_on, event_days
from hsr_privacy.quality.persons import (
    check_against_register,
    check_identifiers,
    check_numbers,
    doubted,
    without_persons,
)
from hsr_privacy.quality.reporters import reported_by
from hsr_privacy.quality.sheets import read_sheet
from hsr_privacy.quality.times import check_doses, check_times
from hsr_privacy.registry import DeliverySettings
from hsr_privacy.registry.deliveries import FORMS
from hsr_privacy.registry.values import STORED
from hsr_privacy.rules import Rules

RECORDS: Final = {
    "form": pl.String(),
    "file": pl.Int32(),
    "row": pl.Int64(),
    "trust": pl.String(),
    "days": pl.Int64(),
}
"""One line per delivered row: where it stands, who delivered it, and how many days after its event."""


@dataclass(frozen=True)
class CheckedFile:
    """One file of a check.

    Attributes:
        path: below the folder of deliveries.
        form: by its name; None where no layout knows it.
        layout: name of its layout.
        encoding: in which it is written; None for Parquet, and where it could not be read.
        rows: that could be read, without the heading.
        delivered: on which day.
        is_dated: whether its name tells that day; else it is the day of the check.
    """

    path: str
    form: Source | None
    layout: str | None
    encoding: str | None
    rows: int
    delivered: dt.date
    is_dated: bool


@dataclass(frozen=True)
class Quality:
    """What was found in a folder of deliveries. Nothing of it holds a cell of theirs.

    Attributes:
        today: the day of the check.
        files: in the order of their names.
        records: see `RECORDS`.
        findings: see `hsr_privacy.quality.findings.SCHEMA`, and ``trust``.
        filled: see `hsr_privacy.quality.filling.SCHEMA`.
        notes: what rules tell that is no fault.
    """

    today: dt.date
    files: tuple[CheckedFile, ...]
    records: pl.DataFrame
    findings: pl.DataFrame
    filled: pl.DataFrame
    notes: tuple[Notes, ...]


def check_deliveries(
    source: Path,
    *,
    codebook: Codebook,
    settings: DeliverySettings,
    rules: Rules,
    today: dt.date,
) -> Quality:
    """Find what is wrong in a folder of deliveries.

    What the reading of a release refuses is a finding here, and the rest of the file is looked at
    all the same. Nothing is linked beyond these files, and no key ring is needed.

    Args:
        source: folder of deliveries, in any layout.
        codebook: the register's variables.
        settings: layouts of files, and limits of linkage.
        rules: of the register.
        today: the day of the check.

    Raises:
        DeliveryError: no folder, or no file in it that belongs to a known layout.
    """
    read = _Reading(source, codebook, settings, today)
    tables, places = read.tables(), read.places()
    delivered = [Delivered(file.delivered, file.is_dated) for file in read.files]
    found: dict[Source, list[Found]] = {form: [] for form in FORMS}
    names = names_of(*tables.values())
    for form, table in tables.items():
        days = places[form].select(
            pl.col("file").replace_strict(
                {n: one.day for n, one in enumerate(delivered)}, return_dtype=pl.Date
            )
        )["file"]
        found[form] += check_identifiers(table, today=today)
        found[form] += check_numbers(table, form)
        found[form] += check_times(table, days)
        found[form] += check_doses(table)
        found[form] += check_copies(table, form)
        found[form] += check_comments(table, free_text(codebook, table), names)
    broken, notes = check_rules(tables, rules=rules, codebook=codebook)
    for parts in (
        broken,
        check_against_register(tables),
        check_lateness(tables, places, delivered),
    ):
        _add(found, parts)
    named = {
        form: without_persons(table, doubted(found[form])) if "fnr" in table.columns else table
        for form, table in tables.items()
    }
    _add(found, check_deaths(named, rules=rules, codebook=codebook))
    _add(
        found,
        check_arrests(named, rules=rules, codebook=codebook, settings=settings, already=found),
    )
    findings = [told(form, places[form], parts) for form, parts in found.items()]
    return Quality(
        today,
        tuple(read.files),
        _records(tables, places, delivered),
        _with_trusts(pl.concat([*read.findings, *findings]), places),
        count_filled(tables, places, codebook=codebook),
        notes,
    )


def _add(found: dict[Source, list[Found]], parts: Mapping[Source, list[Found]]) -> None:
    for form, more in parts.items():
        found[form] = [*found[form], *more]


class _Reading:
    """Every file of a folder, read once."""

    def __init__(
        self, source: Path, codebook: Codebook, settings: DeliverySettings, today: dt.date
    ) -> None:
        self._codebook, self._settings, self._today = codebook, settings, today
        self.files: list[CheckedFile] = []
        self.findings: list[pl.DataFrame] = [nothing()]
        self._tables: dict[Source, list[pl.DataFrame]] = {form: [] for form in FORMS}
        self._places: dict[Source, list[pl.DataFrame]] = {form: [] for form in FORMS}
        for path in _files(source):
            self._take(path, path.relative_to(source).as_posix())
        if all(file.form is None for file in self.files):
            names = ", ".join(layout.name for layout in settings.layouts)
            raise DeliveryError(f"{source} holds no file of a known layout ({names})")

    def tables(self) -> dict[Source, pl.DataFrame]:
        """Per form all its rows, typed by the codebook."""
        return {
            form: pl.concat(parts) if parts else self._empty(form)
            for form, parts in self._tables.items()
        }

    def places(self) -> dict[Source, pl.DataFrame]:
        """Per form the file, row and trust of each row."""
        schema = {"file": pl.Int32(), "row": pl.Int64(), "trust": pl.String()}
        return {
            form: pl.concat([pl.DataFrame(schema=schema), *parts])
            for form, parts in self._places.items()
        }

    def _take(self, path: Path, name: str) -> None:
        number = len(self.files)
        delivered = delivered_on(path.name, today=self._today)
        known = self._settings.layout_of(path.name)
        if known is None:
            self.files.append(
                CheckedFile(name, None, None, None, 0, delivered.day, delivered.is_told)
            )
            self.findings.append(of_file(UNKNOWN_NAME, None, number))
            return
        layout, form = known
        sheet = read_sheet(path, layout, form, file=number, codebook=self._codebook)
        cells = read_cells(
            sheet.columns,
            self._codebook.delivered_by(form),
            height=len(sheet.rows),
            codebook=self._codebook,
            layout=layout,
        )
        places = pl.DataFrame({
            "file": pl.Series([number] * len(sheet.rows), dtype=pl.Int32),
            "row": sheet.rows,
            "trust": reported_by(cells.table, form),
        })  # fmt: skip
        self.files.append(
            CheckedFile(
                name, form, layout.name, sheet.encoding, len(sheet.rows), delivered.day,
                delivered.is_told,
            )
        )  # fmt: skip
        self._tables[form].append(cells.table)
        self._places[form].append(places)
        self.findings += [sheet.findings, told(form, places, cells.findings)]

    def _empty(self, form: Source) -> pl.DataFrame:
        variables = self._codebook.delivered_by(form)
        return pl.DataFrame(schema={one.name: STORED[one.type] for one in variables})


def _files(source: Path) -> Iterator[Path]:
    if not source.is_dir():
        raise DeliveryError(f"{source}: no such folder of deliveries")
    yield from sorted(p for p in source.rglob("*") if p.is_file() and not p.name.startswith("."))


def _records(
    tables: dict[Source, pl.DataFrame],
    places: dict[Source, pl.DataFrame],
    delivered: list[Delivered],
) -> pl.DataFrame:
    parts = [pl.DataFrame(schema=RECORDS)]
    day_of = {number: one.day for number, one in enumerate(delivered)}
    for form, table in tables.items():
        day = pl.col("file").replace_strict(day_of, return_dtype=pl.Date)
        parts.append(
            places[form].select(
                pl.lit(str(form)).alias("form"),
                "file",
                "row",
                "trust",
                (day - event_days(table, form)).dt.total_days().alias("days"),
            )
        )
    return pl.concat(parts)


def _with_trusts(findings: pl.DataFrame, places: dict[Source, pl.DataFrame]) -> pl.DataFrame:
    """The trust of each row; of a whole file, that of all its rows if it has but one."""
    rows = pl.concat(list(places.values()))
    whole = (
        rows.group_by("file")
        .agg(pl.col("trust").drop_nulls().unique())
        .filter(pl.col("trust").list.len() == 1)
        .select("file", pl.col("trust").list.first().alias("whole"))
    )
    return (
        findings.join(rows, on=["file", "row"], how="left", maintain_order="left")
        .join(whole, on="file", how="left", maintain_order="left")
        .with_columns(
            pl.when(pl.col("row").is_null()).then("whole").otherwise("trust").alias("trust")
        )
        .drop("whole")
        .sort("file", "row", "kind", "rule", nulls_last=False, maintain_order=True)
    )
