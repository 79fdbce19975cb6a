"""Where secrets may lie on a disk, and how they are written there.

POSIX permissions are checked and set. On Windows a file is protected by the access list of its
folder, which is not looked at here: put the key ring into a folder that only its keeper may
open (a user's own profile is one). `permissions_are_checked` says which holds.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from hsr_privacy.errors import (
    KeyRingError,
    KeyRingExposed,
    KeyRingMissing,
    OutputExists,
    OutputFailed,
)

_SYNCED_FOLDERS: Final = (
    "onedrive",
    "dropbox",
    "google drive",
    "googledrive",
    "icloud",
    "nextcloud",
)
_LOCK_SECONDS: Final = 20.0
_POLL_SECONDS: Final = 0.02


def permissions_are_checked() -> bool:
    """Whether this system has POSIX permissions to check."""
    return os.name == "posix"


def read_private(path: Path, what: str) -> bytes:
    """Read a file of secrets, unless others could have read or replaced it.

    A pipe is read as it comes (``--passphrase-file <(password-manager ...)``).

    Raises:
        KeyRingMissing: there is no such file.
        KeyRingExposed: others may read or write it, or its folder is shared or synced.
    """
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISFIFO(status.st_mode):
                _check_file(path, status, what)
                check_folder(path, what)
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        raise KeyRingMissing(f"no {what} at {path}; give its path, or make one first") from None
    except OSError as error:
        raise KeyRingError(f"{what} {path} cannot be read: {error.strerror}") from None


def _check_file(path: Path, status: os.stat_result, what: str) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise KeyRingError(f"{what} {path} is not a file")
    if permissions_are_checked() and status.st_mode & 0o077:
        raise KeyRingExposed(
            f"{what} {path} can be used by others (mode {stat.S_IMODE(status.st_mode):04o}); "
            f"run: chmod 600 {path}"
        )


def check_folder(path: Path, what: str) -> None:
    """Refuse a folder that others may write to, that git tracks or that a cloud copies.

    Raises:
        KeyRingMissing: the folder does not exist.
        KeyRingExposed: see above; the message says which.
    """
    folder = path.resolve().parent
    if not folder.is_dir():
        raise KeyRingMissing(f"the folder {folder} for the {what} does not exist; make it first")
    mode = folder.stat().st_mode
    if permissions_are_checked() and mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
        raise KeyRingExposed(
            f"anyone may write to {folder}, where the {what} lies; run: chmod o-w {folder}"
        )
    for place in (folder, *folder.parents):
        if (place / ".git").exists():
            raise KeyRingExposed(
                f"{path} lies inside the git work tree {place}; keep the {what} outside it"
            )
        if place.name.casefold().startswith(_SYNCED_FOLDERS):
            raise KeyRingExposed(
                f"{path} lies in {place}, which is copied to a cloud; keep the {what} elsewhere"
            )


def write_private(
    path: Path, content: bytes, *, replace: bool, draft_in: Path | None = None
) -> None:
    """Write a file whole or not at all, readable by its owner only.

    The bytes reach the disk under another name in the same folder before the name changes, so a
    reader sees the old file or the new one.

    Args:
        draft_in: a folder on the same disk for that other name, where a process that is killed
            must not leave it beside the file.

    Raises:
        OutputExists: ``replace`` is false and the path is taken.
        OutputFailed: the system refused; nothing was left behind.
    """
    path = path.resolve()
    draft = (draft_in or path.parent).resolve() / f".{path.name}.{secrets.token_hex(8)}.tmp"
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            draft.replace(path)
        else:
            _move_to_new_name(draft, path)
        sync_folder(path.parent)
    except FileExistsError:
        raise OutputExists(f"{path} exists already and is not overwritten") from None
    except OSError as error:
        raise OutputFailed(f"{path} could not be written: {error.strerror}") from None
    finally:
        draft.unlink(missing_ok=True)


def _move_to_new_name(draft: Path, path: Path) -> None:
    if os.name == "nt":
        draft.rename(path)  # on Windows, rename refuses a name that is taken
    else:
        path.hardlink_to(draft)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk; a new file needs that beside its own bytes."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def exclusively(path: Path, *, wait_seconds: float = _LOCK_SECONDS) -> Iterator[None]:
    """Hold the only right to change ``path``, on this machine, until the block ends.

    The lock is the system's, on an empty file ``<path>.lock`` beside it that goes with it: a
    process that dies gives it back.

    Raises:
        KeyRingError: another process keeps the lock for longer than ``wait_seconds``.
        OutputFailed: the lock file cannot be made.
    """
    beside = path.resolve().with_name(f"{path.name}.lock")
    until = time.monotonic() + wait_seconds
    while True:
        try:
            handle = os.open(beside, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise OutputFailed(f"{beside} could not be made: {error.strerror}") from None
        with os.fdopen(handle, "r+b") as file:
            if _locked(file) and _is_still(beside, file):
                try:
                    yield
                finally:
                    _remove_lock(beside)
                return
        if time.monotonic() > until:
            raise KeyRingError(f"another process is changing {path}; try again when it is done")
        time.sleep(_POLL_SECONDS)


def _is_still(path: Path, file: IO[bytes]) -> bool:
    """Whether the file that we locked still has its name; who held it before has removed it."""
    if os.name == "nt":
        return True
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _remove_lock(path: Path) -> None:
    if os.name != "nt":  # on Windows, a file that is open cannot be removed; it stays, empty
        path.unlink(missing_ok=True)


def _locked(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
