"""A letter, made of plain values."""

from __future__ import annotations

import datetime as dt

from hsr_privacy.documents import Label
from hsr_privacy.letters import (
    Became,
    LetterAnalysis,
    LetterCommand,
    LetterContent,
    LetterDecision,
    LetterFile,
    LetterMissing,
    LetterRows,
    LetterVariable,
    consequence,
)


def label(nb: str, en: str | None = None) -> Label:
    return Label(nb=nb, en=en or nb)


YEARS, TENS = label("hele år", "single years"), label("tiårsgrupper", "ten-year bands")

AGE = LetterVariable(
    name="alder",
    label=label("Alder", "Age"),
    applied=YEARS,
    approved=TENS,
    delivered=TENS,
    verdict=label("enkeltverdier fjernet", "single values removed"),
    is_less=True,
    reason="Ten years are enough.",
    because=label("32 av 900 verdier er fjernet", "32 of 900 values are removed"),
    cells_removed=32,
    consequence=consequence(Became.BANDS),
)
SEX = LetterVariable(
    name="kjonn",
    label=label("Kjønn", "Sex"),
    applied=label("hver kode", "each code"),
    approved=label("hver kode", "each code"),
    delivered=label("hver kode", "each code"),
    verdict=label("som godkjent", "as approved"),
)
DEATH = LetterVariable(
    name="dodsdato",
    label=label("Dødsdato", "Date of death"),
    applied=label("uten nevnt detalj", "no detail named"),
    approved=None,
    delivered=None,
    verdict=label("avslått", "refused"),
    is_less=True,
    reason="It stands in the obituary.",
)

LETTER = LetterContent(
    release="hds-2026-0417-1a2b3c4d",
    case_number="HDS-2026-0417",
    title="Bystander resuscitation",
    leader="Kari Eksempel",
    institution="Universitetet i Eksempelby",
    recipient="Institutt for klinisk medisin",
    channel="TSD",
    day=dt.date(2026, 11, 23),
    is_trial=True,
    purpose=label("forskning på årsaker", "research on causes"),
    purpose_text="Does it help?",
    decisions=(LetterDecision(label("REK"), "2026/1203", dt.date(2026, 1, 20)),),
    cohort=(label("Personer som var minst 18 år.", "Persons who were at least 18 years old."),),
    rows=LetterRows(900, 870, 100, 98, 5, 0.12, "fjernede_verdier"),
    variables=(SEX, AGE, DEATH),
    analyses=(
        LetterAnalysis(
            label("I live etter 30 dager", "Alive after 30 days"),
            label("Alle 3 tall: uendret.", "All 3 figures: unchanged."),
            ((label("Helse Nord"), label("Annen konklusjon.", "Other conclusion.")),),
        ),
    ),
    missing=(
        LetterMissing("", ".", label("Ikke registrert", "Not recorded")),
        LetterMissing("998", ".b", label("Fjernet", "Removed")),
    ),
    files=(LetterFile("data/extract.csv", label("dataene", "the data")),),
    commands=(
        LetterCommand(label("Se hvem som laget den:", "See who made it:"), "hsr verify PACKAGE"),
    ),
    valid_to=dt.date(2036, 12, 31),
    deletion_date=dt.date(2037, 6, 30),
    contact="Hjertestansregisteret",
)
