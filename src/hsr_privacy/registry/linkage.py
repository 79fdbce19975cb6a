"""Linkage: which records of dispatch, ambulance and hospital tell of one and the same arrest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from hsr_privacy.codebook import Source
from hsr_privacy.extract import PERSON_KEY
from hsr_privacy.registry.layouts import Linkage

AT: Final = "__at"
"""When a record says that it happened, UTC."""
RECORD: Final = "__record"
"""Text that names a record inside the register: form, enterprise, number; it never leaves."""
EVENT: Final = "__event"
"""Number of the arrest that a record belongs to; null where it belongs to none."""

OHCA: Final = 1
IHCA: Final = 2

_TIMES: Final = {
    Source.AMK: ("t_anrop", "t_varsling", "t_rykker_ut"),
    Source.AMBULANCE: (
        "t_stans", "t_hlr_start", "t_hos_pasient", "t_fremme", "t_rykker_ut", "t_sykehus",
    ),
    Source.HOSPITAL: ("t_stans", "t_hlr_start", "t_stansteam", "t_sykehus"),
}  # fmt: skip
_NAMES: Final = {
    Source.AMK: ("amk_sentral", "amis_hendelsesnr"),
    Source.AMBULANCE: ("amb_hf", "amb_oppdragsnr"),
    Source.HOSPITAL: ("sykehus", "opphold_id"),
}
_MORE: Final = {
    Source.AMK: (),
    Source.AMBULANCE: ("amk_sentral", "amis_hendelsesnr", PERSON_KEY),
    Source.HOSPITAL: ("amb_oppdragsnr", "event_type", PERSON_KEY),
}
_ROW: Final = "__row"
_PLACE: Final = "__place"


@dataclass(frozen=True)
class Linked:
    """Which arrest each record belongs to.

    Attributes:
        records: per form, one row per record in the order of the delivered table: `AT`, `RECORD`
            and `EVENT`.
        arrests: one row per arrest: `EVENT`, ``event_type``, person key (null where nobody knows
            the person), `AT`, and the lead `RECORD`.
        counts: records linked and left alone.
    """

    records: Mapping[Source, pl.DataFrame]
    arrests: pl.DataFrame
    counts: Mapping[str, int]


def link(tables: Mapping[Source, pl.DataFrame], *, settings: Linkage) -> Linked:
    """Find the records of each arrest.

    A call belongs to the ambulance record with the same centre and incident number; a hospital
    record of an arrest outside to the ambulance record with the same mission number or, else, of
    the same person, within hours. A record never joins one of another person. The result does not
    depend on the order of rows.

    Args:
        tables: AMK, ambulance and hospital records with person keys; clock times in UTC.
        settings: how near in time is near.
    """
    amk = _named(tables[Source.AMK], Source.AMK)
    ambulance = _named(tables[Source.AMBULANCE], Source.AMBULANCE)
    hospital = _named(tables[Source.HOSPITAL], Source.HOSPITAL)
    ambulance = ambulance.with_columns(pl.col(_ROW).alias(EVENT))
    amk = amk.join(_calls(amk, ambulance, settings.call_hours), on=_ROW, how="left")
    is_inside = pl.col("event_type").eq_missing(IHCA)
    admitted = _admissions(hospital.filter(~is_inside), ambulance, settings.admission_hours)
    hospital = hospital.join(admitted, on=_ROW, how="left").with_columns(
        pl.when(is_inside).then(pl.col(_ROW) + ambulance.height).otherwise(EVENT).alias(EVENT)
    )
    counts = {
        "calls linked": amk.height - amk[EVENT].null_count(),
        "calls without an ambulance record": amk[EVENT].null_count(),
        "hospital records linked to an arrest outside": admitted.height,
        "hospital records of arrests inside": hospital.filter(is_inside).height,
        "hospital records without an ambulance record": hospital[EVENT].null_count(),
    }
    named = {Source.AMK: amk, Source.AMBULANCE: ambulance, Source.HOSPITAL: hospital}
    records = {form: table.sort(_PLACE).select(AT, RECORD, EVENT) for form, table in named.items()}
    return Linked(records, _arrests(ambulance, hospital), counts)


def merge_duplicates(linked: Linked, *, minutes: float) -> Linked:
    """Make one arrest of those of the same person and kind that lie nearer than some minutes.

    Args:
        linked: every arrest has a person key.
        minutes: rule R29 of the register model.
    """
    ordered = linked.arrests.sort(PERSON_KEY, "event_type", AT, RECORD, nulls_last=True)
    same = (
        (pl.col(PERSON_KEY) == pl.col(PERSON_KEY).shift())
        & (pl.col("event_type") == pl.col("event_type").shift())
        & (pl.col(AT) - pl.col(AT).shift() < pl.duration(seconds=round(minutes * 60)))
    ).fill_null(value=False)
    into = pl.when(~same).then(EVENT).forward_fill().alias("into")
    ordered = ordered.with_columns(into)
    numbers = ordered[EVENT].to_numpy()
    size = int(numbers.max()) + 1 if len(numbers) else 1
    lead = np.arange(size)
    lead[numbers] = ordered["into"].to_numpy()
    records = {
        form: table.with_columns(
            pl.Series(EVENT, lead[table[EVENT].fill_null(0).to_numpy()]).set(
                table[EVENT].is_null(), None
            )
        )
        for form, table in linked.records.items()
    }
    arrests = ordered.filter(pl.col(EVENT) == pl.col("into")).drop("into")
    merged = {"arrests told twice and merged": linked.arrests.height - arrests.height}
    return Linked(records, arrests, {**linked.counts, **merged})


def _named(table: pl.DataFrame, form: Source) -> pl.DataFrame:
    """Number the records in an order that the order of rows has no part in; only what linkage needs."""
    names = [pl.col(name).fill_null("") for name in _NAMES[form]]
    at = pl.coalesce(_TIMES[form])
    moment = at.dt.strftime("%Y-%m-%dT%H:%M:%S").fill_null("")
    return (
        table.select(
            at.alias(AT),
            pl.concat_str(pl.lit(str(form)), *names, moment, separator="|").alias(RECORD),
            pl.struct(pl.all()).hash().alias("content"),
            *dict.fromkeys((*_NAMES[form], *_MORE[form])),
        )
        .with_row_index(_PLACE)
        .sort(RECORD, "content")
        .drop("content")
        .with_row_index(_ROW)
        .with_columns(pl.col(_ROW).cast(pl.Int64))
    )


def _calls(amk: pl.DataFrame, ambulance: pl.DataFrame, hours: float) -> pl.DataFrame:
    """Per linked call, the ambulance record that is nearest in time."""
    number = ["amk_sentral", "amis_hendelsesnr"]
    # Incident numbers begin anew each year, and a mission may cross New Year.
    before = pl.col(AT) - pl.duration(seconds=round(hours * 3600))
    years = ambulance.select(*number, AT, EVENT, pl.col(AT).dt.year().alias("year"))
    earlier = ambulance.select(*number, AT, EVENT, before.dt.year().alias("year"))
    missions = pl.concat([years, earlier]).unique([EVENT, "year"])
    calls = amk.select(*number, AT, _ROW, pl.col(AT).dt.year().alias("year"))
    return _nearest(calls.join(missions, on=[*number, "year"], suffix="_other"), hours)


def _admissions(hospital: pl.DataFrame, ambulance: pl.DataFrame, hours: float) -> pl.DataFrame:
    """Per linked hospital record, the ambulance record: by mission number, else by person."""
    records = hospital.select("amb_oppdragsnr", PERSON_KEY, AT, _ROW)
    missions = ambulance.select("amb_oppdragsnr", PERSON_KEY, AT, EVENT)
    by_number = records.join(missions, on="amb_oppdragsnr", suffix="_other")
    other = f"{PERSON_KEY}_other"
    same = (pl.col(PERSON_KEY) == pl.col(other)).fill_null(value=True)
    numbered = _nearest(by_number.filter(same), hours)
    rest = records.join(numbered, on=_ROW, how="anti")
    by_person = rest.join(missions, on=PERSON_KEY, suffix="_other")
    return pl.concat([numbered, _nearest(by_person, hours)])


def _nearest(pairs: pl.DataFrame, hours: float) -> pl.DataFrame:
    apart = (pl.col(AT) - pl.col(f"{AT}_other")).abs()
    return (
        pairs.select(_ROW, EVENT, apart.alias("apart"))
        .filter(pl.col("apart") <= pl.duration(seconds=round(hours * 3600)))
        .sort(_ROW, "apart", EVENT)
        .unique(_ROW, keep="first", maintain_order=True)
        .select(_ROW, EVENT)
    )


def _arrests(ambulance: pl.DataFrame, hospital: pl.DataFrame) -> pl.DataFrame:
    columns = [EVENT, "event_type", PERSON_KEY, AT, RECORD]
    outside = ambulance.with_columns(pl.lit(OHCA, pl.Int16).alias("event_type")).select(columns)
    known = (
        hospital.filter(pl.col("event_type").ne_missing(IHCA) & pl.col(EVENT).is_not_null())
        .sort(EVENT, AT, RECORD)
        .group_by(EVENT, maintain_order=True)
        .agg(pl.col(PERSON_KEY).drop_nulls().first().alias("known"), pl.col(AT).first().alias("in"))
    )
    outside = outside.join(known, on=EVENT, how="left").with_columns(
        pl.coalesce(PERSON_KEY, "known").alias(PERSON_KEY), pl.coalesce(AT, "in").alias(AT)
    )
    inside = hospital.filter(pl.col("event_type") == IHCA).select(columns)
    return pl.concat([outside.select(columns), inside])
