"""A small table with everything in it that formats have trouble with, and its dictionary."""

from __future__ import annotations

import datetime as dt

import polars as pl

from hsr_privacy.dictionary import MISSING, Dictionary, Field, Value
from hsr_privacy.documents import Label

REMOVED = Value("998", MISSING["998"], is_missing=True)
NOT_RELEVANT = Value("888", MISSING["888"], is_missing=True)
UNKNOWN = Value("999", MISSING["999"], is_missing=True)
YEARS = Label(nb="år", en="years")

TABLE = pl.DataFrame(
    {
        "lnr": ["00A1", "0B22", "-C33", "=D44"],
        "kjonn": [1, 2, 999, None],
        "alder": [67, 998, 3, None],
        "min": [-12, 0, 888, 999],
        "laktat": [1.25, None, 998.0, 0.5],
        "band": ["60-69 år", "998", "0-9 år", None],
        "rytme": ["ikke sjokkbar", "sjokkbar", "999", None],
        "dag": [dt.date(2024, 2, 29), None, dt.date(1899, 12, 31), dt.date(2030, 1, 1)],
        "tid": [
            dt.datetime.fromisoformat("2024-02-29T23:59:59"),
            None,
            dt.datetime.fromisoformat("1960-01-01T00:00:00"),
            None,
        ],
        "merknad": ['blåbær; "søt"', "linje\nto", "", None],
        "tom": pl.Series([None] * 4, dtype=pl.String),
        "uten": pl.Series([None] * 4, dtype=pl.Int16),
        "stor": [2_147_483_620, 2_147_483_621, -1, 4_000_000_000],
    },
    schema_overrides={"kjonn": pl.Int16, "alder": pl.Int16, "min": pl.Int32, "stor": pl.Int64},
)

DICTIONARY = Dictionary(
    name="prove",
    title=Label(nb="Prøveuttrekk", en="Sample extract"),
    fields=(
        Field(
            "lnr",
            Label(nb="Løpenummer", en="Pseudonym"),
            "text",
            pattern="[0-9A-Z=-]{4}",
            required=True,
            unique=True,
            role="pseudonym",
        ),
        Field(
            "kjonn",
            Label(nb="Kjønn", en="Sex"),
            "integer",
            values=(
                Value("1", Label(nb="Mann", en="Man")),
                Value("2", Label(nb="Kvinne", en="Woman")),
                UNKNOWN,
            ),
            variable="kjonn",
            role="quasi-identifier",
        ),
        Field(
            "alder",
            Label(nb="Alder ved hendelse", en="Age at the event"),
            "integer",
            description=Label(nb="I hele år.", en="In whole years."),
            unit=YEARS,
            values=(REMOVED,),
            minimum=0,
            maximum=110,
            plausible=(1, 105),
        ),
        Field(
            "min",
            Label(nb="Minutter fra anrop til en ambulanse er framme " * 3, en="Minutes | response"),
            "integer",
            unit=Label(nb="minutter", en="minutes"),
            values=(NOT_RELEVANT, REMOVED, UNKNOWN),
            minimum=-10_080,
            maximum=10_080,
            plausible=(-720, 720),
        ),
        Field(
            "laktat",
            Label(nb="Laktat", en="Lactate"),
            "decimal",
            unit=Label(nb="mmol/L", en="mmol/L"),
            values=(REMOVED,),
            minimum=0.1,
        ),
        Field(
            "band",
            Label(nb="Aldersgruppe", en="Age group"),
            "text",
            values=(
                Value("0-9 år", Label(nb="0-9 år", en="0-9 years")),
                Value("60-69 år", Label(nb="60-69 år", en="60-69 years")),
                REMOVED,
            ),
            detail=Label(nb="tiårsgrupper", en="ten-year bands"),
            note=Label(nb="vernet i grupper", en="protected in classes"),
        ),
        Field(
            "rytme",
            Label(nb="Første rytme", en="First rhythm"),
            "text",
            values=(
                Value("ikke sjokkbar", Label(nb="ikke sjokkbar", en="not shockable")),
                Value("sjokkbar", Label(nb="sjokkbar", en="shockable")),
                Value("annet"),
                UNKNOWN,
            ),
        ),
        Field("dag", Label(nb="Dag", en="Day"), "date"),
        Field("tid", Label(nb="Tid", en="Time"), "datetime"),
        Field("merknad", Label(nb="Merknad", en="Remark"), "text"),
        Field("tom", Label(nb="Tom", en="Empty"), "text", values=(REMOVED,)),
        Field("uten", Label(nb="Uten verdier", en="Without values"), "integer", values=(REMOVED,)),
        Field("stor", Label(nb="Stort tall", en="Large number"), "integer"),
    ),
    key=("lnr",),
)


def alone(name: str) -> tuple[pl.DataFrame, Dictionary]:
    """One column and its description."""
    return TABLE.select(name), Dictionary("prove", DICTIONARY.title, (DICTIONARY[name],))
