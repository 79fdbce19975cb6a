"""Count: from a table to its equivalence classes as numbers, one group-by down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.frames import (
    PERSONS,
    ROWS,
    Frame,
    add_numbers,
    class_counts,
    columns_of,
    distinct_values,
    persons_in_several_classes,
)
from hsr_privacy.frequencies import FrequencyTable, Repeats
from hsr_privacy.hierarchies import HierarchyTable
from hsr_privacy.risk.ordering import Order, Secrecy, order

Bools = NDArray[np.bool_]
Int64s = NDArray[np.int64]

_CLASS: Final = "__class_"
_VALUE: Final = "__value_"


@dataclass(frozen=True, eq=False)
class Counted:
    """The equivalence classes of a table, and which of their cells could be anything.

    Attributes:
        table: the frequency table; its leaves are numbers that stand for ``texts``.
        texts: per quasi-identifier, what its leaves read; to compare with a population, and never
            to be shown.
        suppressed: what a suppressed cell reads.
        orders: per sensitive column, by what its values are ordered.
    """

    table: FrequencyTable
    texts: Mapping[str, tuple[str | None, ...]] = field(repr=False)
    suppressed: str | None
    orders: Mapping[str, Order]

    def wild_leaves(self, name: str) -> Bools:
        """Per leaf of a quasi-identifier, whether it may be anything: missing or suppressed."""
        return np.array(
            [text is None or text == self.suppressed for text in self.texts[name]], bool
        )

    @cached_property
    def wild(self) -> Bools:
        """bool, shape (classes, columns): cells that may be anything."""
        columns = enumerate(self.table.names)
        cells = [self.wild_leaves(name)[self.table.leaves_of(place)] for place, name in columns]
        return np.stack(cells, axis=1)


def count(
    frame: Frame,
    *,
    quasi_identifiers: Sequence[str],
    person: str | None = None,
    sensitive: Sequence[str] = (),
    suppressed: str | None = None,
    secrecies: Mapping[str, Secrecy] | None = None,
) -> Counted:
    """Count rows and persons of every combination, and the sensitive values in it.

    Args:
        frame: one row per event.
        quasi_identifiers: at least one column.
        person: column that tells persons apart; every row is a person if left out.
        sensitive: columns.
        suppressed: what a suppressed cell reads.
        secrecies: of sensitive columns that have a hierarchy.

    Raises:
        DataError: a column does not exist, there is no quasi-identifier, or a sensitive column does
            not fit its hierarchy.
    """
    names, secrets = tuple(dict.fromkeys(quasi_identifiers)), tuple(dict.fromkeys(sensitive))
    _check(frame, names, [*secrets, *([person] if person is not None else [])])
    texts: dict[str, tuple[str | None, ...]] = {}
    numbers: dict[str, pl.DataFrame] = {}
    codes = [f"{_CLASS}{place}" for place in range(len(names))]
    for name, code in zip(names, codes, strict=True):
        values = distinct_values(frame, name)
        texts[name] = texts_of(values)
        numbers[name] = _numbers(values, code, range(len(values)))
    frame = add_numbers(frame, numbers)
    classes = class_counts(frame, codes, person=person)
    table = FrequencyTable.of_codes(
        tuple(_flat(name, len(texts[name])) for name in names),
        codes=classes.select(codes).to_numpy(),
        rows=classes[ROWS].to_numpy(),
        persons=classes[PERSONS].to_numpy(),
        repeats=_repeats(frame, classes, codes, person),
    )
    histograms, orders = {}, {}
    for place, name in enumerate(secrets):
        values = distinct_values(frame, name)
        read = [None if text == suppressed else text for text in texts_of(values)]
        ordered = order(name, read, (secrecies or {}).get(name))
        code = f"{_VALUE}{place}"
        frame = add_numbers(frame, {name: _numbers(values, code, ordered.codes)})
        pairs = class_counts(frame, codes, sensitive=code)
        orders[name] = ordered.order
        histograms[name] = ordered.histogram(
            _places(pairs.select(codes).to_numpy()), pairs[code].to_numpy(), pairs[ROWS].to_numpy()
        )
    return Counted(replace(table, sensitive=histograms), texts, suppressed, orders)


def texts_of(values: pl.Series) -> tuple[str | None, ...]:
    """Values as files and codes write them: ``73`` for 73 and for 73.0."""
    if values.dtype == pl.Binary:
        values = values.bin.encode("hex")
    texts = values.cast(pl.String)
    if values.dtype.is_float():
        texts = texts.str.strip_suffix(".0")
    return tuple(texts.to_list())


def _check(frame: Frame, names: Sequence[str], others: Sequence[str]) -> None:
    if not names:
        raise DataError("there is no quasi-identifier; name at least one column")
    columns = columns_of(frame)
    for name in (*names, *others):
        if name not in columns:
            raise DataError(f"there is no column '{name}' to measure; the table has {len(columns)}")


def _numbers(values: pl.Series, into: str, numbers: Sequence[int]) -> pl.DataFrame:
    """A table of distinct values and their numbers."""
    return pl.DataFrame({values.name: values, into: pl.Series(numbers, dtype=pl.Int32)})


def _flat(name: str, size: int) -> HierarchyTable:
    """A hierarchy of numbers, with no level but the numbers themselves."""
    texts = tuple(str(number) for number in range(max(size, 1)))
    nodes = np.arange(len(texts), dtype=np.int32)[None, :]
    return HierarchyTable(name, texts, ("value",), (texts,), nodes)


def _repeats(
    frame: Frame, classes: pl.DataFrame, codes: list[str], person: str | None
) -> Repeats | None:
    """The persons who stand in several classes."""
    if person is None or classes.height < 2:
        return None
    several = persons_in_several_classes(frame, codes, person=person)
    numbered = several.join(classes.select(codes).with_row_index("class"), on=codes)
    return Repeats(numbered["person"].to_numpy(), numbered["class"].to_numpy())


def _places(codes: Int64s) -> Int64s:
    """Per row of an ordered table, the number of its combination, of which none is left out."""
    changes = np.zeros(len(codes), np.int64)
    changes[1:] = (codes[1:] != codes[:-1]).any(axis=1)
    return np.cumsum(changes)
