"""Noise has the spread that was asked for, and its seed is a secret that is never written."""

from __future__ import annotations

import json
import math

import numpy as np
import polars as pl
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.extract import Extract
from hsr_privacy.masking import add_noise, add_noise_with_masking
from hsr_privacy.masking.randomness import uniforms

ROWS = 40_000
SEED = 918_273_645
DATA = pl.DataFrame({"x": np.arange(ROWS) % 100, "y": np.zeros(ROWS), "who": np.arange(ROWS)})


def noise_of(out: pl.DataFrame, column: str = "x") -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return (out[column] - DATA[column]).to_numpy()


def test_normal_noise_has_the_standard_deviation_that_was_asked_for() -> None:
    noise = noise_of(add_noise(DATA, "x", scale=3.0, seed=SEED))
    assert noise.mean() == pytest.approx(0.0, abs=0.06)
    assert noise.std() == pytest.approx(3.0, rel=0.02)
    assert np.mean(np.abs(noise) < 3.0) == pytest.approx(0.6827, abs=0.01)


def test_laplace_noise_has_the_mean_deviation_that_was_asked_for() -> None:
    noise = noise_of(add_noise(DATA, "x", scale=3.0, seed=SEED, distribution="laplace"))
    assert noise.mean() == pytest.approx(0.0, abs=0.09)
    assert np.abs(noise).mean() == pytest.approx(3.0, rel=0.02)
    assert noise.std() == pytest.approx(3.0 * math.sqrt(2), rel=0.03)


def test_a_relative_scale_is_in_standard_deviations_of_the_column() -> None:
    deviation = DATA["x"].std()
    assert isinstance(deviation, float)
    absolute = add_noise(DATA, "x", scale=0.1 * deviation, seed=SEED)
    relative = add_noise(DATA, "x", scale=0.1, relative=True, seed=SEED)
    assert relative["x"].to_list() == pytest.approx(absolute["x"].to_list())


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    first = add_noise(DATA, "x", scale=1.0, seed=SEED)
    assert first.equals(add_noise(DATA, "x", scale=1.0, seed=SEED))
    assert not first.equals(add_noise(DATA, "x", scale=1.0, seed=SEED + 1))


def test_without_a_seed_every_call_draws_anew() -> None:
    one, other = (add_noise(DATA, "x", scale=1.0, seed=None) for _ in range(2))
    assert not one.equals(other)


def test_one_seed_gives_two_columns_noise_that_tells_nothing_of_each_other() -> None:
    out = add_noise(DATA, ["x", "y"], scale=1.0, seed=SEED)
    assert abs(np.corrcoef(noise_of(out, "x"), noise_of(out, "y"))[0, 1]) < 0.02
    alone = add_noise(DATA, "y", scale=1.0, seed=SEED)
    assert alone["y"].to_list() == out["y"].to_list()


def test_missing_values_stay_missing_and_move_nobody_elses_noise() -> None:
    whole = pl.DataFrame({"x": [1.0, 2.0, 3.0]})
    gap = pl.DataFrame({"x": [1.0, None, 3.0]})
    masked = add_noise(whole, "x", scale=1.0, seed=SEED)["x"].to_list()
    assert add_noise(gap, "x", scale=1.0, seed=SEED)["x"].to_list() == [masked[0], None, masked[2]]


def test_other_columns_and_the_order_of_rows_stay() -> None:
    out = add_noise(DATA, "x", scale=1.0, seed=SEED)
    assert out.columns == DATA.columns
    assert out["who"].equals(DATA["who"])


def test_the_seed_is_in_no_step_and_no_result() -> None:
    extract, masking = add_noise_with_masking(Extract.of(DATA), "x", scale=1.0, seed=SEED)
    assert str(SEED) not in repr(extract.steps) + repr(masking) + json.dumps(masking.as_json())
    assert masking.parameters["randomness"] == "from a seed that was given"
    _, drawn = add_noise_with_masking(Extract.of(DATA), "x", scale=1.0, seed=None)
    assert drawn.parameters["randomness"] == "drawn anew"


def test_the_loss_is_the_variance_of_the_noise_as_a_share() -> None:
    _, masking = add_noise_with_masking(Extract.of(DATA), "x", scale=0.5, relative=True, seed=SEED)
    assert masking.information_lost == pytest.approx(0.25, rel=0.05)


def test_a_change_where_there_was_no_variance_has_no_share() -> None:
    _, masking = add_noise_with_masking(Extract.of(DATA), ["x", "y"], scale=1.0, seed=SEED)
    assert masking.lost["y"] is None
    assert masking.information_lost is None


def test_draws_lie_between_zero_and_one_and_are_even() -> None:
    draws = uniforms(SEED, 100_000, purpose="test")
    assert 0.0 < draws.min() < draws.max() < 1.0
    counts = np.histogram(draws, bins=10, range=(0, 1))[0]
    assert counts.tolist() == pytest.approx([10_000] * 10, abs=500)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"scale": 0.0}, "scale is 0; it must be a number above 0"),
        ({"scale": -1.0}, "scale is -1"),
        ({"distribution": "cauchy"}, "there are normal and laplace"),
        ({"columns": "y", "relative": True}, "column 'y' does not vary"),
    ],
)
def test_what_cannot_be_noise_is_refused(changes: dict[str, object], text: str) -> None:
    asked: dict[str, object] = {"columns": "x", "scale": 1.0, "seed": 1} | changes
    with pytest.raises(DataError, match=text):
        add_noise(DATA, **asked)  # type: ignore[arg-type]
