"""Free text: what somebody writes into the field for comments, in which a name stands now and then."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from hsr_privacy.synthesis.arrests import BY_AMBULANCE, BY_BYSTANDER, Arrests
from hsr_privacy.synthesis.chance import Bools, Chance, Int64s

_SAID: Final = 0.6
_HOME, _FIRST_INSIDE = 0, 11
_WHERE: Final = {
    "home": ("Funnet hjemme på badet.", "Kollapset hjemme.", "Funnet i seng av pårørende."),
    "out": ("Falt om på gata.", "Falt om under trening.", "Kollapset på butikk.", "Funnet i bil."),
    "inside": ("Funnet livløs i sengen ved runde.", "Kollapset på vei til bad.", "Stans under mobilisering."),
}  # fmt: skip
_HOW: Final = {
    "seen": ("Sett kollapse.", "Klaget over brystsmerter først.", "Krampet, deretter livløs."),
    "crew": ("Stans under transport.", "Stans mens vi tok EKG.", "Stans i båre, sjokkert straks."),
    "found": ("Usikkert når siste livstegn.", "Sist sett i live kvelden før.", "Funnet av nabo."),
}
_END: Final = {
    "back": ("ROSC før avreise.", "Puls tilbake, overlevert mottak.", "Overlevert akuttmottak med egensirkulasjon."),
    "none": ("Avsluttet på stedet i samråd med lege.", "Ingen effekt av tiltak.", "Erklært død av lege."),
}  # fmt: skip
_MORE: Final = (
    None, None, None, "Lang kjørevei på grunn av føret.", "Trang trapp, LUCAS fra start.",
    "Venter på svar fra lab.", "Pårørende ivaretatt.", "Pasient kjent fra før.",
)  # fmt: skip


def write_comments(arrests: Arrests, chance: Chance) -> pl.Series:
    """A comment for each arrest that fits what happened, shape (n,)."""
    a, size = arrests, len(arrests)
    everywhere = np.ones(size, bool)
    where = _said(
        (_WHERE["home"], a.place == _HOME),
        (_WHERE["inside"], a.place >= _FIRST_INSIDE),
        (_WHERE["out"], everywhere),
        chance=chance,
    )
    how = _said(
        (_HOW["crew"], (a.witnessed == BY_AMBULANCE) & (a.place < _FIRST_INSIDE)),
        (_HOW["seen"], a.witnessed >= BY_BYSTANDER),
        (_HOW["found"], everywhere),
        chance=chance,
    )
    end = _said((_END["back"], a.rosc), (_END["none"], everywhere), chance=chance)
    more = _said((_MORE, everywhere), chance=chance)
    # Somebody in a hurry leaves out a sentence or two.
    parts = {
        str(place): part.set(pl.Series(~chance.yes(_SAID, size)), None)
        for place, part in enumerate((where, how, end, more))
    }
    joined = pl.DataFrame(parts).select(
        pl.concat_str(pl.all(), separator=" ", ignore_nulls=True).alias("said")
    )["said"]
    return joined.set(joined == "", "Ingen merknad.")


def _said(*choices: tuple[tuple[str | None, ...], Bools], chance: Chance) -> pl.Series:
    """For each arrest, one of the sentences of the first choice that fits it."""
    luck: Int64s = chance.whole(0, 10**6, len(choices[0][1]))
    sentences = [sentence for some, _ in choices for sentence in some]
    first = np.cumsum([0, *(len(some) for some, _ in choices[:-1])])
    drawn = [start + luck % len(some) for start, (some, _) in zip(first, choices, strict=True)]
    which = np.select([fits for _, fits in choices], drawn)
    return pl.Series(sentences, dtype=pl.String).gather(which)
