"""Synthetic national identifiers belong to nobody, are distinct and carry what they should."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.identifiers.synthetic import make_national_ids


def people(count: int, *, seed: int = 7) -> tuple[NDArray[np.datetime64], NDArray[np.int64]]:
    rng = np.random.default_rng(seed)
    days = np.datetime64("1912-01-01") + rng.integers(0, 45_000, count)
    return days, rng.choice([1, 2, 999], count, p=[0.6, 0.39, 0.01])


def check_sums(number: str) -> tuple[int, int]:
    """The two sums of folkeregisterforskriften § 2-2-1, written out."""
    d = [int(one) for one in number]
    w1, w2 = [3, 7, 6, 1, 8, 9, 4, 5, 2, 1], [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]
    return (
        sum(a * b for a, b in zip(w1, d, strict=False)) % 11,
        sum(a * b for a, b in zip(w2, d, strict=True)) % 11,
    )


def test_numbers_are_distinct_and_their_check_digits_hold() -> None:
    born, sex = people(5_000)
    numbers = make_national_ids(born, sex, rng=np.random.default_rng(1))
    assert len(set(numbers.tolist())) == 5_000
    assert {check_sums(one) for one in numbers.tolist()} == {(0, 0)}


def test_every_month_has_eighty_added_so_that_no_number_can_be_real() -> None:
    born, sex = people(5_000)
    numbers = make_national_ids(
        born, sex, rng=np.random.default_rng(1), d_number=np.arange(5_000) % 10 == 0
    )
    assert {int(one[2:4]) for one in numbers.tolist()} == set(range(81, 93))


def test_the_number_carries_birth_date_century_and_sex() -> None:
    born = np.array(["1899-12-31", "1900-01-01", "1939-06-30", "1999-02-28", "2000-02-29"])
    sex = np.array([1, 2, 1, 2, 1])
    numbers = make_national_ids(born.astype("datetime64[D]"), sex, rng=np.random.default_rng(3))
    assert [one[:6] for one in numbers.tolist()] == [
        "319299",
        "018100",
        "308639",
        "288299",
        "298200",
    ]
    individual = [int(one[6:9]) for one in numbers.tolist()]
    assert 500 <= individual[0] < 750
    assert individual[1] < 500
    assert individual[2] < 500
    assert individual[3] < 500 or individual[3] >= 900
    assert individual[4] >= 500
    assert [one % 2 for one in individual] == [1, 0, 1, 0, 1]


def test_d_numbers_have_forty_added_to_the_day() -> None:
    born, sex = people(200)
    with_d = np.arange(200) < 50
    numbers = make_national_ids(born, sex, rng=np.random.default_rng(1), d_number=with_d)
    assert [int(one[:2]) > 40 for one in numbers.tolist()] == with_d.tolist()


def test_the_same_seed_gives_the_same_numbers() -> None:
    born, sex = people(500)
    first = make_national_ids(born, sex, rng=np.random.default_rng(11))
    again = make_national_ids(born, sex, rng=np.random.default_rng(11))
    other = make_national_ids(born, sex, rng=np.random.default_rng(12))
    assert first.tolist() == again.tolist()
    assert first.tolist() != other.tolist()


def test_a_crowded_day_is_filled_to_the_last_number() -> None:
    born = np.full(205, np.datetime64("1950-05-05"))
    numbers = make_national_ids(born, np.full(205, 1), rng=np.random.default_rng(1))
    assert len(set(numbers.tolist())) == 205


def test_more_people_than_numbers_on_one_day_is_refused() -> None:
    born = np.full(301, np.datetime64("1950-05-05"))
    with pytest.raises(DataError, match="more people share one day"):
        make_national_ids(born, np.full(301, 1), rng=np.random.default_rng(1))


@pytest.mark.parametrize(
    ("born", "sex", "said"),
    [
        ("1857-12-31", 1, "outside 1858-2039"),
        ("2040-01-01", 1, "outside 1858-2039"),
        ("NaT", 1, "missing or outside"),
        ("1980-01-01", 3, "code other than"),
    ],
)
def test_what_has_no_number_is_refused(born: str, sex: int, said: str) -> None:
    with pytest.raises(DataError, match=said):
        make_national_ids(
            np.array([born], dtype="datetime64[D]"), np.array([sex]), rng=np.random.default_rng(1)
        )


def test_nobody_gets_no_number() -> None:
    none = make_national_ids(
        np.empty(0, dtype="datetime64[D]"), np.empty(0, dtype=int), rng=np.random.default_rng(1)
    )
    assert none.shape == (0,)
    assert none.dtype == np.dtype("U11")
