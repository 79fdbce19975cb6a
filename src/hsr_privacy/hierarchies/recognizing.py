"""Recognize what a column holds: numbers, dates, codes, values with an order, or categories."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Literal

Kind = Literal["bands", "dates", "prefixes", "order", "groups"]

MAX_STRAYS: Final = 5
"""So many different texts may stand among numbers, as codes for what is missing."""

_ENOUGH: Final = 0.9
"""Share of rows, or of codes, that must be of a kind before the column is."""

_FEW: Final = 60
"""More categories than this are not put into an order by what they say."""

_NUMBER: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}.*", re.DOTALL)
_CODE: Final = re.compile(r"[A-Za-zÆØÅ]{1,3}[0-9]{2}[A-Za-z0-9.\-]*")
_CHAPTER: Final = re.compile(r"[A-Za-z][0-9]{2}")
_FIRST_NUMBER: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_BELOW: Final = re.compile(r"\s*(?:<|≤|under|below|less|mindre|til|up to)", re.IGNORECASE)
_MAX_SHAPES: Final = 4
"""So many ways of writing numbers in text: ``<10``, ``10-19``, ``80+``."""


def kind_of(counts: Mapping[str, int]) -> Kind:
    """The kind of hierarchy that suits a column best.

    Args:
        counts: rows of each value; at least one.
    """
    values = list(counts)
    if all(is_day(value) for value in values):
        return "dates"
    if all(map(is_clock, values)) or _are_codes(values):
        return "prefixes"
    numbers = [value for value in values if is_number(value)]
    if len(numbers) == len(values) and not _are_padded(values):
        return "bands"
    rows = sum(counts[value] for value in numbers)
    few_strays = len(values) - len(numbers) <= MAX_STRAYS < len(numbers)
    if few_strays and rows >= _ENOUGH * sum(counts.values()):
        return "bands"
    return "order" if in_order(values) is not None else "groups"


def is_number(text: str) -> bool:
    """Whether a text is a number as hierarchies read it, with a point before its decimals."""
    return _NUMBER.fullmatch(text) is not None


def is_day(text: str) -> bool:
    """Whether a text is a date such as ``2021-03-01``."""
    if not _DAY.fullmatch(text):
        return False
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_clock(text: str) -> bool:
    """Whether a text is an ISO date with a time of day."""
    return _CLOCK.fullmatch(text) is not None


def is_chapter_code(text: str) -> bool:
    """Whether a code is a letter and two digits before anything else, as in ICD-10 and ATC."""
    return _CHAPTER.match(text) is not None


def in_order(values: Iterable[str]) -> list[str] | None:
    """The values in the order that they tell of themselves, or None if they tell none.

    Known are months, weekdays, Roman numerals, school grades by letter, a few scales, and texts
    that hold numbers, such as ``10-19`` and ``3. trinn``.
    """
    texts = list(values)
    if not 3 <= len(texts) <= _FEW:
        return None
    for scale in _SCALES:
        places = [scale.get(text.strip().casefold()) for text in texts]
        found = [place for place in places if place is not None]
        if len(found) == len(texts) and len(set(found)) >= 3:
            return sorted(texts, key=_place_in(scale))
    places_of = {text: _place(text) for text in texts}
    shapes = {re.sub(r"[0-9]+(?:[.,][0-9]+)?", "0", text).casefold() for text in texts}
    known = {text: place for text, place in places_of.items() if place is not None}
    if len(known) < len(texts) or len(shapes) > _MAX_SHAPES or len(set(known.values())) < 3:
        return None
    return sorted(texts, key=lambda text: (known[text], text))


def by_number(values: Iterable[str]) -> list[str] | None:
    """The values by size, a comma before decimals read too; None if one is no number."""
    texts = list(values)
    if not all(is_number(text.replace(",", ".", 1)) for text in texts):
        return None
    return sorted(texts, key=lambda text: (float(text.replace(",", ".", 1)), text))


def is_whole_week(values: list[str]) -> bool:
    """Whether these are the seven weekdays, Monday first, in one language."""
    return len(values) == 7 and any(
        [scale.get(value.strip().casefold()) for value in values] == list(range(7))
        for scale in _WEEKS
    )


def is_whole_year(values: list[str]) -> bool:
    """Whether these are the twelve months, January first, in one language."""
    return len(values) == 12 and any(
        [scale.get(value.strip().casefold()) for value in values] == list(range(12))
        for scale in _YEARS
    )


def _are_codes(values: list[str]) -> bool:
    """Letters with digits, as in ICD-10, or digits of one length among which a first is zero."""
    lengths = {len(value) for value in values}
    if len(values) < 3:
        return False
    if all(value.isascii() and value.isdigit() for value in values):
        return len(lengths) == 1 and min(lengths) >= 3 and _are_padded(values)
    codes = sum(_CODE.fullmatch(value) is not None for value in values)
    beginnings = {value[:3] for value in values}
    shared = len(beginnings) < len(values) or len({value[:1] for value in values}) < len(values)
    return codes >= _ENOUGH * len(values) and shared and "" not in values


def _are_padded(values: list[str]) -> bool:
    """Digits of one length that keep their leading zeros."""
    digits = all(value.isascii() and value.isdigit() for value in values)
    same = len({len(value) for value in values}) == 1
    return digits and same and len(values[0]) > 1 and any(v.startswith("0") for v in values)


def _place(text: str) -> tuple[float, int] | None:
    found = _FIRST_NUMBER.search(text)
    if found is None:
        return None
    return float(found[0].replace(",", ".")), -1 if _BELOW.match(text) else 0


def _place_in(scale: Mapping[str, int]) -> Callable[[str], tuple[int, str]]:
    return lambda text: (scale[text.strip().casefold()], text)


def _scale(*words: str) -> dict[str, int]:
    """Place of each word; words with a stroke between them share one."""
    return {word: place for place, together in enumerate(words) for word in together.split("/")}


_WEEKS: Final = (
    _scale("monday/mon", "tuesday/tue", "wednesday/wed", "thursday/thu", "friday/fri")
    | {"saturday": 5, "sat": 5, "sunday": 6, "sun": 6},
    _scale("mandag/man", "tirsdag/tir", "onsdag/ons", "torsdag/tor", "fredag/fre")
    | {"lørdag": 5, "lør": 5, "søndag": 6, "søn": 6},
)
_MONTHS_EN: Final = (
    "january february march april may june july august september october november december"
)
_MONTHS_NB: Final = (
    "januar februar mars april mai juni juli august september oktober november desember"
)
_YEARS: Final = tuple(
    _scale(*(f"{month}/{month[:3]}" for month in months.split()))
    for months in (_MONTHS_EN, _MONTHS_NB)
)
_SCALES: Final = (
    *_WEEKS,
    *_YEARS,
    _scale("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"),
    _scale(*"abcdef"),
    _scale("none/no", "very low", "low", "medium/moderate/normal", "high", "very high"),
    _scale("ingen", "svært lav", "lav", "middels/moderat/normal", "høy", "svært høy"),
    _scale("none", "mild", "moderate", "severe", "critical"),
    _scale("ingen", "lett/mild", "moderat", "alvorlig", "kritisk"),
    _scale("primary school", "lower secondary school", "upper secondary school", "university"),
    _scale("barneskole", "ungdomsskole", "videregående", "høyskole/høgskole", "universitet"),
    _scale("never", "rarely/seldom", "sometimes", "often", "always"),
    _scale("aldri", "sjelden", "av og til/noen ganger", "ofte", "alltid"),
)
"""Orders of words, in both languages."""
