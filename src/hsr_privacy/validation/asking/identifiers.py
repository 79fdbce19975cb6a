"""Identifiers: whether a cell or a heading holds a national identifier, however it is stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hsr_privacy.frames import map_column, to_polars
from hsr_privacy.identifiers import Profile, check_column
from hsr_privacy.scanning.blocks import Block
from hsr_privacy.scanning.national import find_national, holds_duf, in_tier_a, judge
from hsr_privacy.scanning.parts import as_text
from hsr_privacy.scanning.runs import digit_runs, numbers
from hsr_privacy.validation.asking.answer import Answer, names_of, require, take

_ROWS: Final = 65_536
_TEN: Final = 10
_DUF: Final = 12
_HIT: Final = "__hit {}"
_LEAST: Final = 10**9
"""A national identifier that has lost its zero has ten digits."""


def none_held(data: Any, *, exclude: Sequence[str] = ()) -> Answer:
    """Count the cells and headings that hold a national identifier.

    Of every tier of `hsr_privacy.scanning.national`, in texts, bytes, whole numbers and decimals;
    among numbers also those that lost a leading zero, and DUF-numbers.

    Args:
        data: any frame.
        exclude: columns whose cells are not looked at, such as the identifiers of a raw delivery.
    """
    names = names_of(data)
    headings = int(_hits(pa.array(names, pa.string())).sum()) if names else 0
    looked_at = [name for name in names if name not in exclude]
    if not looked_at:
        return Answer(len(names), headings, 0)
    frame = take(data, looked_at)
    made, counts = [], [nw.len().alias("rows")]
    for name, kind in frame.collect_schema().items():
        if kind.is_numeric():
            large = nw.col(name).abs() >= _LEAST
            counts.append(large.cast(nw.Int64).sum().alias(_HIT.format(name)))
        elif kind in (nw.String, nw.Binary):
            made.append(name)
    row: dict[str, Any] = to_polars(frame.select(*counts)).row(0, named=True)
    rows = int(row.pop("rows"))
    made += [name for name in looked_at if row.get(_HIT.format(name))]
    cells = 0
    if made:
        for name in made:
            frame = map_column(frame, name, _as_numbers, into=_HIT.format(name), kind="int")
        sums = [nw.col(_HIT.format(name)).cast(nw.Int64).sum() for name in made]
        found: tuple[Any, ...] = to_polars(frame.select(*sums)).row(0)
        cells = sum(int(number or 0) for number in found)
    return Answer(rows * len(looked_at) + len(names), headings + cells, 0)


def valid(data: Any, *, column: str, profile: str = Profile.TEST.value) -> Answer:
    """Count the cells that are no valid national identifier; a missing one is left out.

    Args:
        data: any frame.
        column: identifiers, as text or as numbers.
        profile: which series are allowed; ``test`` takes what is valid in any environment.
    """
    frame = take(data, [column])
    kind = frame.collect_schema()[column]
    require(kind == nw.String or kind.is_numeric())
    frame = frame.with_columns(nw.col(column).cast(nw.String)) if kind.is_integer() else frame

    def wrong(array: Any) -> Any:
        check = check_column(array, profile=profile)
        there = np.asarray(array.is_valid())
        return pa.array(((check.kind_codes == 0) & there).astype(np.int32))

    frame = map_column(frame, column, wrong, into=_HIT, kind="int")
    row: tuple[Any, ...] = to_polars(
        frame.select(
            nw.len().alias("rows"),
            nw.col(column).count().alias("told"),
            nw.col(_HIT).cast(nw.Int64).sum().alias("wrong"),
        )
    ).row(0)
    rows, told, found = (int(number or 0) for number in row)
    return Answer(rows, found, rows - told)


def _as_numbers(array: Any) -> Any:
    """1 for each cell that holds an identifier, 0 for the others."""
    return pa.array(_hits(array).astype(np.int32))


def _hits(array: Any) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which cells hold an identifier."""
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], array.type)
    is_number = not (
        pa.types.is_string(array.type)
        or pa.types.is_large_string(array.type)
        or pa.types.is_binary(array.type)
        or pa.types.is_large_binary(array.type)
        or pa.types.is_string_view(array.type)
        or pa.types.is_binary_view(array.type)
        or pa.types.is_fixed_size_binary(array.type)
    )
    if is_number:
        array = pc.abs(array)
    found = np.zeros(len(array), dtype=bool)
    for at in range(0, len(array), _ROWS):
        text = as_text(array.slice(at, _ROWS), all_numbers=False)
        if text is not None:
            found[at : at + _ROWS] = _of_text(text, is_number=is_number)
    return found


def _of_text(text: Any, *, is_number: bool) -> np.ndarray[Any, np.dtype[np.bool_]]:
    block = Block.of_array(text, np.arange(len(text)))
    runs = digit_runs(block.data)
    found = np.zeros(len(text), dtype=bool)
    for hits in find_national(block, runs, known=None, strict=False):
        found[block.rows_at(hits.starts)] = True
    if is_number:
        ten = numbers(block.data, runs, (_TEN,))
        if len(ten):
            whole = np.pad(ten.digits, ((0, 0), (1, 0)))
            found[block.rows_at(ten.starts[in_tier_a(judge(whole))])] = True
        twelve = numbers(block.data, runs, (_DUF,))
        if len(twelve):
            found[block.rows_at(twelve.starts[holds_duf(twelve.digits)])] = True
    return found
