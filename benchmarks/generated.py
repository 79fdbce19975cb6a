"""A generated table of any length with eight quasi-identifiers, for measuring how protection scales.

    python benchmarks/generated.py ROWS FOLDER

writes FOLDER/table.csv and FOLDER/hierarchies/COLUMN.csv. Nobody in it exists. Ages follow a
population pyramid, municipalities and countries Zipf's law, education and marital status the age,
hospitals mostly the county; among a million rows, 97 of 100 combinations stand once. The same
seed and length give the same table.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

SEED: Final = 20_240_501
MUNICIPALITIES: Final = 356
COUNTIES: Final = 15
COUNTRIES: Final = 120
MONTHS: Final = 60
HOSPITALS: Final = 40

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class GeneratedColumn:
    """A column as codes, and the text of every code on every level of its hierarchy.

    Attributes:
        name: of the column.
        codes: shape (rows,): row of ``hierarchy`` of every row.
        hierarchy: per code, its text on level 0, 1, ... , ``*``.
    """

    name: str
    codes: Codes
    hierarchy: tuple[tuple[str, ...], ...]


def columns(rows: int, *, seed: int = SEED) -> tuple[GeneratedColumn, ...]:
    """Draw the table."""
    draw = np.random.default_rng(seed)
    age = _drawn(draw, rows, _pyramid())
    county_of = np.sort(draw.integers(0, COUNTIES, MUNICIPALITIES))
    municipality = _drawn(draw, rows, _zipf(MUNICIPALITIES, 0.8)[draw.permutation(MUNICIPALITIES)])
    abroad = _zipf(COUNTRIES - 1, 1.0) * 0.17
    hospital = np.where(
        draw.random(rows) < 0.7,
        county_of[municipality] * HOSPITALS // COUNTIES + draw.integers(0, 2, rows),
        draw.integers(0, HOSPITALS, rows),
    )
    education = np.clip(_by_age(draw, age, 8, (2, 4, 3)), 0, 7)
    marital = np.clip(_by_age(draw, age, 6, (0, 1, 3)), 0, 5)
    return (
        GeneratedColumn("age", age, _age_levels()),
        GeneratedColumn("sex", draw.integers(0, 2, rows), (("F", "*"), ("M", "*"))),
        GeneratedColumn(
            "municipality",
            municipality,
            tuple(
                (f"m{n:03}", f"county {c:02}", f"region {c // 3}", "*")
                for n, c in enumerate(county_of.tolist())
            ),
        ),
        GeneratedColumn("education", education, _grouped("e", 8, (2,))),
        GeneratedColumn(
            "country",
            _drawn(draw, rows, np.concatenate([[0.83], abroad])),
            _grouped("c", COUNTRIES, (12, 48)),
        ),
        GeneratedColumn(
            "month",
            draw.integers(0, MONTHS, rows),
            tuple(
                (
                    f"{2019 + m // 12}-{m % 12 + 1:02}",
                    f"{2019 + m // 12}-Q{m % 12 // 3 + 1}",
                    f"{2019 + m // 12}",
                    "*",
                )
                for m in range(MONTHS)
            ),
        ),
        GeneratedColumn("hospital", np.minimum(hospital, HOSPITALS - 1), _grouped("h", 40, (5,))),
        GeneratedColumn("marital", marital, _grouped("s", 6, (3,))),
    )


def write(made: Sequence[GeneratedColumn], folder: Path) -> None:
    """Write the table and its hierarchies, ``;`` between fields."""
    (folder / "hierarchies").mkdir(parents=True, exist_ok=True)
    table = pl.DataFrame(
        {
            column.name: pl.Series([row[0] for row in column.hierarchy]).gather(column.codes)
            for column in made
        }
    )
    table.write_csv(folder / "table.csv", separator=";")
    for column in made:
        lines = "".join(";".join(row) + "\n" for row in column.hierarchy)
        (folder / "hierarchies" / f"{column.name}.csv").write_text(lines, encoding="utf-8")


def _drawn(draw: np.random.Generator, rows: int, weights: Floats) -> Codes:
    bounds = np.cumsum(weights / weights.sum())
    places = np.searchsorted(bounds, draw.random(rows), side="right")
    return np.minimum(places, len(weights) - 1).astype(np.int64)


def _pyramid() -> Floats:
    years = np.arange(100)
    people: Floats = np.where(years < 55, 1.0, np.maximum(1 - (years - 55) / 42, 0.004))
    return people


def _zipf(size: int, exponent: float) -> Floats:
    weights = 1 / np.arange(1, size + 1) ** exponent
    shares: Floats = weights / weights.sum()
    return shares


def _by_age(
    draw: np.random.Generator, age: Codes, size: int, centres: tuple[int, int, int]
) -> Codes:
    centre = np.array(centres)[np.digitize(age, (25, 60))]
    spread = np.where(age < 18, 0.5, 1.4)
    drawn: Codes = np.clip(np.rint(draw.normal(centre, spread)), 0, size - 1).astype(np.int64)
    return drawn


def _age_levels() -> tuple[tuple[str, ...], ...]:
    def band(age: int, width: int) -> str:
        return f"{age // width * width}-{age // width * width + width - 1}"

    return tuple((str(n), band(n, 5), band(n, 10), band(n, 20), "*") for n in range(100))


def _grouped(letter: str, size: int, sizes: tuple[int, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (f"{letter}{n:03}", *(f"{letter}{n // size_of:03} of {size_of}" for size_of in sizes), "*")
        for n in range(size)
    )


if __name__ == "__main__":
    write(columns(int(sys.argv[1])), Path(sys.argv[2]))
