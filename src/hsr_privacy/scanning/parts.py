"""What a file falls into when it is opened: tables, texts, and what could not be looked into."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hsr_privacy.scanning.blocks import Block, Int64s

_SMALLEST: Final = 10_000
"""Numbers below have fewer digits than anything that is looked for by its digits."""

_EXACT: Final = 2.0**53
_TEXTS: Final = (
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_binary,
    pa.types.is_large_binary,
)
_OTHER_TEXTS: Final = (
    pa.types.is_string_view,
    pa.types.is_binary_view,
    pa.types.is_fixed_size_binary,
)


@dataclass(frozen=True, order=True)
class Place:
    """A file, and where something is packed inside it, both as they may be shown.

    Attributes:
        file: path; what in it is itself a finding is withheld.
        member: names of the members on the way, empty for the file itself.
    """

    file: str
    member: str = ""

    def within(self, member: str) -> Place:
        """A member of what lies here."""
        return Place(self.file, f"{self.member} > {member}" if self.member else member)


@dataclass(frozen=True)
class Opened:
    """A file that is now looked into.

    Attributes:
        place: where it lies.
        size: its bytes.
        as_bytes: nobody knows its format, and only its bytes are searched.
    """

    place: Place
    size: int
    as_bytes: bool = False


@dataclass(frozen=True)
class Unread:
    """A file, or a part of one, that was not looked into.

    Attributes:
        place: where it lies.
        reason: why, and what to do; no part of its contents.
    """

    place: Place
    reason: str


@dataclass(frozen=True)
class Column:
    """Some rows of a column.

    Attributes:
        part: how the column is told of.
        name: as it is; a heading may be a data row by mistake.
        values: Arrow array.
        numbers: of its rows, shape (rows,).
    """

    part: str
    name: str = field(repr=False)
    values: Any = field(repr=False)
    numbers: Int64s = field(repr=False)


@dataclass(frozen=True)
class Table:
    """Some rows of a table: ``columns`` in the order in which they stand."""

    place: Place
    columns: Sequence[Column]
    unit: str = "row"


@dataclass(frozen=True)
class Text:
    """A text that belongs to no column.

    Attributes:
        place: where it lies.
        part: which part of the file it is.
        block: its rows.
        unit: what its rows are: ``line``, ``item`` or ``byte``.
        strict: program text or a drawing, in which numbers mean nothing.
        again: has been read otherwise before; only what was not found then is told.
        about: column that it tells of, such as a label; empty where it tells of none.
    """

    place: Place
    part: str
    block: Block
    unit: str = "item"
    strict: bool = False
    again: bool = False
    about: str = field(default="", repr=False)


Piece: TypeAlias = Opened | Unread | Table | Text


def leaves(column: Column) -> Iterator[Column]:
    """A column, or the columns inside of it where it holds lists or records."""
    values, kind = column.values, column.values.type
    if isinstance(values, pa.ChunkedArray):
        values = pa.concat_arrays(values.chunks) if values.num_chunks else pa.array([], kind)
    if pa.types.is_dictionary(kind):
        values = values.dictionary_decode()
    elif isinstance(values, pa.ExtensionArray):
        values = values.storage
    kind = values.type
    if pa.types.is_struct(kind):
        for place, below in enumerate(values.flatten()):
            name = kind.field(place).name
            inner = Column(f"{column.part}, field {place + 1}", name, below, column.numbers)
            yield from leaves(inner)
    elif pa.types.is_map(kind):
        rows = column.numbers[np.repeat(np.arange(len(values)), np.diff(_offsets(values)))]
        for below in (values.keys, values.items):
            yield from leaves(Column(column.part, column.name, below, rows))
    elif (
        pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    ):
        rows = column.numbers[np.asarray(pc.list_parent_indices(values))]
        below = pc.list_flatten(values)
        yield from leaves(Column(column.part, column.name, below, rows))
    else:
        yield Column(column.part, column.name, values, column.numbers)


def as_text(values: Any, *, all_numbers: bool) -> Any | None:
    """A column as text, for its digits; None where it can hold nothing that is looked for.

    Args:
        values: Arrow array without lists and records.
        all_numbers: also small numbers and those with decimals, which are left empty else.
    """
    kind = values.type
    text = None
    if any(holds(kind) for holds in _TEXTS):
        text = values
    elif any(holds(kind) for holds in _OTHER_TEXTS):
        text = values.cast(pa.large_binary())
    elif pa.types.is_integer(kind):
        text = _large(values, values, all_numbers=all_numbers)
    elif pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        text = _decimals(values.cast(pa.float64()), all_numbers=all_numbers)
    return text


def _decimals(values: Any, *, all_numbers: bool) -> Any | None:
    if all_numbers:
        return values.cast(pa.string())
    whole = pc.and_(pc.equal(pc.floor(values), values), pc.less(pc.abs(values), _EXACT))
    kept = pc.if_else(whole, values, pa.scalar(None, pa.float64()))
    return _large(values, pc.cast(kept, pa.int64()), all_numbers=False)


def _large(values: Any, whole: Any, *, all_numbers: bool) -> Any | None:
    """Whole numbers as text, those that are too short for anything left out."""
    if all_numbers:
        return whole.cast(pa.string())
    large = pc.fill_null(pc.greater_equal(values, _SMALLEST), fill_value=False)
    if not pc.any(large).as_py():
        return None
    return pc.if_else(large, whole, pa.scalar(None, whole.type)).cast(pa.string())


def _offsets(values: Any) -> Int64s:
    return np.asarray(values.offsets).astype(np.int64)
