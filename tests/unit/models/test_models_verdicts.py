"""Verdicts: what must be suppressed, and what reports say of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.frequencies import EquivalenceClasses, FrequencyTable
from hsr_privacy.models import (
    AverageRisk,
    DistinctLDiversity,
    KAnonymity,
    Merging,
    Verdict,
    failing,
    verdicts,
)
from tests.pipe_tables import chosen, classes_of, table_of

CAUSES = """
age | cause
70  | heart
70  | lungs
70  | lungs
80  | heart
80  | heart
90  | heart
"""
CLASSES = classes_of(table_of(CAUSES, sensitive=("cause",)))
WITH_POPULATION = classes_of(
    table_of(CAUSES, sensitive=("cause",), population="age | persons\n70 | 2\n60 | 5")
)
MODELS = (KAnonymity(2), DistinctLDiversity("cause", 2))


@dataclass(frozen=True)
class NoMoreThan:
    """Not more classes than so many: the last ones go one by one."""

    classes: int
    name = "no more than"
    column = None
    merging = Merging.NOTHING
    wide = True
    wanted = 1.0

    def check(self, table: FrequencyTable) -> None:
        """Nothing is impossible beforehand."""

    def satisfied(
        self, classes: EquivalenceClasses, released: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        good = released.copy()
        if released.sum() > self.classes:
            good[np.flatnonzero(released)[-1]] = False
        return good

    def reached(self, classes: EquivalenceClasses, released: NDArray[np.bool_]) -> float:
        return float(released.sum())


def test_a_class_that_one_model_does_not_release_is_suppressed() -> None:
    assert (failing(MODELS, CLASSES) == chosen(CLASSES, ["80", "90"])).all()


def test_without_a_model_nothing_is_suppressed() -> None:
    assert not failing([], CLASSES).any()


def test_verdicts_that_depend_on_the_others_are_repeated_until_they_stay() -> None:
    assert (failing([NoMoreThan(1)], CLASSES) == chosen(CLASSES, ["80", "90"])).all()


def test_a_model_that_looks_at_all_sees_what_the_others_left() -> None:
    # Three classes of six persons are 1/2; without 90 it is two of five.
    assert not failing([AverageRisk(0.5)], CLASSES).any()
    assert (failing([AverageRisk(0.4), KAnonymity(2)], CLASSES) == chosen(CLASSES, ["90"])).all()


def test_no_classes_have_nothing_to_suppress() -> None:
    table = FrequencyTable.from_rows(CLASSES.table.hierarchies, np.empty((0, 1), int))

    assert failing([KAnonymity(1)], classes_of(table)).tolist() == []
    assert verdicts([KAnonymity(1)], classes_of(table), np.ones(0, bool)) == (
        Verdict("k-anonymity", None, 1, None, 0, 0),
    )


def test_a_verdict_tells_what_would_fail_and_what_is_reached() -> None:
    assert verdicts(MODELS, CLASSES, chosen(CLASSES, ["70", "80"])) == (
        Verdict("k-anonymity", None, 2, 2.0, failing_classes=1, failing_rows=1),
        Verdict("distinct l-diversity", "cause", 2, 1.0, failing_classes=2, failing_rows=3),
    )


def test_where_nothing_is_released_nothing_is_reached() -> None:
    assert {one.reached for one in verdicts(MODELS, CLASSES, chosen(CLASSES, []))} == {None}
    only_the_population = chosen(WITH_POPULATION, ["60"])
    assert {one.reached for one in verdicts(MODELS, WITH_POPULATION, only_the_population)} == {None}


def test_classes_of_the_population_alone_are_neither_counted_nor_suppressed() -> None:
    everything = chosen(WITH_POPULATION, None)

    assert (failing(MODELS, WITH_POPULATION) == chosen(WITH_POPULATION, ["80", "90"])).all()
    assert verdicts(MODELS, WITH_POPULATION, everything) == verdicts(
        MODELS, CLASSES, chosen(CLASSES, None)
    )
