"""The measures agree with pyCANON on Adult wherever the two mean the same."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from hsr_privacy.risk import Measures, measure
from tests.peers import pycanon

pytestmark = pytest.mark.full

anonymity = pycanon()

ADULT = Path(__file__).parents[3] / "examples" / "adult" / "adult.csv"
NAMES, COLUMN = ["sex", "race"], "education"


@pytest.fixture(scope="module")
def adult() -> pd.DataFrame:
    return pd.read_csv(ADULT, sep=";", dtype=str)


@pytest.fixture(scope="module")
def found(adult: pd.DataFrame) -> Measures:
    return measure(adult, quasi_identifiers=NAMES, sensitive=[COLUMN])


def test_k_and_l(found: Measures, adult: pd.DataFrame) -> None:
    told = found.own_category.sensitive[COLUMN]
    assert found.own_category.k == anonymity.k_anonymity(adult, NAMES)
    assert told.distinct_l == anonymity.l_diversity(adult, NAMES, [COLUMN])
    assert int(told.entropy_l) == anonymity.entropy_l_diversity(adult, NAMES, [COLUMN])
    assert told.alpha == pytest.approx(anonymity.alpha_k_anonymity(adult, NAMES, [COLUMN])[0])


def test_t_beta_and_delta(found: Measures, adult: pd.DataFrame) -> None:
    told = found.own_category.sensitive[COLUMN]
    assert told.t_equal == pytest.approx(anonymity.t_closeness(adult, NAMES, [COLUMN]))
    assert told.beta == pytest.approx(anonymity.basic_beta_likeness(adult, NAMES, [COLUMN]))
    # They look at the values that occur, which is our delta_present.
    theirs = anonymity.delta_disclosure(adult, NAMES, [COLUMN])
    assert told.delta_present == pytest.approx(theirs)
    assert told.delta is None or told.delta == pytest.approx(theirs)
