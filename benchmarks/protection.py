"""Measure protection in one process, code compiled before; run.py makes the tables.

    python benchmarks/protection.py WHAT OUT.json [FOLDER]

WHAT is search, distinct, local, cells, generated or checking; FOLDER holds the generated table.
Times are CPU seconds of this process, of one thread: numba's and numpy's are told to use one.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

os.environ |= dict.fromkeys(("NUMBA_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")

import numpy as np
import polars as pl

from hsr_privacy.anonymity.cells import recode_jointly, suppress_cells
from hsr_privacy.anonymity.local import recode_locally
from hsr_privacy.anonymity.search import search
from hsr_privacy.frequencies import EquivalenceClasses, FrequencyTable
from hsr_privacy.hierarchies import load_for_columns
from hsr_privacy.models import (
    BetaLikeness,
    DeltaDisclosure,
    DistinctLDiversity,
    KAnonymity,
    TCloseness,
    verdicts,
)

ADULT: Final = Path(__file__).parents[1] / "examples" / "adult"
NINE: Final = (
    *("sex", "age", "race", "marital-status", "education"),
    *("native-country", "workclass", "occupation", "salary-class"),
)
FIVE: Final = NINE[:5]
K5: Final = (KAnonymity(5),)
SHARES: Final = (0.0, 0.02, 0.05, 1.0)


def read(path: Path, columns: tuple[str, ...], **more: Any) -> FrequencyTable:
    """The frequency table of a CSV whose hierarchies lie beside it."""
    rows = pl.read_csv(path, separator=";", infer_schema=False, columns=list(columns))
    held = load_for_columns(path.parent / "hierarchies", columns)
    tables = [held[name].table(rows[name].unique().to_list()) for name in columns]
    codes = [
        rows[name].replace_strict(table.leaf_index, return_dtype=pl.Int32).to_numpy()
        for name, table in zip(columns, tables, strict=True)
    ]
    return FrequencyTable.from_rows(tuple(tables), np.stack(codes, axis=1), names=columns, **more)


def repeated(call: Callable[[], Any], *, times: int = 9) -> tuple[Any, dict[str, float]]:
    """What a call gives, and its median and range in seconds; the first two are not counted.

    The second of a process loads the compiler, or what it left on disk.
    """
    call()
    call()
    seconds = []
    for _ in range(times):
        begin = time.process_time()
        result = call()
        seconds.append(time.process_time() - begin)
    return result, {
        "median": statistics.median(seconds),
        "least": min(seconds),
        "most": max(seconds),
    }


def searches(_folder: Path) -> dict[str, Any]:
    """Full-domain optima of Adult, nine columns."""
    table = read(ADULT / "adult.csv", NINE)
    found = {}
    for share in SHARES:
        one, seconds = repeated(partial(search, table, models=K5, max_suppressed=share))
        found[f"{share:.0%}"] = seconds | {
            "levels": " ".join(map(str, one.levels.values())),
            "loss": one.loss,
            "suppressed": one.suppressed_rows,
            "checked": one.nodes_checked,
        }
    return found


def distinct(folder: Path) -> dict[str, Any]:
    """A table whose rows are all distinct, at limit 0."""
    whole = read(folder / "table.csv", _heading(folder))
    first = np.sort(np.random.default_rng(0).permutation(whole.classes)[:60_000]).astype(np.int32)
    part = whole.part(first)
    ones = np.ones(len(first), np.int64)
    table = FrequencyTable(part.hierarchies, part.packed, ones, ones, names=part.names)
    one, seconds = repeated(lambda: search(table, models=K5))
    return seconds | {"rows": one.rows, "checked": one.nodes_checked, "loss": one.loss}


def local(_folder: Path) -> dict[str, Any]:
    """Local recoding of Adult, nine columns."""
    table = read(ADULT / "adult.csv", NINE)
    found = {}
    for k in (2, 5, 10):
        one, seconds = repeated(partial(recode_locally, table, models=(KAnonymity(k),)), times=5)
        found[str(k)] = seconds | {
            "granularity": one.granularity,
            "bound": 1 - one.bound,
            "gap": one.gap,
            "smallest": one.k,
            "suppressed": one.suppressed_rows,
        }
    return found


def cells(_folder: Path) -> dict[str, Any]:
    """Suppressed cells of Adult, five columns, alone and together with levels."""
    table = read(ADULT / "adult.csv", FIVE)
    calls: dict[str, Callable[[], Any]] = {
        "cells, wildcard": lambda: suppress_cells(table, models=K5, reading="wildcard"),
        "cells, own category": lambda: suppress_cells(table, models=K5),
        "full-domain, no row removed": lambda: search(table, models=K5),
        "full-domain, rows removed at will": lambda: search(table, models=K5, max_suppressed=1.0),
        "joint": lambda: recode_jointly(table, models=K5),
    }
    found = {}
    for name, call in calls.items():
        one, seconds = repeated(call, times=5)
        found[name] = seconds | {
            "cells": one.suppressed_cells,
            "rows": one.suppressed_rows,
            "loss": one.loss,
            "gap": one.gap,
        }
    return found


def generated(folder: Path) -> dict[str, Any]:
    """Full-domain optima of the generated table; the search alone, and all with reading."""
    shares = (0.0, 0.05, 1.0) if folder.name == "1000000" else (0.0,)
    begin = time.process_time()
    table = read(folder / "table.csv", _heading(folder))
    found: dict[str, Any] = {"rows": table.total_rows, "classes": table.classes}
    found["reading"] = time.process_time() - begin
    if table.total_rows <= 1_000_000:
        search(read(ADULT / "adult.csv", FIVE), models=K5)  # compiles what is not yet
    for share in shares:
        begin = time.process_time()
        one = search(table, models=K5, max_suppressed=share)
        found[f"{share:.0%}"] = {
            "seconds": time.process_time() - begin,
            "loss": one.loss,
            "suppressed": one.suppressed_rows,
            "checked": one.nodes_checked,
        }
    scale = 1 if sys.platform == "darwin" else 1024
    found["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale
    return found


def checking(folder: Path) -> dict[str, Any]:
    """K of a million rows from its file by the second implementation, and all models of Adult."""
    from hsr_privacy.verification import verify

    columns = _heading(folder)
    one, seconds = repeated(
        lambda: verify(folder / "table.csv", quasi_identifiers=columns), times=5
    )
    found: dict[str, Any] = {"k of a million": seconds | {"k": one.k}}
    secret = "occupation"
    others = tuple(name for name in NINE if name != secret)
    values = pl.read_csv(ADULT / "adult.csv", separator=";", columns=[secret])[secret]
    numbers = values.rank("dense").to_numpy() - 1
    table = read(ADULT / "adult.csv", others, sensitive={secret: numbers})
    models = (
        KAnonymity(1),
        DistinctLDiversity(secret, 1),
        TCloseness(secret, 1.0),
        BetaLikeness(secret, 1.0),
        DeltaDisclosure(secret, 1.0),
    )

    def judge() -> Any:
        classes = EquivalenceClasses.base(table)
        return verdicts(models, classes, np.ones(len(classes), bool))

    _, found["all models of Adult"] = repeated(judge)
    return found


def _heading(folder: Path) -> tuple[str, ...]:
    with (folder / "table.csv").open(encoding="utf-8") as file:
        return tuple(file.readline().strip().split(";"))


PARTS: Final[dict[str, Callable[[Path], dict[str, Any]]]] = {
    "search": searches,
    "distinct": distinct,
    "local": local,
    "cells": cells,
    "generated": generated,
    "checking": checking,
}

if __name__ == "__main__":
    result = PARTS[sys.argv[1]](Path(sys.argv[3]) if len(sys.argv) > 3 else Path())
    Path(sys.argv[2]).write_text(json.dumps(result), encoding="utf-8")
