"""Measures: all that the classes of a table say of its risk, and never a cell of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from hsr_privacy.risk.individual import IndividualRisk
from hsr_privacy.risk.inferring import InferenceRisk
from hsr_privacy.risk.population import PopulationRisk
from hsr_privacy.risk.ranking import Ranking
from hsr_privacy.risk.report import AttackRisk, SizeBin
from hsr_privacy.risk.suda import SpecialUniques
from hsr_privacy.risk.uniqueness import Uniqueness


@dataclass(frozen=True)
class ReadingRisk:
    """The risk of a table under one reading of missing and suppressed cells.

    A person who stands in several classes counts once in each.

    Attributes:
        k: fewest persons who agree with somebody, all included; 0 if the table is empty.
        sizes: the numbers of persons who agree, in bins, all bins present.
        unique_persons: persons with whom nobody else agrees.
        prosecutor: an attacker who knows that the target is in the table.
        journalist: an attacker who looks the target up in the population that the table is a sample
            of; for a sampling fraction of 1, the prosecutor.
        marketer: an attacker who links everybody and counts how many links are right.
        sensitive: per sensitive column, what the classes give away of it.
    """

    k: int
    sizes: tuple[SizeBin, ...]
    unique_persons: int
    prosecutor: AttackRisk
    journalist: AttackRisk
    marketer: AttackRisk
    sensitive: Mapping[str, InferenceRisk]

    def to_json(self) -> dict[str, Any]:
        """As plain numbers, lists and names of columns."""
        return {
            "k": self.k,
            "sizes": [asdict(size) for size in self.sizes],
            "unique_persons": self.unique_persons,
            "prosecutor": asdict(self.prosecutor),
            "journalist": asdict(self.journalist),
            "marketer": asdict(self.marketer),
            "sensitive": {name: risk.to_json() for name, risk in self.sensitive.items()},
        }


@dataclass(frozen=True)
class Measures:
    """All measures of one table under its quasi-identifiers.

    Attributes:
        quasi_identifiers: columns by which a person could be recognized.
        person: column that told persons apart; None where every row was a person.
        threshold: risk (0-1) above which a person counts as at risk.
        sampling_fraction: share of the population in the table; 1 for a mandatory register.
        rows: of the table.
        persons: distinct persons of the table; rows without a person are one person together.
        classes: distinct combinations of the quasi-identifiers.
        wild_cells: cells of quasi-identifiers that are missing or suppressed, in all rows.
        own_category: missing and suppressed cells are values of their own. It is what a release is
            judged by: whoever receives it sees that a cell is missing.
        wildcard: such a cell agrees with every value. It says how much protection suppression could
            give at best; the risk is never above that of ``own_category``.
        uniqueness: persons of the population who are unique.
        individual: expected risks given the sampling fraction; None if the table is empty.
        special_uniques: who is alone on few columns; None if the table is empty.
        ranking: what each column adds; None if the table is empty.
        population: who of a population fits; None where no population was given.
    """

    quasi_identifiers: tuple[str, ...]
    person: str | None
    threshold: float
    sampling_fraction: float
    rows: int
    persons: int
    classes: int
    wild_cells: int
    own_category: ReadingRisk
    wildcard: ReadingRisk
    uniqueness: Uniqueness
    individual: IndividualRisk | None
    special_uniques: SpecialUniques | None
    ranking: Ranking | None
    population: PopulationRisk | None

    def to_json(self) -> dict[str, Any]:
        """As plain numbers, lists and names of columns; None where there is nothing to say."""
        parts = ("individual", "special_uniques", "ranking", "population")
        plain = ("person", "threshold", "sampling_fraction", "rows", "persons", "classes")
        return {
            "quasi_identifiers": list(self.quasi_identifiers),
            **{name: getattr(self, name) for name in (*plain, "wild_cells")},
            "own_category": self.own_category.to_json(),
            "wildcard": self.wildcard.to_json(),
            "uniqueness": self.uniqueness.to_json(),
            **{
                name: None if getattr(self, name) is None else getattr(self, name).to_json()
                for name in parts
            },
        }
