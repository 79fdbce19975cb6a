"""When arrests are: days of a year, worse months and weekdays, hours, on no day that confuses clocks."""

from __future__ import annotations

import numpy as np

from hsr_privacy.synthesis.chance import Bools, Chance, Floats, Int64s
from hsr_privacy.synthesis.clocks import Moments, local, utc
from hsr_privacy.synthesis.parameters import Parameters

_HOUR = 3600
_WEEK = 7


def draw_moments(year: Int64s, begins: Floats, chance: Chance, p: Parameters) -> Moments:
    """Moments of UTC in years of the local calendar.

    No arrest lies on a day on which the clocks are moved, or in the evening before it: clock times
    without a zone would not say when it was. Such days are taken a week earlier.

    Args:
        year: of each arrest.
        begins: the part of the year, 0-1, before which nobody told of it.
        chance: where randomness comes from.
        p: the numbers.
    """
    size = len(year)
    first = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    length = ((year - 1969).astype("datetime64[Y]").astype("datetime64[D]") - first).astype(
        np.int64
    )
    day = _days(first, length, begins, chance, p)
    seconds = chance.pick(p.hours_of_day.of, size) * _HOUR + chance.whole(0, _HOUR - 1, size)
    day = np.where(clocks_move(day) | clocks_move(day + 1), day - _WEEK, day)
    return utc(day.astype("datetime64[s]") + seconds.astype("timedelta64[s]"))


def _days(first: Moments, length: Int64s, begins: Floats, chance: Chance, p: Parameters) -> Moments:
    """Days of a year: more in the months and on the weekdays that are worse."""
    size = len(length)
    often = {month: share * 12 for month, share in p.months.of.items()}
    worse = {day: share * 7 for day, share in p.weekdays.of.items()}
    month_weight = np.array([often[month] for month in range(1, 13)])
    weekday_weight = np.array([worse[day] for day in range(1, 8)])
    most = month_weight.max() * weekday_weight.max()
    result = np.empty(size, "datetime64[D]")
    waiting = np.arange(size)
    while len(waiting):
        part = begins[waiting] + (1 - begins[waiting]) * chance.rng.random(len(waiting))
        day = first[waiting] + np.floor(part * length[waiting]).astype("timedelta64[D]")
        month = (day.astype("datetime64[M]").astype(np.int64)) % 12
        weekday = (day.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
        weight = month_weight[month] * weekday_weight[weekday]
        taken = chance.yes(weight / most, len(waiting))
        result[waiting[taken]] = day[taken]
        waiting = waiting[~taken]
    return result


def clocks_move(day: Moments) -> Bools:
    """Whether clocks are moved on a day: the last Sundays of March and October."""
    days = day.astype(np.int64)
    month = day.astype("datetime64[M]").astype(np.int64) % 12 + 1
    next_week = (day + _WEEK).astype("datetime64[M]").astype(np.int64) % 12 + 1
    sunday = (days + 3) % 7 == 6
    result: Bools = sunday & np.isin(month, (3, 10)) & (next_week != month)
    return result


def during_work(at: Moments) -> Bools:
    """Whether most people are at work or at school: from Monday to Friday, 7 to 17 o'clock."""
    shown = local(at)
    day = shown.astype("datetime64[D]")
    hour = (shown - day).astype(np.int64) // _HOUR
    weekday = (day.astype(np.int64) + 3) % 7
    result: Bools = (weekday < 5) & (hour >= 7) & (hour < 17)
    return result
