"""Models of size: what they say of small tables, and what they refuse."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.models import (
    AverageRisk,
    JournalistRisk,
    KAnonymity,
    KMap,
    MaximumRisk,
    Merging,
    PrivacyModel,
    failing,
)
from tests.pipe_tables import chosen, classes_of, reached, said, table_of

EVENTS = """
sex | age | person
m   | 70  | ola
m   | 70  | ola
m   | 70  | per
m   | 80  | ola
f   | 70  | kari
f   | 70  | anne
f   | 70  | liv
"""
POPULATION = """
sex | age | persons
m   | 70  | 9
m   | 80  | 4
f   | 80  | 7
"""


def test_k_counts_persons_and_not_rows() -> None:
    classes = classes_of(table_of(EVENTS))

    assert said(KAnonymity(3), classes) == {"m 70": False, "m 80": False, "f 70": True}
    assert reached(KAnonymity(3), classes, ["m 70", "f 70"]) == 2


def test_a_person_in_two_classes_is_one_person_of_the_merged_class() -> None:
    men = classes_of(table_of(EVENTS)).project([0])

    assert said(KAnonymity(3), men) == {"m 70": False, "f 70": True}
    assert said(KAnonymity(2), men) == {"m 70": True, "f 70": True}


def test_the_maximum_risk_is_one_in_the_persons_of_the_smallest_class() -> None:
    classes = classes_of(table_of(EVENTS))

    assert said(MaximumRisk(0.5), classes) == {"m 70": True, "m 80": False, "f 70": True}
    assert reached(MaximumRisk(0.5), classes, ["m 70", "f 70"]) == 0.5
    assert reached(MaximumRisk(0.5), classes) == 1


def test_a_third_of_a_risk_is_three_persons_though_no_float_is_a_third() -> None:
    assert said(MaximumRisk(1 / 3), classes_of(table_of(EVENTS)))["f 70"]


def test_the_average_risk_is_classes_by_persons() -> None:
    assert reached(AverageRisk(0.5), classes_of(table_of(EVENTS))) == 3 / 6


def test_the_smallest_classes_are_suppressed_until_the_average_risk_holds() -> None:
    classes = classes_of(table_of(EVENTS))

    assert said(AverageRisk(0.5), classes) == {"m 70": True, "m 80": True, "f 70": True}
    assert said(AverageRisk(0.4), classes) == {"m 70": True, "m 80": False, "f 70": True}
    assert said(AverageRisk(0.34), classes) == {"m 70": False, "m 80": False, "f 70": True}
    assert said(AverageRisk(0.3), classes) == {"m 70": False, "m 80": False, "f 70": False}


def test_a_class_that_others_suppress_takes_no_part_in_the_average() -> None:
    classes = classes_of(table_of(EVENTS))

    without = said(AverageRisk(0.5), classes, ["m 80", "m 70"])
    assert without == {"m 70": True, "m 80": False, "f 70": False}


def test_a_class_of_the_population_alone_takes_no_part_in_the_average() -> None:
    classes = classes_of(table_of(EVENTS, population=POPULATION))

    assert reached(AverageRisk(0.5), classes) == 3 / 6
    assert said(AverageRisk(0.5), classes)["m 80"]


def test_k_map_counts_the_population_and_never_fewer_than_the_release() -> None:
    classes = classes_of(table_of(EVENTS, population=POPULATION))

    verdict = said(KMap(4), classes)
    assert verdict == {"m 70": True, "m 80": True, "f 70": False, "f 80": True}
    assert reached(KMap(4), classes) == 3  # women of 70, whom the population's table forgot
    assert reached(KMap(4), classes, ["m 80", "m 70"]) == 4


def test_the_journalist_risk_is_one_in_the_persons_of_the_population() -> None:
    classes = classes_of(table_of(EVENTS, population=POPULATION))

    assert said(JournalistRisk(0.25), classes)["m 80"]
    assert not said(JournalistRisk(0.24), classes)["m 80"]
    assert reached(JournalistRisk(0.25), classes, ["m 80", "m 70"]) == 0.25


def test_a_population_that_knows_ages_only_is_counted_by_age() -> None:
    ages = "age | persons\n70 | 9\n80 | 4"
    classes = classes_of(table_of(EVENTS, population=ages))

    # The population's classes stand on the first leaf of sex, which is not looked at.
    verdict = said(KMap(5, ("age",)), classes)
    assert verdict == {"m 70": True, "m 80": False, "f 70": True}
    assert reached(KMap(5, ("age",)), classes, ["m 70", "f 70"]) == 9
    assert reached(JournalistRisk(0.2, ("age",)), classes, ["m 70", "f 70"]) == pytest.approx(1 / 9)


def test_a_population_that_knows_ages_only_holds_the_released_persons_of_an_age() -> None:
    classes = classes_of(table_of(EVENTS, population="age | persons\n80 | 4"))

    assert reached(KMap(5, ("age",)), classes, ["m 70", "f 70"]) == 5
    assert reached(KMap(5, ("age",)), classes, ["m 70"]) == 2


def test_who_is_in_the_population_stays_in_it_when_a_class_is_suppressed() -> None:
    ages = "age | persons\n70 | 9\n80 | 4"
    classes = classes_of(table_of(EVENTS, population=ages))

    # Men of 70 are suppressed for k, and the population's 70-year-olds stand in their class.
    bad = failing([KAnonymity(3), KMap(9, ("age",))], classes)
    assert (bad == chosen(classes, ["m 70", "m 80"])).all()


def test_a_class_of_the_population_alone_is_never_suppressed() -> None:
    classes = classes_of(table_of(EVENTS, population=POPULATION))

    bad = failing([KAnonymity(3), KMap(8)], classes)
    assert (bad == chosen(classes, ["m 70", "m 80", "f 70"])).all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: KAnonymity(0), "k is 0; it must be 1 or more"),
        (lambda: KMap(0), "k-map: k is 0; it must be 1 or more"),
        (lambda: MaximumRisk(0), "maximum risk is 0; it is a probability above 0 and up to 1"),
        (lambda: MaximumRisk(1.5), "maximum risk is 1.5; it is a probability above 0 and up to 1"),
        (lambda: AverageRisk(-0.1), "average risk is -0.1; it is a probability above 0"),
        (lambda: AverageRisk(float("nan")), "average risk is nan; it is a probability"),
        (lambda: JournalistRisk(0), "journalist risk is 0; it is a probability"),
    ],
)
def test_a_bound_that_means_nothing_is_refused(
    make: Callable[[], PrivacyModel], message: str
) -> None:
    with pytest.raises(DataError, match=re.escape(message)):
        make()


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (KAnonymity(6), "k is 6, but the table has only 5 person(s)"),
        (MaximumRisk(0.19), "maximum risk is 0.19, which takes classes of 6, but the table has"),
        (AverageRisk(0.19), "average risk is 0.19, which takes classes of 6, but the table has"),
        (KMap(21), "k-map: k is 21, but the population has only 20 person(s)"),
        (JournalistRisk(0.04), "journalist risk is 0.04, which takes classes of 25, but the"),
        (KMap(2, ("age", "home")), "the attacker of k-map knows 'home', which is no quasi-ident"),
        (
            JournalistRisk(0.5, ("home",)),
            "of journalist risk knows 'home', which is no quasi-ident",
        ),
    ],
)
def test_what_no_generalization_can_reach_is_refused(model: PrivacyModel, message: str) -> None:
    with pytest.raises(DataError, match=re.escape(message)):
        model.check(table_of(EVENTS, population=POPULATION))


@pytest.mark.parametrize(
    "model",
    [
        KAnonymity(5),
        MaximumRisk(0.2),
        AverageRisk(0.2),
        KMap(20),
        JournalistRisk(0.05),
        KMap(20, ("age",)),
    ],
)
def test_what_all_persons_together_reach_is_taken(model: PrivacyModel) -> None:
    model.check(table_of(EVENTS, population=POPULATION))


def test_a_population_smaller_than_the_table_holds_its_persons_all_the_same() -> None:
    KMap(5).check(table_of(EVENTS, population="age | persons\n70 | 1"))


@pytest.mark.parametrize("model", [KMap(2), JournalistRisk(0.5)])
def test_a_population_is_needed(model: PrivacyModel) -> None:
    with pytest.raises(DataError, match=f"{model.name} needs a population table"):
        model.check(table_of(EVENTS))


def test_no_class_is_broken_by_another_but_by_the_average() -> None:
    lasting = (KAnonymity(2), MaximumRisk(0.5), KMap(2), JournalistRisk(0.5), KMap(2, ("age",)))

    assert {model.merging for model in lasting} == {Merging.ANY}
    assert AverageRisk(0.5).merging is Merging.NOTHING


def test_only_a_population_of_some_columns_looks_beyond_the_class() -> None:
    narrow = (KAnonymity(2), MaximumRisk(0.5), KMap(2), JournalistRisk(0.5))
    wide = (AverageRisk(0.5), KMap(2, ("age",)), JournalistRisk(0.5, ("age",)))

    assert not any(model.wide for model in narrow)
    assert all(model.wide for model in wide)


@pytest.mark.parametrize(
    ("model", "wanted"),
    [
        (KAnonymity(2), 2),
        (MaximumRisk(0.5), 0.5),
        (AverageRisk(0.25), 0.25),
        (KMap(3), 3),
        (JournalistRisk(0.1), 0.1),
    ],
)
def test_reports_say_what_was_asked_for(model: PrivacyModel, wanted: float) -> None:
    assert (model.wanted, model.column) == (wanted, None)
    assert np.isfinite(model.wanted)
