"""The audit log: one line for each use of a key ring that matters, chained and signed.

The log lies beside the key ring. Each line names its place, the SHA-512 of the line before it, when
it was written, who did what, and counts; the register's own key for nothing else signs it. A
changed, removed or inserted line breaks the chain. What the chain alone does not show is an end
that was cut off, or a log that a holder of the key wrote anew: so the head stands in every manifest
and receipt that leaves the house, and `AuditLog.verify` compares.

What touches several places is begun and then committed or abandoned, each by a line: where a
process died in between, `AuditLog.unfinished` finds it at the next start.

Never in a line: identifiers, pseudonyms, values, file paths, or text from data.
"""

from __future__ import annotations

import contextlib
import errno
import getpass
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from hsr_privacy.errors import ClockWentBack, OutputFailed
from hsr_privacy.keys.audit_details import check_details
from hsr_privacy.keys.audit_lines import (
    CLOCK_SET,
    REPAIRED,
    Detail,
    Entry,
    Line,
    Step,
    broken,
    digest,
    read_line,
    read_time,
    split,
    write_line,
)
from hsr_privacy.keys.audit_reading import (
    LogKeys,
    Reading,
    breaks_off,
    good_line,
    read_lines,
    read_log,
)
from hsr_privacy.keys.contents import stamp
from hsr_privacy.keys.custody import exclusively, read_private, sync_folder, write_private
from hsr_privacy.keys.ring import KeyRing

__all__ = ["TOLERANCE", "AuditLog", "Detail", "Entry", "audit_path", "log_public_key"]

TOLERANCE: Final = timedelta(seconds=5)
"""By how much a clock may be set back, as network time does, without anybody being asked."""

_WHAT: Final = "audit log"


