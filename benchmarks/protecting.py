"""The tables of protection: cold commands, searches, local recoding, cells, large tables, checking."""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from measuring import HSR, MIB, ROOT, Measured, measure

ADULT: Final = ROOT / "examples" / "adult"
QUASI_IDENTIFIERS: Final = (
    "sex,age,race,marital-status,education,native-country,workclass,occupation,salary-class"
)
PROGRAM: Final = (sys.executable, str(ROOT / "benchmarks" / "protection.py"))
FULL: Final = ROOT / ".venv" / "bin" / "python"
_RUNS: Final = 7


def cold() -> str:
    """Whole commands from CSV to a written result: the first after install, and later ones."""
    rows = [
        "| whole command, Adult, nine columns | CPU, s | wall, s | peak memory, MiB | wanted |",
        "|---|---:|---:|---:|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        first = measure(_anonymize(0.05, Path(folder)), environment={"NUMBA_CACHE_DIR": folder})
        rows.append(f"| rows removed: 5 %, nothing compiled yet {_row(first)} 5 s |")
        for share in (0.0, 0.05, 1.0):
            runs = [measure(_anonymize(share, Path(folder))) for _ in range(_RUNS + 1)][1:]
            wanted = "1.5 s, 250 MB" if share == 0.05 else ""
            rows.append(f"| rows removed: {share:.0%}, median of {_RUNS} {_row(*runs)} {wanted} |")
    return "\n".join(rows) + "\n"


def search() -> str:
    """The full-domain optimum of Adult, search alone."""
    found = _measured("search")
    arx = {"0%": "50", "2%": "", "5%": "1,068", "100%": "3,567"}
    wanted = {"0%": "20", "2%": "", "5%": "100", "100%": "175"}
    rows = [
        (
            "| rows that may be removed | levels | loss | rows removed | nodes counted of 12,960 "
            "| search, CPU, ms: median (least-most) | wanted | ARX, ms |"
        ),
        "|---:|---|---:|---:|---:|---:|---:|---:|",
    ]
    for share, one in found.items():
        rows.append(
            f"| {share} | {one['levels']} | {one['loss']:.12f} | {one['suppressed']:,} "
            f"| {one['checked']:,} | {_ms(one)} | {wanted[share]} | {arx[share]} |"
        )
    with _generated(1_000_000) as folder:
        one = _measured("distinct", folder)
    return "\n".join(rows) + (
        f"\n\n{one['rows']:,} rows of the generated table, all distinct, eight columns, none "
        f"removed: {_ms(one)} ms, {one['checked']} nodes counted.\n"
    )


def local() -> str:
    """Local recoding of Adult."""
    rows = [
        (
            "| k | granularity | wanted | no local recoding has more than | smallest class "
            "| rows removed | CPU, s: median (least-most) |"
        ),
        "|---:|---:|---:|---:|---:|---:|---:|",
    ]
    wanted = {"2": "0.9784", "5": "0.9480", "10": ""}
    for k, one in _measured("local").items():
        rows.append(
            f"| {k} | {one['granularity']:.6f} | {wanted[k]} | {one['bound']:.6f} "
            f"| {one['smallest']} | {one['suppressed']} | {_seconds(one)} |"
        )
    return "\n".join(rows) + "\n"


def cells() -> str:
    """Suppressed cells of five columns, alone and with levels."""
    wanted = {"cells, wildcard": "7,828", "cells, own category": "8,184"}
    rows = [
        (
            "| five columns, k = 5 | cells suppressed | wanted at most | rows removed | loss "
            "| gap to the bound | CPU, s: median (least-most) |"
        ),
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, one in _measured("cells").items():
        gap = "not bounded" if "wildcard" in name else f"{one['gap']:.6f}"
        rows.append(
            f"| {name} | {one['cells']:,} | {wanted.get(name, '')} | {one['rows']:,} "
            f"| {one['loss']:.6f} | {gap} | {_seconds(one)} |"
        )
    return "\n".join(rows) + "\n"


def generated() -> str:
    """The generated table of one and of ten million rows."""
    rows = [
        (
            "| rows | combinations | rows that may be removed | loss | rows removed | nodes counted "
            "| search, CPU, s | wanted | ARX, s | peak of the process, MB | wanted |"
        ),
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    said = {
        (1_000_000, "0%"): ("2.5", "14.3"),
        (1_000_000, "5%"): ("7.5", "184"),
        (1_000_000, "100%"): ("14", "hours"),
        (10_000_000, "0%"): ("45", "405"),
    }
    for size, most in ((1_000_000, "1,100"), (10_000_000, "2,500")):
        with _generated(size) as folder:
            found = _measured("generated", folder)
        for share, one in found.items():
            if not isinstance(one, dict):
                continue
            wanted, arx = said[size, share]
            rows.append(
                f"| {size:,} | {found['classes']:,} | {share} | {one['loss']:.9f} "
                f"| {one['suppressed']:,} | {one['checked']:,} | {one['seconds']:.1f} | {wanted} "
                f"| {arx} | {found['peak'] / 1e6:,.0f} | {most} |"
            )
    return "\n".join(rows) + "\n"


def checking() -> str:
    """How long it takes to look whether a table is k-anonymous, and more; beside pyCANON."""
    with _generated(1_000_000) as folder:
        ours = _measured("checking", folder)
        theirs = _measured("pycanon", folder, python=str(FULL), program="pycanon_speed.py")
    rows = [
        "| | ours, CPU, s: median (least-most) | wanted | pyCANON, CPU, s | times |",
        "|---|---:|---:|---:|---:|",
    ]
    wanted = {"k of a million": "0.6", "all models of Adult": "0.1"}
    words = {
        "k of a million": "k of 1,000,000 rows from CSV, eight columns",
        "all models of Adult": "k, l, t, beta and delta of Adult, eight columns and a sensitive one",
    }
    for name, one in ours.items():
        ratio = theirs[name] / one["median"]
        rows.append(
            f"| {words[name]} | {_seconds(one)} | {wanted[name]} | {theirs[name]:.1f} | {ratio:,.0f} |"
        )
    return "\n".join(rows) + "\n"


@contextmanager
def _generated(rows: int) -> Iterator[Path]:
    """The generated table in a folder of its own, which goes at the end."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / str(rows)
        program = str(ROOT / "benchmarks" / "generated.py")
        measure([sys.executable, program, str(rows), str(folder)])
        yield folder


def _measured(
    what: str, *more: Path, python: str = PROGRAM[0], program: str = "protection.py"
) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        path = str(ROOT / "benchmarks" / program)
        measure([python, path, what, str(out), *map(str, more)])
        found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        return found


def _anonymize(share: float, folder: Path) -> list[str]:
    return [
        *HSR,
        *("anonymize", str(ADULT / "adult.csv"), "--k", "5", "--max-suppressed", str(share)),
        *("--quasi-identifiers", QUASI_IDENTIFIERS),
        *("--hierarchies", str(ADULT / "hierarchies"), "--out", str(folder / "out.csv")),
    ]


def _row(*runs: Measured) -> str:
    cpu = statistics.median(run.cpu for run in runs)
    wall = statistics.median(run.wall for run in runs)
    peak = statistics.median(run.peak for run in runs)
    return f"| {cpu:.2f} | {wall:.2f} | {peak / MIB:.0f} |"


def _ms(one: dict[str, float]) -> str:
    return f"{one['median'] * 1e3:.0f} ({one['least'] * 1e3:.0f}-{one['most'] * 1e3:.0f})"


def _seconds(one: dict[str, float]) -> str:
    digits = 3 if one["median"] < 0.1 else 2
    return f"{one['median']:.{digits}f} ({one['least']:.{digits}f}-{one['most']:.{digits}f})"


PROTECTING: Final[dict[str, Callable[[], str]]] = {
    "cold": cold,
    "search": search,
    "local": local,
    "cells": cells,
    "generated": generated,
    "checking": checking,
}
