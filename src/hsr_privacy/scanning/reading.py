"""Bytes of a file, chunk by chunk, and a count of what was unpacked."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, BinaryIO, Final

from hsr_privacy.scanning.blocks import Block
from hsr_privacy.scanning.limits import Limits
from hsr_privacy.scanning.parts import Place, Text

CHUNK: Final = 8 << 20
_TAIL: Final = 4096
_PART_OF_NUMBERS: Final = frozenset(
    b"0123456789 -./_@+,:;=%&#'()\t"
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" + bytes(range(0x80, 0x100))
)


class TooMuch(Exception):
    """More would be unpacked than the limits allow."""


class NotLooked(Exception):
    """A file, or a part, is not looked into; the text says why and what to do."""


@dataclass
class Source:
    """A file to be looked into.

    Attributes:
        file: open for reading, at any place.
        size: its bytes; None if that is known only when it has been unpacked.
        name: told by nobody, for its ending only.
        limits: how much is unpacked.
        spent: bytes unpacked so far from the file on the disk.
        depth: archives around it.
    """

    file: BinaryIO
    size: int | None
    name: str = field(repr=False)
    limits: Limits
    spent: Spent
    depth: int = 0

    def head(self, count: int) -> bytes:
        """The first bytes."""
        self.file.seek(0)
        return self.file.read(count)

    def whole(self) -> bytes:
        """All bytes.

        Raises:
            NotLooked: more than may be held in memory.
        """
        self.file.seek(0)
        data = self.file.read(self.limits.held + 1)
        if len(data) > self.limits.held:
            raise NotLooked(
                f"more than {self.limits.held >> 20} MiB, which this format needs in memory; "
                "split it, or unpack it and scan it by itself"
            )
        return data


@dataclass
class Spent:
    """How much was unpacked from one file on the disk."""

    most: int
    bytes: int = 0

    def take(self, count: int) -> None:
        """Count what was unpacked.

        Raises:
            TooMuch: it is more than allowed.
        """
        self.bytes += count
        if self.bytes > self.most:
            raise TooMuch


class Counted(io.RawIOBase):
    """A packed file that counts what is unpacked from it."""

    def __init__(self, file: IO[bytes], spent: Spent) -> None:
        self._file, self._spent = file, spent

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is, by unpacking again."""
        return True

    def seek(self, place: int, whence: int = 0) -> int:
        """Go to a place."""
        return self._file.seek(place, whence)

    def tell(self) -> int:
        """Where it is."""
        return self._file.tell()

    def read(self, count: int = -1) -> bytes:
        """Read and count."""
        data = self._file.read(count)
        self._spent.take(len(data))
        return data

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer and count."""
        view = memoryview(buffer)
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)


def raw_chunks(source: Source) -> Iterator[bytes]:
    """The bytes of a file as they are."""
    source.file.seek(0)
    while data := source.file.read(CHUNK):
        yield data


def text_chunks(source: Source, encoding: str) -> Iterator[bytes]:
    """The bytes of a text, as UTF-8 if it is in an encoding in which ASCII is not ASCII."""
    if not encoding:
        yield from raw_chunks(source)
        return
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    for data in raw_chunks(source):
        yield decoder.decode(data).encode("utf-8", "replace")


def cut(chunks: Iterator[bytes], *, lines: bool) -> Iterator[bytes]:
    """The same bytes, cut where no number and no address is cut in two.

    Args:
        chunks: as they were read.
        lines: cut behind a line feed, if a chunk has one.
    """
    data = b""
    for chunk in chunks:
        if data:
            at = _place_to_cut(data, lines=lines)
            yield data[:at]
            data = data[at:] + chunk
        else:
            data = chunk
    if data:
        yield data


def _place_to_cut(data: bytes, *, lines: bool) -> int:
    at = data.rfind(b"\n") + 1 if lines else 0
    if at:
        return at
    at, least = len(data), max(0, len(data) - _TAIL)
    while at > least and data[at - 1] in _PART_OF_NUMBERS:
        at -= 1
    return at if at > least else len(data)


def lines_of(
    chunks: Iterator[bytes], place: Place, part: str, *, strict: bool = False, again: bool = False
) -> Iterator[Text]:
    """A text line by line."""
    number = 1
    for data in cut(chunks, lines=True):
        block = Block.of_lines(data, number)
        yield Text(place, part, block, "line", strict=strict, again=again)
        number += data.count(b"\n")


def bytes_of(
    source: Source, place: Place, *, again: bool, spans: Sequence[tuple[int, int]] = ((0, -1),)
) -> Iterator[Text]:
    """A file as bytes of which nobody knows what they are.

    Args:
        source: the file.
        place: where it lies.
        again: it has been read otherwise before.
        spans: from and to which byte; -1 is the end of the file.
    """
    for start, end in spans:
        offset = start
        for data in cut(_span(source, start, end), lines=False):
            block = Block.of_bytes(data, offset)
            yield Text(place, "bytes of the file", block, "byte", strict=True, again=again)
            offset += len(data)


def _span(source: Source, start: int, end: int) -> Iterator[bytes]:
    source.file.seek(start)
    left = end - start if end >= 0 else -1
    while left and (data := source.file.read(CHUNK if left < 0 else min(CHUNK, left))):
        left -= len(data) if left > 0 else 0
        yield data
