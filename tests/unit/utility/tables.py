"""Small tables before and after, and what they are worth."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from hsr_privacy.documents import Label
from hsr_privacy.hierarchies import Hierarchy
from hsr_privacy.hierarchies.hierarchy import from_rows
from hsr_privacy.utility import Words, Worth, worth
from hsr_privacy.utility.coding import Ladder, Table
from tests.pipe_tables import cells

AGE = from_rows(
    "age",
    [(str(n), f"{n // 10 * 10}-{n // 10 * 10 + 9}", "*") for n in range(20, 60)],
    ("year", "ten years", "*"),
)
TOWN = from_rows(
    "town",
    [("a", "north", "*"), ("b", "north", "*"), ("c", "south", "*"), ("d", "south", "*")],
    ("town", "part", "*"),
)
SEX = from_rows("sex", [("man", "*"), ("woman", "*")], ("sex", "*"))
TREES: dict[str, Hierarchy] = {"age": AGE, "town": TOWN, "sex": SEX}
YES_NO = {"0": Label(nb="nei", en="no"), "1": Label(nb="ja", en="yes")}
WORDS = Words(values={"alive": YES_NO, "helped": YES_NO}, hierarchies=TREES)


def frame(text: str) -> pl.DataFrame:
    """A table from lines parted by pipes; an empty cell is missing."""
    heading, *rows = cells(text)
    return pl.DataFrame(
        {name: [row[at] or None for row in rows] for at, name in enumerate(heading)},
        schema=dict.fromkeys(heading, pl.String),
    )


def table(
    rows: pl.DataFrame, levels: dict[str, int] | None = None, suppressed: str | None = None
) -> Table:
    """Rows as codes; without what a suppressed cell reads, they are originals."""
    ladders = {name: Ladder(tree) for name, tree in TREES.items() if name in rows.columns}
    persons = np.arange(rows.height, dtype=np.int32)
    return Table(rows, ladders, levels or {}, persons, suppressed)


def told(released: pl.DataFrame, before: pl.DataFrame | None, **more: Any) -> Worth:
    """What a table is worth, by the quasi-identifiers that it has."""
    there = {name: tree for name, tree in TREES.items() if name in released.columns}
    asked: dict[str, Any] = {
        "quasi_identifiers": list(there),
        "hierarchies": there,
        "levels": {},
        "event": "event" if "event" in released.columns else None,
        "words": WORDS,
    }
    return worth(released, before, **(asked | more))


def drawn(rows: int, seed: int = 1) -> pl.DataFrame:
    """Events of persons with an age, a town, a sex, who were helped or not and lived or not."""
    rng = np.random.default_rng(seed)
    age = rng.integers(20, 60, rows)
    helped = rng.random(rows) < 0.5
    alive = rng.random(rows) < 1 / (1 + np.exp(1.5 - 0.8 * helped + 0.02 * (age - 40)))
    return pl.DataFrame(
        {
            "event": [f"e{n}" for n in range(rows)],
            "person": [f"p{n}" for n in range(rows)],
            "age": age,
            "town": rng.choice(list("abcd"), rows, p=[0.4, 0.3, 0.2, 0.1]),
            "sex": rng.choice(["man", "woman"], rows),
            "helped": helped.astype(np.int16),
            "alive": alive.astype(np.int16),
        }
    )
