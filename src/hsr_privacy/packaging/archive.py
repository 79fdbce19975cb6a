"""The archive of a package: a tar that is the same bytes each time, and what lies in an opened one.

The names in an archive are those of a package below one folder; anything else in it is a fault, and
nothing is written to the disk to look into it.
"""

from __future__ import annotations

import datetime as dt
import io
import stat
import struct
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from hsr_privacy.errors import Fault, KeyRingLocked, PackageBroken
from hsr_privacy.keys import Secret
from hsr_privacy.packaging.files import Files, proper, shown
from hsr_privacy.packaging.statement import fault

_BLOCK: Final = 512
_RECORD: Final = 10_240
_MODE: Final = 0o644
_AES_256: Final = 3
"""How a zip says how strong its AES is."""

_ZIP_FAILURES: Final = (
    OSError,
    EOFError,
    KeyError,
    NotImplementedError,  # zipfile's, of a method that it does not know
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What a damaged zip makes the library raise, beside its own."""


class Reader:
    """Gives the bytes of an iterator, at most so many at a time; what a sealer reads from."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; none at the end."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._rest = memoryview(piece)
        size = len(self._rest) if size < 0 else size
        given, self._rest = self._rest[:size], self._rest[size:]
        return bytes(given)


def tar_pieces(
    top: str, files: Iterator[tuple[str, int, Iterator[bytes]]], day: dt.date
) -> Iterator[bytes]:
    """A tar, piece by piece: the same files and the same day give the same bytes.

    Args:
        top: the folder that all files are below.
        files: name, length in bytes and content of each, in order.
        day: the time of every file, midnight in UTC.
    """
    time = int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp())
    written = 0
    for name, length, content in files:
        info = tarfile.TarInfo(f"{top}/{name}")
        info.size, info.mtime, info.mode = length, time, _MODE
        header = info.tobuf(tarfile.PAX_FORMAT)
        yield header
        yield from content
        padding = -length % _BLOCK
        yield bytes(padding)
        written += len(header) + length + padding
    end = 2 * _BLOCK
    yield bytes(end + -(written + end) % _RECORD)


def tar_files(where: str, content: bytes) -> Files:
    """What lies in a tar that is in memory.

    Raises:
        PackageBroken: it is no tar, or not of one folder.
    """
    try:
        tar = tarfile.open(fileobj=io.BytesIO(content), mode="r:")  # noqa: SIM115 - read from later
        members = tar.getmembers()
    except (tarfile.TarError, ValueError, OverflowError):
        raise PackageBroken(f"{where}: what was sealed is no package", ()) from None
    faults = [
        fault(shown(one.name), "it is no regular file; ask for the package again")
        for one in members
        if not _is_plain(one)
    ]
    if content[tar.offset :].strip(b"\0"):
        faults.append(fault(shown(where), "something lies behind its end; ask for it again"))
    names = [one.name for one in members if _is_plain(one)]
    by_name, top = _below_one_folder(where, names, faults)

    def opened(name: str) -> IO[bytes]:
        file = tar.extractfile(f"{top}/{name}")
        if file is None:
            raise OSError
        return file

    return proper(where, by_name, faults, opened, (OSError, KeyError, tarfile.TarError))


def zip_files(path: Path, passphrase: Secret) -> Files:
    """What lies in an AES zip.

    Raises:
        PackageBroken: it is no zip, not of one folder, or holds something that is not sealed.
        KeyRingLocked: the passphrase is another one.
    """
    import pyzipper

    where = str(path)
    failures = (*_ZIP_FAILURES, pyzipper.BadZipFile)
    try:
        archive = pyzipper.AESZipFile(path)
        archive.setpassword(passphrase.unsafe_bytes())
        listed = archive.infolist()
    except failures:
        raise _no_zip(where) from None
    members = [one for one in listed if _is_file(one)]
    faults = [
        fault(shown(one.filename), "it is no regular file; ask for the package again")
        for one in listed
        if not _is_file(one)
    ]
    faults += [
        fault(shown(one.filename), "it is not sealed; ask for the package again")
        for one in members
        if not one.flag_bits & 1 or getattr(one, "wz_aes_strength", None) != _AES_256
    ]
    by_name, top = _below_one_folder(where, [one.filename for one in members], faults)
    refused = [one for one in members if _is_refused(archive, one, failures)]
    if len(refused) == len(members):  # one that is damaged does not open either; never all of them
        raise KeyRingLocked(f"{where} does not open: this is not the passphrase that sealed it")

    def opened(name: str) -> IO[bytes]:
        file: IO[bytes] = archive.open(f"{top}/{name}")
        return file

    return proper(where, by_name, faults, opened, failures)


def _is_plain(member: tarfile.TarInfo) -> bool:
    """Whether it is a regular file, as each of ours is; our tar has no folders of their own."""
    return member.type == tarfile.REGTYPE and not member.issparse()


def _is_file(member: Any) -> bool:
    """The same of a zip, whose entries may say by Unix mode what they are."""
    return not member.is_dir() and stat.S_IFMT(member.external_attr >> 16) in {0, stat.S_IFREG}


def _is_refused(archive: Any, member: Any, failures: tuple[type[Exception], ...]) -> bool:
    """Whether a file says of the passphrase that it is another one."""
    try:
        archive.open(member).close()
    except RuntimeError:
        return True
    except failures:
        return False
    return False


def _no_zip(where: str) -> PackageBroken:
    return PackageBroken(f"{where}: it cannot be read as a zip; ask for the package again", ())


def _below_one_folder(where: str, names: list[str], faults: list[Fault]) -> tuple[list[str], str]:
    tops = {name.partition("/")[0] for name in names}
    if len(tops) != 1 or any("/" not in name for name in names):
        raise PackageBroken(f"{where}: what was sealed is no package: it is not one folder", ())
    twice = sorted({name for name in names if names.count(name) > 1})
    faults += [fault(shown(name), "it is there twice; ask for the package again") for name in twice]
    (top,) = tops
    return sorted({name.partition("/")[2] for name in names}), top
