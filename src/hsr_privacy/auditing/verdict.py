"""Verdict: yes, no, or that it cannot be told, with every reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from hsr_privacy.documents import Label


class Answer(StrEnum):
    """Whether an extract may leave, as far as figures can say."""

    YES = "yes"
    NO = "no"
    CANNOT_TELL = "cannot tell"


class Question(StrEnum):
    """What somebody must not be able to do, and what else is asked of an extract.

    Source: Article 29 Working Party, Opinion 05/2014 on anonymisation techniques (WP216).
    """

    SINGLING_OUT = "singling out"
    LINKABILITY = "linkability"
    INFERENCE = "inference"
    UTILITY = "utility"


@dataclass(frozen=True)
class Reason:
    """One thing that decides, or that somebody should know before they decide.

    Attributes:
        question: that it belongs to.
        answer: what follows from it; None for what decides nothing and should be known.
        text: in one sentence.
        place: id of the part of the page that has the evidence.
    """

    question: Question
    answer: Answer | None
    text: Label
    place: str


@dataclass(frozen=True)
class Verdict:
    """The answer to one question, or to all.

    Attributes:
        answer: no if anything stands against it, else that it cannot be told if anything that was
            asked for could not be, else yes.
        reasons: why; those that decide first.
        notes: what decides nothing and should be known.
    """

    answer: Answer
    reasons: tuple[Reason, ...]
    notes: tuple[Reason, ...]


def judge(reasons: Iterable[Reason]) -> Verdict:
    """Put reasons together."""
    found = tuple(reasons)
    weighing = [Answer.NO, Answer.CANNOT_TELL, Answer.YES]
    deciding = sorted(
        (one for one in found if one.answer is not None),
        key=lambda one: weighing.index(one.answer or Answer.YES),
    )
    answer = (deciding[0].answer or Answer.YES) if deciding else Answer.CANNOT_TELL
    shown = [one for one in deciding if one.answer is answer or one.answer is not Answer.YES]
    return Verdict(answer, tuple(shown), tuple(one for one in found if one.answer is None))
