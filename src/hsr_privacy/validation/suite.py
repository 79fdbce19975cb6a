"""Suites: expectations as plain data, in the form in which Great Expectations writes its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, TypeAlias

from hsr_privacy.documents import Label

Severity: TypeAlias = Literal["error", "warning"]


class Subject(StrEnum):
    """Which table an expectation is asked of."""

    SCHEMA = "schema"
    """One row that holds, under each column's name, a word for what the column holds."""
    ROWS = "rows"
    """The table itself."""
    CLASSES = "classes"
    """One row per equivalence class with the numbers that we counted: ``persons`` in it, and
    ``distinct <column>`` values of a sensitive column. Great Expectations judges the numbers; it
    did not count them."""


@dataclass(frozen=True)
class Expectation:
    """One thing that must hold.

    Attributes:
        id: ``<column>.<what>``, unique in its suite.
        subject: which table is asked.
        kind: the name that Great Expectations has for it, ``expect_column_values_to_be_unique``.
        column: which column of the subject; None where the whole table is meant.
        severity: an error refuses a release; a warning is told.
        text: what must hold, for people.
        kwargs: what Great Expectations needs beside the column.
        missing_codes: codes that count as missing here, such as 999 beside a range.
    """

    id: str
    subject: Subject
    kind: str
    column: str | None
    severity: Severity
    text: Label
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    missing_codes: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As Great Expectations writes an expectation, with our own words under ``meta``."""
        column = {"column": self.column} if self.column is not None else {}
        ours: dict[str, Any] = {
            "id": self.id,
            "subject": str(self.subject),
            "severity": self.severity,
            "nb": self.text.nb,
            "en": self.text.en,
        }
        if self.missing_codes:
            ours["missing_codes"] = list(self.missing_codes)
        return {"type": self.kind, "kwargs": {**column, **self.kwargs}, "meta": {"hsr": ours}}


@dataclass(frozen=True)
class Suite:
    """What must hold of one table.

    Attributes:
        name: what it is a suite of.
        expectations: in the order in which a reader wants them.
        quasi_identifiers: whose classes are counted for expectations on classes.
        person: column that tells persons apart when classes are counted.
        sensitive: columns whose distinct values are counted per class.
    """

    name: str
    expectations: tuple[Expectation, ...]
    quasi_identifiers: tuple[str, ...] = ()
    person: str | None = None
    sensitive: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As Great Expectations writes a suite."""
        meta = {
            "quasi_identifiers": list(self.quasi_identifiers),
            "person": self.person,
            "sensitive": list(self.sensitive),
        }
        expectations = [expectation.to_json() for expectation in self.expectations]
        return {"name": self.name, "expectations": expectations, "meta": {"hsr": meta}}
