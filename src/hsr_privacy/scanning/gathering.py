"""Everything that is found in the pieces of files, and what is not told twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import polars as pl

from hsr_privacy.scanning.blocks import Block, Hits, Int64s
from hsr_privacy.scanning.columns import (
    Evidence,
    Split,
    five_digits,
    placed,
    says_coordinates,
    says_phones,
)
from hsr_privacy.scanning.known import Known
from hsr_privacy.scanning.looking import Context, Seen, look
from hsr_privacy.scanning.matching import find_in_block, find_in_numbers, names_in
from hsr_privacy.scanning.needles import Needle
from hsr_privacy.scanning.parts import (
    Column,
    Opened,
    Piece,
    Place,
    Table,
    Text,
    Unread,
    as_text,
    leaves,
)
from hsr_privacy.scanning.report import Finding, ScanReport
from hsr_privacy.scanning.tally import Tallies

_Key: TypeAlias = tuple[Place, int, str, str]
_MOST_MARKS: Final = 5_000_000
"""So many things of one file are known again; of more, some may be told twice."""


class Gathering:
    """What was found so far; see `scan`."""

    def __init__(
        self, *, known: Known | None, shown: int | None, needles: Sequence[Needle] = ()
    ) -> None:
        self._known, self._shown, self._needles = known, shown, needles
        self._parts: dict[tuple[Place, str, str], Tallies] = {}
        self._evidence: dict[_Key, Evidence] = {}
        self._splits: dict[_Key, Split] = {}
        self._before: set[int] = set()
        self._unread: list[Unread] = []
        self._files = self._size = self._as_bytes = 0

    def is_telling(self, name: str) -> bool:
        """Whether a name holds something that must not be shown."""
        block = Block.of_texts([name])
        found = look(block, Context(self._known)).hits
        return bool(found or find_in_block(block, self._needles, ()))

    def take(self, piece: Piece) -> None:
        """Look through one piece of a file."""
        if isinstance(piece, Opened):
            self._files += 1
            self._as_bytes += piece.as_bytes
            if not piece.place.member:
                self._size += piece.size
                self._before = set()
        elif isinstance(piece, Unread):
            self._unread.append(piece)
        elif isinstance(piece, Table):
            self._table(piece)
        else:
            self._text(piece)

    def report(self) -> ScanReport:
        """All of it."""
        gathered: tuple[tuple[_Key, Tallies], ...] = (
            *((key, one.told()) for key, one in self._evidence.items()),
            *((key, one.told()) for key, one in self._splits.items()),
        )
        for (place, _, part, unit), told in gathered:
            if told.count:
                self._tallies(place, part, unit).merge(told)
        self._evidence, self._splits = {}, {}
        found = [
            Finding(place.file, place.member, part, kind, tier, count, unit, first, about)
            for (place, part, unit), tallies in self._parts.items()
            for (kind, tier, about), count, first in tallies.items()
        ]
        known = len(self._known) if self._known is not None else None
        return ScanReport(
            self._files, self._size, self._as_bytes, known, tuple(found), tuple(self._unread)
        )

    def _text(self, text: Text) -> None:
        context = Context(self._known, strict=text.strict)
        about = {text.about, *names_in(text.part)} if self._needles else ()
        for block in (text.block, *_as_utf_16(text.block)):
            seen = look(block, context)
            hits = [
                *seen.hits,
                *((one, block.numbers_at(one.starts)) for one in self._search(block, about)),
            ]
            self._add(text.place, text.part, text.unit, hits, again=text.again)
            if text.unit == "line" and not text.again:
                self._learn((text.place, 0, text.part, text.unit), text.part, seen)

    def _table(self, table: Table) -> None:
        place, unit = table.place, table.unit
        before: Column | None = None
        columns = (leaf for column in table.columns for leaf in leaves(column))
        for position, column in enumerate(columns):
            key = (place, position, column.part, unit)
            seen = self._column(key, column)
            if before is not None and before.numbers is column.numbers:
                self._split(key, before, column, seen)
            before = column

    def _column(self, key: _Key, column: Column) -> Seen | None:
        place, _, part, unit = key
        if self._needles:
            self._add(place, part, unit, find_in_numbers(column, self._needles))
        told = says_coordinates(column.name)
        values = as_text(column.values, all_numbers=told)
        if values is None:
            return None
        block = Block.of_array(values, column.numbers)
        seen = look(block, Context(self._known, phones=says_phones(column.name)))
        searched = self._search(block, {column.name, *names_in(part)}) if self._needles else []
        hits = [*seen.hits, *((one, block.numbers_at(one.starts)) for one in searched)]
        self._add(place, part, unit, hits)
        self._learn(key, column.name, seen)
        if told:
            self._coordinates(key, column, values)
        return seen

    def _search(self, block: Block, about: Any) -> list[Hits]:
        return find_in_block(block, self._needles, about) if self._needles else []

    def _split(self, key: _Key, left: Column, right: Column, seen: Seen | None) -> None:
        """Try the last two columns as one number."""
        if seen is None:  # small whole numbers have not been looked at
            if not str(right.values.type).startswith(("int", "uint")):
                return
            values = as_text(right.values, all_numbers=True)
            seen = look(Block.of_array(values, right.numbers), Context())
        digits = five_digits(seen)
        if digits is not None:
            place, position, _, unit = key
            joined = (place, position, f"{left.part} with {right.part}", unit)
            self._splits.setdefault(joined, Split(self._shown)).take(left, right, digits)

    def _coordinates(self, key: _Key, column: Column, values: Any) -> None:
        texts = values.cast("large_binary").to_pylist()
        series = pl.Series(
            [None if one is None else one.decode("utf-8", "replace") for one in texts],
            dtype=pl.String,
        )
        found = placed(column.name, series, column.numbers)
        if found is not None:
            self._add(key[0], key[2], key[3], [found])

    def _learn(self, key: _Key, name: str, seen: Seen) -> None:
        evidence = self._evidence.setdefault(key, Evidence(name, self._shown))
        self._remember(evidence.take(seen, self._known))

    def _add(
        self,
        place: Place,
        part: str,
        unit: str,
        found: Sequence[tuple[Hits, Int64s]],
        *,
        again: bool = False,
    ) -> None:
        for hits, numbers in found:
            some, where = self._new(hits, numbers) if again else (hits, numbers)
            if len(where):
                self._tallies(place, part, unit).add(some, where)
            self._remember(hits.marks)

    def _remember(self, marks: Int64s) -> None:
        if len(self._before) < _MOST_MARKS:
            self._before.update(marks.tolist())

    def _new(self, hits: Hits, numbers: Int64s) -> tuple[Hits, Int64s]:
        """What was not found before in this file."""
        marks = hits.marks.tolist()
        new = np.fromiter((mark not in self._before for mark in marks), bool, len(marks))
        chosen = Hits(hits.kind, hits.tier, hits.starts[new], hits.marks[new], hits.about)
        return chosen, numbers[new]

    def _tallies(self, place: Place, part: str, unit: str) -> Tallies:
        return self._parts.setdefault((place, part, unit), Tallies(self._shown))


def _as_utf_16(block: Block) -> Iterator[Block]:
    """Bytes read as UTF-16 of either order, where they are nobody knows what."""
    if block.numbers is not None:
        return
    for parity in (0, 1):
        text, zeros = block.data[parity::2], block.data[parity + 1 :: 2]
        count = min(len(text), len(zeros))
        if count and np.count_nonzero(zeros[:count] == 0):
            narrow = np.where(zeros[:count] == 0, text[:count], 0xFF).astype(np.uint8)
            yield Block.of_bytes(narrow, block.first + parity, step=2)
