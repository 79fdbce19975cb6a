"""Odds ratios of two-by-two tables."""

from __future__ import annotations

import math
from dataclasses import dataclass

from hsr_privacy.errors import DataError
from hsr_privacy.estimates.estimate import Estimate, ratio


@dataclass(frozen=True)
class OddsRatio:
    """An odds ratio and whether it had to be corrected.

    Attributes:
        estimate: with its interval.
        corrected: a half was added to each of the four cells, because one of them is empty.
    """

    estimate: Estimate
    corrected: bool


def odds_ratio(exposed: tuple[int, int], unexposed: tuple[int, int]) -> OddsRatio:
    """The odds of the exposed over those of the unexposed, with Woolf's interval.

    Args:
        exposed: with and without the outcome.
        unexposed: likewise.
    Raises:
        DataError: nobody is exposed, unexposed, with or without the outcome.

    Source: Woolf 1955, doi:10.1111/j.1469-1809.1955.tb01348.x; Haldane 1956,
    doi:10.1111/j.1469-1809.1955.tb01285.x, and Anscombe 1956, doi:10.1093/biomet/43.3-4.461
    (the correction).
    """
    cells = (*exposed, *unexposed)
    if min(cells) < 0:
        raise DataError("a table of counts has no negative cell")
    margins = {
        "is exposed": sum(exposed),
        "is unexposed": sum(unexposed),
        "has the outcome": exposed[0] + unexposed[0],
        "is without the outcome": exposed[1] + unexposed[1],
    }
    for nobody, count in margins.items():
        if not count:
            raise DataError(f"there is no odds ratio where nobody {nobody}")
    corrected = min(cells) == 0
    a, b, c, d = (cell + 0.5 * corrected for cell in cells)
    error = math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    return OddsRatio(ratio(math.log(a * d / (b * c)), error), corrected)
