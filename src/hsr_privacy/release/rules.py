"""What validation must find in each column of an extract, from the form in which it was released."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from hsr_privacy.codebook import Codebook
from hsr_privacy.documents import Label
from hsr_privacy.project import EVENT, PERSON, Form, Project, ReleasedVariable
from hsr_privacy.release.prepare import MASK, REMOVED, Prepared
from hsr_privacy.rules import load_rules
from hsr_privacy.validation import (
    ColumnRule,
    Suite,
    extract_suite,
    generalized_rule,
    kept_rule,
    mask_rule,
    minutes_rule,
    pseudonym_rule,
    with_removed,
)

MASK_LABEL: Final = Label(
    nb="Variabler der verdien er fjernet av hensyn til personvernet",
    en="Variables whose value was removed for disclosure control",
)


def suite_of(prepared: Prepared, project: Project, codebook: Codebook) -> Suite:
    """Everything that must hold of an extract."""
    return extract_suite(
        rules_of(prepared, codebook),
        k=project.privacy.k,
        quasi_identifiers=prepared.quasi_identifiers,
        person=PERSON,
        l=project.privacy.l,
        event=EVENT,
        own=project.expectations,
        register_rules=load_rules(codebook=codebook),
    )


def rules_of(prepared: Prepared, codebook: Codebook) -> tuple[ColumnRule, ...]:
    """One rule per column of the extract, in their order."""
    levels = prepared.released_levels
    removed = {name for name, cells in prepared.suppressed_cells.items() if cells}
    mask = (
        [mask_rule(MASK, MASK_LABEL, sorted(prepared.suppressed_cells))]
        if prepared.has_mask
        else []
    )
    return (
        pseudonym_rule(PERSON, codebook[PERSON].label, numbered=prepared.numbered),
        pseudonym_rule(EVENT, codebook[EVENT].label, unique=True),
        *(
            _rule(variable, levels.get(variable.column, 0), codebook, removed)
            for variable in prepared.variables
            if variable.form is not Form.PSEUDONYM
        ),
        *mask,
    )


def _rule(
    released: ReleasedVariable, level: int, codebook: Codebook, removed: Collection[str]
) -> ColumnRule:
    if released.form is Form.MINUTES:
        return minutes_rule(released.column, released.variable.label)
    if released.hierarchy is not None:
        rule = generalized_rule(
            released.variable, hierarchy=released.hierarchy, level=level, codebook=codebook
        )
        return with_removed(rule, REMOVED) if released.column in removed else rule
    return kept_rule(released.variable, codebook=codebook)
