"""Validate: from a table and a suite to findings, one per expectation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import narwhals as nw
import pandas as pd
import polars as pl

from hsr_privacy.extract import Extract
from hsr_privacy.frames import Frame, as_frame, columns_of, engine_of, to_pandas
from hsr_privacy.rules.joining import with_register
from hsr_privacy.validation.asking import (
    MISSING_COLUMN,
    QUESTIONS,
    RULE,
    WRONG_TYPE,
    columns_of_question,
)
from hsr_privacy.validation.asking.registered import shipped_rules
from hsr_privacy.validation.fitting import Fitted, fit
from hsr_privacy.validation.gx import ROW_COUNT, Batch, Question, Verdict, judge
from hsr_privacy.validation.report import Finding, ValidationReport
from hsr_privacy.validation.suite import Expectation, Subject, Suite

_MEASURED: Final = "__measured_"
_FEW: Final = 5_000
"""Rows up to which one table with all columns is judged faster than many narrow ones."""


def validate(
    data: Any, suite: Suite, *, register: Any = None, unread: pl.DataFrame | None = None
) -> ValidationReport:
    """Ask every expectation of a suite of a table, by Great Expectations.

    Great Expectations is given the schema, the marks of unreadable cells, and the rows. Of cells it
    answers with counts; values never enter the report. Cells are judged only where their column is
    there and holds what it should, as a code list cannot be asked of a text; otherwise the finding has
    not passed and says why.

    Args:
        data: an extract, or a pandas, Polars or Spark frame.
        suite: what must hold.
        register: the register form, whose dates of death and municipalities stand beside the arrests
            of a delivered form when the register's rules are judged; on the same engine.
        unread: per column that has any, a mark on each row whose cell could not be read; none if left
            out.

    Raises:
        DataError: not a table, or Great Expectations itself gives up.
    """
    table = fit(Extract.of(data).frame, _expected_words(suite))
    reasons = {e.id: _why_not(e, suite, table) for e in suite.expectations}
    askable = [e for e in suite.expectations if not reasons[e.id]]
    verdicts = judge(_batches(table, askable, register, unread))
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
    if expectation.column is None:
        return ""
    if expectation.column not in table.words:
        return MISSING_COLUMN
    fits = table.words[expectation.column] == _expected_words(suite).get(
        expectation.column, table.words[expectation.column]
    )
    return "" if fits or expectation.subject is not Subject.ROWS else WRONG_TYPE


def _batches(
    table: Fitted, askable: Sequence[Expectation], register: Any, unread: pl.DataFrame | None
) -> Iterator[Batch]:
    """The tables to be judged, one after the other, so that few are in memory."""
    by_subject = {s: [e for e in askable if e.subject is s] for s in Subject}
    words = pd.DataFrame({name: [word] for name, word in table.words.items()})
    yield Batch(words, tuple(_question(e) for e in by_subject[Subject.SCHEMA]))
    if by_subject[Subject.READING]:
        yield _marks(table, by_subject[Subject.READING], unread)
    of_rows = by_subject[Subject.ROWS]
    theirs = [e for e in of_rows if e.kind not in QUESTIONS]
    ours = [e for e in of_rows if e.kind in QUESTIONS]
    if engine_of(table.frame) == "spark":
        kept: Any = nw.to_native(table.frame).persist()  # every question is a query of its own
        try:
            frame = as_frame(kept)
            measured = nw.to_native(_measured(frame, theirs))
            yield Batch(measured, tuple(_question(e) for e in theirs))
            for needed, asked in _own_tables(frame, ours, register, narrow=False):
                yield Batch(nw.to_native(needed), asked)
        finally:
            kept.unpersist()
        return
    rows: pl.DataFrame = nw.to_native(_measured(table.frame, theirs)).collect()
    are_few = rows.height <= _FEW
    if are_few:
        yield Batch(to_pandas(rows), tuple(_question(e) for e in theirs))
    else:
        yield from _narrow(rows, tuple(table.words), theirs)
    del rows
    for needed, asked in _own_tables(table.frame, ours, register, narrow=not are_few):
        yield Batch(to_pandas(needed), asked)


def _narrow(
    rows: pl.DataFrame, columns: tuple[str, ...], asked: Sequence[Expectation]
) -> Iterator[Batch]:
    """Column by column.

    Great Expectations copies a pandas table once per question to leave out the missing values, so
    narrow tables are what makes it fast (a million rows of 35 columns: 9 s instead of 26 s).
    """
    of_table = [e for e in asked if e.column is None]
    if of_table:
        counted = all(e.kind == ROW_COUNT for e in of_table)
        table = rows.select(columns[:1] if counted else columns)
        yield Batch(to_pandas(table), tuple(_question(e) for e in of_table))
    for column in columns:
        of_column = tuple(_question(e) for e in asked if e.column == column)
        if of_column:
            names = (name for name in (column, _MEASURED + column) if name in rows.columns)
            yield Batch(to_pandas(rows.select(names)), of_column)


def _measured(frame: Frame, asked: Sequence[Expectation]) -> Frame:
    """Add the columns in which codes for missing are missing."""
    made = [
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
    return frame.with_columns(*made) if made else frame


def _own_tables(
    frame: Frame, asked: Sequence[Expectation], register: Any, *, narrow: bool
) -> Iterator[tuple[Frame, tuple[Question, ...]]]:
    """The columns that our own questions read, those that read the same ones together.

    All columns go along where one is missing, so that the question itself says so, and where nothing
    is won by leaving some out. The register stands beside the arrests for the register's rules alone.
    """
    there = columns_of(frame)
    groups: dict[tuple[str, ...], list[Question]] = {}
    for expectation in asked:
        question = _question(expectation)
        if expectation.kind == RULE:
            rules = {name for rule in shipped_rules() for name in rule.columns}
            needed = tuple(name for name in there if name in rules or name in _PERSONS)
        else:
            found = columns_of_question(expectation.kind, question.kwargs)
            whole = not narrow or found is None or not set(found) <= set(there)
            needed = there if whole or found is None else found
        groups.setdefault(needed or there, []).append(question)
    for needed, questions in groups.items():
        part = frame.select(*needed) if needed else frame
        if register is not None and any(one.kind == RULE for one in questions):
            part = with_register(part, register)
        yield part, tuple(questions)


def _marks(table: Fitted, asked: Sequence[Expectation], unread: pl.DataFrame | None) -> Batch:
    """A mark for every cell that could not be read."""
    rows = 0
    if unread is not None:
        rows = unread.height
    nothing = pl.Series([None] * rows, dtype=pl.String)
    marks = {
        str(e.column): unread[str(e.column)]
        if unread is not None and e.column in unread.columns
        else nothing
        for e in asked
        if e.column in table.words
    }
    return Batch(to_pandas(pl.DataFrame(marks)), tuple(_question(e) for e in asked))


def _question(expectation: Expectation) -> Question:
    kwargs = dict(expectation.kwargs)
    if expectation.column is not None:
        prefix = _MEASURED if expectation.missing_codes else ""
        kwargs["column"] = prefix + expectation.column
    return Question(expectation.id, expectation.kind, kwargs)


def _finding(expectation: Expectation, verdict: Verdict | None, reason: str) -> Finding:
    return Finding(
        id=expectation.id,
        column=expectation.column,
        severity=expectation.severity,
        passed=verdict is not None and verdict.passed,
        checked=verdict.checked if verdict is not None else None,
        missing=verdict.missing if verdict is not None else None,
        unexpected=verdict.unexpected if verdict is not None else None,
        reason=verdict.reason if verdict is not None else reason,
        text_nb=expectation.text.nb,
        text_en=expectation.text.en,
    )


_PERSONS: Final = ("person_key", "event_key", "event_day", "fnr", "person_lnr")
