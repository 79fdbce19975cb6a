"""Whatever the hierarchy: one place for every value, and what is one stays one further up."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import defaultdict
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hsr_privacy.errors import DataError
from hsr_privacy.hierarchies import TOP, Hierarchy, HierarchyTable, load_hierarchies
from hsr_privacy.hierarchies.definition import Bands, DateLevel, Dates, Groups, Prefixes
from hsr_privacy.hierarchies.hierarchy import from_bands, from_dates, from_groups, from_prefixes

HEAD: dict[str, Any] = {"name": "h", "label": {"nb": "x", "en": "x"}, "source": "test"}
SHIPPED = load_hierarchies()
DATE_LEVELS = ["day", "month", "quarter", "year", "2 years", "4 years"]
Row = tuple[str, ...]


def climbed(hierarchy: Hierarchy, values: list[str]) -> list[Row]:
    rows = [hierarchy.climb(value) for value in values]
    assert None not in rows
    return [row for row in rows if row is not None]


def assert_monotone(rows: list[Row]) -> None:
    """Same label on a level, same label on the next."""
    for row in rows:
        assert row[-1] == TOP
    for level in range(len(rows[0]) - 1 if rows else 0):
        above = defaultdict(set)
        for row in rows:
            above[row[level]].add(row[level + 1])
        assert all(len(parents) == 1 for parents in above.values())


@st.composite
def nested_bands(draw: st.DrawFn) -> Bands:
    """Widths that divide each other, with top and bottom codes where the coarser levels allow."""
    unit = draw(st.sampled_from(["", "år", "mmol/L"]))
    low = draw(st.integers(-20, 20))
    high = low + draw(st.integers(1, 90))
    widths = [draw(st.sampled_from([0.1, 0.5, 1.0, 2.0, 5.0]))]
    for factor in draw(st.lists(st.integers(2, 4), max_size=2)):
        widths.append(round(widths[-1] * factor, 9))
    levels: list[dict[str, Any]] = [{"name": f"l{w}", "width": w} for w in widths]
    steps = draw(st.lists(st.integers(-4, 12), min_size=1, max_size=4, unique=True))
    if draw(st.booleans()):
        levels.append({"name": "cuts", "cuts": [round(s * widths[-1], 9) for s in sorted(steps)]})
    elif draw(st.booleans()):
        levels[-1]["top"] = round(draw(st.integers(-4, 12)) * widths[-1], 9)
    if draw(st.booleans()):
        levels.insert(0, {"name": "itself"})
    missing = draw(st.sampled_from([[], ["999"], ["888", "999"]]))
    fields = {"kind": "bands", "min": low, "max": high, "unit": unit, "levels": levels}
    return Bands.model_validate(HEAD | fields | {"missing": missing})


@st.composite
def numbers(draw: st.DrawFn, definition: Bands) -> list[str]:
    hundredths = st.integers(definition.min * 100, definition.max * 100)
    whole = st.integers(definition.min, definition.max).map(str)
    return draw(st.lists(whole | hundredths.map(lambda n: str(n / 100)), min_size=1, max_size=25))


@given(st.data())
@settings(deadline=None)
def test_every_number_has_one_band_per_level_and_bands_nest(data: st.DataObject) -> None:
    definition = data.draw(nested_bands())
    hierarchy = from_bands(definition)
    values = data.draw(numbers(definition))
    rows = climbed(hierarchy, values) + list(hierarchy.domain)
    assert_monotone(rows)
    assert {len(row) for row in rows} == {len(hierarchy.level_names)}
    assert [row[0] for row in rows[: len(values)]] == values


@given(st.data())
@settings(deadline=None)
def test_a_label_says_what_lies_in_it_and_two_labels_share_nothing(data: st.DataObject) -> None:
    definition = data.draw(nested_bands())
    hierarchy = from_bands(definition)
    values = data.draw(numbers(definition))
    rows = climbed(hierarchy, values)
    for level in range(1, len(hierarchy.level_names) - 1):
        spans = set()
        for row in rows:
            low, high = span(row[level], definition)
            assert low <= float(row[0]) < high, (row[0], row[level])
            spans.add((low, high))
        for (_, high), (low, _) in pairwise(sorted(spans)):
            assert high <= low


def span(label: str, definition: Bands) -> tuple[float, float]:
    """The numbers that a label claims, read as a person reads it."""
    text = label.removesuffix(definition.unit).strip()
    number = r"(-?\d+(?:\.\d+)?)"
    if found := re.fullmatch(number + r"\+", text):
        return float(found[1]), math.inf
    if found := re.fullmatch(number + "-<" + number, text):
        return float(found[1]), float(found[2])
    if found := re.fullmatch(number + "-" + number, text):
        return float(found[1]), float(found[2]) + 1
    found = re.fullmatch(number, text)
    assert found, label
    return float(found[1]), float(found[1]) + 1


@given(
    widths=st.lists(st.integers(1, 12), min_size=2, max_size=3),
    bottom=st.none() | st.integers(0, 40),
    top=st.none() | st.integers(20, 90),
)
@settings(deadline=None)
def test_bands_nest_or_are_refused(widths: list[int], bottom: int | None, top: int | None) -> None:
    levels = [{"name": f"{n}", "width": width} for n, width in enumerate(widths)]
    levels[0] |= {"bottom": bottom, "top": top}
    fields = {"kind": "bands", "min": 0, "max": 99, "unit": "år", "levels": levels}
    try:
        hierarchy = from_bands(Bands.model_validate(HEAD | fields))
    except DataError:
        return
    assert_monotone(list(hierarchy.domain) + climbed(hierarchy, [f"{n / 4}" for n in range(397)]))


@given(
    days=st.lists(st.dates(), min_size=1, max_size=30),
    levels=st.sets(st.sampled_from(DATE_LEVELS), min_size=1),
)
def test_every_date_has_one_place_per_level_and_is_known_there(
    days: list[dt.date], levels: set[DateLevel]
) -> None:
    assume(levels)
    in_order = [level for level in DATE_LEVELS if level in levels]
    fields = {"kind": "dates", "levels": in_order}
    hierarchy = from_dates(Dates.model_validate(HEAD | fields))
    rows = climbed(hierarchy, [day.isoformat() for day in days])
    assert_monotone(rows)
    for row in rows:
        for level, text in enumerate(row):
            assert hierarchy.nodes_from(level, [text]) == {text}
            assert hierarchy.nodes_from(level + 1, [text]) == frozenset()


@given(
    codes=st.lists(st.from_regex(r"[A-Z]\d\d(\.\d)?", fullmatch=True), min_size=1, max_size=30),
    lengths=st.lists(st.integers(1, 4), min_size=1, max_size=3, unique=True),
)
def test_every_code_has_one_beginning_per_length(codes: list[str], lengths: list[int]) -> None:
    levels = [{"name": f"{n}", "length": n} for n in sorted(lengths, reverse=True)]
    definition = Prefixes.model_validate(HEAD | {"kind": "prefixes", "levels": levels})
    hierarchy = from_prefixes(definition)
    rows = climbed(hierarchy, codes)
    assert_monotone(rows)
    for row in rows:
        assert all(row[0].startswith(text) for text in row[:-1])
        for level, text in enumerate(row):
            assert hierarchy.nodes_from(level, [text]) == {text}


@given(places=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), min_size=1, max_size=20))
def test_groups_nest_or_are_refused(places: list[tuple[int, int]]) -> None:
    levels = []
    for level in range(2):
        members: dict[str, list[str]] = defaultdict(list)
        for value, place in enumerate(places):
            members[f"g{place[level]}"].append(str(value))
        levels.append({"name": f"l{level}", "groups": dict(members)})
    nests = len(set(places)) == len({fine for fine, _ in places})
    definition = Groups.model_validate(HEAD | {"kind": "groups", "levels": levels})
    if not nests:
        with pytest.raises(DataError, match="has two parents"):
            from_groups(definition)
        return
    rows = list(from_groups(definition).domain)
    assert_monotone(rows)
    assert sorted(row[0] for row in rows) == sorted(str(value) for value in range(len(places)))


@given(st.data())
@settings(deadline=None)
def test_a_table_says_the_same_as_its_rows(data: st.DataObject) -> None:
    columns = data.draw(st.integers(1, 4))
    rows = data.draw(nested_rows(columns))
    table = HierarchyTable.from_rows("h", rows)
    for leaf, row in enumerate(rows):
        assert tuple(table.labels[n][table.nodes[n, leaf]] for n in range(table.levels)) == row
    for level in range(table.levels):
        assert len(set(table.labels[level])) == len(table.labels[level])
        assert math.isclose(table.shares(level).sum(), 1)
    with_missing = table.with_missing()
    assert with_missing.leaves == table.leaves + 1
    assert with_missing.with_missing() is with_missing
    with_missing.check()
    floor = data.draw(st.integers(0, table.levels - 1))
    cut = table.starting_at(floor)
    assert (cut.leaves, cut.labels) == (table.leaves, table.labels[floor:])
    cut.check()


@st.composite
def nested_rows(draw: st.DrawFn, columns: int) -> list[Row]:
    """Leaves 0..n, each level a coarser division of them."""
    leaves = draw(st.integers(1, 12))
    parents = list(range(leaves))
    rows = [[str(leaf)] for leaf in range(leaves)]
    for level in range(columns):
        joined = draw(st.lists(st.integers(0, 5), min_size=12, max_size=12))
        parents = [joined[parent] for parent in parents]
        for leaf in range(leaves):
            rows[leaf].append(f"{level}:{parents[leaf]}")
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_hierarchy_is_monotone(name: str) -> None:
    rows = list(SHIPPED[name].domain)
    assert_monotone(rows)
    assert len({row[0] for row in rows}) == len(rows)
