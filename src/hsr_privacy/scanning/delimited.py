"""CSV: cells by column, and whatever stands in the file outside of its table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from hsr_privacy.scanning.blocks import Block
from hsr_privacy.scanning.parts import Column, Piece, Place, Table, Text
from hsr_privacy.scanning.reading import CHUNK, Source, lines_of, text_chunks
from hsr_privacy.scanning.sniffing import HEAD, Sniffed
from hsr_privacy.tables import looks_like_a_heading, shown_column

_OUTSIDE: Final = "outside of the table"


def read_delimited(source: Source, place: Place, sniffed: Sniffed) -> Iterator[Piece]:
    """The heading, the cells, and lines of another width than the heading's.

    Rows are counted from 1, the first row of data. A file that is no table after all is gone
    through again line by line.
    """
    first = _first_row(source, sniffed)
    heading = looks_like_a_heading(first)
    names = first if heading else [""] * len(first)
    parts = [shown_column(first, at) if heading else f"column {at + 1}" for at in range(len(first))]
    others: list[tuple[int, str]] = []

    def other(row: Any) -> str:
        others.append((max(row.number - heading, 0), row.text))
        return "skip"

    try:
        reader = _open(source, sniffed, len(first), other)
        yield from _rows(reader, place, names, parts, others, heading=heading)
    except (pa.ArrowInvalid, UnicodeError):
        yield from _outside(others, place)
        yield from lines_of(text_chunks(source, sniffed.encoding), place, "text", again=True)


def _rows(
    reader: Any,
    place: Place,
    names: list[str],
    parts: list[str],
    others: list[tuple[int, str]],
    *,
    heading: bool,
) -> Iterator[Piece]:
    """Batch by batch; rows of another width are left out, and keep their numbers."""
    number, begun = 1 - heading, False
    strange = np.empty(0, np.int64)
    for read in reader:
        batch = read
        strange = np.append(strange, [at for at, _ in others]).astype(np.int64)
        yield from _outside(others, place)
        every = np.arange(number, number + len(batch) + len(strange))
        numbers = every[~np.isin(every, strange)][: len(batch)]
        if heading and not begun and len(batch):
            texts = [column[0].as_py().decode("utf-8", "replace") for column in batch.columns]
            yield Text(place, "heading", Block.of_texts(texts))
            batch, numbers = batch.slice(1), numbers[1:]
            number, begun = 1, True
        if len(numbers):
            number, begun = int(numbers[-1]) + 1, True
            strange = strange[strange >= number]
        columns = zip(parts, names, batch.columns, strict=True)
        yield Table(place, [Column(part, name, cells, numbers) for part, name, cells in columns])
    yield from _outside(others, place)


def _outside(others: list[tuple[int, str]], place: Place) -> Iterator[Piece]:
    """Rows of another width, as they stand; the list is emptied."""
    if others:
        numbers, texts = zip(*others, strict=True)
        others.clear()
        yield Text(place, _OUTSIDE, Block.of_texts(texts, np.array(numbers)), "row")


def _open(source: Source, sniffed: Sniffed, width: int, other: Any) -> Any:
    source.file.seek(0)
    fields = [str(place) for place in range(width)]
    return arrow_csv.open_csv(
        source.file,
        read_options=arrow_csv.ReadOptions(
            use_threads=False,
            block_size=CHUNK,
            column_names=fields,
            encoding=_arrow_encoding(sniffed.encoding),
        ),
        parse_options=arrow_csv.ParseOptions(
            delimiter=sniffed.delimiter, newlines_in_values=True, invalid_row_handler=other
        ),
        convert_options=arrow_csv.ConvertOptions(
            check_utf8=False,
            column_types=dict.fromkeys(fields, pa.binary()),
            null_values=[],
            strings_can_be_null=False,
            quoted_strings_can_be_null=False,
        ),
    )


def _first_row(source: Source, sniffed: Sniffed) -> list[str]:
    raw = source.head(HEAD)
    head = raw.decode(sniffed.encoding or "utf-8", "replace")
    first, _, _ = head.partition("\n")
    if "\ufffd" in first:
        head = raw.decode("cp1252", "replace")
    return next(row for row in csv.reader(io.StringIO(head), delimiter=sniffed.delimiter) if row)


def _arrow_encoding(encoding: str) -> str:
    return {"": "utf8", "utf-8-sig": "utf8"}.get(encoding, encoding)
