"""Ctrl-C that is not lost: Python drops an interrupt that arrives in a destructor, and this does not."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_asked = threading.Event()


@contextmanager
def remembered() -> Iterator[None]:
    """Remember an interrupt, so that `heed` can act on it at the next step."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _asked.clear()
    before = signal.signal(signal.SIGINT, _remember)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def came() -> bool:
    """Whether an interrupt came since the command began."""
    return _asked.is_set()


def heed() -> None:
    """Stop here if an interrupt came and was lost.

    Raises:
        KeyboardInterrupt: it did.
    """
    if _asked.is_set():
        raise KeyboardInterrupt


def _remember(_signal: int, _frame: FrameType | None) -> None:
    _asked.set()
    raise KeyboardInterrupt
