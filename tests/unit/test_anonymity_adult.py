"""The known optima of the Adult table (tests/data/adult), k = 5, all nine columns."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest

from hsr_privacy.anonymity.search import search
from hsr_privacy.frequencies.table import FrequencyTable
from hsr_privacy.hierarchies import load_for_columns
from hsr_privacy.models import KAnonymity

ADULT = Path(__file__).parents[1] / "data" / "adult"


@pytest.fixture(scope="module")
def adult() -> FrequencyTable:
    with gzip.open(ADULT / "adult.csv.gz", "rt", encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file, delimiter=";")
    hierarchies = load_for_columns(ADULT / "hierarchies", heading)
    tables = [hierarchies[name].table(set(column)) for name, column in columns(heading, rows)]
    codes = [
        [table.leaf_index[value] for value in column]
        for table, (_, column) in zip(tables, columns(heading, rows), strict=True)
    ]
    return FrequencyTable.from_rows(tuple(tables), np.array(codes).T)


def columns(heading: list[str], rows: list[list[str]]) -> list[tuple[str, tuple[str, ...]]]:
    return list(zip(heading, zip(*rows, strict=True), strict=True))


def test_the_table_is_the_one_that_the_optima_are_known_for(adult: FrequencyTable) -> None:
    assert adult.total_rows == 30_162
    assert adult.names == (
        "sex",
        "age",
        "race",
        "marital-status",
        "education",
        "native-country",
        "workclass",
        "occupation",
        "salary-class",
    )


@pytest.mark.parametrize(
    ("max_suppressed", "levels", "loss", "suppressed"),
    [
        (0.00, (0, 4, 1, 1, 3, 2, 2, 1, 0), 0.635543846689, 0),
        (0.02, (0, 3, 0, 2, 2, 1, 1, 2, 0), 0.357482489867, 506),
        (0.05, (0, 3, 0, 0, 2, 1, 1, 2, 0), 0.269634662756, 1_346),
        (1.00, (0, 3, 0, 0, 2, 1, 1, 1, 0), 0.227700323189, 2_553),
    ],
)
def test_the_known_optimum_is_found(
    adult: FrequencyTable,
    max_suppressed: float,
    levels: tuple[int, ...],
    loss: float,
    suppressed: int,
) -> None:
    solution = search(adult, models=[KAnonymity(5)], max_suppressed=max_suppressed)

    assert tuple(solution.levels.values()) == levels
    assert solution.loss == pytest.approx(loss, abs=1e-9)
    assert solution.suppressed_rows == suppressed


def test_few_of_the_12960_nodes_are_counted(adult: FrequencyTable) -> None:
    solution = search(adult, models=[KAnonymity(5)], max_suppressed=0.05)

    assert solution.nodes == 12_960
    assert solution.nodes_checked < 600
