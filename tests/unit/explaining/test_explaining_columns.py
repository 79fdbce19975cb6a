"""What each column became: its level, its texts, and its part of the loss, counted anew."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.unit.explaining.plain import NAMES, TABLES, Told, cell_loss, people, told


@pytest.fixture(scope="module", params=["full-domain", "local", "cells", "joint"])
def any_told(request: pytest.FixtureRequest) -> Told:
    return told(people(), method=request.param)


def test_the_parts_of_the_loss_add_up_to_the_loss(any_told: Told) -> None:
    columns = any_told.explanation.columns
    parts = sum(one.loss_generalized + one.loss_cells + one.loss_rows for one in columns)

    assert parts == pytest.approx(1 - any_told.solution.granularity)
    assert sum(one.share for one in columns) == pytest.approx(1)
    assert any_told.explanation.loss == 1 - any_told.solution.granularity


def test_each_part_is_what_its_cells_lose(any_told: Told) -> None:
    solution = any_told.solution
    for place, column in enumerate(any_told.explanation.columns):
        lost = Counter[str]()
        for row in any_told.rows:
            at = any_told.class_of(row)
            level = int(solution.levels_of(NAMES[place])[at])
            if solution.suppressed[at]:
                lost["rows"] += 1
            elif solution.masked is not None and solution.masked[at, place]:
                lost["cells"] += 1
            else:
                lost["levels"] += cell_loss(TABLES[place], row[place], level)  # type: ignore[assignment]
        scale = len(any_told.rows) * len(NAMES)
        assert column.loss_rows == pytest.approx(lost["rows"] / scale)
        assert column.loss_cells == pytest.approx(lost["cells"] / scale)
        assert column.loss_generalized == pytest.approx(lost["levels"] / scale)


def test_texts_are_those_that_the_file_will_say(any_told: Told) -> None:
    for column in any_told.explanation.columns:
        labels = any_told.solution.labels_of(column.name)
        gone = any_told.solution.suppressed.tolist()
        released = {label for label, out in zip(labels, gone, strict=True) if not out}
        assert column.texts == len(released)


def test_rows_per_level_are_those_of_the_solution(any_told: Told) -> None:
    for column in any_told.explanation.columns:
        found = {one.level: one.rows for one in column.rows_per_level}
        assert found == any_told.solution.rows_per_level(column.name)


def test_a_column_is_named_with_its_level_its_floor_and_its_top() -> None:
    age = told(people()).explanation.columns[1]

    assert (age.name, age.floor, age.top, age.levels) == ("age", "years", "*", 4)
    assert age.level_name == ("years", "decade", "half", "*")[age.level]


def test_weights_move_the_loss_between_columns() -> None:
    equal = told(people(), weights=[1, 1, 1]).explanation
    heavy = told(people(), weights=[1, 1, 8]).explanation

    assert equal.columns[2].loss_rows == pytest.approx(equal.suppressed_rows / 400 / 3)
    assert heavy.columns[2].loss_rows == pytest.approx(heavy.suppressed_rows / 400 * 0.8)
