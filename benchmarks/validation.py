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
from measuring import HSR, MIB, measure

A_MILLION: Final = 1_000_000
SIMULATED: Final = 100_000
WANTED: Final = 90


def validation() -> str:
    """A million events, all expectations and all rules, on pandas."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        figures = place / "figures.json"
        program = [sys.executable, str(Path(__file__)), str(a_million(place))]
        took = measure(program, out=figures)
        told: dict[str, Any] = json.loads(figures.read_text(encoding="utf-8"))
    return (
        "| | expectations | rules | CPU, s | wanted | peak memory, MiB |\n"
        "|---|---:|---:|---:|---:|---:|\n"
        f"| {told['rows']:,} events, suite `event-store`, on pandas | {told['expectations']} | "
        f"{told['rules']} | {told['cpu']:.0f} | {WANTED} | {took.peak / MIB:,.0f} |\n"
    )


def a_million(place: Path) -> Path:
    """A simulated register's events, laid out again and again under other keys."""
    deliveries, keyring, passphrase = place / "deliveries", place / "keyring", place / "passphrase"
    simulated = ["synthesize", "register", "--events", str(SIMULATED), "--from", "2013"]
    simulated += ["--to", "2024", "--seed", "1", "--layout", "parquet", "--out", str(deliveries)]
    secret = ["--passphrase-file", str(passphrase)]
    measure([*HSR, *simulated])
    made_here = ["--environment", "test", "--generate-passphrase"]
    measure([*HSR, "keys", "new", str(keyring), *made_here, *secret])
    measure(
        [*HSR, "register", "build", "--source", str(deliveries), "--keyring", str(keyring), *secret]
    )
    events = pl.read_parquet(next(place.rglob("events.parquet")))
    parts = [
        events.with_columns(
            pl.Series(name, [bytes([again]) + key[1:] for key in events[name]])
            for name in ("person_key", "event_key")
        )
        for again in range(A_MILLION // events.height + 1)
    ]
    file = place / "million.parquet"
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
    }


if __name__ == "__main__":
    print(json.dumps(asked(Path(sys.argv[1]))))
