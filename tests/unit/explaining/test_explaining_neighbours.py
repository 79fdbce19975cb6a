"""What one column on another level would cost and buy, counted anew in plain values."""

from __future__ import annotations

import pytest

from hsr_privacy.anonymity.search import search
from hsr_privacy.explaining import explain
from hsr_privacy.explaining.explanation import Neighbours
from hsr_privacy.models import DistinctLDiversity, KAnonymity, PrivacyModel
from tests.unit.explaining.plain import NAMES, TABLES, Told, counted, loss_on, people, told


def around(one: Told) -> Neighbours:
    assert one.explanation.neighbours is not None
    return one.explanation.neighbours


@pytest.mark.parametrize("method", ["full-domain", "joint"])
@pytest.mark.parametrize("weights", [(1, 1, 1), (1, 5, 2)])
def test_every_other_level_is_what_a_recount_says(method: str, weights: tuple[float, ...]) -> None:
    one = told(people(), method=method, weights=weights)
    levels = list(one.solution.levels.values())
    here = loss_on(one.rows, levels, k=3, weights=weights)

    for step in around(one).steps:
        place = NAMES.index(step.column)
        other = [*levels[:place], step.level, *levels[place + 1 :]]
        loss, gone, left, smallest = loss_on(one.rows, other, k=3, weights=weights)
        assert step.node.loss == pytest.approx(loss)
        assert step.node.rows_suppressed == gone
        assert step.node.classes == left
        assert step.node.k_unsuppressed == smallest
        assert step.node.within_budget == (gone <= 40)
        assert step.loss_change == pytest.approx(loss - here[0])
        assert step.rows_change == gone - here[1]
        assert step.step == step.level - levels[place]
        assert step.level_name == TABLES[place].level_names[step.level]


def test_k_without_removal_counts_persons() -> None:
    rows = [("m", "20", "a1")] * 6 + [("f", "20", "a1")] * 6
    one = told(rows, k=2, max_suppressed=1.0, person=[1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5])

    assert one.solution.levels["sex"] == 0
    assert around(one).here.k_unsuppressed == 2


def test_there_is_one_for_every_other_level_of_every_column() -> None:
    found = [(step.column, step.level) for step in around(told(people())).steps]
    here = told(people()).solution.levels
    every = [(name, n) for name, t in zip(NAMES, TABLES, strict=True) for n in range(t.levels)]

    assert found == [one for one in every if here[one[0]] != one[1]]


def test_here_is_the_solution_itself_where_rows_are_removed() -> None:
    one = told(people())
    here = around(one).here

    assert here.loss == pytest.approx(1 - one.solution.granularity)
    assert here.rows_suppressed == one.solution.suppressed_rows
    assert here.classes == one.solution.classes


def test_the_loss_of_the_levels_counts_no_removal() -> None:
    one = told(people())
    levels = one.solution.levels
    for step in around(one).steps:
        other = [step.level if name == step.column else level for name, level in levels.items()]
        assert step.node.loss_levels == pytest.approx(loss_on(one.rows, other, k=1)[0])


@pytest.mark.parametrize("method", ["local", "cells"])
def test_there_are_none_where_cells_differ_in_level(method: str) -> None:
    assert told(people(), method=method).explanation.neighbours is None


def test_every_model_has_its_say() -> None:
    rows = [("m", "20", "a1")] * 4 + [("f", "20", "a1")] * 4
    table = counted(rows, secret=[1, 1, 1, 1, 1, 2, 1, 2])
    models: list[PrivacyModel] = [KAnonymity(2), DistinctLDiversity("secret", 2)]
    solution = search(table, models=models)
    found = explain(solution, models=models, max_suppressed=0.0, max_points=0).neighbours

    assert solution.levels["sex"] == 1
    assert found is not None
    finer = next(step for step in found.steps if step.column == "sex")
    assert finer.node.rows_suppressed == 4
    assert not finer.node.within_budget
