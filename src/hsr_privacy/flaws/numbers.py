"""Numbers: with a comma for a point, impossible, negative, in another unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from hsr_privacy.codebook import Type
from hsr_privacy.flaws.draft import NOTHING, PATIENT_FORMS, READING, Draft, Patch, Variant
from hsr_privacy.flaws.sheet import Int64s

_AGES: Final = (111, 199)
_MEASURED: Final = ("adrenalin_mg", "laktat", "ph")
_TEN: Final = 10


def decimal_comma(draft: Draft) -> Iterator[Variant]:
    """A comma where the layout has a point."""
    for variable in draft.variables(Type.DECIMAL):

        def patch(rows: Int64s, name: str = variable.name) -> Patch:
            text = draft.cells(name, rows).cast(pl.String)
            return Patch({name: text.str.replace(".", ",", literal=True)})

        known = draft.where(pl.col(variable.name).is_not_null())
        yield Variant(known, patch, how=variable.name, detector=READING, refused=True)


def impossible_age(draft: Draft) -> Iterator[Variant]:
    """An age that nobody reaches."""
    if draft.form not in PATIENT_FORMS:
        return

    def patch(rows: Int64s) -> Patch:
        low, high = _AGES
        ages = draft.rng.integers(low, high + 1, len(rows))
        return Patch({"alder": pl.Series(ages, dtype=draft.table["alder"].dtype)})

    known = draft.where(pl.col("alder").is_not_null())
    yield Variant(known, patch, detector=READING, refused=True)


def negative_number(draft: Draft) -> Iterator[Variant]:
    """A time, a stay, a dose or a count below nothing."""
    for variable in draft.variables(Type.INTEGER, Type.DECIMAL):
        bounds = variable.range
        if bounds is None or bounds.min != 0 or variable.name == "alder":
            continue

        def patch(rows: Int64s, name: str = variable.name) -> Patch:
            return Patch({name: -draft.cells(name, rows)})

        possible = draft.where(pl.col(variable.name) > 0)
        yield Variant(possible, patch, how=variable.name, detector=READING, refused=True)


def unit_slip(draft: Draft) -> Iterator[Variant]:
    """A measured value ten times too large; some of them still lie within what is possible."""
    for variable in draft.variables(Type.DECIMAL):
        bounds = variable.range
        if variable.name not in _MEASURED or bounds is None or bounds.max is None:
            continue

        def patch(rows: Int64s, name: str = variable.name) -> Patch:
            return Patch({name: (draft.cells(name, rows) * _TEN).round(2)})

        grown = (pl.col(variable.name) * _TEN).round(2)
        beyond = grown > bounds.max
        told = f"{variable.name}, beyond what is possible"
        yield Variant(
            draft.where((grown > 0) & beyond), patch, how=told, detector=READING, refused=True
        )
        told = f"{variable.name}, within what is possible"
        yield Variant(draft.where((grown > 0) & ~beyond), patch, how=told, detector=NOTHING)
