"""One identifier at a time: the same rules as for a column, in the grammar of python-stdnum.

`compact`, `validate`, `is_valid`, `kinds`, `era`, `possible_birth_dates`. Sex is never derived,
and a birth date only as a set of possibilities for checking one that is known: a D-number may
carry a date of registration, an H-number a fictitious one, and from 2032 the century is gone.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from hsr_privacy.errors import DataError
from hsr_privacy.identifiers.centuries import BORN_19, BORN_20, CENTURY_OF_BIT
from hsr_privacy.identifiers.column import read_column
from hsr_privacy.identifiers.kinds import (
    KIND_NAMES,
    SERIES,
    Era,
    Kind,
    Profile,
    Reason,
    each_kind,
)
from hsr_privacy.identifiers.normalization import as_text, normalize
from hsr_privacy.identifiers.rules import (
    D_NUMBER_CENTURIES,
    D_NUMBER_DAY_OFFSET,
    FODSELSNUMMER_CENTURIES,
)

_WITH_D: Final = frozenset(series.with_d for series in SERIES if series.with_d)


class InvalidIdentifier(DataError):
    """A value is not an identifier that the environment allows.

    Attributes:
        reason: why; the value itself is not kept.
    """

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(f"this is no usable identifier: {reason.text}")


def compact(text: str) -> str:
    """The digits of an identifier, without the separators that people write.

    >>> compact("302082 99-939")
    '30208299939'

    Raises:
        InvalidIdentifier: it stands for a missing value or holds something other than digits.
    """
    column, known = as_text([text])
    seen = normalize(column, known)
    if seen.reasons[0]:
        raise InvalidIdentifier(Reason(seen.reasons[0]))
    written: str = seen.text[0].as_py()
    return written


def validate(
    text: str,
    *,
    profile: Profile | str,
    as_of: date | None = None,
    repair_leading_zero: bool = False,
) -> str:
    """The identifier in the one way to write it.

    Arguments are those of `column.check_column`.

    Raises:
        InvalidIdentifier: with the reason.
    """
    numbers, check = read_column(
        [text], profile=profile, as_of=as_of, repair_leading_zero=repair_leading_zero
    )
    if check.reason_codes[0]:
        raise InvalidIdentifier(Reason(check.reason_codes[0]))
    written: str = numbers[0].as_py()
    return written


def is_valid(text: str, *, profile: Profile | str, as_of: date | None = None) -> bool:
    """Whether a value is an identifier that the environment allows.

    >>> is_valid("30108299939", profile="production")
    True
    >>> is_valid("30908299902", profile="production")
    False
    """
    try:
        validate(text, profile=profile, as_of=as_of)
    except InvalidIdentifier:
        return False
    return True


def kinds(text: str, *, profile: Profile | str) -> frozenset[str]:
    """Every kind that an identifier can be in this environment.

    >>> sorted(kinds("30908299902", profile="test"))
    ['synthetic-skatteetaten']

    Raises:
        InvalidIdentifier: it is none that the environment allows.
    """
    return frozenset(KIND_NAMES[kind] for kind in _candidates(text, profile)[1])


def era(text: str, *, profile: Profile | str) -> Era:
    """The first rule of check digits under which an identifier holds.

    >>> era("30108299939", profile="production").name
    'RULE_2032'

    Raises:
        InvalidIdentifier: it is none that the environment allows.
    """
    return _candidates(text, profile)[2]


def possible_birth_dates(text: str, *, profile: Profile | str) -> frozenset[date]:
    """Every date that an identifier's digits can mean; for checking a date, not for making one.

    Under the rule of 1964 the individual number gives the century; for D-numbers the tables
    before and after autumn 2021 are both possible. Under the rule of 2032 (and so perhaps for
    any number given out from then on) it does not, and both 1900s and 2000s are.
    FH- and DUF-numbers mean no date.

    >>> sorted(str(day) for day in possible_birth_dates("30108299939", profile="production"))
    ['1982-10-30', '2082-10-30']

    Raises:
        InvalidIdentifier: it is none that the environment allows.
    """
    number, candidates, rule = _candidates(text, profile)
    offsets = {
        (series.month_offset, kind in _WITH_D and int(number[:2]) > D_NUMBER_DAY_OFFSET)
        for series in SERIES
        for kind in candidates
        if kind in {series.kind, series.with_d}
    }
    place = 100 * int(number[6:9]) + int(number[4:6])
    dates = set()
    for month_offset, is_d in offsets:
        table = D_NUMBER_CENTURIES if is_d else FODSELSNUMMER_CENTURIES
        bits = BORN_19 | BORN_20 if rule is Era.RULE_2032 else int(table[place])
        day = int(number[:2]) - (D_NUMBER_DAY_OFFSET if is_d else 0)
        month = int(number[2:4]) - month_offset
        for bit, century in CENTURY_OF_BIT.items():
            if bits & bit and _exists(century + int(number[4:6]), month, day):
                dates.add(date(century + int(number[4:6]), month, day))
    return frozenset(dates)


def _candidates(text: str, profile: Profile | str) -> tuple[str, frozenset[Kind], Era]:
    numbers, check = read_column([text], profile=profile)
    if check.reason_codes[0]:
        raise InvalidIdentifier(Reason(check.reason_codes[0]))
    found = frozenset(each_kind(int(check.kind_codes[0])))
    return numbers[0].as_py(), found, Era(int(check.era_codes[0]))


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
