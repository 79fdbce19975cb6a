"""What a class tells of all in it: what everybody has, and what nobody has."""

from __future__ import annotations

import json

import numpy as np
import pytest

from hsr_privacy.attacking import Disclosed, homogeneity
from hsr_privacy.errors import DataError
from hsr_privacy.frequencies import EquivalenceClasses, FrequencyTable
from tests.unit.attacking.by_hand import frequencies, hierarchy

TOWN = hierarchy("town", "a *, b *, c *")


def classes(text: str) -> EquivalenceClasses:
    """Classes by town, of rows such as ``a0 a1``: town and sensitive number."""
    rows = text.split()
    secrets = [int(row[1:]) for row in rows]
    table = frequencies([TOWN], [(row[0],) for row in rows], sensitive={"death": secrets})
    return EquivalenceClasses.base(table)


def test_a_class_in_which_all_have_the_same_value_is_a_positive_disclosure() -> None:
    found = homogeneity(classes("a0 a0 a0 b0 b1"), "death")
    assert found.positive == Disclosed(classes=1, rows=3, persons=3)
    assert (found.classes, found.rows, found.persons) == (2, 5, 5)


def test_a_class_that_lacks_a_value_of_the_table_is_a_negative_disclosure() -> None:
    found = homogeneity(classes("a0 a1 b0 b1 b2"), "death")
    assert found.positive == Disclosed(0, 0, 0)
    assert found.negative == Disclosed(classes=1, rows=2, persons=2)


def test_classes_that_have_every_value_disclose_nothing() -> None:
    found = homogeneity(classes("a0 a1 b0 b1"), "death")
    assert (found.positive, found.negative, found.telling) == (Disclosed(0, 0, 0),) * 3
    assert found.largest_ratio == 1.0


def test_a_value_of_the_hierarchy_that_the_table_has_not_is_lacked_by_nobody() -> None:
    causes = hierarchy("cause", "x *, y *, z *")
    table = FrequencyTable.from_rows(
        (TOWN,),
        np.array([[0], [0], [1], [1]]),
        sensitive={"cause": [0, 2, 2, 0]},
        sensitive_hierarchies={"cause": causes},
    )
    assert homogeneity(EquivalenceClasses.base(table), "cause").negative.classes == 0


def test_a_lack_is_telling_where_chance_would_hardly_make_it() -> None:
    # Half of all have 1; none of four has it with probability 1/16, none of five with 1/32.
    four = "a0 a0 a0 a0 b1 b1 b1 b1"
    assert homogeneity(classes(four), "death").telling.classes == 0
    five = "a0 a0 a0 a0 a0 b1 b1 b1 b1 b1"
    assert homogeneity(classes(five), "death").telling == Disclosed(2, 10, 10)
    assert homogeneity(classes(four), "death", chance=0.07).telling.classes == 2


def test_the_ratio_is_of_what_is_believed_after_and_before() -> None:
    # 2 has a fifth of the table and half of a class.
    assert homogeneity(classes("a0 a2 b0 b1 b1"), "death").largest_ratio == pytest.approx(2.5)


def test_persons_are_counted_once_where_they_have_several_rows() -> None:
    table = FrequencyTable.from_rows(
        (TOWN,),
        np.array([[0], [0], [1], [1], [2], [2]]),
        person=[1, 1, 1, 2, 3, 4],
        sensitive={"death": [0, 0, 0, 0, 0, 1]},
    )
    found = homogeneity(EquivalenceClasses.base(table), "death")
    assert found.positive == Disclosed(classes=2, rows=4, persons=2)
    assert found.persons == 4


def test_the_result_is_numbers_and_the_name_of_the_column() -> None:
    told = homogeneity(classes("a0 a0 b1"), "death").to_json()
    assert json.loads(json.dumps(told)) == told
    assert told["positive"] == {"classes": 2, "rows": 3, "persons": 3}


def test_a_column_that_is_not_counted_is_refused() -> None:
    with pytest.raises(DataError, match="does not count column 'cause'"):
        homogeneity(classes("a0"), "cause")


def test_a_chance_that_is_no_probability_is_refused() -> None:
    with pytest.raises(DataError, match=r"chance is 1\.5"):
        homogeneity(classes("a0"), "death", chance=1.5)


def test_a_table_without_rows_discloses_nothing() -> None:
    found = homogeneity(classes(""), "death")
    assert (found.classes, found.positive, found.largest_ratio) == (0, Disclosed(0, 0, 0), 0.0)
