"""The files of a package: their names, sizes and digests, in a folder or in an opened archive."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Final

from hsr_privacy.errors import Fault

_PART: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?<!\.)")
_LONGEST_NAME: Final = 150
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_LARGEST_DOCUMENT: Final = 16 * 2**20
_MAY_BE_EMPTY: Final = ("", "signatures")
_READ_BYTES: Final = 2**20


class Unreadable(Exception):
    """A file of a package cannot be read; the text says why and names no content."""


@dataclass(frozen=True)
class Measured:
    """The digest of a file, SHA-512 in hexadecimal, and its length in bytes."""

    sha512: str
    bytes: int


@dataclass(frozen=True)
class Files:
    """What lies in a package, wherever that is; each file is measured once.

    Attributes:
        where: as people call it: the path of the folder or of the sealed file.
        names: of every regular file with a proper name, sorted; paths with ``/``.
        faults: what lies there and cannot be part of a package.
        open: gives a file for reading.
        failures: what opening and reading may raise.
    """

    where: str
    names: tuple[str, ...]
    faults: tuple[Fault, ...]
    open: Callable[[str], IO[bytes]]
    failures: tuple[type[Exception], ...] = (OSError,)
    _measured: dict[str, Measured] = field(default_factory=dict, repr=False, compare=False)

    def pieces(self, name: str) -> Iterator[bytes]:
        """The content of a file, piece by piece.

        Raises:
            Unreadable: it is gone, or is not as it was sealed.
        """
        try:
            with self.open(name) as file:
                while piece := file.read(_READ_BYTES):
                    yield piece
        except self.failures:
            raise Unreadable("it cannot be read") from None

    def measure(self, name: str) -> Measured:
        """The digest and length of a file.

        Raises:
            Unreadable: it is gone, or is not as it was sealed.
        """
        if name not in self._measured:
            digest, length = hashlib.sha512(), 0
            for piece in self.pieces(name):
                digest.update(piece)
                length += len(piece)
            self._measured[name] = Measured(digest.hexdigest(), length)
        return self._measured[name]

    def read(self, name: str) -> bytes:
        """The content of a document of the package, at most 16 MiB.

        Raises:
            Unreadable: it is gone, too large, or is not as it was sealed.
        """
        content = bytearray()
        for piece in self.pieces(name):
            content += piece
            if len(content) > _LARGEST_DOCUMENT:
                raise Unreadable("it is larger than such a file ever is")
        return bytes(content)


def files_of(folder: Path) -> Files:
    """List a folder; links, devices, odd names and empty folders are faults, not files."""
    names: list[str] = []
    faults: list[Fault] = []
    _list(folder, "", names, faults)

    def opened(name: str) -> IO[bytes]:
        # What was a file when it was listed may be a link by now; it is not followed.
        return os.fdopen(os.open(folder / name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb")

    return proper(str(folder), names, faults, opened)


def proper(
    where: str,
    names: Iterable[str],
    faults: list[Fault],
    opened: Callable[[str], IO[bytes]],
    failures: tuple[type[Exception], ...] = (OSError,),
) -> Files:
    """The files with proper names; the others become faults."""
    seen: dict[str, str] = {}
    kept: list[str] = []
    for name in sorted(names):
        problem = problem_of(name)
        if not problem and name.casefold() in seen:
            problem = f"some systems cannot tell it from {seen[name.casefold()]}; rename it"
        if problem:
            faults.append(Fault(shown(name), 0, "", problem))
        else:
            seen[name.casefold()] = name
            kept.append(name)
    return Files(where, tuple(kept), tuple(faults), opened, failures)


def problem_of(name: str) -> str:
    """What is wrong with the name of a file in a package; empty where nothing is.

    >>> problem_of("data/extract.parquet"), problem_of(".DS_Store")
    ('', 'it is no part of a package, by its name; remove it')
    """
    parts = name.split("/")
    if len(name) > _LONGEST_NAME:
        return f"its name is longer than {_LONGEST_NAME} characters; rename it"
    if any(not _PART.fullmatch(part) for part in parts):
        return "it is no part of a package, by its name; remove it"
    if any(_DEVICES.fullmatch(part) for part in parts):
        return "its name means a device on Windows; rename it"
    return ""


def shown(name: str) -> str:
    """A name that may be odd, so that a terminal can print it."""
    return name.encode("unicode_escape", errors="replace").decode("ascii")


def _list(folder: Path, below: str, names: list[str], faults: list[Fault]) -> None:
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda one: one.name)
    if not entries and below not in _MAY_BE_EMPTY:
        faults.append(Fault(shown(below), 0, "", "the folder is empty; remove it"))
    for entry in entries:
        name = str(PurePosixPath(below, entry.name))
        if entry.is_symlink():
            problem = "it is a link; a package holds files only"
            faults.append(Fault(shown(name), 0, "", problem))
        elif entry.is_dir(follow_symlinks=False):
            _list(Path(entry.path), name, names, faults)
        elif entry.is_file(follow_symlinks=False):
            names.append(name)
        else:
            faults.append(Fault(shown(name), 0, "", "it is no regular file; remove it"))
