"""Wording: what the answers and the questions of an audit are called, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hsr_privacy.auditing.verdict import Answer, Question
from hsr_privacy.documents import Label


@dataclass(frozen=True)
class Sign:
    """How an answer looks: a sign that needs no colour, and the page's classes for it."""

    sign: str
    box: str
    word: str


SIGNS: Final = {
    Answer.YES: Sign("✓", "yes", "ok"),
    Answer.NO: Sign("✕", "no", "fault"),
    Answer.CANNOT_TELL: Sign("?", "open", "warning"),
}

HEADLINES: Final = {
    Answer.YES: Label(nb="Innenfor grensene som er satt.", en="Within the limits that were set."),
    Answer.NO: Label(
        nb="Ikke innenfor grensene: dette uttrekket bør ikke ut av huset.",
        en="Not within the limits: this extract should not leave the house.",
    ),
    Answer.CANNOT_TELL: Label(
        nb="Tallene kan ikke avgjøre det: noe må en person vurdere.",
        en="The figures cannot tell: a person must judge something.",
    ),
}


@dataclass(frozen=True)
class Heading:
    """A question, and what is meant by it."""

    name: Label
    means: Label


QUESTIONS: Final = {
    Question.SINGLING_OUT: Heading(
        Label(nb="Kan noen pekes ut?", en="Can somebody be singled out?"),
        Label(
            nb="Å skille én persons rad fra alle andres.",
            en="To tell one person's row from everybody else's.",
        ),
    ),
    Question.LINKABILITY: Heading(
        Label(nb="Kan rader kobles?", en="Can records be linked?"),
        Label(
            nb="Å koble en rad til en person i en annen kilde, eller to uttrekk til hverandre.",
            en="To link a row to a person of another source, or two extracts to each other.",
        ),
    ),
    Question.INFERENCE: Heading(
        Label(nb="Kan noe utledes?", en="Can something be inferred?"),
        Label(
            nb="Å få vite noe om en person uten å finne raden.",
            en="To learn something about a person without finding the row.",
        ),
    ),
    Question.UTILITY: Heading(
        Label(nb="Er det fortsatt nyttig?", en="Is it still of use?"),
        Label(
            nb="Det fjerde spørsmålet: hva vernet kostet dem som skal bruke dataene.",
            en="The fourth question: what protection cost those who will use the data.",
        ),
    ),
}

NEWS_PARTS: Final = {
    "date": Label(nb="dagen", en="the day"),
    "municipality": Label(nb="kommunen", en="the municipality"),
    "place": Label(nb="stedet", en="the place"),
    "age": Label(nb="alderen", en="the age"),
    "outcome": Label(nb="hvordan det gikk", en="the outcome"),
}
