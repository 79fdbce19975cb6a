"""Releases small enough to be worked out by hand."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from hsr_privacy.composition import About, CoarserLevel, Sketch, sketch_of
from hsr_privacy.keys import KeyRing
from hsr_privacy.keys.stretching import Stretching
from tests.pipe_tables import cells

PASSPHRASE = "seven quiet herons wade north"
QUICK = Stretching(cost=2, memory_kib=19_456, lanes=1)


def new_ring(path: Path) -> KeyRing:
    """A key ring that opens fast."""
    return KeyRing.create(
        path, PASSPHRASE, registry_id="HJST", environment="test", stretching=QUICK
    )


def person_key(name: str) -> bytes:
    """16 bytes for a person called so."""
    return hashlib.sha256(name.encode()).digest()[:16]


def table(text: str) -> pl.DataFrame:
    """A pipe table; a dash is a missing cell."""
    heading, *rows = cells(text)
    held = [[None if cell == "-" else cell for cell in row] for row in rows]
    return pl.DataFrame(held, schema=dict.fromkeys(heading, pl.String), orient="row")


def sketched(
    text: str | pl.DataFrame,
    ring: KeyRing,
    *,
    name: str = "P-1",
    recipient: str = "U",
    sensitive: Sequence[str] = ("s",),
    levels: Mapping[str, str] | None = None,
    day: int = 1,
    coarser: Mapping[str, Sequence[CoarserLevel]] | None = None,
) -> Sketch:
    """The sketch of a table with a column ``person``; what is not sensitive, identifies."""
    rows = table(text) if isinstance(text, str) else text
    secrets = [one for one in sensitive if one in rows.columns]
    return sketch_of(
        rows.drop("person"),
        pl.Series([person_key(one) for one in rows["person"]], dtype=pl.Binary),
        quasi_identifiers=[one for one in rows.columns if one not in {"person", *secrets}],
        sensitive=secrets,
        levels=levels or {},
        person_column=None,
        about=About(
            name, recipient, dt.date(2026, 1, day), 2, hashlib.sha256(name.encode()).hexdigest()
        ),
        ring=ring,
        coarser=coarser,
    )
