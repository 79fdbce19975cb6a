"""What it takes to ask a million events of the event store everything.

    python benchmarks/validation.py FILE

FILE is a Parquet file of events; it prints its figures as JSON. Times are CPU seconds of this process,
user and system, from the file on.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import polars as pl
from measuring import HSR, MIB, ROOT, measure

A_MILLION: Final = 1_000_000
SIMULATED: Final = 100_000
WANTED: Final = 90


def validation() -> str:
    """A million events, all expectations and all rules, on pandas."""
    with tempfile.TemporaryDirectory() as folder:
        events = _a_million(Path(folder))
        program = [sys.executable, str(ROOT / "benchmarks" / "validation.py"), str(events)]
        out = measure(program)
        told: dict[str, Any] = json.loads(out.output)
    return (
        "| | expectations | rules | CPU, s | wanted | peak memory, MiB |\n"
        "|---|---:|---:|---:|---:|---:|\n"
        f"| {told['rows']:,} events, suite `event-store`, on pandas | {told['expectations']} | "
        f"{told['rules']} | {told['cpu']:.0f} | {WANTED} | {told['peak'] / MIB:,.0f} |\n"
    )


def _a_million(folder: Path) -> Path:
    """A simulated register's events, laid out again and again under other keys."""
    source, ring, word = folder / "source", folder / "keys" / "ring", folder / "word"
    ring.parent.mkdir(mode=0o700)
    word.write_text("seven quiet herons wade north\n", encoding="utf-8")
    word.chmod(0o600)
    secret = ["--keyring", str(ring), "--passphrase-file", str(word)]
    make = ["synthesize", "register", "--events", str(SIMULATED), "--seed", "5"]
    measure([*HSR, *make, "--layout", "parquet", "--out", str(source)])
    measure([*HSR, "keys", "init", str(ring), "--passphrase-file", str(word), "--test"])
    measure([*HSR, "register", "build", "--source", str(source), *secret])
    (kept,) = folder.rglob("events.parquet")
    events = pl.read_parquet(kept)
    parts = [
        events.with_columns(
            pl.Series(name, [bytes([again]) + key[1:] for key in events[name]])
            for name in ("person_key", "event_key")
        )
        for again in range(A_MILLION // events.height + 1)
    ]
    file = folder / "million.parquet"
    pl.concat(parts).head(A_MILLION).write_parquet(file)
    return file


def asked(file: Path) -> dict[str, float]:
    """Ask one file everything, and count."""
    from hsr_privacy.validation import open_tables

    (opened,) = open_tables(file, "event-store")
    report = opened.judged("pandas")
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "rows": opened.table.height,
        "expectations": len(report.findings),
        "rules": sum(finding.id.startswith("rules.") for finding in report.findings),
        "cpu": used.ru_utime + used.ru_stime,
        "peak": used.ru_maxrss * 1024,
    }


if __name__ == "__main__":
    print(json.dumps(asked(Path(sys.argv[1]))))
