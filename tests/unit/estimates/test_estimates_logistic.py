"""Logistic regression against hand-worked tables, printed figures and scikit-learn."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.estimates import Fitted, Unfitted, logistic
from hsr_privacy.estimates.logistic import Floats


def table(with_yes: int, with_no: int, without_yes: int, without_no: int) -> tuple[Floats, Floats]:
    """Outcome and one predictor of a two-by-two table."""
    counts = [with_yes, with_no, without_yes, without_no]
    predictor = np.repeat([1.0, 1.0, 0.0, 0.0], counts)
    return np.repeat([1.0, 0.0, 1.0, 0.0], counts), predictor[:, None]


def fitted(outcome: Floats, predictors: Floats) -> Fitted:
    found = logistic(outcome, predictors)
    assert isinstance(found, Fitted)
    return found


def test_of_a_two_by_two_table_the_odds_ratio_is_that_of_the_cross_products() -> None:
    found = fitted(*table(30, 70, 10, 90))
    assert found.odds_ratio(0).value == pytest.approx(30 * 90 / (70 * 10), rel=1e-9)
    assert found.errors[0] == pytest.approx(math.sqrt(1 / 30 + 1 / 70 + 1 / 10 + 1 / 90), rel=1e-9)
    assert 1 / (1 + math.exp(-found.intercept)) == pytest.approx(0.1, rel=1e-9)
    assert (found.rows, found.cases) == (200, 40)


def test_the_space_shuttles_o_rings_are_as_printed() -> None:
    """Dalal, Fowlkes & Hoadley 1989: any thermal distress by temperature, 23 launches."""
    temperature = [
        66, 70, 69, 68, 67, 72, 73, 70, 57, 63, 70, 78, 67, 53, 67, 75, 70, 81, 76, 79, 75, 76, 58,
    ]  # fmt: skip
    distress = [0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1]
    found = fitted(np.array(distress, float), np.array(temperature, float)[:, None])
    assert found.intercept == pytest.approx(15.0429, abs=5e-5)
    assert found.coefficients[0] == pytest.approx(-0.2322, abs=5e-5)
    assert found.errors[0] == pytest.approx(0.1082, abs=5e-5)


@pytest.mark.parametrize("counts", [(30, 0, 0, 90), (30, 0, 20, 90), (30, 10, 0, 90)])
def test_separation_is_told_with_who_is_to_blame(counts: tuple[int, int, int, int]) -> None:
    outcome, predictor = table(*counts)
    noise = np.random.default_rng(1).normal(size=(len(outcome), 1))
    assert logistic(outcome, np.hstack([noise, predictor])) == Unfitted("separated", (1,))


def test_a_number_that_parts_the_outcomes_separates() -> None:
    number = np.arange(20.0)[:, None]
    assert logistic((number[:, 0] > 9).astype(float), number) == Unfitted("separated", (0,))


def test_one_case_on_the_wrong_side_is_no_separation() -> None:
    outcome, predictor = table(30, 1, 1, 90)
    found = fitted(outcome, predictor)
    assert found.coefficients[0] == pytest.approx(math.log(30 * 90), rel=1e-8)


def test_what_follows_from_others_is_told() -> None:
    outcome, predictor = table(30, 70, 10, 90)
    twice = np.hstack([predictor, 1 - predictor])
    assert logistic(outcome, twice) == Unfitted("dependent", (1,))
    assert logistic(outcome, np.ones_like(predictor)) == Unfitted("dependent", (0,))


@pytest.mark.parametrize("seed", range(5))
def test_sums_are_dependent_and_near_sums_are_not(seed: int) -> None:
    rng = np.random.default_rng(seed)
    first, second, noise = rng.normal(size=(3, 500))
    outcome = (rng.random(500) < 0.4).astype(float)
    summed = np.column_stack([first, second, first + 3 * second])
    assert logistic(outcome, summed) == Unfitted("dependent", (2,))
    near = np.column_stack([first, second, first + 3 * second + 1e-6 * noise])
    assert isinstance(logistic(outcome, near), Fitted)


def test_rows_that_are_alike_are_taken_as_one_without_a_difference() -> None:
    rng = np.random.default_rng(6)
    predictors = rng.integers(0, 3, (2000, 3)).astype(float)
    outcome = (rng.random(2000) < 0.3 + 0.1 * predictors[:, 0]).astype(float)
    alike = fitted(outcome, predictors)
    apart = fitted(outcome, predictors + rng.normal(0, 1e-9, predictors.shape))
    assert apart.coefficients == pytest.approx(alike.coefficients, abs=1e-6)
    assert apart.errors == pytest.approx(alike.errors, abs=1e-6)
    assert (alike.rows, alike.cases) == (2000, outcome.sum())


def test_more_predictors_than_rows_follow_from_others() -> None:
    found = logistic(np.array([0.0, 1.0]), np.eye(2))
    assert isinstance(found, Unfitted)
    assert found.reason == "dependent"


@pytest.mark.parametrize("outcome", [[], [0.0, 0.0], [1.0, 1.0]])
def test_one_outcome_alone_has_no_odds(outcome: list[float]) -> None:
    found = logistic(np.array(outcome), np.zeros((len(outcome), 1)))
    assert found == Unfitted("outcome")


def test_gaps_and_other_outcomes_are_refused() -> None:
    with pytest.raises(DataError, match="without gaps"):
        logistic(np.array([0.0, 1.0]), np.array([[np.nan], [1.0]]))
    with pytest.raises(DataError, match="of 0 and 1"):
        logistic(np.array([0.0, 2.0]), np.array([[0.0], [1.0]]))
    with pytest.raises(DataError, match="one outcome"):
        logistic(np.array([0.0]), np.array([[0.0], [1.0]]))


def test_units_change_coefficients_and_nothing_else() -> None:
    rng = np.random.default_rng(4)
    predictors = np.column_stack([rng.normal(60, 15, 800), rng.random(800) < 0.4])
    outcome = (rng.random(800) < 1 / (1 + np.exp(2 - 0.03 * predictors[:, 0]))).astype(float)
    years = fitted(outcome, predictors)
    days = fitted(outcome, predictors * [365.25, 1])
    assert days.coefficients[0] * 365.25 == pytest.approx(years.coefficients[0], rel=1e-9)
    assert days.coefficients[1] == pytest.approx(years.coefficients[1], rel=1e-9)
    assert days.errors[1] == pytest.approx(years.errors[1], rel=1e-9)


def test_the_start_of_the_climb_may_be_steep() -> None:
    """Rare outcomes at far ends, where a whole step of Newton's would overshoot."""
    predictor = np.concatenate([np.linspace(-1, 1, 400), [60.0, 80.0]])
    outcome = np.concatenate([(np.arange(400) % 40 == 0).astype(float), [1.0, 1.0]])
    found = fitted(outcome, predictor[:, None])
    chance = 1 / (1 + np.exp(-found.intercept - found.coefficients[0] * predictor))
    assert np.array([np.ones(402), predictor]) @ (outcome - chance) == pytest.approx(
        [0, 0], abs=1e-6
    )


@pytest.mark.full
def test_the_estimates_are_those_of_scikit_learn() -> None:
    linear = pytest.importorskip("sklearn.linear_model")
    rng = np.random.default_rng(2)
    predictors = np.column_stack([rng.normal(size=3000), rng.random((3000, 4)) < 0.3])
    chance = 1 / (1 + np.exp(1 - predictors @ [0.8, 1.0, -0.5, 0.2, 0.0]))
    outcome = (rng.random(3000) < chance).astype(float)
    other = linear.LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-12)
    other.fit(predictors, outcome)
    mine = fitted(outcome, predictors)
    assert mine.coefficients == pytest.approx(other.coef_[0], abs=1e-6)
    assert mine.intercept == pytest.approx(other.intercept_[0], abs=1e-6)
