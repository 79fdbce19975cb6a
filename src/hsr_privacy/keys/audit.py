"""The audit log: one line for each use of a key ring that matters, chained and sealed with a tag.

The log lies beside the key ring. Each line names its place, the SHA-512 of the line before it, when
it was written, who did what, and counts; it carries an HMAC-SHA-256 under a key of the ring that
serves nothing else. A changed, removed or inserted line breaks the chain. What the chain alone
does not show is an end that was cut off, or a log that a holder of the key wrote anew: so each
release writes the place and the digest of its line into its manifest, which leaves the house, and
`AuditLog.verify` compares them.

Never in a line: identifiers, pseudonyms, values, or text from data.
"""

from __future__ import annotations

import getpass
import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from hsr_privacy.errors import AuditBroken, OutputFailed
from hsr_privacy.keys.contents import stamp
from hsr_privacy.keys.custody import exclusively, read_private
from hsr_privacy.keys.ring import KeyRing
from hsr_privacy.keys.sealing import canonical

_WHAT: Final = "audit log"
_LONGEST_DETAIL: Final = 500

Detail = str | int


@dataclass(frozen=True)
class Entry:
    """One line of the log.

    Attributes:
        number: 1 for the first.
        time: RFC 3339, UTC.
        actor: login name of who did it.
        act: what was done, as ``group.verb``.
        details: names of projects, check values, digests and counts.
        digest: SHA-512 of the whole line, in hexadecimal; the next line names it.
    """

    number: int
    time: str
    actor: str
    act: str
    details: Mapping[str, Detail]
    digest: str


class AuditLog:
    """The log of one key ring."""

    def __init__(self, ring: KeyRing) -> None:
        self.path: Final = audit_path(ring.path)
        self._ring = ring

    def record(
        self, act: str, details: Mapping[str, Detail], *, now: datetime | None = None
    ) -> Entry:
        """Add a line, and bring it to the disk before anything else happens.

        Raises:
            AuditBroken: the last line is not as it was written.
            OutputFailed: the disk is full, or the system refuses.
            ValueError: a detail is longer than 500 characters.
        """
        if any(isinstance(one, str) and len(one) > _LONGEST_DETAIL for one in details.values()):
            raise ValueError("a detail of an audit record is too long")
        key = self._ring.register_key("audit-tag")
        with exclusively(self.path):
            last = self._last()
            fields = {
                "number": 1 if last is None else last.number + 1,
                "previous": self._beginning() if last is None else last.digest,
                "time": stamp(now or datetime.now(UTC)),
                "actor": _actor(),
                "act": act,
                "details": dict(details),
                "key_version": key.version,
            }
            line = canonical({**fields, "tag": _tag(fields, key.secret.unsafe_bytes())}).encode()
            self._append(line + b"\n")
        return _entry(fields, line)

    def entries(self) -> tuple[Entry, ...]:
        """All lines, after each of them and the chain has been verified.

        Raises:
            AuditBroken: says at which line.
        """
        previous, found = self._beginning(), []
        for number, line in enumerate(self._lines(), start=1):
            entry, fields = self._read(number, line)
            if fields["previous"] != previous:
                raise _broken(self.path, number, "the line before it was changed or removed")
            previous = entry.digest
            found.append(entry)
        return tuple(found)

    def verify(self, number: int, digest: str) -> None:
        """Compare with a line that left the house, as a release's manifest names it.

        Raises:
            AuditBroken: the log has no such line any more, or another one.
        """
        entries = self.entries()
        if number > len(entries):
            raise _broken(
                self.path, number, f"it is gone: the log was cut off after line {len(entries)}"
            )
        if entries[number - 1].digest != digest:
            raise _broken(self.path, number, "it is another one: the log was written anew")

    def _beginning(self) -> str:
        return hashlib.sha512(f"hsr-audit/v1 {self._ring.file_id}".encode()).hexdigest()

    def _lines(self) -> list[bytes]:
        if not self.path.exists():
            return []
        content = read_private(self.path, _WHAT)
        if content and not content.endswith(b"\n"):
            raise _broken(self.path, content.count(b"\n") + 1, "it breaks off")
        return content.splitlines()

    def _last(self) -> Entry | None:
        lines = self._lines()
        return self._read(len(lines), lines[-1])[0] if lines else None

    def _read(self, number: int, line: bytes) -> tuple[Entry, dict[str, Any]]:
        try:
            fields = json.loads(line)
            tag = fields.pop("tag")
            key = self._ring.register_key("audit-tag", version=fields["key_version"])
            holds = hmac.compare_digest(tag, _tag(fields, key.secret.unsafe_bytes()))
            holds = holds and fields["number"] == number
            entry = _entry(fields, line)
        except (ValueError, KeyError, TypeError, AttributeError):
            holds = False
        if not holds:
            raise _broken(self.path, number, "it is not as it was written")
        return entry, fields

    def _append(self, line: bytes) -> None:
        try:
            handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(handle, "ab", buffering=0) as file:
                size = file.tell()
                if file.write(line) != len(line):
                    file.truncate(size)
                    raise OutputFailed(f"{self.path} could not be written: the disk is full")
                os.fsync(file.fileno())
        except OSError as error:
            raise OutputFailed(f"{self.path} could not be written: {error.strerror}") from None


def audit_path(ring: Path) -> Path:
    """Where the log of a key ring lies."""
    return ring.with_name(f"{ring.name}.audit.jsonl")


def _tag(fields: Mapping[str, Any], key: bytes) -> str:
    return hmac.digest(key, canonical(fields).encode(), "sha256").hex()


def _entry(fields: Mapping[str, Any], line: bytes) -> Entry:
    return Entry(
        number=fields["number"],
        time=fields["time"],
        actor=fields["actor"],
        act=fields["act"],
        details=fields["details"],
        digest=hashlib.sha512(line).hexdigest(),
    )


def _actor() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no login name in some containers
        return f"user {os.getuid()}" if hasattr(os, "getuid") else "unknown"


def _broken(path: Path, number: int, what: str) -> AuditBroken:
    return AuditBroken(
        f"{path}:{number}: {what}; keep the file as it is, and compare it with its backup and with "
        "the manifests of releases"
    )
