"""Columns as leaves of their hierarchies: how rows and the engine of numbers meet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import narwhals as nw
import numpy as np
import polars as pl

from hsr_privacy.errors import DataError
from hsr_privacy.frames import Frame, add_numbers, columns_of, count_rows, distinct_values
from hsr_privacy.hierarchies import Hierarchy, HierarchyTable


@dataclass(frozen=True, eq=False)
class EncodedColumn:
    """One column of a frame and its place in a hierarchy.

    Attributes:
        name: the column.
        values: its distinct values, a missing one among them.
        leaves: int32, the leaf of each distinct value in ``table``.
        table: the hierarchy, cut at the finest level that may be released.
        floor: that level, counted from the value itself.
    """

    name: str
    values: pl.Series
    leaves: np.ndarray[tuple[int], np.dtype[np.int32]]
    table: HierarchyTable
    floor: int

    @property
    def code(self) -> str:
        """Name of the column that holds the leaf beside the rows."""
        return f"__leaf_{self.name}"

    def leaf_of(self, text: str | None) -> int:
        """The leaf of a value as text; of values that are one at the floor, the first."""
        return int(self._representatives[self.table.leaf_index[text]])

    @cached_property
    def _representatives(self) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        """Per leaf, the first that is one with it at the floor."""
        _, first, node = np.unique(self.table.nodes[0], return_index=True, return_inverse=True)
        representatives: np.ndarray[tuple[int], np.dtype[np.int32]] = first[node].astype(np.int32)
        return representatives

    def leaf_mapping(self) -> pl.DataFrame:
        """Value to leaf; values that are one at the floor share a leaf, which keeps classes few."""
        return pl.DataFrame(
            {self.name: self.values, self.code: self._representatives[self.leaves]},
            schema_overrides={self.code: pl.Int32},
        )

    def label_mapping(self, level: int) -> pl.DataFrame:
        """Value to released text on a level of ``table``."""
        labels = self.table.labels[level]
        texts = [labels[node] for node in self.table.nodes[level][self.leaves]]
        return pl.DataFrame(
            {self.name: self.values, f"__label_{self.name}": texts},
            schema_overrides={f"__label_{self.name}": pl.String},
        )


def leaf_texts(values: pl.Series) -> list[str | None]:
    """Values as hierarchies write them: ``73`` for 73 and for 73.0, dates as ISO 8601 dates."""
    dtype = values.dtype
    if isinstance(dtype, pl.Datetime):
        values = values.dt.date()
    elif dtype.is_float() and values.drop_nulls().round(0).eq(values.drop_nulls()).all():
        values = values.cast(pl.Int64)
    return values.cast(pl.String).to_list()


def encode(
    frame: Frame,
    name: str,
    hierarchy: Hierarchy,
    floor: str | int = 0,
    *,
    also: Iterable[str | None] = (),
) -> EncodedColumn:
    """Place the values of a column in a hierarchy.

    Args:
        frame: rows with a column ``name``.
        hierarchy: must cover every value but a missing one.
        floor: name or number of the finest level that may be released.
        also: further values, as text, that get a leaf; covered by the hierarchy.

    Raises:
        DataError: no such column, no such level, or values that the hierarchy does not cover, by
            number of rows.
    """
    columns = columns_of(frame)
    if name not in columns:
        raise DataError(f"there is no column '{name}'; the table has: {', '.join(columns)}")
    values = distinct_values(frame, name)
    texts = leaf_texts(values)
    stray = hierarchy.uncovered(texts)
    if stray:
        unknown = values.filter(pl.Series([text in stray for text in texts]))
        rows = count_rows(frame.filter(nw.col(name).is_in(unknown.to_list())))
        raise DataError(
            f"column '{name}': {len(stray)} distinct value(s) in {rows} row(s) are not in its "
            f"hierarchy '{hierarchy.name}'; add them to the hierarchy or correct the data"
        )
    table = hierarchy.table([*texts, *also])
    level = _level(hierarchy, name, floor)
    leaves = np.array([table.leaf_index[text] for text in texts], dtype=np.int32)
    return EncodedColumn(name, values, leaves, table.starting_at(level), level)


def with_leaves(frame: Frame, columns: Mapping[str, EncodedColumn]) -> Frame:
    """Add the leaf of every encoded column beside the rows."""
    return add_numbers(frame, {name: column.leaf_mapping() for name, column in columns.items()})


def _level(hierarchy: Hierarchy, column: str, floor: str | int) -> int:
    if isinstance(floor, int):
        if 0 <= floor < len(hierarchy.level_names):
            return floor
    elif floor in hierarchy.level_names:
        return hierarchy.level(floor)
    raise DataError(
        f"column '{column}': hierarchy '{hierarchy.name}' has no level {floor!r}; "
        f"its levels are: {', '.join(hierarchy.level_names)}"
    )


def without_clock(frame: Frame, columns: Sequence[str]) -> Frame:
    """Date-times as dates: a day is the finest level of a hierarchy, and classes are counted by it."""
    schema = frame.collect_schema()
    days = [name for name in columns if schema.get(name) == nw.Datetime]
    return frame.with_columns(nw.col(name).dt.date() for name in days) if days else frame
