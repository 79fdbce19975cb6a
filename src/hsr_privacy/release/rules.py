"""What validation must find in each column of an extract, from the form in which it was released."""

from __future__ import annotations

from hsr_privacy.codebook import Codebook
from hsr_privacy.project import EVENT, PERSON, Form, ReleasedVariable
from hsr_privacy.release.prepare import Prepared
from hsr_privacy.validation import (
    ColumnRule,
    generalized_rule,
    kept_rule,
    minutes_rule,
    pseudonym_rule,
)


def rules_of(prepared: Prepared, codebook: Codebook) -> tuple[ColumnRule, ...]:
    """One rule per column of the extract, in their order."""
    levels = prepared.released_levels
    return (
        pseudonym_rule(PERSON, codebook[PERSON].label, numbered=prepared.numbered),
        pseudonym_rule(EVENT, codebook[EVENT].label, unique=True),
        *(
            _rule(variable, levels.get(variable.column, 0), codebook)
            for variable in prepared.variables
            if variable.form is not Form.PSEUDONYM
        ),
    )


def _rule(released: ReleasedVariable, level: int, codebook: Codebook) -> ColumnRule:
    if released.form is Form.MINUTES:
        return minutes_rule(released.column, released.variable.label)
    if released.hierarchy is not None:
        return generalized_rule(
            released.variable, hierarchy=released.hierarchy, level=level, codebook=codebook
        )
    return kept_rule(released.variable, codebook=codebook)
