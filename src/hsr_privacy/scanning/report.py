"""What a scan found: counts and places, never a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hsr_privacy.errors import LeaksFound
from hsr_privacy.scanning.parts import Unread


@dataclass(frozen=True)
class Finding:
    """One kind of thing in one part of a file.

    Attributes:
        file: path, as it may be shown.
        member: what is packed inside the file, empty for the file itself.
        part: column, sheet, label, comment, name or other part.
        kind: what was found, such as ``fodselsnummer``, ``phone`` or the kind of a needle.
        tier: of a national identifier, ``A``, ``B`` or ``C``; None for all else.
        count: how often.
        unit: what the places are: ``row``, ``line``, ``item`` or ``byte``.
        first: the first places, rising.
        about: name of the needle; empty where none was searched for.
    """

    file: str
    member: str
    part: str
    kind: str
    tier: str | None
    count: int
    unit: str
    first: tuple[int, ...]
    about: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain numbers, lists and names."""
        told = {
            "file": self.file,
            "member": self.member or None,
            "part": self.part,
            "kind": self.kind,
            "tier": self.tier,
            "count": self.count,
            "unit": self.unit,
            "first": list(self.first),
        }
        return {**told, "about": self.about} if self.about else told


@dataclass(frozen=True)
class ScanReport:
    """What files hold that must not leave.

    Attributes:
        files: how many files were looked into, members of archives among them.
        size: bytes of the files themselves.
        as_bytes: files of which only the bytes were searched, because nobody knows their format.
        known: how many known identifiers were looked up; None if none were given.
        findings: what was found.
        unread: what was not looked into, and why.
    """

    files: int
    size: int
    as_bytes: int
    known: int | None
    findings: Sequence[Finding]
    unread: Sequence[Unread]

    @property
    def clean(self) -> bool:
        """Whether everything was looked into and nothing was found."""
        return not self.findings and not self.unread

    @property
    def tiers(self) -> Mapping[str, int]:
        """National identifiers by tier."""
        return {
            tier: sum(one.count for one in self.findings if one.tier == tier)
            for tier in ("A", "B", "C")
        }

    @property
    def kinds(self) -> Mapping[str, int]:
        """Everything found, by kind."""
        kinds = sorted({one.kind for one in self.findings})
        return {kind: sum(one.count for one in self.findings if one.kind == kind) for kind in kinds}

    def require_nothing(self) -> None:
        """Refuse anything that was found, and anything that was not looked into.

        Raises:
            LeaksFound: how much, by kind, never what.
        """
        if self.clean:
            return
        parts = [f"{count:,} {kind}" for kind, count in self.kinds.items()]
        if self.unread:
            parts.append(f"{len(self.unread)} file(s) or parts not looked into")
        raise LeaksFound(f"found: {', '.join(parts)}; take it out before anything leaves")

    def to_json(self) -> dict[str, Any]:
        """Plain numbers, lists and names."""
        return {
            "clean": self.clean,
            "files": self.files,
            "bytes": self.size,
            "searched_as_bytes_only": self.as_bytes,
            "known_identifiers": self.known,
            "tiers": dict(self.tiers),
            "kinds": dict(self.kinds),
            "findings": [one.to_json() for one in self.findings],
            "not_looked_into": [
                {"file": one.place.file, "member": one.place.member or None, "reason": one.reason}
                for one in self.unread
            ],
        }
