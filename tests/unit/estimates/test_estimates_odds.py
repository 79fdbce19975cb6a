"""Odds ratios of two-by-two tables, against a printed one and by hand."""

from __future__ import annotations

import math

import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.estimates import odds_ratio


def test_hay_fever_and_eczema_are_as_printed() -> None:
    """Bland & Altman 2000, doi:10.1136/bmj.320.7247.1468."""
    found = odds_ratio((141, 420), (928, 13525))
    assert not found.corrected
    assert found.estimate.value == pytest.approx(4.89, abs=5e-3)
    assert found.estimate.error == pytest.approx(0.103, abs=5e-4)
    assert (found.estimate.low, found.estimate.high) == pytest.approx((4.00, 5.99), abs=5e-3)


def test_the_standard_error_is_woolfs() -> None:
    found = odds_ratio((30, 70), (10, 90)).estimate
    assert found.value == pytest.approx(30 * 90 / (70 * 10))
    assert found.error == pytest.approx(math.sqrt(1 / 30 + 1 / 70 + 1 / 10 + 1 / 90))


def test_an_empty_cell_is_corrected_and_that_is_said() -> None:
    found = odds_ratio((8, 0), (4, 12))
    assert found.corrected
    assert found.estimate.value == pytest.approx(8.5 * 12.5 / (0.5 * 4.5))
    assert found.estimate.error == pytest.approx(math.sqrt(1 / 8.5 + 2 + 1 / 4.5 + 1 / 12.5))


@pytest.mark.parametrize(
    ("exposed", "unexposed", "nobody"),
    [
        ((0, 0), (4, 5), "is exposed"),
        ((4, 5), (0, 0), "is unexposed"),
        ((0, 5), (0, 5), "has the outcome"),
        ((5, 0), (5, 0), "is without the outcome"),
    ],
)
def test_an_empty_margin_has_no_odds_ratio(
    exposed: tuple[int, int], unexposed: tuple[int, int], nobody: str
) -> None:
    with pytest.raises(DataError, match=f"nobody {nobody}"):
        odds_ratio(exposed, unexposed)


def test_exposed_and_unexposed_may_change_places() -> None:
    one, other = (odds_ratio(*cells).estimate for cells in [((9, 5), (3, 7)), ((3, 7), (9, 5))])
    assert one.value == pytest.approx(1 / other.value)
    assert one.low == pytest.approx(1 / other.high)
