"""Reading the audit log: every line and the chain, with the key ring or with a public key alone.

With the ring, each line must be sealed by a key of that ring. With a public key alone, each signed
line must hold under the key that it names, each change of key must be agreed to by the key before,
and the given key must be one of them: then nobody without the ring's keys wrote a line up to the
last one under that key, nor one after it. What stands before the first signed line has a tag that
only the ring can verify; the chain fixes it all the same.
"""

from __future__ import annotations

import copy
import functools
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hsr_privacy.errors import KeyRingError
from hsr_privacy.keys.audit_lines import (
    CLOCK_SET,
    Entry,
    Line,
    broken,
    digest,
    read_line,
    split,
)
from hsr_privacy.keys.contents import Contents
from hsr_privacy.keys.ring import KeyRing
from hsr_privacy.keys.signing import SigningKey

_CHANGED: Final = "it is not as it was written"


class LogKeys:
    """The keys of a ring by which its log is sealed, each derived once."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring
        self.beginning: Final = digest(f"hsr-audit/v1 {ring.file_id}".encode())
        self.signing: Final = functools.cache(self._signing)
        self.tag: Final = functools.cache(self._tag)

    @property
    def version(self) -> int:
        """Of the active master key."""
        return self._ring.contents.active.version

    def _signing(self, version: int) -> SigningKey:
        """The log's signing key under a version of the master key."""
        key = self._holding(version).register_key("audit-signing", version=version)
        return SigningKey.of_seed(key.secret)

    def _tag(self, version: int) -> bytes:
        """The key of tags, for lines from before there were signatures."""
        key = self._holding(version).register_key("audit-tag", version=version)
        return key.secret.unsafe_bytes()

    def _holding(self, version: int) -> KeyRing:
        """The ring; as it is on the disk where another process has made a newer master key."""
        if any(one.version == version for one in self._ring.contents.master_keys):
            return self._ring
        fresh = copy.copy(self._ring)  # the ring that was given keeps its drafts
        fresh.change(_unchanged)
        return fresh


@dataclass(frozen=True)
class Reading:
    """A log of which every line was verified.

    Attributes:
        path: where it lies.
        entries: its lines.
        beginning: what its first line follows.
        tagged: lines from before there were signatures; with a public key alone, their seals were
            not verified.
        keys: public keys that signed, in order.
        backwards: numbers of lines that are earlier than the line before: where somebody said that
            the clock had been wrong, and in old lines, which were not compared.
    """

    path: Path
    entries: tuple[Entry, ...]
    beginning: str
    tagged: int
    keys: tuple[str, ...]
    backwards: tuple[int, ...]

    @property
    def head(self) -> tuple[int, str]:
        """Number and digest of the last line; 0 and the beginning where there is none."""
        last = self.entries[-1:]
        return (last[0].number, last[0].digest) if last else (0, self.beginning)

    @property
    def unfinished(self) -> tuple[Entry, ...]:
        """Intents that were neither carried out nor given up."""
        closed = {one.closes for one in self.entries}
        return tuple(
            one for one in self.entries if one.step == "begun" and one.number not in closed
        )

    @property
    def acts(self) -> tuple[tuple[str, int], ...]:
        """How often each act stands in the log, by name; an intent counts where it was begun."""
        counted = Counter(one.act for one in self.entries if one.step in {"done", "begun"})
        return tuple(sorted(counted.items()))

    def prove(self, number: int, named: str) -> None:
        """Compare with a line that left the house, as a manifest or receipt names it.

        Args:
            number: of the line; 0 for the beginning of a log without lines.
            named: its digest.

        Raises:
            AuditBroken: the log has no such line any more, or another one.
        """
        last = len(self.entries)
        if number > last:
            raise broken(self.path, number, f"it is gone: the log was cut off after line {last}")
        own = self.entries[number - 1].digest if number > 0 else self.beginning
        if number < 0 or own != named:
            raise broken(self.path, number, "it is another one: the log was written anew")


def read_log(
    path: Path, content: bytes, *, keys: LogKeys | None = None, public_key: str | None = None
) -> Reading:
    """Verify a log.

    Args:
        path: what errors name.
        content: of the file.
        keys: of the ring; each line must be sealed by one of them.
        public_key: must be among those that signed; None to demand none.

    Raises:
        AuditBroken: says at which line.
    """
    lines, tail = split(content)
    if tail:
        raise breaks_off(path, len(lines) + 1)
    return read_lines(path, lines, keys=keys, public_key=public_key)


