"""Project suite: what must hold of a project's extract, known before there are any data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from hsr_privacy.codebook import Codebook
from hsr_privacy.configs import shipped
from hsr_privacy.documents import load, read
from hsr_privacy.errors import ConfigError
from hsr_privacy.hierarchies import Hierarchy
from hsr_privacy.project import (
    EVENT,
    PERSON,
    Form,
    Project,
    ReleasedVariable,
    released_variables,
)
from hsr_privacy.rules import Rules
from hsr_privacy.validation.columns import (
    HELD_BY,
    of_column,
    of_identifiers,
    of_precision,
    of_rows,
)
from hsr_privacy.validation.generating import of_classes, of_order, of_rules_told
from hsr_privacy.validation.own import own_expectations, own_faults
from hsr_privacy.validation.rules import ColumnRule, kept_rule, minutes_rule, pseudonym_rule
from hsr_privacy.validation.suite import Expectation, Subject, Suite
from hsr_privacy.validation.wording import text

MASK: Final = "fjernede_verdier"
"""The column in which an extract names its suppressed cells; the same as in `release`."""

REMOVED: Final = "998"
"""What a suppressed cell reads; the same as in `release`."""


def project_suite(
    project: Project,
    *,
    codebook: Codebook,
    hierarchies: Mapping[str, Hierarchy],
    register_rules: Rules | None = None,
) -> Suite:
    """What must hold of a project's extract, whatever levels its protection will choose.

    A quasi-identifier may leave on its approved level or on any coarser one, so its cells are judged
    by their detail and not by a list.

    Args:
        project: a checked application.
        codebook: the register's variables.
        hierarchies: by the names that the codebook uses.
        register_rules: see `extract_suite`.
    """
    approved = [(variable.name, variable.detail) for variable in project.variables]
    variables = released_variables(approved, codebook=codebook, hierarchies=hierarchies)
    others = [v for v in variables if v.form is not Form.PSEUDONYM]
    numbered = project.pseudonyms.persons == "running-number"
    keys = (
        pseudonym_rule(PERSON, codebook[PERSON].label, numbered=numbered),
        pseudonym_rule(EVENT, codebook[EVENT].label, unique=True),
    )
    rules = [*keys, *(rule for v in others if (rule := _rule(v, codebook)) is not None)]
    by_name = {rule.name: rule for rule in rules}
    whole = [v for v in others if v.form is Form.PROTECTED and v.floor == 0]
    askable = [*rules, *(kept_rule(v.variable, codebook=codebook) for v in whole)]
    return Suite(
        "extract",
        (
            _declared([PERSON, EVENT, *(v.column for v in others), MASK]),
            of_rows(),
            of_identifiers(),
            *(e for key in keys for e in of_column(key)),
            *(e for variable in others for e in _of_variable(variable, by_name)),
            *of_classes(
                project.privacy.k,
                [v.column for v in variables if v.form is Form.PROTECTED],
                PERSON,
                project.privacy.l,
            ),
            of_order(EVENT),
            *(of_rules_told(register_rules, askable) if register_rules is not None else ()),
            *own_expectations(
                project.expectations, {n: HELD_BY[rule.content] for n, rule in by_name.items()}
            ),
        ),
    )


def columns_of_project(
    project: Project, *, codebook: Codebook, hierarchies: Mapping[str, Hierarchy]
) -> tuple[str, ...]:
    """The columns that a project's extract may have, which its own expectations may name."""
    approved = [(variable.name, variable.detail) for variable in project.variables]
    variables = released_variables(approved, codebook=codebook, hierarchies=hierarchies)
    named = [v.column for v in variables if v.form is not Form.PSEUDONYM]
    return (PERSON, EVENT, *named, MASK)


def require_own(
    path: Path, project: Project, *, codebook: Codebook, hierarchies: Mapping[str, Hierarchy]
) -> None:
    """Refuse an application whose own expectations cannot be asked of its extract.

    Args:
        path: the application's file.
        project: as it was read and checked.
        codebook: the register's variables.
        hierarchies: by the names that the codebook uses.

    Raises:
        ConfigError: every fault with file and line.
    """
    if not project.expectations:
        return
    columns = columns_of_project(project, codebook=codebook, hierarchies=hierarchies)
    faults = own_faults(project.expectations, columns)
    if faults:
        document = read(path)
        told = [document.fault(where, problem) for where, problem in faults]
        raise ConfigError(f"{path} has {len(told)} fault(s)", told)


def sample_suite(codebook: Codebook, hierarchies: Mapping[str, Hierarchy], rules: Rules) -> Suite:
    """The suite of the sample project; no approval need be in force for it."""
    project = load(shipped("configs", "projects", "bystander-cpr-survival.yaml"), Project)
    return project_suite(project, codebook=codebook, hierarchies=hierarchies, register_rules=rules)


def _declared(columns: list[str]) -> Expectation:
    return Expectation(
        "table.columns",
        Subject.ROWS,
        "expect_table_columns_to_be_declared",
        None,
        "error",
        text("declared", n=len(columns)),
        {"columns": columns, "optional": [MASK]},
    )


def _rule(released: ReleasedVariable, codebook: Codebook) -> ColumnRule | None:
    """The rule of a column whose form is known beforehand; None where protection decides it."""
    variable = released.variable
    if released.form is Form.MINUTES:
        return minutes_rule(released.column, variable.label)
    if released.form is Form.KEPT:
        return kept_rule(variable, codebook=codebook)
    if released.form is Form.GENERALIZED:
        return ColumnRule(released.column, "label", variable.label)
    return None


def _of_variable(
    released: ReleasedVariable, rules: Mapping[str, ColumnRule]
) -> Iterator[Expectation]:
    rule = rules.get(released.column)
    if rule is not None:
        yield from of_column(rule)
    name = released.variable.hierarchy
    tree = released.hierarchy
    if tree is not None and name is not None and released.form is not Form.KEPT:
        level = tree.level_names[released.floor]
        yield of_precision(released.column, name, level, [REMOVED])
