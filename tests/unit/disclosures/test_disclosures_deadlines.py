"""Deadlines, against dates that were counted by hand and an Easter of our own."""

from __future__ import annotations

import datetime as dt

import pytest

from hsr_privacy.disclosures import access_deadline, answer_deadline
from hsr_privacy.disclosures.deadlines import is_working_day, retain_until

DAY = dt.date


@pytest.mark.parametrize(
    ("received", "linked", "last"),
    [
        # 3-6, 9-13, 16-20, 23-27 March (19), 30-31 March, 1 April (22), Easter, 7-10 (26), 13-16.
        (DAY(2026, 3, 2), False, DAY(2026, 4, 16)),
        # On: 17, 20-24, 27-30 April (40), 1 May, 4-8 (45), 11-13, Ascension, 15 (49), 18-22 (54),
        # Whit Monday, 26-29 (58), 1-2 June. 17 May is a Sunday.
        (DAY(2026, 3, 2), True, DAY(2026, 6, 2)),
        # A Saturday: Monday is day 1 all the same.
        (DAY(2026, 2, 28), False, DAY(2026, 4, 15)),
        # 8-12 (5), 15-16, 17 May on a Wednesday, 18-19 (9), 22-24, Ascension, 26 (13), 29-2 (18),
        # Whit Monday, 6-9 June (22), 12-16 (27), 19-21.
        (DAY(2028, 5, 5), False, DAY(2028, 6, 21)),
        # 1-4, 7-11, 14-18 (14), 21-24 with the 24th (18), 28-31 with the 31st, 4-8, 11-13
        # January.
        (DAY(2026, 11, 30), False, DAY(2027, 1, 13)),
        # 17 May is Whit Monday: 27-30 April (4), 3-5, Ascension, 7 (8), 10-14 (13), 18-21 (17),
        # 24-28 (22), 31-4 June (27), 7-9.
        (DAY(2027, 4, 26), False, DAY(2027, 6, 9)),
    ],
)
def test_the_last_day_for_an_answer_is_as_counted_by_hand(
    received: dt.date, linked: bool, last: dt.date
) -> None:
    assert answer_deadline(received, linked=linked) == last


def easter(year: int) -> dt.date:
    """Easter Sunday (Meeus, Jones, Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    h = (19 * a + b - d - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return dt.date(year, month, day + 1)


def test_a_day_is_a_working_day_but_on_weekends_and_on_twelve_holidays() -> None:
    for year in range(2020, 2051):
        moving = {easter(year) + dt.timedelta(days=days) for days in (-3, -2, 0, 1, 39, 49, 50)}
        fixed = {DAY(year, *day) for day in ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))}
        for days in range(365):
            day = DAY(year, 1, 1) + dt.timedelta(days=days)
            assert is_working_day(day) == (day.weekday() < 5 and day not in moving | fixed), day


@pytest.mark.parametrize(
    ("received", "extended", "last"),
    [
        (DAY(2026, 3, 9), False, DAY(2026, 4, 9)),
        (DAY(2026, 1, 31), False, DAY(2026, 3, 2)),  # 28 February is a Saturday
        (DAY(2026, 4, 14), False, DAY(2026, 5, 15)),  # the 14th is Ascension
        (DAY(2026, 4, 14), True, DAY(2026, 7, 14)),
        (DAY(2026, 11, 30), True, DAY(2027, 3, 1)),  # 28 February is a Sunday
        (DAY(2027, 11, 30), True, DAY(2028, 2, 29)),
        (
            DAY(2026, 11, 26),
            False,
            DAY(2026, 12, 28),
        ),  # a Saturday, and the second day of Christmas
    ],
)
def test_a_person_is_answered_within_a_month_or_three(
    received: dt.date, extended: bool, last: dt.date
) -> None:
    assert access_deadline(received, extended=extended) == last


@pytest.mark.parametrize(
    ("released", "project_end", "kept"),
    [
        (DAY(2026, 11, 2), DAY(2030, 12, 31), DAY(2036, 11, 2)),
        (DAY(2026, 11, 2), DAY(2036, 12, 31), DAY(2041, 12, 31)),
        (DAY(2024, 2, 29), DAY(2024, 3, 1), DAY(2034, 3, 1)),
        (DAY(2020, 1, 1), DAY(2028, 2, 29), DAY(2033, 3, 1)),
    ],
)
def test_an_entry_is_kept_ten_years_and_five_after_the_project(
    released: dt.date, project_end: dt.date, kept: dt.date
) -> None:
    assert retain_until(released, project_end) == kept
