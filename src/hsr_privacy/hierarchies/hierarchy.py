"""One hierarchy: its levels, and the table that it makes over the values of a column."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from hsr_privacy.errors import DataError
from hsr_privacy.hierarchies.table import TOP, HierarchyTable

if TYPE_CHECKING:
    from hsr_privacy.hierarchies.definition import (
        BandLevel,
        Bands,
        Dates,
        Groups,
        Order,
        Prefixes,
    )

Row = tuple[str, ...]


@dataclass(frozen=True)
class Hierarchy:
    """A generalization hierarchy: from the value itself (level 0) to ``*``, which tells nothing.

    Attributes:
        name: as the codebook refers to it; for a user's own file, the column.
        level_names: level 0 first, ``*`` last.
        domain: rows of all values that are known beforehand; they are the leaves of the loss.
        climb: for values outside the domain, the row ``(value, level 1, ..., *)``, or None if
            the hierarchy does not cover the value.
        validity: first and last day on which a value is valid, where the hierarchy says so.
        english: English text of released nodes.
        names: what people call values that are numbers.
        level_of: for a hierarchy whose values are not known beforehand, the level on which a text
            is a node, -1 if on none.
    """

    name: str
    level_names: tuple[str, ...]
    domain: tuple[Row, ...]
    climb: Callable[[str], Row | None] = field(repr=False)
    validity: dict[str, tuple[dt.date | None, dt.date | None]] = field(default_factory=dict)
    english: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict, repr=False)
    level_of: Callable[[str], int] | None = field(default=None, repr=False)

    def level(self, name: str) -> int:
        """The level of this name; KeyError if there is none."""
        try:
            return self.level_names.index(name)
        except ValueError:
            raise KeyError(name) from None

    def nodes_from(self, level: int, texts: Iterable[str]) -> frozenset[str]:
        """Which of these texts are nodes on this level or on a coarser one."""
        known = {text for row in self.domain for text in row[level:]}
        return frozenset(
            text
            for text in texts
            if text in known or (self.level_of is not None and self.level_of(text) >= level)
        )

    def uncovered(self, values: Iterable[str | None]) -> frozenset[str]:
        """The values that have no place in the hierarchy; for counting, never for printing."""
        known = {row[0] for row in self.domain}
        return frozenset(
            v for v in values if v is not None and v not in known and self.climb(v) is None
        )

    def table(self, values: Iterable[str | None]) -> HierarchyTable:
        """The hierarchy over its domain and these values.

        Args:
            values: distinct values of a column as text; None adds a leaf for missing values.
        Raises:
            DataError: values that the hierarchy does not cover, by their number.
        """
        wanted = set(values)
        rows = list(self.domain)
        known = {row[0] for row in rows}
        missed = 0
        for value in sorted(v for v in wanted if v is not None and v not in known):
            row = self.climb(value)
            if row is None:
                missed += 1
            else:
                rows.append(row)
        if missed:
            raise DataError(
                f"{missed} distinct value(s) are not in hierarchy '{self.name}'; "
                "add them to it or correct the data"
            )
        if not rows:
            rows = [(TOP,) * len(self.level_names)] if None not in wanted else []
        if not rows:
            return _only_missing(self.name, self.level_names)
        table = HierarchyTable.from_rows(self.name, rows, self.level_names)
        return table.with_missing() if None in wanted else table


def from_rows(name: str, rows: list[Row], level_names: tuple[str, ...] | None = None) -> Hierarchy:
    """A hierarchy from complete rows; the level ``*`` is added where the last is not that already.

    Raises:
        DataError: no rows, ragged rows, a value twice, a node with two parents.
    """
    HierarchyTable.from_rows(name, rows, level_names)
    names = level_names or tuple(f"level {n}" for n in range(len(rows[0])))
    if {row[-1] for row in rows} != {TOP}:
        rows = [(*row, TOP) for row in rows]
        names = (*names, TOP) if level_names else tuple(f"level {n}" for n in range(len(rows[0])))
    return Hierarchy(name, names, tuple(rows), lambda _value: None)


def from_bands(definition: Bands) -> Hierarchy:
    """Bands over numbers; see `Bands`.

    Raises:
        DataError: a band of one level straddles two bands of a coarser one.
    """
    # Level 0 is the value itself, also where the first written level is already coarser.
    levels = [level for level in definition.levels if not level.is_identity]
    own_name = definition.levels[0].name if definition.levels[0].is_identity else "value"
    names = (own_name, *(level.name for level in levels), TOP)

    def climb(value: str) -> Row | None:
        code = value.removesuffix(".0")  # among decimals, 999 stands as 999.0
        if code in definition.missing:
            return (value, *[code] * len(levels), TOP)
        try:
            number = float(value)
        except ValueError:
            return None
        if not definition.min <= number <= definition.max:
            return None
        return (value, *(band_of(definition, level, number) for level in levels), TOP)

    values = [*map(str, range(definition.min, definition.max + 1)), *definition.missing]
    rows = tuple(row for row in map(climb, values) if row is not None)
    between = tuple(row for row in map(climb, _broken_bounds(definition)) if row is not None)
    HierarchyTable.from_rows(definition.name, (*rows, *between), names)
    return Hierarchy(definition.name, names, rows, climb, english=dict(definition.english))


def from_dates(definition: Dates) -> Hierarchy:
    """Levels of a date; a value is an ISO date."""

    def climb(value: str) -> Row | None:
        try:
            day = dt.date.fromisoformat(value)
        except ValueError:
            return None
        return (value, *(_DATE_TEXT[level](day) for level in levels), TOP)

    def level_of(text: str) -> int:
        shapes = [r"\d{4}-\d\d-\d\d", *(_DATE_SHAPE[level] for level in levels), r"\*"]
        if re.fullmatch(r"\d{4}-\d{4}", text):
            years = int(text[5:]) - int(text[:4]) + 1
            name = f"{years} years"
            return levels.index(name) + 1 if name in levels else -1
        found = [level for level, shape in enumerate(shapes) if re.fullmatch(shape, text)]
        return found[0] if found else -1

    levels = tuple(level for level in definition.levels if level != "day")
    return Hierarchy(definition.name, ("day", *levels, TOP), (), climb, level_of=level_of)


def from_prefixes(definition: Prefixes) -> Hierarchy:
    """Ever shorter beginnings of a code."""
    lengths = [level.length for level in definition.levels]
    if lengths != sorted(set(lengths), reverse=True):
        raise DataError(f"hierarchy '{definition.name}': lengths must fall from level to level")

    def climb(value: str) -> Row | None:
        return (value, *(value[:length] for length in lengths), TOP) if value else None

    def level_of(text: str) -> int:
        if text == TOP:
            return len(lengths) + 1
        return sum(len(text) <= length for length in lengths)

    names = ("code", *(level.name for level in definition.levels), TOP)
    english = dict(definition.english)
    return Hierarchy(definition.name, names, (), climb, english=english, level_of=level_of)


def from_groups(definition: Groups) -> Hierarchy:
    """Codes in ever larger groups; see `Groups`."""
    places = [
        {value: group for group, values in level.groups.items() for value in values}
        for level in definition.levels
    ]
    values = definition.values or tuple(places[0])
    rows = [(value, *(place[value] for place in places), TOP) for value in values]
    names = ("code", *(level.name for level in definition.levels), TOP)
    plain = from_rows(definition.name, rows, names)
    return replace(plain, english=dict(definition.english))


def from_order(definition: Order) -> Hierarchy:
    """Neighbours of an order, merged level by level; see `Order`.

    Raises:
        DataError: two nodes of one level would be written alike.
    """
    columns: list[list[str]] = [list(definition.values)]
    ends = [(n, n) for n in range(len(definition.values))]
    for level in definition.levels:
        taken, merged = 0, list[tuple[int, int]]()
        for size in level.sizes(len(ends)):
            merged.append((ends[taken][0], ends[taken + size - 1][1]))
            taken += size
        ends = merged
        labels = [_from_to(definition.values[low], definition.values[high]) for low, high in ends]
        if len(set(labels)) != len(labels):
            raise DataError(
                f"hierarchy '{definition.name}': two nodes of level '{level.name}' are written "
                "alike; rename the values at their ends, or merge others"
            )
        widths = [high - low + 1 for low, high in ends]
        columns.append(
            [text for text, width in zip(labels, widths, strict=True) for _ in range(width)]
        )
    rows = [(*row, TOP) for row in zip(*columns, strict=True)]
    names = ("value", *(level.name for level in definition.levels), TOP)
    plain = from_rows(definition.name, rows, names)
    return replace(plain, english=dict(definition.english))


def _from_to(first: str, last: str) -> str:
    """``first - last``; of two ranges of numbers the outer ends, ``10-29`` and ``60+``."""
    if first == last:
        return first
    low, high = _RANGE.fullmatch(first), _RANGE.fullmatch(last)
    if low is None or high is None or low["high"] is None:
        return f"{first} - {last}"
    return f"{low['low']}-{high['high']}" if high["high"] else f"{low['low']}+"


def _broken_bounds(definition: Bands) -> list[str]:
    """Where bands begin between two whole numbers; values just there may climb apart too."""
    bounds: set[float] = set()
    for level in definition.levels:
        bounds.update(level.cuts or ())
        bounds.update([level.top] if level.top is not None else [])
        if level.width is not None:
            first, last = (math.floor(n / level.width) for n in (definition.min, definition.max))
            bounds.update(round(n * level.width, 9) for n in range(first, last + 1))
    return [_number(bound) for bound in sorted(bounds) if not float(bound).is_integer()]


def band_of(definition: Bands, level: BandLevel, number: float) -> str:
    """The text of the band in which a number of the domain lies."""
    unit = f" {definition.unit}" if definition.unit else ""
    if level.top is not None and number >= level.top:
        return f"{_number(level.top)}+{unit}"
    if level.bottom is not None and number < level.bottom + 1:
        return f"{definition.min}-{level.bottom}{unit}"
    if level.cuts is not None:
        bounds = [definition.min, *(c for c in level.cuts if c > definition.min)]
        bounds.append(definition.max + 1)
        place = max(n for n, bound in enumerate(bounds[:-1]) if number >= bound)
        low, high = bounds[place], bounds[place + 1]
    else:
        assert level.width is not None
        if level.width == 1:
            return _number(math.floor(number))
        steps = math.floor(round(number / level.width, 9))
        low, high = round(steps * level.width, 9), round((steps + 1) * level.width, 9)
    if level.top is not None:
        high = min(high, level.top)
    if level.bottom is not None:
        low = max(low, level.bottom + 1)
    if high == definition.max + 1 and level.cuts is not None and level.top is None:
        return f"{_number(low)}+{unit}"
    return _span(low, high) + unit


def _span(low: float, high: float) -> str:
    """From ``low`` to just below ``high``, in whole numbers where both are."""
    if not (float(low).is_integer() and float(high).is_integer()):
        return f"{_number(low)}-<{_number(high)}"
    return _number(low) if high - low == 1 else f"{_number(low)}-{_number(high - 1)}"


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else f"{round(value, 9)!r}"


def _only_missing(name: str, level_names: tuple[str, ...]) -> HierarchyTable:
    row: tuple[str | None, ...] = (*[None] * (len(level_names) - 1), TOP)
    return HierarchyTable.from_rows(name, [row], level_names)


_RANGE: Final = re.compile(r"(?P<low>\d+)(?:\+|[-–](?P<high>\d+))")
"""A range of whole numbers, ``10-19``, or one without an upper end, ``80+``."""

_DATE_TEXT: Final[dict[str, Callable[[dt.date], str]]] = {
    "month": lambda day: day.isoformat()[:7],
    "quarter": lambda day: f"{day.year:04}-Q{(day.month + 2) // 3}",
    "year": lambda day: f"{day.year:04}",
    "2 years": lambda day: f"{day.year // 2 * 2:04}-{day.year // 2 * 2 + 1:04}",
    "4 years": lambda day: f"{day.year // 4 * 4:04}-{day.year // 4 * 4 + 3:04}",
}

_DATE_SHAPE: Final = {
    "month": r"\d{4}-\d\d",
    "quarter": r"\d{4}-Q[1-4]",
    "year": r"\d{4}",
    "2 years": r"\d{4}-\d{4}",
    "4 years": r"\d{4}-\d{4}",
}
