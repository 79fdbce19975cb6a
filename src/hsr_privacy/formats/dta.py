"""The dta file: the bytes of Stata's format 118, from columns that are laid out already."""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt

from hsr_privacy.errors import DataError
from hsr_privacy.formats.wording import MONTHS

Cells = npt.NDArray[np.generic]

LONGEST_LABEL: Final = 80
LONGEST_TEXT: Final = 2045
"""Bytes of a text in a column of fixed width; longer ones would need a part of the file of their own."""

_MOST_VARIABLES: Final = 32_767
_NAME_BYTES: Final = 129
_FORMAT_BYTES: Final = 57
_LABEL_BYTES: Final = 321
_ROWS: Final = 65_536
_NUMBERS: Final = {"i1": 65_530, "i2": 65_529, "i4": 65_528, "f8": 65_526}
"""Per numpy type of the cells, the number of Stata's: byte, int, long, double."""


@dataclass(frozen=True)
class Stored:
    """One variable as it is stored.

    Attributes:
        name: of the variable.
        cells: ``i1``, ``i2``, ``i4``, ``f8`` with Stata's own numbers for missing, or ``S1`` to
            ``S2045``.
        format: by which Stata shows them.
        label: at most 80 characters.
        labels: name of the set of value labels; empty where it has none.
    """

    name: str
    cells: Cells
    format: str
    label: str
    labels: str = ""


@dataclass(frozen=True)
class Characteristic:
    """A text that Stata keeps beside a variable or, for the owner ``_dta``, beside the whole."""

    owner: str
    name: str
    text: str


def write_dta(
    path: Path,
    variables: Sequence[Stored],
    rows: int,
    *,
    label: str,
    written: dt.datetime,
    characteristics: Sequence[Characteristic],
    value_labels: Mapping[str, Mapping[int, str]],
) -> None:
    """Write a file of format 118: Stata 14 and later, UTF-8, lowest byte first.

    Args:
        path: of the file.
        variables: in their order; at least one.
        rows: cells of each.
        label: of the whole, at most 80 characters.
        written: stands in the header, to the minute.
        characteristics: texts beside the variables, such as notes.
        value_labels: per set its labels by value; Stata's own numbers for missing may be among them.

    Raises:
        DataError: more than 32,767 variables.

    Source: StataCorp, [P] file formats .dta, release 15.
    """
    if len(variables) > _MOST_VARIABLES:
        raise DataError(
            f"Stata holds {_MOST_VARIABLES:,} columns, the table has {len(variables):,}"
        )
    notes = b"".join(map(_characteristic, characteristics))
    labels = b"".join(_label_set(*one) for one in value_labels.items())
    with path.open("wb") as file:
        file.write(b"<stata_dta>" + _header(len(variables), rows, label, written))
        _write_parts(file, variables, rows, notes, labels)


def _write_parts(
    file: BinaryIO, variables: Sequence[Stored], rows: int, notes: bytes, labels: bytes
) -> None:
    """All that follows the header; the map is written last, when every place is known."""
    places = [0]
    places.append(file.tell())
    file.write(b"<map>" + bytes(8 * 14) + b"</map>")

    def section(name: str, content: bytes) -> None:
        places.append(file.tell())
        file.write(f"<{name}>".encode() + content + f"</{name}>".encode())

    section("variable_types", b"".join(struct.pack("<H", _type(one.cells)) for one in variables))
    section("varnames", b"".join(_padded(one.name, _NAME_BYTES) for one in variables))
    section("sortlist", bytes(2 * (len(variables) + 1)))
    section("formats", b"".join(_padded(one.format, _FORMAT_BYTES) for one in variables))
    section("value_label_names", b"".join(_padded(one.labels, _NAME_BYTES) for one in variables))
    section("variable_labels", b"".join(_padded(one.label, _LABEL_BYTES) for one in variables))
    section("characteristics", notes)
    places.append(file.tell())
    file.write(b"<data>")
    _write_cells(file, variables, rows)
    file.write(b"</data>")
    section("strls", b"")
    section("value_labels", labels)
    places.append(file.tell())
    file.write(b"</stata_dta>")
    places.append(file.tell())
    file.seek(places[1] + len(b"<map>"))
    file.write(struct.pack("<14Q", *places))


def _header(variables: int, rows: int, label: str, written: dt.datetime) -> bytes:
    named = label.encode()
    moment = f"{written.day:02} {MONTHS[written.month - 1]} {written:%Y %H:%M}".encode()
    return b"".join(
        [
            b"<header><release>118</release><byteorder>LSF</byteorder>",
            b"<K>" + struct.pack("<H", variables) + b"</K>",
            b"<N>" + struct.pack("<Q", rows) + b"</N>",
            b"<label>" + struct.pack("<H", len(named)) + named + b"</label>",
            b"<timestamp>" + bytes([len(moment)]) + moment + b"</timestamp></header>",
        ]
    )


def _type(cells: Cells) -> int:
    kind = cells.dtype
    return kind.itemsize if kind.kind == "S" else _NUMBERS[f"{kind.kind}{kind.itemsize}"]


def _padded(text: str, size: int) -> bytes:
    """A text in a place of fixed size, closed by a zero at least."""
    return text.encode().ljust(size, b"\0")


def _characteristic(one: Characteristic) -> bytes:
    owner, name = _padded(one.owner, _NAME_BYTES), _padded(one.name, _NAME_BYTES)
    content = owner + name + one.text.encode() + b"\0"
    return b"<ch>" + struct.pack("<I", len(content)) + content + b"</ch>"


def _write_cells(file: BinaryIO, variables: Sequence[Stored], rows: int) -> None:
    """Row by row, some at a time, so that the table is not held twice."""
    row = np.dtype(
        [(f"c{at}", one.cells.dtype.newbyteorder("<")) for at, one in enumerate(variables)]
    )
    for start in range(0, rows, _ROWS):
        block = np.zeros(min(_ROWS, rows - start), dtype=row)
        for at, one in enumerate(variables):
            block[f"c{at}"] = one.cells[start : start + _ROWS]
        file.write(block.tobytes())


def _label_set(name: str, labels: Mapping[int, str]) -> bytes:
    values = sorted(labels)
    texts = [labels[value].encode() + b"\0" for value in values]
    starts = np.concatenate([[0], np.cumsum([len(text) for text in texts])])[: len(texts)]
    table = (
        struct.pack("<II", len(values), sum(map(len, texts)))
        + np.asarray(starts, "<i4").tobytes()
        + np.asarray(values, "<i4").tobytes()
        + b"".join(texts)
    )
    head = struct.pack("<I", len(table)) + _padded(name, _NAME_BYTES) + bytes(3)
    return b"<lbl>" + head + table + b"</lbl>"
