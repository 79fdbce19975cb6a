"""Identifiers: without their leading zero, as Excel shows them, mistyped, another's, missing.

The two digits of the month stay as they are in every number: the tax authority's synthetic series
adds 80 to them, so no mistake made here can be a living person's number.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.codebook import Source
from hsr_privacy.flaws.draft import (
    IDENTIFIER_CHECK,
    LINKAGE,
    NOTHING,
    PATIENT_FORMS,
    READING,
    Draft,
    Patch,
    Variant,
    rule,
)
from hsr_privacy.flaws.sheet import Bools, Int64s

_ZEROS: Final = {
    "fnr": IDENTIFIER_CHECK,
    "tidligere_fnr": IDENTIFIER_CHECK,
    "hendelseskommune": READING,
    "bostedskommune": READING,
    "amis_hendelsesnr": LINKAGE,
    "telefon_innringer": NOTHING,
}
"""Columns in which a zero may come first, and who misses it."""

_GAPS: Final = {
    Source.AMBULANCE: ("fnr", "amis_hendelsesnr"),
    Source.HOSPITAL: ("fnr",),
}
_FREE_DIGITS: Final = np.array([0, 1, 4, 5, 6, 7, 8, 9, 10])
"""All but the month."""
_FREE_PAIRS: Final = np.array([0, 4, 5, 6, 7, 8, 9])
"""The first of two neighbours, neither of which is of the month."""
_FIRST_OF_D: Final = "4"
_ZERO: Final = ord("0")

Digits = NDArray[np.int64]


def lost_zero(draft: Draft) -> Iterator[Variant]:
    """A number whose leading zeros a spreadsheet took."""
    for name, detector in _ZEROS.items():
        if name not in draft.table.columns:
            continue

        def patch(rows: Int64s, name: str = name) -> Patch:
            short = draft.cells(name, rows).str.strip_chars_start("0")
            return Patch({name: short}, _secrets(name, short))

        begins = pl.col(name).str.contains("^0+[1-9]")
        yield Variant(
            draft.where(begins), patch, how=name, detector=detector, refused=detector == READING
        )


def scientific_number(draft: Draft) -> Iterator[Variant]:
    """A national identifier as a spreadsheet shows a large number."""
    if "fnr" not in draft.table.columns:
        return

    def patch(rows: Int64s) -> Patch:
        shown = [f"{int(number):.5E}" for number in draft.cells("fnr", rows)]
        text = pl.Series(shown, dtype=pl.String)
        return Patch({"fnr": text.str.replace(".", draft.layout.decimal, literal=True)})

    yield Variant(_has_number(draft), patch, detector=IDENTIFIER_CHECK)


def mistyped_digit(draft: Draft) -> Iterator[Variant]:
    """A national identifier with one wrong digit."""
    if "fnr" not in draft.table.columns:
        return

    def patch(rows: Int64s) -> Patch:
        digits, size = _digits(draft.cells("fnr", rows)), len(rows)
        place = _FREE_DIGITS[draft.rng.integers(0, len(_FREE_DIGITS), size)]
        every = np.arange(size)
        digits[every, place] = (digits[every, place] + draft.rng.integers(1, 10, size)) % 10
        return _numbers(digits)

    yield Variant(_has_number(draft), patch, detector=IDENTIFIER_CHECK)


def transposed_digits(draft: Draft) -> Iterator[Variant]:
    """A national identifier with two neighbours in the wrong order."""
    if "fnr" not in draft.table.columns:
        return

    def patch(rows: Int64s) -> Patch:
        digits = _digits(draft.cells("fnr", rows))
        differ = digits[:, _FREE_PAIRS] != digits[:, _FREE_PAIRS + 1]
        liking = np.where(differ, draft.rng.random(differ.shape), -1.0)
        first = _FREE_PAIRS[liking.argmax(axis=1)]
        every = np.arange(len(rows))
        digits[every, first], digits[every, first + 1] = (
            digits[every, first + 1],
            digits[every, first],
        )
        return _numbers(digits)

    possible = _has_number(draft)
    digits = _digits(draft.cells("fnr", np.flatnonzero(possible)))
    possible[possible] = (digits[:, _FREE_PAIRS] != digits[:, _FREE_PAIRS + 1]).any(axis=1)
    yield Variant(possible, patch, detector=IDENTIFIER_CHECK)


def other_persons_number(draft: Draft) -> Iterator[Variant]:
    """The number of another patient, born on another day."""
    if draft.form not in PATIENT_FORMS:
        return
    ordinary = draft.where((pl.col("fnr") < _FIRST_OF_D) & pl.col("fodselsdato").is_not_null())
    pool = np.unique(draft.cells("fnr", np.flatnonzero(ordinary)).to_numpy().astype("U11"))
    days = pool.astype("U6")

    def patch(rows: Int64s) -> Patch:
        own = draft.cells("fnr", rows).to_numpy().astype("U6")
        first, end = np.searchsorted(days, own), np.searchsorted(days, own, side="right")
        others = len(pool) - (end - first)
        drawn = (draft.rng.random(len(rows)) * others).astype(np.int64)
        return Patch({"fnr": pl.Series(pool[(end + drawn) % len(pool)].tolist(), dtype=pl.String)})

    several = len(np.unique(days)) > 1
    yield Variant(ordinary & several, patch, detector=rule("R22"), rule="R22")


def missing_identifier(draft: Draft) -> Iterator[Variant]:
    """No number of the patient, or of the incident, where there was one."""
    for name in _GAPS.get(draft.form, ()):

        def patch(rows: Int64s, name: str = name) -> Patch:
            return Patch({name: pl.Series([None] * len(rows), dtype=pl.String)})

        known = draft.where(pl.col(name).is_not_null())
        yield Variant(known, patch, how=name, detector=LINKAGE)


def _has_number(draft: Draft) -> Bools:
    return draft.where(pl.col("fnr").is_not_null())


def _digits(numbers: pl.Series) -> Digits:
    """Eleven digits a row, shape (n, 11)."""
    letters = "".join(numbers.to_list()).encode()
    digits: Digits = np.frombuffer(letters, np.uint8).reshape(-1, 11).astype(np.int64) - _ZERO
    return digits


def _numbers(digits: Digits) -> Patch:
    letters = (digits + _ZERO).astype(np.uint8).tobytes().decode()
    text = pl.Series([letters[n : n + 11] for n in range(0, len(letters), 11)], dtype=pl.String)
    return Patch({"fnr": text}, {"identifiers": text.to_list()})


def _secrets(name: str, values: pl.Series) -> dict[str, list[str]]:
    """What a shortened number must be found as nowhere."""
    groups = {"fnr": "identifiers", "tidligere_fnr": "identifiers", "telefon_innringer": "phones"}
    return {groups[name]: values.to_list()} if name in groups else {}
