"""Stata: the extract as a .dta file with labels in both languages and kinds of missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from hsr_privacy.dictionary import Dictionary, Field, Value
from hsr_privacy.documents import Label
from hsr_privacy.errors import DataError
from hsr_privacy.formats.dta import (
    LONGEST_LABEL,
    LONGEST_TEXT,
    Cells,
    Characteristic,
    Stored,
    write_dta,
)
from hsr_privacy.formats.fitting import Pair, is_whole, pairs_of
from hsr_privacy.formats.names import LONGEST, told
from hsr_privacy.formats.wording import (
    LANGUAGES,
    Language,
    both,
    in_language,
    meaning,
    other,
    said_of,
    shortened,
)
from hsr_privacy.tables import write_whole

LETTERS: Final[Mapping[int, str]] = {888: "a", 998: "b", 999: "c"}
"""Stata's letters for the kinds of missing: ``.a`` not applicable, ``.b`` removed, ``.c`` unknown."""

_OTHER_LETTERS: Final = "defghijklmnopqrstuvwxyz"
_WHOLE: Final = (
    (np.int8, -127, 100, "%8.0g"),
    (np.int16, -32_767, 32_740, "%8.0g"),
    (np.int32, -2_147_483_647, 2_147_483_620, "%12.0g"),
)
"""Stata's whole numbers: type, smallest, largest, format; the number after the largest is missing."""

_MISSING_BITS: Final = 0x7FE0_0000_0000_0000
_LETTER_BITS: Final = 0x0000_0100_0000_0000
_LABEL_MISSING: Final = 2_147_483_621
_EPOCH: Final = dt.date(1960, 1, 1)
_MOST_TOLD: Final = 60
"""Values of a text column that its note tells; of more, the codebook."""


def write_stata(
    table: pl.DataFrame,
    dictionary: Dictionary,
    path: Path,
    *,
    language: Language = "en",
    written: dt.datetime,
) -> None:
    """Write a table for Stata 14 and later; same arguments, same bytes.

    Variable labels and value labels stand in both languages: ``label language nb`` and ``label
    language en`` change between them. Kinds of missing of columns of numbers are ``.a`` (888, not
    applicable), ``.b`` (998, removed) and ``.c`` (999, unknown) with labels, and an empty cell is
    ``.``; in text columns they stand as they are. What is longer than a label, and what the values
    of a text column mean, stands in the notes (``notes list``).

    Args:
        table: the extract.
        dictionary: its columns.
        path: of the file; one of that name is replaced.
        language: whose labels are shown first.
        written: stands in the header of the file.

    Raises:
        DataError: the columns are not those of the dictionary, or hold what Stata has no type for.
        OutputFailed: the disk is full, or the system refuses the write.
    """
    pairs = pairs_of(table, dictionary)
    variables, characteristics = [], list(_of_whole(dictionary, language))
    value_labels: dict[str, Mapping[int, str]] = {}
    for pair, described in zip(pairs, told(dictionary), strict=True):
        sets = _label_sets(pair, tuple(value_labels))
        value_labels |= dict(sets.values())
        names = {spoken: name for spoken, (name, _) in sets.items()}
        variables.append(_stored(pair, language, names))
        characteristics += _beside(pair, described, other(language), names)
    write_whole(
        path,
        lambda part: write_dta(
            part,
            variables,
            table.height,
            label=shortened(in_language(dictionary.title, language), LONGEST_LABEL),
            written=written,
            characteristics=characteristics,
            value_labels=value_labels,
        ),
    )


def letter_of(code: int, codes: Sequence[int]) -> str:
    """Stata's letter for a kind of missing.

    Args:
        code: the kind.
        codes: all kinds of the column; those without a fixed letter get the next ones in order.

    Raises:
        DataError: more kinds than letters.
    """
    without = [one for one in codes if one not in LETTERS]
    if len(without) > len(_OTHER_LETTERS):
        raise DataError(
            f"a column has {len(codes)} kinds of missing, and Stata has 26 letters for them; let the "
            "dictionary name fewer"
        )
    return LETTERS[code] if code in LETTERS else _OTHER_LETTERS[without.index(code)]


def _stored(pair: Pair, language: Language, sets: Mapping[Language, str]) -> Stored:
    cells, shown = _cells(pair)
    label = shortened(in_language(pair.field.label, language), LONGEST_LABEL)
    return Stored(pair.name, cells, shown, label, sets.get(language, ""))


def _cells(pair: Pair) -> tuple[Cells, str]:
    """The cells of a column as Stata stores them, and the format that shows them."""
    cells, kind = pair.cells, pair.cells.dtype
    if kind == pl.String:
        return _texts(cells)
    if kind == pl.Date:
        days = (cells - _EPOCH).dt.total_days()
        return _whole(days, ())[0], "%tdCCYY-NN-DD"
    if kind == pl.Datetime:
        start = dt.datetime.combine(_EPOCH, dt.time())
        return _doubles((cells - start).dt.total_milliseconds().cast(pl.Float64), ()), "%tc"
    if kind.is_float():
        return _doubles(cells, pair.missing_numbers), "%10.0g"
    return _whole(cells, pair.missing_numbers)


def _texts(cells: pl.Series) -> tuple[Cells, str]:
    longest = cells.str.len_bytes().max()
    width = max(1, longest if isinstance(longest, int) else 0)
    if width > LONGEST_TEXT:
        raise DataError(
            f"column '{cells.name}' holds a text of more than {LONGEST_TEXT:,} bytes; "
            "it has no place in Stata's columns: shorten it or leave it out"
        )
    if cells.is_empty():
        return np.zeros(0, dtype=f"S{width}"), f"%-{width}s"
    # A column has few texts that differ, unless it holds pseudonyms: each is encoded once.
    each = cells.fill_null("").unique(maintain_order=True)
    encoded = np.array([text.encode() for text in each], dtype=f"S{width}")
    places = cells.fill_null("").replace_strict(
        each, pl.Series(range(len(each)), dtype=pl.UInt32), return_dtype=pl.UInt32
    )
    return encoded[places.to_numpy()], f"%-{width}s"


