"""Counts: what became of a rule, in numbers and names, and never a cell."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hsr_privacy.rules.model import Severity


class Unjudged(StrEnum):
    """Why a rule was not judged."""

    ABSENT = "a column is missing"
    OTHER = "a column does not hold what the codebook says"
    FORM = "the rule is not one of this form"
    GATE = "the gates of a release judge it"


@dataclass(frozen=True)
class RuleCount:
    """One rule and what became of it.

    Attributes:
        id: of the rule.
        severity: of a violation in this form.
        concerned: rows of which the rule says something; None where it was not judged.
        violating: rows in which it does not hold; of R31, the fewest that must be wrong.
        reason: why it was not judged, or None.
        lacking: columns without which it was not judged, or only in part.
    """

    id: str
    severity: Severity
    concerned: int | None
    violating: int | None
    reason: Unjudged | None = None
    lacking: tuple[str, ...] = ()

    @property
    def judged(self) -> bool:
        """Whether the rule was asked of the rows."""
        return self.reason is None

    def to_json(self) -> dict[str, Any]:
        """The count as names and numbers."""
        return {
            "id": self.id,
            "severity": str(self.severity),
            "concerned": self.concerned,
            "violating": self.violating,
            "reason": str(self.reason) if self.reason else "",
            "lacking": list(self.lacking),
        }
