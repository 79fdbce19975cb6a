"""Times: dates that lie ahead of their delivery, or in years that cannot be; and doses out of measure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

import polars as pl

from hsr_privacy.quality.findings import Found, found
from hsr_privacy.quality.kinds import ANCIENT, FUTURE, UNLIKELY_DOSE

_EARLIEST: Final = dt.date(1900, 1, 1)
_DOSE: Final = "adrenalin_mg"
_MOST_IN_AN_HOUR: Final = 20.0
"""One milligram every three to five minutes (ERC guidelines 2021) is 20 mg an hour at most."""

_SILENT: Final = 900


def check_times(table: pl.DataFrame, delivered: pl.Series) -> Iterator[Found]:
    """Dates and clock times that cannot be.

    Args:
        table: a form.
        delivered: per row, the day on which its file was delivered.
    """
    for name, dtype in table.schema.items():
        if dtype.is_temporal():
            days = table[name].cast(pl.Date)
            yield found(FUTURE, (days > delivered).fill_null(value=False).to_numpy(), name)
            yield found(ANCIENT, (days < _EARLIEST).fill_null(value=False).to_numpy(), name)


def check_doses(table: pl.DataFrame) -> Iterator[Found]:
    """Doses that are possible, and more than is given in an hour."""
    if _DOSE in table.columns:
        dose = table[_DOSE]
        much = (dose >= _MOST_IN_AN_HOUR) & (dose < _SILENT)
        yield found(UNLIKELY_DOSE, much.fill_null(value=False).to_numpy(), _DOSE)
