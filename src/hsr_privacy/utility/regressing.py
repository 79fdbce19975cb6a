"""Regressing: a registered logistic regression on one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from hsr_privacy.estimates import Unfitted, logistic
from hsr_privacy.project import LogisticAnalysis, Predictor
from hsr_privacy.utility.answering import answered, enough
from hsr_privacy.utility.coding import Bools, Floats, Table
from hsr_privacy.utility.ran import CannotRun, Key, Plan, Ran, Run, Why

OTHERS: Final = ""
"""The text of all values that are not told apart; no value is empty."""


@dataclass(frozen=True, eq=False)
class Term:
    """One column of the regression.

    Attributes:
        key: what it is.
        values: per row; NaN where it is not known.
    """

    key: Key
    values: Floats


def regress(
    analysis: LogisticAnalysis, table: Table, plan: Plan, outcome: Bools, base: Bools
) -> Run:
    """Fit all predictors together on the rows on which all are known.

    Args:
        analysis: with the names of the table's columns.
        table: the rows, on the levels on which they are analysed.
        plan: which values are told apart.
        outcome: per row, whether it has the outcome.
        base: per row, whether it is analysed.
    """
    terms = [
        term
        for place, predictor in enumerate(analysis.predictors)
        for term in terms_of(predictor, place, table, plan)
    ]
    known = base.copy()
    for term in terms:
        known &= np.isfinite(term.values)
    design = np.column_stack([term.values[known] for term in terms])
    kept = [at for at, term in enumerate(terms) if term.key.text is None or design[:, at].any()]
    fitted = logistic(outcome[known].astype(np.float64), design[:, kept])
    rows = int(known.sum())
    if isinstance(fitted, Unfitted):
        columns = [terms[kept[at]].key.column or "" for at in fitted.predictors]
        return Run({}, rows, Why(fitted.reason, tuple(dict.fromkeys(columns))))
    figures: dict[Key, Ran] = {}
    for at, place in enumerate(kept):
        term = terms[place]
        if term.key.text == OTHERS:
            continue
        if not enough(table, _cells(term, outcome, known), plan.least_persons):
            figures[term.key] = Ran(None, Why("few"))
        else:
            figures[term.key] = Ran(fitted.odds_ratio(at))
    return Run(figures, rows)


def terms_of(predictor: Predictor, place: int, table: Table, plan: Plan) -> list[Term]:
    """The columns of one predictor: a yes or a no, a number, or each value against one.

    Raises:
        CannotRun: a text is a yes and a no, or all rows have the same value.
    """
    name = predictor.variable
    asked = predictor.yes_or_no
    if asked is not None:
        yes, known = answered(asked, table, plan)
        return [Term(Key("term", name, None, place), np.where(known, yes, np.nan))]
    column = table.column(name)
    known = column.flags([text not in plan.missing for text in column.texts])
    if name in plan.numbers and column.numbers is not None:
        numbers = np.where(known, column.numbers / predictor.per, np.nan)
        return [Term(Key("term", name, None, place), numbers)]
    groups, reference = plan.groups.get(name, ()), plan.references.get(name)
    rest = column.flags([text not in groups and text not in plan.missing for text in column.texts])
    if name not in plan.others:
        known, rest = known & ~rest, rest & False
    if len(groups) + rest.any() < 2:
        raise CannotRun(Why("coarse" if table.level(name) else "dependent", (name,)))
    wanted = [text for text in groups if text != reference]
    found = [
        Term(
            Key("term", name, text, place),
            np.where(known, column.flags([one == text for one in column.texts]), np.nan),
        )
        for text in wanted
    ]
    if rest.any():
        found.append(Term(Key("term", name, OTHERS, place), np.where(known, rest, np.nan)))
    return found


def _cells(term: Term, outcome: Bools, known: Bools) -> Sequence[Bools]:
    """What a term's figure rests on: with and without it, with and without the outcome."""
    values = term.values
    if np.isin(values[known], (0.0, 1.0)).all():
        return [known & (values == by) & has for by in (0.0, 1.0) for has in (outcome, ~outcome)]
    return [known & outcome, known & ~outcome]
