"""Logistic regression: how the odds of an outcome change with each of several predictors."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.estimates.estimate import Estimate, ratio

Floats = NDArray[np.float64]

_STEPS: Final = 60
_HALVINGS: Final = 30
_SMALL: Final = 1e-10
_SETTLED: Final = 1e-13
"""Of the squared step in standard errors; the next is its square, far below what can be seen."""

_DEPENDENT: Final = 1e-9
_SURELY_NOT: Final = 1e-4
_SEPARATES: Final = 1e-7
_TOLERANT_AFTER: Final = 8
_UNDERFLOWS: Final = 700.0


@dataclass(frozen=True, eq=False)
class Fitted:
    """Coefficients that hold together, each as the others are the same.

    Attributes:
        intercept: of the linear predictor.
        coefficients: natural logarithms of the odds ratios, shape (predictors,).
        errors: their standard errors from the information matrix, shape (predictors,).
        rows: that were fitted.
        cases: of these, with the outcome.
    """

    intercept: float
    coefficients: Floats
    errors: Floats
    rows: int
    cases: int

    def odds_ratio(self, predictor: int) -> Estimate:
        """The odds ratio of one predictor with its interval, by its place."""
        return ratio(float(self.coefficients[predictor]), float(self.errors[predictor]))


@dataclass(frozen=True)
class Unfitted:
    """Why there are no coefficients.

    Attributes:
        reason: ``outcome``: all rows have the same outcome, or there is no row; ``dependent``: a
            predictor is constant or follows from those before it; ``separated``: predictors tell
            the outcome of some rows without fail, so that the likelihood has no largest value;
            ``unsettled``: Newton's method does not come to rest.
        predictors: places of those that are to blame.
    """

    reason: Literal["outcome", "dependent", "separated", "unsettled"]
    predictors: tuple[int, ...] = ()


def logistic(outcome: Floats, predictors: Floats) -> Fitted | Unfitted:
    """Coefficients of the largest likelihood and their standard errors, by Newton's method.

    That rows are separated is proven, not guessed: a direction is found along which the likelihood
    of no row falls and that of some rises without end.

    Args:
        outcome: shape (rows,); 0 or 1.
        predictors: shape (rows, predictors), finite, without a column of ones.
    Raises:
        DataError: shapes do not fit, or a number is missing.

    Source: McCullagh & Nelder 1989, Generalized Linear Models, 2.5 and 4.4; Albert & Anderson 1984,
    doi:10.1093/biomet/71.1.1 (separation).
    """
    if predictors.ndim != 2 or outcome.shape != predictors.shape[:1]:
        raise DataError("a regression needs one outcome and one row of predictors per case")
    if not np.isfinite(predictors).all() or not np.isin(outcome, (0.0, 1.0)).all():
        raise DataError("a regression needs outcomes of 0 and 1, and predictors without gaps")
    rows, cases = len(outcome), int(outcome.sum())
    if cases in (0, rows):
        return Unfitted("outcome")
    patterns = _Patterns.of(outcome, predictors)
    scale = np.sqrt((patterns.matrix**2).mean(axis=0))
    scale[scale == 0] = 1.0
    patterns = replace(patterns, matrix=patterns.matrix / scale)
    dependent = np.flatnonzero(patterns.pivots() <= _DEPENDENT)
    if dependent.size:
        return Unfitted("dependent", tuple((dependent - 1).tolist()))
    found = patterns.climb()
    if isinstance(found, Unfitted):
        return found
    estimate, information = found
    errors = np.sqrt(np.diagonal(np.linalg.inv(information))) / scale
    estimate = estimate / scale
    return Fitted(float(estimate[0]), estimate[1:], errors[1:], rows, cases)


@dataclass(frozen=True, eq=False)
class _Patterns:
    """Rows with the same predictors, taken as one.

    Attributes:
        matrix: one row per pattern, a column of ones first.
        rows: of each pattern.
        cases: of these, with the outcome.
    """

    matrix: Floats
    rows: Floats
    cases: Floats

    @classmethod
    def of(cls, outcome: Floats, predictors: Floats) -> _Patterns:
        matrix = np.column_stack([np.ones(len(outcome)), predictors])
        # Two different rows could have the same key, so that it only proposes what is the same.
        keys = predictors @ np.random.default_rng(0).normal(size=predictors.shape[1])
        _, first, place = np.unique(keys, return_index=True, return_inverse=True)
        if 2 * len(first) > len(outcome) or not (matrix[first][place] == matrix).all():
            return cls(matrix, np.ones(len(outcome)), outcome)
        rows = np.bincount(place).astype(np.float64)
        cases = np.bincount(place, weights=outcome).astype(np.float64)
        return cls(matrix[first], rows, cases)

    def pivots(self) -> Floats:
        """How much of each column does not follow from those before it; 0 is nothing."""
        weighted = self.matrix * np.sqrt(self.rows / self.rows.sum())[:, None]
        try:  # quick, and only half as precise
            triangle = np.diagonal(np.linalg.cholesky(weighted.T @ weighted))
            if triangle.min() > _SURELY_NOT:
                return triangle
        except np.linalg.LinAlgError:
            pass
        pivots = np.zeros(self.matrix.shape[1])
        triangle = np.abs(np.diagonal(np.linalg.qr(weighted, mode="r")))
        pivots[: len(triangle)] = triangle
        return pivots

    def climb(self) -> tuple[Floats, Floats] | Unfitted:
        """The estimate and its information matrix, by Newton's method with halved steps."""
        estimate = np.zeros(self.matrix.shape[1])
        likelihood = self.likelihood(estimate)
        for turn in range(_STEPS):
            linear = np.clip(self.matrix @ estimate, -_UNDERFLOWS, _UNDERFLOWS)
            chance = 1 / (1 + np.exp(-linear))
            weights = self.rows * chance * (1 - chance)
            information = (self.matrix * weights[:, None]).T @ self.matrix
            score = self.matrix.T @ (self.cases - self.rows * chance)
            try:
                step = np.linalg.solve(information, score)
            except np.linalg.LinAlgError:
                return Unfitted("unsettled")
            if score @ step < _SETTLED:
                return estimate + step, information
            slack = _SEPARATES if turn >= _TOLERANT_AFTER else 0.0
            if self.is_separated_by(step, slack):
                moving = np.flatnonzero(np.abs(step) > math.sqrt(_SEPARATES) * np.abs(step).max())
                return Unfitted("separated", tuple((moving[moving > 0] - 1).tolist()))
            for _ in range(_HALVINGS):
                reached = self.likelihood(estimate + step)
                if reached >= likelihood - _SMALL * abs(likelihood):
                    break
                step = step / 2
            estimate, likelihood = estimate + step, reached
        return Unfitted("unsettled")

    def likelihood(self, estimate: Floats) -> float:
        """Its logarithm."""
        linear = self.matrix @ estimate
        return float((self.cases * linear - self.rows * np.logaddexp(0, linear)).sum())

    def is_separated_by(self, direction: Floats, slack: float) -> bool:
        """Whether the likelihood of no row falls along a direction, but for rounding."""
        toward = self.matrix @ direction
        least = min(
            toward[self.cases > 0].min(),
            -toward[self.cases < self.rows].max(),
        )
        return bool(least >= -slack * np.abs(toward).max())
