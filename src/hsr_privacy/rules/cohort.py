"""The cohort: survival may only fall from one step to the next, counted over all rows (R31)."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise
from typing import Any, Final

import narwhals as nw

from hsr_privacy.frames import Frame, to_polars
from hsr_privacy.rules.clause import NO, YES, any_of, code

COHORT: Final = "R31"
STEPS: Final = ("rosc_noen", "rosc_20", "innlagt_intensiv", "overlevd_24t", "overlevd_30d")
"""From circulation to 30 days, each a part of the one before."""


def judge_survival(frame: Frame, held: Collection[str]) -> tuple[int, int] | None:
    """Count those who reach each step.

    Two steps are compared over the rows in which both are known, so that a hospital that delivers
    nothing makes no step too small.

    Args:
        frame: one row per arrest.
        held: columns that hold what the codebook says.

    Returns:
        Rows in which two steps are known, and the fewest rows that must be wrong: by how many the
        later step exceeds the earlier, added up. None where fewer than two steps are there.
    """
    there = [name for name in STEPS if name in held]
    pairs = list(pairwise(there))
    if not pairs:
        return None
    known = {pair: code(pair[0], NO, YES) & code(pair[1], NO, YES) for pair in pairs}
    questions = [_count(any_of(*known.values())).alias("known")]
    for pair, both in known.items():
        questions += [_count(both & code(n, YES)).alias(f"{pair[0]} {n}") for n in pair]
    row: dict[str, Any] = to_polars(frame.select(*questions)).row(0, named=True)
    reached = {name: int(number or 0) for name, number in row.items()}
    excess = (reached[f"{one} {other}"] - reached[f"{one} {one}"] for one, other in pairs)
    return reached["known"], sum(max(0, more) for more in excess)


def _count(condition: nw.Expr) -> nw.Expr:
    return condition.cast(nw.Int64).sum()
