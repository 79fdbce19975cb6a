"""The running number (løpenummer): short, drawn at random, with two check digits.

Seven digits are drawn without order from those not given out yet; the last two make the number
leave 1 when divided by 97. That finds every single wrong digit, every swap of two digits and
all but 1 in 97 of other mistakes. Nine digits are never taken for a national identifier of
eleven. Which number is whose stands in the register's own store and nowhere else.

Source: ISO/IEC 7064 (MOD 97-10).
"""

from __future__ import annotations

import random
from collections.abc import Collection
from typing import Any, Final

from hsr_privacy.errors import DataError
from hsr_privacy.identifiers.check_symbols import (
    MODULUS,
    NUMBER_LENGTH,
    are_running_numbers,
    is_running_number,
)

RUNNING_NUMBER: Final = "running-number-9/v1"
"""Named in the manifest."""

LENGTH: Final = NUMBER_LENGTH
MOST_PERSONS: Final = 4_000_000
_FIRST: Final = 1_000_000
_LAST: Final = 9_999_999


def draw_numbers(
    count: int, *, taken: Collection[str] = (), chance: random.Random | None = None
) -> tuple[str, ...]:
    """Draw numbers that nobody has yet, in no order.

    Args:
        count: how many.
        taken: those given out before.
        chance: the system's randomness if left out.

    Raises:
        DataError: more than four million are given out in all; take pseudonyms.
    """
    if count + len(taken) > MOST_PERSONS:
        raise DataError(
            f"running numbers are for at most {MOST_PERSONS:,} persons, so that a guess finds one "
            "rarely; let the project take pseudonyms of 22 symbols"
        )
    source = chance or random.SystemRandom()
    gone = {int(number[:-2]) for number in taken}
    drawn: dict[int, None] = {}
    while len(drawn) < count:
        number = source.randint(_FIRST, _LAST)
        if number not in gone:
            drawn[number] = None
    return tuple(with_check_digits(number) for number in drawn)


def with_check_digits(number: int) -> str:
    """Seven digits with the two that belong to them.

    >>> with_check_digits(1234567)
    '123456751'
    """
    return f"{number}{98 - number * 100 % MODULUS:02d}"


def compact(text: str) -> str:
    """A number as somebody typed it, without spaces and hyphens.

    >>> compact("123 456 751")
    '123456751'
    """
    return text.replace(" ", "").replace("-", "")


def validate(text: str) -> str:
    """The number in the one way to write it.

    Raises:
        DataError: not nine digits, or the check digits do not hold.
    """
    number = compact(text)
    if not is_written(number):
        raise DataError(
            "this is no running number: it must be nine digits and its check digits must hold; "
            "read it again from its source"
        )
    return number


def is_valid(text: str) -> bool:
    """Whether a text, as somebody typed it, is a running number."""
    return is_written(compact(text))


def is_written(text: str) -> bool:
    """Whether a text is a running number in the one way to write it."""
    return is_running_number(text)


def are_valid(texts: Any) -> list[bool]:
    """Which texts of an Arrow column are running numbers in the one way to write them."""
    return are_running_numbers(texts)
