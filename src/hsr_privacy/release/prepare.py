"""Prepare: from the events of a cohort to the rows that could leave, on whichever engine."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import narwhals as nw
import polars as pl

from hsr_privacy.anonymity.applying import suppressed_cells
from hsr_privacy.anonymity.generalize import generalize
from hsr_privacy.anonymity.minutes import minutes_since
from hsr_privacy.anonymity.plan import PrivacyPlan
from hsr_privacy.anonymity.protect import protect_with_solution
from hsr_privacy.anonymity.solution import Solution
from hsr_privacy.codebook import Type
from hsr_privacy.errors import DataError
from hsr_privacy.extract import EVENT_KEY, PERSON_KEY, Extract
from hsr_privacy.frames import computed, local_days, to_polars
from hsr_privacy.keys import KeyRing
from hsr_privacy.models import (
    DistinctLDiversity,
    KAnonymity,
    PrivacyModel,
    Scenario,
    fitting,
    load_scenarios,
)
from hsr_privacy.project import EVENT, ORIGIN, PERSON, Form, Project, ReleasedVariable
from hsr_privacy.pseudonymization.numbering import number_persons
from hsr_privacy.pseudonymization.pseudonymize import pseudonymize

REMOVED: Final = "998"
"""What a suppressed cell of an extract reads; the code lists' "removed for disclosure control"."""

OWNER: Final = "owner_key"
"""Column of the originals with the register's own key of the person."""

MASK: Final = "fjernede_verdier"
"""The column that names the suppressed cells of each row."""


@dataclass(frozen=True)
class Prepared:
    """The rows that could leave, and how they came to be.

    Attributes:
        table: one row per event, in the order of its pseudonym, which says nothing.
        extract: the same with its history.
        variables: the approved variables, in the order of the project.
        solution: what protection chose; None where no quasi-identifier was approved.
        numbered: whether persons have running numbers instead of pseudonyms.
        scenarios: attackers that the project names, as far as the extract holds what they know.
        plan: what protection was asked for; None like the solution.
        original: the approved variables of all events of the cohort, pseudonymized and nothing else
            done to them, with the key of the person; it stays in the house.
    """

    table: pl.DataFrame
    extract: Extract
    variables: tuple[ReleasedVariable, ...]
    solution: Solution | None
    numbered: bool = False
    scenarios: tuple[Scenario, ...] = ()
    plan: PrivacyPlan | None = None
    original: pl.DataFrame = field(default_factory=pl.DataFrame, repr=False)

    @property
    def quasi_identifiers(self) -> tuple[str, ...]:
        """Columns by which a person could be recognized."""
        return tuple(v.column for v in self.variables if v.form is Form.PROTECTED)

    @property
    def suppressed_cells(self) -> Mapping[str, int]:
        """Per protected column, the cells of released rows that are suppressed one by one."""
        return suppressed_cells(self.solution) if self.solution is not None else {}

    @property
    def has_mask(self) -> bool:
        """Whether a column names the suppressed cells of each row."""
        return MASK in self.table.columns

    @property
    def released_levels(self) -> Mapping[str, int]:
        """Per column with a hierarchy, the level on which it leaves."""
        chosen = self.solution.levels if self.solution is not None else {}
        return {
            v.column: v.floor + chosen.get(v.column, 0)
            for v in self.variables
            if v.hierarchy is not None
        }


def prepare(
    cohort: Extract,
    project: Project,
    variables: tuple[ReleasedVariable, ...],
    ring: KeyRing,
    give_numbers: Callable[[Collection[bytes]], Mapping[bytes, str]],
) -> Prepared:
    """Pseudonymize, generalize and protect the events of a cohort.

    Args:
        cohort: the selected events with the approved variables, the person and event keys, and
            the origins of minutes.
        project: what was approved.
        variables: the approved variables and their forms.
        ring: has a salt of the project, drafted or kept.
        give_numbers: gives persons their running numbers, where the project wants them.

    Raises:
        BudgetExceeded: the project's models cannot be met within its budget.
        DataError: a value has no place in its hierarchy.
    """
    extract = pseudonymized(cohort, project, variables, ring, give_numbers)
    original = to_polars(extract.frame)
    extract = replace(extract, frame=extract.frame.drop(OWNER))
    levels = {v.column: v.floor for v in variables if v.form is Form.GENERALIZED}
    trees = {v.column: v.hierarchy for v in variables if v.hierarchy is not None}
    extract = generalize(extract, levels, hierarchies=trees)
    extract = replace(extract, frame=computed(extract.frame))
    solution, plan = None, None
    scenarios = scenarios_of(project, variables)
    if any(v.form is Form.PROTECTED for v in variables):
        plan = plan_of(project, variables, scenarios)
        extract, solution = protect_with_solution(extract, plan)
    table = to_polars(extract.frame).sort(EVENT)
    numbered = project.pseudonyms.persons == "running-number"
    return Prepared(table, extract, variables, solution, numbered, scenarios, plan, original)


