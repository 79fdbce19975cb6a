"""What every measurement needs: a command run to its end, and what it took."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
HSR: Final = (sys.executable, "-c", "from hsr_privacy.cli import main; main()")
MIB: Final = 2**20
# ru_maxrss is in KiB on Linux and in bytes on macOS.
RSS_BYTES: Final = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Measured:
    """What one process took.

    Attributes:
        wall: seconds from start to end.
        cpu: seconds of CPU, user and system.
        peak: largest resident memory, bytes.
    """

    wall: float
    cpu: float
    peak: int


def measure(
    command: Sequence[str], *, out: Path | None = None, environment: Mapping[str, str] | None = None
) -> Measured:
    """Run a command to its end.

    Args:
        command: the program and its arguments.
        out: file for its stdout; thrown away if left out.
        environment: variables besides those of this process.

    Raises:
        SystemExit: it failed; its stderr has said why.
    """
    target = str(out or os.devnull)
    start = time.perf_counter()
    actions = [(os.POSIX_SPAWN_OPEN, 1, target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)]
    variables = os.environ | (environment or {})
    child = os.posix_spawn(command[0], list(command), variables, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"failed: {' '.join(command)}")
    return Measured(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * RSS_BYTES)
