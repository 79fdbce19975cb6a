"""Clocks: what the times of a frame can mean, on the days on which a clock is moved as on all others.

Delivered times are what a Norwegian clock showed. In the night in October in which an hour comes
twice, such a time has two readings, and one in the hour that March leaves out has none that is
right. So each time becomes the earliest and the latest moment of UTC at which it can have been
shown, and a rule is broken only where every reading breaks it. On all other nights the two are one.

Source: directive 2000/84/EC: summer time lasts from the last Sunday in March to the last in October.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import narwhals as nw

from hsr_privacy.frames import Frame, add_days, add_seconds, engine_of, local_days
from hsr_privacy.rules.clause import days, early, late, skipped, twice
from hsr_privacy.rules.model import DAY, Form

_HOUR: Final = 3600
_DAY_FROM: Final = ("t_stans", "t_anrop")
_LAST_WEEK: Final = 25
_MARCH, _OCTOBER = 3, 10
_SUMMER: Final = "__summer {}"


@dataclass(frozen=True)
class Clocks:
    """A frame whose times have been read.

    Attributes:
        frame: with the columns that `clause.py` names.
        has_day: whether the day of the arrest is known.
        local: times that are local clock times.
    """

    frame: Frame
    has_day: bool
    local: frozenset[str]


def read_clocks(
    frame: Frame, times: Collection[str], dates: Collection[str], *, form: Form | None
) -> Clocks:
    """Add what each time can mean.

    Args:
        frame: the rows.
        times: columns that hold date-times.
        dates: columns that hold dates, `DAY` among them where it is there.
        form: what the frame is. Spark's usual timestamps have no zone to see; in a delivered form
            they are local times, read in a session whose zone is UTC, and else they are UTC.
    """
    schema = frame.collect_schema()
    delivered = form not in (None, Form.EVENT) and engine_of(frame) == "spark"
    local = frozenset(n for n in times if delivered or _zone(schema[n]) is None)
    frame = add_seconds(frame, {early(n): n for n in times}) if times else frame
    for step in (_moved, _readings) if times else ():
        frame = frame.with_columns(*(e for n in times for e in step(n, is_local=n in local)))
    if form is Form.EVENT and local:  # there, a time without a zone is a fault of its own
        frame = frame.with_columns(*(nw.lit(value=True).alias(skipped(n)) for n in local))
    frame, has_day = _with_day(frame, times, dates, local)
    made = {days(n): n for n in dates if n != DAY} | ({days(DAY): DAY} if has_day else {})
    return Clocks(add_days(frame, made) if made else frame, has_day, local)


def _zone(dtype: Any) -> str | None:
    zone: str | None = dtype.time_zone
    return zone


def _moved(name: str, *, is_local: bool) -> tuple[nw.Expr, ...]:
    """Whether a time is one of summer, or lies in the hour that is left out or that comes twice.

    The event store reads an hour that comes twice as the first of the two, which begins at midnight
    UTC.
    """
    column, never = nw.col(name), nw.lit(value=False)
    month, day, hour = column.dt.month(), column.dt.day(), column.dt.hour()
    since_sunday = column.dt.weekday() % 7  # Spark calls Sunday 0
    march, october = month == _MARCH, month == _OCTOBER
    is_the_day = (day >= _LAST_WEEK) & (since_sunday == 0)
    if not is_local:
        comes_twice = october & is_the_day & (hour == 0)
        return never.alias(skipped(name)), comes_twice.alias(twice(name))
    has_come = day - since_sunday >= _LAST_WEEK  # the last Sunday of the month
    summer = (
        ((month > _MARCH) & (month < _OCTOBER))
        | (march & has_come & ~((since_sunday == 0) & (hour <= 2)))
        | (october & (~has_come | ((since_sunday == 0) & (hour < 2))))
    )
    return (
        summer.cast(nw.Int64).alias(_SUMMER.format(name)),
        (march & is_the_day & (hour == 2)).alias(skipped(name)),
        (october & is_the_day & (hour == 2)).alias(twice(name)),
    )


def _readings(name: str, *, is_local: bool) -> tuple[nw.Expr, ...]:
    """The earliest and the latest moment; an hour has two where it comes twice or is left out."""
    shown = nw.col(early(name))
    if not is_local:
        return ((shown + nw.col(twice(name)).cast(nw.Int64) * _HOUR).alias(late(name)),)
    summer = nw.col(_SUMMER.format(name))
    doubtful = (nw.col(skipped(name)) | nw.col(twice(name))).cast(nw.Int64)
    winter = shown - _HOUR
    return (
        (winter - (summer + doubtful) * _HOUR).alias(early(name)),
        (winter - summer * _HOUR).alias(late(name)),
    )


def _with_day(
    frame: Frame, times: Collection[str], dates: Collection[str], local: frozenset[str]
) -> tuple[Frame, bool]:
    """Add the day of the arrest by the Norwegian clock where no column has it."""
    if DAY in dates:
        return frame, True
    known = [name for name in _DAY_FROM if name in times]
    if not known:
        return frame, False
    parts = {name: f"__shown {name}" for name in known}
    frame = frame.with_columns(
        *(
            (nw.col(name).dt.date() if name in local else nw.col(name)).alias(into)
            for name, into in parts.items()
        )
    )
    moments = [into for name, into in parts.items() if name not in local]
    frame = local_days(frame, moments) if moments else frame
    return frame.with_columns(nw.coalesce(*map(nw.col, parts.values())).alias(DAY)), True
