"""Wording: what the names of steps, counts, gates and forms mean, in both languages."""

from __future__ import annotations

from typing import Final

from hsr_privacy.codebook import Type
from hsr_privacy.documents import Label
from hsr_privacy.project import Form


def _label(nb: str, en: str) -> Label:
    return Label(nb=nb, en=en)


STEPS: Final[dict[str, Label]] = {
    "read": _label("Leveranser", "Deliveries"),
    "identify": _label("Personer", "Persons"),
    "link": _label("Kobling", "Linkage"),
    "include": _label("Inklusjon i registeret", "Inclusion in the register"),
    "withdraw": _label("Personenes egne valg", "Choices of persons"),
    "select": _label("Utvalg", "Selection"),
    "pseudonymize person_lnr": _label("Løpenummer for personer", "Pseudonyms of persons"),
    "number person_lnr": _label("Løpenummer for personer", "Running numbers of persons"),
    "pseudonymize event_lnr": _label("Løpenummer for hendelser", "Pseudonyms of events"),
    "minutes since the call": _label("Minutter siden anrop", "Minutes since the call"),
    "generalize": _label("Grovere detaljnivå", "Generalization"),
    "protect": _label("Vern", "Protection"),
}

ABOUT: Final[dict[str, Label]] = {
    "read": _label(
        "Rader i det som ble levert, per skjema.", "Rows of what was delivered, per form."
    ),
    "identify": _label(
        "Hvem radene gjelder. Fra nå av har hver person en tilfeldig nøkkel i stedet for navn og "
        "nummer.",
        "Whom the rows are about. From here on, each person has a random key in place of name and "
        "number.",
    ),
    "link": _label(
        "Rader som gjelder samme hjertestans.", "Rows that are about the same cardiac arrest."
    ),
    "include": _label(
        "Hvilke hjertestans registeret omfatter, etter dets egne regler.",
        "Which arrests the register includes, by its own rules.",
    ),
    "withdraw": _label(
        "De som har bedt registeret om å bli holdt utenfor, ble merket på alle sine hendelser.",
        "Those who asked the register to be left out were marked on all their events.",
    ),
    "select": _label(
        "Først tas de ut som har valgt det, så det som ligger utenfor kohorten.",
        "First those are taken out who chose to be, then what lies outside the cohort.",
    ),
    "pseudonymize person_lnr": _label(
        "Nøkkelen ble byttet ut med et løpenummer som bare finnes i dette prosjektet.",
        "The key was replaced by a pseudonym that exists in this project only.",
    ),
    "number person_lnr": _label(
        "Nøkkelen ble byttet ut med et løpenummer som er trukket tilfeldig for dette prosjektet.",
        "The key was replaced by a running number that was drawn at random for this project.",
    ),
    "pseudonymize event_lnr": _label(
        "Hendelsene fikk løpenummer som bare finnes i dette prosjektet.",
        "The events got pseudonyms that exist in this project only.",
    ),
    "minutes since the call": _label(
        "Klokkeslett ble hele minutter siden anropet. Datoene er borte.",
        "Clock times became whole minutes since the call. The dates are gone.",
    ),
    "generalize": _label(
        "Variabler som alltid utleveres på det godkjente nivået.",
        "Variables that are always released on the approved level.",
    ),
    "protect": _label(
        "Det fineste nivået der hver gruppe er stor nok; rader som ikke passet noe sted, er fjernet.",
        "The finest levels on which every class is large enough; rows that fitted nowhere are gone.",
    ),
}

_COUNTS: Final[dict[str, Label]] = {
    "earlier identifiers of the same person": _label(
        "tidligere nummer, regnet som samme person", "earlier numbers, counted as the same person"
    ),
    "contradictory earlier identifiers": _label(
        "tidligere nummer som motsier hverandre, satt i karantene",
        "earlier numbers that contradict each other, in quarantine",
    ),
    "events of persons who chose to be left out": _label(
        "hendelser hos personer som har valgt å bli holdt utenfor",
        "events of persons who chose to be left out",
    ),
    "arrests of unidentified persons": _label(
        "hjertestans hos ukjente personer", "arrests of unidentified persons"
    ),
    "calls linked": _label("anrop koblet", "calls linked"),
    "calls without an ambulance record": _label(
        "anrop uten ambulanseskjema", "calls without an ambulance record"
    ),
    "hospital records linked to an arrest outside": _label(
        "sykehusskjema koblet til en stans utenfor sykehus",
        "hospital records linked to an arrest outside",
    ),
    "hospital records of arrests inside": _label(
        "sykehusskjema om stans inne på sykehus", "hospital records of arrests inside"
    ),
    "hospital records without an ambulance record": _label(
        "sykehusskjema uten ambulanseskjema", "hospital records without an ambulance record"
    ),
    "arrests told twice and merged": _label(
        "hjertestans meldt to ganger, slått sammen", "arrests told twice and merged"
    ),
    "clock times that do not exist": _label(
        "klokkeslett som ikke finnes, fjernet", "clock times that do not exist, removed"
    ),
    "arrests": _label("hjertestans", "arrests"),
    "arrests included": _label("hjertestans i registeret", "arrests included"),
    "events in the register": _label("hendelser i registeret", "events in the register"),
    "events in the cohort": _label("hendelser i kohorten", "events in the cohort"),
    "variables granted": _label("variabler innvilget", "variables granted"),
    "distinct": _label("ulike", "distinct"),
    "columns": _label("kolonner", "columns"),
    "rows in": _label("rader inn", "rows in"),
    "rows suppressed": _label("rader fjernet", "rows removed"),
    "cells suppressed": _label("enkeltverdier fjernet", "single values removed"),
    "classes": _label("grupper", "classes"),
    "smallest class": _label("personer i den minste gruppen", "persons in the smallest class"),
    "cells searched": _label("celler gjennomsøkt", "cells searched"),
    "approved": _label("godkjente variabler", "approved variables"),
    "from": _label("fra", "from"),
    "to": _label("til", "to"),
    "earlier releases compared": _label(
        "tidligere utleveringer sammenlignet", "earlier releases compared"
    ),
    "earlier releases not compared": _label(
        "tidligere utleveringer som ikke kan sammenlignes", "earlier releases not compared"
    ),
    "differences that block": _label("forskjeller som stanser", "differences that block"),
    "differences to accept": _label("forskjeller som må godtas", "differences to accept"),
    "differences told": _label("forskjeller til orientering", "differences told"),
    "persons left out": _label("personer utelatt", "persons left out"),
    "their events left": _label(
        "av hendelsene deres i uttrekket", "of their events in the extract"
    ),
    "expectations": _label("regler", "rules"),
    "failed": _label("brutt", "broken"),
    "k": _label("k", "k"),
    "events": _label("hendelser", "events"),
    "persons": _label("personer", "persons"),
}

