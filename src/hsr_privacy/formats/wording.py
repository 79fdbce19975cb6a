"""Wording: labels of two languages in one line, and lines of a length that a format allows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

from hsr_privacy.dictionary import Field, Kind, Value
from hsr_privacy.documents import Label

Language: TypeAlias = Literal["nb", "en"]

LANGUAGES: Final[tuple[Language, ...]] = ("nb", "en")

MISSING_WORDS: Final = Label(nb="manglende", en="missing")

KIND_WORDS: Final[dict[Kind, Label]] = {
    "integer": Label(nb="heltall", en="whole number"),
    "decimal": Label(nb="desimaltall", en="decimal number"),
    "text": Label(nb="tekst", en="text"),
    "date": Label(nb="dato", en="date"),
    "datetime": Label(nb="dato og klokkeslett", en="date and time"),
}

MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
"""As headers of files write them, whatever language the system speaks."""

_MARK: Final = "…"
_UNIT: Final = Label(nb="Enhet", en="Unit")
_DETAIL: Final = Label(nb="Detaljnivå", en="Level of detail")


def in_language(label: Label, language: Language) -> str:
    """The text of one language."""
    return label.nb if language == "nb" else label.en


def other(language: Language) -> Language:
    """The language that it is not."""
    return "en" if language == "nb" else "nb"


def both(label: Label, first: Language = "nb") -> str:
    """Both languages, ``Kjønn / Sex``; once where they are the same."""
    one, two = in_language(label, first), in_language(label, other(first))
    return one if one == two else f"{one} / {two}"


def meaning(value: Value, first: Language = "nb") -> str:
    """``1 = Mann / Man``, or ``ja = yes`` of a text that says itself in bokmål what it means."""
    if value.label is None:
        return value.text
    same = value.label.nb == value.text
    said = value.label.en if same else both(value.label, first)
    return value.text if said == value.text else f"{value.text} = {said}"


def said_of(field: Field, first: Language) -> Iterator[str]:
    """What a label leaves out: description, unit, level of detail and note, in both languages."""
    for word, label in (
        (None, field.description),
        (_UNIT, field.unit),
        (_DETAIL, field.detail),
        (None, field.note),
    ):
        if label is not None:
            named = f"{both(word, first)}: " if word is not None else ""
            yield named + both(label, first)


def shortened(text: str, most: int, *, in_bytes: bool = False) -> str:
    """A text that fits, cut between words and marked with … where it was too long.

    Args:
        text: to be cut.
        most: how long it may be.
        in_bytes: ``most`` counts the bytes of UTF-8 and not characters.
    """
    text = " ".join(text.split())
    if _length(text, in_bytes) <= most:
        return text
    room = most - _length(_MARK, in_bytes)
    kept = text.encode()[:room].decode(errors="ignore") if in_bytes else text[:room]
    between_words = kept.rpartition(" ")[0] if not text[len(kept)].isspace() else kept
    # A word that is nearly all of the text is cut itself.
    words = between_words if len(between_words) * 2 >= len(kept) else kept
    return words.rstrip(" ,;:-–") + _MARK


def lines_of(text: str, most: int) -> Iterator[str]:
    """A text in lines of at most so many bytes of UTF-8, broken between words where that is possible."""
    line = ""
    for word in (part for whole in text.split() for part in _broken(whole, most)):
        longer = f"{line} {word}" if line else word
        if len(longer.encode()) <= most:
            line = longer
        else:
            yield line
            line = word
    if line:
        yield line


def _broken(word: str, most: int) -> Iterator[str]:
    """A word in pieces that fit; no letter takes more than four bytes."""
    if len(word.encode()) <= most:
        yield word
        return
    for start in range(0, len(word), most // 4):
        yield word[start : start + most // 4]


def _length(text: str, in_bytes: bool) -> int:  # noqa: FBT001
    return len(text.encode()) if in_bytes else len(text)
