"""The risk report: numbers about classes, and never a cell of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True)
class SizeBin:
    """The equivalence classes whose number of persons lies between two bounds.

    Attributes:
        least: smallest number of persons, included.
        most: largest number of persons, included; None leaves the bin open.
        classes: how many classes are that large.
        persons: persons in them.
        rows: rows in them.
    """

    least: int
    most: int | None
    classes: int
    persons: int
    rows: int


@dataclass(frozen=True)
class AttackRisk:
    """How likely one kind of attacker is right; each a probability or share from 0 to 1.

    Attributes:
        maximum: for the person who is easiest to find; None where the attacker is after the
            many and not after one.
        average: over all persons.
        share_above: share of persons whose own risk is above the report's threshold; None as
            for ``maximum``.
    """

    maximum: float | None
    average: float
    share_above: float | None


@dataclass(frozen=True)
class SensitiveRisk:
    """What a class gives away of a sensitive column, even if nobody in it is recognized.

    Attributes:
        distinct_l: smallest number of distinct values in a class, missing being one; 0 if empty.
        homogeneous_classes: classes in which everybody has the same value.
        persons_in_homogeneous: persons in those classes.
    """

    distinct_l: int
    homogeneous_classes: int
    persons_in_homogeneous: int


@dataclass(frozen=True)
class RiskReport:
    """The disclosure risk of a table under its quasi-identifiers.

    Attributes:
        quasi_identifiers: columns by which a person could be recognized.
        person: column that told persons apart; None where every row was a person.
        threshold: risk (0-1) above which a person counts in ``share_above``.
        rows: rows of the table.
        persons: distinct persons of the table; rows without a person are one person together.
        classes: distinct combinations of the quasi-identifiers.
        k: persons in the smallest class; 0 if there is none.
        sizes: the class sizes in bins, all bins present.
        unique_persons: persons who are alone in a class.
        prosecutor: an attacker who knows that the target is in the table.
        journalist: an attacker who wants to find anybody; equal to ``prosecutor`` for a mandatory
            register, whose sampling fraction is 1.
        marketer: an attacker who links everybody and counts how many links are right.
        sensitive: per sensitive column.
    """

    quasi_identifiers: tuple[str, ...]
    person: str | None
    threshold: float
    rows: int
    persons: int
    classes: int
    k: int
    sizes: tuple[SizeBin, ...]
    unique_persons: int
    prosecutor: AttackRisk
    journalist: AttackRisk
    marketer: AttackRisk
    sensitive: Mapping[str, SensitiveRisk]

    @property
    def distinct_l(self) -> Mapping[str, int]:
        """Per sensitive column, the smallest number of distinct values in a class."""
        return MappingProxyType({name: risk.distinct_l for name, risk in self.sensitive.items()})

    def to_json(self) -> dict[str, Any]:
        """The report as plain numbers, lists and names of columns."""
        plain = {
            name: getattr(self, name)
            for name in ("person", "threshold", "rows", "persons", "classes", "k", "unique_persons")
        }
        attacks = ("prosecutor", "journalist", "marketer")
        return {
            "quasi_identifiers": list(self.quasi_identifiers),
            **plain,
            "sizes": [asdict(size) for size in self.sizes],
            **{name: asdict(getattr(self, name)) for name in attacks},
            "sensitive": {name: asdict(risk) for name, risk in self.sensitive.items()},
        }
