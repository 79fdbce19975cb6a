"""Number persons: replace a key column by running numbers, short and in no order."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw
import polars as pl

from hsr_privacy.errors import DataError
from hsr_privacy.extract import Extract, Step, any_frame
from hsr_privacy.frames import columns_of, join_mapping
from hsr_privacy.pseudonymization.running_number import RUNNING_NUMBER


@any_frame
def number_persons(
    extract: Extract, column: str, numbers: Mapping[bytes, str], *, into: str
) -> Extract:
    """Replace a column of person keys by the running numbers that persons have, at its place.

    Args:
        extract: an extract, or a pandas, Polars or Spark frame; the same kind comes back.
        column: person keys, 16 bytes.
        numbers: of every person in the column.
        into: name of the column of numbers.

    Raises:
        DataError: a column does not exist, or its new name is taken.
    """
    order = list(columns_of(extract.frame))
    if column not in order:
        raise DataError(f"there is no column '{column}' to number")
    if into in order:
        raise DataError(f"there is a column '{into}' already; name another")
    mapping = pl.DataFrame(
        {column: list(numbers), into: list(numbers.values())},
        schema={column: pl.Binary, into: pl.String},
    )
    frame = join_mapping(extract.frame, [column], mapping)
    order[order.index(column)] = into
    frame = frame.select(*map(nw.col, order))
    step = Step(f"number {into}", {"distinct": len(numbers)}, {"text form": RUNNING_NUMBER})
    person = into if extract.person == column else extract.person
    return Extract(frame, person, extract.steps).then(frame, step)
