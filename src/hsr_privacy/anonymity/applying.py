"""Apply a solution: the verdict on every class, joined back to its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.anonymity.plan import PrivacyPlan
from hsr_privacy.anonymity.solution import Solution
from hsr_privacy.anonymity.tabulating import Tabulated
from hsr_privacy.errors import DataError
from hsr_privacy.frames import Frame, join_mapping

_KEPT: Final = "__kept"
_MASK: Final = "__mask"


def apply(counted: Tabulated, solution: Solution, plan: PrivacyPlan, order: Sequence[str]) -> Frame:
    """Release what the solution says: labels, suppressed cells, and no suppressed rows.

    A column that stays on its finest level in every row keeps its type, also with suppressed cells
    if it is of whole numbers and their code is one; any other becomes text.

    Args:
        counted: the frequency table and the rows it was counted from.
        solution: for this table.
        plan: says what a suppressed cell reads, and which column names it.
        order: the columns of the result.

    Raises:
        DataError: what a suppressed cell is to read stands in its column already.
    """
    size = len(counted.classes)
    schema = counted.frame.collect_schema()
    verdict = counted.classes.with_columns(pl.Series(_KEPT, ~solution.suppressed[:size]))
    made: dict[str, Any] = {}
    renamed: dict[str, str] = {}
    for name, column in counted.columns.items():
        masked = _masked(solution, name)
        finest = column.floor == 0 and not solution.levels_of(name)[~masked].any()
        if finest and not masked.any():
            continue
        texts = _texts(solution, name, masked, plan.suppressed)
        if finest and schema[name].is_integer() and _is_whole(plan.suppressed):
            verdict = verdict.with_columns(pl.Series(f"__masked_{name}", masked[:size]))
            code = nw.lit(int(plan.suppressed), dtype=schema[name])
            made[name] = nw.when(nw.col(f"__masked_{name}")).then(code).otherwise(nw.col(name))
            continue
        label = f"__label_{name}"
        verdict = verdict.with_columns(pl.Series(label, texts[:size], dtype=pl.String))
        renamed[label] = name
    if plan.suppresses_cells and plan.mask_column is not None:
        verdict = verdict.with_columns(pl.Series(_MASK, _masks(solution)[:size], dtype=pl.String))
        renamed[_MASK] = plan.mask_column
        order = [*order, plan.mask_column]
    frame = join_mapping(counted.frame, counted.classes.columns, verdict).filter(nw.col(_KEPT))
    frame = frame.with_columns(**made) if made else frame
    replaced = [name for label, name in renamed.items() if label != _MASK]
    return frame.drop(replaced).rename(renamed).select(*map(nw.col, order))


def suppressed_cells(solution: Solution) -> Mapping[str, int]:
    """Per column, the cells of released rows that are suppressed one by one."""
    rows = solution.table.rows
    return {name: int(rows[_masked(solution, name)].sum()) for name in solution.table.names}


def _masked(solution: Solution, name: str) -> NDArray[np.bool_]:
    """Per class, whether the cells of a column are suppressed in released rows."""
    if solution.masked is None:
        return np.zeros(solution.table.classes, bool)
    released = ~solution.suppressed & (solution.table.rows > 0)
    masked: NDArray[np.bool_] = solution.masked[:, solution.table.names.index(name)] & released
    return masked


def _texts(
    solution: Solution, name: str, masked: NDArray[np.bool_], suppressed: str
) -> list[str | None]:
    """Per class, what a column says."""
    texts = solution.labels_of(name)
    if not masked.any():
        return texts
    if suppressed in {text for text, is_masked in zip(texts, masked, strict=True) if not is_masked}:
        raise DataError(
            f"column '{name}': the code for suppressed cells stands in it already, as a value of "
            "its own; choose another code"
        )
    return [suppressed if one else text for text, one in zip(texts, masked, strict=True)]


def _masks(solution: Solution) -> list[str | None]:
    """Per class, the columns whose cells are suppressed, with commas between; None if none is."""
    if solution.masked is None:
        return [None] * solution.table.classes
    patterns, place = np.unique(solution.masked, axis=0, return_inverse=True)
    names = np.array(solution.table.names)
    named = [",".join(names[pattern]) or None for pattern in patterns]
    return [named[n] for n in place.reshape(-1).tolist()]


def _is_whole(code: str) -> bool:
    return code.isascii() and code.isdecimal()
