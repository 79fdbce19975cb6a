"""Models agree with pyCANON on Adult wherever the two mean the same."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hsr_privacy.frequencies import EquivalenceClasses, FrequencyTable
from hsr_privacy.hierarchies import load_for_columns
from hsr_privacy.models import (
    AlphaAnonymity,
    BetaLikeness,
    DeltaDisclosure,
    Distance,
    DistinctLDiversity,
    EntropyLDiversity,
    KAnonymity,
    PrivacyModel,
    RecursiveDiversity,
    TCloseness,
)
from tests.peers import pycanon

pytestmark = pytest.mark.full

anonymity = pycanon()

FOLDER = Path(__file__).parents[2] / "examples" / "adult"
QUESTIONS = [
    (["sex", "age", "race"], "occupation"),
    (["sex", "race", "education"], "occupation"),
    (["sex", "age", "race"], "salary-class"),
    (["sex", "race"], "salary-class"),
    (["sex", "salary-class"], "age"),
    (["education", "workclass"], "marital-status"),
]


@dataclass(frozen=True, eq=False)
class Question:
    """Quasi-identifiers and a sensitive column of the same rows, for them and for us."""

    rows: pd.DataFrame
    quasi_identifiers: list[str]
    sensitive: list[str]
    classes: EquivalenceClasses

    @property
    def column(self) -> str:
        """The sensitive one."""
        return self.sensitive[0]

    @property
    def theirs(self) -> tuple[pd.DataFrame, list[str], list[str]]:
        """What each of pyCANON's functions takes."""
        return self.rows, self.quasi_identifiers, self.sensitive

    def reached(self, model: PrivacyModel) -> float:
        """The worst class of all."""
        return model.reached(self.classes, np.ones(len(self.classes), bool))

    def shares(self) -> pd.DataFrame:
        """Share of every sensitive value in every class; 0 where it does not occur."""
        keys = [self.rows[name] for name in self.quasi_identifiers]
        return pd.crosstab(keys, self.rows[self.column], normalize="index")


@pytest.fixture(scope="module")
def adult() -> pd.DataFrame:
    """The table as pyCANON takes it: ages are numbers, all else is text."""
    return pd.read_csv(FOLDER / "adult.csv", sep=";")


@pytest.fixture(
    scope="module", params=QUESTIONS, ids=lambda asked: f"{'+'.join(asked[0])}-{asked[1]}"
)
def question(request: pytest.FixtureRequest, adult: pd.DataFrame) -> Question:
    """The same question to both."""
    names, column = request.param
    loaded = load_for_columns(FOLDER / "hierarchies", names)
    hierarchies = [loaded[name].table(set(adult[name].astype(str))) for name in names]
    codes = [
        adult[name].astype(str).map(one.leaf_index).to_numpy()
        for name, one in zip(names, hierarchies, strict=True)
    ]
    table = FrequencyTable.from_rows(
        tuple(hierarchies), np.stack(codes, axis=1), sensitive={column: adult[column].to_numpy()}
    )
    return Question(adult, names, [column], EquivalenceClasses.base(table))


def test_k(question: Question) -> None:
    theirs = anonymity.k_anonymity(question.rows, question.quasi_identifiers)
    assert question.reached(KAnonymity(1)) == theirs


def test_alpha(question: Question) -> None:
    theirs, _ = anonymity.alpha_k_anonymity(*question.theirs)
    assert question.reached(AlphaAnonymity(question.column, 1)) == pytest.approx(theirs)


def test_distinct_l(question: Question) -> None:
    theirs = anonymity.l_diversity(*question.theirs)
    assert question.reached(DistinctLDiversity(question.column, 1)) == theirs


def test_entropy_l_which_they_round_down(question: Question) -> None:
    ours = question.reached(EntropyLDiversity(question.column, 1))
    # Exp of a logarithm may lie a little beside a whole number.
    assert anonymity.entropy_l_diversity(*question.theirs) in {int(ours - 1e-9), int(ours + 1e-9)}


def test_recursive_c_by_their_order_from_the_rarest_value(question: Question) -> None:
    theirs, ell = anonymity.recursive_c_l_diversity(*question.theirs)
    ours = question.reached(RecursiveDiversity(question.column, 1, ell))
    if ell == 1:
        assert math.isnan(theirs)  # to them it has no c; to us it is the largest share
        assert ours == question.reached(AlphaAnonymity(question.column, 1))
        return
    # Their r1 is the smallest count, so that their c is never above ours, rounded up.
    assert theirs <= math.floor(ours) + 1


def test_recursive_c_where_no_value_is_more_frequent_than_another() -> None:
    rows = pd.DataFrame({"sex": list("mmmmmmffff"), "ill": list("aabbccaabb")})
    hierarchy = load_for_columns(FOLDER / "hierarchies", ["sex"])["sex"].table({"Male", "Female"})
    table = FrequencyTable.from_rows(
        (hierarchy,),
        (rows["sex"] == "m").to_numpy()[:, None].astype(int),
        sensitive={"ill": rows["ill"]},
    )
    model = RecursiveDiversity("ill", 1, 2)
    ours = model.reached(EquivalenceClasses.base(table), np.ones(2, bool))
    c, ell = anonymity.recursive_c_l_diversity(rows, ["sex"], ["ill"])
    assert (math.floor(ours) + 1, 2) == (c, ell) == (2, 2)


def test_t_is_the_ordered_distance_for_numbers_and_the_equal_one_for_text(
    question: Question,
) -> None:
    distance: Distance = "ordered" if question.column == "age" else "equal"
    ours = question.reached(TCloseness(question.column, 1, distance))
    assert ours == pytest.approx(anonymity.t_closeness(*question.theirs))


def test_basic_beta(question: Question) -> None:
    ours = question.reached(BetaLikeness(question.column, 1, enhanced=False))
    assert ours == pytest.approx(anonymity.basic_beta_likeness(*question.theirs))


def test_enhanced_beta_where_every_value_keeps_to_its_own_bound(question: Question) -> None:
    theirs = anonymity.enhanced_beta_likeness(*question.theirs)
    p = question.rows[question.column].value_counts(normalize=True)
    gains = (question.shares() / p - 1).max().clip(lower=0)
    ours = question.reached(BetaLikeness(question.column, 1))
    if (gains > -np.log(p[gains.index]) + 1e-9).any():
        # They take the smaller of the largest gain and the largest bound; no beta is enough.
        assert ours == math.inf
        assert theirs <= gains.max() + 1e-9
    else:
        assert ours == pytest.approx(theirs)


def test_enhanced_beta_of_classes_near_the_whole_is_theirs(adult: pd.DataFrame) -> None:
    hierarchy = load_for_columns(FOLDER / "hierarchies", ["sex"])["sex"].table({"Male", "Female"})
    codes = adult["sex"].map(hierarchy.leaf_index).to_numpy()[:, None]
    column = adult["education"].to_numpy()
    table = FrequencyTable.from_rows((hierarchy,), codes, sensitive={"education": column})
    ours = BetaLikeness("education", 1).reached(EquivalenceClasses.base(table), np.ones(2, bool))
    assert math.isfinite(ours)
    assert ours == pytest.approx(anonymity.enhanced_beta_likeness(adult, ["sex"], ["education"]))


def test_delta_where_no_value_lacks_in_a_class(question: Question) -> None:
    theirs = anonymity.delta_disclosure(*question.theirs)
    ours = question.reached(DeltaDisclosure(question.column, 1))
    if (question.shares() == 0).any(axis=None):
        assert ours == math.inf  # they look at the values that occur
        assert math.isfinite(theirs)
    else:
        assert ours == pytest.approx(theirs)
