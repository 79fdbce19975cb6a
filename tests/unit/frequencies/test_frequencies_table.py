"""The frequency table: what it counts, and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.frequencies import EquivalenceClasses, FrequencyTable, Repeats, SensitiveHistogram
from hsr_privacy.hierarchies import HierarchyTable

SEX = HierarchyTable.from_rows("sex", [("m", "*"), ("f", "*")])
TWO_VALUES = SensitiveHistogram(*np.array([[0, 1], [0, 2], [3, 2]]))
AGE = HierarchyTable.from_rows("age", [("1", "*"), ("2", "*"), ("3", "*")])


def test_rows_with_equal_codes_are_one_class() -> None:
    table = FrequencyTable.from_rows((SEX, AGE), [[0, 2], [1, 0], [0, 2]])

    assert table.codes.tolist() == [[1, 0], [0, 2]]
    assert table.rows.tolist() == [1, 2]
    assert table.persons.tolist() == [1, 2]
    assert table.repeats is None


def test_persons_are_counted_once_per_class_and_repeats_are_kept() -> None:
    table = FrequencyTable.from_rows((SEX,), [[0], [0], [1], [1]], person=[7, 7, 7, 9])

    assert table.persons.tolist() == [1, 2]
    assert table.repeats is not None
    assert table.repeats.cls.tolist() == [0, 1]
    assert table.count_persons(np.array([True, True])) == 2
    assert table.count_persons(np.array([True, False])) == 1


def test_sensitive_values_are_counted_per_class() -> None:
    table = FrequencyTable.from_rows((SEX,), [[0], [0], [1]], sensitive={"cause": [5, 5, 6]})

    histogram = table.sensitive["cause"]
    assert histogram.classes.tolist() == [0, 1]
    assert histogram.counts.tolist() == [2, 1]


def test_no_rows_make_no_classes() -> None:
    table = FrequencyTable.from_rows((SEX, AGE), np.empty((0, 2), int), person=[])

    assert table.classes == 0
    assert table.total_rows == 0


def made(**changed: object) -> FrequencyTable:
    parts: dict[str, object] = {
        "hierarchies": (SEX,),
        "codes": np.array([[0], [1]]),
        "rows": np.array([3, 2]),
        "persons": np.array([2, 2]),
    }
    return FrequencyTable.of_codes(**(parts | changed))  # type: ignore[arg-type]


def test_parts_that_fit_are_taken() -> None:
    assert made().total_rows == 5


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"codes": np.array([[0], [2]])}, "'sex': 1 class"),
        ({"codes": np.array([[0], [-1]])}, "'sex': 1 class"),
        ({"codes": np.array([[0, 0], [1, 0]])}, "1 hierarchies"),
        ({"codes": np.array([[0.0], [1.5]])}, "whole numbers"),
        ({"rows": np.array([3])}, "1 row counts"),
        ({"persons": np.array([2, 3])}, "no more persons than rows"),
        ({"persons": np.array([2, 0])}, "at least one person"),
        ({"hierarchies": (SEX, SEX), "codes": np.array([[0, 0], [1, 0]])}, "different names"),
        ({"hierarchies": (), "codes": np.empty((2, 0), int)}, "no quasi-identifier"),
        ({"repeats": Repeats(np.array([0, 0]), np.array([0, 2]))}, "outside 0-1"),
        ({"repeats": Repeats(np.array([0]), np.array([0, 1]))}, "differ in length"),
        ({"repeats": Repeats(np.array([0, 0]), np.array([1, 1]))}, "stand twice"),
        ({"repeats": Repeats(np.array([-1, 0]), np.array([0, 1]))}, "start at 0"),
        (
            {"sensitive": {"x": SensitiveHistogram(*np.array([[0, 1], [0, 0], [3, 1]]))}},
            "do not add up",
        ),
        (
            {"sensitive": {"x": SensitiveHistogram(np.array([0]), np.array([0]), np.array([]))}},
            "as many counts",
        ),
        (
            {"sensitive": {"x": SensitiveHistogram(*np.array([[0, 1], [0, -1], [3, 2]]))}},
            "start at 0",
        ),
        (
            {"sensitive": {"x": replace(TWO_VALUES, hierarchy=SEX)}},
            "outside its hierarchy's leaves",
        ),
        (
            {"sensitive": {"x": replace(TWO_VALUES, overall=np.array([3, 2]))}},
            "whole table does not have",
        ),
        ({"rows": np.array([3, 0]), "persons": np.array([2, 0])}, "at least one row"),
        ({"rows": np.array([3, -2])}, "at least one row"),
        ({"measures": {"population": np.array([3])}}, "one number per class"),
        ({"measures": {"population": np.array([0.5, 3])}}, "population: whole numbers"),
    ],
)
def test_parts_that_do_not_fit_are_refused(changed: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        made(**changed)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"codes": np.array([[0], [2**32]])}, r"codes: 1 number\(s\) beyond 2147483647"),
        ({"rows": np.array([3, 2**63 + 2], np.uint64)}, r"rows: 1 number\(s\) beyond"),
        ({"repeats": Repeats(np.array([1, 2**32 + 1]), np.array([0, 1]))}, "repeats: 1 number"),
    ],
)
def test_numbers_that_would_wrap_around_are_refused(
    changed: dict[str, object], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        made(**changed)


def test_a_class_that_only_a_population_has_needs_no_rows() -> None:
    table = made(
        rows=np.array([3, 0]),
        persons=np.array([2, 0]),
        measures={"population": np.array([5, 7])},
    )

    assert (table.classes, table.total_rows) == (2, 3)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([0], "sensitive column 'x': 1 numbers for 2 rows"),
        ([0, -1], "sensitive column 'x': numbers start at 0"),
        ([0, 2], "sensitive column 'x': a number outside"),
        ([0.0, 1.0], "sensitive column 'x': whole numbers are needed"),
    ],
)
def test_a_sensitive_column_with_a_hierarchy_needs_a_leaf_for_every_row(
    values: list[float], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        FrequencyTable.from_rows(
            (SEX,),
            [[0], [1]],
            sensitive={"x": values},
            sensitive_hierarchies={"x": SEX},
        )


def test_a_sensitive_value_for_every_row_is_needed() -> None:
    with pytest.raises(DataError, match="sensitive column 'x': 1 numbers for 2 rows"):
        FrequencyTable.from_rows((SEX,), [[0], [1]], sensitive={"x": [4]})


def test_an_unknown_measure_is_no_measure() -> None:
    with pytest.raises(KeyError, match="weight"):
        EquivalenceClasses.base(made()).measure("weight")


def test_a_person_for_every_row_is_needed() -> None:
    with pytest.raises(DataError, match="2 numbers for 1 rows"):
        FrequencyTable.from_rows((SEX,), [[0]], person=[1, 2])


def test_columns_of_one_hierarchy_are_told_apart_by_name() -> None:
    table = FrequencyTable.from_rows((SEX, SEX), [[0, 1]], names=("mother", "child"))

    assert table.names == ("mother", "child")
