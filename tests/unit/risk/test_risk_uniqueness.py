"""Population models on small frequency vectors, worked out by hand or from their definitions."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.risk.pitman import Pitman, fit_pitman
from hsr_privacy.risk.slide import SlideNegativeBinomial, fit_slide, population_classes
from hsr_privacy.risk.uniqueness import Model, uniqueness, zayatz

SIZES = np.array([20, 8, 3, 2, 2, *[1] * 12])
FLAT = np.array([3, 3, 3, 2, 2, 2, 1])


def log_likelihood(sizes: list[int], theta: float, alpha: float) -> float:
    """Of classes that are filled one person after the other, as the model has it."""
    total, persons = 0.0, 0
    for classes, size in enumerate(sizes):
        for filled in range(size):
            chance = theta + classes * alpha if filled == 0 else filled - alpha
            total += math.log(chance / (theta + persons)) if persons else 0.0
            persons += 1
    return total


def test_zayatz_by_hand() -> None:
    # Four of eight persons: one of one is drawn with chance 1/2, one of two with 2 C(6,3) / C(8,4).
    # Of the two uniques, 2 * 1/2 of (2 * 1/2 + 1 * 4/7) are so in the population, which has twice
    # as many persons.
    assert zayatz(np.array([1, 1, 2]), 8) == pytest.approx(2 * (1 / (1 + 4 / 7)) * 2)


def test_zayatz_leaves_a_whole_population_as_it_is() -> None:
    assert zayatz(np.array([1, 1, 2, 5]), 9) == pytest.approx(2)
    assert zayatz(np.array([2, 5]), 70) == 0


def test_pitmans_expectation_by_hand() -> None:
    theta, alpha = 2.0, 0.25
    model = Pitman(theta, alpha)
    assert model.uniques(1) == 1
    assert model.uniques(2) == pytest.approx(2 * 2.25 / 3)
    assert model.uniques(3) == pytest.approx(3 * (2.25 * 3.25) / (3 * 4))


def test_pitmans_expectation_comes_near_hoshinos_for_large_populations() -> None:
    model = Pitman(50.0, 0.4)
    asymptotic = math.exp(math.lgamma(51) - math.lgamma(50.4)) * 5e6**0.4
    assert model.uniques(5_000_000) == pytest.approx(asymptotic, rel=1e-4)


def test_no_other_parameters_make_the_sample_likelier() -> None:
    found = fit_pitman(SIZES)
    assert found is not None
    best = log_likelihood(SIZES.tolist(), found.theta, found.alpha)
    for theta in np.linspace(-0.2, 8, 60):
        for alpha in np.linspace(0.01, 0.97, 50):
            if theta > -alpha:
                assert log_likelihood(SIZES.tolist(), theta, alpha) <= best + 1e-9
    for step in (1e-4, -1e-4):  # and it is no corner
        assert log_likelihood(SIZES.tolist(), found.theta + step, found.alpha) < best
        assert log_likelihood(SIZES.tolist(), found.theta, found.alpha + step) < best


def test_pitmans_model_does_not_fit_every_sample() -> None:
    assert fit_pitman(FLAT) is None
    assert uniqueness(FLAT, sampling_fraction=0.1).models["pitman"].uniques is None


def test_the_thinned_classes_of_the_slide_model_by_their_definition() -> None:
    model, fraction = SlideNegativeBinomial(1000.0, 1.7, 0.35), 0.3
    one = two = 0.0
    chance = model.beta**model.alpha
    for more in range(400):
        size = 1 + more
        one += chance * size * fraction * (1 - fraction) ** (size - 1)
        two += chance * math.comb(size, 2) * fraction**2 * (1 - fraction) ** (size - 2)
        chance *= (model.alpha + more) / (more + 1) * (1 - model.beta)
    assert model.expected(fraction) == pytest.approx((1000 * one, 1000 * two))
    assert model.uniques == pytest.approx(1000 * 0.35**1.7)


def test_the_slide_model_has_as_many_ones_and_twos_as_the_sample() -> None:
    found = fit_slide(SIZES, 0.3)
    assert found is not None
    assert found.expected(0.3) == pytest.approx((12, 2))
    assert found.classes == pytest.approx(population_classes(SIZES, 0.3))


def test_the_classes_of_the_population_by_hand() -> None:
    # Half of the population, two classes of one and one of two; q = 1/2:
    # sum of i q^2 (1 - q^2)^(i - 1) = 7/8, of (1 - q)^i ((1 + q)^i - 1) = 13/16,
    # of (1 - q)^i = 5/4, of i q (1 - q)^(i - 1) = 3/2.
    expected = 3 + 2 * (7 / 8) / (13 / 16) * ((5 / 4) / (3 / 2)) ** 2
    assert population_classes(np.array([1, 1, 2]), 0.5) == pytest.approx(expected)
    assert population_classes(np.array([1, 1, 2]), 1.0) == 3


def test_the_slide_model_finds_the_population_that_it_drew() -> None:
    rng = np.random.default_rng(3)
    population = 1 + rng.negative_binomial(2.5, 0.5, 60_000)
    sample = rng.binomial(population, 0.4)
    found = uniqueness(sample[sample > 0], sampling_fraction=0.4)
    assert found.models["snb"].uniques == pytest.approx(int((population == 1).sum()), rel=0.15)


def test_a_register_of_everybody_has_nothing_to_estimate() -> None:
    found = uniqueness(SIZES)
    assert (found.uniques, found.models, found.chosen, found.is_whole) == (12, {}, None, True)
    assert (found.population, found.share, found.share_of_sample_uniques) == (47, 12 / 47, 1)


def test_a_small_sample_goes_by_pitman() -> None:
    found = uniqueness(SIZES, sampling_fraction=0.1)
    assert found.chosen == "pitman"
    assert found.uniques == found.models["pitman"].uniques
    assert found.population == 470
    assert found.share == pytest.approx((found.uniques or 0) / 470)


def test_a_small_sample_without_an_answer_of_pitman_goes_by_zayatz() -> None:
    found = uniqueness(FLAT, sampling_fraction=0.1)
    assert (found.chosen, found.uniques) == ("zayatz", zayatz(FLAT, 160))
    assert found.models["pitman"].reason is not None


@pytest.mark.parametrize(("fraction", "chosen"), [(0.3, "zayatz"), (0.5, "snb")])
def test_a_large_sample_goes_by_the_smaller_of_two(fraction: float, chosen: Model) -> None:
    found = uniqueness(SIZES, sampling_fraction=fraction)
    two = {name: found.models[name].uniques or math.inf for name in ("zayatz", "snb")}
    assert found.chosen == chosen == min(two, key=lambda name: two[name])
    assert found.uniques == two[chosen]


def test_three_models_of_one_kind_of_population_come_near_each_other() -> None:
    found = uniqueness(SIZES, sampling_fraction=0.3)
    told = [one.uniques or 0 for one in found.models.values()]
    assert max(told) < 1.05 * min(told)


@pytest.mark.parametrize(
    ("sizes", "silent"),
    [
        ([1, 1, 1, 1], {"pitman", "snb"}),  # everybody is alone
        ([2, 2, 3], {"pitman", "snb"}),  # nobody is
        ([1, 1, 3, 4], {"snb"}),  # no class of two
    ],
)
def test_a_model_without_an_answer_says_why_and_gives_no_number(
    sizes: list[int], silent: set[str]
) -> None:
    found = uniqueness(np.array(sizes), sampling_fraction=0.3)
    said_nothing = {name for name, one in found.models.items() if one.uniques is None}
    assert said_nothing >= silent
    assert all(found.models[name].reason for name in ("pitman", "snb") if name in said_nothing)
    assert all(one.reason is None for one in found.models.values() if one.uniques is not None)
    assert found.chosen == "zayatz"


def test_no_model_has_more_uniques_than_the_population_has_persons() -> None:
    rng = np.random.default_rng(5)
    for fraction in (0.02, 0.1, 0.5, 0.95):
        sizes = rng.geometric(0.4, 300)
        found = uniqueness(sizes, sampling_fraction=fraction)
        for one in found.models.values():
            assert one.uniques is None or 0 <= one.uniques <= found.population


def test_an_empty_table_has_no_uniques() -> None:
    found = uniqueness(np.zeros(0, np.int64))
    assert (found.uniques, found.share, found.share_of_sample_uniques) == (0, None, None)
    part = uniqueness(np.zeros(0, np.int64), sampling_fraction=0.5)
    assert part.uniques == 0


@pytest.mark.parametrize("fraction", [0.0, 1.01, math.inf])
def test_a_sampling_fraction_is_a_share(fraction: float) -> None:
    with pytest.raises(DataError, match="sampling fraction"):
        uniqueness(SIZES, sampling_fraction=fraction)


def test_the_json_is_plain() -> None:
    for fraction in (1.0, 0.1, 0.6):
        found = uniqueness(SIZES, sampling_fraction=fraction).to_json()
        assert json.loads(json.dumps(found, allow_nan=False)) == found
