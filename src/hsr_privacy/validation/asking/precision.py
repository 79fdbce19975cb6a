"""Precision: whether values are no finer than what was declared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal, TypeAlias

import narwhals as nw
import polars as pl

from hsr_privacy.frames import ROWS, class_counts
from hsr_privacy.hierarchies import TOP
from hsr_privacy.validation.asking.answer import Answer, Unasked, require, take
from hsr_privacy.validation.asking.codes import hierarchy_named

TimeUnit: TypeAlias = Literal["year", "quarter", "month", "day", "hour", "minute"]

NO_LEVEL: Final = "the hierarchy has no such level"
_CLOSE: Final = 1e-6
_TRUNCATED: Final[dict[str, str]] = {
    "year": "1y",
    "quarter": "1q",
    "month": "1mo",
    "day": "1d",
    "hour": "1h",
    "minute": "1m",
}
_WRITTEN: Final = (
    ("year", r"[0-9]{4}(?:-[0-9]{4})?"),
    ("quarter", r"[0-9]{4}-Q[1-4]"),
    ("month", r"[0-9]{4}-[0-9]{2}"),
    ("day", r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    ("hour", r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}"),
    ("minute", r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}"),
)
"""Units from coarse to fine, each with how a text of it looks."""


def no_finer(
    data: Any,
    *,
    column: str,
    unit: TimeUnit | None = None,
    decimals: int | None = None,
    multiple_of: float | None = None,
    hierarchy: str | None = None,
    level: str | None = None,
    also: Sequence[str] = (),
) -> Answer:
    """Count the cells that are finer than declared; one of the measures is given.

    Args:
        data: any frame.
        column: whose cells are judged.
        unit: of dates, date-times, or texts of such.
        decimals: of numbers, at most.
        multiple_of: numbers are multiples of this.
        hierarchy: texts are its nodes, on ``level`` or above.
        level: name of the finest level.
        also: texts that may stand there besides, such as a code for removed cells.
    """
    frame = take(data, [column])
    kind = frame.collect_schema()[column]
    counted = class_counts(frame, [column])
    told = counted.filter(pl.col(column).is_not_null())
    judged = told.filter(~_written(told[column]).is_in(list(also))) if also else told
    values = judged[column]
    if hierarchy is not None:
        fine = _finer_than_level(values, hierarchy, level)
    elif unit is not None:
        fine = _finer_than_unit(values, kind, unit)
    else:
        require(kind.is_numeric())
        step = multiple_of if multiple_of is not None else 10.0 ** -(decimals or 0)
        steps = values.cast(pl.Float64) / step
        fine = (steps - steps.round(0)).abs() > _CLOSE * (1 + steps.abs() * _CLOSE)
    rows = int(counted[ROWS].sum())
    return Answer(rows, int(judged.filter(fine)[ROWS].sum()), rows - int(told[ROWS].sum()))


def _finer_than_level(values: pl.Series, name: str, level: str | None) -> pl.Series:
    tree = hierarchy_named(name)
    try:
        least = tree.level(level) if level is not None else 0
    except KeyError:
        raise Unasked(NO_LEVEL) from None
    texts = _written(values)
    nodes = tree.nodes_from(least, texts.to_list())
    if least == 0:
        nodes |= frozenset(texts.to_list()) - tree.uncovered(texts.to_list())
    return ~texts.is_in(sorted(nodes))


def _written(values: pl.Series) -> pl.Series:
    """Values as texts; a code list with gaps stands as decimals in pandas, and is whole numbers."""
    if not values.dtype.is_float():
        return values.cast(pl.String)
    whole = values.cast(pl.Int64, strict=False)
    return whole.cast(pl.String).zip_with(values == values.round(0), values.cast(pl.String))


def _finer_than_unit(values: pl.Series, kind: Any, unit: TimeUnit) -> pl.Series:
    if kind == nw.String:
        units = [name for name, _ in _WRITTEN]
        shapes = [shape for name, shape in _WRITTEN if units.index(name) <= units.index(unit)]
        return ~values.str.contains(rf"^(?:{'|'.join(shapes)}|\{TOP})$")
    require(kind in (nw.Date, nw.Datetime))
    return values.dt.truncate(_TRUNCATED[unit]) != values
