"""Files of Stata, SPSS and SAS: cells, and the labels, notes and names around them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

import numpy as np
import pyarrow as pa

from hsr_privacy.scanning.blocks import Block
from hsr_privacy.scanning.columnar import as_written
from hsr_privacy.scanning.parts import Column, Piece, Place, Table, Text
from hsr_privacy.scanning.reading import NotLooked, Source
from hsr_privacy.tables import shown_column

_ROWS: Final = 50_000
_READERS: Final = {
    "dta": "read_dta",
    "sav": "read_sav",
    "por": "read_por",
    "sas7bdat": "read_sas7bdat",
    "xport": "read_xport",
}
_ENCODINGS: Final = (None, "WINDOWS-1252")
_HEAD: Final = 16 << 20
_END_OF_DICTIONARY: Final = b"\xe7\x03\0\0\0\0\0\0"
_MAP: Final = b"<map>"
_AROUND_CELLS: Final = (9, 10)
"""Entries of the map of a Stata file: where its cells begin, and what comes behind them."""


def read_statistical(source: Source, place: Place, kind: str) -> Iterator[Piece]:
    """The cells of a file of Stata, SPSS or SAS, names, labels of variables and values, and notes.

    Args:
        source: the file.
        place: where it lies.
        kind: ``dta``, ``sav``, ``por``, ``sas7bdat`` or ``xport``.
    """
    import pyreadstat

    read = getattr(pyreadstat, _READERS[kind])
    read, about = _described(read, source)
    names = list(about.column_names)
    yield Text(place, "column names", Block.of_texts(names))
    texts = [*(about.notes or []), about.file_label or "", str(about.table_name or "")]
    yield Text(place, "notes", Block.of_texts([str(text) for text in texts if text]))
    labels = dict(zip(names, about.column_labels or [], strict=False))
    yield from _labels(place, names, labels, about.variable_value_labels or {})
    yield from _rows(read, source, place, names)


def besides_cells(source: Source, kind: str) -> Sequence[tuple[int, int]]:
    """From and to which byte a file holds something else than cells; -1 is its end.

    Cells of a fixed width stand beside each other without a sign between, so that two of them
    read as one number.
    """
    head = source.head(_HEAD)
    if kind == "sav":
        at = head.find(_END_OF_DICTIONARY)
        return ((0, at),) if at >= 0 else ((0, -1),)
    at = head.find(_MAP)
    if kind != "dta" or at < 0:
        return ((0, -1),)
    order: Literal["little", "big"] = "big" if b"<byteorder>MSF" in head[:at] else "little"
    places = [
        int.from_bytes(head[at + len(_MAP) + 8 * entry :][:8], order) for entry in _AROUND_CELLS
    ]
    return ((0, places[0]), (places[1], -1))


def _described(read: Callable[..., Any], source: Source) -> tuple[Callable[..., Any], Any]:
    """The reader with the encoding in which the names can be read, and what the file says of itself."""
    for encoding in _ENCODINGS:

        def reader(encoding: str | None = encoding, **options: Any) -> Any:
            source.file.seek(0)
            return read(source.file, encoding=encoding, output_format="dict", **options)

        try:
            return reader, reader(metadataonly=True)[1]
        except UnicodeDecodeError:
            continue
    raise NotLooked("its letters are in no known encoding; save it as UTF-8")


def _labels(
    place: Place, names: list[str], labels: Mapping[str, Any], of_values: Mapping[str, Any]
) -> Iterator[Piece]:
    for at, name in enumerate(names):
        shown = shown_column(names, at)
        if labels.get(name):
            yield Text(place, f"label of {shown}", Block.of_texts([str(labels[name])]), about=name)
        pairs = of_values.get(name)
        if pairs:
            words = [as_written(word) for pair in pairs.items() for word in pair]
            yield Text(place, f"value labels of {shown}", Block.of_texts(words), about=name)


def _rows(
    read: Callable[..., Any], source: Source, place: Place, names: list[str]
) -> Iterator[Piece]:
    del source
    passed = 0
    while True:
        cells, _ = read(row_offset=passed, row_limit=_ROWS)
        columns = [_array(cells[name]) for name in names]
        count = len(columns[0]) if columns else 0
        if not count:
            return
        numbers = np.arange(passed + 1, passed + count + 1)
        passed += count
        yield Table(
            place,
            [
                Column(shown_column(names, at), name, column, numbers)
                for at, (name, column) in enumerate(zip(names, columns, strict=True))
            ],
        )
        if count < _ROWS:
            return


def _array(cells: Any) -> Any:
    """A column as Arrow has it; one that mixes kinds as text."""
    try:
        return pa.array(cells, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([as_written(cell) for cell in cells], pa.string())
