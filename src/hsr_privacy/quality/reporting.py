"""Reporting: from findings to what each trust is told, beside the register as a whole in shares only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from hsr_privacy.documents import nearest
from hsr_privacy.errors import DataError
from hsr_privacy.quality.check import Quality
from hsr_privacy.quality.report import (
    BINS,
    DeliveredFile,
    Filled,
    Place,
    Problem,
    Report,
    Timeliness,
)
from hsr_privacy.quality.reporters import Trust, trusts
from hsr_privacy.rules import Severity

SHOWN: Final = 8
"""So many rows of a file are named on the page; all of them stand in the table beside it."""

FEWEST_TRUSTS: Final = 3
"""A form that fewer trusts delivered is compared with nobody: the difference would be the other's."""

_ERRORS = (str(Severity.ERROR),)


def reporting_trusts(quality: Quality) -> tuple[Trust, ...]:
    """The trusts that delivered a row, by organization number."""
    numbers = quality.records["trust"].drop_nulls().unique().sort()
    return tuple(trusts()[number] for number in numbers)


def trust_of(quality: Quality, number: str) -> Trust:
    """The trust of an organization number.

    Raises:
        DataError: it delivered nothing, or there is none.
    """
    known = {trust.number: trust for trust in reporting_trusts(quality)}
    if number in known:
        return known[number]
    if number in trusts():
        raise DataError(f"{trusts()[number].name} ({number}) has delivered no row here")
    raise DataError(
        f"there is no health trust '{number}' in configs/hierarchies/trust.csv"
        f"{nearest(number, list(known))}; give its organization number, nine digits"
    )


def report_of(quality: Quality, trust: Trust | None) -> Report:
    """Say what concerns one trust; or everything, for the register.

    Args:
        quality: what was found.
        trust: None for the register.
    """
    own = pl.lit(value=True) if trust is None else pl.col("trust") == trust.number
    records, found = quality.records.filter(own), quality.findings.filter(own)
    wrong = _rows(found.filter(pl.col("severity").is_in(_ERRORS)))
    touched = _rows(found)
    return Report(
        trust=trust,
        today=quality.today,
        files=tuple(_files(quality, records, everything=trust is None)),
        rows=records.height,
        wrong=wrong,
        doubtful=touched - wrong,
        problems=tuple(_problems(quality, records, found, compared=trust is not None)),
        filled=tuple(_filled(quality, trust)),
        times=tuple(_times(quality, records, compared=trust is not None)),
    )


def _rows(found: pl.DataFrame) -> int:
    return (
        found.filter(pl.col("row").is_not_null()).select("file", "row").n_unique()
        if len(found)
        else 0
    )


def _comparable(quality: Quality) -> set[str]:
    """Forms of which a share tells of nobody in particular."""
    told = quality.records.group_by("form").agg(pl.col("trust").drop_nulls().n_unique())
    return {form for form, number in told.iter_rows() if number >= FEWEST_TRUSTS}


def _files(quality: Quality, records: pl.DataFrame, *, everything: bool) -> Iterator[DeliveredFile]:
    counts = dict(records.group_by("file").len().iter_rows())
    for number, file in enumerate(quality.files):
        if everything or counts.get(number):
            form = "" if file.form is None else str(file.form)
            yield DeliveredFile(
                file.path, form, counts.get(number, 0), file.delivered, file.is_dated
            )


def _problems(
    quality: Quality, records: pl.DataFrame, found: pl.DataFrame, *, compared: bool
) -> Iterator[Problem]:
    sort = ["form", "kind", "rule", "severity"]
    delivered = dict(records.group_by("form").len().iter_rows())
    in_all = dict(quality.records.group_by("form").len().iter_rows())
    everywhere = {
        (form, kind, rule): rows / in_all[form]
        for form, kind, rule, rows in quality.findings.filter(pl.col("row").is_not_null())
        .group_by("form", "kind", "rule")
        .agg(pl.struct("file", "row").n_unique())
        .iter_rows()
        if in_all.get(form)
    }
    comparable = _comparable(quality) if compared else set()
    groups = [
        (key, part)
        for key, part in found.partition_by(sort, as_dict=True, maintain_order=True).items()
    ]
    made = [
        Problem(
            form=form or "",
            kind=kind,
            rule=rule,
            severity=severity,
            rows=part.select("file", "row").n_unique(),
            share=_share(part, delivered.get(form, 0)),
            everywhere=everywhere.get((form, kind, rule)) if form in comparable else None,
            columns=_columns(part),
            places=tuple(_places(quality, part)),
        )
        for (form, kind, rule, severity), part in groups
    ]
    yield from sorted(
        made,
        key=lambda one: (one.severity != "error", -one.rows, one.form, one.kind, one.rule or ""),
    )


def _share(part: pl.DataFrame, delivered: int) -> float | None:
    rows = part.filter(pl.col("row").is_not_null()).select("file", "row").n_unique()
    return rows / delivered if rows and delivered else None


def _columns(part: pl.DataFrame) -> tuple[str, ...]:
    counted = (
        part.explode("columns")
        .filter(pl.col("columns").is_not_null())
        .group_by("columns")
        .len()
        .sort("len", "columns", descending=[True, False])
    )
    return tuple(counted["columns"])


def _places(quality: Quality, part: pl.DataFrame) -> Iterator[Place]:
    for (number,), some in part.partition_by(["file"], as_dict=True, maintain_order=True).items():
        rows = some["row"].drop_nulls().unique().sort()
        yield Place(quality.files[number].path, tuple(rows.head(SHOWN)), len(rows))


def _filled(quality: Quality, trust: Trust | None) -> Iterator[Filled]:
    numbers = ("rows", "filled", "unknown", "not_applicable")
    own = pl.lit(value=True) if trust is None else pl.col("trust") == trust.number
    key = ["form", "variable"]
    counted = (
        quality.filled.filter(own).group_by(key, maintain_order=True).agg(pl.col(numbers).sum())
    )
    total = quality.filled.group_by(key, maintain_order=True).agg(pl.col(numbers).sum())
    everywhere = {
        (form, name): filled / rows
        for form, name, rows, filled in total.select(*key, "rows", "filled").iter_rows()
    }
    comparable = _comparable(quality) if trust is not None else set()
    for form, name, rows, filled, unknown, other in counted.select(*key, *numbers).iter_rows():
        told = everywhere[form, name] if form in comparable else None
        yield Filled(form, name, rows, filled, unknown, other, told)


def _times(quality: Quality, records: pl.DataFrame, *, compared: bool) -> Iterator[Timeliness]:
    comparable = _comparable(quality) if compared else set()
    for form in records["form"].unique(maintain_order=True):
        own, own_median = _binned(records, form)
        if not sum(own):
            continue
        whole, whole_median = _binned(quality.records, form)
        shares = tuple(one / sum(whole) for one in whole) if form in comparable else ()
        yield Timeliness(
            form, sum(own), own_median, own, shares, whole_median if form in comparable else None
        )


def _binned(records: pl.DataFrame, form: str) -> tuple[tuple[int, ...], int | None]:
    """Rows per bin, and the median; days before the event, which are faults, are left out."""
    days = records.filter((pl.col("form") == form) & (pl.col("days") >= 0))["days"]
    median = days.median()
    counts, low = [], -1
    for high, _ in BINS:
        inside = (days > low) if high is None else (days > low) & (days <= high)
        counts.append(int(inside.sum()))
        low = high or low
    return tuple(counts), round(float(median)) if isinstance(median, (int, float)) else None
