"""What a comparison says of itself, in both languages."""

from __future__ import annotations

from hsr_privacy.composition.combining import Combined
from hsr_privacy.composition.subtracting import Subtracted
from hsr_privacy.documents import Label


def cohorts(added: int, gone: int, both: int, releases: int) -> Label:
    """How many persons are in one only, and in both."""
    nb, en = ("den tidligere utleveringen", "the earlier release")
    if releases > 1:
        nb = f"mottakerens {releases} tidligere utleveringer til sammen"
        en = f"the recipient's {releases} earlier releases together"
    return Label(
        nb=f"{added} person(er) er bare i den nye, {gone} bare i {nb}, og {both} i begge.",
        en=f"{added} person(s) are in the new one only, {gone} only in {en}, and {both} in both.",
    )


def candidates(persons: int, minimum: int, anew: int, k: int) -> Label:
    """How many candidates are left, and for how many persons too few."""
    return Label(
        nb=f"{persons} person(er) er også i en tidligere utlevering. Holdt sammen står den som er "
        f"lettest å finne, igjen blant {minimum}. For {anew} blir det færre enn {k} først når "
        "utleveringene holdes sammen.",
        en=f"{persons} person(s) are in an earlier release too. Held together, the one who is "
        f"easiest to find is left among {minimum}. For {anew} there are fewer than {k} only when "
        "the releases are held together.",
    )


def values(column: str, persons: int, anew: int) -> Label:
    """How many persons have one value left in a sensitive column."""
    return Label(
        nb=f"For {persons} person(er) står bare én verdi av «{column}» igjen; for {anew} av dem først "
        "når utleveringene holdes sammen.",
        en=f"For {persons} person(s) one value of '{column}' is left; for {anew} of them only when "
        "the releases are held together.",
    )


def subtraction(found: Subtracted, k: int) -> Label:
    """How many small cells a subtraction shows."""
    return Label(
        nb=f"{found.tables} tabell(er) kan trekkes fra hverandre. Forskjellen viser "
        f"{found.recognizing_cells} celle(r) av kjennetegn med færre enn {k} personer som ingen av "
        f"utleveringene viser, og {found.telling_cells} med en følsom opplysning.",
        en=f"{found.tables} table(s) can be subtracted. The difference shows "
        f"{found.recognizing_cells} cell(s) of quasi-identifiers with fewer than {k} persons that "
        f"neither release shows, and {found.telling_cells} with a sensitive value.",
    )


def combinations(found: Combined, k: int) -> Label:
    """How many small cells sums of three or more releases show, and what was not tried."""
    cells = found.cells
    nb = (
        f"{found.sets} sett av tre til seks utleveringer er prøvd lagt sammen og trukket fra "
        f"hverandre. {found.combinations} regnestykke(r) lar bare få personer, eller én gruppe, stå "
        f"igjen. De viser {cells.recognizing_cells} celle(r) av kjennetegn med færre enn {k} "
        f"personer som ingen av utleveringene viser, og {cells.telling_cells} med en følsom "
        "opplysning."
    )
    en = (
        f"{found.sets} set(s) of three to six releases were added and subtracted. "
        f"{found.combinations} sum(s) leave a few persons, or one group. They show "
        f"{cells.recognizing_cells} cell(s) of quasi-identifiers with fewer than {k} persons that "
        f"none of the releases shows, and {cells.telling_cells} with a sensitive value."
    )
    if found.sets_left:
        nb += f" {found.sets_left} sett til er ikke prøvd."
        en += f" {found.sets_left} more set(s) were not tried."
    if found.combinations_left:
        nb += f" {found.combinations_left} regnestykke(r) er ikke regnet ut."
        en += f" {found.combinations_left} sum(s) were not worked out."
    return Label(nb=nb, en=en)


def not_compared(case_number: str) -> Label:
    """That a release knows its persons by other tags."""
    return Label(
        nb=f"Utleveringen for {case_number} kan ikke sammenlignes: den kjenner personene under andre "
        "merker (bare pseudonymene i et annet prosjekt, eller en annen nøkkel). Ingenting er vist, "
        "verken godt eller dårlig.",
        en=f"The release for {case_number} cannot be compared: it knows its persons by other tags "
        "(another project's pseudonyms alone, or another key). Nothing is shown, good or bad.",
    )
