"""Nodes that lose the same: which of them the search answers with."""

from __future__ import annotations

import numpy as np
import pytest

from hsr_privacy.anonymity.losses import ByClasses
from hsr_privacy.anonymity.search import search
from hsr_privacy.frequencies import FrequencyTable
from hsr_privacy.hierarchies import HierarchyTable
from hsr_privacy.models import KAnonymity


def bits(*names: str) -> tuple[HierarchyTable, ...]:
    return tuple(HierarchyTable.from_rows(name, [("0", "*"), ("1", "*")]) for name in names)


def test_weights_are_added_as_they_are_written() -> None:
    """0.1 + 0.7 is less than 0.8 in binary numbers, and 0.8 for the person who wrote them."""
    table = FrequencyTable.from_rows(
        bits("a", "b", "c"), [[0, 0, 0], [0, 0, 1], [1, 1, 0], [1, 1, 1]]
    )

    solution = search(table, models=[KAnonymity(2)], weights=[0.1, 0.7, 0.8])

    assert solution.levels == {"a": 0, "b": 0, "c": 1}


def test_the_fewest_suppressed_rows_win_among_equal_class_sizes() -> None:
    """By the second column two rows are left over, by the first only one; three classes both."""
    ladders = [("0", "*"), ("1", "*"), ("2", "*"), ("3", "*")]
    tables = tuple(HierarchyTable.from_rows(name, ladders) for name in ("a", "b"))
    a, b = [1, 3, 1, 1, 1, 3, 2, 3], [1, 1, 1, 3, 0, 0, 2, 0]
    table = FrequencyTable.from_rows(tables, np.array([a, b]).T)

    solution = search(table, models=[KAnonymity(3)], max_suppressed=0.5, loss="class-size")

    assert solution.levels == {"a": 0, "b": 1}
    assert (solution.classes, solution.suppressed_rows) == (2, 1)


@pytest.mark.parametrize(("rows", "most"), [(4, 2), (5, 3), (6, 3), (1, 1)])
def test_where_nothing_must_be_suppressed_what_is_left_over_may_be_a_class(
    rows: int, most: int
) -> None:
    assert ByClasses("class-size", rows, 2).below(0) == rows / most


def test_losses_of_entropy_that_are_one_number_are_equal() -> None:
    """Both columns lose 5 / 8192, whose thirteenth digit is a 5 and the last: rounding parts them."""
    rare = np.array(
        [[20, 6, 2, 2, 2], [6, 6, 2, 1, 1], [2, 2, 2, 1, 1], [2, 1, 1, 0, 0], [2, 1, 1, 0, 0]]
    )
    pairs = [(i, j) for i in range(5) for j in range(5) for _ in range(rare[i, j])]
    pairs += [(5 + n, 5 + n) for n, many in enumerate([64, 128, 256, 512]) for _ in range(many)]
    ladder = [(f"{n}", "rare" if n < 5 else f"{n}", "*") for n in range(9)]
    orders = [2, 6, 0, 3, 8, 1, 7, 5, 4], [4, 6, 8, 2, 1, 3, 7, 5, 0]
    one, other = (
        HierarchyTable.from_rows(name, [ladder[n] for n in order])
        for name, order in zip("ab", orders, strict=True)
    )
    codes = [(one.leaf_index[f"{i}"], other.leaf_index[f"{j}"], i == 8) for i, j in pairs]
    table = FrequencyTable.from_rows((one, other, *bits("c")), np.array(codes, int))

    solution = search(table, models=[KAnonymity(4)], weights=[1, 1, 188.015625], loss="entropy")

    assert solution.levels == {"a": 0, "b": 1, "c": 0}
    assert solution.loss == pytest.approx(5 / 8192, abs=1e-15)
