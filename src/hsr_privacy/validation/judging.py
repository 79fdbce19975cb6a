"""Validate: from a table and a suite to findings, one per expectation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import narwhals as nw
import pandas as pd
import polars as pl

from hsr_privacy.extract import Extract
from hsr_privacy.frames import PERSONS, Frame, class_counts, engine_of, to_pandas
from hsr_privacy.validation.fitting import Fitted, fit
from hsr_privacy.validation.generating import DISTINCT
from hsr_privacy.validation.gx import Batch, Question, Verdict, judge
from hsr_privacy.validation.report import Finding, ValidationReport
from hsr_privacy.validation.suite import Expectation, Subject, Suite

MISSING_COLUMN: Final = "a column is missing"
WRONG_TYPE: Final = "the column does not hold what it should"

_MEASURED: Final = "__measured_"


def validate(data: Any, suite: Suite) -> ValidationReport:
    """Ask every expectation of a suite of a table, by Great Expectations.

    Great Expectations is given three tables: the schema, the rows, and the classes with the
    numbers that we counted. Of cells it answers with counts; values never enter the report. Cells
    are judged only where their column is there and holds what it should, as a code list cannot
    be asked of a text; otherwise the finding has not passed and says why.

    Args:
        data: an extract, or a pandas, Polars or Spark frame.
        suite: what must hold.

    Raises:
        DataError: not a table, or Great Expectations itself gives up.
    """
    table = fit(Extract.of(data).frame, _expected_words(suite))
    reasons = {e.id: _why_not(e, suite, table) for e in suite.expectations}
    askable = [e for e in suite.expectations if not reasons[e.id]]
    verdicts = judge(_batches(table, suite, askable))
    findings = (_finding(e, verdicts.get(e.id), reasons[e.id]) for e in suite.expectations)
    return ValidationReport(suite.name, tuple(findings))


def _expected_words(suite: Suite) -> Mapping[str, str]:
    return {
        e.column: e.kwargs["value_set"][0]
        for e in suite.expectations
        if e.subject is Subject.SCHEMA and e.column is not None
    }


def _why_not(expectation: Expectation, suite: Suite, table: Fitted) -> str:
    """Why an expectation cannot be asked; empty if it can."""
    if expectation.subject is Subject.CLASSES:
        needed = {*suite.quasi_identifiers, *([suite.person] if suite.person else [])}
        if expectation.column != PERSONS:
            needed.add(str(expectation.column).removeprefix(DISTINCT))
        return "" if needed <= set(table.words) else MISSING_COLUMN
    if expectation.column is None:
        return ""
    if expectation.column not in table.words:
        return MISSING_COLUMN
    fits = table.words[expectation.column] == _expected_words(suite).get(
        expectation.column, table.words[expectation.column]
    )
    return "" if fits or expectation.subject is Subject.SCHEMA else WRONG_TYPE


def _batches(table: Fitted, suite: Suite, askable: list[Expectation]) -> Iterator[Batch]:
    """The tables to be judged, one after the other, so that few are in memory."""
    by_subject = {s: [e for e in askable if e.subject is s] for s in Subject}
    words = pd.DataFrame({name: [word] for name, word in table.words.items()})
    yield Batch(words, tuple(_question(e) for e in by_subject[Subject.SCHEMA]))
    yield from _row_batches(table.frame, by_subject[Subject.ROWS], tuple(table.words))
    of_classes = by_subject[Subject.CLASSES]
    if of_classes:
        sensitive = [c for c in suite.sensitive if DISTINCT + c in {e.column for e in of_classes}]
        counted = _class_table(table.frame, suite, sensitive)
        yield Batch(counted, tuple(_question(e) for e in of_classes))


def _row_batches(
    frame: Frame, asked: list[Expectation], columns: tuple[str, ...]
) -> Iterator[Batch]:
    """On Spark the whole table; in this process column by column.

    Great Expectations copies a pandas table once per question to leave out the missing values, so
    narrow tables are what makes it fast (a million rows of 35 columns: 9 s instead of 26 s).
    """
    measured = [
        nw.when(
            ~nw.any_horizontal(
                *(nw.col(e.column) == code for code in e.missing_codes), ignore_nulls=True
            )
        )
        .then(nw.col(e.column))
        .alias(_MEASURED + e.column)
        for e in {e.column: e for e in asked if e.missing_codes}.values()
        if e.column is not None
    ]
    frame = frame.with_columns(*measured) if measured else frame
    if engine_of(frame) == "spark":
        kept: Any = nw.to_native(frame).persist()  # every question is a query of its own
        try:
            yield Batch(kept, tuple(_question(e) for e in asked))
        finally:
            kept.unpersist()
        return
    rows: pl.DataFrame = nw.to_native(frame).collect()
    first = columns[:1]
    for place in (None, *columns):
        of_column = tuple(_question(e) for e in asked if e.column == place)
        names = [place, _MEASURED + place] if place is not None else first
        if of_column:
            table = rows.select(name for name in names if name in rows.columns)
            yield Batch(to_pandas(table), of_column)


def _class_table(frame: Frame, suite: Suite, sensitive: list[str]) -> pd.DataFrame:
    """One row per class: its persons, and its distinct values of every sensitive column."""
    keys = list(dict.fromkeys(suite.quasi_identifiers))
    classes = class_counts(frame, keys, person=suite.person)
    counts = {PERSONS: classes[PERSONS]}
    for column in sensitive:
        if column in keys:
            counts[DISTINCT + column] = pl.repeat(1, classes.height, eager=True)
            continue
        pairs = class_counts(frame, keys, sensitive=column)
        if keys:
            by_class = pairs.group_by(keys, maintain_order=True).agg(pl.len().alias(PERSONS))
            counts[DISTINCT + column] = by_class[PERSONS]
        else:
            counts[DISTINCT + column] = pl.Series([pairs.height] * classes.height)
    return pd.DataFrame({name: series.cast(pl.Int64).to_numpy() for name, series in counts.items()})


def _question(expectation: Expectation) -> Question:
    kwargs = dict(expectation.kwargs)
    if expectation.column is not None:
        prefix = _MEASURED if expectation.missing_codes else ""
        kwargs["column"] = prefix + expectation.column
    return Question(expectation.id, expectation.kind, kwargs)


def _finding(expectation: Expectation, verdict: Verdict | None, reason: str) -> Finding:
    of_classes = expectation.subject is Subject.CLASSES
    return Finding(
        id=expectation.id,
        column=None if of_classes else expectation.column,
        severity=expectation.severity,
        passed=verdict is not None and verdict.passed,
        checked=verdict.checked if verdict is not None else None,
        missing=verdict.missing if verdict is not None else None,
        unexpected=verdict.unexpected if verdict is not None else None,
        reason=verdict.reason if verdict is not None else reason,
        text_nb=expectation.text.nb,
        text_en=expectation.text.en,
    )
