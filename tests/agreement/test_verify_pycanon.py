"""Verify agrees with pyCANON on Adult wherever the two mean the same."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from hsr_privacy.verification import Learned, Verification, verify
from tests.peers import pycanon

pytestmark = pytest.mark.full

anonymity = pycanon()

ADULT = Path(__file__).parents[2] / "examples" / "adult" / "adult.csv"
QUESTIONS = [
    (["sex", "age", "race"], "occupation"),
    (["sex", "age", "race"], "salary-class"),
    (["sex", "race"], "salary-class"),
    (["sex", "salary-class"], "age"),
    (["education", "workclass"], "marital-status"),
]
Question = tuple[list[str], str]


@pytest.fixture(scope="module")
def adult() -> pd.DataFrame:
    """The table as pyCANON takes it: ages are numbers, all else is text."""
    return pd.read_csv(ADULT, sep=";")


@pytest.fixture(params=QUESTIONS, ids=lambda asked: f"{'+'.join(asked[0])}-{asked[1]}")
def asked(request: pytest.FixtureRequest) -> Question:
    """Quasi-identifiers, and a sensitive column."""
    question: Question = request.param
    return question


@pytest.fixture
def ours(asked: Question) -> Verification:
    """What we measure."""
    return verify(ADULT, quasi_identifiers=asked[0], sensitive=[asked[1]])


@pytest.fixture
def learned(ours: Verification) -> Learned:
    """What we measure of the sensitive column."""
    return ours.sensitive[0]


def test_k(adult: pd.DataFrame, asked: Question, ours: Verification) -> None:
    assert anonymity.k_anonymity(adult, asked[0]) == ours.k


def test_k_of_all_other_columns(adult: pd.DataFrame) -> None:
    keys = [name for name in adult.columns if name != "salary-class"]
    found = verify(ADULT, quasi_identifiers=keys)
    assert anonymity.k_anonymity(adult, keys) == found.k == 1
    assert adult.groupby(keys).ngroups == found.classes


def test_l_and_entropy_l(adult: pd.DataFrame, asked: Question, learned: Learned) -> None:
    keys, column = asked
    assert anonymity.l_diversity(adult, keys, [column]) == learned.distinct_l
    # pyCANON rounds down; exp of a logarithm may lie a little below a whole number.
    rounded_down = {
        int(learned.entropy_l),
        int(learned.entropy_l + 1e-9),
        int(learned.entropy_l - 1e-9),
    }
    assert anonymity.entropy_l_diversity(adult, keys, [column]) in rounded_down


def test_alpha(adult: pd.DataFrame, asked: Question, learned: Learned) -> None:
    alpha, _ = anonymity.alpha_k_anonymity(adult, asked[0], [asked[1]])
    assert alpha == pytest.approx(learned.alpha)


def test_t_is_the_ordered_distance_for_numbers_and_the_equal_one_for_text(
    adult: pd.DataFrame, asked: Question, learned: Learned
) -> None:
    expected = learned.t_ordered if asked[1] == "age" else learned.t_equal
    assert anonymity.t_closeness(adult, asked[0], [asked[1]]) == pytest.approx(expected)


def test_basic_beta(adult: pd.DataFrame, asked: Question, learned: Learned) -> None:
    assert anonymity.basic_beta_likeness(adult, *pair(asked)) == pytest.approx(learned.beta)


def test_enhanced_beta_is_never_above_and_equal_where_the_rarest_value_gains_most(
    adult: pd.DataFrame, asked: Question, learned: Learned
) -> None:
    theirs = anonymity.enhanced_beta_likeness(adult, *pair(asked))
    assert learned.beta_enhanced <= theirs + 1e-9
    rarest = adult[asked[1]].value_counts(normalize=True).min()
    if learned.beta_enhanced == pytest.approx(min(learned.beta, -math.log(rarest))):
        assert learned.beta_enhanced == pytest.approx(theirs)
    assert theirs == pytest.approx(min(learned.beta, -math.log(rarest)))


def test_delta_over_values_that_occur(
    adult: pd.DataFrame, asked: Question, learned: Learned
) -> None:
    expected = anonymity.delta_disclosure(adult, *pair(asked))
    assert expected == pytest.approx(learned.delta_occurring)


def test_recursive_c_where_no_value_is_more_frequent_than_another(tmp_path: Path) -> None:
    # pyCANON sorts from the rarest; where all counts are equal, the order does not matter.
    columns: dict[str, list[Any]] = {
        "sex": ["m"] * 6 + ["f"] * 4,
        "ill": ["a", "a", "b", "b", "c", "c", "a", "a", "b", "b"],
    }
    table = pd.DataFrame(columns)
    table.to_csv(tmp_path / "t.csv", index=False)
    found = verify(tmp_path / "t.csv", quasi_identifiers=["sex"], sensitive=["ill"]).sensitive[0]
    c, ell = anonymity.recursive_c_l_diversity(table, ["sex"], ["ill"])
    assert (math.floor(found.c) + 1, found.l) == (c, ell) == (2, 2)


def test_recursive_c_where_one_value_is_more_frequent_is_larger_than_theirs(
    adult: pd.DataFrame,
) -> None:
    keys, column = ["sex", "race"], "salary-class"
    found = verify(ADULT, quasi_identifiers=keys, sensitive=[column]).sensitive[0]
    c, ell = anonymity.recursive_c_l_diversity(adult, keys, [column])
    assert found.l == ell == 2
    assert c == 1
    groups = pd.crosstab([adult[key] for key in keys], adult[column])
    assert found.c == pytest.approx((groups.max(axis=1) / groups.min(axis=1)).max())


def pair(asked: Question) -> tuple[list[str], list[str]]:
    return asked[0], [asked[1]]
