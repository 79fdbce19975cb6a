"""The case: an extract, the project that it was made for, and what an audit of it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from hsr_privacy.auditing import Asked, Evidence, Limits
from hsr_privacy.auditing.explained import explanation_by
from hsr_privacy.codebook import Codebook
from hsr_privacy.explaining import Explanation
from hsr_privacy.hierarchies import Hierarchy
from hsr_privacy.models import Attacker, load_attackers
from hsr_privacy.project import EVENT, PERSON, Form, Project, ReleasedVariable, in_columns
from hsr_privacy.release.pages import explanation_of
from hsr_privacy.release.prepare import MASK, REMOVED, Prepared, plan_of, scenarios_of
from hsr_privacy.risk import PopulationTable, load_population
from hsr_privacy.risk.population import NORWAY
from hsr_privacy.utility import words_of

UNKNOWN: Final = "999"
"""The code lists' "unknown"."""


@dataclass(frozen=True, eq=False)
class Case:
    """An extract with the project that it was made for.

    Attributes:
        project: what was approved.
        variables: those of the project that the extract holds.
        codebook: what they are.
        hierarchies: by the names that the codebook uses.
        evidence: the extract, as the audit takes it.
        explanation: of how it was protected; reckoned anew from the originals if left out.
    """

    project: Project
    variables: tuple[ReleasedVariable, ...]
    codebook: Codebook
    hierarchies: Mapping[str, Hierarchy]
    evidence: Evidence
    explanation: Explanation | None = None

    def attackers(self, path: Path | None = None) -> tuple[Attacker, ...]:
        """Read scenarios; the shipped ones if no file is named.

        Raises:
            ConfigError: every fault with file and line, a column that the codebook lacks among them.
        """
        levels = {
            v.name: self.hierarchies[v.hierarchy].level_names if v.hierarchy is not None else ()
            for v in self.codebook
        }
        return load_attackers(path, columns=levels)

    def asked(self, **more: Any) -> Asked:
        """What the project and the register ask of an audit, and what else is at hand.

        Args:
            more: further attributes of `Asked`.
        """
        explanation = self.explanation
        if explanation is None and self.evidence.quasi_identifiers:
            plan = plan_of(self.project, self.variables, self.evidence.limits.scenarios)
            explanation = explanation_by(plan, self.evidence)
        given: dict[str, Any] = {
            "population": _population(self.evidence),
            "analyses": in_columns(self.project.analyses, self.variables),
            "registered": self.project.attacks,
            "explanation": explanation,
            "words": words_of(self.variables, self.codebook),
        }
        if "attackers" not in more:
            given["attackers"] = self.attackers()
        return Asked(**(given | more))


def _population(evidence: Evidence) -> PopulationTable | None:
    """Norway's residents, where the extract says something by which to look them up."""
    known = {ours: name for ours, name in NORWAY.items() if ours in evidence.quasi_identifiers}
    return load_population(columns=known) if known else None


def case_of_prepared(
    prepared: Prepared,
    project: Project,
    codebook: Codebook,
    hierarchies: Mapping[str, Hierarchy],
) -> Case:
    """What is about to leave.

    Args:
        prepared: the rows, with their originals.
        project: what was approved.
        codebook: what the variables are.
        hierarchies: by the names that the codebook uses.
    """
    variables = tuple(v for v in prepared.variables if v.column in prepared.table.columns)
    evidence = evidence_of(
        prepared.table,
        prepared.original,
        project=project,
        variables=variables,
        levels=prepared.released_levels,
    )
    return Case(project, variables, codebook, hierarchies, evidence, explanation_of(prepared))


def evidence_of(
    released: pl.DataFrame,
    original: pl.DataFrame | None,
    *,
    project: Project,
    variables: tuple[ReleasedVariable, ...],
    levels: Mapping[str, int],
) -> Evidence:
    """The evidence of a project's rows.

    Args:
        released: the rows that leave.
        original: those of the whole cohort in full detail; None where they are not at hand.
        project: what was approved.
        variables: those that the extract holds.
        levels: per column with a hierarchy, the level on which it leaves.
    """
    privacy = project.privacy
    return Evidence(
        title=project.title,
        released=released,
        quasi_identifiers=tuple(v.column for v in variables if v.form is Form.PROTECTED),
        sensitive=tuple(v.column for v in variables if v.is_sensitive),
        person=PERSON if PERSON in released.columns else None,
        event=EVENT if EVENT in released.columns else None,
        hierarchies={v.column: v.hierarchy for v in variables if v.hierarchy is not None},
        levels=levels,
        suppressed=REMOVED,
        unknown=(UNKNOWN,),
        mask=MASK if MASK in released.columns else None,
        original=original,
        limits=Limits(
            k=privacy.k,
            l={n: least for n, least in privacy.l.items() if n in released.columns},
            max_suppressed=privacy.max_suppressed,
            scenarios=scenarios_of(project, variables),
        ),
    )
