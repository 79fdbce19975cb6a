"""The full-domain search against a brute force over all nodes: levels, loss and suppressed rows."""

from __future__ import annotations

import csv
import gzip
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tests.plain_optimum import Demand, Loss, PlainRow, PlainTable, Values
from tests.plain_tables import (
    KINDS,
    LOSSES,
    assert_optimal,
    drawn_demand,
    drawn_table,
    frequencies_of,
    searched,
)

ADULT = Path(__file__).parents[1] / "data" / "adult"
PEOPLE = ("sex", "age", "race", "marital-status")
WORKERS = ("sex", "education", "workclass", "occupation")
FAMILIES = ("race", "marital-status", "education", "native-country", "salary-class")


@cache
def adult(columns: tuple[str, ...], secret: str) -> PlainTable:
    """Some columns of the Adult table, and one more as the secret."""
    with gzip.open(ADULT / "adult.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    hierarchies = []
    for name in columns:
        with (ADULT / "hierarchies" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            hierarchies.append([tuple(row) for row in csv.reader(file, delimiter=";")])
    secrets = sorted({row[secret] for row in rows})
    return PlainTable(
        hierarchies,
        [
            PlainRow(tuple(row[name] for name in columns), number, secrets.index(row[secret]))
            for number, row in enumerate(rows)
        ],
    )


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize(("k", "share"), [(5, 0.0), (2, 0.01), (50, 0.05), (5, 0.2), (11, 1.0)])
def test_people_of_the_adult_table(k: int, share: float, loss: Loss) -> None:
    demand = Demand(k=k, share=share, loss=loss)
    assert_optimal(adult(PEOPLE, "occupation"), demand)


@pytest.mark.parametrize(
    "demand",
    [
        Demand(k=3, share=0.05, weights=(1.0, 2.5, 0.5, 3.0)),
        Demand(k=3, share=0.05, weights=(0.1, 0.2, 0.3, 0.0), loss="entropy"),
        Demand(k=10, share=1.0, weights=(0.0, 1.0, 0.0, 0.0)),
        Demand(l=2, share=0.01),
        Demand(k=5, l=2, share=0.0, loss="entropy"),
        Demand(k=5, l=2, share=0.2, loss="class-size"),
        Demand(k=5, t=Fraction(1, 5), share=0.0),
        Demand(k=2, t=Fraction(3, 20), share=0.2, loss="discernibility"),
        Demand(k=5, t=Fraction(1, 4), share=1.0, loss="entropy"),
        Demand(k=5, l=2, t=Fraction(3, 10), alpha=Fraction(9, 10), share=0.05),
        Demand(k=2, scenario=((0, 1), 40), share=0.01),
        Demand(odd=True, share=0.2),
    ],
    ids=str,
)
def test_workers_of_the_adult_table(demand: Demand) -> None:
    assert_optimal(adult(WORKERS, "salary-class"), demand)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("kind", KINDS)
def test_random_tables(kind: str, seed: int) -> None:
    table = drawn_table(seed, kind)
    assert_optimal(table, drawn_demand(seed, table))


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("k", [2, 3, 4])
def test_few_rows_with_many_ties(k: int, loss: Loss) -> None:
    """Tables so small that many nodes lose the same, and few rows are left over."""
    for seed in range(8):
        assert_optimal(tiny_table(seed), Demand(k=k, share=0.5, loss=loss))


def test_rows_in_another_order_are_generalized_alike() -> None:
    table = drawn_table(5, "repeated")
    order = np.random.default_rng(5).permutation(len(table.rows))
    rows = [table.rows[place] for place in order]
    demand = Demand(k=3, share=0.2)

    one, other = (
        searched(frequencies_of(each), demand) for each in (table, replace(table, rows=rows))
    )

    assert one is not None
    assert other is not None
    assert one.levels == other.levels
    assert one.suppressed.tolist() == other.suppressed.tolist()


def tiny_table(seed: int) -> PlainTable:
    rng = np.random.default_rng(seed)
    columns = int(rng.integers(1, 4))
    ladder: list[Values] = [(f"{n}", f"{n // 2} of 2", "*") for n in range(4)]
    rows = [
        PlainRow(tuple(f"{n}" for n in rng.integers(0, 4, columns)), person, 0)
        for person in range(int(rng.integers(5, 15)))
    ]
    return PlainTable([ladder] * columns, rows)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12, 112))
@pytest.mark.parametrize("kind", KINDS)
def test_many_random_tables(kind: str, seed: int) -> None:
    table = drawn_table(seed, kind)
    assert_optimal(table, drawn_demand(seed, table))


@pytest.mark.slow
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("k", [2, 3, 4])
def test_many_tables_of_few_rows(k: int, loss: Loss) -> None:
    for seed in range(8, 200):
        assert_optimal(tiny_table(seed), Demand(k=k, share=0.5, loss=loss))


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.0, 0.01, 0.05, 0.2, 1.0])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize(
    "demand",
    [
        Demand(k=2),
        Demand(k=5, weights=(1.0, 0.5, 2.0, 0.25, 3.0)),
        Demand(k=100),
        Demand(k=5, l=3),
        Demand(k=5, t=Fraction(1, 4)),
        Demand(k=3, alpha=Fraction(1, 2)),
    ],
    ids=str,
)
def test_families_of_the_adult_table(demand: Demand, loss: Loss, share: float) -> None:
    table = adult(FAMILIES, "occupation")
    assert_optimal(table, replace(demand, loss=loss, share=share))
