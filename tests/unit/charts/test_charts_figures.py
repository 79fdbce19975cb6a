"""Figures in pictures read as those of the page, in both languages."""

from __future__ import annotations

import math

import pytest

from hsr_privacy.charts import Interval
from hsr_privacy.charts.figures import count, decimal, percent, percent_by, told
from hsr_privacy.errors import DataError
from hsr_privacy.explaining import figures as of_the_page
from tests.pipe_tables import cells

PLAIN = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2212": "-"})
SHARES = """
    0        | 0 %      | 0%
    0.000001 | < 0,01 % | < 0.01%
    0.0001   | 0,01 %   | 0.01%
    0.031    | 3,1 %    | 3.1%
    0.2      | 20 %     | 20%
    0.314    | 31 %     | 31%
    0.9999   | > 99,9 % | > 99.9%
    1        | 100 %    | 100%
    -0.04    | -4 %     | -4%
"""
NUMBERS = """
    0        | 0        | 0
    0.00001  | < 0,0001 | < 0.0001
    0.00012  | 0,00012  | 0.00012
    0.0346   | 0,035    | 0.035
    0.5      | 0,5      | 0.5
    1.256    | 1,26     | 1.26
    12.34    | 12,3     | 12.3
    1234.5   | 1 234    | 1 234
    -0.5     | -0,5     | -0.5
"""


@pytest.mark.parametrize(("number", "nb", "en"), cells(SHARES))
def test_shares(number: str, nb: str, en: str) -> None:
    assert nb == percent(float(number), "nb").translate(PLAIN)
    assert en == percent(float(number), "en").translate(PLAIN)


@pytest.mark.parametrize(("number", "nb", "en"), cells(NUMBERS))
def test_numbers(number: str, nb: str, en: str) -> None:
    assert nb == decimal(float(number), "nb").translate(PLAIN)
    assert en == decimal(float(number), "en").translate(PLAIN)


def test_thousands_stand_apart_by_a_thin_space() -> None:
    assert count(1234567) == "1\u202f234\u202f567"
    assert percent(0.5, "nb") == "50\u00a0%"


@pytest.mark.parametrize("share", [0, 0.00001, 0.0001, 0.00567, 0.0123, 0.1999, 0.2, 0.99905, 1])
def test_a_picture_and_the_page_beside_it_write_the_same_share_alike(share: float) -> None:
    for language in ("nb", "en"):
        assert of_the_page.percent(share, language) == percent(share, language)


@pytest.mark.parametrize(
    ("step", "share", "expected"),
    [(0.1, 0.3, "30%"), (0.025, 0.075, "7.5%"), (0.00005, 0.00015, "0.015%"), (0.2, 1.0, "100%")],
)
def test_figures_of_an_axis_have_the_digits_of_its_steps(
    step: float, share: float, expected: str
) -> None:
    assert expected == percent_by(step)(share, "en")


def test_an_estimate_is_told_with_its_interval() -> None:
    estimate = Interval(0.31, 0.28, 0.34)
    assert told(estimate, "en", percent) == "31% (95% interval 28% to 34%)"
    assert told(estimate, "nb", percent).translate(PLAIN) == "31 % (95 %-intervall 28 % til 34 %)"


def test_an_interval_without_an_end_says_so() -> None:
    assert told(Interval(4, 0.2, math.inf), "en", decimal) == "4 (95% interval 0.2 to no upper end)"
    assert told(Interval(4), "en", decimal) == "4"
    assert told(None, "nb", decimal) == "ukjent"


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [(math.nan, None, None), (math.inf, None, None), (1, 2, 1), (1, 0, None), (1, math.nan, 2)],
)
def test_an_interval_that_is_none_is_refused(
    value: float, low: float | None, high: float | None
) -> None:
    with pytest.raises(DataError):
        Interval(value, low, high)
