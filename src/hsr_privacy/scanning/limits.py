"""How much a scan unpacks, so that no file can fill the memory or keep it busy for ever."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds of one scan.

    Attributes:
        depth: archives inside of archives that are opened.
        unpacked: bytes that may be unpacked from one file in all.
        held: bytes of a member that are held in memory, for formats that must be read back and forth.
        members: members of one archive.
        cells: text of one sheet's or document's parts, in bytes, that is gathered at once.
    """

    depth: int = 4
    unpacked: int = 16 << 30
    held: int = 512 << 20
    members: int = 100_000
    cells: int = 32 << 20
