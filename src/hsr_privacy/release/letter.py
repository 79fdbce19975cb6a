"""The letter of a release: what the recipient reads, taken from what was cleared and from its audit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hsr_privacy.auditing import Audit
from hsr_privacy.codebook import EventType
from hsr_privacy.dictionary import MISSING
from hsr_privacy.documents import Label
from hsr_privacy.formats.stata import LETTERS
from hsr_privacy.letters import (
    LetterAnalysis,
    LetterCommand,
    LetterContent,
    LetterDecision,
    LetterFile,
    LetterMissing,
    LetterRows,
    LetterVariable,
    became_of,
    consequence,
)
from hsr_privacy.letters.parts import day_words
from hsr_privacy.letters.wording import FILES
from hsr_privacy.project import PURPOSES, Project
from hsr_privacy.project.plan import plan
from hsr_privacy.project.wording import APPROVALS, EVENT_TYPES, WITHOUT
from hsr_privacy.release.application import Application
from hsr_privacy.release.dossier import Dossier
from hsr_privacy.release.gates import Cleared
from hsr_privacy.release.packing import INTERNAL
from hsr_privacy.release.prepare import MASK, Prepared
from hsr_privacy.release.side_by_side import Row, Verdict, rows_of
from hsr_privacy.utility import Rerun
from hsr_privacy.utility.telling import VERDICTS
from hsr_privacy.utility.verdicts import Verdict as Became

_EMPTY: Final = LetterMissing("", ".", Label(nb="Ikke registrert", en="Not recorded"))

_QUIET: Final = (Became.UNCHANGED, Became.WITHIN, Became.WITHHELD, Became.NO_ORIGINAL)
"""Figures of which a letter says nothing: the report has them."""

_LATER: Final = (
    "letter.html",
    "letter.txt",
    "data/datapackage.json",
    "data/ro-crate-metadata.json",
    "data/healthdcat-ap.ttl",
    "manifest.json",
    "release.json",
    "manifest-sha512.txt",
    "tagmanifest-sha512.txt",
    "bagit.txt",
    "bag-info.txt",
    "signatures/",
)
"""Files of every package that are written after the letter."""

_OTHER: Final = Label(nb="annet", en="other")


def letter_of(
    cleared: Cleared, dossier: Dossier, *, release: str, audit: Audit | None, folder: Path
) -> LetterContent:
    """What the letter of a release tells.

    Args:
        cleared: the extract that passed every gate.
        dossier: what is known beside its rows.
        release: its id.
        audit: of the rows that leave; None where no column is a quasi-identifier.
        folder: holds the files that were written already.
    """
    application, project = dossier.application, dossier.project
    prepared = cleared.prepared
    return LetterContent(
        release=release,
        case_number=project.case_number,
        title=project.title,
        leader=project.leader,
        institution=project.institution.name,
        recipient=project.recipient.name,
        channel=project.recipient.channel,
        day=dossier.today,
        is_trial=project.environment == "test",
        purpose=PURPOSES[project.purpose],
        purpose_text=project.purpose_text,
        decisions=tuple(
            LetterDecision(APPROVALS[one.kind], one.reference, one.date)
            for one in project.approvals
        ),
        cohort=tuple(_cohort(application)),
        rows=_rows(prepared, project, persons=cleared.risk.persons),
        variables=tuple(_variables(prepared, application)),
        analyses=tuple(map(_analysis, audit.worth.analyses)) if audit is not None else (),
        missing=(
            _EMPTY,
            *(
                LetterMissing(code, f".{LETTERS[int(code)]}", label)
                for code, label in MISSING.items()
            ),
        ),
        files=tuple(_files(folder)),
        commands=tuple(_commands(release)),
        valid_to=project.valid_to,
        deletion_date=project.deletion_date,
        contact=project.handling.contact if project.handling is not None else None,
    )


def _cohort(application: Application) -> Iterator[Label]:
    project = application.project
    cohort = project.cohort
    types = [EVENT_TYPES[EventType(name)] for name in cohort.event_types]
    nb, en = (" og ".join(one.nb for one in types), " and ".join(one.en for one in types))
    first, last = day_words(cohort.first_day), day_words(cohort.last_day)
    yield Label(
        nb=f"Hjertestans {nb} fra og med {first.nb} til og med {last.nb}.",
        en=f"Cardiac arrests {en} from {first.en} to {last.en}, both days included.",
    )
    if cohort.min_age is not None:
        yield Label(
            nb=f"Personer som var minst {cohort.min_age} år.",
            en=f"Persons who were at least {cohort.min_age} years old.",
        )
    if cohort.max_age is not None:
        yield Label(
            nb=f"Personer som var høyst {cohort.max_age} år.",
            en=f"Persons who were at most {cohort.max_age} years old.",
        )
    planned = plan(project, codebook=application.codebook, hierarchies=application.hierarchies)
    yield from planned.conditions
    yield from (WITHOUT[choice] for choice in project.legal_basis.honour)


def _rows(prepared: Prepared, project: Project, *, persons: int) -> LetterRows:
    solution = prepared.solution
    return LetterRows(
        rows=prepared.table.height,
        persons=persons,
        rows_removed=solution.suppressed_rows if solution is not None else 0,
        persons_removed=solution.suppressed_persons if solution is not None else 0,
        k=project.privacy.k,
        allowed=project.privacy.max_suppressed,
        mask=MASK if prepared.has_mask else None,
    )


def _variables(prepared: Prepared, application: Application) -> Iterator[LetterVariable]:
    released = {one.variable.name: one for one in prepared.variables}
    levels = prepared.released_levels
    for row in rows_of(prepared, application):
        told = None
        if row.column is not None:
            became = became_of(released[row.variable], levels.get(row.column, 0))
            told = consequence(became)
        yield LetterVariable(
            name=row.column or row.variable,
            label=row.label,
            applied=row.applied,
            approved=row.approved,
            delivered=row.delivered,
            verdict=_verdict(row),
            is_less=row.reduced or row.verdict is not Verdict.AS_APPROVED,
            reason=row.reason,
            because=row.because,
            cells_removed=row.cells_removed,
            consequence=told,
        )


def _verdict(row: Row) -> Label:
    """The verdict in two words, on the application where the extract has what was approved."""
    if row.verdict is Verdict.AS_APPROVED and row.reduced:
        return Label(nb="som godkjent, ikke som søkt om", en="as approved, not as applied for")
    return row.headline


def _analysis(one: Rerun) -> LetterAnalysis:
    """What became of an analysis, without a figure of the full data.

    A figure before and after, laid beside the extract, tells of the few whose values were removed.
    """
    changed = tuple(
        (figure.label, _sentence(VERDICTS[figure.verdict]))
        for figure in one.figures
        if figure.verdict not in _QUIET
    )
    return LetterAnalysis(one.label, one.sentence, changed)


def _sentence(words: Label) -> Label:
    return Label(
        nb=f"{words.nb[:1].upper()}{words.nb[1:]}.", en=f"{words.en[:1].upper()}{words.en[1:]}."
    )


def _files(folder: Path) -> Iterator[LetterFile]:
    """The files of the package, in the order in which one reads them."""
    there = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    } | set(_LATER)
    there -= set(INTERNAL)
    for path, about in FILES.items():
        if path in there:
            yield LetterFile(path, about)
    for path in sorted(there - set(FILES)):
        yield LetterFile(path, _OTHER)


def _commands(release: str) -> Iterator[LetterCommand]:
    yield LetterCommand(
        Label(
            nb="Se om pakken er hel, og hvem som laget, gjennomgikk og godkjente den. KEYS.txt er registerets "
            "offentlige nøkler, som dere får gjennom en annen kanal enn pakken; KEY.txt er deres egen "
            "age-nøkkel:",
            en="See whether the package is whole, and who produced, reviewed and approved it. KEYS.txt are the "
            "register's public keys, which you get through another channel than the package; KEY.txt is your "
            "own age key:",
        ),
        f"hsr verify {release}.tar.age --keys KEYS.txt --identity KEY.txt",
    )
    yield LetterCommand(
        Label(
            nb="Åpne den (en zip-fil åpnes med passordet dere får gjennom en annen kanal):",
            en="Open it (a zip file opens with the password that you get through another channel):",
        ),
        f"age --decrypt --identity KEY.txt {release}.tar.age | tar --extract",
    )
    yield LetterCommand(
        Label(
            nb="Uten hsr sier vanlige verktøy om filene er hele, men ikke hvem som har signert:",
            en="Without hsr, ordinary tools say whether the files are whole, but not who signed:",
        ),
        f"cd {release} && sha512sum --check --quiet tagmanifest-sha512.txt manifest-sha512.txt",
    )
