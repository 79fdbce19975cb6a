"""Deadlines: until when an application is answered, a person is told, an entry is kept.

Working days are Monday to Friday but for Norwegian public holidays. The day after receipt is day 1.
24 and 31 December are working days in law, whatever offices do; Saturdays are not counted, as no
office works on them.

Source: helseregisterloven § 19 f (30 working days, 60 where data are linked), § 19 h (ten years from
disclosure); forskrift om Hjerte- og karregisteret § 4-5 (five years from the end of the project),
§ 5-1; GDPR art. 12 (3) (one month, two more), counted as Regulation (EEC) 1182/71 art. 3; lov om
helligdager and lov om 1. og 17. mai, as the package `holidays` has them.
"""

from __future__ import annotations

import calendar
import datetime as dt
from functools import cache
from typing import Final

ANSWER_DAYS: Final = 30
ANSWER_DAYS_LINKED: Final = 60
PERSON_MONTHS: Final = 1
PERSON_MONTHS_EXTENDED: Final = 3
KEPT_YEARS: Final = 10
KEPT_YEARS_AFTER_PROJECT: Final = 5

_FRIDAY: Final = 4


def answer_deadline(received: dt.date, *, linked: bool) -> dt.date:
    """The last day on which a complete application must be answered.

    Args:
        received: the day on which it was complete; not counted itself.
        linked: whether data are linked with those of other registries.
    """
    left = ANSWER_DAYS_LINKED if linked else ANSWER_DAYS
    day = received
    while left:
        day += dt.timedelta(days=1)
        left -= is_working_day(day)
    return day


def access_deadline(received: dt.date, *, extended: bool = False) -> dt.date:
    """The last day on which a person who asks must be answered: a month on, or three.

    A month ends on the day of the same number, or on its last; where that is no working day, on the
    next one.

    Args:
        received: the day on which the person asked.
        extended: whether the person was told within the first month that it takes longer.
    """
    day = _months_later(received, PERSON_MONTHS_EXTENDED if extended else PERSON_MONTHS)
    while not is_working_day(day):
        day += dt.timedelta(days=1)
    return day


def retain_until(released: dt.date, project_end: dt.date) -> dt.date:
    """The last day on which an entry must be kept: ten years on, and five after the project's end.

    The later of the two counts; a 29 February that a year does not have is its 1 March.
    """
    return max(
        _years_later(released, KEPT_YEARS), _years_later(project_end, KEPT_YEARS_AFTER_PROJECT)
    )


def is_working_day(day: dt.date) -> bool:
    """Whether a day counts."""
    return day.weekday() <= _FRIDAY and day not in _holidays(day.year)


@cache
def _holidays(year: int) -> frozenset[dt.date]:
    import holidays  # knows every country; nobody else waits for it

    return frozenset(holidays.country_holidays("NO", years=year))


def _months_later(day: dt.date, months: int) -> dt.date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _years_later(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)
