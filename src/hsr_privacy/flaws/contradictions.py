"""Contradictions: two cells of a record that cannot both be true, by a rule of the register model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from hsr_privacy.codebook import Source
from hsr_privacy.flaws.draft import PATIENT_FORMS, Draft, Patch, Variant, rule
from hsr_privacy.flaws.sheet import Int64s

_NO, _YES, _NOT_APPLICABLE = 0, 1, 888
_BY_AMBULANCE: Final = 2
_WITH_CIRCULATION, _DEAD_AT_SCENE = 1, 3
_COMPRESSIONS: Final = 1
_GOOD, _DEAD_CPC, _NO_SYMPTOMS, _DEAD_MRS = 1, 5, 0, 6
_ORDER_FOUND: Final = 1
_SHOCKS: Final = 2


def contradicts_r05(draft: Draft) -> Iterator[Variant]:
    """Helped by bystanders, though the ambulance saw the arrest."""
    if draft.form is Source.AMBULANCE:
        seen = (pl.col("bevitnet") == _BY_AMBULANCE) & (pl.col("tilskuer_hlr") == _NOT_APPLICABLE)
        yield _contradiction(draft, "R05", seen, "tilskuer_hlr", _COMPRESSIONS)


def contradicts_r06(draft: Draft) -> Iterator[Variant]:
    """Shocked by an AED that was not attached."""
    if draft.form is Source.AMBULANCE:
        shocked = (pl.col("aed_sjokk") == _YES) & (pl.col("aed_tilkoblet") == _YES)
        yield _contradiction(draft, "R06", shocked, "aed_tilkoblet", _NO)


def contradicts_r09(draft: Draft) -> Iterator[Variant]:
    """Circulation that lasted, and none at all."""
    if draft.form in PATIENT_FORMS:
        lasted = (pl.col("rosc_20") == _YES) & (pl.col("rosc_noen") == _YES)
        yield _contradiction(draft, "R09", lasted, "rosc_noen", _NO)


def contradicts_r10(draft: Draft) -> Iterator[Variant]:
    """Handed over with circulation that did not last, or dead at the scene and transported."""
    if draft.form is Source.AMBULANCE:
        status = pl.col("status_overlevering")
        alive = (status == _WITH_CIRCULATION) & (pl.col("rosc_20") == _YES)
        yield _contradiction(draft, "R10", alive, "rosc_20", _NO)
        dead = (status == _DEAD_AT_SCENE) & (pl.col("transportert") == _NO)
        yield _contradiction(draft, "R10", dead, "transportert", _YES)


def contradicts_r14(draft: Draft) -> Iterator[Variant]:
    """Dead at discharge, and in good health."""
    if draft.form is Source.HOSPITAL:
        dead = pl.col("overlevd_utskr") == _NO
        for name, then, now in (
            ("cpc_utskr", _DEAD_CPC, _GOOD),
            ("mrs_utskr", _DEAD_MRS, _NO_SYMPTOMS),
        ):
            yield _contradiction(draft, "R14", dead & (pl.col(name) == then), name, now)


def contradicts_r19(draft: Draft) -> Iterator[Variant]:
    """Stopped by a doctor for no reason, or a reason and no stop."""
    if draft.form is Source.HOSPITAL:
        stopped, reason = pl.col("avbrutt_lege"), pl.col("avbrutt_grunn")
        without = (stopped == _YES) & (reason != _NOT_APPLICABLE)
        yield _contradiction(draft, "R19", without, "avbrutt_grunn", _NOT_APPLICABLE)
        needless = (stopped == _NO) & (reason == _NOT_APPLICABLE)
        yield _contradiction(draft, "R19", needless, "avbrutt_grunn", _ORDER_FOUND)


def contradicts_r23(draft: Draft) -> Iterator[Variant]:
    """Shocked and no shock counted, or the other way round."""
    if draft.form in PATIENT_FORMS:
        given, counted = pl.col("sjokk_gitt"), pl.col("antall_sjokk")
        yield _contradiction(draft, "R23", (given == _YES) & (counted > 0), "antall_sjokk", 0)
        none = (given == _NO) & (counted == 0)
        yield _contradiction(draft, "R23", none, "antall_sjokk", _SHOCKS)


def _contradiction(draft: Draft, name: str, concerned: pl.Expr, column: str, value: int) -> Variant:
    """One cell gets a value that the others rule out."""

    def patch(rows: Int64s) -> Patch:
        dtype = draft.table[column].dtype
        return Patch({column: pl.Series([value], dtype=dtype).new_from_index(0, len(rows))})

    return Variant(
        draft.where(concerned), patch, how=f"{column} {value}", detector=rule(name), rule=name
    )
