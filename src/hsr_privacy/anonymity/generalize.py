"""Generalize: replace values by coarser ones, row by row."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw

from hsr_privacy.anonymity.encoding import encode, without_clock
from hsr_privacy.errors import DataError
from hsr_privacy.extract import Extract, Step, any_frame
from hsr_privacy.frames import columns_of, join_mapping
from hsr_privacy.hierarchies import Hierarchy


@any_frame
def generalize(
    extract: Extract, levels: Mapping[str, str | int], *, hierarchies: Mapping[str, Hierarchy]
) -> Extract:
    """Bring columns to a level of their hierarchy.

    A generalized column is text. A missing value stays missing, except on the level that tells
    nothing. Level 0 leaves a column as it is, but of a date-time only the day.

    Args:
        extract: an extract, or a pandas, Polars or Spark frame; the same kind comes back.
        levels: per column, the name or number of the level.
        hierarchies: per column, its hierarchy.

    Raises:
        DataError: a column, its hierarchy or its level does not exist, or a value has no place in
            its hierarchy.
    """
    frame, order = extract.frame, columns_of(extract.frame)
    notes: dict[str, str] = {}
    for name, level in levels.items():
        if name not in hierarchies:
            raise DataError(f"column '{name}' has no hierarchy; give one in 'hierarchies'")
        column = encode(frame, name, hierarchies[name], level)
        notes[name] = column.table.level_names[0]
        if column.floor == 0:
            frame = without_clock(frame, [name])
            continue
        frame = join_mapping(frame, [name], column.label_mapping(0)).drop(name)
        frame = frame.rename({f"__label_{name}": name}).select(*map(nw.col, order))
    return extract.then(frame, Step("generalize", {"columns": len(notes)}, notes))