def pseudonymized(
    cohort: Extract,
    project: Project,
    variables: tuple[ReleasedVariable, ...],
    ring: KeyRing,
    give_numbers: Callable[[Collection[bytes]], Mapping[bytes, str]],
) -> Extract:
    """The approved variables of a cohort in full detail, under the project's pseudonyms.

    Clock times that leave as minutes are minutes here too, and others are days. The last column is
    the key of the person, by which releases are compared; see `prepare` for the arguments.
    """
    owners = nw.col(PERSON_KEY).alias(OWNER)
    cohort = replace(cohort, frame=cohort.frame.with_columns(owners))
    name = project.case_number
    algorithm = project.pseudonyms.algorithm
    event = ring.project_key(name, subject="event-key", algorithm=algorithm)
    if project.pseudonyms.persons == "running-number":
        persons = to_polars(cohort.frame.select(nw.col(PERSON_KEY)).unique())[PERSON_KEY]
        extract = number_persons(cohort, PERSON_KEY, give_numbers(persons.to_list()), into=PERSON)
    else:
        person = ring.project_key(name, subject="person-key", algorithm=algorithm)
        extract = pseudonymize(cohort, PERSON_KEY, key=person, into=PERSON)
    extract = pseudonymize(extract, EVENT_KEY, key=event, into=EVENT)
    times = [v.variable.name for v in variables if v.form is Form.MINUTES]
    if times:
        copies = [nw.col(name).alias(f"__{name}") for name in ORIGIN]
        extract = replace(extract, frame=extract.frame.with_columns(copies))
        extract = minutes_since(extract, times, origin=[f"__{name}" for name in ORIGIN])
    days = [
        v.column
        for v in variables
        if v.variable.type is Type.DATETIME and v.form in (Form.GENERALIZED, Form.PROTECTED)
    ]
    extract = replace(extract, frame=local_days(extract.frame, days) if days else extract.frame)
    wanted = [PERSON, EVENT, *(v.column for v in variables if v.form is not Form.PSEUDONYM)]
    return replace(extract, frame=computed(extract.frame.select(*map(nw.col, [*wanted, OWNER]))))


def scenarios_of(project: Project, variables: tuple[ReleasedVariable, ...]) -> tuple[Scenario, ...]:
    """The project's scenarios, as far as the extract holds what their attackers know."""
    if not project.privacy.scenarios:
        return ()
    known = {scenario.label: scenario for scenario in load_scenarios()}
    unknown = [name for name in project.privacy.scenarios if name not in known]
    if unknown:
        raise DataError(
            f"the project names the scenario '{unknown[0]}', which configs/scenarios.yaml does not "
            f"have; it has: {', '.join(known)}"
        )
    return fitting(
        [known[name] for name in project.privacy.scenarios],
        [v.column for v in variables if v.form is Form.PROTECTED],
        [v.column for v in variables],
    )


def plan_of(
    project: Project, variables: tuple[ReleasedVariable, ...], scenarios: tuple[Scenario, ...]
) -> PrivacyPlan:
    """What protection a project asks for."""
    limits = project.privacy
    models: list[PrivacyModel] = [KAnonymity(limits.k), *scenarios]
    models += [DistinctLDiversity(column, least) for column, least in limits.l.items()]
    protected = [v for v in variables if v.form is Form.PROTECTED]
    return PrivacyPlan(
        hierarchies={v.column: v.hierarchy for v in protected if v.hierarchy is not None},
        models=tuple(models),
        max_suppressed=limits.max_suppressed,
        floors={v.column: v.floor for v in protected},
        weights={v.column: limits.weights.get(v.column, 1.0) for v in protected},
        method=limits.method,
        suppressed=REMOVED,
        mask_column=MASK,
    )
