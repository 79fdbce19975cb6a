"""What eleven (or twelve) digits can be: candidates, rule of check digits, or the reason why not.

The rule of 1964: date, individual number by the century tables, both sums divisible by 11. The
rule from 2032-01-01: the first sum may leave 0-3, and the individual number says neither century
nor sex. FH-numbers have nine digits from 800000000 on and the check digits of 1964.

Source: see `check_digits`, `centuries` and `kinds`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.identifiers.centuries import (
    BORN_19,
    BORN_20,
    CENTURY_OF_BIT,
    D_NUMBER,
    FODSELSNUMMER,
    century_table,
)
from hsr_privacy.identifiers.check_digits import LAST_K1_REMAINDER_2032, Digits, remainders
from hsr_privacy.identifiers.kinds import ALLOWED, SERIES, SYNTHETIC, Era, Kind, Profile, Reason

D_NUMBER_DAY_OFFSET: Final = 40
RULE_2032_BEGINS: Final = date(2032, 1, 1)

FODSELSNUMMER_CENTURIES: Final = century_table(FODSELSNUMMER)
D_NUMBER_CENTURIES: Final = century_table(D_NUMBER)

_DUF_WEIGHTS: Final = np.array([4, 6, 3, 2, 4, 6, 3, 2, 7, 5], dtype=np.int16)
_DUF_YEARS: Final = (1980, 2099)
# What taking 40 off the month does to the two sums: the weights of its first digit times 4.
_LESS_K1: Final = ((np.arange(11) - 6 * 4) % 11).astype(np.uint8)
_LESS_K2: Final = ((np.arange(11) - 3 * 4) % 11).astype(np.uint8)


@dataclass(frozen=True)
class Verdict:
    """What n rows of digits can be.

    Attributes:
        kinds: n masks of `Kind`; 0 where the row is not valid.
        eras: n values of `Era`.
        reasons: n codes of `Reason`; 0 where the row is valid.
    """

    kinds: NDArray[np.uint16]
    eras: NDArray[np.uint16]
    reasons: NDArray[np.uint8]


def _existing_dates() -> NDArray[np.uint8]:
    """Bits of the centuries in which a date exists, by (month * 100 + day) * 100 + year."""
    table = np.zeros((100, 100, 100), dtype=np.uint8)
    for bit, century in CENTURY_OF_BIT.items():
        days = np.arange(f"{century}-01-01", f"{century + 100}-01-01", dtype="datetime64[D]")
        months = days.astype("datetime64[M]")
        day = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
        month = months.astype(np.int64) % 12 + 1
        year = days.astype("datetime64[Y]").astype(np.int64) % 100
        year = (year + 1970) % 100
        table[month, day, year] |= bit
    return table.reshape(-1)


EXISTING_DATES: Final = _existing_dates()


def judge_eleven(digits: Digits, profile: Profile, *, as_of: date | None = None) -> Verdict:
    """Judge rows of eleven digits.

    Args:
        digits: shape (n, 11), values 0-9.
        profile: which series the environment allows.
        as_of: before 2032-01-01, numbers that hold under the rule of 2032 only are refused;
            None accepts both rules.
    """
    count = len(digits)
    wide = digits.astype(np.int32)
    day, month, year = (10 * wide[:, i] + wide[:, i + 1] for i in (0, 2, 4))
    individual = 100 * wide[:, 6] + 10 * wide[:, 7] + wide[:, 8]
    first, second = remainders(digits)
    is_d = (day > D_NUMBER_DAY_OFFSET) & (day <= D_NUMBER_DAY_OFFSET + 31)
    real_day = np.where(is_d, day - D_NUMBER_DAY_OFFSET, day)
    place = 100 * individual + year
    centuries = np.where(is_d, D_NUMBER_CENTURIES[place], FODSELSNUMMER_CENTURIES[place])

    kinds = np.zeros(count, dtype=np.uint16)
    under_1964 = np.zeros(count, dtype=bool)
    under_2032 = np.zeros(count, dtype=bool)
    has_date = np.zeros(count, dtype=bool)
    for series in SERIES:
        in_range = (month > series.month_offset) & (month <= series.month_offset + 12)
        if series.with_d is None:
            in_range &= ~is_d
        rows = np.flatnonzero(in_range)
        if not len(rows):
            continue
        dates = EXISTING_DATES[
            (100 * (month[rows] - series.month_offset) + real_day[rows]) * 100 + year[rows]
        ]
        old, new = _sums_hold(first[rows], second[rows])
        if series.spared_check:
            spared = _sums_hold(
                _LESS_K1[first[rows]],
                _LESS_K2[second[rows]],
            )
            old, new = old | spared[0], new | spared[1]
        old &= (dates & centuries[rows]) != 0
        new &= (dates & (BORN_19 | BORN_20)) != 0
        kind = np.where(is_d[rows], series.with_d or 0, series.kind)
        kinds[rows] |= np.where(old | new, kind, 0).astype(np.uint16)
        under_1964[rows] |= old
        under_2032[rows] |= new
        has_date[rows] |= dates != 0

    fh = digits[:, 0] >= 8
    fh_holds = fh & (first == 0) & (second == 0)
    kinds[fh_holds] |= np.uint16(Kind.FH_NUMBER)
    under_1964 |= fh_holds

    eras = np.select([under_1964, under_2032], [Era.RULE_1964, Era.RULE_2032]).astype(np.uint16)
    reasons = np.where(has_date | fh, Reason.CHECK_DIGITS, Reason.NO_SUCH_DATE).astype(np.uint8)
    reasons[kinds != 0] = Reason.NONE
    if as_of is not None and as_of < RULE_2032_BEGINS:
        early = eras == Era.RULE_2032
        divisible = (first == 0) & (second == 0)
        reasons[early] = np.where(
            divisible[early], Reason.NO_SUCH_INDIVIDUAL_NUMBER, Reason.RULE_NOT_IN_FORCE
        )
    return _allowed(kinds, eras, reasons, profile)


def judge_duf(digits: Digits, profile: Profile) -> Verdict:
    """Judge rows of twelve digits as DUF-numbers: year, serial number, two check digits.

    The official rule is not public. Year and the sum used here are what public validators
    (FHIDev/Fhi.NINCheck, oyms/NorwegianTypes) use; all published examples hold.

    Args:
        digits: shape (n, 12), values 0-9.
    """
    wide = digits.astype(np.int16)
    year = wide[:, :4] @ np.array([1000, 100, 10, 1], dtype=np.int16)
    year_fits = (year >= _DUF_YEARS[0]) & (year <= _DUF_YEARS[1])
    holds = (wide[:, :10] @ _DUF_WEIGHTS) % 11 == 10 * wide[:, 10] + wide[:, 11]
    kinds = np.where(year_fits & holds, np.uint16(Kind.DUF), np.uint16(0))
    reasons = np.select(
        [~year_fits, ~holds], [Reason.WRONG_LENGTH, Reason.CHECK_DIGITS], default=Reason.NONE
    ).astype(np.uint8)
    return _allowed(kinds, np.zeros(len(digits), dtype=np.uint16), reasons, profile)


def _sums_hold(
    first: NDArray[np.uint8], second: NDArray[np.uint8]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    return (first == 0) & (second == 0), (first <= LAST_K1_REMAINDER_2032) & (second == 0)


def _allowed(
    kinds: NDArray[np.uint16],
    eras: NDArray[np.uint16],
    reasons: NDArray[np.uint8],
    profile: Profile,
) -> Verdict:
    """Strike the candidates that the environment refuses, and all of a row that has a reason."""
    left = kinds & np.uint16(ALLOWED[profile])
    refused = (kinds != 0) & (left == 0) & (reasons == 0)
    why = np.where(
        kinds & np.uint16(SYNTHETIC), Reason.SYNTHETIC_NOT_ALLOWED, Reason.KIND_NOT_ALLOWED
    )
    reasons = np.where(refused, why, reasons).astype(np.uint8)
    valid = reasons == 0
    return Verdict(
        np.where(valid, left, 0).astype(np.uint16),
        np.where(valid, eras, Era.NONE).astype(np.uint16),
        reasons,
    )
