"""Archives and packed files: what is in them, what they say of it, and what they cannot be made to show."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any, BinaryIO, Final, TypeAlias

from hsr_privacy.scanning.blocks import Block
from hsr_privacy.scanning.parts import Piece, Place, Text, Unread
from hsr_privacy.scanning.reading import Counted, Source, TooMuch
from hsr_privacy.scanning.workbooks import BOOK, read_workbook

LookInto: TypeAlias = Callable[..., Iterator[Piece]]
"""Opens a source that was found at a place."""

_ENCRYPTED: Final = 0x1
_HEADER: Final = b"PK\x03\x04"
_LOCAL_HEADER: Final = 30
_PACKED: Final[dict[str, Callable[[BinaryIO], Any]]] = {
    "gzip": lambda file: gzip.GzipFile(fileobj=file, mode="rb"),
    "bzip2": bz2.BZ2File,
    "xz": lzma.LZMAFile,
}
PACKED: Final = frozenset((*_PACKED, "zstd"))
"""Formats of one packed file, by the name that `sniffing` gives them."""

ShownName: TypeAlias = Callable[[str, int], str]
"""A name as it may be shown, with its number among its kind."""


def read_packed(
    source: Source, place: Place, kind: str, look_into: LookInto, shown: ShownName
) -> Iterator[Piece]:
    """A file that is packed by itself: gzip, bzip2, xz or zstd."""
    source.file.seek(0)
    name = PurePosixPath(source.name).stem
    packed = _zstd(source) if kind == "zstd" else _PACKED[kind](source.file)
    file: Any = Counted(packed, source.spent)
    yield from look_into(_below(source, file, name, None), place.within(shown(name, 1)))


def read_zip(
    source: Source, place: Place, look_into: LookInto, shown: ShownName
) -> Iterator[Piece]:
    """The members of a zip file, its names, comments and extra fields; of a workbook its cells too."""
    source.file.seek(0)
    with zipfile.ZipFile(source.file) as archive:
        members = archive.infolist()
        yield Text(place, "member names", Block.of_texts([one.filename for one in members]))
        comments = [archive.comment, *(one.comment for one in members)]
        yield _texts(place, "comments", comments)
        yield _texts(place, "extra fields", [one.extra for one in members])
        if len(members) > source.limits.members:
            yield Unread(place, f"more than {source.limits.members:,} members; unpack it")
            return
        if _hides(source.file, members, archive.start_dir):
            yield Unread(place, "holds a member that its directory does not list; pack it anew")
        is_book = any(one.filename.lower() == BOOK for one in members)
        if is_book:
            yield from read_workbook(archive, place, source.spent)
        for number, one in enumerate(members, start=1):
            if not one.is_dir():
                where = place.within(shown(one.filename, number))
                yield from _member(source, archive, one, where, look_into, again=is_book)


def read_tar(
    source: Source, place: Place, look_into: LookInto, shown: ShownName
) -> Iterator[Piece]:
    """The members of a tar file and their names."""
    source.file.seek(0)
    with tarfile.open(fileobj=source.file, mode="r:") as archive:
        for number, one in enumerate(archive, start=1):
            texts = [one.name, one.linkname, one.uname, *map(str, one.pax_headers.values())]
            yield Text(place, "member names", Block.of_texts(texts))
            if number > source.limits.members:
                yield Unread(place, f"more than {source.limits.members:,} members; unpack it")
                return
            if not one.isfile():
                continue
            packed = archive.extractfile(one)
            assert packed is not None
            below = _below(source, packed, one.name, one.size)
            yield from look_into(below, place.within(shown(one.name, number)))


def _member(
    source: Source,
    archive: zipfile.ZipFile,
    one: zipfile.ZipInfo,
    where: Place,
    look_into: LookInto,
    *,
    again: bool,
) -> Iterator[Piece]:
    """One member of a zip file; one that is small is unpacked once, into memory."""
    if one.flag_bits & _ENCRYPTED:
        yield Unread(where, "has a password; unpack it and scan what is in it")
        return
    try:
        with archive.open(one) as packed:
            raw: Any = packed
            file: Any = Counted(raw, source.spent)
            if one.file_size <= source.limits.held:
                data = file.read(source.limits.held + 1)
                if len(data) <= source.limits.held:
                    file = io.BytesIO(data)
            yield from look_into(
                _below(source, file, one.filename, one.file_size), where, again=again
            )
    except TooMuch:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged member may fail in any way
        yield Unread(where, f"damaged, or packed in an unknown way ({type(error).__name__})")


def _below(source: Source, file: Any, name: str, size: int | None) -> Source:
    return Source(file, size, name, source.limits, source.spent, source.depth + 1)


def _texts(place: Place, part: str, raw: list[bytes]) -> Text:
    texts = [one.decode("utf-8", "replace") for one in raw]
    return Text(place, part, Block.of_texts(texts))


def _hides(file: BinaryIO, members: list[zipfile.ZipInfo], directory: int) -> bool:
    """Whether the header of a member stands where the directory lists none."""
    at = 0
    for one in sorted(members, key=lambda member: member.header_offset):
        if one.header_offset > at and _HEADER in _bytes(file, at, one.header_offset):
            return True
        file.seek(one.header_offset)
        header = file.read(_LOCAL_HEADER)
        lengths = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        at = max(at, one.header_offset + _LOCAL_HEADER + lengths + one.compress_size)
    return _HEADER in _bytes(file, at, directory)


def _bytes(file: BinaryIO, start: int, end: int) -> bytes:
    file.seek(start)
    return file.read(max(0, min(end - start, 1 << 24)))


def _zstd(source: Source) -> BinaryIO:
    """A file packed by zstd; unpacked into memory, for it cannot be gone through twice else."""
    import pyarrow as pa

    data = bytearray()
    with pa.CompressedInputStream(pa.PythonFile(source.file, mode="r"), "zstd") as stream:
        while chunk := stream.read(1 << 20):
            source.spent.take(len(chunk))
            data += chunk
            if len(data) > source.limits.held:
                raise TooMuch
    return io.BytesIO(data)
