"""Asking: what our own expectations find in a table, in counts, on every engine alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from hsr_privacy.validation.asking.answer import (
    MISSING_COLUMN,
    NOT_ASKED,
    WRONG_TYPE,
    Answer,
    Unasked,
    not_asked,
)
from hsr_privacy.validation.asking.classes import k_anonymous, l_diverse
from hsr_privacy.validation.asking.codes import valid
from hsr_privacy.validation.asking.conditions import implied
from hsr_privacy.validation.asking.headings import declared
from hsr_privacy.validation.asking.identifiers import none_held
from hsr_privacy.validation.asking.identifiers import valid as valid_identifiers
from hsr_privacy.validation.asking.order import tells_nothing
from hsr_privacy.validation.asking.precision import no_finer
from hsr_privacy.validation.asking.pseudonyms import well_formed
from hsr_privacy.validation.asking.registered import judged, of_rule
from hsr_privacy.validation.asking.times import ordered

__all__ = [
    "MISSING_COLUMN",
    "QUESTIONS",
    "RULE",
    "WRONG_TYPE",
    "Answer",
    "ask",
    "columns_of_question",
    "of_rule",
]

RULE: Final = "expect_register_rule_to_hold"
"""The one question that reads whatever columns of the register there are."""

QUESTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "expect_times_to_be_ordered": ordered,
    "expect_condition_to_imply": implied,
    "expect_codes_to_be_valid": valid,
    "expect_table_to_be_k_anonymous": k_anonymous,
    "expect_table_to_be_l_diverse": l_diverse,
    "expect_no_national_identifier": none_held,
    "expect_national_identifiers_to_be_valid": valid_identifiers,
    "expect_pseudonyms_to_be_well_formed": well_formed,
    "expect_row_order_to_tell_nothing": tells_nothing,
    "expect_values_to_be_no_finer_than": no_finer,
    "expect_table_columns_to_be_declared": declared,
    RULE: judged,
}


def ask(kind: str, data: Any, kwargs: Mapping[str, Any]) -> Any:
    """Ask a question of a table; what goes wrong becomes a reason, as its text may quote a cell.

    Args:
        kind: one of `QUESTIONS`.
        data: a pandas, Polars or Spark frame.
        kwargs: what the question needs.

    Returns:
        An `Answer`; for rules, one per rule.
    """
    try:
        return QUESTIONS[kind](data, **kwargs)
    except Unasked as unasked:
        answer = not_asked(str(unasked))
    except Exception as error:  # noqa: BLE001 - whatever it is, its text may quote a cell
        answer = not_asked(NOT_ASKED.format(type(error).__name__))
    return answer


def columns_of_question(kind: str, kwargs: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The columns that a question reads; None where it reads all of them.

    Args:
        kind: one of `QUESTIONS`.
        kwargs: what the question needs.
    """
    if kind not in _READS:
        return None
    found: list[str] = []
    for name in _READS[kind]:
        value = kwargs.get(name) or ()
        found += [value] if isinstance(value, str) else list(value)
    return tuple(dict.fromkeys(found))


_READS: Final[Mapping[str, tuple[str, ...]]] = {
    "expect_times_to_be_ordered": ("columns",),
    "expect_condition_to_imply": ("when", "then"),
    "expect_codes_to_be_valid": ("column", "date"),
    "expect_table_to_be_k_anonymous": ("quasi_identifiers", "person"),
    "expect_table_to_be_l_diverse": ("quasi_identifiers", "column"),
    "expect_national_identifiers_to_be_valid": ("column",),
    "expect_pseudonyms_to_be_well_formed": ("column",),
    "expect_row_order_to_tell_nothing": ("by",),
    "expect_values_to_be_no_finer_than": ("column",),
}
