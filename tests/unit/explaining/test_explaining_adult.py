"""The Adult table explained: what is known of its optimum at k = 5 and 5 per cent, and recounted."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from hsr_privacy.anonymity.search import search
from hsr_privacy.explaining import Explanation, explain
from hsr_privacy.frequencies import FrequencyTable
from hsr_privacy.hierarchies import HierarchyTable, load_for_columns
from hsr_privacy.models import KAnonymity

ADULT = Path(__file__).parents[2] / "data" / "adult"


@pytest.fixture(scope="module")
def columns() -> dict[str, tuple[str, ...]]:
    with gzip.open(ADULT / "adult.csv.gz", "rt", encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file, delimiter=";")
    return dict(zip(heading, zip(*rows, strict=True), strict=True))


@pytest.fixture(scope="module")
def tables(columns: dict[str, tuple[str, ...]]) -> dict[str, HierarchyTable]:
    hierarchies = load_for_columns(ADULT / "hierarchies", list(columns))
    return {name: hierarchies[name].table(set(values)) for name, values in columns.items()}


@pytest.fixture(scope="module")
def explanation(
    columns: dict[str, tuple[str, ...]], tables: dict[str, HierarchyTable]
) -> Explanation:
    codes = [[tables[name].leaf_index[v] for v in values] for name, values in columns.items()]
    table = FrequencyTable.from_rows(tuple(tables.values()), np.array(codes).T)
    models = [KAnonymity(5)]
    solution = search(table, models=models, max_suppressed=0.05)
    return explain(solution, models=models, max_suppressed=0.05, max_points=6)


def small(
    columns: dict[str, tuple[str, ...]], tables: dict[str, HierarchyTable], levels: dict[str, int]
) -> list[bool]:
    """Per row, whether fewer than five have what it says on these levels."""
    said = []
    for name, values in columns.items():
        one, level = tables[name], levels[name]
        text = {v: one.labels[level][one.nodes[level][one.leaf_index[v]]] for v in set(values)}
        said.append([text[value] for value in values])
    rows = list(zip(*said, strict=True))
    sizes = Counter(rows)
    return [sizes[row] < 5 for row in rows]


def test_the_loss_is_the_known_one_and_occupation_has_most_of_it(explanation: Explanation) -> None:
    assert explanation.loss == pytest.approx(0.269634662756, abs=1e-9)
    assert explanation.suppressed_rows == 1_346
    assert max(explanation.columns, key=lambda one: one.share).name == "occupation"
    assert sum(one.share for one in explanation.columns) == pytest.approx(1)


def test_one_level_finer_in_age_removes_what_a_recount_removes(
    explanation: Explanation,
    columns: dict[str, tuple[str, ...]],
    tables: dict[str, HierarchyTable],
) -> None:
    levels = {one.name: one.level for one in explanation.columns}
    assert explanation.neighbours is not None
    (finer,) = [s for s in explanation.neighbours.steps if (s.column, s.step) == ("age", -1)]

    assert finer.node.rows_suppressed == sum(small(columns, tables, levels | {"age": 2}))
    assert not finer.node.within_budget


def test_the_oldest_lose_most_rows(
    explanation: Explanation,
    columns: dict[str, tuple[str, ...]],
    tables: dict[str, HierarchyTable],
) -> None:
    gone = small(columns, tables, {one.name: one.level for one in explanation.columns})
    old = [out for out, age in zip(gone, columns["age"], strict=True) if int(age) > 80]
    (ages,) = [g for g in explanation.groupings if g.column == "age" and g.by == "node"]
    (oldest,) = [group for group in ages.groups if group.label == "80-99"]

    assert (oldest.rows, oldest.suppressed_rows) == (len(old), sum(old)) == (75, 51)
    assert oldest.rows_share is not None
    assert oldest.rows_share.differs == "more"


def test_the_known_optima_are_on_the_frontier(explanation: Explanation) -> None:
    losses = {
        limit: point.loss
        for point in explanation.frontier.points
        if point.k == 5
        for limit in point.limits
    }
    assert losses[0.0] == pytest.approx(0.635543846689, abs=1e-9)
    assert losses[0.02] == pytest.approx(0.357482489867, abs=1e-9)
    assert losses[1.0] == pytest.approx(0.227700323189, abs=1e-9)
