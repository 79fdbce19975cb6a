"""Read identifiers that are known from files, to be looked up elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Final

import numpy as np

from hsr_privacy.errors import DataError
from hsr_privacy.scanning.blocks import Block
from hsr_privacy.scanning.limits import Limits
from hsr_privacy.scanning.national import find_national, holds_duf, in_tier_a, judge
from hsr_privacy.scanning.opening import open_paths
from hsr_privacy.scanning.parts import Piece, Table, Text, Unread, as_text, leaves
from hsr_privacy.scanning.runs import Numbers, digit_runs, numbers

_DIGITS: Final = 11
_DUF_DIGITS: Final = 12


def identifiers_in(
    paths: Iterable[Path], *, columns: Collection[str] = (), limits: Limits | None = None
) -> Iterator[str]:
    """The identifiers that stand in files, one after the other, for `Known`.

    Args:
        paths: tables, deliveries or texts.
        columns: whose cells are identifiers, whatever they look like; if none are named, every valid
            national identifier counts, wherever it stands.
        limits: how deep and how much is unpacked.

    Raises:
        DataError: a path does not exist, a file cannot be read, or there is no identifier in any.
    """
    found = False
    for piece in open_paths(paths, limits or Limits(), _nothing_is_shown):
        if isinstance(piece, Unread):
            raise DataError(f"a file given as known: {piece.reason}; no identifier is read from it")
        for identifier in _cells(piece, columns) if columns else _valid(piece):
            found = True
            yield identifier
    if not found:
        raise DataError(
            "the files given as known hold no identifier; name the column, or another file"
        )


def _cells(piece: Piece, columns: Collection[str]) -> Iterator[str]:
    if isinstance(piece, Table):
        for column in piece.columns:
            if column.name in columns:
                for leaf in leaves(column):
                    values = as_text(leaf.values, all_numbers=True)
                    cells = [] if values is None else values.cast("large_binary").to_pylist()
                    yield from (one.decode("utf-8", "replace") for one in cells if one)


def _valid(piece: Piece) -> Iterator[str]:
    blocks = []
    if isinstance(piece, Table):
        for column in piece.columns:
            for leaf in leaves(column):
                values = as_text(leaf.values, all_numbers=False)
                blocks += [] if values is None else [Block.of_array(values, leaf.numbers)]
    elif isinstance(piece, Text) and not piece.again:
        blocks.append(piece.block)
    for block in blocks:
        runs = digit_runs(block.data)
        for hits in find_national(block, runs, known=None, strict=True):
            yield from (f"{mark:0{_DIGITS}d}" for mark in np.unique(hits.marks).tolist())
        ten = numbers(block.data, runs, (10,))
        if len(ten):  # a table program took the zero away
            whole = Numbers(np.pad(ten.digits, ((0, 0), (1, 0))), ten.starts, ten.ends)
            held = whole.of(in_tier_a(judge(whole.digits)))
            yield from (f"{number:0{_DIGITS}d}" for number in np.unique(held.values()).tolist())
        twelve = numbers(block.data, runs, (_DUF_DIGITS,))
        held = twelve.of(holds_duf(twelve.digits)) if len(twelve) else twelve
        yield from (f"{number:0{_DUF_DIGITS}d}" for number in np.unique(held.values()).tolist())


def _nothing_is_shown(_name: str) -> bool:
    return True
