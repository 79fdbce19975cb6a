"""Coding: one column of a release beside its truth, as small numbers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.hierarchies import Hierarchy

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True, eq=False)
class View:
    """What a table shows of one column.

    Attributes:
        cells: int32, per row, the code of what the cell reads.
        covers: int32, shape (levels in use, leaves): the code of each leaf's node; -1 where no cell
            of the table reads so.
        wild: per code, whether it agrees with every value.
    """

    cells: Int32s
    covers: Int32s
    wild: Bools

    @property
    def codes(self) -> int:
        """How many there are."""
        return len(self.wild)


@dataclass(frozen=True, eq=False)
class CodedColumn:
    """One column: its leaves, and what the truth and the release say in them; none of it is shown.

    Attributes:
        name: of the column.
        numbers: per leaf, what it stands for in the column's unit, days for a date; NaN where it
            is no number. Leaves that are numbers come first, in order.
        nodes: int32, shape (levels, leaves): the node of each leaf on each level.
        level_names: one per level.
        truth: int32, per row of the truth, its leaf; -1 where nobody recorded it.
        raw: the truth as if it were released.
        released: what the release shows; None where the column was dropped.
        levels: int32, per code of the release, the level on which it stands; -1 where it agrees
            with everything.
        places: the leaf of each text.
    """

    name: str
    numbers: Floats = field(repr=False)
    nodes: Int32s = field(repr=False)
    level_names: tuple[str, ...]
    truth: Int32s = field(repr=False)
    raw: View = field(repr=False)
    released: View | None = field(repr=False)
    levels: Int32s = field(repr=False)
    places: Mapping[str, int] = field(repr=False)

    @cached_property
    def counts(self) -> Int64s:
        """Per leaf, the rows of the truth that hold it."""
        return np.bincount(self.truth[self.truth >= 0], minlength=len(self.numbers))

    @cached_property
    def numbered(self) -> int:
        """Leaves that are numbers."""
        return int(np.isfinite(self.numbers).sum())

    def leaves_of(self, texts: Collection[str]) -> Bools:
        """Per leaf, whether it is one of these."""
        found = np.zeros(len(self.numbers), bool)
        found[[self.places[text] for text in texts if text in self.places]] = True
        return found

    def recoded(self, step: int, truth_of_row: Int64s) -> View | None:
        """What the release would show if this column stood so many levels coarser.

        Cells that agree with everything stay as they are.

        Args:
            step: levels; below 0 for finer ones.
            truth_of_row: int64, per released row, its row of the truth.

        Returns:
            None where there is no such level, or no cell would change.
        """
        if self.released is None:
            return None
        top = len(self.level_names) - 1
        wanted = np.where(self.levels < 0, -1, np.clip(self.levels + step, 0, top))
        if (wanted == self.levels).all():
            return None
        leaf = self.truth[truth_of_row]
        level = np.where(leaf < 0, -1, wanted[self.released.cells])
        stride = self.nodes.shape[1] + 1
        node = self.nodes[np.maximum(level, 0), np.maximum(leaf, 0)]
        key = np.where(level < 0, -1, level.astype(np.int64) * stride + node)
        keys, cells = np.unique(key, return_inverse=True)
        covers = np.full((top + 1, self.nodes.shape[1]), -1, np.int32)
        for level_now in range(top + 1):
            own = keys // stride == level_now
            code_of_node = np.full(stride, -1, np.int32)
            code_of_node[keys[own] % stride] = np.flatnonzero(own)
            covers[level_now] = code_of_node[self.nodes[level_now]]
        used = (covers >= 0).any(axis=1)
        return View(cells.reshape(-1).astype(np.int32), covers[used], keys < 0)


def coded(
    released: pl.Series | None,
    before: pl.Series,
    *,
    hierarchy: Hierarchy | None,
    level: int,
    silent: Collection[str],
) -> CodedColumn:
    """Read one column of a release and of its truth.

    The leaves are all values that the hierarchy knows and, of dates, every day from the first to
    the last, as an attacker does not know which of them occur.

    Args:
        released: the cells that leave; None where the column was dropped.
        before: the cells in full detail.
        hierarchy: of the column; None where it leaves as it is.
        level: on which it leaves; a cell may stand on another one.
        silent: texts that tell nothing, such as what a suppressed cell reads.

    Raises:
        DataError: a cell is no value and no node of the hierarchy, told by their number.
    """
    truth_texts, truth_codes = texts_of(before)
    shown_texts, shown_codes = ([], None) if released is None else texts_of(released)
    values = {text for text in truth_texts if text is not None} - set(silent)
    if hierarchy is None:
        values |= {text for text in shown_texts if text is not None} - set(silent)
        rows = [(text,) for text in sorted(values)]
        names: tuple[str, ...] = ("value",)
        nodes = np.arange(len(rows), dtype=np.int32)[None, :]
        labels: list[dict[str | None, int]] = [{row[0]: n for n, row in enumerate(rows)}]
        leaves: list[str] = [row[0] for row in rows]
    else:
        table = hierarchy.table(_every_day(values) if not hierarchy.domain else values)
        names, nodes = table.level_names, table.nodes
        labels = [{text: n for n, text in enumerate(one)} for one in table.labels]
        leaves = [text for text in table.values if text is not None]
    numbers = np.array([_number(text) for text in leaves], np.float64)
    order = np.argsort(numbers, kind="stable")  # NaN last
    nodes = np.ascontiguousarray(nodes[:, order])
    place = {leaves[old]: new for new, old in enumerate(order)}

    of_code = np.array([place.get(text or "", -1) for text in truth_texts], np.int32)
    of_code[[text is None or text in silent for text in truth_texts]] = -1
    truth = of_code[truth_codes]
    missing = np.int32(len(leaves))
    raw = View(
        np.where(truth < 0, missing, truth),
        np.arange(len(leaves), dtype=np.int32)[None, :],
        np.append(np.zeros(len(leaves), bool), True),
    )
    levels = np.full(len(shown_texts), -1, np.int32)
    view = None
    if shown_codes is not None:
        tries = [level, *range(level), *range(level + 1, len(names))]
        node_of = np.zeros(len(shown_texts), np.int32)
        lost = 0
        for code, text in enumerate(shown_texts):
            if text is None or text in silent:
                continue
            found = next((one for one in tries if text in labels[one]), None)
            if found is None:
                lost += 1
            else:
                levels[code], node_of[code] = found, labels[found][text]
        if lost:
            raise DataError(
                f"column '{before.name}' of the release: {lost} distinct cell(s) are nodes of no "
                "original value; are these the originals of this release?"
            )
        view = View(shown_codes, _covers(nodes, levels, node_of), levels < 0)
    return CodedColumn(before.name, numbers[order], nodes, names, truth, raw, view, levels, place)


def texts_of(cells: pl.Series) -> tuple[list[str | None], Int32s]:
    """The distinct cells as texts in an order of their own, and per row which of them it is."""
    if cells.dtype == pl.Datetime:
        cells = cells.dt.date()
    if cells.dtype.is_float():
        cells = cells.fill_nan(None)
    distinct = cells.unique()
    texts = distinct.cast(pl.String).str.strip_suffix(".0" if cells.dtype.is_float() else "")
    table = pl.DataFrame({"cell": distinct, "text": texts}).sort("text", nulls_last=True)
    if cells.dtype == pl.String:
        if not table.height:
            return [], np.zeros(0, np.int32)
        known = table["text"].drop_nulls()
        codes = cells.cast(pl.Enum(known)).to_physical().cast(pl.Int32).fill_null(len(known))
    else:
        table = table.with_columns(code=pl.int_range(pl.len(), dtype=pl.Int32))
        codes = (
            cells.alias("cell")
            .to_frame()
            .join(table, on="cell", how="left", nulls_equal=True, maintain_order="left")["code"]
        )
    return table["text"].to_list(), codes.to_numpy().astype(np.int32)


def spread(starts: Int64s, counts: Int64s) -> tuple[Int64s, Int64s]:
    """Every number of every interval, and which interval it is of."""
    which = np.repeat(np.arange(len(starts)), counts)
    shift = np.repeat(starts - np.append(0, np.cumsum(counts)[:-1]), counts)
    return which, shift + np.arange(len(which))


def _every_day(values: set[str]) -> set[str]:
    """With the days between, where all are days."""
    if not values or not all(_DAY.fullmatch(text) for text in values):
        return values
    first, last = dt.date.fromisoformat(min(values)), dt.date.fromisoformat(max(values))
    days = range(first.toordinal(), last.toordinal() + 1)
    return values | {dt.date.fromordinal(day).isoformat() for day in days}


def _number(text: str) -> float:
    """The number that a text stands for; of a day, days since a Monday; NaN for any other text."""
    if _DAY.fullmatch(text):
        try:
            return float(dt.date.fromisoformat(text).toordinal() - 1)
        except ValueError:
            return float("nan")
    return float(text) if _NUMBER.fullmatch(text) else float("nan")


def _covers(nodes: Int32s, levels: Int32s, node_of: Int32s) -> Int32s:
    """Per level in use and leaf, the code of the leaf's node."""
    used = [int(level) for level in np.unique(levels[levels >= 0])]
    covers = np.full((len(used), nodes.shape[1]), -1, np.int32)
    for row, level in enumerate(used):
        own = np.flatnonzero(levels == level)
        code_of_node = np.full(int(nodes[level].max(initial=0)) + 1, -1, np.int32)
        code_of_node[node_of[own]] = own
        covers[row] = code_of_node[nodes[level]]
    return covers
