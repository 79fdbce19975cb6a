"""Run one `hsr` command and tell whose time it was: imports, Great Expectations, or our own.

    python benchmarks/shares.py OUT.json hsr-arguments ...

A thread looks every few milliseconds at what the main thread is doing, and books the time since its
last look to imports (a frame of importlib is on the stack), to Great Expectations (a frame of it
is), or to us. The sums add up to the whole run.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Final

INTERVAL_SECONDS: Final = 0.004
IMPORTS: Final = "imports"
VALIDATION: Final = "Great Expectations"
OWN: Final = "own steps"


def whose(frame: FrameType | None) -> str:
    """Book a stack: importing anything counts as an import, also where the validator does it."""
    owner = OWN
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith("<frozen importlib"):
            return IMPORTS
        if "great_expectations" in file:
            owner = VALIDATION
        frame = frame.f_back
    return owner


def watch(thread: int, booked: dict[str, float], done: threading.Event) -> None:
    """Book time until told that the run is over."""
    last = time.perf_counter()
    while not done.wait(INTERVAL_SECONDS):
        now = time.perf_counter()
        booked[whose(sys._current_frames().get(thread))] += now - last  # noqa: SLF001 - no public way
        last = now


def main(out: str, arguments: list[str]) -> int:
    """Run the command under watch; gives its exit code."""
    booked = {IMPORTS: 0.0, VALIDATION: 0.0, OWN: 0.0}
    done = threading.Event()
    watcher = threading.Thread(
        target=watch, args=(threading.get_ident(), booked, done), daemon=True
    )
    watcher.start()
    from hsr_privacy.cli.main import run

    code = run(arguments)
    done.set()
    watcher.join()
    Path(out).write_text(json.dumps(booked), encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
