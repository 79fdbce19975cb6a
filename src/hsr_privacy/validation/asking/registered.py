"""Registered rules: what a rule of the register says of a table."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from hsr_privacy.rules import RuleCount, Rules, Unjudged, judge_rules, load_rules
from hsr_privacy.validation.asking.answer import (
    MISSING_COLUMN,
    WRONG_TYPE,
    Answer,
    not_asked,
)

NO_RULE: Final = "there is no such rule"
_REASONS: Final = {Unjudged.ABSENT: MISSING_COLUMN, Unjudged.OTHER: WRONG_TYPE}


@cache
def shipped_rules() -> Rules:
    """The shipped rules, read once."""
    return load_rules()


def judged(data: Any, *, form: str | None = None) -> dict[str, Answer]:
    """Judge all rules at once, in one pass over the rows.

    Args:
        data: any frame.
        form: what it is: ``amk``, ``ambulance``, ``hospital``, ``register`` or ``event``; found out
            if left out.
    """
    return {
        count.id: _answer(count) for count in judge_rules(data, rules=shipped_rules(), form=form)
    }


def of_rule(answers: dict[str, Answer] | Answer, *, rule: str, optional: bool = False) -> Answer:
    """What was found for one rule.

    Args:
        answers: those of all rules, or why none could be asked.
        rule: its id.
        optional: where the table has not the columns, it holds, and says so.
    """
    if isinstance(answers, Answer):
        return answers
    answer = answers.get(rule, not_asked(NO_RULE))
    if optional and answer.reason in (MISSING_COLUMN, WRONG_TYPE):
        return Answer(0, 0)
    return answer


def _answer(count: RuleCount) -> Answer:
    if count.reason is not None:
        return not_asked(_REASONS.get(count.reason, str(count.reason)))
    return Answer(count.concerned, count.violating)
