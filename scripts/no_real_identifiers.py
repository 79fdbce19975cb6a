"""Refuse files that hold a national identifier which could be a living person's.

    python scripts/no_real_identifiers.py             every file that git knows or would add
    python scripts/no_real_identifiers.py --staged    what the next commit would add
    python scripts/no_real_identifiers.py FILE ...    these files

Looks for eleven digits, also written 6 + 5, that are a valid fødselsnummer, D-number, H-number,
NAV number or joint help number, under the check-digit rules of 1964 and of 2032. Skatteetaten's
synthetic series (month + 80) and the test series of NHN and NAV (month + 65, + 60) belong to
nobody and may stand; so may the examples that scripts/official-examples.txt lists with their
source. Gzip and zip files are opened; Parquet files are read through pyarrow where it is
installed. Prints file, line and kind, never the number. Exits with 1 if anything was found.

Needs nothing but Python 3.11, so that a fresh clone can commit.

Source: folkeregisterforskriften § 2-2-1 and § 2-2-2; Skatteetaten, "Nytt fødselsnummer fra 2032".
"""

from __future__ import annotations

import gzip
import io
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
EXAMPLES: Final = ROOT / "scripts" / "official-examples.txt"

_ELEVEN: Final = re.compile(rb"(?<![0-9])([0-9]{6})[ \t.\-/\xa0]?([0-9]{5})(?![0-9])")
_DIGEST: Final = re.compile(rb"[0-9a-f]{32,}")
_K1: Final = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_K2: Final = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_D_NUMBER: Final = 40
# What is added to the month, and whose series it is; real people have numbers in these.
_REAL_SERIES: Final = {0: "fødselsnummer", 20: "NAV number", 40: "H-number"}


@dataclass(frozen=True)
class Hit:
    """Where a number stands that could be a living person's, and of which kind it would be."""

    file: str
    line: int
    kind: str

    def __str__(self) -> str:
        """``file:line: kind``."""
        return f"{self.file}:{self.line}: could be a living person's {self.kind}"


def main(arguments: list[str]) -> int:
    """Look through what was asked for; gives the exit code."""
    allowed = official_examples()
    if arguments == ["--staged"]:
        files = _staged()
    elif arguments:
        files = ((name, Path(name).read_bytes()) for name in arguments)
    else:
        files = ((name, (ROOT / name).read_bytes()) for name in tracked())
    hits = [hit for name, data in files for hit in scan(name, data, allowed=allowed)]
    for hit in hits:
        print(hit, file=sys.stderr)
    if hits:
        print(
            "Take a number from Skatteetaten's synthetic series instead (month + 80), or list an\n"
            "official, published example with its source in scripts/official-examples.txt.",
            file=sys.stderr,
        )
    return 1 if hits else 0


def scan(name: str, data: bytes, *, allowed: frozenset[bytes] = frozenset()) -> Iterator[Hit]:
    """Find every number in one file that could be a living person's.

    Args:
        name: shown in the findings; its ending does not matter, the content decides.
        data: the file's bytes.
        allowed: eleven-digit numbers that may stand.
    """
    for text in _contents(data):
        for match in _ELEVEN.finditer(text):
            number = match[1] + match[2]
            kind = kind_of(number)
            if kind and number not in allowed and not _in_digest(text, match.start()):
                yield Hit(name, text.count(b"\n", 0, match.start()) + 1, kind)


def kind_of(number: bytes) -> str | None:
    """Say which real kind eleven digits could be, or None if they can be no living person's."""
    digits = [byte - 48 for byte in number]
    day, month, year = int(number[:2]), int(number[2:4]), int(number[4:6])
    if day >= 80 and _checks(digits):
        return "joint help number"
    d_number = 40 < day <= 71
    day -= _D_NUMBER if d_number else 0
    for offset, kind in _REAL_SERIES.items():
        if not 1 <= month - offset <= 12 or not 1 <= day <= _DAYS[month - offset - 1]:
            continue
        if (day, month - offset) == (29, 2) and year % 4:
            continue
        plain = [*digits[:2], (month - offset) // 10, (month - offset) % 10, *digits[4:]]
        if _checks(digits) or (offset == 40 and _checks(plain)):
            return f"D-number ({kind})" if d_number else kind
    return None


def official_examples() -> frozenset[bytes]:
    """Numbers that may stand, from scripts/official-examples.txt."""
    return frozenset(re.findall(rb"^([0-9]{11})\b", EXAMPLES.read_bytes(), flags=re.MULTILINE))


def tracked() -> list[str]:
    """Every file that git follows here, or would follow."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    names = sorted({name.decode() for name in done.stdout.split(b"\0") if name})
    return [name for name in names if (ROOT / name).is_file()]


def _checks(digits: list[int]) -> bool:
    """Both check digits hold, the first by the rule of 1964 or that of 2032."""
    first = sum(weight * digit for weight, digit in zip(_K1, digits, strict=False)) % 11
    second = sum(weight * digit for weight, digit in zip(_K2, digits, strict=True)) % 11
    return first <= 3 and second == 0


def _in_digest(text: bytes, position: int) -> bool:
    """The digits are part of a long hexadecimal word, such as a SHA-256."""
    around = text[max(0, position - 128) : position + 139]
    here = min(position, 128)
    return any(
        found.start() <= here < found.end() and re.search(rb"[a-f]", found[0])
        for found in _DIGEST.finditer(around)
    )


def _contents(data: bytes) -> Iterator[bytes]:
    """The bytes themselves, and what is packed inside them."""
    yield data
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield data.decode("utf-16", errors="replace").encode()
    if data.startswith(b"\x1f\x8b"):
        try:
            yield from _contents(gzip.decompress(data))
        except (OSError, EOFError, zlib.error):
            return
    elif data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for member in packed.namelist():
                yield from _contents(packed.read(member))
    elif data.startswith(b"PAR1"):
        yield from _parquet(data)


def _parquet(data: bytes) -> Iterator[bytes]:
    try:
        import pyarrow as pa
        from pyarrow import csv, parquet
    except ModuleNotFoundError:
        return
    table = parquet.read_table(pa.BufferReader(data))
    for column in table.columns:
        flat = column.cast(pa.string()) if not pa.types.is_nested(column.type) else None
        sink = io.BytesIO()
        if flat is None:
            yield "\n".join(map(str, column.to_pylist())).encode()
            continue
        csv.write_csv(pa.table({"column": flat}), sink)
        yield sink.getvalue()


def _staged() -> Iterable[tuple[str, bytes]]:
    names = ["git", "diff", "--cached", "--name-only", "-z", "--diff-filter=ACMRT"]
    listed = subprocess.run(names, cwd=ROOT, check=True, capture_output=True)
    for name in listed.stdout.split(b"\0"):
        if name:
            show = ["git", "show", f":{name.decode()}"]
            data = subprocess.run(show, cwd=ROOT, check=True, capture_output=True).stdout
            yield name.decode(), data


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
