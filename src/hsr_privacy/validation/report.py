"""The validation report: what held and what did not, in numbers, and never a cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hsr_privacy.validation.suite import Severity


@dataclass(frozen=True)
class Finding:
    """One expectation and what became of it.

    Attributes:
        id: ``<column>.<what>``.
        column: which column; None where the table or its classes are meant.
        severity: an error refuses a release; a warning or an information is told.
        passed: whether it held.
        checked: how many rows, columns or classes were looked at; None where none were.
        missing: how many of them had no value.
        unexpected: how many did not hold; None where that has no number.
        reason: why it was not judged, or the type of what went wrong; empty where it was judged.
        text_nb: what must hold, in bokmål.
        text_en: what must hold, in English.
    """

    id: str
    column: str | None
    severity: Severity
    passed: bool
    checked: int | None
    missing: int | None
    unexpected: int | None
    reason: str
    text_nb: str
    text_en: str

    @property
    def refuses(self) -> bool:
        """Whether this stands against a release."""
        return self.severity == "error" and not self.passed

    def to_json(self) -> dict[str, Any]:
        """The finding as names, numbers and texts."""
        return {
            "id": self.id,
            "column": self.column,
            "severity": self.severity,
            "passed": self.passed,
            "checked": self.checked,
            "missing": self.missing,
            "unexpected": self.unexpected,
            "reason": self.reason,
            "text": {"nb": self.text_nb, "en": self.text_en},
        }


@dataclass(frozen=True)
class ValidationReport:
    """Every expectation of a suite and what became of it.

    Attributes:
        suite: name of the suite.
        findings: in the order of the suite.
    """

    suite: str
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing stands against a release; warnings do not."""
        return not any(finding.refuses for finding in self.findings)

    def to_json(self) -> dict[str, Any]:
        """The report as names, numbers and texts."""
        failed = [finding for finding in self.findings if not finding.passed]
        return {
            "suite": self.suite,
            "passed": self.passed,
            "expectations": len(self.findings),
            "errors": sum(finding.severity == "error" for finding in failed),
            "warnings": sum(finding.severity == "warning" for finding in failed),
            "informations": sum(finding.severity == "information" for finding in failed),
            "findings": [finding.to_json() for finding in self.findings],
        }
