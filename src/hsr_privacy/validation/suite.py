"""Suites: expectations as plain data, in the form in which Great Expectations writes its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Literal, TypeAlias

from hsr_privacy.documents import Label
from hsr_privacy.errors import ConfigError

Severity: TypeAlias = Literal["error", "warning", "information"]

_SEVERITIES: Final[dict[Severity, str]] = {
    "error": "critical",
    "warning": "warning",
    "information": "info",
}
"""Our words, and those of Great Expectations."""


class Subject(StrEnum):
    """Which table an expectation is asked of."""

    SCHEMA = "schema"
    """One row that holds, under each column's name, a word for what the column holds."""
    ROWS = "rows"
    """The table itself."""
    READING = "reading"
    """One row per row of the table; under each column's name a mark where the cell that was delivered
    could not be read as what the codebook says, and else nothing."""


@dataclass(frozen=True)
class Expectation:
    """One thing that must hold.

    Attributes:
        id: ``<column>.<what>``, unique in its suite.
        subject: which table is asked.
        kind: the name that Great Expectations has for it, ``expect_column_values_to_be_unique``.
        column: which column of the subject; None where the whole table or several are meant.
        severity: an error refuses a release; a warning or an information is told.
        text: what must hold, for people.
        kwargs: what Great Expectations needs beside the column.
        missing_codes: codes that count as missing here, such as 999 beside a range.
        source: the clinical definition or the law that it follows from.
    """

    id: str
    subject: Subject
    kind: str
    column: str | None
    severity: Severity
    text: Label
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    missing_codes: tuple[int, ...] = ()
    source: Label | None = None

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
        if self.source is not None:
            ours["source"] = {"nb": self.source.nb, "en": self.source.en}
        return {
            "type": self.kind,
            "kwargs": {**column, **self.kwargs},
            "severity": _SEVERITIES[self.severity],
            "meta": {"hsr": ours},
        }


@dataclass(frozen=True)
class Suite:
    """What must hold of one table.

    Attributes:
        name: what it is a suite of.
        expectations: in the order in which a reader wants them.
    """

    name: str
    expectations: tuple[Expectation, ...]

    def to_json(self) -> dict[str, Any]:
        """As Great Expectations writes a suite."""
        expectations = [expectation.to_json() for expectation in self.expectations]
        return {"name": self.name, "expectations": expectations, "meta": {}}


def suite_of_json(written: Any) -> Suite:
    """A suite from what `Suite.to_json` gives, or from one that Great Expectations wrote.

    What has no word of ours under ``meta`` gets an id from its type and column, and a text that names
    both.

    Raises:
        ConfigError: it is no suite; says which expectation has what wrong.
    """
    if not isinstance(written, Mapping) or not isinstance(written.get("expectations"), list):
        raise ConfigError("it has no list of 'expectations'; a suite of Great Expectations has one")
    found: list[Expectation] = []
    for number, one in enumerate(written["expectations"], 1):
        if not (
            isinstance(one, Mapping)
            and isinstance(one.get("type"), str)
            and isinstance(one.get("kwargs", {}), Mapping)
        ):
            raise ConfigError(f"expectation {number} has no 'type' or no 'kwargs'")
        found.append(_expectation(one, {each.id for each in found}, number))
    return Suite(str(written.get("name", "suite")), tuple(found))


def _expectation(one: Mapping[str, Any], taken: set[str], number: int) -> Expectation:
    meta = one.get("meta")
    ours = meta.get("hsr", {}) if isinstance(meta, Mapping) else {}
    kwargs = dict(one.get("kwargs", {}))
    kind = one["type"]
    subject = Subject(ours.get("subject", Subject.ROWS))
    column = kwargs.pop("column", None)
    plain = f"{column or 'table'}.{kind.removeprefix('expect_')}"
    name = str(ours.get("id", plain))
    severity = ours.get("severity", _SEVERITY_OF.get(one.get("severity", "critical"), "error"))
    if severity not in _SEVERITIES:
        raise ConfigError(f"expectation {number} has no severity that is known")
    told = f"'{column}': {kind}" if column else kind
    source = ours.get("source")
    return Expectation(
        name if name not in taken else f"{name}.{number}",
        subject,
        kind,
        column,
        severity,
        Label(nb=str(ours.get("nb", told)), en=str(ours.get("en", told))),
        kwargs,
        tuple(ours.get("missing_codes", ())),
        Label(nb=source["nb"], en=source["en"]) if source else None,
    )


_SEVERITY_OF: Final = {theirs: ours for ours, theirs in _SEVERITIES.items()}
