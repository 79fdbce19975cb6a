"""What it takes to simulate a register, clean and dirty, and to judge the register's rules."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

import polars as pl
from measuring import HSR, MIB, ROOT, measure

_A_MILLION = 1_000_000


def synthesis() -> str:
    """The commands, and the rules on a million ambulance records."""
    rows = ["| events | deliveries | CPU, s | limit | peak memory, MiB | limit |"]
    rows += ["|---:|---|---:|---:|---:|---:|"]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for events, first, limits in (
            (4000, "2025", ("2", "")),
            (_A_MILLION, "2013", ("60", "4096")),
        ):
            for dirty in ("none", "heavy"):
                words = ["synthesize", "register", "--events", str(events), "--from", first]
                words += ["--to", "2025", "--seed", "1", "--dirty", dirty, "--layout", "parquet"]
                took = measure([*HSR, *words, "--out", str(place / f"{events}-{dirty}")])
                clean = dirty == "none"
                rows.append(
                    f"| {events:,} | {'clean' if clean else 'dirty'} | {took.cpu:.1f} | "
                    f"{limits[0] if clean else ''} | {took.peak / MIB:.0f} | {limits[1] if clean else ''} |"
                )
        source = place / f"{_A_MILLION}-none" / "ambulance.parquet"
        judging = [sys.executable, str(ROOT / "benchmarks" / "synthesis.py"), str(source)]
        out = place / "judged.json"
        took = measure(judging, out=out)
        judged = json.loads(out.read_text(encoding="utf-8"))
    rows += ["", "| all rules that concern the form | rows | CPU, s | peak memory, MiB |"]
    rows += ["|---|---:|---:|---:|"]
    rows.append(
        f"| ambulance records | {judged['rows']:,} | {judged['cpu']:.1f} | {took.peak / MIB:.0f} |"
    )
    return "\n".join(rows) + "\n"


def judge(path: Path) -> None:
    """Judge the rules on one delivered form, and print what it took."""
    from hsr_privacy.rules import judge_rules

    table = pl.read_parquet(path)
    start = time.process_time()
    counts = judge_rules(table, form="ambulance")
    took = time.process_time() - start
    wrong = [one.id for one in counts if one.violating and one.severity == "error"]
    assert not wrong, wrong
    print(json.dumps({"rows": table.height, "cpu": took}))


if __name__ == "__main__":
    judge(Path(sys.argv[1]))
