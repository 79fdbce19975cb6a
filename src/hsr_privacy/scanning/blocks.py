"""Many rows of text as one run of bytes, so that a million rows are looked through at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Bytes: TypeAlias = NDArray[np.uint8]
Int64s: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

NEWLINE: Final = ord("\n")


@dataclass(frozen=True, repr=False)
class Block:
    """Rows of text behind each other, with a line feed between any two.

    The bytes are in an encoding in which ASCII is ASCII; which one does not matter.

    Attributes:
        data: shape (bytes,).
        starts: where each row begins in ``data``, shape (rows,), rising.
        numbers: what the file calls each row, shape (rows,); None where rows are bytes.
        first: place in the file of the first byte, where rows are bytes.
        step: how many bytes of the file each byte stands for, where rows are bytes.
    """

    data: Bytes
    starts: Int64s
    numbers: Int64s | None
    first: int = 0
    step: int = 1

    @classmethod
    def of_array(cls, values: Any, numbers: Int64s) -> Block:
        """A column: an Arrow array of text or bytes, missing ones empty, and the numbers of its rows."""
        if isinstance(values, pa.ChunkedArray):
            values = (
                pa.concat_arrays(values.chunks) if values.num_chunks else values.combine_chunks()
            )
        values = values.cast(pa.large_string()) if pa.types.is_string(values.type) else values
        values = pc.fill_null(values.cast(pa.large_binary()), b"")
        if not len(values):
            return cls(np.empty(0, np.uint8), np.empty(0, np.int64), numbers[:0])
        rows = pa.ListArray.from_arrays(pa.array([0, len(values)], pa.int32()), values)
        feed = pa.scalar(b"\n", pa.large_binary())
        joined = np.frombuffer(pc.binary_join(rows, feed)[0].as_buffer(), np.uint8)
        lengths = np.asarray(pc.binary_length(values)).astype(np.int64)
        return cls(joined, _starts(lengths), numbers)

    @classmethod
    def of_texts(cls, texts: Sequence[str], numbers: Sequence[int] | Int64s | None = None) -> Block:
        """Texts with the numbers of their rows; counted from 1 if left out."""
        rows = [text.encode("utf-8", "surrogatepass") for text in texts]
        named = np.arange(1, len(rows) + 1) if numbers is None else np.asarray(numbers)
        lengths = np.fromiter(map(len, rows), np.int64, len(rows))
        data = np.frombuffer(b"\n".join(rows), np.uint8)
        return cls(data, _starts(lengths), named.astype(np.int64))

    @classmethod
    def of_lines(cls, data: bytes | memoryview, first: int = 1) -> Block:
        """Lines of a text; ``first`` is the number of the first."""
        array = np.frombuffer(data, np.uint8)
        ends = np.flatnonzero(array == NEWLINE) + 1
        starts = np.concatenate([[0], ends[ends < len(array)]]).astype(np.int64)
        return cls(array, starts, np.arange(first, first + len(starts)))

    @classmethod
    def of_bytes(cls, data: bytes | Bytes, first: int = 0, step: int = 1) -> Block:
        """Bytes of which nobody knows what they are, from a place in the file on."""
        array = np.frombuffer(data, np.uint8) if isinstance(data, bytes) else data
        return cls(array, np.zeros(1, np.int64), None, first, step)

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.starts)

    def __repr__(self) -> str:
        """How much there is, and nothing of it."""
        return f"Block({len(self)} rows, {len(self.data)} bytes)"

    def rows_at(self, offsets: Int64s) -> Int64s:
        """The row (from 0) in which each byte lies."""
        return np.searchsorted(self.starts, offsets, side="right") - 1

    def numbers_at(self, offsets: Int64s) -> Int64s:
        """What the file calls the row, or the byte, in which each byte lies."""
        if self.numbers is None:
            return offsets * self.step + self.first
        return self.numbers[self.rows_at(offsets)]

    def ends(self) -> Int64s:
        """Where each row ends, its line ending left out, shape (rows,)."""
        ends = np.append(self.starts[1:] - 1, len(self.data)).astype(np.int64)
        for sign in (b"\n", b"\r"):
            full = ends > self.starts
            ends[full] -= self.data[ends[full] - 1] == sign[0]
        return ends

    def text(self, start: int, end: int) -> bytes:
        """Bytes from one place to another."""
        return self.raw[max(0, start) : max(0, end)]

    @cached_property
    def raw(self) -> bytes:
        """The same bytes, quicker to cut."""
        return self.data.tobytes()

    def without(self, rows: Int64s) -> Block:
        """The same with the bytes of some rows made zero."""
        data, ends = self.data.copy(), self.ends()
        for row in rows.tolist():
            data[self.starts[row] : ends[row]] = 0
        return Block(data, self.starts, self.numbers, self.first)


@dataclass(frozen=True)
class Hits:
    """Where one kind of thing was found in a block.

    Attributes:
        kind: what it is.
        tier: of a national identifier, ``A``, ``B`` or ``C``; None for all else.
        starts: first byte of each, shape (n,).
        marks: a number for each by which it is known again in the same run, shape (n,).
        about: name of the needle; empty where none was searched for.
    """

    kind: str
    tier: str | None
    starts: Int64s = field(repr=False)
    marks: Int64s = field(repr=False)
    about: str = ""


def table_of(signs: bytes) -> Bools:
    """For each byte whether it is one of these, shape (256,)."""
    table = np.zeros(256, dtype=bool)
    table[np.frombuffer(signs, np.uint8)] = True
    return table


def _starts(lengths: Int64s) -> Int64s:
    starts = np.zeros(len(lengths), np.int64)
    np.cumsum(lengths[:-1] + 1, out=starts[1:])
    return starts
