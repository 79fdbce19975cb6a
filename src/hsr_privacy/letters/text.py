"""The text: a letter in lines of at most 78 characters, for a mail or a case file."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Literal

from hsr_privacy.documents import Label
from hsr_privacy.letters.content import LetterContent
from hsr_privacy.letters.parts import Block, day_words, sections_of

WIDTH = 78

Language = Literal["nb", "en"]


def letter_text(content: LetterContent, language: Language) -> str:
    """A letter in one language, in lines of at most 78 characters; what is typed stays in one line."""

    def say(label: Label) -> str:
        return label.nb if language == "nb" else label.en

    lines = list(_opening(content, say(day_words(content.day)), language))
    for section in sections_of(content):
        title = say(section.title)
        lines += ["", "", title, "-" * len(title)]
        for block in section.blocks:
            lines += ["", *_lines(block, language)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _opening(content: LetterContent, day: str, language: Language) -> Iterator[str]:
    nb = language == "nb"
    yield "Norsk hjertestansregister" if nb else "Norwegian Cardiac Arrest Registry"
    yield ""
    yield content.recipient
    yield ("Att. " if nb else "Attn. ") + content.leader
    yield ""
    yield day
    yield f"{'Sak' if nb else 'Case'} {content.case_number}, {'utlevering' if nb else 'release'} {content.release}"
    yield ""
    yield from textwrap.wrap(
        ("Utlevering av opplysninger: " if nb else "Release of data: ") + content.title, WIDTH
    )
    if content.is_trial:
        yield ""
        yield (
            "Prøve på simulerte data: personene finnes ikke."
            if nb
            else "A trial on simulated data: these persons do not exist."
        )


def _lines(block: Block, language: Language) -> Iterator[str]:
    def say(label: Label) -> str:
        return label.nb if language == "nb" else label.en

    if block.kind == "paragraph":
        for text in block.texts:
            yield from textwrap.wrap(say(text), WIDTH)
    elif block.kind == "list":
        for text in block.texts:
            yield from textwrap.wrap(say(text), WIDTH, initial_indent="* ", subsequent_indent="  ")
    elif block.kind == "slip":
        about, *lines = block.texts
        yield say(about)
        for text in lines:
            yield from ("", say(text), "." * WIDTH)
    elif block.kind == "commands":
        for about, line in block.rows:
            yield from textwrap.wrap(say(about), WIDTH)
            yield f"    {say(line)}"
    else:
        yield from _table(
            block, say=[[say(cell) for cell in row] for row in (block.heads, *block.rows)]
        )


def _table(block: Block, *, say: list[list[str]]) -> Iterator[str]:
    """Two and three columns side by side; wider tables row by row, each cell behind its heading."""
    heads, *rows = say
    if len(block.heads) <= 3:
        widths = [max(len(row[at]) for row in say) for at in range(len(heads) - 1)]
        for row in say:
            before = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
            yield from textwrap.wrap(
                row[-1],
                WIDTH,
                initial_indent=before + "  ",
                subsequent_indent=" " * (sum(widths) + 2 * len(widths)),
            )
        return
    for row in rows:
        yield from textwrap.wrap(row[0], WIDTH, initial_indent="* ", subsequent_indent="  ")
        for head, cell in zip(heads[1:], row[1:], strict=True):
            yield from textwrap.wrap(
                f"{head}: {cell}", WIDTH, initial_indent="    ", subsequent_indent="      "
            )
