"""Shift dates: all dates of one person by the same secret number of days or weeks.

Intervals within a person stay what they are; the calendar does not. Whole weeks keep the day of
the week. The shift comes from a key of its own, so a pseudonym says nothing about it. Zero is as
likely as any other shift: leaving it out would tell of every date what it is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import narwhals as nw
import numpy as np
import pyarrow as pa

from hsr_privacy.errors import DataError
from hsr_privacy.extract import Extract, Step, any_frame
from hsr_privacy.frames import columns_of, engine_of, map_column, shift_days, to_polars
from hsr_privacy.keys import ProjectKey
from hsr_privacy.pseudonymization.mac import column_function

_SHIFT: Final = "__shift"
_DAYS_PER_WEEK: Final = 7
_LONGEST_DAYS: Final = 3650


@any_frame
def shift_dates(
    extract: Extract,
    columns: Sequence[str],
    *,
    person: str,
    key: ProjectKey,
    most_days: int,
    whole_weeks: bool = True,
    identified: str | None = None,
) -> Extract:
    """Shift the dates of each person by a number of days that only the key holder knows.

    Args:
        extract: an extract, or a pandas, Polars or Spark frame; the same kind comes back.
        columns: dates or date-times; date-times keep their time of day in UTC.
        person: column of 16-byte person keys.
        key: the project's key with the purpose ``date-shift``.
        most_days: the farthest shift, either way; with whole weeks it is rounded down to them.
        whole_weeks: keep the day of the week.
        identified: column that is true where the person is known; none if left out.

    Returns:
        The same columns; dates of rows without a known person are missing, as nobody knows what
        belongs together there.

    Raises:
        DataError: a column does not exist or holds no dates, the key is for something else, or the shift is less
            than one step or more than ten years.
    """
    order = columns_of(extract.frame)
    for name in (*columns, person, *([identified] if identified else [])):
        if name not in order:
            raise DataError(f"there is no column '{name}' to shift dates with")
    schema = extract.frame.collect_schema()
    for name in columns:
        if not isinstance(schema[name], (nw.Date, nw.Datetime)):
            raise DataError(f"column '{name}' holds no dates; read it as dates first")
    if key.purpose != "date-shift":
        raise DataError(f"a key for {key.purpose} shifts no dates; derive one for date-shift")
    step = _DAYS_PER_WEEK if whole_weeks else 1
    if not step <= most_days <= _LONGEST_DAYS:
        raise DataError(f"the farthest shift must be {step} to {_LONGEST_DAYS} days")
    if key.cipher is not None and engine_of(extract.frame) == "spark":
        raise DataError("a key inside a token cannot travel to Spark's workers; work without Spark")
    shifts = _shifts(key, most=most_days // step, step=step)
    frame = map_column(extract.frame, person, shifts, into=_SHIFT, kind="int")
    if identified is not None:
        known = nw.when(nw.col(identified)).then(nw.col(_SHIFT))
        frame = frame.with_columns(known.otherwise(None).alias(_SHIFT))
    counted = frame.select(nw.len().alias("rows"), nw.col(_SHIFT).count().alias("known"))
    rows, known_rows = (int(count or 0) for count in to_polars(counted).row(0))
    frame = shift_days(frame, columns, by=_SHIFT).select(*map(nw.col, order))
    counts = {"columns": len(columns), "rows without a known person": rows - known_rows}
    notes = {
        "unit": "weeks" if whole_weeks else "days",
        "farthest": str(most_days // step),
        "key check value": key.check_value,
    }
    return extract.then(frame, Step("shift dates", counts, notes))


def _shifts(key: ProjectKey, *, most: int, step: int) -> Any:
    """From person keys to days; null where there is no key."""
    of_column = column_function(key)

    def of_keys(array: Any) -> Any:
        there = np.asarray(array.is_valid())
        macs = of_column(array.drop_null())
        rows = np.frombuffer(b"".join(macs.to_pylist()), dtype=">u8").reshape(-1, 2)
        # 64 bits over at most 7,301 shifts: none is likelier than another by more than 2^-51.
        drawn = (rows[:, 0] % np.uint64(2 * most + 1)).astype(np.int64) - most
        days = np.zeros(len(there), dtype=np.int32)
        days[there] = drawn * step
        return pa.array(days, mask=~there)

    return of_keys
