"""Differences: what earlier releases add to a new one, weighed; counts and names of releases only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from hsr_privacy.composition import About
from hsr_privacy.composition.composed import Kind
from hsr_privacy.documents import Label


class Weight(StrEnum):
    """What follows from a difference."""

    BLOCKS = "blocks"
    ACCEPT = "must be accepted"
    TOLD = "told"


WEIGHTS: Final[dict[Weight, Label]] = {
    Weight.BLOCKS: Label(nb="stopper utleveringen", en="blocks the release"),
    Weight.ACCEPT: Label(nb="må godtas skriftlig", en="must be accepted in writing"),
    Weight.TOLD: Label(nb="til orientering", en="for your information"),
}

KINDS: Final[dict[Kind, Label]] = {
    "cohorts": Label(nb="hvem som er med", en="who is in it"),
    "union": Label(
        nb="hvem som er med, mot alle tidligere", en="who is in it, against all earlier"
    ),
    "candidates": Label(
        nb="mulige personer når utleveringene sammenholdes",
        en="candidates when the releases are held together",
    ),
    "values": Label(
        nb="sensitive verdier når utleveringene sammenholdes",
        en="sensitive values when the releases are held together",
    ),
    "subtraction": Label(
        nb="tabeller trukket fra hverandre", en="tables subtracted from each other"
    ),
    "combination": Label(
        nb="summer av tre utleveringer eller flere", en="sums of three releases and more"
    ),
    "not compared": Label(nb="ikke sammenlignet", en="not compared"),
}


@dataclass(frozen=True)
class Difference:
    """One finding, weighed.

    Attributes:
        id: of the finding; other numbers or other releases make another id, so that an acceptance
            is of what was read.
        kind: what was compared.
        weight: what follows.
        colluding: whether it takes somebody who holds another recipient's release.
        k: fewer persons than this are too few.
        earlier: the releases that it is about.
        numbers: counts by name.
        text: what was found.
        why: why it weighs so, and the way out.
    """

    id: str
    kind: Kind
    weight: Weight
    colluding: bool
    k: int
    earlier: tuple[About, ...]
    numbers: Mapping[str, int]
    text: Label
    why: Label

    def to_json(self) -> dict[str, Any]:
        """Plain numbers, lists and names."""
        return {
            "id": self.id,
            "kind": self.kind,
            "weight": str(self.weight),
            "colluding": self.colluding,
            "earlier": releases_as_json(self.earlier),
            "numbers": dict(self.numbers),
            "text": self.text.model_dump(),
            "why": self.why.model_dump(),
        }


@dataclass(frozen=True)
class Differencing:
    """What earlier releases add to a release that is to leave.

    Attributes:
        k: fewer persons than this are too few.
        compared: how many earlier releases it was compared with.
        not_compared: how many could not be.
        differences: what was found broken or could not be looked at, heaviest first.
    """

    k: int
    compared: int
    not_compared: int
    differences: tuple[Difference, ...]

    def of_weight(self, weight: Weight) -> tuple[Difference, ...]:
        """The differences of one weight."""
        return tuple(one for one in self.differences if one.weight is weight)

    @property
    def blocks(self) -> bool:
        """Whether no reason makes this release right."""
        return bool(self.of_weight(Weight.BLOCKS))

    @property
    def must_be_accepted(self) -> tuple[str, ...]:
        """Ids that the approver must accept in writing, each with a reason."""
        return tuple(one.id for one in self.of_weight(Weight.ACCEPT))

    @property
    def faults(self) -> tuple[str, ...]:
        """What gate G6 says of the differences that block."""
        return tuple(
            f"{one.id}: {one.text.en} {one.why.en}" for one in self.of_weight(Weight.BLOCKS)
        )

    @property
    def evidence(self) -> dict[str, int]:
        """What gate G6 saw."""
        found = {
            "earlier releases compared": self.compared,
            "earlier releases not compared": self.not_compared,
        }
        weighed = {
            "differences that block": Weight.BLOCKS,
            "differences to accept": Weight.ACCEPT,
            "differences told": Weight.TOLD,
        }
        if not self.compared + self.not_compared:
            return found
        return found | {name: len(self.of_weight(one)) for name, one in weighed.items()}

    def missing(self, accepts: Mapping[str, str]) -> tuple[str, ...]:
        """Ids that are not accepted, or accepted without a reason.

        Args:
            accepts: reasons by id, as the signed approval has them.
        """
        return tuple(one for one in self.must_be_accepted if not accepts.get(one, "").strip())

    def foreign(self, accepts: Mapping[str, str]) -> tuple[str, ...]:
        """Accepted ids that are none of this release: the approver read something else."""
        return tuple(sorted(set(accepts) - set(self.must_be_accepted)))

    def outside(self) -> dict[str, Any]:
        """What may leave the house: ids and weights, nothing of what others received."""
        return {
            "compared": self.compared,
            "not_compared": self.not_compared,
            "blocks": self.blocks,
            "must_be_accepted": list(self.must_be_accepted),
            "differences": [{"id": one.id, "weight": str(one.weight)} for one in self.differences],
        }

    def to_json(self) -> dict[str, Any]:
        """Plain numbers, lists and names; for the house."""
        return {
            "k": self.k,
            "compared": self.compared,
            "not_compared": self.not_compared,
            "blocks": self.blocks,
            "must_be_accepted": list(self.must_be_accepted),
            "differences": [one.to_json() for one in self.differences],
        }


def releases_as_json(about: Sequence[About]) -> list[dict[str, str | None]]:
    """Earlier releases as manifests name them."""
    return [
        {
            "case_number": one.case_number,
            "day": one.day.isoformat(),
            "manifest_sha256": one.manifest_sha256 or None,
        }
        for one in about
    ]
