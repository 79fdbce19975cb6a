"""Running numbers: random, distinct, without order, and a mistake in one is noticed."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.identifiers import is_valid as is_identifier
from hsr_privacy.pseudonymization.running_number import (
    MOST_PERSONS,
    draw_numbers,
    is_valid,
    is_written,
    validate,
    with_check_digits,
)


def test_numbers_are_distinct_nine_digits_and_hold_their_check() -> None:
    numbers = draw_numbers(20_000)
    assert len(set(numbers)) == 20_000
    assert all(len(number) == 9 and is_written(number) for number in numbers)
    assert not any(is_identifier(number, profile="test") for number in numbers[:200])


def test_the_check_digits_are_those_of_iso_7064() -> None:
    """ISO 7064:2003, MOD 97-10: the published example is 794 with check digits 44."""
    assert 98 - 794 * 100 % 97 == 44
    assert with_check_digits(1_234_567) == "123456751"
    assert int("123456751") % 97 == 1


def test_numbers_given_out_before_are_not_given_again() -> None:
    chance = random.Random(4)
    before = draw_numbers(1000, chance=chance)
    after = draw_numbers(1000, taken=before, chance=random.Random(4))
    assert set(before).isdisjoint(after)


def test_numbers_say_nothing_of_the_order_in_which_they_were_drawn() -> None:
    drawn = np.array([int(number) for number in draw_numbers(5000, chance=random.Random(1))])
    ranks = np.argsort(np.argsort(drawn))
    correlation = np.corrcoef(ranks, np.arange(5000))[0, 1]
    assert abs(correlation) < 4 / np.sqrt(5000)


def test_every_wrong_digit_and_every_swap_of_two_is_noticed() -> None:
    for number in draw_numbers(50, chance=random.Random(2)):
        for place, digit in itertools.product(range(9), "0123456789"):
            wrong = number[:place] + digit + number[place + 1 :]
            assert is_written(wrong) == (wrong == number)
        for one, other in itertools.combinations(range(9), 2):
            swapped = list(number)
            swapped[one], swapped[other] = number[other], number[one]
            assert is_written("".join(swapped)) == ("".join(swapped) == number)


def test_about_one_in_97_of_random_numbers_passes() -> None:
    chance = random.Random(3)
    passed = sum(is_written(str(chance.randint(10**8, 10**9 - 1))) for _ in range(97_000))
    assert 850 < passed < 1150


def test_what_somebody_typed_is_read_and_what_is_wrong_is_refused() -> None:
    assert validate("123 456-751") == "123456751"
    assert is_valid("123 456 751")
    for wrong in ("", "123456752", "12345675", "1234567510", "１２３456751", "023456751"):
        with pytest.raises(DataError, match="no running number") as refused:
            validate(wrong)
        assert not wrong or wrong not in str(refused.value)


def test_more_persons_than_a_short_number_protects_are_refused() -> None:
    with pytest.raises(DataError, match="take pseudonyms of 22 symbols"):
        draw_numbers(MOST_PERSONS + 1)
