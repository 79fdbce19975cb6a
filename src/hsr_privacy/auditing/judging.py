"""Judging: what follows from each measure, said in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hsr_privacy.attacking import Forgotten, Matches, NewsLinks
from hsr_privacy.attacking.flags import FlagKind
from hsr_privacy.auditing.evidence import Evidence
from hsr_privacy.auditing.verdict import Answer, Question, Reason
from hsr_privacy.charts.figures import count, percent
from hsr_privacy.composition import Composed
from hsr_privacy.documents import Label
from hsr_privacy.models import Attacker
from hsr_privacy.probing import Outcome, Probed
from hsr_privacy.probing.attack import Attack, Criterion, Says
from hsr_privacy.probing.verdict import reason as reason_of
from hsr_privacy.risk import Measures
from hsr_privacy.scanning import ScanReport
from hsr_privacy.utility import Worth

_CRITERIA: Final = {
    Criterion.SINGLING_OUT: Question.SINGLING_OUT,
    Criterion.LINKABILITY: Question.LINKABILITY,
    Criterion.INFERENCE: Question.INFERENCE,
}
_OUTCOMES: Final = {
    Outcome.PASS: Answer.YES,
    Outcome.FAIL: Answer.NO,
    Outcome.CANNOT_TELL: Answer.CANNOT_TELL,
}
_FOLLOWS: Final = {
    Says.SAFE: Answer.YES,
    Says.NOBODY: Answer.YES,
    Says.LEAKS: Answer.NO,
    Says.UNSURE: Answer.CANNOT_TELL,
    Says.WEAK: Answer.CANNOT_TELL,
    Says.FEW: Answer.CANNOT_TELL,
}
_OF_FLAGS: Final = {
    FlagKind.FOLLOWS: Question.INFERENCE,
    FlagKind.GUESSED: Question.INFERENCE,
    FlagKind.GAP: Question.INFERENCE,
}
_SECURE: Final = 0.05
"""Share (0-1) of attackers who may point at their target before it is worth a note."""
_NOBODY_TO_COMPARE: Final = 2


@dataclass(frozen=True, eq=False)
class Found:
    """All that was found, before anything follows from it; the parts are those of an `Audit`."""

    evidence: Evidence
    measures: Measures
    scenario_sizes: tuple[ScenarioSize, ...]
    matches: tuple[tuple[Attacker, Matches], ...]
    news: NewsLinks | None
    forgotten: Forgotten
    probed: Probed | None
    registered: bool
    worth: Worth
    composed: tuple[Composed, ...] | None
    files: ScanReport | None


@dataclass(frozen=True)
class ScenarioSize:
    """Persons who fit what an attacker of the project knows, if every value is known exactly.

    Attributes:
        scenario: its name.
        wanted: persons who must fit.
        reached: fewest persons who do.
    """

    scenario: str
    wanted: int
    reached: int


def reasons_of(found: Found) -> tuple[Reason, ...]:
    """Every reason for or against, and what should be known besides."""
    return (
        *_sizes(found),
        *_scenarios(found),
        *_files(found),
        *_learned(found),
        *_attacked(found),
        *_forgotten(found),
        *_composed(found),
        *_useful(found),
    )


def _sizes(found: Found) -> Iterator[Reason]:
    """The smallest class, which bounds both singling out and linking."""
    own, k = found.measures.own_category, found.evidence.limits.k
    both = (Question.SINGLING_OUT, Question.LINKABILITY)
    if k is None:
        text = Label(
            nb=f"Ingen har sagt hvor liten en gruppe kan være; den minste har {count(own.k)}.",
            en=f"Nobody has said how small a class may be; the smallest has {count(own.k)}.",
        )
        yield from (Reason(one, Answer.CANNOT_TELL, text, "classes") for one in both)
    elif own.k < k:
        text = Label(
            nb=f"Den minste gruppen har {_persons(own.k, 'nb')}, og kravet er {count(k)}.",
            en=f"The smallest class has {_persons(own.k, 'en')}, and {count(k)} are asked for.",
        )
        yield from (Reason(one, Answer.NO, text, "classes") for one in both)
    else:
        text = Label(
            nb=f"Alle deler kjennetegnene sine med minst {count(own.k - 1)} andre; kravet er k = {count(k)}.",
            en=f"Everybody shares their features with at least {count(own.k - 1)} others; k = {count(k)} is asked for.",
        )
        yield Reason(Question.SINGLING_OUT, Answer.YES, text, "classes")
        text = Label(
            nb=f"Den som har en rad fra et annet sted, finner minst {count(own.k)} personer den kan passe med.",
            en=f"Who holds a row from elsewhere finds at least {count(own.k)} persons whom it could be about.",
        )
        yield Reason(Question.LINKABILITY, Answer.YES, text, "classes")
    if found.measures.classes < _NOBODY_TO_COMPARE:
        text = Label(
            nb="Det er bare én gruppe: kjennetegnene skiller ingen fra hverandre.",
            en="There is one class only: the quasi-identifiers tell nobody apart.",
        )
        yield Reason(Question.SINGLING_OUT, None, text, "classes")
    population = found.measures.population
    if population is not None and k is not None and population.k < k:
        text = Label(
            nb=f"Minst {_persons(population.k, 'nb')} i befolkningen har samme {', '.join(population.columns)} som noen i uttrekket.",
            en=f"As few as {_persons(population.k, 'en')} of the population have the same {', '.join(population.columns)} as somebody in the extract.",
        )
        yield Reason(Question.SINGLING_OUT, None, text, "population")


def _scenarios(found: Found) -> Iterator[Reason]:
    for one in found.scenario_sizes:
        answer = Answer.YES if one.reached >= one.wanted else Answer.NO
        text = Label(
            nb=f"Det «{one.scenario}» vet, passer med {_persons(one.reached, 'nb')} eller flere; kravet er {count(one.wanted)}.",
            en=f"What '{one.scenario}' knows fits {_persons(one.reached, 'en')} or more; {count(one.wanted)} are asked for.",
        )
        yield Reason(Question.SINGLING_OUT, answer, text, "scenarios")
    told = [(one, match) for one, match in found.matches if match.released.right.high > _SECURE]
    for who, match in sorted(told, key=lambda pair: -pair[1].released.right.value):
        right, certain = match.released.right.value, match.released.certain.value
        text = Label(
            nb=f"{who.label.nb}: {percent(right, 'nb')} ville pekt på rett person, {percent(certain, 'nb')} kunne være sikre.",
            en=f"{who.label.en}: {percent(right, 'en')} would point at the right person, {percent(certain, 'en')} could be certain.",
        )
        yield Reason(Question.SINGLING_OUT, None, text, f"scenario-{who.name}")
    if found.evidence.original is None:
        text = Label(
            nb="Uten originalen er ingen angripere simulert, og ingen kan si hva som gikk tapt.",
            en="Without the original no attackers were simulated, and nobody can say what was lost.",
        )
        yield Reason(Question.SINGLING_OUT, None, text, "scenarios")


def _files(found: Found) -> Iterator[Reason]:
    if found.files is None:
        return
    if found.files.clean:
        text = Label(
            nb=f"Ingen fødselsnumre, telefonnumre, adresser eller koordinater i filene ({count(found.files.files)}).",
            en=f"No national identifiers, telephone numbers, addresses or coordinates in the files ({count(found.files.files)}).",
        )
        yield Reason(Question.SINGLING_OUT, Answer.YES, text, "searched")
        return
    total = sum(one.count for one in found.files.findings)
    unread = len(found.files.unread)
    if total:
        text = Label(
            nb=f"{count(total)} funn i filene som kan være kjennetegn på personer.",
            en=f"Found in the files, and may name persons: {count(total)} time(s).",
        )
        yield Reason(Question.SINGLING_OUT, Answer.NO, text, "searched")
    if unread:
        text = Label(
            nb=f"Filer eller deler av filer som ikke kunne leses: {count(unread)}.",
            en=f"Files or parts of files that could not be looked into: {count(unread)}.",
        )
        yield Reason(Question.SINGLING_OUT, Answer.CANNOT_TELL, text, "searched")


def _learned(found: Found) -> Iterator[Reason]:
    limits = found.evidence.limits.l
    told = found.measures.own_category.sensitive
    for name, least in limits.items():
        reached = told[name].distinct_l
        answer = Answer.YES if reached >= least else Answer.NO
        text = Label(
            nb=f"Ulike verdier av {name} i hver gruppe: minst {count(reached)}; kravet er {count(least)}.",
            en=f"Distinct values of {name} in every class: {count(reached)} at least; {count(least)} asked for.",
        )
        yield Reason(Question.INFERENCE, answer, text, "inference")
    open_ones = {
        name: one.persons_in_homogeneous
        for name, one in told.items()
        if name not in limits and one.persons_in_homogeneous
    }
    for name, persons in open_ones.items():
        text = Label(
            nb=f"{_persons(persons, 'nb')} er i grupper der alle har samme verdi av {name}, og ingen grense er satt for det.",
            en=f"{_persons(persons, 'en')} are in classes in which all have the same {name}, and no limit is set for that.",
        )
        yield Reason(Question.INFERENCE, Answer.CANNOT_TELL, text, f"learned-{name}")
    if not limits and not open_ones:
        text = Label(
            nb="I ingen gruppe har alle samme verdi av en sensitiv variabel."
            if told
            else "Ingen variabel er sensitiv.",
            en="In no class all have the same value of a sensitive variable."
            if told
            else "No variable is sensitive.",
        )
        yield Reason(Question.INFERENCE, Answer.YES, text, "inference")


def _attacked(found: Found) -> Iterator[Reason]:
    if found.probed is None:
        if found.registered:
            text = Label(
                nb="Prosjektet har registrert angrep, og de er ikke prøvd.",
                en="The project registered attacks, and they were not tried.",
            )
            for question in _CRITERIA.values():
                yield Reason(question, Answer.CANNOT_TELL, text, "attacks")
        return
    probed = found.probed
    if not probed.attacks or not probed.registration.registered or probed.registration.differs:
        for question in _CRITERIA.values():
            for why in probed.verdict.reasons:
                yield Reason(question, _OUTCOMES[probed.verdict.outcome], why, "attacks")
        return
    yield from tried_reasons(probed)


def tried_reasons(probed: Probed) -> Iterator[Reason]:
    """What the attacks say of each question, tried as they were registered."""
    for why in probed.registration.told:
        yield Reason(Question.SINGLING_OUT, None, why, "attacks")
    by: dict[Criterion, list[Attack]] = {}
    for attack in probed.attacks:
        if attack.counts:
            by.setdefault(attack.kind.criterion, []).append(attack)
    for criterion, attacks in by.items():
        for says in dict.fromkeys(attack.says for attack in attacks):
            alike = [attack for attack in attacks if attack.says is says]
            yield Reason(_CRITERIA[criterion], _FOLLOWS[says], reason_of(alike), "attacks")
    if probed.not_guessed or Criterion.INFERENCE not in by:
        names = ", ".join(probed.not_guessed)
        text = Label(
            nb=f"Angrepet kunne ikke gjette {names or 'noe'}, og sier derfor ingenting om det.",
            en=f"The attack could not guess {names or 'anything'}, and so says nothing of it.",
        )
        yield Reason(Question.INFERENCE, Answer.CANNOT_TELL, text, "attacks")


def _forgotten(found: Found) -> Iterator[Reason]:
    for flag in found.forgotten.flags:
        question = _OF_FLAGS.get(flag.kind, Question.SINGLING_OUT)
        yield Reason(question, None, flag.meaning, "forgotten")


def _composed(found: Found) -> Iterator[Reason]:
    """What earlier releases add; who holds several is a question for a person."""
    for composed in found.composed or ():
        for one in composed.findings:
            if one.broken:
                answer = None if one.colluding else Answer.CANNOT_TELL
                yield Reason(Question.LINKABILITY, answer, one.text, "earlier")


def _useful(found: Found) -> Iterator[Reason]:
    limit, losses = found.evidence.limits.max_suppressed, found.worth.losses
    removed = losses.suppressed_rows
    if removed is not None and limit is not None:
        answer = Answer.YES if removed <= limit else Answer.NO
        text = Label(
            nb=f"{percent(removed, 'nb')} av radene er fjernet; {percent(limit, 'nb')} er tillatt.",
            en=f"{percent(removed, 'en')} of the rows were removed; {percent(limit, 'en')} is allowed.",
        )
        yield Reason(Question.UTILITY, answer, text, "utility")


def _persons(number: int, language: str) -> str:
    if language == "nb":
        return f"{count(number)} {'person' if number == 1 else 'personer'}"
    return f"{count(number)} {'person' if number == 1 else 'persons'}"
