"""Files and folders, opened down to the tables and texts that they hold."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeAlias

from hsr_privacy.errors import DataError
from hsr_privacy.scanning.archives import PACKED, read_packed, read_tar, read_zip
from hsr_privacy.scanning.blocks import Block
from hsr_privacy.scanning.columnar import read_arrow, read_parquet
from hsr_privacy.scanning.databases import read_sqlite
from hsr_privacy.scanning.delimited import read_delimited
from hsr_privacy.scanning.limits import Limits
from hsr_privacy.scanning.markup import read_html, read_xml
from hsr_privacy.scanning.parts import Opened, Piece, Place, Text, Unread
from hsr_privacy.scanning.reading import (
    NotLooked,
    Source,
    Spent,
    TooMuch,
    bytes_of,
    lines_of,
    text_chunks,
)
from hsr_privacy.scanning.sniffing import HEAD, Sniffed, sniff
from hsr_privacy.scanning.statistical import besides_cells, read_statistical
from hsr_privacy.scanning.trees import read_json, read_json_lines

Telling: TypeAlias = Callable[[str], bool]
"""Whether a name holds something that must not be shown."""

_SEARCHED_ONCE: Final = frozenset(("csv", "lines", "code", "json", "json lines", "sqlite", "bytes"))
"""Formats of which nothing is left out by reading them; of all others the bytes are searched too."""

_NAME: Final = "name"


def open_paths(paths: Iterable[Path], limits: Limits, telling: Telling) -> Iterator[Piece]:
    """Everything that files and folders hold, piece by piece.

    Args:
        paths: files and folders; of a folder, everything below, links followed once.
        limits: how deep and how much is unpacked.
        telling: asked of each name before it is shown.

    Raises:
        DataError: a path does not exist, or there is no file.
    """
    opener = _Opener(limits, telling)
    given = [Path(path) for path in paths]
    for path in given:
        if not path.exists():
            raise DataError(f"{opener.shown_path(path)}: no such file or folder")
    found = False
    for path in given:
        for piece in opener.everything(path):
            found = found or isinstance(piece, Opened | Unread)
            yield piece
    if not found:
        named = ", ".join(opener.shown_path(path) for path in given)
        raise DataError(f"{named}: holds no file; name the file or folder that is to leave")


class _Opener:
    def __init__(self, limits: Limits, telling: Telling) -> None:
        self._limits, self._telling = limits, telling

    def shown_path(self, path: Path) -> str:
        """A path, those of its names withheld that hold something."""
        return str(Path(*(self.shown(name, at) for at, name in enumerate(path.parts))))

    def shown(self, name: str, number: int) -> str:
        """A name, or its number where it holds something."""
        text = _readable(name)
        if not self._telling(text):
            return "".join(sign if sign.isprintable() else "?" for sign in text)
        return f"[name {number} withheld]{_suffix(name)}"

    def everything(self, path: Path) -> Iterator[Piece]:
        """All files below a path in order, each with its name; links are followed, folders once."""
        seen: set[str] = set()
        waiting = [(path, self.shown_path(path))]
        while waiting:
            at, shown = waiting.pop()
            yield Text(Place(shown), _NAME, Block.of_texts([_readable(at.name)]))
            if not at.is_dir():
                yield from self.file(at, shown)
                continue
            real = os.path.realpath(at)
            if real in seen:
                continue
            seen.add(real)
            try:
                inside = sorted(one.name for one in at.iterdir())
            except OSError as error:
                yield Unread(Place(shown), _refused(error))
                continue
            below = enumerate(inside, start=1)
            waiting += reversed(
                [
                    (at / name, f"{shown}{os.sep}{self.shown(name, number)}")
                    for number, name in below
                ]
            )

    def file(self, path: Path, shown: str) -> Iterator[Piece]:
        """What one file on the disk holds."""
        place = Place(shown)
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                yield Unread(place, "no ordinary file but a pipe, socket or device")
                return
            with path.open("rb") as file:
                spent = Spent(self._limits.unpacked)
                source = Source(file, status.st_size, path.name, self._limits, spent)
                yield from self.look_into(source, place)
        except OSError as error:
            yield Unread(place, _refused(error))

    def look_into(self, source: Source, place: Place, *, again: bool = False) -> Iterator[Piece]:
        """What a source holds: by its format, and by its bytes where the format may hide something."""
        if source.depth > self._limits.depth:
            yield Unread(place, f"lies in more than {self._limits.depth} archives; unpack it")
            return
        try:
            head = source.head(HEAD)
            sniffed = sniff(head, source.name, whole=len(head) < HEAD)
            yield Opened(place, source.size or 0, as_bytes=sniffed.kind == "bytes")
            if not head:
                return
            for piece in self._read(source, place, sniffed):
                yield replace(piece, again=True) if again and isinstance(piece, Text) else piece
            if sniffed.kind not in _SEARCHED_ONCE:
                kind = sniffed.kind
                spans = besides_cells(source, kind) if kind in {"dta", "sav"} else ((0, -1),)
                yield from bytes_of(source, place, again=True, spans=spans)
        except TooMuch:
            if source.depth:
                raise  # the whole file on the disk is too much
            most = self._limits.unpacked >> 20
            yield Unread(
                place, f"unpacks to more than {most:,} MiB; unpack it and scan what is in it"
            )

    def _read(self, source: Source, place: Place, sniffed: Sniffed) -> Iterator[Piece]:
        """By its format; whatever goes wrong is told, and the bytes are searched all the same."""
        try:
            yield from self._by_format(source, place, sniffed)
        except (TooMuch, OSError) as error:
            if isinstance(error, TooMuch) or error.errno is not None:
                raise
            yield Unread(place, _damaged(sniffed, error))
        except NotLooked as refused:
            yield Unread(place, str(refused))
        except Exception as error:  # noqa: BLE001 - foreign parsers fail on damaged files in any way
            yield Unread(place, _damaged(sniffed, error))

    def _by_format(self, source: Source, place: Place, sniffed: Sniffed) -> Iterator[Piece]:
        kind, encoding = sniffed.kind, sniffed.encoding
        if kind == "closed":
            raise NotLooked(sniffed.reason)
        if kind == "csv":
            found = read_delimited(source, place, sniffed)
        elif kind in {"lines", "code"}:
            chunks = text_chunks(source, encoding)
            found = lines_of(chunks, place, "text", strict=kind == "code")
        elif kind in _TEXTS:
            found = _TEXTS[kind](source, place, encoding)
        elif kind in _TABLES:
            found = _TABLES[kind](source, place)
        elif kind in _ARCHIVES:
            found = _ARCHIVES[kind](source, place, self.look_into, self.shown)
        elif kind in PACKED:
            found = read_packed(source, place, kind, self.look_into, self.shown)
        elif kind == "bytes":
            found = bytes_of(source, place, again=False)
        else:
            found = read_statistical(source, place, kind)
        return found


_ARCHIVES: Final = {"zip": read_zip, "tar": read_tar}
_TEXTS: Final = {
    "json": read_json,
    "json lines": read_json_lines,
    "html": read_html,
    "xml": read_xml,
}
_TABLES: Final = {"parquet": read_parquet, "arrow": read_arrow, "sqlite": read_sqlite}


def _readable(name: str) -> str:
    """A name without the bytes of it that are no UTF-8."""
    return name.encode("utf-8", "replace").decode()


def _refused(error: OSError) -> str:
    return f"cannot be read: {error.strerror or 'the system refuses'}"


def _damaged(sniffed: Sniffed, error: Exception) -> str:
    return f"cannot be read as {sniffed.kind} ({type(error).__name__}); is the file whole?"


def _suffix(name: str) -> str:
    suffix = Path(name).suffix
    return suffix if suffix[1:].isalpha() and len(suffix) <= 6 else ""
