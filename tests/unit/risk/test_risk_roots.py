"""Roots and the digamma function, against numbers that are known."""

from __future__ import annotations

import math

import pytest

from hsr_privacy.risk.roots import digamma, root

EULER = 0.577_215_664_901_532_9


def test_roots_that_are_known() -> None:
    assert root(lambda x: math.exp(x) - 5, -10, 50) == pytest.approx(math.log(5), rel=1e-14)
    assert root(lambda x: x**3 - 2, 0, 1e9) == pytest.approx(2 ** (1 / 3), rel=1e-14)
    assert root(lambda x: -x, -1, 2) == pytest.approx(0, abs=1e-290)


def test_a_root_at_the_end_is_found() -> None:
    assert root(lambda x: x - 2, 1, 2) == pytest.approx(2, rel=1e-14)
    assert root(lambda x: x - 1, 1, 2) == pytest.approx(1, rel=1e-14)


def test_few_steps_are_enough() -> None:
    steps = []

    def function(x: float) -> float:
        steps.append(x)
        return math.exp(x) - 5

    root(function, -10, 50)
    assert len(steps) < 30


def test_digamma_of_numbers_that_are_known() -> None:
    assert digamma(1) == pytest.approx(-EULER, rel=1e-14)
    assert digamma(0.5) == pytest.approx(-EULER - 2 * math.log(2), rel=1e-14)
    assert digamma(101) == pytest.approx(sum(1 / n for n in range(1, 101)) - EULER, rel=1e-14)
    assert digamma(1e-3) - digamma(1e-3 + 1) == pytest.approx(-1e3, rel=1e-13)
