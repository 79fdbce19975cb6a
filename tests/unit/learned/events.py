"""A small table of arrests that nobody had, with everything that a synthesizer must cope with."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import polars as pl

from hsr_privacy.codebook import Codebook
from hsr_privacy.learned.columns import Column
from hsr_privacy.learned.parsing import Parsed, parse


def arrests(rows: int = 900, *, seed: int = 1) -> pl.DataFrame:
    """One row per arrest; every tenth person has two."""
    random = np.random.default_rng(seed)
    people = round(rows / 1.1)
    person = np.concatenate([np.arange(people), np.arange(rows - people)])
    inside = random.random(rows) < 0.3
    shockable = random.random(rows) < 0.35
    witnessed = np.where(inside, 2, random.choice([0, 1, 2], rows, p=[0.3, 0.5, 0.2]))
    rosc = random.random(rows) < 0.25 + 0.3 * shockable
    alive = rosc & (random.random(rows) < 0.3 + 0.3 * shockable)
    start = [
        dt.datetime(2019, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=int(s))
        for s in random.integers(0, 3 * 365 * 86400, rows)
    ]
    call = [
        a + dt.timedelta(seconds=int(s))
        for a, s in zip(start, random.gamma(2, 40, rows), strict=True)
    ]
    there = [
        a + dt.timedelta(seconds=int(s))
        for a, s in zip(call, random.gamma(4, 150, rows), strict=True)
    ]
    back = [
        a + dt.timedelta(seconds=int(s))
        for a, s in zip(there, random.gamma(3, 300, rows), strict=True)
    ]
    age = random.normal(68, 14, rows).clip(1, 104).round().astype(int)

    def outside(values: Any) -> list[Any]:
        return [None if i else v for i, v in zip(inside, values, strict=True)]

    return pl.DataFrame(
        {
            "person_lnr": [f"P{n:05}" for n in person],
            "event_type": np.where(inside, 2, 1),
            "kjonn": random.choice([1, 2], rows, p=[0.65, 0.35]),
            "alder": np.where(random.random(rows) < 0.02, 999, age),
            "sentralitet": random.integers(1, 7, rows),
            "t_stans": start,
            "t_anrop": outside(call),
            "t_fremme": outside(there),
            "t_rosc": [b if r else None for b, r in zip(back, rosc, strict=True)],
            "bevitnet": witnessed,
            "tilskuer_hlr": outside(
                np.where(witnessed == 2, 888, random.choice([0, 1, 2], rows)).tolist()
            ),
            "forste_rytme": np.where(shockable, 1, random.choice([3, 4], rows)),
            "arsak": random.choice([11, 12, 2, 3], rows, p=[0.7, 0.2, 0.06, 0.04]),
            "rosc_20": rosc.astype(int),
            "rosc_noen": rosc.astype(int),
            "overlevd_30d": alive.astype(int),
        }
    )


def parsed(table: pl.DataFrame, codebook: Codebook) -> tuple[pl.DataFrame, tuple[Column, ...]]:
    """A table without its ids, parsed."""
    cells: list[pl.Series] = []
    columns: list[Column] = []
    for name in table.columns:
        if name in codebook and name != "person_lnr":
            told = parse(table[name], codebook[name], codebook=codebook)
            assert isinstance(told, Parsed), told
            cells += told.cells
            columns.append(told.column)
    return pl.DataFrame(cells), tuple(columns)


def persons_of(table: pl.DataFrame) -> pl.Series:
    """Of each row, who."""
    return table["person_lnr"].rank("dense").cast(pl.Int64)
