"""SQLite databases, opened so that nothing is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Final

import numpy as np
import pyarrow as pa

from hsr_privacy.scanning.blocks import Block
from hsr_privacy.scanning.columnar import as_written
from hsr_privacy.scanning.parts import Column, Piece, Place, Table, Text
from hsr_privacy.scanning.reading import Source
from hsr_privacy.tables import looks_like_a_name, shown_column

_ROWS: Final = 20_000
_TREES: Final = (b"\x02", b"\x05", b"\x0a", b"\x0d")
"""What the page of a table or an index begins with."""


def read_sqlite(source: Source, place: Place) -> Iterator[Piece]:
    """The cells of every table, and the names and statements of the schema.

    A copy in memory is read, so that no lock and no journal appears beside the file.
    """
    with closing(sqlite3.connect(":memory:")) as database:
        data = source.whole()
        database.deserialize(_without_journal(data))
        database.text_factory = bytes
        schema = database.execute("SELECT name, sql, type FROM sqlite_master").fetchall()
        texts = [as_written(text) for name, statement, _ in schema for text in (name, statement)]
        yield Text(place, "schema", Block.of_texts(texts))
        tables = [as_written(name) for name, _, kind in schema if kind == b"table"]
        for number, name in enumerate(tables, start=1):
            shown = f"table '{name}'" if looks_like_a_name(name) else f"table {number}"
            yield from _rows(database, place, name, shown)
        slack = b"\n".join(_unused(data))
        yield Text(place, "deleted rows and unused space", Block.of_lines(slack), again=True)


def _unused(data: bytes) -> Iterator[bytes]:
    """Bytes of the database that belong to no row: pages set free, and space inside of pages.

    Source: https://www.sqlite.org/fileformat2.html, sections 1.5 and 1.6.
    """
    size = int.from_bytes(data[16:18], "big")
    size = 65_536 if size == 1 else size
    pages = range(len(data) // size if size else 0)
    free: set[int] = set()
    trunk = int.from_bytes(data[32:36], "big")
    while trunk and trunk - 1 not in free and trunk <= len(pages):
        free.add(trunk - 1)
        page = data[(trunk - 1) * size : trunk * size]
        count = min(int.from_bytes(page[4:8], "big"), size // 4 - 2)
        free |= {int.from_bytes(page[8 + 4 * at :][:4], "big") - 1 for at in range(count)}
        trunk = int.from_bytes(page[:4], "big")
    for number in pages:
        page = data[number * size : (number + 1) * size]
        if number in free:
            yield page
            continue
        header = 100 if number == 0 else 0
        if page[header : header + 1] not in _TREES:
            continue
        first, cells, content = (
            int.from_bytes(page[header + at : header + at + 2], "big") for at in (1, 3, 5)
        )
        inner = page[header] in {2, 5}
        yield page[header + (12 if inner else 8) + 2 * cells : content or size]
        while first and first + 4 <= size:
            following, length = (
                int.from_bytes(page[first + at : first + at + 2], "big") for at in (0, 2)
            )
            yield page[first + 4 : first + length]
            first = following if following > first else 0


def _without_journal(data: bytes) -> bytes:
    """The same, said to have no write-ahead log: SQLite opens none from memory."""
    return data[:18] + b"\1\1" + data[20:] if data[18:20] == b"\2\2" else data


def _rows(database: sqlite3.Connection, place: Place, name: str, shown: str) -> Iterator[Piece]:
    quoted = name.replace('"', '""')
    cursor = database.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608 - quoted as SQL has it
    names = [as_written(described[0]) for described in cursor.description]
    number = 1
    while rows := cursor.fetchmany(_ROWS):
        numbers = np.arange(number, number + len(rows))
        number += len(rows)
        columns = []
        for at, cells in enumerate(zip(*rows, strict=True)):
            raw = [
                cell if isinstance(cell, bytes) else as_written(cell).encode("utf-8", "replace")
                for cell in cells
            ]
            part = f"{shown}, {shown_column(names, at)}"
            columns.append(Column(part, names[at], pa.array(raw, pa.large_binary()), numbers))
        yield Table(place, columns)
