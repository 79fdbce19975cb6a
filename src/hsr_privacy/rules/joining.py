"""Joining: what the register form knows of a person, beside the arrests that a form tells of."""

from __future__ import annotations

from typing import Any, Final

import narwhals as nw

from hsr_privacy.frames import Frame, as_frame, columns_of, join_mapping, to_polars

_ADDED: Final = ("dodsdato", "bostedskommune")
_NUMBERS: Final = ("fnr", "tidligere_fnr")


def with_register(frame: Frame, register: Any) -> Frame:
    """Add the date of death and the municipality of residence to the arrests of a delivered form.

    Persons are found by their identifier, or by an earlier one. Rows and their order stay.

    Args:
        frame: has ``fnr``; as it is where it has not.
        register: the register form, one row per person; it is brought to this process.
    """
    persons = as_frame(register)
    names = columns_of(persons)
    added = [name for name in _ADDED if name in names and name not in columns_of(frame)]
    if "fnr" not in columns_of(frame) or "fnr" not in names or not added:
        return frame
    parts = [
        persons.select(nw.col(number).alias("fnr"), *added).filter(~nw.col("fnr").is_null())
        for number in _NUMBERS
        if number in names
    ]
    known = to_polars(nw.concat(parts)).unique("fnr", keep="first", maintain_order=True)
    return join_mapping(frame, ["fnr"], known)
