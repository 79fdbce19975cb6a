"""Whatever stands in a column: what is suggested holds it all, nests, ends in * and can be drawn."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from hsr_privacy.hierarchies import TOP, load_for_columns
from hsr_privacy.hierarchies.checking import check_hierarchy
from hsr_privacy.hierarchies.drawing import draw
from hsr_privacy.hierarchies.suggesting import Suggestion, suggest
from hsr_privacy.hierarchies.writing import definition_text, file_name

ASKED = st.fixed_dictionaries({"k": st.integers(1, 9), "levels": st.none() | st.integers(1, 5)})


def column_of(values: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(values, min_size=1, max_size=60)


def assert_fit(values: list[str], asked: dict[str, Any]) -> Suggestion:
    """A suggestion that comes through its file and stands every check."""
    counts = Counter(values)
    found = suggest("c", counts, **asked)
    with tempfile.TemporaryDirectory() as name:
        text = definition_text(found.definition, ["a comment"])
        (Path(name) / file_name("c")).write_text(text, encoding="utf-8")
        read = load_for_columns(Path(name), ["c"])["c"]
    table = read.table([*counts, None])
    table.check()
    assert set(counts) <= set(table.values)
    assert table.labels[-1] == (TOP,)
    result = check_hierarchy(read, counts)
    assert (result.faults, result.uncovered_values) == ((), 0)
    if asked["levels"] is not None:
        assert len(read.level_names) <= asked["levels"] + 2
    ET.fromstring(draw(table))
    return found


@given(column_of(st.integers(-200, 200).map(str)), ASKED)
def test_any_whole_numbers_get_bands(values: list[str], asked: dict[str, Any]) -> None:
    found = assert_fit(values, asked)
    padded = any(len(value) > 1 and value.startswith("0") for value in values)
    assert padded or found.definition.kind == "bands"


@given(column_of(st.integers(-(10**9), 10**15).map(str)), ASKED)
def test_any_large_numbers_get_a_hierarchy(values: list[str], asked: dict[str, Any]) -> None:
    assert_fit(values, asked)


@given(
    column_of(st.decimals(-1000, 1000, places=3).map(str)), st.sampled_from([1, 10, 1000]), ASKED
)
def test_any_decimals_get_bands(values: list[str], parts: int, asked: dict[str, Any]) -> None:
    scaled = [f"{float(value) / parts:.3f}" for value in values]
    assert assert_fit(scaled, asked).definition.kind == "bands"


@given(column_of(st.floats(allow_nan=False, allow_infinity=False).map(repr)), ASKED)
def test_any_floats_get_a_hierarchy(values: list[str], asked: dict[str, Any]) -> None:
    assert_fit(values, asked)


@given(column_of(st.dates().map(lambda day: day.isoformat())), ASKED)
def test_any_dates_get_their_levels(values: list[str], asked: dict[str, Any]) -> None:
    assert assert_fit(values, asked).definition.kind == "dates"


@given(
    column_of(st.from_regex(r"[A-Z][0-9]{2}(\.[0-9])?", fullmatch=True))
    | column_of(st.from_regex(r"[0-9]{4}", fullmatch=True)),
    ASKED,
)
def test_any_codes_get_a_hierarchy(values: list[str], asked: dict[str, Any]) -> None:
    assert_fit(values, asked)


@given(column_of(st.text(max_size=5)), ASKED)
def test_any_text_at_all_gets_a_hierarchy(values: list[str], asked: dict[str, Any]) -> None:
    assert_fit(values, asked)


@given(
    column_of(st.sampled_from(["a", "Other", "other", "*", "", " ", "1", "2,5", "10-19", "<10"])),
    ASKED,
    st.sampled_from(["order", "groups"]),
)
def test_any_values_can_be_ordered_or_grouped(
    values: list[str], asked: dict[str, Any], kind: str
) -> None:
    assert_fit(values, asked | {"kind": kind})


@given(column_of(st.integers(0, 99).map(str)), st.integers(1, 9))
def test_a_thin_end_is_never_alone_on_a_level_of_bands(values: list[str], k: int) -> None:
    counts = Counter(values)
    found = suggest("c", counts, k=k)
    table = found.hierarchy.table(counts)
    if found.definition.kind != "bands" or len(values) < 2 * k:
        return
    numbers = sorted(counts, key=int)
    for level in table.nodes[1:]:
        for end in (numbers[0], numbers[-1]):
            node = level[table.leaf_index[end]]
            assert sum(n for v, n in counts.items() if level[table.leaf_index[v]] == node) >= k