_LEFT_OUT: Final[dict[str, Label]] = {
    "reservasjon": _label("reservert seg mot registeret", "reserved against the register"),
    "sperret": _label("opplysningene er sperret", "use of the data restricted"),
    "slettet": _label("sletting innvilget", "deletion granted"),
    "samtykke": _label("ikke samtykket", "consent not given"),
    "not in the cohort": _label("utenfor kohorten", "not in the cohort"),
    "no time of the arrest": _label("uten tidspunkt for stans", "no time of the arrest"),
    "before the register began": _label("før registeret begynte", "before the register began"),
    "outside hospital before 2021, treatment not started": _label(
        "utenfor sykehus før 2021, behandling ikke startet",
        "outside hospital before 2021, treatment not started",
    ),
    "inside hospital, treatment not started": _label(
        "inne på sykehus, behandling ikke startet", "inside hospital, treatment not started"
    ),
    "inside hospital, circulation before the team, no shock, compressions not over 30 s": _label(
        "inne på sykehus, egensirkulasjon før teamet, ikke sjokk, ikke over 30\u00a0s kompresjoner",
        "inside hospital, circulation before the team, no shock, compressions not over 30 s",
    ),
}

_OF_FORM: Final = (
    (" rows with a person", _label("med kjent person", "with a known person")),
    (
        " rows without a usable identifier",
        _label("uten brukbart nummer", "without a usable number"),
    ),
    (" rows", _label("rader", "rows")),
)
FORMS: Final[dict[str, Label]] = {
    "amk": _label("AMK", "Dispatch (AMK)"),
    "ambulance": _label("Ambulanse", "Ambulance"),
    "hospital": _label("Sykehus", "Hospital"),
    "register": _label("Personopplysninger", "Persons"),
}

BECAME: Final[dict[Form, Label]] = {
    Form.KEPT: _label("uendret", "unchanged"),
    Form.GENERALIZED: _label("gjort grovere, likt for alle", "made coarser, alike for everybody"),
    Form.PROTECTED: _label("vernet i grupper", "protected in classes"),
    Form.MINUTES: _label("hele minutter siden anropet", "whole minutes since the call"),
    Form.PSEUDONYM: _label(
        "løpenummer som bare gjelder i dette prosjektet", "pseudonym of this project only"
    ),
}

LATER_GATES: Final[dict[str, tuple[Label, Label]]] = {
    "G8": (
        _label("fire øyne", "four eyes"),
        _label(
            "minst én annen enn den som laget pakken, har gjennomgått den, og en annen enn den som laget "
            "den, har godkjent den",
            "at least one other person than who made the package has reviewed it, and somebody who did "
            "not make it has approved it",
        ),
    ),
    "G9": (
        _label("forseglet til mottakeren", "sealed to the recipient"),
        _label(
            "pakken kan bare åpnes av mottakeren, og ingen fil er endret siden godkjenningen",
            "only the recipient can open the package, and no file was changed since the approval",
        ),
    ),
    "G10": (
        _label("ført i utleveringsregisteret", "entered in the disclosure register"),
        _label(
            "hva som gikk til hvem, på hvilket grunnlag og til når",
            "what went to whom, on what ground and until when",
        ),
    ),
}
"""The gates of the handing over: what each guards, and what it will look at."""

TYPES: Final[dict[Type, Label]] = {
    Type.INTEGER: _label("heltall", "whole number"),
    Type.DECIMAL: _label("desimaltall", "decimal number"),
    Type.CODE: _label("kode", "code"),
    Type.TEXT: _label("tekst", "text"),
    Type.DATE: _label("dato", "date"),
    Type.DATETIME: _label("klokkeslett", "clock time"),
}


def step_label(name: str) -> Label:
    """What a step is called; a name without words is its own."""
    return STEPS.get(name) or _label(name, name)


def count_label(name: str) -> Label:
    """What was counted; a name without words is its own."""
    reason = name.removeprefix("left out: ")
    if reason != name:
        return _LEFT_OUT.get(reason) or _label(reason, reason)
    for ending, words in _OF_FORM:
        form = FORMS.get(name.removesuffix(ending))
        if form is not None and name.endswith(ending):
            return _label(f"{form.nb}: {words.nb}", f"{form.en}: {words.en}")
    return _COUNTS.get(name) or _label(name, name)


def form_label(name: str) -> Label:
    """What a delivered form is called."""
    return FORMS.get(name) or _label(name, name)
