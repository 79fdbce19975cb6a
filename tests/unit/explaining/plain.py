"""Small tables in plain values, and a plain recount of what is said of them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from hsr_privacy.anonymity.cells import recode_jointly, suppress_cells
from hsr_privacy.anonymity.local import recode_locally
from hsr_privacy.anonymity.search import search
from hsr_privacy.anonymity.solution import Solution
from hsr_privacy.explaining import Explanation, explain
from hsr_privacy.frequencies import FrequencyTable
from hsr_privacy.hierarchies import HierarchyTable
from hsr_privacy.models import KAnonymity, PrivacyModel

Values = tuple[str | None, ...]

SEX = HierarchyTable.from_rows("sex", [("m", "*"), ("f", "*")], ("sex", "*"))
AGE = HierarchyTable.from_rows(
    "age",
    [(str(n), f"{n // 10}0s", "young" if n < 50 else "old", "*") for n in range(20, 100)],
    ("years", "decade", "half", "*"),
)
PLACE = HierarchyTable.from_rows(
    "place",
    [(town, town[0], "*") for town in ("a1", "a2", "a3", "b1", "b2", "c1", "c2", "d1")],
    ("municipality", "county", "*"),
)
TABLES = (SEX, AGE, PLACE)
NAMES = ("sex", "age", "place")

METHODS: dict[str, Callable[..., Solution]] = {
    "full-domain": search,
    "local": recode_locally,
    "cells": suppress_cells,
    "joint": recode_jointly,
}


def people(number: int = 400, *, seed: int = 1) -> list[Values]:
    """Persons of whom most are young men in a1, and few are old or in d1."""
    draw = random.Random(seed)
    towns = ["a1"] * 40 + ["a2"] * 20 + ["a3", "b1", "b1", "b2", "c1", "c2", "d1"]
    return [
        (
            draw.choice("mmmff"),
            str(20 + int(75 * draw.random() ** 3)),
            draw.choice(towns),
        )
        for _ in range(number)
    ]


def counted(
    rows: Sequence[Values],
    tables: Sequence[HierarchyTable] = TABLES,
    *,
    person: Sequence[int] | None = None,
    **secret: Sequence[int],
) -> FrequencyTable:
    """The frequency table of rows."""
    codes = [[table.leaf_index[v] for table, v in zip(tables, row, strict=True)] for row in rows]
    return FrequencyTable.from_rows(
        tuple(tables),
        np.array(codes, int).reshape(len(rows), len(tables)),
        person=person,
        sensitive=secret,
    )


@dataclass(frozen=True)
class Told:
    """Rows, what was found for them, and how it is explained."""

    rows: list[Values]
    solution: Solution
    explanation: Explanation
    tables: tuple[HierarchyTable, ...]
    models: tuple[PrivacyModel, ...]
    max_suppressed: float

    def class_of(self, row: Values) -> int:
        """The base class of a row."""
        leaves = [t.leaf_index[v] for t, v in zip(self.tables, row, strict=True)]
        return int(np.flatnonzero((self.solution.table.codes == leaves).all(axis=1))[0])

    def is_suppressed(self, row: Values) -> bool:
        """Whether the solution removes a row."""
        return bool(self.solution.suppressed[self.class_of(row)])


def told(
    rows: Sequence[Values],
    *,
    k: int = 3,
    max_suppressed: float = 0.1,
    method: str = "full-domain",
    tables: Sequence[HierarchyTable] = TABLES,
    weights: Sequence[float] | None = None,
    max_points: int = 0,
    person: Sequence[int] | None = None,
    models: Sequence[PrivacyModel] | None = None,
) -> Told:
    """Find a solution for rows and explain it."""
    models = tuple(models or (KAnonymity(k),))
    table = counted(rows, tables, person=person)
    asked = {"models": models, "max_suppressed": max_suppressed, "weights": weights}
    solution = METHODS[method](table, **asked)
    explanation = explain(solution, **asked, max_points=max_points)  # type: ignore[arg-type]
    return Told(list(rows), solution, explanation, tuple(tables), models, max_suppressed)


def text(table: HierarchyTable, value: str | None, level: int) -> str | None:
    """What a value says on a level."""
    return table.labels[level][int(table.nodes[level][table.leaf_index[value]])]


def says(row: Values, levels: Sequence[int], tables: Sequence[HierarchyTable] = TABLES) -> Values:
    """What a row says on one level per column."""
    return tuple(text(t, v, level) for t, v, level in zip(tables, row, levels, strict=True))


def cell_loss(table: HierarchyTable, value: str | None, level: int) -> float:
    """The values that the released text covers besides one, as a share of all besides one."""
    covers = sum(text(table, other, level) == text(table, value, level) for other in table.values)
    return (covers - 1) / (len(table.values) - 1)


def loss_on(
    rows: Sequence[Values],
    levels: Sequence[int],
    *,
    k: int,
    tables: Sequence[HierarchyTable] = TABLES,
    weights: Sequence[float] = (1, 1, 1),
) -> tuple[float, int, int, int]:
    """Loss, rows suppressed, classes left and smallest class of one level per column."""
    sizes = Counter(says(row, levels, tables) for row in rows)
    lost, gone = 0.0, 0
    for row in rows:
        if sizes[says(row, levels, tables)] < k:
            lost += sum(weights)
            gone += 1
        else:
            parts = zip(tables, row, levels, weights, strict=True)
            lost += sum(w * cell_loss(t, v, level) for t, v, level, w in parts)
    left = sum(size >= k for size in sizes.values())
    return lost / len(rows) / sum(weights), gone, left, min(sizes.values())
