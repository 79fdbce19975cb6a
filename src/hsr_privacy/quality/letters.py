"""Letters: a delivered file as UTF-8, whatever single lines of it are written in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hsr_privacy.registry import Layout

_BOM: Final = b"\xef\xbb\xbf"
_FEW: Final = 3
"""So few lines may be slips; more of them, and no line in UTF-8, make a file in Windows-1252."""


@dataclass(frozen=True)
class Decoded:
    """A file in UTF-8.

    Attributes:
        content: its bytes, without a byte order mark.
        encoding: in which it is written as a whole.
        wrong_lines: lines, from 1, that are written in another.
        is_whole: whether the whole file is in an encoding that its layout does not allow.
    """

    content: bytes
    encoding: str
    wrong_lines: tuple[int, ...] = ()
    is_whole: bool = False


def decode(content: bytes, layout: Layout) -> Decoded:
    """Read lines that are no UTF-8 as Windows-1252, and say which they are.

    Args:
        content: bytes of the file.
        layout: says in which encodings it may be.
    """
    content = content.removeprefix(_BOM)
    if _is_utf_8(content):
        return Decoded(content, "utf-8")
    lines = content.split(b"\n")
    wrong = [place for place, line in enumerate(lines) if not _is_utf_8(line)]
    others = set(wrong)
    has_utf_8 = any(not line.isascii() for place, line in enumerate(lines) if place not in others)
    for place in wrong:
        lines[place] = lines[place].decode("windows-1252", "replace").encode()
    mended = b"\n".join(lines)
    if has_utf_8:
        return Decoded(mended, "utf-8", tuple(place + 1 for place in wrong))
    if "windows-1252" in layout.encodings:
        return Decoded(mended, "windows-1252")
    if len(wrong) <= _FEW:
        return Decoded(mended, "utf-8", tuple(place + 1 for place in wrong))
    return Decoded(mended, "windows-1252", is_whole=True)


def _is_utf_8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
