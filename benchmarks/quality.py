"""What a check of deliveries catches of what was planted, what it says of clean ones, and its cost.

    python benchmarks/quality.py

Seeds are ones that nothing was tuned on.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
sys.path.append(str(ROOT))

from hsr_privacy.codebook import load_codebook  # noqa: E402
from hsr_privacy.quality import Quality, check_deliveries  # noqa: E402
from hsr_privacy.registry import load_delivery_settings  # noqa: E402
from hsr_privacy.rules import load_rules  # noqa: E402
from hsr_privacy.synthesis import Layout, synthesize_register  # noqa: E402
from tests.unit.quality.scoring import Alarms, Score, alarms, score  # noqa: E402

SEEDS: Final = (401, 402, 403)
LAYOUTS: Final[tuple[Layout, ...]] = ("csv", "mrs", "oqr", "parquet")
EVENTS: Final = 20_000
TODAY: Final = dt.date(2026, 6, 1)


def quality() -> str:
    """Catches and false alarms per layout and level, and what was missed by kind."""
    rows = [
        "| layout | level | planted | caught | without what is only unusual | CPU, s |",
        "|---|---|---:|---:|---:|---:|",
    ]
    clean = [
        "| layout, clean | rows | false alarms | share | only unusual | true: name or number in free text |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    missed: dict[str, int] = {}
    planted: dict[str, int] = {}
    for layout in LAYOUTS:
        for level in ("light", "heavy"):
            runs = [_dirty(layout, level, seed) for seed in SEEDS]
            scores = [one for one, _ in runs]
            for one in scores:
                for into, counts in ((planted, one.entries), (missed, one.missed)):
                    for kind, number in counts.items():
                        into[kind] = into.get(kind, 0) + number
            total = sum(one.planted for one in scores)
            caught = sum(one.recall * one.planted for one in scores) / total
            sure = sum(one.sure_recall * one.planted for one in scores) / total
            cpu = sum(took for _, took in runs) / len(runs)
            rows.append(
                f"| {layout} | {level} | {total:,} | {caught:.2%} | {sure:.2%} | {cpu:.1f} |"
            )
        seen = [_clean(layout, seed) for seed in SEEDS]
        count = sum(one.rows for one in seen)
        false = sum(one.false for one in seen)
        clean.append(
            f"| {layout} | {count:,} | {false} | {false / count:.4%} | "
            f"{sum(one.unusual for one in seen)} | {sum(one.true for one in seen):,} |"
        )
    kinds = ["| missed, by kind | of | missed |", "|---|---:|---:|"]
    kinds += [
        f"| `{kind}` | {planted[kind]:,} | {number} |"
        for kind, number in sorted(missed.items(), key=lambda one: -one[1])
    ]
    return "\n".join([*rows, "", *clean, "", *kinds]) + "\n"


def _dirty(layout: Layout, level: str, seed: int) -> tuple[Score, float]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "d"
        _synthesize(place, layout, level, seed)
        start = time.process_time()
        checked = _check(place)
        took = time.process_time() - start
        return score(checked, place.with_name("d-truth")), took


def _clean(layout: Layout, seed: int) -> Alarms:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "d"
        _synthesize(place, layout, "none", seed)
        return alarms(_check(place), place, place.with_name("d-truth"))


def _synthesize(place: Path, layout: Layout, level: str, seed: int) -> None:
    synthesize_register(
        place,
        events=EVENTS,
        first_year=2013,
        last_year=2025,
        seed=seed,
        layout=layout,
        dirty=level,
    )


def _check(place: Path) -> Quality:
    codebook = load_codebook()
    return check_deliveries(
        place,
        codebook=codebook,
        settings=load_delivery_settings(),
        rules=load_rules(codebook=codebook),
        today=TODAY,
    )


if __name__ == "__main__":
    print(quality())