def read_lines(
    path: Path,
    texts: Iterable[bytes],
    *,
    keys: LogKeys | None = None,
    public_key: str | None = None,
) -> Reading:
    """Verify the lines of a log; see `read_log`."""
    beginning = "" if keys is None else keys.beginning
    before: Line | None = None
    lines: list[Line] = []
    backwards: list[int] = []
    begun: set[int] = set()
    for number, text in enumerate(texts, start=1):
        line = good_line(path, number, text, keys=keys)
        if before is None:
            beginning = beginning or line.said["previous"]
        wrong = _wrong_place(line, before, beginning) or _wrong_step(line, begun)
        if wrong:
            raise broken(path, number, wrong)
        if before is not None and line.said["time"] < before.said["time"]:
            backwards.append(number)
        before = line
        lines.append(line)
    entries = tuple(line.entry() for line in lines)
    signers = tuple(dict.fromkeys(one.signed_by for one in entries if one.signed_by))
    if public_key is not None and public_key not in signers:
        raise broken(path, len(lines), "neither it nor a line before it is signed by the given key")
    return Reading(
        path=path,
        entries=entries,
        beginning=beginning,
        tagged=sum(not line.is_signed for line in lines),
        keys=signers,
        backwards=tuple(backwards),
    )


def good_line(path: Path, number: int, text: bytes, *, keys: LogKeys | None = None) -> Line:
    """A line by itself: written the one way, in its place, under its seal.

    Raises:
        AuditBroken: it is not.
    """
    try:
        line = read_line(text)
    except ValueError:
        raise broken(path, number, _CHANGED) from None
    if line.said["number"] != number or (line.is_signed and not line.holds()):
        raise broken(path, number, _CHANGED)
    if keys is not None and not _is_of(line, keys, path):
        raise broken(path, number, _CHANGED)
    return line


def breaks_off(path: Path, number: int) -> Exception:
    """The error that says that a log has no end."""
    return broken(
        path,
        number,
        "it breaks off, as after a power cut; hsr audit repair says what can be done",
    )


def _is_of(line: Line, keys: LogKeys, path: Path) -> bool:
    """Whether a line is sealed by a key of the ring."""
    version = line.said["key_version"]
    try:
        if line.is_signed:
            return bool(line.said["signed_by"] == keys.signing(version).public_key)
        return line.is_tagged_by(keys.tag(version))
    except KeyRingError as error:
        if type(error) is not KeyRingError:
            raise
        raise broken(
            path, line.said["number"], f"it names master key {version}, which the key ring lacks"
        ) from None


def _wrong_place(line: Line, before: Line | None, beginning: str) -> str | None:
    """What keeps a line from following the one before."""
    if line.said["previous"] != (beginning if before is None else before.digest):
        return "the line before it was changed or removed"
    if before is not None and before.is_signed and not line.is_signed:
        return "it has a tag where a signature must stand"
    if line.is_signed and not _is_by_right(line, before):
        return "it is signed by a key that the key before did not agree to"
    if (
        before is not None
        and line.is_signed
        and line.said["time"] < before.said["time"]
        and line.said["act"] != CLOCK_SET
    ):
        return "it is earlier than the line before it"
    return None


def _is_by_right(line: Line, before: Line | None) -> bool:
    """Whether the key of a signed line may follow that of the line before."""
    if before is None or not before.is_signed:
        return "handover" not in line.seals
    key, version = before.said["signed_by"], before.said["key_version"]
    if line.said["signed_by"] == key:
        return "handover" not in line.seals and bool(line.said["key_version"] == version)
    return line.said["key_version"] > version and line.is_handed_over_by(key)


def _wrong_step(line: Line, begun: set[int]) -> str | None:
    """What keeps a line from beginning or ending an intent; notes that it does."""
    step, closes = line.said.get("step", "done"), line.said.get("closes", 0)
    if step in {"done", "begun"}:
        if step == "begun":
            begun.add(line.said["number"])
        return "it closes what it did not begin" if closes else None
    if closes not in begun:
        return "it closes what was not begun, or was closed before"
    begun.remove(closes)
    return None


def _unchanged(contents: Contents) -> Contents:
    return contents
