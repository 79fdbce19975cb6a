"""Whole records: told twice, told twice in other words, or told weeks later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from hsr_privacy.codebook import Source
from hsr_privacy.flaws.draft import (
    LINKAGE,
    PATIENT_FORMS,
    RECORD_FORMS,
    Act,
    Draft,
    Patch,
    Variant,
    rule,
)
from hsr_privacy.flaws.sheet import Int64s
from hsr_privacy.flaws.times import MAIN_CLOCK, is_changing_day

_NUMBERS: Final = {
    Source.AMK: ("amis_hendelsesnr", "", 6),
    Source.AMBULANCE: ("amb_oppdragsnr", "A", 6),
    Source.HOSPITAL: ("opphold_id", "S", 8),
}
"""Per form the column of its record numbers, their first letter and their number of digits."""

_MOST_MINUTES: Final = 9


def exact_copy(draft: Draft) -> Iterator[Variant]:
    """A record that is delivered twice, letter by letter."""
    if draft.form in PATIENT_FORMS:
        known = draft.where(pl.col("fnr").is_not_null() & pl.col("t_stans").is_not_null())
        yield Variant(known, detector=rule("R29"), rule="R29", act=Act.COPY)
    else:
        yield Variant(draft.all_rows(), detector=LINKAGE, act=Act.COPY)


def near_copy(draft: Draft) -> Iterator[Variant]:
    """A record that is delivered twice, with another number and some minutes off."""
    if draft.form not in RECORD_FORMS:
        return
    main = pl.col(MAIN_CLOCK[draft.form])
    same_day = main.dt.hour().is_between(4, 19) & ~is_changing_day(main)
    name, letter, width = _NUMBERS[draft.form]

    def patch(rows: Int64s) -> Patch:
        size = len(rows)
        minutes = draft.rng.integers(1, _MOST_MINUTES + 1, size)
        off = pl.Series(minutes * 60_000_000).cast(pl.Duration("us"))
        # Numbers of this height are given to no real record.
        given = 9 * 10 ** (width - 1) + draft.rng.integers(0, 10 ** (width - 1), size)
        shifted = {clock: draft.cells(clock, rows) + off for clock in draft.clocks}
        return Patch({name: pl.Series([f"{letter}{number}" for number in given]), **shifted})

    if draft.form in PATIENT_FORMS:
        known = draft.where(same_day & pl.col("fnr").is_not_null())
        yield Variant(known, patch, detector=rule("R29"), rule="R29", act=Act.COPY)
    else:
        yield Variant(draft.where(same_day), patch, detector=LINKAGE, act=Act.COPY)


def late_delivery(draft: Draft) -> Iterator[Variant]:
    """A record that comes in a second file only, weeks after the first."""
    yield Variant(draft.all_rows(), act=Act.LATE)
