"""Models of diversity: what they say of small tables, and what they refuse."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import numpy as np
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.models import (
    AlphaAnonymity,
    DistinctLDiversity,
    EntropyLDiversity,
    Merging,
    PrivacyModel,
    RecursiveDiversity,
    SecondEntity,
    failing,
)
from tests.pipe_tables import chosen, classes_of, reached, said, table_of

CAUSES = """
age | cause
70  | heart
70  | heart
70  | heart
70  | lungs
80  | heart
80  | lungs
90  | heart
90  | heart
"""
TABLE = table_of(CAUSES, sensitive=("cause",))


def test_l_is_the_number_of_distinct_values() -> None:
    classes = classes_of(TABLE)

    assert said(DistinctLDiversity("cause", 2), classes) == {"70": True, "80": True, "90": False}
    assert reached(DistinctLDiversity("cause", 2), classes) == 1
    assert reached(DistinctLDiversity("cause", 2), classes, ["70", "80"]) == 2


def test_a_missing_value_is_a_value_of_its_own() -> None:
    classes = classes_of(table_of("age | cause\n70 | heart\n70 |\n", sensitive=("cause",)))

    assert reached(DistinctLDiversity("cause", 2), classes) == 2


def test_a_class_of_one_hospital_is_not_released() -> None:
    hospitals = "age | hospital\n70 | north\n70 | south\n80 | north\n80 | north"
    classes = classes_of(table_of(hospitals, sensitive=("hospital",)))

    assert said(SecondEntity("hospital"), classes) == {"70": True, "80": False}
    assert reached(SecondEntity("hospital"), classes) == 1


def test_two_equal_values_have_an_entropy_of_two_and_unequal_ones_less() -> None:
    classes = classes_of(TABLE)

    assert said(EntropyLDiversity("cause", 2), classes) == {"70": False, "80": True, "90": False}
    assert reached(EntropyLDiversity("cause", 2), classes, ["80"]) == pytest.approx(2)
    # 3/4 and 1/4: exp of -(3/4 ln 3/4 + 1/4 ln 1/4)
    unequal = 4 / 3**0.75
    assert reached(EntropyLDiversity("cause", 2), classes, ["70", "80"]) == pytest.approx(unequal)


@pytest.mark.parametrize("ell", range(1, 12))
def test_l_equal_values_have_an_entropy_of_l_though_no_logarithm_is_exact(ell: int) -> None:
    text = "age | cause\n" + "\n".join(f"70 | {value}" for value in range(ell))

    classes = classes_of(table_of(text, sensitive=("cause",)))
    assert said(EntropyLDiversity("cause", ell), classes)["70"]


def test_recursive_diversity_takes_the_most_frequent_by_the_lth_and_all_rarer() -> None:
    classes = classes_of(TABLE)
    model = RecursiveDiversity("cause", 3, 2)

    # 3 of heart by 1 of lungs is 3, which is not below 3; a value alone is infinitely frequent.
    assert said(model, classes) == {"70": False, "80": True, "90": False}
    assert said(RecursiveDiversity("cause", 3.01, 2), classes)["70"]
    assert reached(model, classes, ["70", "80"]) == 3
    assert reached(model, classes) == math.inf


def test_recursive_diversity_of_one_value_is_its_share() -> None:
    classes = classes_of(TABLE)

    assert reached(RecursiveDiversity("cause", 3, 1), classes, ["70"]) == 0.75


def test_recursive_diversity_looks_at_all_rarer_values_together() -> None:
    causes = "age | cause\n" + "\n".join(f"70 | {value}" for value in "aaaabbbccd")
    classes = classes_of(table_of(causes, sensitive=("cause",)))

    assert reached(RecursiveDiversity("cause", 1, 2), classes) == 4 / (3 + 2 + 1)
    assert reached(RecursiveDiversity("cause", 1, 3), classes) == 4 / (2 + 1)
    assert reached(RecursiveDiversity("cause", 1, 4), classes) == 4 / 1


def test_alpha_is_the_share_of_the_most_frequent_value() -> None:
    classes = classes_of(TABLE)

    verdict = said(AlphaAnonymity("cause", 0.75), classes)
    assert verdict == {"70": True, "80": True, "90": False}
    assert reached(AlphaAnonymity("cause", 0.75), classes, ["70", "80"]) == 0.75
    assert reached(AlphaAnonymity("cause", 0.75), classes) == 1


ALL: list[PrivacyModel] = [
    DistinctLDiversity("cause", 2),
    SecondEntity("cause"),
    EntropyLDiversity("cause", 1.5),
    RecursiveDiversity("cause", 2, 2),
    AlphaAnonymity("cause", 0.5),
]


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.name)
def test_a_class_of_the_population_alone_has_no_secret_to_tell(model: PrivacyModel) -> None:
    table = table_of(
        "age | cause\n70 | heart\n70 | lungs",
        sensitive=("cause",),
        population="age | persons\n80 | 5",
    )
    classes = classes_of(table)

    assert not failing([model], classes).any()
    assert reached(model, classes) == reached(model, classes, ["70"])


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.name)
def test_the_verdict_does_not_depend_on_what_is_released(model: PrivacyModel) -> None:
    classes = classes_of(TABLE)

    assert not model.wide
    assert said(model, classes) == said(model, classes, ["90"])


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.name)
def test_a_column_that_is_not_counted_is_refused(model: PrivacyModel) -> None:
    with pytest.raises(DataError, match="does not count column 'cause'; give it as sensitive"):
        model.check(table_of("age | outcome\n70 | alive", sensitive=("outcome",)))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: DistinctLDiversity("cause", 0), "l is 0 for column 'cause'; it must be 1 or more"),
        (lambda: SecondEntity("cause", 0), "second entity: 0 entities; it must be 1 or more"),
        (lambda: EntropyLDiversity("cause", 0.9), "entropy l is 0.9 for column 'cause'; it must"),
        (lambda: EntropyLDiversity("cause", math.nan), "entropy l is nan for column 'cause'; it"),
        (
            lambda: RecursiveDiversity("cause", 0, 2),
            "'cause': c is 0 and l is 2; c must be above 0",
        ),
        (
            lambda: RecursiveDiversity("cause", 1, 0),
            "'cause': c is 1 and l is 0; c must be above 0",
        ),
        (lambda: AlphaAnonymity("cause", 0), "alpha is 0 for column 'cause'; it is a share above"),
        (lambda: AlphaAnonymity("cause", 1.1), "alpha is 1.1 for column 'cause'; it is a share"),
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
        (DistinctLDiversity("cause", 3), "l is 3, but column 'cause' has only 2 distinct value(s)"),
        (SecondEntity("cause", 3), "must come from 3 values of 'cause', which has only 2"),
        (EntropyLDiversity("cause", 2.1), "l is 3, but column 'cause' has only 2 distinct"),
        (RecursiveDiversity("cause", 9, 3), "l is 3, but column 'cause' has only 2 distinct"),
        (AlphaAnonymity("cause", 0.4), "alpha is 0.4, but column 'cause' has only 2 distinct"),
    ],
)
def test_what_no_generalization_can_reach_is_refused(model: PrivacyModel, message: str) -> None:
    with pytest.raises(DataError, match=re.escape(message)):
        model.check(TABLE)


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.name)
def test_what_some_generalization_may_reach_is_taken(model: PrivacyModel) -> None:
    model.check(TABLE)


def test_only_the_number_of_values_survives_any_merge() -> None:
    claims = {model.name: model.merging for model in ALL}

    assert claims == {
        "distinct l-diversity": Merging.ANY,
        "second entity": Merging.ANY,
        "entropy l-diversity": Merging.SATISFYING,
        "recursive (c,l)-diversity": Merging.SATISFYING,
        "alpha": Merging.SATISFYING,
    }


def test_a_class_that_satisfies_alpha_may_not_after_merging_with_one_that_does_not() -> None:
    classes = classes_of(TABLE)
    merged = classes.project([])

    assert said(AlphaAnonymity("cause", 0.5), classes)["80"]
    assert not AlphaAnonymity("cause", 0.5).satisfied(merged, np.ones(1, bool)).any()


@pytest.mark.parametrize(
    ("model", "wanted"),
    [
        (DistinctLDiversity("cause", 2), 2),
        (SecondEntity("cause", 3), 3),
        (EntropyLDiversity("cause", 1.5), 1.5),
        (RecursiveDiversity("cause", 2.5, 2), 2.5),
        (AlphaAnonymity("cause", 0.5), 0.5),
    ],
)
def test_reports_say_what_was_asked_for(model: PrivacyModel, wanted: float) -> None:
    assert (model.wanted, model.column) == (wanted, "cause")


def test_classes_are_suppressed_for_the_model_that_they_fail() -> None:
    classes = classes_of(TABLE)

    bad = failing([DistinctLDiversity("cause", 2), AlphaAnonymity("cause", 0.6)], classes)
    assert (bad == chosen(classes, ["70", "90"])).all()
