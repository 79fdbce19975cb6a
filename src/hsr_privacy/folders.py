"""A result folder that appears whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import glob
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hsr_privacy.errors import OutputExists, OutputFailed

_CANNOT_SYNC: Final = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EACCES})
"""What a system says that brings no folders to the disk, or one that others may not list."""


def refuse_taken(folder: Path) -> None:
    """Say no to an output folder that exists, before any work is done.

    Raises:
        OutputExists: something, even an empty folder, lies at the path.
    """
    if folder.exists() or folder.is_symlink():
        raise OutputExists(f"{folder} exists; name a folder that does not, nothing is overwritten")


@contextlib.contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Give a private folder to write in; it becomes ``folder`` when all went well.

    Its files, and the names of all of them and its own, are on the disk when the block ends: what is
    written down afterwards, that it has appeared, holds after a power cut too.

    Whatever goes wrong in between, an interrupt included, leaves the disk as it was: the private
    folder and the parents made for it are removed. What a process that was killed had begun is
    removed by the next one that wants the same folder (not on Windows).

    Raises:
        OutputExists: the path is taken, now or when the work is done.
        OutputFailed: the disk is full, or the system refuses the write.
    """
    refuse_taken(folder)
    parents = [p for p in (folder, *folder.parents) if not p.exists()][1:]
    staging: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(folder)
        staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        with _held(staging):
            yield staging
            _settle(staging)
            refuse_taken(folder)
            staging.rename(folder)
            staging = folder
            for parent in (folder.parent, *(made.parent for made in parents)):
                _sync(parent)
    except OSError as error:
        _remove(staging, parents)
        raise OutputFailed(
            f"{folder} could not be written: {error.strerror or type(error).__name__}; "
            "nothing was left behind"
        ) from None
    except BaseException:
        _remove(staging, parents)
        raise


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha512_of(path: Path) -> str:
    """SHA-512 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha512").hexdigest()


@contextlib.contextmanager
def _held(staging: Path) -> Iterator[None]:
    """Hold the system's lock on a private folder; a process that dies gives it back."""
    if os.name == "nt":
        yield
        return
    import fcntl

    handle = os.open(staging, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _remove_abandoned(folder: Path) -> None:
    """Remove private folders of this name whose process is no more."""
    if os.name == "nt":
        return
    import fcntl

    for begun in folder.parent.glob(f".{glob.escape(folder.name)}-????????"):
        try:
            handle = os.open(begun, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(begun, ignore_errors=True)
        except BlockingIOError:
            continue
        finally:
            os.close(handle)


def _settle(staging: Path) -> None:
    """Bring every file and every name to the disk; who may read them stays as it was made."""
    for path in sorted(staging.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        elif path.is_dir():
            _sync(path)
    _sync(staging)


def _sync(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system can."""
    if os.name == "nt":
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        if error.errno in _CANNOT_SYNC:
            return
        raise
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise
    finally:
        os.close(handle)


def _remove(staging: Path | None, parents: list[Path]) -> None:
    if staging is not None:
        shutil.rmtree(staging, ignore_errors=True)
    for parent in parents:
        with contextlib.suppress(OSError):
            parent.rmdir()
