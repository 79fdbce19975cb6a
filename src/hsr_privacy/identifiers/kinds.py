"""The kinds of identifier, the series that share their shape, and what an environment allows.

A kind is not a function of the digits alone: month + 40 is an H-number in production and also
NAV's synthetic series, and month + 66 to + 72 is NHN's or NAV's. So the answer is a set of
candidates, and the environment is stated, never guessed.

Source: folkeregisterforskriften §§ 2-2-1, 2-2-2; Skatteetaten, "Test for konsumenter" (+80);
navikt/testnorge (+20, +40, +60); bekkopen/NoCommons (+65); nhn.no (FH-number);
ehelse.no (H-number).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, IntFlag, StrEnum
from typing import Final


class Kind(IntFlag):
    """One bit for each kind, so that a row holds all its candidates in one number."""

    FODSELSNUMMER = 1
    D_NUMBER = 2
    H_NUMBER = 4
    FH_NUMBER = 8
    DUF = 16
    NPID = 32
    SKATTEETATEN = 64
    SKATTEETATEN_D = 128
    NHN = 256
    NHN_D = 512
    NAV = 1024
    NAV_D = 2048
    NAV_NPID = 4096


KIND_NAMES: Final = {
    Kind.FODSELSNUMMER: "fodselsnummer",
    Kind.D_NUMBER: "d-number",
    Kind.H_NUMBER: "h-number",
    Kind.FH_NUMBER: "fh-number",
    Kind.DUF: "duf",
    Kind.NPID: "nav-npid",
    Kind.SKATTEETATEN: "synthetic-skatteetaten",
    Kind.SKATTEETATEN_D: "synthetic-skatteetaten-d-number",
    Kind.NHN: "synthetic-nhn",
    Kind.NHN_D: "synthetic-nhn-d-number",
    Kind.NAV: "synthetic-nav",
    Kind.NAV_D: "synthetic-nav-d-number",
    Kind.NAV_NPID: "synthetic-nav-npid",
}
"""The names used in reports and in JSON."""

REAL: Final = Kind.FODSELSNUMMER | Kind.D_NUMBER | Kind.H_NUMBER | Kind.FH_NUMBER | Kind.DUF
_SKATT: Final = Kind.SKATTEETATEN | Kind.SKATTEETATEN_D
_NHN: Final = Kind.NHN | Kind.NHN_D
_NAV: Final = Kind.NAV | Kind.NAV_D | Kind.NAV_NPID | Kind.NPID
SYNTHETIC: Final = (_SKATT | _NHN | _NAV) & ~Kind.NPID

ASSIGNER_BOUND: Final = Kind.H_NUMBER
"""Given out inside one enterprise: it means nobody without the name of its assigner."""


class Profile(StrEnum):
    """The environment that data come from; production allows no synthetic series."""

    PRODUCTION = "production"
    TEST = "test"
    TEST_SKATT = "test-skatt"
    TEST_NHN = "test-nhn"
    TEST_NAV = "test-nav"


ALLOWED: Final = {
    Profile.PRODUCTION: REAL,
    Profile.TEST: REAL | _SKATT | _NHN | _NAV,
    Profile.TEST_SKATT: REAL | _SKATT,
    Profile.TEST_NHN: REAL | _NHN,
    Profile.TEST_NAV: REAL | _NAV,
}


class Era(IntEnum):
    """The first rule of check digits under which a number holds.

    Every number that holds under the rule of 1964 holds under the rule of 2032 as well, so
    ``RULE_1964`` does not say when a number was given out; ``RULE_2032`` says not before 2032.
    """

    NONE = 0
    RULE_1964 = 1964
    RULE_2032 = 2032


@dataclass(frozen=True)
class Series:
    """Numbers that have something added to the month, and what they are with day + 40.

    Attributes:
        month_offset: what is added to the month of birth.
        kind: what the number is when the day is a day.
        with_d: what it is when 40 is added to the day; None where that does not exist.
        spared_check: whether the check digits may be those of the number before the addition
            (H-numbers in the wild; the Institute of Public Health's own vectors are such).
    """

    month_offset: int
    kind: Kind
    with_d: Kind | None
    spared_check: bool = False


SERIES: Final = (
    Series(0, Kind.FODSELSNUMMER, Kind.D_NUMBER),
    Series(20, Kind.NPID, None),
    Series(40, Kind.H_NUMBER, Kind.H_NUMBER, spared_check=True),
    Series(40, Kind.NAV, Kind.NAV_D),
    Series(60, Kind.NAV_NPID, None),
    Series(65, Kind.NHN, Kind.NHN_D),
    Series(80, Kind.SKATTEETATEN, Kind.SKATTEETATEN_D),
)


class Reason(IntEnum):
    """Why a value is not a usable identifier; the first that applies."""

    NONE = 0
    MISSING = 1
    PLACEHOLDER = 2
    READ_AS_FLOAT = 3
    NOT_DIGITS = 4
    WRONG_LENGTH = 5
    LOST_LEADING_ZERO = 6
    NO_SUCH_DATE = 7
    CHECK_DIGITS = 8
    NO_SUCH_INDIVIDUAL_NUMBER = 9
    RULE_NOT_IN_FORCE = 10
    SYNTHETIC_NOT_ALLOWED = 11
    KIND_NOT_ALLOWED = 12
    CHECK_SYMBOLS = 13

    @property
    def label(self) -> str:
        """The name used in reports and in JSON.

        >>> Reason.LOST_LEADING_ZERO.label
        'lost-leading-zero'
        """
        return self.name.lower().replace("_", "-")

    @property
    def text(self) -> str:
        """The rest of a sentence that begins with what the value is not."""
        return REASON_TEXTS[self]


REASON_TEXTS: Final = {
    Reason.MISSING: "there is no value",
    Reason.PLACEHOLDER: "the value stands for a missing one",
    Reason.READ_AS_FLOAT: "it was read as a decimal number; read identifiers as text",
    Reason.NOT_DIGITS: "it holds something other than the digits 0-9",
    Reason.WRONG_LENGTH: "it has the wrong number of digits",
    Reason.LOST_LEADING_ZERO: "it has lost its leading zero; read identifiers as text",
    Reason.NO_SUCH_DATE: "its date does not exist",
    Reason.CHECK_DIGITS: "its check digits do not hold",
    Reason.NO_SUCH_INDIVIDUAL_NUMBER: "its individual number is not given out for its year",
    Reason.RULE_NOT_IN_FORCE: "it holds under the rule of 2032 only, which is not in force yet",
    Reason.SYNTHETIC_NOT_ALLOWED: "it is of a synthetic series, which this environment refuses",
    Reason.KIND_NOT_ALLOWED: "it is of a kind that this environment refuses",
    Reason.CHECK_SYMBOLS: "it is written like a pseudonym, and its check symbols do not hold",
}


def each_kind(mask: int) -> Iterator[Kind]:
    """The single kinds in a mask of candidates, real ones first."""
    return (kind for kind in KIND_NAMES if mask & kind)


def candidates_name(mask: int) -> str:
    """The name of a set of candidates.

    >>> candidates_name(Kind.H_NUMBER | Kind.NAV)
    'h-number or synthetic-nav'
    """
    return " or ".join(KIND_NAMES[kind] for kind in each_kind(mask))
