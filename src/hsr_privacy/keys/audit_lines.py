"""Lines of the audit log: the one way to write each, and what makes it good.

A line is canonical JSON in ASCII. What it says is signed with Ed25519 by the register's own key;
lines from before there were signatures carry an HMAC-SHA-256 in their place. Whatever differs from
the one way to write it, a space, the case of a digit, a doubled name, makes a line no line.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from hsr_privacy.errors import AuditBroken
from hsr_privacy.keys.sealing import canonical
from hsr_privacy.keys.signing import SigningKey, is_signed

Detail = str | int
Step = Literal["done", "begun", "committed", "abandoned"]

STEPS: Final[tuple[Step, ...]] = ("done", "begun", "committed", "abandoned")
REPAIRED: Final = "audit.repair"
CLOCK_SET: Final = "audit.clock"

_PURPOSE: Final = "audit-line"
_HANDOVER: Final = "audit-key"
_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"
_TYPES: Final[Mapping[str, type]] = {
    "number": int,
    "previous": str,
    "time": str,
    "actor": str,
    "act": str,
    "details": dict,
    "key_version": int,
}
_TYPES_SIGNED: Final[Mapping[str, type]] = {
    **_TYPES,
    "step": str,
    "closes": int,
    "signed_by": str,
}


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
        step: ``done`` for what needed one line; ``begun`` for an intent, ``committed`` or
            ``abandoned`` for how one ended.
        closes: number of the intent's line, 0 where there is none.
        signed_by: public key; empty for a line from before there were signatures.
    """

    number: int
    time: str
    actor: str
    act: str
    details: Mapping[str, Detail]
    digest: str
    step: Step = "done"
    closes: int = 0
    signed_by: str = ""


@dataclass(frozen=True)
class Line:
    """A line, read and not verified yet.

    Attributes:
        said: everything that is signed, by name.
        seals: ``signature`` and, where the key is another than before, ``handover``; or ``tag``.
        digest: SHA-512 of the line's bytes, in hexadecimal.
    """

    said: Mapping[str, Any]
    seals: Mapping[str, str]
    digest: str

    @property
    def is_signed(self) -> bool:
        """Whether it is from after there were signatures."""
        return "signature" in self.seals

    @property
    def content(self) -> bytes:
        """The bytes that are signed."""
        return canonical(self.said).encode()

    def entry(self) -> Entry:
        """What it says."""
        said = self.said
        return Entry(
            number=said["number"],
            time=said["time"],
            actor=said["actor"],
            act=said["act"],
            details=dict(said["details"]),
            digest=self.digest,
            step=said.get("step", "done"),
            closes=said.get("closes", 0),
            signed_by=said.get("signed_by", ""),
        )

    def holds(self) -> bool:
        """Whether the signature is of the key that the line names."""
        signature = self.seals.get("signature", "")
        return is_signed(self.said["signed_by"], _PURPOSE, self.content, signature)

    def is_handed_over_by(self, key: str) -> bool:
        """Whether the key of the line before agreed that another one follows it."""
        return is_signed(key, _HANDOVER, self.content, self.seals.get("handover", ""))

    def is_tagged_by(self, key: bytes) -> bool:
        """Whether the tag of an old line is the one under this key."""
        return hmac.compare_digest(
            self.seals.get("tag", ""), hmac.digest(key, self.content, "sha256").hex()
        )


def write_line(
    said: Mapping[str, Any], key: SigningKey, before: SigningKey | None = None
) -> tuple[bytes, Line]:
    """Sign what a line says, and write it.

    Args:
        said: everything but who signs.
        key: of the register.
        before: the key of the line before, where that was another one: it agrees.
    """
    line = Line({**said, "signed_by": key.public_key}, {}, "")
    seals = {"signature": key.sign(_PURPOSE, line.content)}
    if before is not None:
        seals["handover"] = before.sign(_HANDOVER, line.content)
    text = canonical({**line.said, **seals}).encode()
    return text, Line(line.said, seals, digest(text))


def read_line(text: bytes) -> Line:
    """Read a line, which is written the one way or is none.

    Raises:
        ValueError: it is none; holds nothing of it.
    """
    try:
        words = json.loads(text.decode("ascii"))
    except (ValueError, RecursionError):
        words = None
    if not isinstance(words, dict) or canonical(words).encode() != text:
        raise ValueError("no line of an audit log")
    names = ("signature", "handover") if "signature" in words else ("tag",)
    seals = {name: words.pop(name) for name in names if name in words}
    types = _TYPES_SIGNED if "signature" in seals else _TYPES
    if (
        words.keys() != types.keys()
        or any(type(words[name]) is not wanted for name, wanted in types.items())
        or any(type(one) not in {str, int} for one in words["details"].values())
        or any(type(one) is not str or not one.isascii() for one in seals.values())
        or words.get("step", "done") not in STEPS
    ):
        raise ValueError("no line of an audit log")
    read_time(words["time"])
    return Line(words, seals, digest(text))


def read_time(text: str) -> datetime:
    """The time of a line, which is in UTC.

    Raises:
        ValueError: it is none.
    """
    time = datetime.strptime(f"{text}+0000", f"{_TIME}%z")
    if time.strftime(_TIME) != text:
        raise ValueError("a time is not written the one way")
    return time


def digest(text: bytes) -> str:
    """SHA-512, in hexadecimal."""
    return hashlib.sha512(text).hexdigest()


def split(content: bytes) -> tuple[tuple[bytes, ...], bytes]:
    """The whole lines of a log without their line ends, and what follows the last line end."""
    *lines, tail = content.split(b"\n")
    return tuple(lines), tail


def broken(path: Path, number: int, what: str) -> AuditBroken:
    """The error that says which line is not as it was written."""
    return AuditBroken(
        f"{path}:{number}: {what}; keep the file as it is, and compare it with its backup and with "
        "the manifests of releases"
    )
