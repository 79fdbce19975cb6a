"""Logic: every rule that is judged here, by its id."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hsr_privacy.rules import care, ordering, outcome, persons, places
from hsr_privacy.rules.clause import Clause, Logic
from hsr_privacy.rules.cohort import COHORT, STEPS
from hsr_privacy.rules.model import Rule

LOGIC: Final[Mapping[str, Logic]] = MappingProxyType(
    ordering.LOGIC | care.LOGIC | outcome.LOGIC | persons.LOGIC | places.LOGIC
)
"""How each rule over rows is judged."""


def clauses_of(rule: Rule) -> tuple[Clause, ...]:
    """The clauses of a rule over rows, with its limits."""
    return LOGIC[rule.id].clauses(rule.parameters)


def columns_of_rule(name: str) -> tuple[str, ...]:
    """The columns that a rule looks at; none where it is not judged here."""
    if name == COHORT:
        return STEPS
    if name not in LOGIC:
        return ()
    anything = dict.fromkeys(LOGIC[name].parameters, 0)
    columns = (column for clause in LOGIC[name].clauses(anything) for column in clause.columns)
    return tuple(dict.fromkeys(columns))


def parameters_of_rule(name: str) -> tuple[str, ...]:
    """The limits that a rule needs."""
    return LOGIC[name].parameters if name in LOGIC else ()
