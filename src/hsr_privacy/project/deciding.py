"""Deciding: whether a value, or a coarser text that stands for several, is a yes or a no."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final, Literal

from hsr_privacy.hierarchies import Hierarchy
from hsr_privacy.project.analyses import Answers

MISSING: Final = frozenset({"888", "998", "999"})
"""Codes that are kinds of missing: not applicable, removed for disclosure control, unknown."""

Answer = Literal["yes", "no", "left-out", "mixed"]
"""``mixed`` is a text that stands for values of which some are a yes and others are not."""


def answer_of(
    asked: Answers, texts: Sequence[str | None], *, missing: Collection[str] = MISSING
) -> Answer:
    """What one value answers.

    Args:
        asked: what is a yes and what is a no.
        texts: the value, and what it is called on coarser levels.
        missing: texts that are kinds of missing, where nobody names them.
    """
    if not set(asked.values).isdisjoint(texts):
        return "yes"
    if not set(asked.against).isdisjoint(texts):
        return "no"
    value = texts[0]
    if value is None or value in missing:
        return "no" if asked.missing == "no" else "left-out"
    if asked.is_bounded:
        return _within(asked, value)
    return "left-out" if asked.against else "no"


def answers_of(
    asked: Answers,
    texts: Iterable[str],
    *,
    hierarchy: Hierarchy | None = None,
    level: int = 0,
    missing: Collection[str] = MISSING,
) -> dict[str, Answer]:
    """What texts answer that stand on a level of a hierarchy, or on finer ones.

    Args:
        asked: what is a yes and what is a no.
        texts: as they read.
        hierarchy: of the column; None where values are what they read.
        level: the coarsest on which the texts are.
        missing: texts that are kinds of missing, where nobody names them.
    """
    if hierarchy is None:
        return {text: answer_of(asked, (text,), missing=missing) for text in texts}
    known = [_by_node(asked, hierarchy, at, missing) for at in range(level, -1, -1)]
    found: dict[str, Answer] = {}
    for text in texts:
        here = next((nodes[text] for nodes in known if text in nodes), None)
        found[text] = here or _without_domain(asked, text, hierarchy, level, missing)
    return found


def _by_node(
    asked: Answers, hierarchy: Hierarchy, level: int, missing: Collection[str]
) -> dict[str, Answer]:
    """Per node of a level, what all of its values answer."""
    found: dict[str, Answer] = {}
    for row in hierarchy.domain:
        one = answer_of(asked, row, missing=missing)
        found[row[level]] = one if found.get(row[level], one) == one else "mixed"
    return found


def _without_domain(
    asked: Answers, text: str, hierarchy: Hierarchy, level: int, missing: Collection[str]
) -> Answer:
    """Of hierarchies that do not list their values: whether a value that is named lies below."""
    row = hierarchy.climb(text) or (text,)
    if set(row).isdisjoint((*asked.values, *asked.against)):
        for value in (*asked.values, *asked.against):
            above = hierarchy.climb(value)
            if above is not None and text in above[1 : level + 1]:
                return "mixed"
    return answer_of(asked, row, missing=missing)


def _within(asked: Answers, value: str) -> Answer:
    try:
        number = float(value)
    except ValueError:
        return "mixed"
    low = asked.at_least if asked.at_least is not None else number
    high = asked.at_most if asked.at_most is not None else number
    return "yes" if low <= number <= high else "no"
