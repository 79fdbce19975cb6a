"""Post-randomization follows its matrix, publishes it, and names no category on its own."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import polars as pl
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.extract import Extract
from hsr_privacy.masking import pram, pram_with_masking
from hsr_privacy.masking.transition import invariant_matrix, staying_matrix

SEED = 918_273_645
COLOURS = ["red"] * 6_000 + ["green"] * 3_000 + ["blue"] * 990 + ["canary"] * 10
DATA = pl.DataFrame({"n": range(len(COLOURS)), "colour": COLOURS})


def masked(**asked: Any) -> tuple[Extract, Any]:
    return pram_with_masking(Extract.of(DATA), "colour", **({"seed": SEED} | asked))


def test_without_the_second_stage_a_share_stays_and_the_rest_is_spread() -> None:
    out = pram(DATA, "colour", stay=0.7, invariant=False, seed=SEED)
    red = out["colour"][:6_000]
    assert (red == "red").mean() == pytest.approx(0.7, abs=0.02)
    for other in ("green", "blue", "canary"):
        assert (red == other).mean() == pytest.approx(0.1, abs=0.02)


def test_invariant_chances_keep_the_frequencies() -> None:
    out = pram(DATA, "colour", stay=0.7, seed=SEED)
    counts = dict(out["colour"].value_counts().rows())
    assert counts["red"] == pytest.approx(6_000, abs=150)
    assert counts["green"] == pytest.approx(3_000, abs=150)
    assert counts["blue"] == pytest.approx(990, abs=100)
    assert counts["canary"] == pytest.approx(10, abs=12)
    assert (out["colour"] != DATA["colour"]).sum() > 2_000


def test_a_matrix_of_ones_and_zeros_is_followed_to_the_letter() -> None:
    swap = [[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 1, 0]]
    names = ["red", "green", "blue", "canary"]
    out = pram(DATA, "colour", matrix=swap, categories=names, invariant=False, seed=SEED)
    assert out["colour"].to_list() == ["green"] * 6_000 + ["red"] * 3_000 + ["blue"] * 1_000


def test_missing_values_stay_missing_and_other_columns_and_the_order_stay() -> None:
    data = pl.DataFrame({"n": [3, 1, 2, 4], "c": ["a", None, "b", None]})
    out = pram(data, "c", matrix=[[0, 1], [1, 0]], categories="ab", invariant=False, seed=1)
    assert out.rows() == [(3, "b"), (1, None), (2, "a"), (4, None)]


@pytest.mark.parametrize(
    ("values", "names", "swapped"),
    [
        ([True, False, None], ["true", "false"], [False, True, None]),
        ([1, 2, None], ["1", "2"], [2, 1, None]),
    ],
)
def test_a_column_keeps_its_type(values: list[Any], names: list[str], swapped: list[Any]) -> None:
    data = pl.DataFrame({"c": values})
    swap = [[0, 1], [1, 0]]
    out = pram(data, "c", matrix=swap, categories=names, invariant=False, seed=1)
    assert out["c"].to_list() == swapped
    assert out["c"].dtype == data["c"].dtype


def test_the_same_seed_gives_the_same_rows_and_no_seed_others() -> None:
    first = pram(DATA, "colour", stay=0.5, seed=SEED)
    assert first.equals(pram(DATA, "colour", stay=0.5, seed=SEED))
    assert not first.equals(pram(DATA, "colour", stay=0.5, seed=None))


def test_the_matrix_stands_in_the_step_by_rank_and_names_nobody() -> None:
    extract, masking = masked(stay=0.7)
    step = extract.steps[-1]
    rows = [list(map(float, row.split())) for row in step.notes["matrix"].split(";")]
    assert np.array(rows) == pytest.approx(np.array(masking.transition.matrix), rel=1e-5)
    assert masking.transition.categories is None
    assert masking.as_json()["transition"]["categories"] == [1, 2, 3, 4]
    assert step.counts["categories"] == 4
    told = repr(extract.steps) + repr(masking) + json.dumps(masking.as_json())
    for never in ("canary", "red", str(SEED)):
        assert never not in told.replace("'colour'", "").replace("drawn", "")


def test_categories_are_named_where_the_caller_named_them() -> None:
    names = ["blue", "canary", "green", "red", "white"]
    extract, masking = masked(stay=0.7, categories=names)
    assert masking.as_json()["transition"]["categories"] == names
    assert extract.steps[-1].notes["categories"] == "blue, canary, green, red, white"
    frequencies = np.array([990, 10, 3_000, 6_000, 0])
    assert np.array(masking.transition.matrix) == pytest.approx(
        invariant_matrix(staying_matrix(0.7, 5), frequencies)
    )


def test_a_category_that_nobody_has_is_reached_by_nobody() -> None:
    chances = invariant_matrix(staying_matrix(0.6, 3), np.array([5, 5, 0]))
    assert chances[:2, 2].tolist() == [0.0, 0.0]
    assert chances.sum(axis=1).tolist() == pytest.approx([1, 1, 1])


def test_a_category_that_nobody_has_and_nobody_reaches_still_has_chances() -> None:
    assert invariant_matrix(np.eye(3), np.array([5, 5, 0])).tolist() == np.eye(3).tolist()


def test_two_stages_by_hand() -> None:
    # A stays by 1/2; of those that read A, 3 of 4 were A (30 : 10), of those that read B 3 of 4
    # were A too; so the chance to stay is 3/4 for A and 1/4 for B.
    first = np.array([[0.5, 0.5], [0.5, 0.5]])
    chances = invariant_matrix(first, np.array([30, 10]))
    assert chances == pytest.approx(np.array([[0.75, 0.25], [0.75, 0.25]]))


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ({}, "give a matrix, or the chance to stay"),
        ({"stay": 0.5, "matrix": [[1]]}, "give a matrix, or the chance to stay, and not both"),
        ({"matrix": [[1]]}, "a matrix needs the categories"),
        ({"stay": 1.0}, "stay is 1.0; it is a chance, 0 or more and below 1"),
        ({"stay": -0.1}, "stay is -0.1"),
        ({"stay": 0.5, "categories": ["red", "red"]}, "a category is named twice"),
        ({"stay": 0.5, "categories": ["red", "green", "blue"]}, r"10 row\(s\) hold a value that"),
        ({"stay": 0.5, "categories": ["red"]}, "has 1 categories; post-randomization needs 2"),
        ({"matrix": [[1, 0]] * 3, "categories": ["red", "green", "blue", "canary"]}, "4 rows of 4"),
    ],
)
def test_what_cannot_be_done_is_refused_and_names_no_value(
    asked: dict[str, Any], text: str
) -> None:
    with pytest.raises(DataError, match=text) as caught:
        masked(**asked)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("matrix", "text"),
    [
        ([[1.0, 0.0]], "2 rows of 2 chances"),
        ([[1.0], [1.0]], "2 rows of 2 chances"),
        ([[0.5, 0.5], [0.5, 0.6]], "row 2 of the matrix sums to 1.1"),
        ([[1.5, -0.5], [0.5, 0.5]], "row 1 of the matrix holds what is no chance"),
        ([[float("nan"), 1.0], [0.5, 0.5]], "row 1 of the matrix holds what is no chance"),
    ],
)
def test_a_matrix_that_is_none_of_chances_is_refused(matrix: Any, text: str) -> None:
    data = pl.DataFrame({"c": ["a", "b"]})
    with pytest.raises(DataError, match=text):
        pram(data, "c", matrix=matrix, categories=["a", "b"], seed=1)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([1.5, 2.5], "is no column of categories"),
        ([None, None], "has 0 categories"),
        (["a", "a"], "has 1 categories"),
        (list(range(201)), "has 201 categories"),
    ],
)
def test_a_column_without_categories_is_refused(values: list[Any], text: str) -> None:
    with pytest.raises(DataError, match=text):
        pram(pl.DataFrame({"c": values}, schema_overrides={}), "c", stay=0.5, seed=1)


def test_one_category_written_in_two_ways_is_one() -> None:
    with pytest.raises(DataError, match="a category is named twice"):
        pram(pl.DataFrame({"c": [1, 2]}), "c", stay=0.5, categories=["1", "01", "2"], seed=1)
    with pytest.raises(DataError, match="of another type than the categories"):
        pram(pl.DataFrame({"c": [1, 2]}), "c", stay=0.5, categories=["one", "two"], seed=1)
