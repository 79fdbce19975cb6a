"""Which centuries the individual number and the two-digit year leave possible.

The answer is a set, held as three bits: a D-number given out before autumn 2021 and one given
out after it may share their digits and mean births a hundred years apart.

Source: folkeregisterforskriften § 2-2-1 (fødselsnummer); Skatteetaten, "Utvidelse av
D-nummerserien" (autumn 2021).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

BORN_18: Final = 1
BORN_19: Final = 2
BORN_20: Final = 4
CENTURY_OF_BIT: Final = {BORN_18: 1800, BORN_19: 1900, BORN_20: 2000}


@dataclass(frozen=True)
class Range:
    """Individual numbers and two-digit years (both ends included) that mean one century."""

    first: int
    last: int
    first_year: int
    last_year: int
    century: int


FODSELSNUMMER: Final = (
    Range(500, 749, 54, 99, BORN_18),
    Range(0, 499, 0, 99, BORN_19),
    Range(900, 999, 40, 99, BORN_19),
    Range(500, 999, 0, 39, BORN_20),
)
D_NUMBER_SINCE_2021: Final = (
    Range(500, 599, 58, 99, BORN_18),
    Range(0, 199, 0, 39, BORN_19),
    Range(0, 499, 40, 99, BORN_19),
    Range(600, 999, 40, 99, BORN_19),
    Range(200, 999, 0, 39, BORN_20),
)
D_NUMBER: Final = (*FODSELSNUMMER, *D_NUMBER_SINCE_2021)


def century_table(ranges: tuple[Range, ...]) -> NDArray[np.uint8]:
    """Look-up table of century bits, indexed by ``individual number * 100 + two-digit year``."""
    table = np.zeros((1000, 100), dtype=np.uint8)
    for one in ranges:
        table[one.first : one.last + 1, one.first_year : one.last_year + 1] |= one.century
    return table.reshape(-1)
