"""The individual risk, against what sdcMicro prints and against the sum that it stands for."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.risk.individual import individual_risk, risk_of

# sdcMicro's francdat by its keys 1-4: persons of each row's class, and the sum of their weights.
SAMPLE = [2, 2, 2, 1, 1, 1, 1, 2]
WEIGHTED = [110.0, 84.5, 84.5, 17.0, 541.0, 8.0, 5.0, 110.0]
PRINTED = [
    0.01714426,
    0.02204233,
    0.02204233,
    0.17707583,
    0.01165448,
    0.29706308,
    0.40235948,
    0.01714426,
]


def by_its_definition(sample: int, share: float) -> float:
    """The mean of 1 / F, F being sample + 0, 1, 2, ... with negative binomial chances."""
    total, logarithm = 0.0, sample * math.log(share)
    for more in range(100_000):
        total += math.exp(logarithm) / (sample + more)
        logarithm += math.log((sample + more) / (more + 1) * (1 - share))
    return total


def test_the_figures_of_sdcmicro() -> None:
    assert risk_of(SAMPLE, WEIGHTED) == pytest.approx(PRINTED, abs=5e-9)
    assert risk_of(SAMPLE, WEIGHTED, exactly=False) == pytest.approx(PRINTED, abs=5e-9)


@pytest.mark.parametrize("share", [0.01, 0.3, 0.5, 0.51, 0.9, 0.999_999])
@pytest.mark.parametrize("sample", [1, 2, 3, 7, 29, 30, 200])
def test_the_exact_risk_is_the_mean_that_it_stands_for(sample: int, share: float) -> None:
    expected = by_its_definition(sample, share)
    assert risk_of([sample], [sample / share])[0] == pytest.approx(expected, rel=1e-9)


def test_three_and_more_have_the_usual_approximation() -> None:
    # p / (f - (1 - p)), which comes near the exact figure.
    approximate = risk_of([3, 10], [30, 100], exactly=False)
    assert approximate == pytest.approx([0.1 / 2.1, 0.1 / 9.1])
    assert risk_of([3, 10], [30, 100]) == pytest.approx(approximate, rel=0.05)
    assert (risk_of([3, 10], [30, 100]) < approximate).all()


def test_a_class_that_the_sample_holds_whole_is_that_of_the_prosecutor() -> None:
    assert risk_of([1, 2, 3, 50], [1, 2, 3, 50]).tolist() == [1, 1 / 2, 1 / 3, 1 / 50]


def test_the_smaller_the_sample_the_smaller_the_risk() -> None:
    risks = [risk_of([3], [3 / share])[0] for share in (1, 0.9, 0.5, 0.1, 0.01)]
    assert risks == sorted(risks, reverse=True)
    assert risks[-1] < 1 / 100


def test_persons_are_counted_and_not_classes() -> None:
    found = individual_risk(np.array([1, 4]), np.array([1, 4]), fraction=0.5, threshold=0.2)
    one, four = math.log(2), risk_of([4], [8])[0]
    assert found.exact.maximum == pytest.approx(one)
    assert found.exact.average == pytest.approx((one + 4 * four) / 5)
    assert found.exact.share_above == pytest.approx(1 / 5)
    assert found.expected == pytest.approx(one + 4 * four)


@pytest.mark.parametrize(("sample", "population"), [([0], [3]), ([3], [2])])
def test_a_sample_is_no_larger_than_its_population(
    sample: list[int], population: list[int]
) -> None:
    with pytest.raises(DataError, match="sampling fraction"):
        risk_of(sample, population)


@pytest.mark.parametrize("fraction", [0.0, -0.5, 1.5, math.nan])
def test_a_sampling_fraction_is_a_share(fraction: float) -> None:
    with pytest.raises(DataError, match="above 0 and up to 1"):
        individual_risk(np.array([1]), np.array([1]), fraction=fraction, threshold=0.2)
