"""What a file is, told from its first bytes; its name decides only where they do not."""

from __future__ import annotations

import codecs
import csv
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

HEAD: Final = 1 << 16
"""Bytes that are looked at."""

_BEGINNINGS: Final = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PAR1", "parquet"),
    (b"ARROW1\0\0", "arrow"),
    (b"SQLite format 3\0", "sqlite"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"<stata_dta>", "dta"),
    (b"$FL2", "sav"),
    (b"$FL3", "sav"),
    (b"HEADER RECORD*******LIB", "xport"),
)
_CLOSED: Final = (
    (b"PARE", "Parquet under encryption"),
    (
        b"\xd0\xcf\x11\xe0",
        "an old Office file, or one with a password; save it as xlsx or CSV without one",
    ),
    (b"%PDF", "PDF, in which text is packed and drawn; look at it yourself"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it and scan what is in it"),
    (b"Rar!", "a rar archive; unpack it and scan what is in it"),
    (b"RDX", "data of R; save them as CSV or Parquet"),
    (b"RDA", "data of R; save them as CSV or Parquet"),
    (b"X\n\0\0\0", "data of R; save them as CSV or Parquet"),
    (b"\x89HDF", "HDF5; save it as CSV or Parquet"),
    (b"FEA1", "an old Feather file; save it as Parquet"),
)
_SAS: Final = bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011")
_STATA: Final = range(104, 116)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CODE: Final = frozenset((".js", ".mjs", ".css", ".py", ".r", ".do", ".sps", ".sql"))
_JSON: Final = frozenset((".json", ".geojson", ".ipynb"))
_JSON_LINES: Final = frozenset((".ndjson", ".jsonl"))
_DELIMITERS: Final = ";,\t|"
_HTML: Final = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_XML: Final = re.compile(rb"\s*<(?:\?xml|svg)[\s>]")
_JSON_BEGINS: Final = re.compile(rb'\s*(?:\{\s*(?:"|\})|\[\s*(?:[\[{"\d\-\]]|true|false|null))')
_MOST_CONTROLS: Final = 0.02
_LINES: Final = 50
_ALIKE: Final = 0.6


@dataclass(frozen=True)
class Sniffed:
    """What a file is.

    Attributes:
        kind: name of the format; ``closed`` if it cannot be looked into, ``bytes`` if nobody knows.
        encoding: of a text in which ASCII is not ASCII, or that begins with a mark; else empty.
        delimiter: of a CSV.
        reason: why a closed one is closed.
    """

    kind: str
    encoding: str = ""
    delimiter: str = ""
    reason: str = ""


def sniff(head: bytes, name: str, *, whole: bool) -> Sniffed:
    """Say what a file is.

    Args:
        head: its first bytes, at most `HEAD`.
        name: of the file.
        whole: whether that is all of it.
    """
    suffix = PurePosixPath(name).suffix.lower()
    return _by_beginning(head) or _by_place(head, suffix) or _letters(head, suffix, whole=whole)


def _by_beginning(head: bytes) -> Sniffed | None:
    for begin, reason in _CLOSED:
        if head.startswith(begin):
            return Sniffed("closed", reason=reason)
    return next((Sniffed(kind) for begin, kind in _BEGINNINGS if head.startswith(begin)), None)


def _by_place(head: bytes, suffix: str) -> Sniffed | None:
    """Formats that are known by bytes further in, or by their name too."""
    stata = suffix == ".dta" and len(head) > 1 and head[0] in _STATA and head[1] in {1, 2}
    marks = (
        ("sas7bdat", _SAS in head[:64]),
        ("tar", head[257:262] == b"ustar"),
        ("dta", stata),
        ("por", suffix == ".por" and b"SPSS PORT" in head[:600]),
    )
    return next((Sniffed(kind) for kind, holds in marks if holds), None)


def _letters(head: bytes, suffix: str, *, whole: bool) -> Sniffed:
    """A text in whichever encoding, or nobody knows what."""
    marked = next((encoding for mark, encoding in _MARKS if head.startswith(mark)), "")
    encoding = marked or _wide(head)
    if encoding:
        return _text(head.decode(encoding, "ignore").encode(), suffix, encoding, whole=whole)
    controls = sum(head.count(sign) for sign in range(32) if sign not in b"\t\n\r\f\x1b")
    if controls > _MOST_CONTROLS * len(head):
        return Sniffed("bytes")
    return _text(head, suffix, "", whole=whole)


def _text(head: bytes, suffix: str, encoding: str, *, whole: bool) -> Sniffed:
    """Say which kind of text it is; its first bytes are in an encoding in which ASCII is ASCII."""
    if suffix in _CODE:
        return Sniffed("code", encoding)
    if suffix in _JSON_LINES:
        return Sniffed("json lines", encoding)
    if suffix in _JSON or _JSON_BEGINS.match(head):
        return Sniffed("json", encoding)
    if suffix in {".html", ".htm", ".xhtml"} or _HTML.match(head):
        return Sniffed("html", encoding)
    if suffix in {".xml", ".svg"} or _XML.match(head):
        return Sniffed("xml", encoding)
    delimiter = _delimiter(head, whole=whole)
    return Sniffed("csv", encoding, delimiter) if delimiter else Sniffed("lines", encoding)


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: every second byte of most letters is zero."""
    pairs = len(head) // 2
    if pairs < 4:
        return ""
    for parity, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = head[parity::2].count(0), head[1 - parity :: 2].count(0)
        text = sum(head[1 - parity :: 2].count(sign) for sign in b"\n\r\t") + sum(
            32 <= sign < 127 for sign in head[1 - parity :: 2]
        )
        if zeros > 0.7 * pairs and not others and text > 0.7 * pairs:
            return encoding
    return ""


def _delimiter(head: bytes, *, whole: bool) -> str:
    """The sign that sets fields apart, as often in most lines as in the first; else empty."""
    # Not splitlines, which takes the second byte of Å for the end of a line.
    lines = head.decode("latin-1").replace("\r", "\n").split("\n")
    lines = [line for line in (lines if whole else lines[:-1]) if line.strip()][:_LINES]
    best, most = "", 1
    for sign in _DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=sign)]
        except csv.Error:
            continue
        if widths and widths[0] > most and widths.count(widths[0]) >= _ALIKE * len(widths):
            best, most = sign, widths[0]
    return best
