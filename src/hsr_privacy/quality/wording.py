"""Wording: names of forms, groups of faults and figures, in both languages."""

from __future__ import annotations

from typing import Final

from hsr_privacy.documents import Label
from hsr_privacy.pages import NO_BREAK
from hsr_privacy.quality.kinds import Group

FORMS: Final = {
    "amk": Label(nb="AMK", en="Dispatch (AMK)"),
    "ambulance": Label(nb="Ambulanse", en="Ambulance"),
    "hospital": Label(nb="Sykehus", en="Hospital"),
    "register": Label(nb="Personopplysninger", en="Persons"),
    "": Label(nb="Ukjent", en="Unknown"),
}

GROUPS: Final = {
    Group.FILE: Label(nb="Filen", en="The file"),
    Group.PERSON: Label(nb="Hvem det gjelder", en="Whom it is about"),
    Group.TEXT: Label(nb="Fritekst", en="Free text"),
    Group.CELL: Label(nb="Koder og tall", en="Codes and numbers"),
    Group.TIME: Label(nb="Datoer og klokkeslett", en="Dates and times"),
    Group.RULE: Label(nb="Registerets regler", en="The register's rules"),
    Group.COPY: Label(nb="Levert to ganger", en="Delivered twice"),
    Group.LATE: Label(nb="Levert for sent", en="Delivered late"),
}
"""In the order of the page."""

SEVERITIES: Final = {
    "error": Label(nb="feil", en="wrong"),
    "warning": Label(nb="bør ses på", en="look at it"),
    "plausible": Label(nb="uvanlig, kan være riktig", en="unusual, may be right"),
}

BIN_NAMES: Final = {
    "0-30": Label(nb="innen 30 dager", en="within 30 days"),
    "31-90": Label(nb="31 til 90 dager", en="31 to 90 days"),
    "91-365": Label(nb="91 dager til ett år", en="91 days to a year"),
    "366-730": Label(nb="ett til to år", en="one to two years"),
    "731+": Label(nb="mer enn to år", en="more than two years"),
}


def percent(share: float | None, decimals: int = 1) -> Label:
    """A share of 0-1 as a percentage; what is not nothing is never shown as nothing."""
    if share is None:
        return Label(nb="–", en="–")
    least = 10.0**-decimals
    if 0 < share * 100 < least:
        text = f"<{NO_BREAK}{least:.{decimals}f}"
    elif share < 1 and share * 100 > 100 - least:
        text = f">{NO_BREAK}{100 - least:.{decimals}f}"
    else:
        text = f"{share * 100:.{decimals}f}"
    return Label(nb=f"{text.replace('.', ',')}{NO_BREAK}%", en=f"{text}%")
