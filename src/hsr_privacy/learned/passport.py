"""The passport: what a set is, how like the original, what it gives away, and what may be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from hsr_privacy.estimates import LEVEL, Estimate
from hsr_privacy.learned.analyses import Comparison
from hsr_privacy.learned.fidelity import Fidelity
from hsr_privacy.learned.verdict import Verdict
from hsr_privacy.probing import Attack
from hsr_privacy.rules import RuleCount

FORMAT: Final = "hsr-passport/v1"


@dataclass(frozen=True)
class Making:
    """How a set was made; every choice that could be made otherwise.

    Attributes:
        model: its name.
        seed: of all that is drawn.
        epochs: of a neural model; None for others.
        versions: of the packages that learned and attacked.
        rows: of the original.
        persons: of the original.
        rows_learned: rows that the model learned from.
        rows_held_out: rows of the persons who were held out.
        control_share: of the persons, held out.
        rows_left_out: rows of persons who chose to be left out.
        columns_left_out: columns that are not learned, and why.
        fewest_persons: that a category needs to be learned.
        cells_merged: per column, cells whose category too few persons have.
        derived: columns that are worked out from times.
        where: conditions.
        drawn: rows that were drawn in all.
        rows_breaking: rows of the set that break a rule, because no better ones came.
        rows_unreached: rows that the conditions did not let come.
        risk_limit: of every risk.
        attacks: tried at most per attack.
    """

    model: str
    seed: int
    epochs: int | None
    versions: Mapping[str, str]
    rows: int
    persons: int
    rows_learned: int
    rows_held_out: int
    control_share: float
    rows_left_out: int
    columns_left_out: Mapping[str, str]
    fewest_persons: int
    cells_merged: Mapping[str, int]
    derived: tuple[str, ...]
    where: Mapping[str, str]
    drawn: int
    rows_breaking: int
    rows_unreached: int
    risk_limit: float
    attacks: int


@dataclass(frozen=True)
class Passport:
    """What belongs to a set, wherever it goes.

    Attributes:
        making: how it was made.
        synthetic_rows: of the set.
        columns: names of its columns.
        fidelity: how like the original.
        analyses: the register's own figures.
        rules: per rule, the original's count and the set's.
        attacks: what was tried.
        verdict: what may be done with it.
        files: name and SHA-256 of the files of the set.
    """

    making: Making
    synthetic_rows: int
    columns: tuple[str, ...]
    fidelity: Fidelity
    analyses: tuple[Comparison, ...]
    rules: tuple[tuple[RuleCount, RuleCount], ...]
    attacks: tuple[Attack, ...]
    verdict: Verdict
    files: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        """The passport as names and numbers, never a cell."""
        made = self.making
        return {
            "format": FORMAT,
            "verdict": str(self.verdict.outcome),
            "reasons": [{"nb": one.nb, "en": one.en} for one in self.verdict.reasons],
            "files": dict(self.files),
            "rows": self.synthetic_rows,
            "columns": list(self.columns),
            "made_by": {
                "model": made.model,
                "seed": made.seed,
                "epochs": made.epochs,
                "versions": dict(made.versions),
                "where": dict(made.where),
                "rows_drawn": made.drawn,
                "rows_breaking_a_rule": made.rows_breaking,
                "rows_unreached": made.rows_unreached,
            },
            "learned_from": {
                "rows": made.rows,
                "persons": made.persons,
                "rows_learned": made.rows_learned,
                "rows_held_out": made.rows_held_out,
                "control_share": made.control_share,
                "rows_left_out": made.rows_left_out,
                "columns_left_out": dict(made.columns_left_out),
                "fewest_persons_per_category": made.fewest_persons,
                "cells_merged": {n: _floor(c) for n, c in made.cells_merged.items()},
                "derived": list(made.derived),
            },
            "fidelity": {
                "columns": self.fidelity.columns,
                "columns_mean": self.fidelity.mean,
                "pairs_mean": self.fidelity.pairs,
                "pairs_compared": self.fidelity.pairs_compared,
                "worst_pairs": [list(one) for one in self.fidelity.worst_pairs],
            },
            "analyses": [_analysis(one) for one in self.analyses],
            "rules": [
                {"id": real.id, "severity": str(real.severity)}
                | {"original": _rule(real), "synthetic": _rule(made_)}
                for real, made_ in self.rules
            ],
            "privacy": {
                "risk_limit": made.risk_limit,
                "level": LEVEL,
                "most_attacks": made.attacks,
                "attacks": [attack.to_json() for attack in self.attacks],
            },
        }


def _floor(cells: int) -> int | str:
    """A count of the originals; small ones are told as such."""
    return cells if cells >= _FEWEST else f"under {_FEWEST}"


_FEWEST: Final = 5


def share_broken(count: RuleCount) -> float | None:
    """Share of the rows that a rule concerns in which it does not hold."""
    if not count.concerned or count.violating is None:
        return None
    return count.violating / count.concerned


def _rule(count: RuleCount) -> dict[str, Any]:
    share = share_broken(count)
    return {
        "judged": count.judged,
        "share_violating": None if share is None else round(share, 4),
        "reason": str(count.reason) if count.reason else "",
    }


def _analysis(one: Comparison) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": {"nb": one.label.nb, "en": one.label.en},
        "original": _estimate(one.real),
        "synthetic": _estimate(one.synthetic),
        "interval_overlap": None if one.overlap is None else round(one.overlap, 3),
    }


def _estimate(one: Estimate | None) -> dict[str, float] | None:
    if one is None:
        return None
    return {"value": round(one.value, 3), "low": round(one.low, 3), "high": round(one.high, 3)}
