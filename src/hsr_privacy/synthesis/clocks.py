"""Norwegian clocks: what a wall shows at a moment, and the moment at which it shows it."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.synthesis.chance import Int64s

Moments = NDArray[np.datetime64]

_ZONE: Final = "Europe/Oslo"
_SKIPPED = np.timedelta64(1, "h")


def local(at: Moments) -> Moments:
    """What clocks show at moments of UTC, to the second."""
    moments = _series(at).dt.replace_time_zone("UTC").dt.convert_time_zone(_ZONE)
    return _seconds(moments)


def utc(shown: Moments) -> Moments:
    """When clocks show it, to the second; of an hour that comes twice, the first.

    A time in the hour that is left out in spring is read as if the clock had not been moved.
    """
    zoned = _series(shown).dt.replace_time_zone(_ZONE, ambiguous="earliest", non_existent="null")
    winter = _series(shown - _SKIPPED)
    moments = zoned.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    return _seconds(moments.fill_null(winter))


def years(days: Moments) -> Int64s:
    """The year of each day or moment."""
    result: Int64s = days.astype("datetime64[Y]").astype(np.int64) + 1970
    return result


def _series(moments: Moments) -> pl.Series:
    return pl.Series(moments.astype("datetime64[us]"))


def _seconds(series: pl.Series) -> Moments:
    moments: Moments = series.dt.replace_time_zone(None).to_numpy().astype("datetime64[s]")
    return moments
