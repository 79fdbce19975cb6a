"""Parquet and Arrow files: cells, and what the file says of them besides: statistics, metadata, dictionaries."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from hsr_privacy.scanning.blocks import Block
from hsr_privacy.scanning.parts import Column, Piece, Place, Table, Text
from hsr_privacy.scanning.reading import Source
from hsr_privacy.tables import shown_column

_ROWS: Final = 65_536
_SCHEMA: Final = b"ARROW:schema"


def read_parquet(source: Source, place: Place) -> Iterator[Piece]:
    """The cells of a Parquet file, column names, statistics, metadata and dictionaries."""
    source.file.seek(0)
    file = parquet.ParquetFile(source.file)
    names = file.schema_arrow.names
    yield Text(place, "column names", Block.of_texts(names))
    yield from _metadata(place, file.metadata.metadata or {}, file.metadata.created_by or "")
    yield from _statistics(place, file.metadata, names)
    yield from _dictionaries(source, place, names)
    yield from _batches(file.iter_batches(batch_size=_ROWS), place, names)


def read_arrow(source: Source, place: Place) -> Iterator[Piece]:
    """The cells of an Arrow file (Feather), column names and metadata."""
    source.file.seek(0)
    file = pa.ipc.open_file(source.file)
    names = file.schema.names
    yield Text(place, "column names", Block.of_texts(names))
    yield from _metadata(place, file.schema.metadata or {}, "")
    batches = (file.get_batch(number) for number in range(file.num_record_batches))
    yield from _batches(batches, place, names)


def _batches(batches: Iterator[Any], place: Place, names: Sequence[str]) -> Iterator[Piece]:
    number = 1
    for batch in batches:
        numbers = np.arange(number, number + len(batch))
        number += len(batch)
        columns = [
            Column(shown_column(names, at), name, cells, numbers)
            for at, (name, cells) in enumerate(zip(names, batch.columns, strict=True))
        ]
        yield Table(place, columns)


def _metadata(place: Place, pairs: Mapping[bytes, bytes], writer: str) -> Iterator[Piece]:
    """What the file says of itself, such as an index of pandas; Arrow repeats it in its own schema."""
    texts = [writer]
    for key, value in pairs.items():
        if key != _SCHEMA:
            texts += [key.decode("utf-8", "replace"), value.decode("utf-8", "replace")]
    yield Text(place, "metadata", Block.of_texts(texts))
    try:
        schema = base64.b64decode(pairs.get(_SCHEMA, b"")).decode("utf-8", "replace")
    except binascii.Error:
        schema = pairs[_SCHEMA].decode("utf-8", "replace")
    yield Text(place, "metadata", Block.of_texts([schema]), again=True)


def _statistics(place: Place, metadata: Any, names: Sequence[str]) -> Iterator[Piece]:
    """Smallest and largest values that each row group states of each column."""
    told: dict[str, list[str]] = {}
    for group in range(metadata.num_row_groups):
        row_group = metadata.row_group(group)
        for column in range(row_group.num_columns):
            chunk = row_group.column(column)
            statistics = chunk.statistics
            if statistics is not None and statistics.has_min_max:
                texts = told.setdefault(chunk.path_in_schema, [])
                texts += [as_written(statistics.min), as_written(statistics.max)]
    for path, texts in told.items():
        top = path.split(".", 1)[0]
        shown = shown_column(names, names.index(top)) if top in names else "a column"
        yield Text(place, f"statistics of {shown}", Block.of_texts(texts), about=top)


def _dictionaries(source: Source, place: Place, names: Sequence[str]) -> Iterator[Piece]:
    """Words of dictionaries that no row has: what was there before rows were taken out."""
    source.file.seek(0)
    plain = parquet.ParquetFile(source.file).schema_arrow
    texts = [
        name
        for name in names
        if (kind := plain.field(name).type) is not None
        and (
            pa.types.is_string(kind)
            or pa.types.is_large_string(kind)
            or pa.types.is_dictionary(kind)
        )
    ]
    if not texts or len(set(names)) != len(names):
        return
    source.file.seek(0)
    file = parquet.ParquetFile(source.file, read_dictionary=texts)
    for group in range(file.num_row_groups):
        for name in texts:
            for chunk in file.read_row_group(group, columns=[name]).column(0).chunks:
                if not isinstance(chunk, pa.DictionaryArray):
                    continue
                words = np.ones(len(chunk.dictionary), dtype=bool)
                used = np.asarray(chunk.indices.drop_null()).astype(np.int64)
                words[used] = False
                left = np.flatnonzero(words)
                if len(left):
                    unused = [
                        as_written(one) for one in chunk.dictionary.take(pa.array(left)).to_pylist()
                    ]
                    part = f"unused dictionary of {shown_column(names, names.index(name))}"
                    yield Text(place, part, Block.of_texts(unused), about=name)


def as_written(value: object) -> str:
    """A value as people would write it: numbers plainly, days and times as ISO 8601."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
