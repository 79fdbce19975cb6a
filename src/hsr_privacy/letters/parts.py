"""Parts: the sections of a letter, so that the page and the plain text say the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from hsr_privacy.charts.figures import percent
from hsr_privacy.documents import Label
from hsr_privacy.letters.content import LetterContent, LetterVariable
from hsr_privacy.letters.wording import (
    CONDITIONS,
    DELETING,
    DELIVERED_HEADS,
    EMPTY,
    FILE_HEADS,
    MISSING_HEADS,
    NOBODY,
    REMOVED,
    SECTIONS,
    SLIP,
    plain,
)
from hsr_privacy.pages import count_text

_MONTHS: Final = (
    ("januar", "January"),
    ("februar", "February"),
    ("mars", "March"),
    ("april", "April"),
    ("mai", "May"),
    ("juni", "June"),
    ("juli", "July"),
    ("august", "August"),
    ("september", "September"),
    ("oktober", "October"),
    ("november", "November"),
    ("desember", "December"),
)


@dataclass(frozen=True)
class Block:
    """One block of a section.

    Attributes:
        kind: a paragraph; a list; a table, whose first column names the row; lines to type, each
            with what it does; or lines to fill in.
        texts: of a paragraph, of a list, of lines to fill in.
        heads: of the columns of a table.
        rows: of a table; of lines to type: what it does, and the line.
        is_strong: whether it must not be overlooked.
    """

    kind: Literal["paragraph", "list", "table", "commands", "slip"]
    texts: tuple[Label, ...] = ()
    heads: tuple[Label, ...] = ()
    rows: tuple[tuple[Label, ...], ...] = ()
    is_strong: bool = False


@dataclass(frozen=True)
class Section:
    """One section: its id, its title, and what stands in it."""

    id: str
    title: Label
    blocks: tuple[Block, ...]


def sections_of(content: LetterContent) -> tuple[Section, ...]:
    """The sections of a letter, in their order; one without anything to say is left out."""
    parts = (
        ("approved", _approved),
        ("delivered", _delivered),
        ("missing", _missing),
        ("analyses", _analyses),
        ("conditions", _conditions),
        ("deletion", _deletion),
        ("verify", _verify),
        ("files", _files),
        ("contact", _contact),
    )
    made = (Section(name, SECTIONS[name], tuple(part(content))) for name, part in parts)
    return tuple(section for section in made if section.blocks)


def day_words(day: dt.date) -> Label:
    """``30. juni 2037`` and ``30 June 2037``."""
    nb, en = _MONTHS[day.month - 1]
    return Label(nb=f"{day.day}. {nb} {day.year}", en=f"{day.day} {en} {day.year}")


def _approved(content: LetterContent) -> Iterator[Block]:
    refused = sum(one.approved is None for one in content.variables)
    count = len(content.variables)
    yield _paragraph(
        f"Opplysningene utleveres til {content.recipient}. Formål: {content.purpose.nb}. Prosjektets eget "
        f"spørsmål: «{content.purpose_text}»",
        f"The data are delivered to {content.recipient}. Purpose: {content.purpose.en}. The project's own "
        f"question: “{content.purpose_text}”",
    )
    yield Block(
        "list",
        tuple(
            Label(
                nb=f"{one.label.nb}: {one.reference}, {day_words(one.day).nb}",
                en=f"{one.label.en}: {one.reference}, {day_words(one.day).en}",
            )
            for one in content.decisions
        ),
    )
    yield _paragraph("Utvalget:", "The cohort:")
    yield Block("list", content.cohort)
    yield _paragraph(
        f"Det ble søkt om {_variables(count).nb}, og {count - refused} er godkjent.",
        f"{_variables(count).en} applied for, and {count - refused} approved.",
    )


def _delivered(content: LetterContent) -> Iterator[Block]:
    rows = content.rows
    yield _paragraph(
        f"{count_text(rows.rows)} hjertestans hos {count_text(rows.persons)} personer. Hver rad er én "
        f"hjertestans. Minst {rows.k} personer deler hver kombinasjon av det som noen kunne kjennes igjen på.",
        f"{count_text(rows.rows)} cardiac arrests of {count_text(rows.persons)} persons. Each row is one "
        f"arrest. At least {rows.k} persons share each combination of what somebody could be recognized by.",
    )
    if rows.rows_removed:
        share = {language: percent(rows.share_removed, language) for language in ("nb", "en")}
        allowed = {language: percent(rows.allowed, language) for language in ("nb", "en")}
        yield _paragraph(
            f"{count_text(rows.rows_removed)} hjertestans ({share['nb']}) hos "
            f"{count_text(rows.persons_removed)} personer er ikke med, fordi de var for få i sin gruppe; "
            f"vedtaket tillater {allowed['nb']}. De mangler ikke tilfeldig: uvanlige pasienter går først. "
            "Summer fra uttrekket er derfor lavere enn registerets og skal ikke publiseres som registerets.",
            f"{count_text(rows.rows_removed)} arrests ({share['en']}) of "
            f"{count_text(rows.persons_removed)} persons are not there, because they were too few in their "
            f"class; the decision allows {allowed['en']}. They are not missing at random: unusual patients go "
            "first. So totals of the extract are lower than the register's, and must not be published as the "
            "register's.",
            strong=True,
        )
    less = [one for one in content.variables if one.is_less]
    if less:
        yield _paragraph(
            "Av disse variablene er det levert mindre enn det ble søkt om, eller ingenting:",
            "Of these variables, less is delivered than was applied for, or nothing:",
        )
        yield Block("table", heads=DELIVERED_HEADS, rows=tuple(map(_row, less)))
    whole = [one for one in content.variables if not one.is_less]
    if whole:
        details = [(one.name, one.delivered or NOBODY) for one in whole]
        yield _paragraph(
            f"{_variables(len(whole)).nb} er godkjent og levert som omsøkt: "
            + "; ".join(f"{name} ({detail.nb})" for name, detail in details)
            + ".",
            f"{_variables(len(whole)).en} approved and delivered as applied for: "
            + "; ".join(f"{name} ({detail.en})" for name, detail in details)
            + ".",
        )
    told = tuple(_consequences(content.variables))
    if told:
        yield _paragraph("Hva dette betyr for analysene:", "What this means for analyses:")
        yield Block("list", told)


def _variables(count: int) -> Label:
    one = count == 1
    return Label(
        nb=f"{count} {'variabel' if one else 'variabler'}",
        en=f"{count} {'variable' if one else 'variables'}",
    )


def _row(one: LetterVariable) -> tuple[Label, ...]:
    return (
        _name(one),
        one.applied,
        one.approved or NOBODY,
        one.delivered or NOBODY,
        _why(one),
    )


def _why(one: LetterVariable) -> Label:
    """Why there is less: in the words of the decision first, then what protection did."""
    if one.reason is None and one.because is None:
        return Label(nb=_sentence(one.verdict.nb), en=_sentence(one.verdict.en))
    nb, en = [], []
    if one.approved is None:
        nb.append(_sentence(one.verdict.nb))
        en.append(_sentence(one.verdict.en))
    if one.reason is not None:
        nb.append(f"Vedtaket: «{one.reason}»")
        en.append(f"The decision: “{one.reason}”")
    if one.because is not None:
        nb.append(_sentence(one.because.nb))
        en.append(_sentence(one.because.en))
    return Label(nb=" ".join(nb), en=" ".join(en))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _consequences(variables: Sequence[LetterVariable]) -> Iterator[Label]:
    """Each consequence once, behind the variables that it is of."""
    found: dict[tuple[str, str], list[LetterVariable]] = {}
    for one in variables:
        if one.consequence is not None:
            found.setdefault((one.consequence.nb, one.consequence.en), []).append(one)
    for (nb, en), whose in found.items():
        yield _of(whose, Label(nb=nb, en=en))
    removed = [one for one in variables if one.cells_removed]
    if removed:
        yield _of(removed, REMOVED)


def _of(variables: Sequence[LetterVariable], text: Label) -> Label:
    names = [_name(one) for one in variables]
    return Label(
        nb=f"{', '.join(name.nb for name in names)}: {text.nb}",
        en=f"{', '.join(name.en for name in names)}: {text.en}",
    )


def _name(one: LetterVariable) -> Label:
    return Label(nb=f"{one.label.nb} ({one.name})", en=f"{one.label.en} ({one.name})")


def _missing(content: LetterContent) -> Iterator[Block]:
    if not content.missing:
        return
    rows = tuple(
        (plain(one.code) if one.code else EMPTY, plain(one.stata), one.meaning)
        for one in content.missing
    )
    yield Block("table", heads=MISSING_HEADS, rows=rows)
    yield _paragraph(
        "Kodene er ikke måleverdier: et gjennomsnitt der 998 er regnet med, er feil. 777 (annet) er en vanlig "
        "kategori. I SPSS er kodene merket som manglende. Stata har bokstavene i tallkolonner; i "
        "tekstkolonner står kodene som de er.",
        "The codes are no measurements: a mean with 998 in it is wrong. 777 (other) is a category like "
        "others. In SPSS the codes are marked as missing. Stata has the letters in columns of numbers; in "
        "columns of text the codes stand as they are.",
    )
    if content.rows.mask is not None:
        yield _paragraph(
            f"Kolonnen «{content.rows.mask}» nevner, rad for rad, hvilke kolonner det er fjernet verdier fra.",
            f"The column “{content.rows.mask}” names, row by row, the columns from which values were removed.",
        )


def _analyses(content: LetterContent) -> Iterator[Block]:
    if not content.analyses:
        return
    yield _paragraph(
        "Analysene er kjørt både på alle hendelsene i utvalget og på uttrekket.",
        "The analyses were run both on all events of the cohort and on the extract.",
    )
    for one in content.analyses:
        yield _paragraph(
            f"{one.label.nb}. {one.sentence.nb}",
            f"{one.label.en}. {one.sentence.en}",
        )
        if one.figures:
            yield Block(
                "list",
                tuple(
                    Label(nb=f"{name.nb}: {said.nb}", en=f"{name.en}: {said.en}")
                    for name, said in one.figures
                ),
            )


def _conditions(content: LetterContent) -> Iterator[Block]:
    until = day_words(content.valid_to)
    first = Label(
        nb=f"Bruk opplysningene bare til dette formålet, i {content.channel}, og ikke etter {until.nb}. Bare "
        "de som er nevnt i søknaden, har tilgang.",
        en=f"Use the data for this purpose only, in {content.channel}, and not after {until.en}. Only those "
        "named in the application have access.",
    )
    k = content.rows.k
    publish = Label(
        nb=f"Publiser ingenting om færre enn {k} personer, heller ikke noe som kan regnes ut ved å trekke to "
        "tabeller fra hverandre.",
        en=f"Publish nothing about fewer than {k} persons, nor anything that can be worked out by subtracting "
        "two tables.",
    )
    yield Block("list", (first, *CONDITIONS, publish))


def _deletion(content: LetterContent) -> Iterator[Block]:
    day = day_words(content.deletion_date)
    yield _paragraph(
        f"Alt skal være slettet innen {day.nb}.",
        f"Everything must be deleted by {day.en}.",
        strong=True,
    )
    yield from (Block("paragraph", (text,)) for text in DELETING)
    facts = Label(
        nb=f"Utlevering {content.release}, sak {content.case_number}",
        en=f"Release {content.release}, case {content.case_number}",
    )
    yield Block("slip", (facts, *SLIP))


def _verify(content: LetterContent) -> Iterator[Block]:
    if not content.commands:
        return
    yield _paragraph(
        "Kontroller pakken før dere bruker den. Er noe ikke som det skal, skal den ikke brukes; si fra til "
        "registeret.",
        "Verify the package before you use it. If something is not as it should be, do not use it, and tell "
        "the register.",
    )
    yield Block("commands", rows=tuple((one.about, plain(one.line)) for one in content.commands))


def _files(content: LetterContent) -> Iterator[Block]:
    if content.files:
        rows = tuple((plain(one.path), one.about) for one in content.files)
        yield Block("table", heads=FILE_HEADS, rows=rows)


def _contact(content: LetterContent) -> Iterator[Block]:
    who = content.contact
    nb = who or "den avdelingen som sendte pakken, gjennom samme kanal"
    en = who or "the office that sent the package, by the same channel"
    yield _paragraph(
        f"Spørsmål, feil i dataene, avvik og bekreftelse av sletting går til: {nb}. Oppgi alltid utlevering "
        f"{content.release}; send aldri rader eller løpenummer i e-post.",
        f"Questions, errors in the data, breaches and confirmations of deletion go to: {en}. Always name "
        f"release {content.release}; never send rows or pseudonyms by e-mail.",
    )


def _paragraph(nb: str, en: str, *, strong: bool = False) -> Block:
    return Block("paragraph", (Label(nb=nb, en=en),), is_strong=strong)
