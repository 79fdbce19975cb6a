"""What it takes to hand a package over: the demo's, from deliveries to a sealed and verified package."""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
from pathlib import Path

from measuring import HSR, MIB, ROOT, measure

PROJECT = ROOT / "configs" / "projects" / "bystander-cpr-survival.yaml"
CRASHES = "tests/cli/test_cli_handover_crashes.py"


def handover() -> str:
    """Verify, seal and open the demo's package, each a whole command; median of five."""
    with tempfile.TemporaryDirectory() as folder:
        demo = Path(folder) / "demo"
        whole = measure([*HSR, "demo", "--out", str(demo)])
        sealed = next((demo / "sealed").glob("*.tar.age"))
        verifying = {
            "the package": [str(demo / "extract")],
            "the sealed file, by its receipt": [str(sealed)],
            "the sealed file, opened": [
                *(str(sealed), "--identity", str(demo / "keys" / "recipient.age"))
            ],
        }
        rows = [
            "| whole command | CPU, s | wall, s | limit, s |\n|---|---:|---:|---:|\n",
            f"| `hsr demo`, 20,000 arrests | {whole.cpu:.1f} | {whole.wall:.1f} | |\n",
        ]
        for what, arguments in verifying.items():
            runs = [measure([*HSR, "verify", *arguments]) for _ in range(5)]
            cpu, wall = (statistics.median(getattr(one, name) for one in runs) for name in _TIMES)
            rows.append(f"| `hsr verify`: {what} | {cpu:.2f} | {wall:.2f} | 2 |\n")
        size = sum(path.stat().st_size for path in (demo / "extract").rglob("*") if path.is_file())
    return "".join(rows) + f"\nThe package has {size / MIB:.1f} MiB.\n"


def crashes() -> str:
    """Releases that are killed at random moments, until two hundred were."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told"
        options = ("-m", "slow", "-s", "-q", "-p", "no:cacheprovider")
        measure([sys.executable, "-m", "pytest", str(ROOT / CRASHES), *options], out=told)
        found = re.search(r"\d+ killed at writes.*", told.read_text(encoding="utf-8"))
    assert found is not None, "the test has said nothing"
    return f"After each, register, audit log, sketches and folder said the same: {found[0]}.\n"


_TIMES = ("cpu", "wall")
