"""How long pyCANON takes for what benchmarks/protection.py measures; needs the full environment.

python benchmarks/pycanon_speed.py pycanon OUT.json FOLDER
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pandas as pd

sys.path.append(str(Path(sys.prefix) / "peers"))
from pycanon import anonymity

ADULT: Final = Path(__file__).parents[1] / "examples" / "adult" / "adult.csv"
SECRET: Final = "occupation"


def seconds(call: Callable[[], Any]) -> float:
    """CPU seconds of one call."""
    begin = time.process_time()
    call()
    return time.process_time() - begin


def k_of(path: Path) -> int:
    """Read a table, and count the smallest class of all its columns."""
    table = pd.read_csv(path, sep=";", dtype=str)
    return int(anonymity.k_anonymity(table, list(table.columns)))


def all_models(table: pd.DataFrame) -> None:
    """k, l, t, beta and delta of Adult."""
    keys = [name for name in table.columns if name != SECRET]
    anonymity.k_anonymity(table, keys)
    anonymity.l_diversity(table, keys, [SECRET])
    anonymity.t_closeness(table, keys, [SECRET])
    anonymity.enhanced_beta_likeness(table, keys, [SECRET])
    anonymity.delta_disclosure(table, keys, [SECRET])


if __name__ == "__main__":
    folder = Path(sys.argv[3])
    adult = pd.read_csv(ADULT, sep=";", dtype=str)
    found = {
        "k of a million": seconds(lambda: k_of(folder / "table.csv")),
        "all models of Adult": seconds(lambda: all_models(adult)),
    }
    Path(sys.argv[2]).write_text(json.dumps(found), encoding="utf-8")