def _whole(cells: pl.Series, codes: Sequence[int]) -> tuple[Cells, str]:
    """Whole numbers in the smallest type that holds them, or as doubles where none does."""
    ordinary = cells.filter(~cells.is_in(list(codes)))
    low, high = ordinary.min(), ordinary.max()
    least, most = (one if isinstance(one, int) else 0 for one in (low, high))
    for kind, smallest, largest, shown in _WHOLE:
        if smallest <= least and most <= largest:
            stored = cells.fill_null(0).to_numpy().astype(np.int64)
            for code in codes:
                place = ord(letter_of(code, codes)) - ord("a") + 2
                stored[(cells == code).fill_null(value=False).to_numpy()] = largest + place
            stored[cells.is_null().to_numpy()] = largest + 1
            return stored.astype(kind), shown
    return _doubles(cells.cast(pl.Float64), codes), "%16.0g"


def _doubles(cells: pl.Series, codes: Sequence[int]) -> Cells:
    stored = cells.fill_null(0.0).to_numpy().astype(np.float64)
    bits = stored.view(np.uint64)
    for code in codes:
        place = ord(letter_of(code, codes)) - ord("a") + 1
        at = (cells == code).fill_null(value=False).to_numpy()
        bits[at] = _MISSING_BITS + place * _LETTER_BITS
    bits[cells.is_null().to_numpy()] = _MISSING_BITS
    return stored


def _label_sets(
    pair: Pair, taken: Sequence[str]
) -> Mapping[Language, tuple[str, Mapping[int, str]]]:
    """Per language, the name of a column's set of value labels and the set; none for text."""
    if not pair.cells.dtype.is_numeric():
        return {}
    codes = pair.missing_numbers
    labelled = {_label_value(one, codes): one.label for one in pair.field.values if _is_code(one)}
    sets: dict[Language, tuple[str, Mapping[int, str]]] = {}
    for language in LANGUAGES if labelled else ():
        texts = {value: in_language(label, language) for value, label in labelled.items() if label}
        sets[language] = _set_name(pair.name, language, taken), texts
    return sets


def _is_code(value: Value) -> bool:
    return (
        value.label is not None and is_whole(value.text) and abs(int(value.text)) < _LABEL_MISSING
    )


def _label_value(value: Value, codes: Sequence[int]) -> int:
    """The number under which a label stands: the code, or Stata's own for a kind of missing."""
    code = int(value.text)
    if not value.is_missing:
        return code
    return _LABEL_MISSING + ord(letter_of(code, codes)) - ord("a") + 1


def _set_name(name: str, language: Language, taken: Sequence[str]) -> str:
    found, number = f"{name[: LONGEST - 3]}_{language}", 1
    while found in taken:
        number += 1
        ending = f"_{number}_{language}"
        found = name[: LONGEST - len(ending)] + ending
    return found


def _of_whole(dictionary: Dictionary, language: Language) -> Iterator[Characteristic]:
    """What is kept beside the whole: the languages, and a note on the kinds of missing."""
    second = other(language)
    yield Characteristic("_dta", "_lang_list", f"{language} {second}")
    yield Characteristic("_dta", "_lang_c", language)
    title = shortened(in_language(dictionary.title, second), LONGEST_LABEL)
    yield Characteristic("_dta", f"_lang_v_{second}", title)
    yield from _notes("_dta", [both(dictionary.title, language), both(_ABOUT, language)])


def _beside(
    pair: Pair, field: Field, second: Language, sets: Mapping[Language, str]
) -> Iterator[Characteristic]:
    """What is kept beside a variable: its labels in the second language, and notes."""
    label = shortened(in_language(field.label, second), LONGEST_LABEL)
    yield Characteristic(pair.name, f"_lang_v_{second}", label)
    if second in sets:
        yield Characteristic(pair.name, f"_lang_l_{second}", sets[second])
    yield from _notes(pair.name, list(_told_of(pair, field, other(second))))


def _told_of(pair: Pair, field: Field, first: Language) -> Iterator[str]:
    labels = (field.label.nb, field.label.en)
    if any(shortened(text, LONGEST_LABEL) != text for text in labels):
        yield both(field.label, first)
    yield from said_of(field, first)
    if pair.cells.dtype == pl.String:
        said = [meaning(one, first) for one in field.values if one.label]
        if said:
            yield "; ".join(said[:_MOST_TOLD]) + (" …" if len(said) > _MOST_TOLD else "")


def _notes(owner: str, texts: Sequence[str]) -> Iterator[Characteristic]:
    """Notes as Stata keeps them: how many, then each."""
    if texts:
        yield Characteristic(owner, "note0", str(len(texts)))
    for number, text in enumerate(texts, start=1):
        yield Characteristic(owner, f"note{number}", text)


_ABOUT: Final = Label(
    nb="I tallkolonner er .a ikke relevant (888), .b fjernet av hensyn til personvernet (998), .c "
    "ukjent (999) og . ikke registrert; i tekstkolonner står 888, 998 og 999. Bytt språk på "
    "etikettene med: label language nb, label language en.",
    en="In columns of numbers .a is not applicable (888), .b removed for disclosure control (998), .c "
    "unknown (999) and . not recorded; columns of text have 888, 998 and 999. Change the language "
    "of the labels by: label language nb, label language en.",
)
