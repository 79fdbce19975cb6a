"""Models of projections: what attackers who know some columns find in small tables."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.models import AllSubsets, KAnonymity, Merging, PrivacyModel, Scenario, failing
from tests.pipe_tables import chosen, classes_of, reached, said, table_of

ARRESTS = """
sex | age | home | person
m   | 70  | oslo | ola
m   | 70  | moss | per
m   | 80  | oslo | jan
f   | 80  | oslo | kari
f   | 80  | oslo | kari
f   | 80  | moss | liv
"""
NEIGHBOUR = Scenario("neighbour", ("sex", "age"), 2)


def test_a_scenario_counts_who_agrees_in_what_its_attacker_knows() -> None:
    verdict = said(NEIGHBOUR, classes_of(table_of(ARRESTS)))

    assert verdict == {
        "m 70 oslo": True,
        "m 70 moss": True,
        "m 80 oslo": False,
        "f 80 oslo": True,
        "f 80 moss": True,
    }


def test_a_scenario_counts_persons_and_not_rows() -> None:
    classes = classes_of(table_of(ARRESTS))

    assert not said(Scenario("colleague", ("sex", "home"), 2), classes)["f 80 oslo"]


def test_a_person_in_two_classes_is_one_person_for_who_cannot_tell_these_apart() -> None:
    classes = classes_of(table_of("sex | home | person\nm | oslo | ola\nm | moss | ola"))

    assert reached(Scenario("neighbour", ("sex",), 1), classes) == 1


def test_who_is_not_released_hides_nobody() -> None:
    classes = classes_of(table_of(ARRESTS))

    assert reached(NEIGHBOUR, classes, ["m 70 oslo", "m 70 moss"]) == 2
    assert reached(NEIGHBOUR, classes, ["m 70 oslo", "f 80 oslo", "f 80 moss"]) == 1
    assert not said(NEIGHBOUR, classes, ["m 70 oslo"])["m 70 oslo"]


def test_all_subsets_ask_the_same_of_whatever_columns_an_attacker_knows() -> None:
    classes = classes_of(table_of(ARRESTS))

    # By one column: 70 two persons, 80 three, oslo three, moss two, men three, women two.
    assert reached(AllSubsets(1, 2), classes) == 2
    # By two: of 80-year-old men there is one, as of 70-year-olds in Oslo.
    assert reached(AllSubsets(2, 2), classes) == 1
    assert not any(said(AllSubsets(2, 2), classes).values())


def test_all_columns_are_a_subset_as_well() -> None:
    classes = classes_of(table_of(ARRESTS))

    assert said(AllSubsets(3, 1), classes) == said(KAnonymity(1), classes)
    assert said(AllSubsets(3, 2), classes) == said(KAnonymity(2), classes)


def test_what_one_subset_suppresses_is_missing_in_another() -> None:
    text = "sex | home\nm | oslo\nm | oslo\nm | moss\nf | moss\nf | moss\nf | oslo\nf | bergen"
    classes = classes_of(table_of(text))

    # Bergen has one row. Without it, women have three rows left, of which the subsets ask three.
    assert said(AllSubsets(1, 3), classes)["f moss"]
    bad = failing([AllSubsets(1, 3)], classes)
    assert (bad == chosen(classes, ["f bergen"])).all()
    # Of four, there are only three women left; and without these, Oslo and Moss have too few.
    assert said(AllSubsets(1, 4), classes)["f bergen"] is False
    assert failing([AllSubsets(1, 4)], classes).all()


def test_scenarios_are_kept_together() -> None:
    text = "sex | home\nm | oslo\nm | oslo\nm | moss\nf | moss"
    classes = classes_of(table_of(text))
    by_sex, by_home = Scenario("a", ("sex",), 2), Scenario("b", ("home",), 2)

    # One woman only; without her Moss has one row, and without that there is Oslo.
    assert (failing([by_sex], classes) == chosen(classes, ["f moss"])).all()
    assert not failing([by_home], classes).any()
    assert (failing([by_sex, by_home], classes) == chosen(classes, ["f moss", "m moss"])).all()


def test_a_class_of_the_population_alone_hides_nobody_and_is_not_judged() -> None:
    people = "sex | age | home | persons\nm | 80 | moss | 9"
    classes = classes_of(table_of(ARRESTS, population=people))

    assert reached(NEIGHBOUR, classes) == 1
    assert reached(Scenario("all", ("home",), 1), classes) == 2
    assert reached(AllSubsets(1, 1), classes) == 2


def test_nothing_that_satisfies_is_broken_by_a_merge_and_all_depend_on_what_is_released() -> None:
    models = (NEIGHBOUR, AllSubsets(1, 2))

    assert all(model.merging is Merging.ANY and model.wide for model in models)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Scenario("neighbour", (), 2), "scenario 'neighbour' needs columns, and a k of 1"),
        (lambda: Scenario("paper", ("sex",), 0), "scenario 'paper' needs columns, and a k of 1"),
        (lambda: AllSubsets(0, 2), "all 0-subsets with k 2; both must be 1 or more"),
        (lambda: AllSubsets(2, 0), "all 2-subsets with k 0; both must be 1 or more"),
    ],
)
def test_a_demand_that_means_nothing_is_refused(
    make: Callable[[], PrivacyModel], message: str
) -> None:
    with pytest.raises(DataError, match=re.escape(message)):
        make()


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (
            Scenario("paper", ("sex", "place"), 2),
            "knows 'place', which is no quasi-identifier; add it to them (now: sex, age, home)",
        ),
        (Scenario("paper", ("sex",), 6), "k is 6, but the table has only 5 person(s)"),
        (AllSubsets(4, 2), "subsets of 4 quasi-identifiers are wanted and there are only 3"),
        (AllSubsets(2, 6), "k is 6, but the table has only 5 person(s)"),
    ],
)
def test_what_no_generalization_can_reach_is_refused(model: PrivacyModel, message: str) -> None:
    with pytest.raises(DataError, match=re.escape(message)):
        model.check(table_of(ARRESTS))


@pytest.mark.parametrize("model", [Scenario("paper", ("sex",), 5), AllSubsets(3, 5)])
def test_what_all_persons_together_reach_is_taken(model: PrivacyModel) -> None:
    model.check(table_of(ARRESTS))


def test_reports_say_what_was_asked_for() -> None:
    said_of = [(one.name, one.wanted, one.column) for one in (NEIGHBOUR, AllSubsets(2, 3))]

    assert said_of == [("scenario neighbour", 2, None), ("k of all 2-subsets", 3, None)]
