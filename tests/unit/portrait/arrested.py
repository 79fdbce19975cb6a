"""Arrests written as a small table, with what a test does not name left as most arrests have it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

USUAL: dict[str, Any] = {
    "day": dt.date(2016, 5, 3), "year": 2016, "month": 5, "weekday": 2, "hour": 13,
    "outside": True, "age": 70, "sex": 1, "centrality": 2, "trust": "993467049",
    "hospital": None, "home": "0301", "scene": "0301", "seconds": 480, "died_after": 0,
    "place": 0, "has_call": True, "has_hospital": False, "tried": True, "seen_by_crew": False,
    "seen_by_bystander": True, "witnessed": True, "helped": True, "attached": False,
    "shockable": False, "rosc": False, "arrived": False, "ongoing": False, "transported": False,
    "admitted": False, "alive_day": False, "alive_month": False, "good": None, "at_home": True,
}  # fmt: skip
"""An arrest at home, in Oslo, of a man who was resuscitated in vain."""

SCHEMA: dict[str, Any] = {
    name: pl.Boolean if isinstance(value, bool) or name == "good" else pl.Int64
    for name, value in USUAL.items()
} | {
    "day": pl.Date,
    "trust": pl.String,
    "hospital": pl.String,
    "home": pl.String,
    "scene": pl.String,
}

ALIVE: dict[str, Any] = {
    "rosc": True, "arrived": True, "transported": True, "admitted": True, "alive_day": True,
    "alive_month": True, "good": True, "died_after": None, "has_hospital": True,
}  # fmt: skip


def arrested(*several: tuple[int, dict[str, Any]]) -> pl.DataFrame:
    """So many arrests of each kind, every one of another person."""
    rows = [{**USUAL, **more} for many, more in several for _ in range(many)]
    for number, row in enumerate(rows):
        row.setdefault("person", number)
    table = pl.DataFrame(rows, schema={**SCHEMA, "person": pl.Int64})
    return table.with_columns(pl.col("person").cast(pl.String))
