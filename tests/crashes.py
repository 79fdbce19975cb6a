"""Crashes on purpose: a process is killed at a moment or at a change of the disk, or finds it full.

Whole commands, each in a process of its own::

    ran = killed_at([HSR, "keys", "rekey", ring], after_writes=7, below=folder)
    if ran.returncode == KILLED: ...  # it died before its 7th change below the folder
    else: ...                         # it has fewer changes than that, and ended by itself

To die at every change, count from 1 until the command ends by itself, laying out anew in between;
`changes_of` says how many there are. A change is an opened file, a write, a sync, a rename, a link,
a removal, a folder; ``torn`` leaves the write at which it dies half done. Libraries that write past
Python (Parquet, SQLite) are reached by a random ``moment`` in seconds since the start, and by
`full_disk` with a ``room``.

Functions of the package, much faster (some ten milliseconds each, the interpreter is forked)::

    assert dies(record, ring.path, after_writes=3, below=ring.path.parent)

The function must be one of a module, which is imported each time and so must be a light one, and
its arguments must be picklable.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any, Final, Literal

from tests.dying import sitecustomize as dying

HSR: Final = Path(sys.executable).with_name("hsr")
"""The command line, installed beside the interpreter of the tests."""

KILLED: Final = -signal.SIGKILL
"""What `subprocess` gives as the return code of a process that was killed."""

How = Literal["kill", "torn", "full"]
Completed = subprocess.CompletedProcess[str]

_PLACE: Final = Path(dying.__file__).parent
_LONGEST: Final = 300.0


def killed_at(
    command: Sequence[object],
    *,
    moment: float | None = None,
    after_writes: int | None = None,
    torn: bool = False,
    below: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> Completed:
    """Run a command and kill it, at a moment or at a change of the disk.

    Args:
        command: of Python, as `hsr` is, where it is to die at a change.
        moment: seconds after its start; it may have ended by itself before.
        after_writes: dies before this change of the disk, counted from 1.
        torn: a write at which it dies is half done.
        below: the folder whose changes count; every folder if left out.
        env: variables beside those of this process.

    Returns:
        What it printed; ``returncode`` is `KILLED` where it was, else its own.
    """
    assert (moment is None) != (after_writes is None), "one of moment and after_writes"
    asked = {} if after_writes is None else _asked(after_writes, "torn" if torn else "kill", below)
    return _ran(command, {**(env or {}), **asked}, moment=moment)


def full_disk(
    command: Sequence[object],
    *,
    after_writes: int | None = None,
    room: int | None = None,
    below: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> Completed:
    """Run a command that finds the disk full.

    Args:
        command: of Python.
        after_writes: from this change on there is no space: a first write is cut in half, then
            all writes and new folders fail; removing works.
        room: bytes that no file may become larger than, by the system's own limit, so that it
            holds for libraries in other languages too.
        below: the folder that is full, for ``after_writes``.
        env: variables beside those of this process.
    """
    assert (room is None) != (after_writes is None), "one of room and after_writes"
    asked = {} if after_writes is None else _asked(after_writes, "full", below)
    if room is not None:
        asked[dying.ROOM] = str(room)
    return _ran(command, {**(env or {}), **asked})


def changes_of(
    command: Sequence[object],
    *,
    below: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> int:
    """How many changes of the disk a command makes that nobody kills; it must succeed."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "changes"
        asked = {**_asked(0, "kill", below), dying.TOLD: str(told)}
        ran = _ran(command, {**(env or {}), **asked})
        assert ran.returncode == 0, ran.stderr
        return int(told.read_text(encoding="ascii"))


def dies(
    function: Callable[..., object],
    *arguments: Any,
    after_writes: int,
    how: How = "kill",
    below: Path,
) -> bool:
    """Call a function in a process of its own that dies at a change of the disk.

    With ``how`` as ``full`` the process lives on, and the function meets a full disk.

    Returns:
        Whether it was killed; False where it ended by itself. What it raised is printed, and is
        no business of the caller's, who looks at what is on the disk.
    """
    process = _forks().Process(
        target=_armed, args=(function, arguments, after_writes, how, str(below))
    )
    process.start()
    process.join(timeout=_LONGEST)
    assert process.exitcode is not None, "it hangs"
    return process.exitcode == KILLED


def _armed(
    function: Callable[..., object], arguments: tuple[Any, ...], at: int, how: How, below: str
) -> None:
    dying.arm(at=at, how=how, below=below)
    function(*arguments)


def _forks() -> ForkServerContext:
    """Forks from an interpreter that has what the functions need, and no thread, already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pytest", "hsr_privacy.keys", __name__])
    return context


def _asked(at: int, how: How, below: Path | None) -> dict[str, str]:
    return {dying.AT: str(at), dying.HOW: how, dying.BELOW: str(below or "/")}


def _ran(
    command: Sequence[object], asked: Mapping[str, str], *, moment: float | None = None
) -> Completed:
    path = os.pathsep.join(filter(None, (str(_PLACE), os.environ.get("PYTHONPATH"))))
    variables = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": path, **asked}
    process = subprocess.Popen(
        [str(one) for one in command],
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    clock = None if moment is None else threading.Timer(moment, process.kill)
    if clock is not None:
        clock.start()
    try:
        said, talked = process.communicate(timeout=_LONGEST)
    finally:
        if clock is not None:
            clock.cancel()
        process.kill()
        process.wait()
    return subprocess.CompletedProcess(process.args, process.returncode, said, talked)
