"""Wording: what each expectation says to people, in bokmål and English."""

from __future__ import annotations

from typing import Any, Final

from hsr_privacy.documents import Label


def text(what: str, **values: Any) -> Label:
    """The sentence of an expectation, with its columns and limits."""
    nb, en = _TEXT[what]
    return Label(nb=nb.format(**values), en=en.format(**values))


_TEXT: Final = {
    "columns": (
        "kolonnene er nøyaktig de {n} som er ventet, i sin rekkefølge",
        "the columns are exactly the {n} that are expected, in their order",
    ),
    "declared": (
        "det er ingen andre kolonner enn de {n} som er oppgitt, og de står i sin rekkefølge",
        "there are no other columns than the {n} that were declared, and they stand in their order",
    ),
    "rows": ("tabellen har minst én rad", "the table has at least one row"),
    "type": ("'{column}' holder {nb}", "'{column}' holds {en}"),
    "not-null": ("'{column}' har alltid en verdi", "'{column}' always has a value"),
    "unique": (
        "ingen verdi i '{column}' forekommer to ganger",
        "no value of '{column}' stands twice",
    ),
    "codes": (
        "'{column}' holder bare koder fra sin kodeliste",
        "'{column}' holds only codes of its code list",
    ),
    "labels": (
        "'{column}' holder bare verdier fra sitt nivå",
        "'{column}' holds only values of its level",
    ),
    "pattern": ("'{column}' er skrevet i sin form", "'{column}' is written in its form"),
    "one-line": ("'{column}' står på én linje", "'{column}' stands on one line"),
    "readable": (
        "hver celle i '{column}' lar seg lese som {nb}",
        "every cell of '{column}' can be read as {en}",
    ),
    "range": (
        "'{column}' ligger mellom {min} og {max}",
        "'{column}' lies between {min} and {max}",
    ),
    "plausible": (
        "'{column}' ligger som regel mellom {min} og {max}",
        "'{column}' usually lies between {min} and {max}",
    ),
    "no-identifier": (
        "'{column}' holder ingen tall så lange som et fødselsnummer",
        "'{column}' holds no number as long as a national identifier",
    ),
    "table.no-identifier": (
        "ingen celle og ingen overskrift er et fødselsnummer eller en annen nasjonal identifikator",
        "no cell and no heading is a national identifier",
    ),
    "valid": (
        "'{column}' er et gyldig fødselsnummer, D-nummer eller hjelpenummer",
        "'{column}' is a valid national identifier",
    ),
    "check-symbols": (
        "kontrolltegnene i '{column}' stemmer",
        "the check symbols of '{column}' hold",
    ),
    "precision": (
        "'{column}' er ikke mer detaljert enn «{level}»",
        "'{column}' is no finer than “{level}”",
    ),
    "order": (
        "radene står i rekkefølgen til '{column}', som ikke sier noe",
        "the rows stand in the order of '{column}', which says nothing",
    ),
    "known-code": (
        "'{column}' er en kjent kode",
        "'{column}' is a known code",
    ),
    "in-order": (
        "'{first}' er ikke etter '{last}'",
        "'{first}' is not after '{last}'",
    ),
    "death": (
        "den som har en dødsårsak, har en dødsdato",
        "who has a cause of death has a date of death",
    ),
    "k": (
        "hver klasse har minst {k} person(er)",
        "every class holds at least {k} person(s)",
    ),
    "l": (
        "hver klasse har minst {l} ulike verdier av '{column}'",
        "every class holds at least {l} distinct value(s) of '{column}'",
    ),
}

HELD: Final = {
    "integer": Label(nb="hele tall", en="whole numbers"),
    "decimal": Label(nb="desimaltall", en="decimal numbers"),
    "text": Label(nb="tekst", en="text"),
    "date": Label(nb="datoer", en="dates"),
    "datetime": Label(nb="tidspunkter", en="date-times"),
    "binary": Label(nb="nøkler", en="keys"),
}
"""What a column holds, by our own words for it."""
