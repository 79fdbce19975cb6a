"""The pass over the subsets, and what the ranking makes of it, on a table counted by hand."""

from __future__ import annotations

import json
from itertools import combinations

import numpy as np
import pytest

from hsr_privacy.frequencies import FrequencyTable
from hsr_privacy.hierarchies import HierarchyTable
from hsr_privacy.risk.ranking import LISTED, rank
from hsr_privacy.risk.subsets import MOST_SUBSETS, affordable, pass_over
from tests.pipe_tables import table_of

EVENTS = """
sex | age | town | person
m   | 70  | oslo | ola
m   | 80  | oslo | ola
m   | 70  | oslo | per
f   | 70  | oslo | kari
f   | 80  | voss | anne
f   | 80  | voss | liv
"""


def test_every_set_is_counted_in_persons() -> None:
    done = pass_over(table_of(EVENTS))
    told = {
        one.columns: (one.classes, one.memberships, one.alike, one.k, one.unique)
        for one in done.subsets.values()
    }
    assert told == {
        ("sex",): (2, 5, 1 + 3, 2, 0),  # ola, per | kari, anne, liv
        ("age",): (2, 6, 3 + 3, 3, 0),  # ola, per, kari | ola, anne, liv
        ("town",): (2, 5, 3 + 1, 2, 0),  # ola, per, kari | anne, liv
        ("sex", "age"): (4, 6, 1 + 1, 1, 2),  # ola, per | ola | kari | anne, liv
        ("sex", "town"): (3, 5, 1 + 1, 1, 1),  # ola, per | kari | anne, liv
        ("age", "town"): (3, 6, 3 + 1, 1, 1),  # ola, per, kari | ola | anne, liv
        ("sex", "age", "town"): (4, 6, 1 + 1, 1, 2),
    }


def test_distinction_and_separation() -> None:
    done = pass_over(table_of(EVENTS))
    sex = done.subsets[0b001]
    assert (sex.distinction, sex.separation) == (2 / 5, 1 - 4 / 10)
    alone = pass_over(table_of("sex\nm")).subsets[1]
    assert (alone.distinction, alone.separation) == (1, 1)


def test_the_gains_of_all_columns_are_the_whole_risk() -> None:
    done = pass_over(table_of(EVENTS))
    ranking = rank(done)
    whole = done.subsets[0b111]
    gains = [one.gain for one in ranking.columns_by_gain]
    assert sum(gains) == pytest.approx(whole.distinction - 1 / 5)
    assert sum(one.unique_gain for one in ranking.columns_by_gain) == pytest.approx(whole.unique)
    assert gains == sorted(gains, reverse=True)


def test_what_a_column_adds_to_two() -> None:
    # Nobody knows anything: 1 / 4. By sex 2 / 4, by age 1 / 4, by both 2 / 4.
    ranking = rank(pass_over(table_of("sex | age\nm | 70\nm | 70\nf | 70\nf | 70")))
    first, last = ranking.columns_by_gain
    assert (first.column, first.gain, first.risk_without) == ("sex", 1 / 4, 1 / 4)
    assert (last.column, last.gain, last.risk_without) == ("age", 0, 2 / 4)


def test_a_column_alone_is_all_there_is() -> None:
    one = rank(pass_over(table_of("sex\nm\nf\nf"))).columns_by_gain[0]
    assert one.gain == pytest.approx(2 / 3 - 1 / 3)
    assert one.unique_gain == 1
    assert (one.risk_without, one.unique_without) == (1 / 3, 0)


def test_sets_of_few_columns_come_first_and_of_these_the_telling_ones() -> None:
    ranking = rank(pass_over(table_of(EVENTS)))
    sizes = [len(one.columns) for one in ranking.subsets]
    assert sizes == [1, 1, 1, 2, 2, 2, 3]
    pairs = [one.distinction for one in ranking.subsets[3:6]]
    assert pairs == sorted(pairs, reverse=True)


@pytest.mark.parametrize(
    ("columns", "classes", "largest"),
    [(8, 100_000, 8), (12, 1_000, 12), (13, 1_000, 6), (16, 1_000, 4), (40, 10, 2), (8, 10**9, 1)],
)
def test_a_pass_stays_affordable(columns: int, classes: int, largest: int) -> None:
    assert affordable(columns, classes) == largest


def test_a_pass_over_part_of_the_sets_counts_these_right() -> None:
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 3, (200, 13))
    trees = tuple(HierarchyTable.from_rows(f"c{n}", [("0",), ("1",), ("2",)]) for n in range(13))
    done = pass_over(FrequencyTable.from_rows(trees, codes))
    assert done.largest == 6
    assert len(done.subsets) == sum(
        1 for size in range(1, 7) for _ in combinations(range(13), size)
    )
    assert len(done.subsets) <= MOST_SUBSETS
    places = (0, 5, 9, 12)
    expected = np.unique(codes[:, places], axis=0, return_counts=True)[1]
    found = done.subsets[sum(1 << place for place in places)]
    assert (found.classes, found.unique) == (len(expected), int((expected == 1).sum()))
    ranking = rank(done)
    assert ranking.columns_by_gain[0].risk_without is None
    assert len(ranking.to_json()["subsets"]) == LISTED
    assert ranking.to_json()["tried"] == len(done.subsets)


def test_columns_of_many_values_are_counted_by_sorting() -> None:
    rng = np.random.default_rng(2)
    codes = rng.integers(0, 3_000, (6_000, 2))
    tree = HierarchyTable.from_rows("c", [(f"{n}",) for n in range(3_000)])
    table = FrequencyTable.from_rows((tree, tree), codes, names=("a", "b"))
    expected = np.unique(codes, axis=0, return_counts=True)[1]
    found = pass_over(table).subsets[0b11]
    assert (found.classes, found.unique) == (len(expected), int((expected == 1).sum()))


def test_the_json_names_columns_and_is_plain() -> None:
    found = rank(pass_over(table_of(EVENTS))).to_json()
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert {name for one in found["subsets"] for name in one["columns"]} == {"sex", "age", "town"}
