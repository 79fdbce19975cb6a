"""Epochs: date-times and dates as whole numbers since 1970, by which clocks are compared everywhere."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw
import polars as pl

from hsr_privacy.extras import require
from hsr_privacy.frames.conversion import Frame, lazy


def add_seconds(frame: Frame, columns: Mapping[str, str]) -> Frame:
    """Add date-times as whole seconds since 1970; missing where they are.

    A date-time with a zone counts from 1970 UTC; one without, from 1970 on its own clock.

    Args:
        columns: per new column, the date-time that it is made of.
    """
    native = nw.to_native(frame)
    if isinstance(native, pl.LazyFrame):
        made = [pl.col(name).dt.epoch("s").alias(into) for into, name in columns.items()]
        return lazy(native.with_columns(made))
    functions = require("pyspark.sql.functions")
    kinds = dict(native.dtypes)
    zero = functions.lit("1970-01-01 00:00:00").cast("timestamp_ntz")
    seconds = {
        into: functions.timestamp_diff("SECOND", zero, functions.col(name))
        if kinds[name] == "timestamp_ntz"
        else functions.unix_seconds(functions.col(name))
        for into, name in columns.items()
    }
    return lazy(native.withColumns(seconds))


def add_days(frame: Frame, columns: Mapping[str, str]) -> Frame:
    """Add dates, or the days of date-times, as whole days since 1970; missing where they are.

    Args:
        columns: per new column, the date that it is made of.
    """
    native = nw.to_native(frame)
    if isinstance(native, pl.LazyFrame):
        days = {into: pl.col(name).dt.date().dt.epoch("d") for into, name in columns.items()}
        return lazy(native.with_columns(day.alias(into) for into, day in days.items()))
    functions = require("pyspark.sql.functions")
    days = {
        into: functions.unix_date(functions.to_date(functions.col(name)))
        for into, name in columns.items()
    }
    return lazy(native.withColumns(days))
