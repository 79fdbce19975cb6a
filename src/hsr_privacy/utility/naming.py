"""Naming: what the figures of an analysis are called."""

from __future__ import annotations

from typing import Final

from hsr_privacy.documents import Label
from hsr_privacy.project import Analysis, Answers, LogisticAnalysis, Predictor
from hsr_privacy.utility.ran import Key
from hsr_privacy.utility.words import Words

_MOST_NAMED: Final = 3


def figure_label(analysis: Analysis, key: Key, words: Words, reference: str | None) -> Label:
    """What a figure is called.

    Args:
        analysis: that it belongs to.
        key: which of its figures.
        words: what columns and values are called.
        reference: the value that others are set against.
    """
    if key.kind == "all" or key.column is None:
        return analysis.label
    if key.text is None and isinstance(analysis, LogisticAnalysis):
        return predictor_label(analysis.predictors[key.place], words)
    column = words.column(key.column)
    value = _value(words, key.column, key.text or "")
    if key.kind == "group" or reference is None:
        return Label(nb=f"{column.nb}: {value.nb}", en=f"{column.en}: {value.en}")
    other = _value(words, key.column, reference)
    return Label(
        nb=f"{column.nb}: {value.nb} mot {other.nb}",
        en=f"{column.en}: {value.en} against {other.en}",
    )


def predictor_label(predictor: Predictor, words: Words) -> Label:
    """What a number, or a yes or a no, is called."""
    if predictor.label is not None or predictor.yes_or_no is not None:
        return answers_label(predictor, words)
    column = words.column(predictor.variable)
    if predictor.per == 1:
        return column
    per = f", per {predictor.per:g}"
    return Label(nb=column.nb + per, en=column.en + per)


def answers_label(asked: Answers, words: Words) -> Label:
    """What a yes is called: its own label, or the variable and the values."""
    if asked.label is not None:
        return asked.label
    column = words.column(asked.variable)
    if asked.is_bounded:
        low = "" if asked.at_least is None else f"{asked.at_least:g}"
        high = "" if asked.at_most is None else f"{asked.at_most:g}"
        return Label(nb=f"{column.nb}: {low}–{high}", en=f"{column.en}: {low}–{high}")
    values = [_value(words, asked.variable, text) for text in asked.values[:_MOST_NAMED]]
    more = " …" if len(asked.values) > _MOST_NAMED else ""
    nb, en = ", ".join(one.nb for one in values), ", ".join(one.en for one in values)
    return Label(nb=f"{column.nb}: {nb}{more}", en=f"{column.en}: {en}{more}")


def _value(words: Words, column: str, text: str) -> Label:
    return words.value(column, text) or Label(nb=text, en=text)
