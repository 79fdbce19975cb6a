"""The frontier: exact optima over k and limits, this release among them, and bounded work."""

from __future__ import annotations

import json

import pytest

from hsr_privacy.anonymity.search import search
from hsr_privacy.explaining import explain
from hsr_privacy.explaining import frontier as module
from hsr_privacy.explaining.frontier import LIMITS, MOST_SEARCHES, SIZES
from hsr_privacy.hierarchies import HierarchyTable
from hsr_privacy.models import AverageRisk, DistinctLDiversity, KAnonymity, PrivacyModel
from tests.unit.explaining.plain import counted, people, told


def test_every_point_is_the_optimum_of_its_k_and_limits() -> None:
    one = told(people(), max_points=100)
    seen = set()
    for point in one.explanation.frontier.points:
        for limit in point.limits:
            assert point.k is not None
            best = search(one.solution.table, models=[KAnonymity(point.k)], max_suppressed=limit)
            assert point.loss == pytest.approx(best.loss)
            assert point.levels == dict(best.levels)
            assert point.rows_suppressed == best.suppressed_rows
            assert point.k_reached == best.k
            seen.add((point.k, limit))
    assert seen == {(k, limit) for k in SIZES for limit in LIMITS}
    assert one.explanation.frontier.reason is None


def test_risks_are_those_of_the_classes() -> None:
    one = told(people(), max_points=0)
    (here,) = [point for point in one.explanation.frontier.points if point.here]

    released = one.explanation.rows - one.explanation.suppressed_rows
    assert here.risk_highest == pytest.approx(1 / one.solution.k)
    assert here.risk_mean == pytest.approx(one.solution.classes / released)
    assert here.share_suppressed == pytest.approx(one.solution.suppressed_rows / 400)


def test_this_release_is_marked_and_not_searched_for() -> None:
    found = told(people(), max_points=0).explanation.frontier

    assert found.searches == 0
    assert [(point.k, point.here) for point in found.points] == [(3, True)]
    assert found.left_out > 0
    assert found.reason == "work"


def test_an_optimum_that_keeps_a_stricter_demand_is_not_searched_again() -> None:
    rows = [("m", "20", "a1")] * 200 + [("f", "30", "a2")] * 200
    found = told(rows, k=2, max_points=100).explanation.frontier

    assert found.searches < len(LIMITS)
    assert {point.loss for point in found.points} == {0.0}


def test_with_a_model_of_the_whole_release_every_k_is_searched() -> None:
    rows = [("m", "20", "a1")] * 200 + [("f", "30", "a2")] * 200
    models: list[PrivacyModel] = [KAnonymity(2), AverageRisk(1.0)]
    found = told(rows, models=models, max_points=100).explanation.frontier

    assert found.searches >= len(SIZES) - 1


def test_weights_are_those_of_the_release() -> None:
    weights = [1, 1, 20]
    one = told(people(), weights=weights, max_points=5)
    for point in one.explanation.frontier.points:
        best = search(
            one.solution.table,
            models=[KAnonymity(point.k or 0)],
            max_suppressed=point.limits[0],
            weights=weights,
        )
        assert point.levels == dict(best.levels)
        assert point.loss == pytest.approx(best.loss)


def test_no_more_searches_are_made_than_asked_for() -> None:
    found = told(people(), max_points=4).explanation.frontier
    assert found.searches == 4
    assert found.reason == "work"


@pytest.mark.parametrize("method", ["local", "cells", "joint"])
def test_other_methods_stand_beside_the_optima_of_one_level_per_column(method: str) -> None:
    one = told(people(), method=method, max_points=3)
    here = [point for point in one.explanation.frontier.points if point.here]
    same = [
        point
        for point in one.explanation.frontier.points
        if not point.here and point.k == 3 and 0.1 in point.limits
    ]

    assert [point.levels for point in here] == [None]
    assert len(same) == 1
    assert here[0].loss < same[0].loss


def test_points_that_no_other_beats_are_flagged() -> None:
    points = told(people(), max_points=100).explanation.frontier.points
    for point in points:
        beaten = any(
            other.loss <= point.loss
            and other.risk_highest <= point.risk_highest
            and (other.loss, other.risk_highest) != (point.loss, point.risk_highest)
            for other in points
        )
        assert point.pareto != beaten


def test_a_pair_that_nothing_satisfies_is_counted_and_has_no_point() -> None:
    """Towns that cannot be generalized: nine persons in one, four in the other."""
    bare = HierarchyTable.from_rows("town", [("a",), ("b",)])
    one = told([("a",)] * 9 + [("b",)] * 4, tables=(bare,), k=3, max_suppressed=0, max_points=100)
    possible = {
        (point.k, limit) for point in one.explanation.frontier.points for limit in point.limits
    }

    for k in (2, 3, 5, 10):
        for limit in LIMITS:
            gone = 0 if k <= 4 else 4 if k <= 9 else 13
            assert ((k, limit) in possible) == (gone <= limit * 13)
    assert one.explanation.frontier.impossible == 4 * len(LIMITS) - len(possible)


def test_a_k_beyond_all_persons_is_left_out() -> None:
    found = told([("m", "20", "a1")] * 9, k=3, max_points=100).explanation.frontier
    assert {point.k for point in found.points} == {2, 3, 5}


def test_other_models_stay_as_they_are() -> None:
    rows = [("m", "20", "a1")] * 8 + [("m", "30", "b1")] * 8
    models: list[PrivacyModel] = [KAnonymity(2), DistinctLDiversity("secret", 2)]
    solution = search(counted(rows, secret=[1] * 8 + [1, 2] * 4), models=models)
    found = explain(solution, models=models, max_suppressed=0.0)

    assert all(point.loss > 0 for point in found.frontier.points if point.limits[0] == 0)


def test_a_lattice_too_large_for_exact_searches_is_said_to_be_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_NODES", 5)
    found = told(people(), max_points=20).explanation.frontier

    assert found.searches == 0
    assert found.reason == "lattice"
    assert [point.here for point in found.points] == [True]


def test_work_is_bounded_by_nodes_and_classes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_WORK", 1)
    assert told(people(), max_points=20).explanation.frontier.searches == 1
    assert MOST_SEARCHES == 20


def test_the_json_is_plain() -> None:
    plain = told(people(), max_points=5).explanation.to_json()

    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert list(plain["frontier"]) == ["points", "searches", "impossible", "left_out", "reason"]
    assert set(plain["frontier"]["points"][0]["levels"]) == {"sex", "age", "place"}
