"""Survival curves against the printed ones of the remission of leukaemia, and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.estimates import kaplan_meier, share
from hsr_privacy.estimates.survival import Bools, Floats

REMISSION = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"  # weeks, 6-MP
PRINTED = {  # Freireich et al. 1963; the curve as in Collett 2015 and Kleinbaum & Klein 2012, 2.2
    6: (0.8571, 0.0764),
    7: (0.8067, 0.0869),
    10: (0.7529, 0.0963),
    13: (0.6902, 0.1068),
    16: (0.6275, 0.1141),
    22: (0.5378, 0.1282),
    23: (0.4482, 0.1346),
}


def remission() -> tuple[Floats, Bools]:
    written = REMISSION.split()
    times = np.array([float(one.removesuffix("+")) for one in written])
    return times, np.array([not one.endswith("+") for one in written])


def test_the_curve_of_remission_is_the_printed_one() -> None:
    curve = kaplan_meier(*remission())
    assert curve.times.tolist() == list(PRINTED)
    assert curve.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert curve.survival == pytest.approx([s for s, _ in PRINTED.values()], abs=6e-5)
    assert curve.errors == pytest.approx([e for _, e in PRINTED.values()], abs=6e-5)


def test_the_interval_of_remission_at_ten_weeks_is_by_hand() -> None:
    ten = kaplan_meier(*remission()).at(12)
    assert ten is not None
    spread = math.exp(1.959964 * 0.0963496 / (0.752941 * -math.log(0.752941)))
    assert ten.value == pytest.approx(0.752941, abs=1e-6)
    assert (ten.low, ten.high) == pytest.approx(
        (0.752941**spread, 0.752941 ** (1 / spread)), abs=1e-5
    )
    assert (ten.low, ten.high) == pytest.approx((0.503, 0.889), abs=1e-3)  # Stata and R print this


def test_before_the_first_death_all_live_and_past_the_last_nobody_knows() -> None:
    curve = kaplan_meier(*remission())
    start = curve.at(5)
    assert start is not None
    assert start.value == 1
    assert curve.at(35) is not None
    assert curve.at(36) is None


def test_where_all_died_the_curve_ends_at_nothing_and_stays_there() -> None:
    curve = kaplan_meier(np.array([1.0, 2.0]), np.array([True, True]))
    late = curve.at(9)
    assert late is not None
    assert late.value == 0


def test_without_losses_it_is_the_share_alive() -> None:
    times = np.array([1.0] * 20 + [5.0] * 10 + [40.0] * 70)
    found = kaplan_meier(times, times < 30).at(30)
    assert found is not None
    assert found.value == pytest.approx(share(70, 100).value)
    assert kaplan_meier(times, times < 30).errors[-1] == pytest.approx(math.sqrt(0.7 * 0.3 / 100))


def test_who_is_lost_at_a_death_was_there_when_it_happened() -> None:
    curve = kaplan_meier(np.array([2.0, 2.0, 3.0]), np.array([True, False, False]))
    assert curve.at_risk.tolist() == [3]
    assert curve.survival == pytest.approx([2 / 3])


def test_nobody_and_negative_times_are_refused() -> None:
    with pytest.raises(DataError, match="one person"):
        kaplan_meier(np.array([]), np.array([], bool))
    with pytest.raises(DataError, match="0 or more"):
        kaplan_meier(np.array([-1.0]), np.array([True]))


@pytest.mark.full
def test_the_curve_is_that_of_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(3)
    death = rng.exponential(20, 400).round(1)
    loss = np.minimum(rng.exponential(30, 400).round(1), 25)  # somebody lives to the end
    died, times = death <= loss, np.minimum(death, loss)
    censored = stats.CensoredData.right_censored(times, ~died)
    other = stats.ecdf(censored).sf
    low, high = (f.evaluate(10) for f in other.confidence_interval(method="log-log"))
    mine = kaplan_meier(times, died).at(10)
    assert mine is not None
    assert mine.value == pytest.approx(float(other.evaluate(10)), abs=1e-6)
    assert (mine.low, mine.high) == pytest.approx((float(low), float(high)), abs=1e-6)
