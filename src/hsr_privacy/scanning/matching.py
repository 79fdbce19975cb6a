"""Where needles stand: in a block of rows, in the cells of a column, in plain bytes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hsr_privacy.scanning.blocks import Block, Hits, Int64s
from hsr_privacy.scanning.needles import Needle
from hsr_privacy.scanning.parts import Column

_WORDS: Final = re.compile(r"[^\s'.\[\],]+")
_ENDS: Final = frozenset(
    [
        "min",
        "max",
        "minimum",
        "maximum",
        "smallest",
        "largest",
        "first",
        "last",
        "value",
        "values",
        "levels",
        "categories",
    ]
)
_WORD_ENDS: Final = re.compile(rb"[A-Za-z0-9\x80-\xff]$")
_WORD_BEGINS: Final = re.compile(rb"[A-Za-z0-9\x80-\xff]")
_DECIMAL_ENDS: Final = re.compile(rb"[0-9][.,]$")
_DECIMAL_BEGINS: Final = re.compile(rb"[.,][0-9]*[1-9]")


def find_in_block(block: Block, needles: Sequence[Needle], about: Iterable[str]) -> list[Hits]:
    """Needles in rows of text: telling ones as whole words, others where a row is nothing else.

    Args:
        block: rows of text, or plain bytes.
        needles: what is searched for.
        about: names of columns that the rows tell of.
    """
    own = frozenset(about)
    found = []
    for needle in needles:
        places: set[int] = set()
        if needle.is_telling:
            for text in _spelled(needle):
                places.update(
                    at for at in _occurrences(block.raw, text) if _apart(block, at, text, needle)
                )
            if block.numbers is None:
                for one in needle.binary():
                    places.update(_occurrences(block.raw, one))
        if needle.column in own and block.numbers is not None:
            places |= _whole(block, needle)
        if places:
            found.append(_hits(needle, np.array(sorted(places), np.int64)))
    return found


def find_in_numbers(column: Column, needles: Sequence[Needle]) -> list[tuple[Hits, Int64s]]:
    """Needles in a column of numbers, days or times."""
    kind = column.values.type
    found = []
    for needle in needles:
        if not needle.is_telling and needle.column != column.name:
            continue
        equal = _equal(column.values, kind, needle)
        if equal is None:
            continue
        rows = np.flatnonzero(np.asarray(pc.fill_null(equal, fill_value=False)))
        if len(rows):
            found.append((_hits(needle, rows), column.numbers[rows]))
    return found


def names_in(part: str) -> frozenset[str]:
    """Columns of whose values a part may tell: all that it names, of a path of keys the last ones.

    >>> sorted(names_in("key 'rows[].alder.max'"))
    ['alder', 'max']
    >>> sorted(names_in("key 'alder.distinct'"))
    ['distinct']
    """
    words = _WORDS.findall(part)
    if not part.startswith("key "):
        return frozenset(words)
    return frozenset(words[-2:] if words[-1] in _ENDS else words[-1:])


def _equal(values: Any, kind: Any, needle: Needle) -> Any | None:
    value = needle.value
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return pc.equal(pc.cast(values, pa.float64(), safe=False), pa.scalar(float(value)))
    if pa.types.is_timestamp(kind) and isinstance(value, dt.datetime):
        plain = value.replace(tzinfo=None)
        return pc.equal(pc.cast(values, pa.timestamp("us"), safe=False), pa.scalar(plain))
    if pa.types.is_date(kind) and isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return pc.equal(pc.cast(values, pa.date32(), safe=False), pa.scalar(value))
    return None


def _whole(block: Block, needle: Needle) -> set[int]:
    """Rows that are the value and nothing else."""
    spellings = {text.encode() for text in needle.spellings()}
    lengths = {len(text) for text in spellings}
    ends = block.ends()
    likely = np.flatnonzero(np.isin(ends - block.starts, list(lengths)))
    return {
        int(block.starts[row])
        for row in likely.tolist()
        if block.text(int(block.starts[row]), int(ends[row])) in spellings
    }


@cache
def _spelled(needle: Needle) -> tuple[bytes, ...]:
    return tuple(text.encode() for text in needle.spellings())


def _apart(block: Block, at: int, text: bytes, needle: Needle) -> bool:
    """Whether a spelling is no part of a longer word or number."""
    before, behind = block.text(at - 3, at), block.text(at + len(text), at + len(text) + 20)
    if _WORD_ENDS.search(before) or _WORD_BEGINS.match(behind):
        return False
    number = isinstance(needle.value, int | float)
    return not (number and (_DECIMAL_ENDS.search(before) or _DECIMAL_BEGINS.match(behind)))


def _occurrences(data: bytes, wanted: bytes) -> list[int]:
    found, at = [], data.find(wanted)
    while at >= 0:
        found.append(at)
        at = data.find(wanted, at + 1)
    return found


def _hits(needle: Needle, places: Int64s) -> Hits:
    mark = hash((needle.name, needle.kind))
    return Hits(needle.kind, None, places, np.full(len(places), mark, np.int64), needle.name)
