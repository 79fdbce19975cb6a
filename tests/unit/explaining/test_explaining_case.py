"""What is asked of an explanation must be what was asked of the search."""

from __future__ import annotations

import numpy as np
import pytest

from hsr_privacy.anonymity.cells import suppress_cells
from hsr_privacy.anonymity.search import search
from hsr_privacy.errors import DataError
from hsr_privacy.explaining import explain
from hsr_privacy.frequencies import FrequencyTable
from hsr_privacy.models import KAnonymity
from hsr_privacy.models.size import POPULATION, KMap
from tests.unit.explaining.plain import SEX, counted, people, told

TABLE = counted(people())
K3 = [KAnonymity(3)]


def test_other_models_are_refused() -> None:
    solution = search(TABLE, models=K3, max_suppressed=0.1)
    with pytest.raises(DataError, match="not the models"):
        explain(solution, models=[KAnonymity(4)], max_suppressed=0.1)


def test_a_smaller_budget_is_refused() -> None:
    solution = search(TABLE, models=K3, max_suppressed=0.1)
    with pytest.raises(DataError, match="max_suppressed allows 0"):
        explain(solution, models=K3, max_suppressed=0.0)


def test_other_weights_are_refused() -> None:
    solution = search(TABLE, models=K3, max_suppressed=0.1, weights=[1, 9, 1])
    with pytest.raises(DataError, match="weights"):
        explain(solution, models=K3, max_suppressed=0.1, weights=[1, 1, 1])


def test_weights_may_be_named() -> None:
    weights = {"place": 3.0}
    solution = search(TABLE, models=K3, max_suppressed=0.1, weights=weights)
    found = explain(solution, models=K3, max_suppressed=0.1, weights=weights, max_points=0)
    assert found.loss == pytest.approx(1 - solution.granularity)


def test_the_loss_is_the_additive_one_whatever_was_minimized() -> None:
    solution = search(TABLE, models=K3, max_suppressed=0.1, loss="discernibility")
    found = explain(solution, models=K3, max_suppressed=0.1, max_points=3)

    assert found.loss_name == "discernibility"
    assert found.loss == pytest.approx(1 - solution.granularity)
    assert sum(one.share for one in found.columns) == pytest.approx(1)


def test_an_empty_table_is_explained_as_one() -> None:
    found = told([], max_points=20).explanation

    assert (found.rows, found.persons, found.loss, found.k) == (0, 0, 0, 0)
    assert found.neighbours is None
    assert found.drivers.rows_at_risk == 0
    assert found.frontier.points == ()
    assert [one.share for one in found.columns] == [0, 0, 0]


def test_a_table_of_which_everything_is_suppressed_is_explained() -> None:
    bare = type(SEX).from_rows("town", [("a",), ("b",)])
    found = told([("a",), ("b",)] * 2, tables=(bare,), k=3, max_suppressed=1.0, max_points=20)

    explanation = found.explanation
    assert (explanation.suppressed_rows, explanation.classes, explanation.k) == (4, 0, 0)
    assert explanation.loss == 1
    assert [(one.texts, one.rows_per_level) for one in explanation.columns] == [(0, ())]
    here = next(one for one in explanation.frontier.points if one.here)
    assert (here.k_reached, here.risk_highest, here.risk_mean) == (0, 0, 0)


def test_classes_that_only_a_population_has_count_no_rows() -> None:
    table = FrequencyTable.of_codes(
        (SEX,),
        [[0], [1]],
        rows=[6, 0],
        persons=[6, 0],
        measures={POPULATION: np.array([60, 50])},
    )
    models = [KMap(20)]
    solution = search(table, models=models)
    found = explain(solution, models=models, max_suppressed=0.0)

    assert (found.rows, found.persons) == (6, 6)
    assert found.neighbours is not None
    assert found.neighbours.here.classes == 1
    assert [(band.least, band.rows, band.classes) for band in found.drivers.bands] == [(5, 6, 1)]
    assert found.groupings == ()
    assert {one.k for one in found.frontier.points} == {None}


def test_the_same_solution_is_explained_alike_each_time() -> None:
    first, second = (told(people(), method="joint", max_points=5).explanation for _ in range(2))
    assert first.to_json() == second.to_json()


def test_cells_that_count_as_whatever_they_could_be_are_explained() -> None:
    solution = suppress_cells(TABLE, models=K3, reading="wildcard")
    found = explain(solution, models=K3, max_suppressed=0.0, max_points=0)

    assert found.suppressed_cells == solution.suppressed_cells > 0
    assert sum(one.loss_cells for one in found.columns) == pytest.approx(found.loss)
