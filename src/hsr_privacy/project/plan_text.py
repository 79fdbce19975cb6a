"""The plan in plain words: who gets what, what becomes of each variable, and how persons are protected."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

from hsr_privacy.codebook import EventType
from hsr_privacy.documents import Label
from hsr_privacy.project.applied_text import applied_text
from hsr_privacy.project.lines import WIDTH, Say, bullet, field, heading, paragraph, told
from hsr_privacy.project.model import PURPOSES, Pseudonyms
from hsr_privacy.project.plan import Fate, Language, Plan, Treated
from hsr_privacy.project.wording import DEGREES, EVENT_TYPES, GROUNDS, RECIPIENTS, WITHOUT

_NAME: Final = 28


def plan_text(plan: Plan, language: Language) -> str:
    """The plan in plain words, in lines of at most 92 characters."""

    def say(nb: str, en: str) -> str:
        return nb if language == "nb" else en

    parts = (_opening, _project, _cohort, _applied, _variables, _protection, _deadlines)
    return "\n\n".join("\n".join(part(plan, say)) for part in parts) + "\n"


def _opening(plan: Plan, say: Say) -> Iterator[str]:
    project = plan.project
    yield say("Plan for utlevering", "Plan of a release") + f" · {project.case_number}"
    yield from textwrap.wrap(project.title, WIDTH)
    yield ""
    yield from paragraph(
        say(
            "Ingenting er gjort, og ingen data er lest. Slik ville en utlevering bli.",
            "Nothing has been done, and no data were read. This is what a release would be.",
        )
    )
    if project.environment == "test":
        yield from paragraph(
            say(
                "Prosjektet gjelder simulerte data: personene finnes ikke.",
                "The project is for simulated data: these persons do not exist.",
            )
        )


def _project(plan: Plan, say: Say) -> Iterator[str]:
    project, basis = plan.project, plan.project.legal_basis
    yield heading(
        say("Hvem som mottar, og på hvilket grunnlag", "Who receives, and on what ground")
    )
    kind = told(RECIPIENTS[project.recipient.type], say)
    yield from field(
        say("Mottaker", "Recipient"),
        f"{project.recipient.name} ({kind}, {project.recipient.country}), "
        + say("levert i ", "delivered in ")
        + project.recipient.channel,
    )
    yield from field(say("Formål", "Purpose"), told(PURPOSES[project.purpose], say))
    yield from field("", project.purpose_text)
    yield from field(
        say("Rettsgrunnlag", "Legal basis"),
        f"{basis.national}; "
        + say("personvernforordningen", "GDPR")
        + f" art. 6 (1) {basis.gdpr6}, 9 (2) {basis.gdpr9}",
    )
    yield from field(
        say("Taushetsplikt", "Confidentiality"), told(GROUNDS[basis.confidentiality], say)
    )
    yield from field(
        say("Identifiserbarhet", "Identifiability"),
        told(DEGREES[project.identification_degree], say),
    )


def _cohort(plan: Plan, say: Say) -> Iterator[str]:
    cohort = plan.project.cohort
    yield heading(say("Hvem som er med", "Who is in it"))
    types = say(" og ", " and ").join(
        told(EVENT_TYPES[EventType(name)], say) for name in cohort.event_types
    )
    yield from bullet(
        say("Hjertestans ", "Cardiac arrests ")
        + types
        + say(" fra og med ", " from ")
        + f"{cohort.first_day}"
        + say(" til og med ", " to ")
        + f"{cohort.last_day}"
        + say(".", ", both days included.")
    )
    if cohort.min_age is not None:
        yield from bullet(
            say(
                f"Personer som var minst {cohort.min_age} år.",
                f"Persons who were at least {cohort.min_age} years old.",
            )
        )
    if cohort.max_age is not None:
        yield from bullet(
            say(
                f"Personer som var høyst {cohort.max_age} år.",
                f"Persons who were at most {cohort.max_age} years old.",
            )
        )
    for condition in plan.conditions:
        yield from bullet(told(condition, say))
    for choice in plan.project.legal_basis.honour:
        yield from bullet(told(WITHOUT[choice], say))


_HEADINGS: Final[dict[Fate, tuple[Label, Label]]] = {
    Fate.PSEUDONYM: (
        Label(nb="Løpenummer", en="Pseudonyms"),
        Label(
            nb="Bare for dette prosjektet: likt i hver leveranse hit, uten sammenheng med andre prosjekters.",
            en="Of this project only: the same in every delivery to it, unrelated to those of others.",
        ),
    ),
    Fate.KEPT: (
        Label(nb="Utleveres som registrert", en="Released as recorded"),
        Label(nb="", en=""),
    ),
    Fate.GENERALIZED: (
        Label(nb="Gjøres grovere, likt for alle", en="Made coarser, alike for everybody"),
        Label(nb="", en=""),
    ),
    Fate.PROTECTED: (
        Label(nb="Vernes i grupper", en="Protected in classes"),
        Label(
            nb="Aldri finere enn det første nivået; grovere (→) der gruppene ellers ville bli for små, "
            "og til slutt fjernet.",
            en="Never finer than the first level; coarser (→) where classes would be too small, and "
            "removed in the end.",
        ),
    ),
    Fate.MINUTES: (
        Label(nb="Blir minutter siden anropet", en="Become minutes since the call"),
        Label(
            nb="Hele minutter; der det ikke var noe anrop, siden hjertestansen. Klokkeslett og dato forsvinner.",
            en="Whole minutes; where there was no call, since the arrest. Clock and date are gone.",
        ),
    ),
    Fate.USED: (
        Label(nb="Brukes underveis og utleveres ikke", en="Used on the way, and not released"),
        Label(nb="", en=""),
    ),
    Fate.REFUSED: (
        Label(nb="Søkt om og avslått, utleveres ikke", en="Applied for and refused, not released"),
        Label(nb="", en=""),
    ),
    Fate.NOT_APPLIED_FOR: (
        Label(nb="Ikke søkt om, utleveres ikke", en="Not applied for, not released"),
        Label(nb="", en=""),
    ),
    Fate.NEVER: (
        Label(nb="Utleveres aldri", en="Never released"),
        Label(
            nb="Det som identifiserer direkte, og det som bare finnes for registerets egen bruk.",
            en="What identifies directly, and what is there for the register's own use only.",
        ),
    ),
}


def _applied(plan: Plan, say: Say) -> Iterator[str]:
    yield from applied_text(plan.applied, say)


def _variables(plan: Plan, say: Say) -> Iterator[str]:
    count = len(plan.variables)
    yield heading(
        say(
            f"Hva det blir av registerets {count} variabler",
            f"What becomes of the register's {count} variables",
        )
    )
    first = True
    for fate in Fate:
        found = plan.with_fate(fate)
        if not found:
            continue
        name, about = _HEADINGS[fate]
        if not first:
            yield ""
        first = False
        yield f"{told(name, say)} ({len(found)})"
        if told(about, say):
            yield from paragraph(told(about, say))
        for one in found:
            yield from _row(one, say)


def _row(one: Treated, say: Say) -> Iterator[str]:
    text = told(one.variable.label, say)
    if one.words is not None:
        text += f": {told(one.words, say)}"
    yield from textwrap.wrap(
        text,
        WIDTH,
        initial_indent=f"  {one.variable.name:<{_NAME}}",
        subsequent_indent=" " * (_NAME + 2),
    )


def _protection(plan: Plan, say: Say) -> Iterator[str]:
    limits = plan.project.privacy
    protected = len(plan.with_fate(Fate.PROTECTED))
    yield heading(say("Hvordan personene vernes", "How persons are protected"))
    if not protected:
        yield from bullet(
            say(
                "Det er ikke søkt om noen variabel som noen kan kjennes igjen på; alle er i én gruppe.",
                "No variable by which somebody could be recognized is applied for; all are in one class.",
            )
        )
    yield from bullet(
        say(
            f"k = {limits.k}: minst {limits.k} personer deler hver kombinasjon av det som vernes i "
            f"grupper ({protected}). Personer telles, ikke hendelser, og en manglende verdi er en "
            "verdi for seg.",
            f"k = {limits.k}: at least {limits.k} persons share each combination of what is "
            f"protected in classes ({protected}). Persons are counted, not events, and a missing "
            "value is a value of its own.",
        )
    )
    for name, least in limits.l.items():
        label = told(_variable(plan, name).variable.label, say)
        yield from bullet(
            say(
                f"l = {least}: i hver gruppe har «{label}» minst {least} ulike verdier, så gruppen "
                "alene ikke røper verdien.",
                f"l = {least}: in each class, “{label}” takes at least {least} values, so that the "
                "class alone does not give the value away.",
            )
        )
    if protected:
        yield from bullet(_method(limits.method, say))
    if limits.scenarios:
        names = ", ".join(limits.scenarios)
        yield from bullet(
            say(
                f"Uttrekket skal også tåle angripere med en egen k: {names}.",
                f"The extract must also withstand attackers with a k of their own: {names}.",
            )
        )
    yield from bullet(_budget(limits.max_suppressed, say))
    if limits.weights:
        weights = ", ".join(
            f"{told(_variable(plan, name).variable.label, say)} ({weight:g})"
            for name, weight in sorted(limits.weights.items(), key=lambda item: -item[1])
        )
        yield from bullet(
            say(
                f"Det som er mest verdt, blir gjort grovere sist: {weights}; alt annet (1).",
                f"What is worth most is made coarser last: {weights}; everything else (1).",
            )
        )
    yield from bullet(_pseudonyms(plan.project.pseudonyms, say))


def _method(method: str, say: Say) -> str:
    """What gives way where classes would be too small."""
    if method == "full-domain":
        return say(
            "Hver variabel får ett nivå for alle, og ingen enkeltverdier fjernes.",
            "Each variable gets one level for everybody, and no single values are removed.",
        )
    if method == "cells":
        return say(
            "Ingen variabel gjøres grovere enn godkjent; enkeltverdier fjernes (998) der gruppene "
            "ellers ville bli for små, og en kolonne sier hvilke.",
            "No variable is made coarser than approved; single values are removed (998) where "
            "classes would be too small, and a column says which.",
        )
    return say(
        "Hver variabel får ett nivå for alle; der det koster mindre enn et grovere nivå, fjernes "
        "enkeltverdier (998), og en kolonne sier hvilke.",
        "Each variable gets one level for everybody; where that costs less than a coarser level, "
        "single values are removed (998), and a column says which.",
    )


def _pseudonyms(made: Pseudonyms, say: Say) -> str:
    """Who could undo them, plainly."""
    if made.persons == "running-number":
        return say(
            "Personene får løpenummer på ni siffer, trukket tilfeldig. Registeret husker hvem som "
            "har hvilket, til prosjektets nøkkel slettes.",
            "Persons get running numbers of nine digits, drawn at random. The register remembers "
            "whose they are until the project's key is destroyed.",
        )
    if made.algorithm == "aes256-cmac":
        return say(
            "Pseudonymene lages med AES-256-CMAC av en tilfeldig nøkkel per person: den som har "
            "prosjektets nøkkel, kan regne tilbake til personnøkkelen, og bare den.",
            "Pseudonyms are made by AES-256-CMAC of a random key per person: whoever has the "
            "project's key can compute the person key back, and nobody else can.",
        )
    return say(
        "Pseudonymene lages med HMAC-SHA-256 av en tilfeldig nøkkel per person.",
        "Pseudonyms are made by HMAC-SHA-256 of a random key per person.",
    )


def _budget(share: float, say: Say) -> str:
    percent = f"{share * 100:.4g}"
    if share == 0:
        return say(
            "Ingen hendelse kan fjernes for å nå dit. Er det ikke nok, blir svaret nei.",
            "No event may be removed to get there. If that is not enough, the answer is no.",
        )
    return say(
        f"Høyst {percent.replace('.', ',')} % av hendelsene kan fjernes for å nå dit. Er det ikke "
        "nok, blir svaret nei.",
        f"At most {percent}% of the events may be removed to get there. If that is not enough, the "
        "answer is no.",
    )


def _deadlines(plan: Plan, say: Say) -> Iterator[str]:
    project = plan.project
    yield heading(say("Frister", "Deadlines"))
    yield from field(
        say("Gyldig", "Valid"), f"{project.valid_from} " + say("til", "to") + f" {project.valid_to}"
    )
    yield from field(say("Prosjektet slutter", "Project ends"), f"{project.project_end}")
    yield from field(say("Skal slettes innen", "To be deleted by"), f"{project.deletion_date}")


def _variable(plan: Plan, name: str) -> Treated:
    return next(one for one in plan.variables if one.variable.name == name)
