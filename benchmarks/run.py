"""Measure what benchmarks/README.md claims, and write the figures into it.

    python benchmarks/run.py                     everything; about half an hour
    python benchmarks/run.py start search ...    some of it; the names are those of PARTS

Every command runs in a process of its own, one at a time; its CPU time and peak memory are what the
operating system counted for it. Linux or macOS.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Final

from auditing import audit
from handover import crashes, handover
from measuring import HSR, MIB, ROOT, Measured, measure
from protecting import PROTECTING
from quality import quality
from synthesis import synthesis
from validation import validation

PAGE: Final = ROOT / "benchmarks" / "README.md"
PROJECT: Final = ROOT / "configs" / "projects" / "bystander-cpr-survival.yaml"


def start() -> str:
    """What `hsr --help` costs."""
    runs = [measure([*HSR, "--help"]) for _ in range(10)]
    cpu = statistics.median(run.cpu for run in runs)
    peak = statistics.median(run.peak for run in runs)
    return (
        "| | median of 10 | limit |\n|---|---:|---:|\n"
        f"| CPU of `hsr --help`, s | {cpu:.3f} | 0.3 |\n"
        f"| its peak memory, MiB | {peak / MIB:.0f} | |\n"
    )


def pseudonyms() -> str:
    """A column's pseudonyms beside a plain loop, and the check of a column of identifiers."""
    program = [sys.executable, str(ROOT / "benchmarks" / "pseudonyms.py")]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "speed.json"
        measure([*program, "speed", str(out)])
        took: dict[str, float] = json.loads(out.read_text(encoding="utf-8"))
    text_ratio = took["loop"] / took["loop of text"]
    rows = [
        "| 1,000,000 identifiers, text in, text out | CPU, ns each | times the loop | wanted |",
        "|---|---:|---:|---:|",
        f"| `hmac.digest` in a loop, nothing else | {took['loop']:,.0f} | 1 | |",
        f"| the same, from text to hex text | {took['loop of text']:,.0f} | {text_ratio:.1f} | |",
    ]
    for name, words, wanted in (
        ("hmac", "HMAC-SHA-256 of a column", "2; 1,200 ns"),
        ("cmac", "AES-256-CMAC of a column", "40"),
    ):
        ratio = took["loop"] / took[name]
        rows.append(f"| {words} | {took[name]:,.1f} | {ratio:.1f} | {wanted} |")
    rows += ["", "| check of a column | CPU, ns each | millions a second | wanted |"]
    rows += ["|---|---:|---:|---:|"]
    for name, words, wanted in (
        ("stdnum", "python-stdnum, one by one", ""),
        ("check", "a clean column", "2"),
        ("check dirty", "one row in ten with a space, one in ten empty", "2"),
    ):
        rows.append(f"| {words} | {took[name]:,.0f} | {1e3 / took[name]:.2f} | {wanted} |")
    rows += [
        "",
        "| 10,000,000 identifiers, text in, text out | CPU, s | peak memory, MiB | limit |",
    ]
    rows += ["|---|---:|---:|---:|"]
    for algorithm in ("hmac-sha256-128", "aes256-cmac"):
        ten = measure([*program, "memory", algorithm])
        rows.append(
            f"| {algorithm}, whole process | {ten.cpu:.1f} | {ten.peak / MIB:.0f} | 1,000 |"
        )
    return "\n".join(rows) + "\n"


def release() -> str:
    """The demo's release: 20,000 events, in all formats, signed and sealed."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        made, arguments = prepare(place, events=20_000)
        told = place / "recipient"
        measure([*HSR, "keys", "recipient", str(place / "identity")], out=told)
        arguments += ["--to", told.read_text(encoding="utf-8").strip()]
        plain = measure([*HSR, *arguments, "--out", str(place / "plain")])
        watched = [sys.executable, str(ROOT / "benchmarks" / "shares.py"), str(place / "s.json")]
        measure([*watched, *arguments, "--out", str(place / "watched")])
        shares = json.loads((place / "s.json").read_text(encoding="utf-8"))
    parts = "".join(
        f"| of it {name} | {seconds:.1f} | {'10' if name == 'own steps' else ''} |\n"
        for name, seconds in shares.items()
    )
    return (
        "| 20,000 events | s | limit |\n|---|---:|---:|\n"
        f"| simulate the register | {made.wall:.1f} | |\n"
        f"| `hsr release`, wall | {plain.wall:.1f} | 30 |\n{parts}"
        f"\nPeak memory of the release: {plain.peak / MIB:.0f} MiB.\n"
    )


def million() -> str:
    """The release of 1,000,000 events."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        made, arguments = prepare(place, events=1_000_000)
        took = measure([*HSR, *arguments, "--out", str(place / "extract")])
    return (
        "| 1,000,000 events | wall, s | CPU, s | peak memory, MiB | limit, MiB |\n"
        "|---|---:|---:|---:|---:|\n"
        f"| simulate the register | {made.wall:.0f} | {made.cpu:.0f} | {made.peak / MIB:.0f} | |\n"
        f"| `hsr release` | {took.wall:.0f} | {took.cpu:.0f} | {took.peak / MIB:.0f} | 4096 |\n"
    )


def prepare(place: Path, *, events: int) -> tuple[Measured, list[str]]:
    """Simulate a register and make a key ring; gives what the first took, and the release's words."""
    deliveries, keyring, passphrase = place / "deliveries", place / "keyring", place / "passphrase"
    made = measure(
        [
            *HSR,
            *("synthesize", "register", "--events", str(events), "--from", "2013", "--to", "2024"),
            *("--seed", "1", "--layout", "mrs", "--out", str(deliveries)),
        ]
    )
    secret = ["--passphrase-file", str(passphrase)]
    made_here = ["--environment", "test", "--generate-passphrase"]
    measure([*HSR, "keys", "new", str(keyring), *made_here, *secret])
    words = ["release", str(PROJECT), "--source", str(deliveries), "--keyring", str(keyring)]
    return made, [*words, *secret]


PARTS: Final[dict[str, Callable[[], str]]] = {
    "start": start,
    **PROTECTING,
    "pseudonyms": pseudonyms,
    "synthesis": synthesis,
    "release": release,
    "million": million,
    "audit": audit,
    "validation": validation,
    "quality": quality,
    "handover": handover,
    "crashes": crashes,
}


def main(names: list[str]) -> int:
    """Measure the named parts, or all, and put each into its place on the page."""
    unknown = set(names) - set(PARTS)
    if unknown:
        sys.stderr.write(__doc__ or "")
        return 2
    for name in names or PARTS:
        table = PARTS[name]()
        print(table)
        made = f"{date_and_machine()}\n\n{table}"
        before, marker, rest = PAGE.read_text(encoding="utf-8").partition(f"<!-- {name} -->\n")
        after = rest[rest.index("<!-- end -->") :]
        PAGE.write_text(f"{before}{marker}{made}{after}", encoding="utf-8")
    return 0


def date_and_machine() -> str:
    """What the figures depend on."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("polars", "numpy", "numba"))
    return (
        f"*{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores {platform.machine()}, "
        f"Python {platform.python_version()}, {packages}.*"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
