"""Models of closeness: what they say of small tables, and what they refuse."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.frequencies import EquivalenceClasses
from hsr_privacy.models import (
    BetaLikeness,
    DeltaDisclosure,
    Distance,
    Merging,
    PrivacyModel,
    TCloseness,
    failing,
)
from tests.pipe_tables import chosen, classes_of, reached, said, table_of

# Heart: 2/4 of all, 2/2 of 70, 0 of 80.
HALVES = """
age | cause
70  | heart
70  | heart
80  | lungs
80  | brain
"""
# Income in thousands, as in the paper of t-closeness (table 3, first class): 3, 4 and 5 of 3-11.
INCOMES = "class | income\n" + "\n".join(
    f"{name} | {income}"
    for name, incomes in (("1", "030405"), ("2", "061108"), ("3", "070910"))
    for income in (incomes[:2], incomes[2:4], incomes[4:])
)
TREE = """
infarction | heart | *
arrhythmia | heart | *
pneumonia  | lungs | *
asthma     | lungs | *
"""
# Each class has one disease; of the release each is a quarter.
DISEASES = "age | cause\n70 | infarction\n75 | arrhythmia\n80 | pneumonia\n85 | asthma"


def classes(text: str, column: str = "cause", **tree: str) -> EquivalenceClasses:
    return classes_of(table_of(text, sensitive=(column,), hierarchies=tree))


def test_by_equal_distance_t_is_the_share_that_must_change_its_value() -> None:
    found = classes(HALVES)

    assert reached(TCloseness("cause", 0.5), found) == 0.5
    assert said(TCloseness("cause", 0.5), found) == {"70": True, "80": True}
    assert said(TCloseness("cause", 0.49), found) == {"70": False, "80": False}


def test_by_ordered_distance_t_is_that_of_the_paper() -> None:
    model = TCloseness("income", 0.3, "ordered")

    assert reached(model, classes(INCOMES, "income"), ["1", "2", "3"]) == pytest.approx(0.375)
    assert said(model, classes(INCOMES, "income")) == {"1": False, "2": True, "3": True}


def test_by_hierarchical_distance_a_neighbour_is_nearer_than_a_stranger() -> None:
    found = classes(DISEASES, cause=TREE)

    # A quarter stays, a quarter comes from the neighbour (1/2 away), a half from afar (1 away).
    assert reached(TCloseness("cause", 1, "hierarchical"), found) == 0.25 * 0.5 + 0.5 * 1
    assert reached(TCloseness("cause", 1, "equal"), found) == 0.75


def test_values_that_are_one_on_the_lowest_level_of_a_cut_hierarchy_are_not_apart() -> None:
    table = table_of(DISEASES, sensitive=("cause",), hierarchies={"cause": TREE})
    whole = table.sensitive["cause"]
    assert whole.hierarchy is not None
    cut = replace(whole, hierarchy=whole.hierarchy.starting_at(1))
    found = classes_of(replace(table, sensitive={"cause": cut}))

    assert reached(TCloseness("cause", 1, "hierarchical"), found) == 0.5


def test_in_a_hierarchy_without_levels_all_values_are_equally_far() -> None:
    flat = "heart\nlungs\nbrain"

    found = classes(HALVES, cause=flat)
    assert reached(TCloseness("cause", 1, "hierarchical"), found) == 0.5


def test_values_that_never_become_one_meet_above_the_hierarchy() -> None:
    tops = "\n".join(line.removesuffix("| *") for line in TREE.strip().splitlines())

    found = classes(DISEASES, cause=tops)
    assert reached(TCloseness("cause", 1, "hierarchical"), found) == 0.25 * 0.5 + 0.5 * 1


def test_one_value_in_all_is_no_distance() -> None:
    found = classes("age | cause\n70 | heart\n80 | heart", cause="heart | *\nlungs | *")

    distances: tuple[Distance, ...] = ("equal", "ordered", "hierarchical")
    for distance in distances:
        assert reached(TCloseness("cause", 0, distance), found) == 0


def test_the_release_is_what_a_class_is_compared_with_and_not_the_table() -> None:
    found = classes(HALVES)

    assert reached(TCloseness("cause", 1), found, ["80"]) == 0
    assert reached(TCloseness("cause", 1, "ordered"), found, ["80"]) == 0
    assert reached(BetaLikeness("cause", 1), found, ["80"]) == 0
    assert reached(DeltaDisclosure("cause", 1), found, ["80"]) == 0


def test_beta_is_the_largest_relative_gain() -> None:
    found = classes(HALVES)
    model = BetaLikeness("cause", 1, enhanced=False)

    # Lungs: from 1/4 to 1/2, a gain of 1. Heart: from 1/2 to 1, a gain of 1.
    assert reached(model, found) == 1
    assert said(model, found) == {"70": True, "80": True}
    assert said(BetaLikeness("cause", 0.9, enhanced=False), found) == {"70": False, "80": False}


def test_enhanced_beta_guards_the_frequent_values_more() -> None:
    found = classes(HALVES)
    model = BetaLikeness("cause", 1)

    # -ln 1/2 is 0.69, which the gain of 1 exceeds; -ln 1/4 is 1.39, which it does not.
    assert said(model, found) == {"70": False, "80": True}


def test_no_enhanced_beta_is_enough_where_a_value_gains_more_than_its_own_bound() -> None:
    found = classes(HALVES)

    assert reached(BetaLikeness("cause", 99), found) == math.inf
    assert not said(BetaLikeness("cause", 99), found)["70"]
    assert reached(BetaLikeness("cause", 99, enhanced=False), found) == 1


def test_delta_is_the_largest_logarithm_of_a_ratio_of_shares() -> None:
    found = classes("age | cause\n70 | a\n70 | a\n70 | b\n80 | a\n80 | b\n80 | b")

    # From 1/2 to 1/3 is further than from 1/2 to 2/3.
    assert reached(DeltaDisclosure("cause", 0.5), found) == pytest.approx(math.log(3 / 2))
    assert said(DeltaDisclosure("cause", 0.41), found) == {"70": True, "80": True}
    assert said(DeltaDisclosure("cause", 0.4), found) == {"70": False, "80": False}


def test_a_class_that_lacks_a_value_has_no_delta() -> None:
    assert reached(DeltaDisclosure("cause", 9), classes(HALVES)) == math.inf
    assert said(DeltaDisclosure("cause", 9), classes(HALVES)) == {"70": False, "80": False}


def test_what_a_model_suppresses_changes_what_the_rest_is_compared_with() -> None:
    found = classes("age | cause\n70 | a\n70 | b\n80 | a\n80 | b\n90 | c\n90 | c")
    near = TCloseness("cause", 0.4)

    # A third of the rows are a, b and c each; without 90 there is no c, and the others are as all.
    assert said(near, found) == {"70": True, "80": True, "90": False}
    assert (failing([near], found) == chosen(found, ["90"])).all()
    assert reached(near, found) == pytest.approx(2 / 3)
    assert reached(near, found, ["70", "80"]) == 0


def test_a_class_that_was_near_may_not_be_when_others_are_suppressed() -> None:
    found = classes("age | cause\n70 | a\n70 | b\n80 | a\n80 | a\n80 | a\n90 | b\n90 | b\n90 | b")
    near = TCloseness("cause", 0.2)

    # Half of all are a: 70 is as all, the others are not. If the rule for k takes 90, 70 is not.
    assert said(near, found) == {"70": True, "80": False, "90": False}
    assert said(near, found, ["70", "80"])["70"] is False
    assert said(near, found, ["70"])["70"]


ALL: list[PrivacyModel] = [
    TCloseness("cause", 0.2),
    TCloseness("cause", 0.2, "ordered"),
    TCloseness("cause", 0.2, "hierarchical"),
    BetaLikeness("cause", 0.5, enhanced=False),
    BetaLikeness("cause", 0.5),
    DeltaDisclosure("cause", 0.5),
]


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.name)
def test_a_class_of_the_population_alone_has_no_secret_to_tell(model: PrivacyModel) -> None:
    table = table_of(
        "age | cause\n70 | infarction\n70 | asthma",
        sensitive=("cause",),
        hierarchies={"cause": TREE},
        population="age | persons\n80 | 5",
    )
    found = classes_of(table)

    assert not failing([model], found).any()
    assert reached(model, found) == 0


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.name)
def test_a_column_that_is_not_counted_is_refused(model: PrivacyModel) -> None:
    with pytest.raises(DataError, match="does not count column 'cause'; give it as sensitive"):
        model.check(table_of("age | outcome\n70 | alive", sensitive=("outcome",)))


def test_the_hierarchical_distance_needs_a_hierarchy() -> None:
    model = TCloseness("cause", 0.2, "hierarchical")

    with pytest.raises(DataError, match="column 'cause' has no hierarchy, which the hierarchical"):
        model.check(table_of(HALVES, sensitive=("cause",)))


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.name)
def test_a_column_with_a_hierarchy_is_taken(model: PrivacyModel) -> None:
    model.check(table_of(DISEASES, sensitive=("cause",), hierarchies={"cause": TREE}))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: TCloseness("cause", -0.1), "t is -0.1 for column 'cause'; it lies from 0 to 1"),
        (lambda: TCloseness("cause", 1.1), "t is 1.1 for column 'cause'; it lies from 0 to 1"),
        (lambda: TCloseness("cause", math.nan), "t is nan for column 'cause'; it lies from 0 to 1"),
        (
            lambda: TCloseness("cause", 0.1, "orderly"),  # type: ignore[arg-type]
            "distance 'orderly' is unknown; take one of: equal, ordered, hierarchical",
        ),
        (lambda: BetaLikeness("cause", 0), "beta is 0 for column 'cause'; it must be above 0"),
        (lambda: BetaLikeness("cause", math.nan), "beta is nan for column 'cause'; it must be"),
        (lambda: DeltaDisclosure("cause", 0), "delta is 0 for column 'cause'; it is above 0"),
    ],
)
def test_a_bound_that_means_nothing_is_refused(
    make: Callable[[], PrivacyModel], message: str
) -> None:
    with pytest.raises(DataError, match=re.escape(message)):
        make()


def test_a_class_that_is_near_may_not_be_after_merging_with_one_that_is_not() -> None:
    assert {model.merging for model in ALL} == {Merging.SATISFYING}
    assert all(model.wide for model in ALL)


def test_reports_say_what_was_asked_for() -> None:
    said_of = [(model.name, model.wanted, model.column) for model in ALL]

    assert said_of == [
        ("t-closeness (equal)", 0.2, "cause"),
        ("t-closeness (ordered)", 0.2, "cause"),
        ("t-closeness (hierarchical)", 0.2, "cause"),
        ("basic beta-likeness", 0.5, "cause"),
        ("enhanced beta-likeness", 0.5, "cause"),
        ("delta-disclosure", 0.5, "cause"),
    ]
