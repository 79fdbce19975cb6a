"""Small tables to audit, each worked out by hand."""

from __future__ import annotations

from typing import Any

import polars as pl

from hsr_privacy.auditing import Asked, Audit, Evidence, Limits, audit
from hsr_privacy.auditing.verdict import Answer, Question, Reason

CANARY = "canary-7419"
"""A cell that no result may show."""


def table(**classes: tuple[int, str]) -> pl.DataFrame:
    """Per class its persons, and the values of ``ill`` that they take in turn, a letter each."""
    rows = [
        {"q": name, "r": f"{CANARY}-{name}", "ill": values[place % len(values)]}
        for name, (persons, values) in classes.items()
        for place in range(persons)
    ]
    return pl.DataFrame(rows).with_row_index("event").with_columns(pl.col("event").cast(pl.String))


TABLE = table(a=(5, "ab"), b=(7, "abc"), c=(10, "ab"))
"""Classes of 5, 7 and 10 persons, in each of which ``ill`` takes 2 values or more."""


def evidence(released: pl.DataFrame = TABLE, **more: Any) -> Evidence:
    given: dict[str, Any] = {
        "title": "toy",
        "released": released,
        "quasi_identifiers": ("q", "r"),
        "sensitive": ("ill",),
        "event": "event",
    }
    return Evidence(**(given | more))


def audited(limits: Limits | None = None, asked: Asked | None = None, **more: Any) -> Audit:
    """The audit of a toy table."""
    given = evidence(**({"limits": limits or Limits(k=5)} | more))
    return audit(given, asked or Asked())


def reasons(found: Audit, question: Question, answer: Answer | None) -> list[Reason]:
    """The reasons of one question that lead to an answer; for None, its notes."""
    verdict = found.answers[question]
    return [one for one in (*verdict.reasons, *verdict.notes) if one.answer is answer]


def texts(found: Audit, question: Question, answer: Answer | None) -> str:
    return " ".join(one.text.en for one in reasons(found, question, answer))