class AuditLog:
    """The log of one key ring."""

    def __init__(self, ring: KeyRing) -> None:
        self.path: Final = audit_path(ring.path)
        self._keys = LogKeys(ring)

    @property
    def public_key(self) -> str:
        """By which anybody can verify the lines to come: ``hsr-sign-1:`` and base64."""
        return self._keys.signing(self._keys.version).public_key

    def record(
        self, act: str, details: Mapping[str, Detail], *, now: datetime | None = None
    ) -> Entry:
        """Add a line, and bring it to the disk before anything else happens.

        Raises:
            AuditBroken: the last line is not as it was written.
            ClockWentBack: the last line is later than ``now`` by more than five seconds.
            OutputFailed: the disk is full, or the system refuses; the log is as it was.
            ValueError: a detail must not be written down; see `audit_details`.
        """
        return self._write(act, details, now=now)

    def begin(
        self, act: str, details: Mapping[str, Detail], *, now: datetime | None = None
    ) -> Entry:
        """Say what is about to be done; `commit` or `abandon` must follow. Raises as `record`."""
        return self._write(act, details, now=now, step="begun")

    def commit(
        self, intent: Entry, details: Mapping[str, Detail], *, now: datetime | None = None
    ) -> Entry:
        """Say that what was begun is done.

        Args:
            intent: what `begin` gave, or `unfinished`.

        Raises:
            ValueError: the intent is closed already, or is none; else as `record`.
        """
        return self._write(intent.act, details, now=now, step="committed", intent=intent)

    def abandon(self, intent: Entry, reason: str, *, now: datetime | None = None) -> Entry:
        """Say that what was begun was not done, and why. Raises as `commit`."""
        why = {"reason": reason}
        return self._write(intent.act, why, now=now, step="abandoned", intent=intent)

    @contextlib.contextmanager
    def around(self, act: str, details: Mapping[str, Detail]) -> Iterator[dict[str, Detail]]:
        """Say what is about to be done, let it happen, and say whether it was.

        Gives what the last line will say beside the first; fill it in on the way. Whatever is raised
        in between abandons the act, by the name of the error; a process that dies leaves an intent.

        Raises:
            AuditBroken, ClockWentBack, OutputFailed, ValueError: see `record`.
        """
        intent = self.begin(act, details)
        done: dict[str, Detail] = dict(details)
        try:
            yield done
        except BaseException as error:
            self.abandon(intent, type(error).__name__)
            raise
        self.commit(intent, done)

    def unfinished(self) -> tuple[Entry, ...]:
        """Intents without an end, after the whole log has been verified."""
        return self.read().unfinished

    def entries(self) -> tuple[Entry, ...]:
        """All lines, after each of them and the chain has been verified.

        Raises:
            AuditBroken: says at which line.
        """
        return self.read().entries

    def read(self) -> Reading:
        """The whole log, verified. Raises as `entries`."""
        return read_log(self.path, self._content(), keys=self._keys)

    def verify(self, number: int, digest: str) -> None:
        """Compare with a line that left the house, as a release's manifest names it.

        Raises:
            AuditBroken: the log has no such line any more, or another one.
        """
        self.read().prove(number, digest)

    def head(self) -> tuple[int, str]:
        """Number and digest of the last line, which is verified; 0 and the beginning if none.

        Raises:
            AuditBroken: the last line is not as it was written.
        """
        last = self._last(self._lines())
        return (0, self._keys.beginning) if last is None else (last.said["number"], last.digest)

    def repair(self, *, now: datetime | None = None) -> Entry | None:
        """Mend an end that breaks off, as a power cut leaves it, and write down that it was done.

        A last line that only lacks its line end is kept. One of which a part is missing was never
        acknowledged to anybody: it is put into a file of its own beside the log.

        Returns:
            The line that says what was done; None where nothing breaks off.

        Raises:
            AuditBroken: anything else is wrong; nothing is changed.
        """
        details: dict[str, Detail]
        with exclusively(self.path):
            lines, tail = split(self._content())
            if not tail:
                self.read()
                return None
            if _is_whole(tail):
                lines, details = (*lines, tail), {"line kept": len(lines) + 1}
            else:
                details = {"bytes put aside": len(tail), "sha512": digest(tail)}
                aside = self.path.with_name(f"{self.path.name}.torn-{digest(tail)[:8]}")
            read_lines(self.path, lines, keys=self._keys)
            text, line = self._next(self._last(lines), REPAIRED, details, now=now)
            if not _is_whole(tail):
                write_private(aside, tail, replace=True)
            whole = b"".join(one + b"\n" for one in (*lines, text))
            write_private(self.path, whole, replace=True)
        return line.entry()

    def set_clock(self, *, now: datetime | None = None) -> Entry | None:
        """Write down that lines were given a later time than it was, and go on from now.

        Returns:
            The line; None where the clock shows no earlier time than the last line.
        """
        moment = now or datetime.now(UTC)
        with exclusively(self.path):
            last = self._last(self._lines())
            if last is None or stamp(moment) >= last.said["time"]:
                return None
            text, line = self._next(last, CLOCK_SET, {"wrong since": last.said["time"]}, now=moment)
            self._append(text + b"\n")
        return line.entry()

    def _write(
        self,
        act: str,
        details: Mapping[str, Detail],
        *,
        now: datetime | None,
        step: Step = "done",
        intent: Entry | None = None,
    ) -> Entry:
        check_details(details)
        with exclusively(self.path):
            lines = self._lines()
            if intent is not None:
                self._check_open(lines, intent)
            closes = 0 if intent is None else intent.number
            last = self._last(lines)
            text, line = self._next(last, act, details, now=now, step=step, closes=closes)
            self._append(text + b"\n")
        return line.entry()

    def _next(
        self,
        last: Line | None,
        act: str,
        details: Mapping[str, Detail],
        *,
        now: datetime | None,
        step: Step = "done",
        closes: int = 0,
    ) -> tuple[bytes, Line]:
        """The line that follows the last one."""
        time = stamp(now or datetime.now(UTC))
        version, before = self._keys.version, None
        if last is not None:
            if act != CLOCK_SET:
                time = self._in_order(time, last)
            # Another process may have made a new master key since this ring was opened.
            version = max(version, last.said["key_version"])
            if last.is_signed and last.said["key_version"] != version:
                before = self._keys.signing(last.said["key_version"])
        said: dict[str, Any] = {
            "number": 1 if last is None else last.said["number"] + 1,
            "previous": self._keys.beginning if last is None else last.digest,
            "time": time,
            "actor": _actor(),
            "act": act,
            "details": dict(details),
            "key_version": version,
            "step": step,
            "closes": closes,
        }
        return write_line(said, self._keys.signing(version), before)

    def _in_order(self, time: str, last: Line) -> str:
        """The time of a new line: never before the last one's."""
        then = last.said["time"]
        if read_time(then) - read_time(time) > TOLERANCE:
            raise ClockWentBack(
                f"the clock shows {time}, and line {last.said['number']} of {self.path} was "
                f"written at {then}: set the clock right and run this again; if it is right and "
                "was wrong then, say so with hsr audit clock"
            )
        return max(time, str(then))

    def _check_open(self, lines: tuple[bytes, ...], intent: Entry) -> None:
        """Raise unless an intent of this log stands open; looks at the lines from it on."""
        since = lines[intent.number - 1 :] if intent.number > 0 else ()
        if intent.step != "begun" or not since or digest(since[0]) != intent.digest:
            raise ValueError("that is no intent of this audit log")
        for number, text in enumerate(since[1:], start=intent.number + 1):
            try:
                line = read_line(text)
            except ValueError:
                raise broken(self.path, number, "it is not as it was written") from None
            if line.said.get("closes", 0) == intent.number:
                raise ValueError(f"line {number} of the audit log closes that intent already")

    def _content(self) -> bytes:
        return read_private(self.path, _WHAT) if self.path.exists() else b""

    def _lines(self) -> tuple[bytes, ...]:
        lines, tail = split(self._content())
        if tail:
            raise breaks_off(self.path, len(lines) + 1)
        return lines

    def _last(self, lines: tuple[bytes, ...]) -> Line | None:
        return good_line(self.path, len(lines), lines[-1], keys=self._keys) if lines else None

    def _append(self, line: bytes) -> None:
        try:
            handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(handle, "ab", buffering=0) as file:
                size = file.tell()
                try:
                    if file.write(line) != len(line):
                        raise OSError(errno.ENOSPC, "the disk is full")  # noqa: TRY301
                    os.fsync(file.fileno())
                except OSError:
                    with contextlib.suppress(OSError):
                        file.truncate(size)
                    raise
            if size == 0:
                sync_folder(self.path.parent)
        except OSError as error:
            raise OutputFailed(f"{self.path} could not be written: {error.strerror}") from None


def audit_path(ring: Path) -> Path:
    """Where the log of a key ring lies."""
    return ring.with_name(f"{ring.name}.audit.jsonl")


def log_public_key(ring: KeyRing) -> str:
    """By which anybody can verify the lines that this ring's log gets from now on."""
    return AuditLog(ring).public_key


def _is_whole(tail: bytes) -> bool:
    """Whether what follows the last line end is a line that lacks nothing but its own."""
    try:
        read_line(tail)
    except ValueError:
        return False
    return True


def _actor() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no login name in some containers
        return f"user {os.getuid()}" if hasattr(os, "getuid") else "unknown"
