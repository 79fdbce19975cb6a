"""Names: what a column is called where Stata, SPSS, SAS and R each forbid something else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from hsr_privacy.dictionary import Dictionary, Field
from hsr_privacy.documents import Label

LONGEST: Final = 32
"""Characters of a name in Stata and SAS; SPSS takes 64 bytes, R anything."""

_OF_STATA: Final = ("byte", "double", "float", "if", "in", "int", "long", "strl", "using", "with")
_OF_SPSS: Final = (
    "all",
    "and",
    "by",
    "eq",
    "ge",
    "gt",
    "le",
    "lt",
    "ne",
    "not",
    "or",
    "to",
    "with",
)
_OF_R: Final = (
    *("break", "else", "false", "for", "function", "if", "in", "inf", "na", "nan", "next", "null"),
    *("repeat", "true", "while"),
)
RESERVED: Final = frozenset((*_OF_STATA, *_OF_SPSS, *_OF_R))
"""Words that are no name of a column in one of the programs, in small letters; those with a leading
underscore are no names here anyway.

Source: Stata, ``help reserved``; IBM SPSS Command Syntax Reference, Variable Names; R, ``?Reserved``.
"""

_VALID: Final = re.compile(r"[A-Za-z](?:[A-Za-z0-9_]*[A-Za-z0-9])?")
_STRING_TYPE: Final = re.compile(r"str[0-9]+")
_LETTERS: Final = str.maketrans(
    {"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa", "ß": "ss", "ð": "d"}
)
_FILLER: Final = "v"


def is_valid(name: str) -> bool:
    """Whether a column may be called so in Stata, SPSS, SAS and R alike."""
    small = name.lower()
    return (
        len(name) <= LONGEST
        and _VALID.fullmatch(name) is not None
        and small not in RESERVED
        and _STRING_TYPE.fullmatch(small) is None
    )


def valid_names(dictionary: Dictionary) -> Mapping[str, str]:
    """For every column its name in Stata and SPSS, which is its own wherever that is allowed.

    Others are spelled with what is allowed (``Løpenr.`` becomes ``Loepenr``, ``if`` ``v_if``); two
    that would be the same but for their case are numbered. A column keeps a valid name whatever
    the others are called, unless one before it has the same name in another case.
    """
    given: dict[str, str] = {}
    taken: set[str] = set()
    for field in dictionary:
        if is_valid(field.name) and field.name.lower() not in taken:
            given[field.name] = field.name
            taken.add(field.name.lower())
    for field in dictionary:
        if field.name not in given:
            given[field.name] = _free(_spelled(field.name), taken)
            taken.add(given[field.name].lower())
    return {field.name: given[field.name] for field in dictionary}


def told(dictionary: Dictionary) -> Dictionary:
    """The dictionary with a note on every column that has another name in Stata and SPSS."""
    names = valid_names(dictionary)
    fields = (
        field if names[field.name] == field.name else _noted(field, names[field.name])
        for field in dictionary
    )
    return replace(dictionary, fields=tuple(fields))


def _noted(field: Field, name: str) -> Field:
    said = Label(nb=f"Heter {name} i Stata og SPSS.", en=f"Called {name} in Stata and SPSS.")
    if field.note is not None:
        said = Label(nb=f"{field.note.nb}. {said.nb}", en=f"{field.note.en}. {said.en}")
    return replace(field, note=said)


def _spelled(name: str) -> str:
    """The name with the letters and signs that are allowed; it may still be taken."""
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    words = re.sub(r"[^A-Za-z0-9]+", "_", plain).strip("_")[:LONGEST].strip("_")
    if is_valid(words):
        return words
    return f"{_FILLER}_{words}"[:LONGEST].strip("_") if words else _FILLER


def _free(name: str, taken: set[str]) -> str:
    """The name, or the first numbered one that is not taken."""
    found, number = name, 1
    while found.lower() in taken:
        number += 1
        ending = f"_{number}"
        found = name[: LONGEST - len(ending)].rstrip("_") + ending
    return found
