"""An attack and what came of it, and what that says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from hsr_privacy.estimates import Risk, rate, risk

FEWEST_ATTACKS: Final = 30
"""An attack with fewer targets says nothing, unless it surely leaks."""


class Criterion(StrEnum):
    """What anonymous data must withstand.

    Source: Article 29 Working Party, Opinion 05/2014 on anonymisation techniques (WP216).
    """

    SINGLING_OUT = "singling out"
    LINKABILITY = "linkability"
    INFERENCE = "inference"


class AttackKind(StrEnum):
    """What is tried, by the three criteria of WP216, and two of our own."""

    UNIVARIATE = "singling out by one value"
    MULTIVARIATE = "singling out by several values"
    LINKABILITY = "linkability"
    INFERENCE = "inference"
    COPY = "exact copy"
    RARE = "rare combination"

    @property
    def criterion(self) -> Criterion:
        """Of WP216; a copy of a person's row singles that person out."""
        if self is AttackKind.LINKABILITY:
            return Criterion.LINKABILITY
        return Criterion.INFERENCE if self is AttackKind.INFERENCE else Criterion.SINGLING_OUT


_MAY_BE_ABSENT: Final = (AttackKind.UNIVARIATE, AttackKind.RARE)


class Says(StrEnum):
    """What an attack says of the data."""

    SAFE = "under the limit"
    LEAKS = "leaks"
    """Surely more than chance, and more than the limit may be."""
    UNSURE = "the interval is too wide"
    WEAK = "no better than guessing"
    FEW = "too few targets"
    NOBODY = "nobody is alone"
    """No combination of what is known stands for one person, so that there is nothing to try."""


@dataclass(frozen=True)
class Attack:
    """One attack in numbers.

    Attributes:
        kind: what was tried.
        secret: the column that was guessed; empty for other kinds.
        columns: that the attacker knew or used.
        tried: targets among the persons whom the data are about; as many were held out.
        hits: of them.
        control_tried: targets among the persons that were held out.
        control_hits: of them.
        baseline: share that guessing gets right; None where there is nothing to guess.
        limit: what the upper end of the risk must stay under.
        nobody_alone: whether it was counted that nobody can be singled out by what is known.
    """

    kind: AttackKind
    secret: str
    columns: tuple[str, ...]
    tried: int
    hits: int
    control_tried: int
    control_hits: int
    baseline: float | None
    limit: float
    nobody_alone: bool = False

    @property
    def risk(self) -> Risk | None:
        """What the data give away; None where nothing was tried."""
        if not self.tried or not self.control_tried:
            return None
        return risk(rate(self.hits, self.tried), rate(self.control_hits, self.control_tried))

    @property
    def says(self) -> Says:
        """What it says of the data; an attack that does not beat guessing says nothing."""
        if self.nobody_alone:
            return Says.NOBODY
        found = self.risk
        if found is not None and found.low > 0 and found.high >= self.limit:
            return Says.LEAKS  # however few the targets
        if found is None or min(self.tried, self.control_tried) < FEWEST_ATTACKS:
            return Says.FEW
        if self.baseline is not None and self.hits / self.tried <= self.baseline:
            return Says.WEAK
        return Says.SAFE if found.high < self.limit else Says.UNSURE

    @property
    def counts(self) -> bool:
        """Whether a verdict waits for it: what occurs once, or is rare, may simply not be there."""
        return not (self.kind in _MAY_BE_ABSENT and self.says is Says.FEW)

    def to_json(self) -> dict[str, Any]:
        """The attack as names and numbers."""
        found = self.risk
        return {
            "kind": str(self.kind),
            "criterion": str(self.kind.criterion),
            "secret": self.secret,
            "columns": list(self.columns),
            "attacks": self.tried,
            "successes": self.hits,
            "control_attacks": self.control_tried,
            "control_successes": self.control_hits,
            "baseline_rate": self.baseline,
            "risk": None if found is None else found.value,
            "risk_low": None if found is None else found.low,
            "risk_high": None if found is None else found.high,
            "limit": self.limit,
            "says": str(self.says),
        }
