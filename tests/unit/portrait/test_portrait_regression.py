"""Odds ratios of survival: found again where they were drawn, and none where too little is known."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
import pytest

from hsr_privacy.portrait.regression import FACTORS, survival_odds


def drawn(size: int, seed: int) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    factors: dict[str, Any] = {
        "shockable": rng.random(size) < 0.3,
        "witnessed": rng.random(size) < 0.6,
        "helped": rng.random(size) < 0.8,
        "seconds": rng.integers(120, 1500, size),
        "age": rng.integers(20, 95, size),
        "sex": rng.integers(1, 3, size),
    }
    odds = -3 + 2.0 * factors["shockable"] + 0.7 * factors["witnessed"] + 1.1 * factors["helped"]
    odds = odds + math.log(0.61) * (factors["seconds"] >= 600) - 0.03 * (factors["age"] - 60)
    alive = rng.random(size) < 1 / (1 + np.exp(-odds))
    known = {"outside": [True] * size, "tried": [True] * size, "seen_by_crew": [False] * size}
    return pl.DataFrame({**factors, **known, "alive_month": alive})


def test_the_odds_that_were_drawn_from_are_found_again() -> None:
    fit = survival_odds(drawn(40_000, 1))
    truth = {"shockable": math.exp(2), "witnessed": math.exp(0.7), "helped": math.exp(1.1),
             "late": 0.61, "ten_years": math.exp(-0.3), "woman": 1.0}  # fmt: skip
    assert tuple(one.factor for one in fit.odds) == tuple(FACTORS)
    for one in fit.odds:
        assert abs(one.log_ratio - math.log(truth[one.factor])) < 3 * one.error
        assert one.low < one.ratio < one.high
        assert one.error < 0.1


@pytest.mark.full
def test_the_estimates_are_those_of_scikit_learn() -> None:
    linear = pytest.importorskip("sklearn.linear_model")
    arrests = drawn(5000, 2)
    x = arrests.select(one.cast(pl.Float64).alias(name) for name, one in FACTORS.items())
    y = arrests["alive_month"].cast(pl.Int8).to_numpy()
    other = linear.LogisticRegression(C=1e12, tol=1e-10, max_iter=10_000).fit(x.to_numpy(), y)
    mine = [one.log_ratio for one in survival_odds(arrests).odds]
    assert mine == pytest.approx(other.coef_[0].tolist(), rel=2e-3, abs=2e-4)


@pytest.mark.parametrize("change", ["few", "constant", "none"])
def test_too_little_gives_no_odds(change: str) -> None:
    arrests = drawn(3000, 3)
    if change == "few":
        arrests = arrests.head(100)
    elif change == "constant":
        arrests = arrests.with_columns(helped=pl.lit(value=True))
    else:
        arrests = arrests.with_columns(tried=pl.lit(value=False))
    assert survival_odds(arrests).odds == ()


def test_arrests_that_the_crew_saw_or_of_which_a_factor_is_unknown_are_left_out() -> None:
    arrests = drawn(3000, 4)
    place = pl.int_range(pl.len())
    arrests = arrests.with_columns(
        seen_by_crew=place < 100,
        helped=pl.when(place.is_between(100, 149)).then(None).otherwise(pl.col("helped")),
    )
    assert survival_odds(arrests).arrests == 3000 - 100 - 50
