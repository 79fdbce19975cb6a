"""Sensitive values that are one on a level of their hierarchy are one secret to every model."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.frequencies import EquivalenceClasses, FrequencyTable, SensitiveHistogram
from hsr_privacy.frequencies.parts import at_level
from hsr_privacy.hierarchies import HierarchyTable
from hsr_privacy.models import (
    AlphaAnonymity,
    BetaLikeness,
    DeltaDisclosure,
    DistinctLDiversity,
    EntropyLDiversity,
    PrivacyModel,
    RecursiveDiversity,
    SecondEntity,
    TCloseness,
)
from tests.pipe_tables import cells, classes_of, reached, table_of

CAUSE = """
cardiac          | heart | medical | *
presumed cardiac | heart | medical | *
asthma           | lungs | medical | *
drowning         | water | outside | *
"""
# Whoever is 70 has a heart disease, whatever it is called.
ARRESTS = """
age | cause
70  | cardiac
70  | presumed cardiac
80  | cardiac
80  | asthma
90  | drowning
90  | asthma
"""
TABLE = table_of(ARRESTS, sensitive=("cause",), hierarchies={"cause": CAUSE})
LEAVES = TABLE.sensitive["cause"]


def at(level: int) -> EquivalenceClasses:
    """The classes with secrets of a level."""
    return classes_of(replace(TABLE, sensitive={"cause": at_level(LEAVES, level)}))


def in_words(level: int, words: str) -> EquivalenceClasses:
    """The classes of a table that says in plain words what a level of the hierarchy says."""
    names = {row[0]: row[level] for row in cells(CAUSE)}
    text = "\n".join(" | ".join(names.get(cell, cell) for cell in line) for line in cells(ARRESTS))
    return classes_of(table_of(text, sensitive=("cause",), hierarchies={"cause": words}))


WORDS = {
    0: CAUSE,
    1: "heart | medical | *\nlungs | medical | *\nwater | outside | *",
    2: "medical | *\noutside | *",
    3: "*",
}
MODELS: list[PrivacyModel] = [
    DistinctLDiversity("cause", 2),
    SecondEntity("cause"),
    EntropyLDiversity("cause", 1.5),
    RecursiveDiversity("cause", 2, 2),
    AlphaAnonymity("cause", 0.5),
    TCloseness("cause", 0.2),
    TCloseness("cause", 0.2, "ordered"),
    TCloseness("cause", 0.2, "hierarchical"),
    BetaLikeness("cause", 0.5, enhanced=False),
    BetaLikeness("cause", 0.5),
    DeltaDisclosure("cause", 0.5),
]


def test_two_names_of_one_secret_are_two_values_as_they_stand() -> None:
    assert reached(DistinctLDiversity("cause", 2), at(0), ["70"]) == 2


def test_two_names_of_one_secret_are_one_value_on_the_level_where_they_meet() -> None:
    assert reached(DistinctLDiversity("cause", 2), at(1), ["70"]) == 1
    assert reached(DistinctLDiversity("cause", 2), at(1), ["80", "90"]) == 2


@pytest.mark.parametrize("level", [0, 1, 2, 3])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_every_model_counts_a_level_as_if_the_table_said_it(
    model: PrivacyModel, level: int
) -> None:
    assert reached(model, at(level)) == reached(model, in_words(level, WORDS[level]))


def test_the_rows_of_merged_values_are_added_up_and_the_upper_levels_stay() -> None:
    found = at_level(LEAVES, 1)

    assert list(zip(found.classes.tolist(), found.codes.tolist(), strict=True)) == [
        (0, 0),
        (1, 0),
        (1, 1),
        (2, 1),
        (2, 2),
    ]
    assert found.counts.tolist() == [2, 1, 1, 1, 1]
    assert found.hierarchy is not None
    assert found.hierarchy.values == ("heart", "lungs", "water")
    assert found.hierarchy.level_names == ("level 1", "level 2", "level 3")
    assert found.hierarchy.labels[1] == ("medical", "outside")
    assert found.hierarchy.nodes.tolist() == [[0, 1, 2], [0, 0, 1], [0, 0, 0]]
    found.hierarchy.check()


def test_levels_can_be_climbed_one_after_the_other() -> None:
    once, twice = at_level(LEAVES, 2), at_level(at_level(LEAVES, 1), 1)

    assert twice.codes.tolist() == once.codes.tolist()
    assert twice.counts.tolist() == once.counts.tolist()


def test_the_floor_of_a_cut_hierarchy_is_its_level_0() -> None:
    assert LEAVES.hierarchy is not None
    cut = replace(LEAVES, hierarchy=LEAVES.hierarchy.starting_at(1))

    assert at_level(cut, 0).codes.tolist() == at_level(LEAVES, 1).codes.tolist()


def test_a_missing_value_stays_a_secret_of_its_own() -> None:
    tree = HierarchyTable.from_rows("cause", cells(CAUSE)).with_missing()
    age = HierarchyTable.from_rows("age", [("70", "*")])
    table = FrequencyTable.from_rows(
        (age,),
        [[0], [0], [0]],
        sensitive={"cause": [0, 1, 4]},
        sensitive_hierarchies={"cause": tree},
    )
    found = at_level(table.sensitive["cause"], 1)

    assert found.hierarchy is not None
    assert [found.hierarchy.values[code] for code in found.codes] == ["heart", None]
    assert found.counts.tolist() == [2, 1]


def test_the_rows_of_the_whole_table_are_merged_in_a_part_of_it() -> None:
    part = replace(LEAVES, overall=np.array([5, 7, 1, 2]))

    assert at_level(part, 1).totals.tolist() == [12, 1, 2]


def test_no_rows_have_no_secrets() -> None:
    none = SensitiveHistogram(
        np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int64), LEAVES.hierarchy
    )

    assert at_level(none, 1).counts.tolist() == []


@pytest.mark.parametrize("level", [-1, 4])
def test_a_level_that_the_hierarchy_has_not_is_refused(level: int) -> None:
    message = f"hierarchy 'cause' has no level {level}; take one from 0 to 3"

    with pytest.raises(DataError, match=re.escape(message)):
        at_level(LEAVES, level)


def test_a_column_without_a_hierarchy_has_no_levels() -> None:
    with pytest.raises(DataError, match="no hierarchy to count at a level of; give it one"):
        at_level(replace(LEAVES, hierarchy=None), 1)
