"""What classes give away of a sensitive column, on tables small enough for a pencil."""

from __future__ import annotations

import json
import math

import pytest

from hsr_privacy.frequencies import EquivalenceClasses
from hsr_privacy.risk.inferring import InferenceRisk, infer
from tests.pipe_tables import table_of

# Three of eight died, all of them men.
OUTCOMES = """
sex | outcome
m   | 3
m   | 3
m   | 3
m   | 1
f   | 1
f   | 1
f   | 1
f   | 1
"""


def inferred(text: str, hierarchies: dict[str, str] | None = None) -> InferenceRisk:
    """What the classes of a table give away of its last column."""
    column = text.strip().splitlines()[0].split("|")[-1].strip()
    table = table_of(text, sensitive=(column,), hierarchies=hierarchies)
    classes = EquivalenceClasses.base(table)
    return infer(classes, column, members=table.persons, order="numbers")


def test_every_measure_of_a_small_table() -> None:
    found = inferred(OUTCOMES)
    assert (found.values, found.distinct_l, found.entropy_l, found.alpha) == (2, 1, 1, 1)
    assert found.recursive_c is None
    assert found.t_equal == pytest.approx(3 / 8)
    assert found.t_ordered == pytest.approx(3 / 8)
    assert found.t_hierarchical is None
    assert found.beta == pytest.approx((3 / 4) / (3 / 8) - 1)
    assert found.enhanced_beta is None  # death gains 1, and -ln(3/8) is less
    assert found.delta is None  # no woman died
    assert found.delta_present == pytest.approx(math.log(5 / 8) - math.log(1 / 4))
    assert (found.homogeneous_classes, found.persons_in_homogeneous) == (1, 4)
    assert (found.lacking_classes, found.persons_in_lacking) == (1, 4)


def test_classes_like_the_whole_give_nothing_away() -> None:
    found = inferred("sex | outcome\nm | 1\nm | 2\nf | 1\nf | 2")
    assert (found.distinct_l, found.recursive_c, found.alpha) == (2, 1, 0.5)
    assert found.entropy_l == pytest.approx(2)
    assert (found.t_equal, found.beta, found.enhanced_beta, found.delta) == (0, 0, 0, 0)
    assert (found.homogeneous_classes, found.lacking_classes, found.telling_classes) == (0, 0, 0)


def test_order_matters_for_what_lies_far_apart() -> None:
    # A class of a 1 and one of a 3, beside 2 in both: half a step of two along the order.
    found = inferred("sex | pain\nm | 1\nm | 2\nf | 2\nf | 3")
    assert found.t_equal == pytest.approx(0.25)
    assert found.t_ordered == pytest.approx(0.25)
    far = inferred("sex | pain\nm | 1\nm | 1\nf | 3\nf | 2")
    assert far.t_equal == pytest.approx(0.5)
    assert far.t_ordered == pytest.approx((0.5 + 0.25) / 2)


def test_a_hierarchy_has_a_distance_of_its_own() -> None:
    tree = "1 | cardiac | *\n2 | cardiac | *\n3 | other | *"
    found = inferred("sex | cause\nm | 1\nm | 3\nf | 2\nf | 3", {"cause": tree})
    assert found.t_hierarchical == pytest.approx(0.25 / 2)


def test_a_class_that_lacks_by_chance_is_no_news() -> None:
    # Half of all have 1; three of a kind are the other half once in eight.
    three = "sex | outcome\n" + "m | 2\n" * 3 + "f | 1\n" * 5 + "f | 2\n" * 2
    found = inferred(three)
    assert (found.lacking_classes, found.telling_classes) == (1, 0)
    five = "sex | outcome\n" + "m | 2\n" * 5 + "f | 1\n" * 6 + "f | 2\n"
    found = inferred(five)
    assert (found.telling_classes, found.persons_in_telling) == (1, 5)


def test_of_what_a_class_lacks_the_most_frequent_decides() -> None:
    # The men lack 1, of which there are 20 in 30, and a 4 that is rare anyway.
    rows = ["m | 2"] * 3 + ["m | 3"] * 2 + ["f | 1"] * 20 + ["f | 2"] * 2 + ["f | 3"] * 2
    found = inferred("\n".join(["sex | cause", *rows, "f | 4"]))
    assert (found.lacking_classes, found.telling_classes, found.persons_in_telling) == (1, 1, 5)


def test_one_value_in_all_is_no_more_than_everybody_knows() -> None:
    found = inferred("sex | outcome\nm | 1\nf | 1")
    assert (found.values, found.homogeneous_classes) == (1, 2)
    assert (found.t_equal, found.t_ordered, found.beta, found.delta) == (0, 0, 0, 0)
    assert (found.lacking_classes, found.telling_classes) == (0, 0)


def test_the_json_is_plain() -> None:
    found = inferred(OUTCOMES).to_json()
    assert json.loads(json.dumps(found, allow_nan=False)) == found
