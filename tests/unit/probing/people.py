"""Persons whom nobody knows, in full detail and as an extract of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from hsr_privacy.hierarchies import Hierarchy, load_for_columns
from hsr_privacy.project import AttackPlan

QUASI = ("age", "sex", "town")
DECADE, REGION = 1, 1


def plan(**other: Any) -> AttackPlan:
    """A plan with wide limits; anything in it can be changed."""
    usual = {
        "seed": 7,
        "attacks": 300,
        "control_share": 0.5,
        "limits": {"singling_out": 0.2, "linkability": 0.2, "inference": 0.2},
    }
    return AttackPlan.model_validate(usual | other)


def persons(rows: int = 1200, *, seed: int = 1) -> pl.DataFrame:
    """One row per event, every twelfth person with two; the illness goes with the decade."""
    random = np.random.default_rng(seed)
    people = rows * 11 // 12
    who = np.concatenate([np.arange(people), np.arange(rows - people)])
    age = random.integers(20, 90, rows)
    usual = age // 10 % 5
    illness = np.where(random.random(rows) < 0.5, usual, random.integers(0, 5, rows))
    return pl.DataFrame(
        {
            "person": [f"P{n:04}" for n in who],
            "event": [f"E{n:04}" for n in random.permutation(rows)],
            "age": age,
            "sex": random.choice(["F", "M"], rows),
            "town": random.choice(list("abcdefgh"), rows),
            "minutes": random.integers(0, 60, rows),
            "illness": [f"illness {n}" for n in illness],
        }
    )


def hierarchies(folder: Path) -> dict[str, Hierarchy]:
    """Ages in decades, towns in two regions."""
    ages = "\n".join(f"{n};{n // 10 * 10}-{n // 10 * 10 + 9};*" for n in range(20, 90))
    towns = "\n".join(f"{town};{'west' if town < 'e' else 'east'};*" for town in "abcdefgh")
    (folder / "age.csv").write_text(ages + "\n", encoding="utf-8")
    (folder / "town.csv").write_text(towns + "\n", encoding="utf-8")
    return load_for_columns(folder, ["age", "town"])


def extract(before: pl.DataFrame) -> pl.DataFrame:
    """The same rows with ages in decades and towns in regions."""
    decade = pl.col("age") // 10 * 10
    return before.with_columns(
        age=pl.format("{}-{}", decade, decade + 9),
        town=pl.when(pl.col("town") < "e").then(pl.lit("west")).otherwise(pl.lit("east")),
    )
