"""Wide tables, and what the engine and a plain count say of their classes."""

from __future__ import annotations

from functools import cache

import numpy as np

from hsr_privacy.frequencies import EquivalenceClasses, FrequencyTable, Labels
from tests.plain_optimum import Levels, PlainRow, PlainTable, Values
from tests.plain_tables import SECRET, frequencies_of

Counts = dict[Values, tuple[int, int, dict[int, int]]]
"""Rows, persons and secrets by what the rows say."""
WIDTHS = {"many narrow": (30, 300), "few wide": (6, 5_000), "one word": (4, 12)}
"""Columns and values of each, by the shape of the table."""


@cache
def wide_table(shape: str, rows: int = 900, seed: int = 0) -> PlainTable:
    """Rows that differ in few columns from one of thirty, by persons of whom some have several."""
    columns, leaves = WIDTHS[shape]
    rng = np.random.default_rng([seed, rows])
    ladder = [(f"{n}", f"by 7: {n // 7}", f"by 63: {n // 63}", "*") for n in range(leaves)]
    ladders = [[ladder[n] for n in rng.permutation(leaves)] for _ in range(columns)]
    values = rng.integers(0, leaves, (30, columns))[rng.integers(0, 30, rows)]
    values[:, 0] = np.where(rng.random(rows) < 0.01, leaves - 1, values[:, 0])
    changed = rng.random(values.shape) < 1.5 / columns
    values = np.where(
        changed, np.minimum(values + rng.integers(0, 9, values.shape), leaves - 1), values
    )
    persons = rng.integers(0, rows, rows).tolist()
    secrets = rng.integers(0, 4, rows).tolist()
    return PlainTable(
        ladders,
        [
            PlainRow(tuple(f"{n}" for n in one), person, secret)
            for one, person, secret in zip(values.tolist(), persons, secrets, strict=True)
        ],
    )


@cache
def frequencies(shape: str, rows: int = 900) -> FrequencyTable:
    return frequencies_of(wide_table(shape, rows))


def drawn_levels(shape: str, seed: int, lowest: Levels | None = None) -> Levels:
    """Levels of every column, not below the lowest."""
    rng = np.random.default_rng(seed)
    low = lowest or (0,) * WIDTHS[shape][0]
    return tuple(int(rng.integers(one, 4)) for one in low)


def merged(classes: EquivalenceClasses, levels: Levels) -> EquivalenceClasses:
    nodes = [one.nodes[n] for one, n in zip(classes.table.hierarchies, levels, strict=True)]
    widths = np.array([len(one) for one in nodes], np.int64)
    sizes = np.array([int(one.max()) + 1 for one in nodes], np.int64)
    return classes.merge(Labels(np.concatenate(nodes), np.cumsum(widths) - widths, sizes))


def told(classes: EquivalenceClasses, levels: Levels) -> Counts:
    """What the engine counts, by the texts of the combination that stands for each class."""
    table = classes.table
    texts = []
    for j, (hierarchy, level) in enumerate(zip(table.hierarchies, levels, strict=True)):
        labels, leaves = hierarchy.labels[level], table.packing.column(classes.packed, j)
        texts.append([labels[node] for node in hierarchy.nodes[level][leaves].tolist()])
    histograms = classes.histograms(SECRET)
    secrets: list[dict[int, int]] = [{} for _ in range(len(classes))]
    for place, code, count in zip(
        histograms.classes.tolist(),
        histograms.codes.tolist(),
        histograms.counts.tolist(),
        strict=True,
    ):
        secrets[place][code] = count
    found = list(zip(classes.rows.tolist(), classes.persons.tolist(), secrets, strict=True))
    keyed = dict(zip(zip(*texts, strict=True), found, strict=True))
    assert len(keyed) == len(classes), "two classes say the same"
    return keyed


def plain(table: PlainTable, levels: Levels) -> Counts:
    """The same by plain counting; secrets are numbered in their order."""
    numbers = {secret: n for n, secret in enumerate(sorted({row.secret for row in table.rows}))}
    return {
        key: (
            group.rows,
            len(group.persons),
            {numbers[secret]: rows for secret, rows in group.secrets.items()},
        )
        for key, group in table.grouped(levels).items()
    }
