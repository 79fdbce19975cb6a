"""Writing: a folder with a page and tables for each trust, and a page for the register itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from hsr_privacy.codebook import Codebook
from hsr_privacy.folders import whole_folder
from hsr_privacy.quality.check import Quality
from hsr_privacy.quality.kinds import KINDS
from hsr_privacy.quality.page import register_page, trust_page
from hsr_privacy.quality.report import BINS, Report
from hsr_privacy.quality.reporters import Trust
from hsr_privacy.quality.reporting import report_of, reporting_trusts
from hsr_privacy.rules import Rules

PAGE: Final = "report.html"
COUNTS: Final = "counts.csv"
ROWS: Final = "rows.csv"
JSON: Final = "report.json"
INDEX: Final = "index.html"

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def write_reports(
    quality: Quality,
    out: Path,
    *,
    codebook: Codebook,
    rules: Rules,
    trust: Trust | None = None,
) -> tuple[Report, ...]:
    """Write the reports into a new folder, whole or not at all.

    Each trust has a folder of its own, named by its organization number, which holds nothing of
    anybody else's rows and can be sent as it is. The register's own page and tables lie beside them.

    Args:
        quality: what was found.
        out: folder to make.
        codebook: names the variables.
        rules: of the register, in words.
        trust: only this one's folder is written; all, and the register's page, if left out.

    Returns:
        The reports of the trusts that were written.

    Raises:
        OutputExists: the path is taken. OutputFailed: the disk or the system refuses the write.
    """
    chosen = reporting_trusts(quality) if trust is None else (trust,)
    reports = tuple(report_of(quality, one) for one in chosen)
    with whole_folder(out) as folder:
        for one, report in zip(chosen, reports, strict=True):
            below = folder / one.number
            below.mkdir()
            page = trust_page(report, codebook=codebook, rules=rules)
            _write(below / PAGE, page)
            _write_tables(below, quality, report, rules)
        if trust is None:
            whole = report_of(quality, None)
            page = register_page(
                whole,
                reports,
                quality.notes,
                links={one.number: f"{one.number}/{PAGE}" for one in chosen},
                codebook=codebook,
                rules=rules,
            )
            _write(folder / INDEX, page)
            _write_tables(folder, quality, whole, rules)
    return reports


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _write_tables(folder: Path, quality: Quality, report: Report, rules: Rules) -> None:
    _write(folder / JSON, json.dumps(report.as_json(), ensure_ascii=False, indent=1) + "\n")
    counts = pl.DataFrame(list(_counts(report, rules)), schema=_COUNTED, orient="row")
    counts.write_csv(folder / COUNTS, separator=";", include_bom=True)
    _told_rows(quality, report, rules).write_csv(folder / ROWS, separator=";", include_bom=True)


_COUNTED: Final = {
    "section": pl.String(),
    "form": pl.String(),
    "what": pl.String(),
    "text_nb": pl.String(),
    "text_en": pl.String(),
    "severity": pl.String(),
    "rows": pl.Int64(),
    "of_rows": pl.Int64(),
    "share_of_register": pl.Float64(),
}


def _counts(report: Report, rules: Rules) -> Iterator[tuple[object, ...]]:
    """All figures of a report, one to a line."""
    delivered = {one.form: one.rows for one in report.filled}
    for problem in report.problems:
        label = rules[problem.rule].text if problem.rule else problem.of.label
        section = f"{problem.kind} {problem.rule}" if problem.rule else problem.kind
        yield (
            "findings", problem.form, section, label.nb, label.en, problem.severity, problem.rows,
            delivered.get(problem.form), _rounded(problem.everywhere),
        )  # fmt: skip
    for one in report.filled:
        for what, rows in (
            ("answered", one.filled), ("unknown", one.unknown),
            ("not applicable", one.not_applicable), ("empty", one.empty),
        ):  # fmt: skip
            everywhere = one.everywhere if what == "answered" else None
            yield (
                "completeness", one.form, f"{one.variable}: {what}", "", "", "", rows, one.rows,
                _rounded(everywhere),
            )  # fmt: skip
    for time in report.times:
        for (_, name), rows, place in zip(BINS, time.counts, range(len(time.counts)), strict=True):
            everywhere = time.everywhere[place] if time.everywhere else None
            yield (
                "timeliness", time.form, f"days {name}", "", "", "", rows, time.rows,
                _rounded(everywhere),
            )  # fmt: skip


def _rounded(share: float | None) -> float | None:
    """A share of the register to a thousandth: no count can be told from it."""
    return None if share is None else round(share, 3)


def _told_rows(quality: Quality, report: Report, rules: Rules) -> pl.DataFrame:
    """Every finding with its file and row, so that it can be found and mended."""
    own = pl.lit(value=True)
    if report.trust is not None:
        own = pl.col("trust") == report.trust.number
    paths = {number: _harmless(file.path) for number, file in enumerate(quality.files)}
    labels = {name: kind.label for name, kind in KINDS.items()}
    texts = {rule.id: rule.text for rule in rules}
    columns = ["file", "row", "form", "columns", "kind", "rule", "severity"]
    told = quality.findings.filter(own).select(
        pl.col("file").replace_strict(paths, return_dtype=pl.String),
        "row",
        "form",
        pl.col("columns").list.join(" "),
        "kind",
        "rule",
        "severity",
    )
    said = [
        (texts[rule] if rule else labels[kind])
        for kind, rule in told.select("kind", "rule").iter_rows()
    ]
    return told.select(
        *columns,
        pl.Series("text_nb", [one.nb for one in said], dtype=pl.String),
        pl.Series("text_en", [one.en for one in said], dtype=pl.String),
    )


def _harmless(path: str) -> str:
    """A path that no spreadsheet takes for a formula."""
    return f"'{path}" if path.startswith(_FORMULA) else path
