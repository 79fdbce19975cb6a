"""Free text: what somebody writes into the field for comments of a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from hsr_privacy.codebook import Source
from hsr_privacy.synthesis.arrests import BY_AMBULANCE, BY_BYSTANDER, YES, Arrests
from hsr_privacy.synthesis.chance import Bools, Chance, Int64s

_SAID: Final = 0.6
_HOME, _ROAD = 0, 5
Sentences = tuple[str | None, ...]

_WHERE: Final[Mapping[str, Sentences]] = {
    "home": ("Kollapset hjemme på badet.", "Kollapset hjemme.", "Livløs i senga hjemme."),
    "road": ("Stans i bil.", "Falt om på fortauet.", "Stans på bussen."),
    "out": ("Falt om ute.", "Kollapset ute blant folk.", "Livløs da hjelpen kom."),
    "inside": ("Livløs i senga ved runde.", "Kollapset på vei til bad.", "Stans under mobilisering."),
}  # fmt: skip
_HOW: Final[Mapping[str, Sentences]] = {
    "seen": ("Sett kollapse.", "Klaget over brystsmerter først.", "Krampet, deretter livløs."),
    "crew": ("Stans under transport.", "Stans mens vi tok EKG.", "Stans i båre."),
    "found": (
        "Usikkert når siste livstegn.",
        "Sist sett i live kvelden før.",
        "Ingen så det skje.",
    ),
    "staff": ("Pleier til stede.", "Alarm fra overvåkingen.", "Medpasient varslet."),
}
_CALL: Final[Mapping[str, Sentences]] = {
    "guided": ("Veiledet i HLR til ambulansen kom.", "Innringer teller kompresjoner sammen med AMK."),
    "known": ("Innringer sier bevisstløs og puster ikke.", "Puster ikke normalt."),
    "unclear": ("Uklart om pasienten puster.", "Innringer får ikke snudd pasienten.", "Språkvansker."),
    "crew": ("Ambulansen er alt hos pasienten.", "Melding fra bilen om stans."),
}  # fmt: skip
_END: Final[Mapping[str, Sentences]] = {
    "back": ("ROSC før avreise.", "Puls tilbake, overlevert mottak.", "Overlevert med egensirkulasjon."),
    "driven": ("Pågående HLR under transport.", "Overlevert med LUCAS i gang."),
    "dead": ("Avsluttet på stedet i samråd med lege.", "Ingen effekt av tiltak.", "Erklært død på stedet."),
    "untried": ("HLR ikke startet.", "Sikre dødstegn eller HLR minus, ikke forsøkt."),
    "admitted": ("Innlagt intensiv.", "Rett til angiografi.", "Innlagt, kjølt."),
    "lost": ("Erklært død i mottak.", "HLR avsluttet i mottak."),
    "team back": ("ROSC, flyttet til intensiv.", "Puls etter få minutter, overvåkes."),
    "team none": ("Avsluttet av stansteamet.", "Ingen effekt av tiltak."),
}  # fmt: skip
_MORE: Final[Mapping[str, Sentences]] = {
    "amk": (None, None, None, "Første bil opptatt.", "Ringte tilbake."),
    "ambulance": (None, None, None, "Lang kjørevei på grunn av føret.", "Trang trapp, LUCAS fra start."),
    "hospital": (None, None, None, "Venter på svar fra lab.", "Pårørende ivaretatt.", "Kjent fra før."),
}  # fmt: skip


@dataclass(frozen=True)
class Story:
    """What is told of an arrest in the same words by all who tell it: one number each."""

    where: Int64s
    how: Int64s

    @classmethod
    def draw(cls, size: int, chance: Chance) -> Story:
        """The words of so many arrests."""
        return cls(chance.whole(0, 10**6, size), chance.whole(0, 10**6, size))

    def taken(self, rows: Int64s) -> Story:
        """Those of some arrests."""
        return Story(self.where[rows], self.how[rows])


def write_comments(
    form: Source, arrests: Arrests, outside: Bools, story: Story, chance: Chance
) -> pl.Series:
    """A comment for each record that fits what happened, and whose form it is.

    Args:
        form: whose.
        arrests: of each record, shape (n,).
        outside: whether it was outside hospital.
        story: of each.
        chance: where randomness comes from.
    """
    a, size = arrests, len(arrests)
    crew = (a.witnessed == BY_AMBULANCE) & outside
    always = np.ones(size, bool)
    if form is Source.AMK:
        parts = [
            _said(
                chance.whole(0, 10**6, size),
                (_CALL["crew"], crew),
                (_CALL["guided"], a.guided == YES),
                (_CALL["known"], a.recognized == YES),
                (_CALL["unclear"], always),
            )
        ]
    else:
        parts = [
            _said(
                story.where,
                ((None,), crew),
                (_WHERE["inside"], ~outside),
                (_WHERE["home"], a.place == _HOME),
                (_WHERE["road"], a.place == _ROAD),
                (_WHERE["out"], always),
            ),
            _said(
                story.how,
                (_HOW["crew"], crew),
                (_HOW["staff"], ~outside & (a.witnessed == BY_AMBULANCE)),
                (_HOW["seen"], a.witnessed >= BY_BYSTANDER),
                (_HOW["found"], always),
            ),
            _ended(form, a, outside, chance),
        ]
    parts.append(_said(chance.whole(0, 10**6, size), (_MORE[str(form)], always)))
    # Somebody in a hurry leaves out a sentence or two.
    told = {
        str(place): part.set(pl.Series(~chance.yes(_SAID, size)), None)
        for place, part in enumerate(parts)
    }
    joined = pl.DataFrame(told).select(
        pl.concat_str(pl.all(), separator=" ", ignore_nulls=True).alias("said")
    )["said"]
    return joined.set(joined == "", "Ingen merknad.")


def _ended(form: Source, a: Arrests, outside: Bools, chance: Chance) -> pl.Series:
    """How it ended, as far as this form knows."""
    always = np.ones(len(a), bool)
    luck = chance.whole(0, 10**6, len(a))
    if form is Source.AMBULANCE:
        return _said(
            luck,
            (_END["untried"], ~a.attempted),
            (_END["back"], a.arrives),
            (_END["driven"], a.transported),
            (_END["dead"], always),
        )
    return _said(
        luck,
        (_END["team back"], ~outside & a.rosc),
        (_END["team none"], ~outside),
        (_END["admitted"], a.admitted),
        (_END["lost"], always),
    )


def _said(luck: Int64s, *choices: tuple[Sentences, Bools]) -> pl.Series:
    """For each record, one of the sentences of the first choice that fits it."""
    sentences = [sentence for some, _ in choices for sentence in some]
    first = np.cumsum([0, *(len(some) for some, _ in choices[:-1])])
    drawn = [start + luck % len(some) for start, (some, _) in zip(first, choices, strict=True)]
    which = np.select([fits for _, fits in choices], drawn)
    return pl.Series(sentences, dtype=pl.String).gather(which)
