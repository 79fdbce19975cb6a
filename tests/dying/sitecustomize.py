"""Dies, or finds the disk full, at the n-th change of the disk; Python imports this at its start.

A change is what a crash can fall between: opening a file to write, a write, a sync, a new length,
a rename, a link, a removal, a folder made or removed. Each is counted before it happens, under one
folder only. At the n-th the process kills itself, as a power cut would: no block is left in order,
no buffer is written. Nothing in the product knows of this.

What a library writes past Python (Parquet, SQLite) is not counted; `crashes.killed_at` with a
moment reaches it, and `crashes.full_disk` with a room.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

AT: Final = "HSR_TEST_AT"
HOW: Final = "HSR_TEST_HOW"
BELOW: Final = "HSR_TEST_BELOW"
TOLD: Final = "HSR_TEST_TOLD"
ROOM: Final = "HSR_TEST_ROOM"

_FOLDER_OF: Final = {  # each event of Python that changes the disk: where its folder's number stands
    "os.link": 2,
    "os.mkdir": 2,
    "os.remove": 1,
    "os.rename": 2,
    "os.rmdir": 1,
    "os.truncate": None,
}
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Counted:
    """The changes so far, and what happens at one of them.

    Attributes:
        at: the change, counted from 1, before which it happens; 0 for never.
        how: ``kill``; ``torn`` for a write that is half done; ``full`` for a disk without space
            from there on, where the first write is a short one and things can be removed still.
        below: folder whose changes count.
        done: changes so far.
    """

    def __init__(self, *, at: int, how: str, below: str) -> None:
        self.at, self.how, self.below, self.done = at, how, os.path.realpath(below), 0
        self._was_short = False

    def change(
        self, place: Any, half: Callable[[], int] | None = None, *, grows: bool = False
    ) -> int | None:
        """Count a change of what lies at a path or is open under a number.

        Args:
            half: writes half of the bytes, and gives how many those are.
            grows: whether the change needs space.

        Returns:
            The bytes that were written instead of all of them; None where all are to be written.
        """
        if not self.counts(place):
            return None
        self.done += 1
        if self.how == "full":
            return self._full(half) if grows and 0 < self.at <= self.done else None
        if self.done == self.at:
            if self.how == "torn" and half is not None:
                half()
            os.kill(os.getpid(), signal.SIGKILL)
        return None

    def _full(self, half: Callable[[], int] | None) -> int:
        if half is not None and not self._was_short:
            self._was_short = True
            written = half()
            if written:
                return written
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def counts(self, place: Any) -> bool:
        """Whether something lies under the folder."""
        try:
            text = _opened(place) if isinstance(place, int) else os.fsdecode(place)
        except (OSError, TypeError):
            return False
        folder = os.path.realpath(Path(text).parent)
        return os.path.commonpath([self.below, folder]) == self.below


def _opened(handle: int) -> str:
    return str(Path(f"/proc/self/fd/{handle}").readlink())


def arm(*, at: int = 0, how: str = "kill", below: str = "/") -> Counted:
    """Count every change of this process from now on; that cannot be undone."""
    counted = Counted(at=at, how=how, below=below)
    sys.addaudithook(_hook(counted))
    _wrap_os(counted)
    _wrap_open(counted)
    return counted


def _hook(counted: Counted) -> Callable[[str, tuple[Any, ...]], None]:
    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(flags, int) and flags & _WRITING and not isinstance(path, int):
                counted.change(path)
        elif event in _FOLDER_OF:
            place, number = arguments[0], _FOLDER_OF[event]
            if number is not None and arguments[number] != -1:
                place = Path(_opened(arguments[number]), os.fsdecode(place))
            counted.change(place, grows=event == "os.mkdir")

    return hook


def _wrap_os(counted: Counted) -> None:
    real_write, real_fsync, real_truncate = os.write, os.fsync, os.ftruncate

    def write(handle: int, data: Any) -> int:
        content = bytes(data)
        half = content[: len(content) // 2]
        short = counted.change(handle, lambda: real_write(handle, half), grows=True)
        return real_write(handle, content) if short is None else short

    def fsync(fd: Any) -> None:
        counted.change(fd if isinstance(fd, int) else fd.fileno())
        real_fsync(fd)

    def ftruncate(handle: int, length: int) -> None:
        counted.change(handle)
        real_truncate(handle, length)

    os.write, os.fsync, os.ftruncate = write, fsync, ftruncate


def _wrap_open(counted: Counted) -> None:
    real_open, files = io.open, _counting_files(counted)

    def opened(file: Any, mode: str = "r", buffering: int = -1, *more: Any, **named: Any) -> Any:
        if not set(mode) & set("wax+"):
            return real_open(file, mode, buffering, *more, **named)
        return _stacked(files, file, mode, buffering, *more, **named)

    builtins.open = io.open = opened


def _counting_files(counted: Counted) -> type[io.FileIO]:
    class CountingFile(io.FileIO):
        """An unbuffered file whose writes are counted."""

        def write(self, data: Any, /) -> int:
            content = bytes(data)
            half = content[: len(content) // 2]
            short = counted.change(self.fileno(), lambda: io.FileIO.write(self, half), grows=True)
            return super().write(content) if short is None else short

        def truncate(self, size: int | None = None, /) -> int:
            counted.change(self.fileno())
            return super().truncate(size)

    return CountingFile


def _stacked(
    files: type[io.FileIO],
    file: Any,
    mode: str,
    buffering: int,
    encoding: str | None = None,
    errors: str | None = None,
    newline: str | None = None,
    closefd: bool = True,
    opener: Any = None,
) -> Any:
    """What `open` gives, over a file whose writes are counted."""
    raw = files(file, mode.replace("b", "").replace("t", ""), closefd, opener)
    if buffering == 0:
        return raw
    size = buffering if buffering > 1 else io.DEFAULT_BUFFER_SIZE
    buffered: Any = io.BufferedRandom(raw, size) if "+" in mode else io.BufferedWriter(raw, size)
    if "b" in mode:
        return buffered
    text = io.TextIOWrapper(buffered, encoding, errors, newline, line_buffering=buffering == 1)
    text.mode = mode  # type: ignore[misc]
    return text


def _start() -> None:
    """Do what the environment asks for, if it asks."""
    if ROOM in os.environ:
        import resource

        room = int(os.environ[ROOM])
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    if BELOW not in os.environ:
        return
    counted = arm(
        at=int(os.environ.get(AT, "0")),
        how=os.environ.get(HOW, "kill"),
        below=os.environ[BELOW],
    )
    if TOLD in os.environ:
        import atexit

        atexit.register(_tell, os.environ[TOLD], counted)


def _tell(path: str, counted: Counted) -> None:
    done = counted.done
    Path(path).write_text(str(done), encoding="ascii")


_start()
