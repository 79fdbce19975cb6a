"""Free text: what somebody writes into the field for comments, in which a name stands now and then."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.synthesis.arrests import BY_AMBULANCE, BY_BYSTANDER, Arrests
from hsr_privacy.synthesis.chance import Bools, Chance, Int64s

Texts = NDArray[np.str_]

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
    "", "", "", "Lang kjørevei på grunn av føret.", "Trang trapp, LUCAS fra start.",
    "Venter på svar fra lab.", "Pårørende ivaretatt.", "Pasient kjent fra før.",
)  # fmt: skip


def write_comments(arrests: Arrests, chance: Chance) -> Texts:
    """A comment for each arrest that fits what happened, shape (n,)."""
    a, size = arrests, len(arrests)
    where = _said(
        (_WHERE["home"], a.place == _HOME),
        (_WHERE["inside"], a.place >= _FIRST_INSIDE),
        (_WHERE["out"], np.ones(size, bool)),
        chance=chance,
    )
    how = _said(
        (_HOW["crew"], (a.witnessed == BY_AMBULANCE) & (a.place < _FIRST_INSIDE)),
        (_HOW["seen"], a.witnessed >= BY_BYSTANDER),
        (_HOW["found"], np.ones(size, bool)),
        chance=chance,
    )
    end = _said((_END["back"], a.rosc), (_END["none"], np.ones(size, bool)), chance=chance)
    more = np.array(_MORE)[chance.whole(0, len(_MORE) - 1, size)]
    # Somebody in a hurry leaves out a sentence or two.
    parts = [np.where(chance.yes(0.6, size), part, "") for part in (where, how, end, more)]
    text = parts[0]
    for part in parts[1:]:
        gap = np.where((text != "") & (part != ""), " ", "")
        text = np.char.add(np.char.add(text, gap), part)
    return np.where(text == "", "Ingen merknad.", text)


def _said(*choices: tuple[tuple[str, ...], Bools], chance: Chance) -> Texts:
    """For each arrest, one of the sentences of the first choice that fits it."""
    size = len(choices[0][1])
    luck: Int64s = chance.whole(0, 10**6, size)
    drawn = [np.array(sentences)[luck % len(sentences)] for sentences, _ in choices]
    said: Texts = np.select([fits for _, fits in choices], drawn, default="")
    return said
