"""What comparing a release with earlier ones found: counts and names of releases, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from hsr_privacy.composition.intersections import Intersection
from hsr_privacy.composition.sketch import About
from hsr_privacy.documents import Label

Kind: TypeAlias = Literal[
    "cohorts", "union", "candidates", "values", "subtraction", "combination", "not compared"
]


@dataclass(frozen=True)
class Finding:
    """One thing that was compared.

    Attributes:
        kind: what.
        earlier: releases that it is about.
        colluding: whether it takes somebody who holds another recipient's release too.
        numbers: counts by name.
        broken: whether fewer than k persons, or a single value, would be shown.
        text: for the page, in both languages.
    """

    kind: Kind
    earlier: tuple[About, ...]
    colluding: bool
    numbers: Mapping[str, int]
    broken: bool
    text: Label

    def to_json(self) -> dict[str, Any]:
        """Plain numbers, lists and names."""
        return {
            "kind": self.kind,
            "earlier": [
                {
                    "case_number": one.case_number,
                    "day": one.day.isoformat(),
                    "manifest_sha256": one.manifest_sha256 or None,
                }
                for one in self.earlier
            ],
            "colluding": self.colluding,
            "numbers": dict(self.numbers),
            "broken": self.broken,
            "text": self.text.model_dump(),
        }


@dataclass(frozen=True)
class Composed:
    """A release beside those that left before.

    Attributes:
        k: fewer persons than this are too few.
        persons: in the new release.
        compared: how many earlier releases it was compared with.
        not_compared: how many could not be: they know their persons by other tags.
        same_recipient: what the recipient can conclude from all releases that it holds.
        colluding: what all recipients could who lay their releases together.
        findings: one by one.
    """

    k: int
    persons: int
    compared: int
    not_compared: int
    same_recipient: Intersection
    colluding: Intersection
    findings: tuple[Finding, ...] = field(default_factory=tuple)

    @property
    def broken(self) -> bool:
        """Whether some finding is, for whoever holds whatever."""
        return any(one.broken for one in self.findings)

    @property
    def broken_for_recipient(self) -> bool:
        """Whether a finding is that the recipient needs nobody else for."""
        return any(one.broken and not one.colluding for one in self.findings)

    def to_json(self) -> dict[str, Any]:
        """Plain numbers, lists and names; None where there is nothing."""
        return {
            "k": self.k,
            "persons": self.persons,
            "compared": self.compared,
            "not_compared": self.not_compared,
            "broken": self.broken,
            "broken_for_recipient": self.broken_for_recipient,
            "same_recipient": self.same_recipient.to_json(),
            "colluding": self.colluding.to_json(),
            "findings": [one.to_json() for one in self.findings],
        }
