"""A picture of a hierarchy: what stands in it, how high, and what is left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

import pytest

from hsr_privacy.hierarchies import HierarchyTable
from hsr_privacy.hierarchies.drawing import MOST_DRAWN, draw

SVG = "{http://www.w3.org/2000/svg}"
ROWS = [("1", "low", "*"), ("2", "low", "*"), ("3", "high", "*"), ("4", "low", "*")]


def drawn(rows: Sequence[tuple[str, ...]], names: tuple[str, ...] | None = None) -> ET.Element:
    return ET.fromstring(draw(HierarchyTable.from_rows("h", rows, names)))


def boxes(picture: ET.Element) -> dict[str, tuple[float, float, float]]:
    """Of each node its left edge, top and height."""
    found = {}
    for group in picture.iter(f"{SVG}g"):
        box = group.find(f"{SVG}rect")
        assert box is not None
        x, y, height = (float(box.get(name, "")) for name in ("x", "y", "height"))
        found[group.findtext(f"{SVG}title", "")] = (x, y, height)
    return found


def test_a_node_is_as_high_as_its_share_and_stands_beside_its_children() -> None:
    found = boxes(drawn(ROWS))
    whole = found["*: 4 values"]
    assert found["low: 3 values"][2] == pytest.approx(3 / 4 * whole[2])
    assert found["high: 1 value"][2] == pytest.approx(1 / 4 * whole[2])
    assert found["3: 1 value"][1:] == pytest.approx(found["high: 1 value"][1:])
    assert found["3: 1 value"][0] < found["high: 1 value"][0] < whole[0]


def test_the_children_of_a_node_stand_together_whatever_the_order_of_the_rows() -> None:
    found = boxes(drawn(ROWS))
    top, height = found["low: 3 values"][1:]
    for child in ("1", "2", "4"):
        assert top <= found[f"{child}: 1 value"][1] < top + height


def test_it_says_what_it_is_to_who_cannot_see_it() -> None:
    picture = drawn(ROWS, ("value", "band", "*"))
    assert picture.get("role") == "img"
    assert picture.findtext(f"{SVG}title") == "Hierarchy h"
    assert "value: 4, band: 2, *: 1" in (picture.findtext(f"{SVG}desc") or "")


def test_it_needs_nothing_from_elsewhere_and_follows_the_theme() -> None:
    text = draw(HierarchyTable.from_rows("h", ROWS))
    assert re.findall(r"https?://[^\"]+", text) == ["http://www.w3.org/2000/svg"]
    assert "prefers-color-scheme: dark" in text
    assert "currentColor" in text
    assert not re.search(r"url\(|<script|href", text)


def test_levels_with_too_many_nodes_are_left_out_and_that_is_said() -> None:
    many = MOST_DRAWN + 1
    rows = [(str(n), f"b{n // 10}", "*") for n in range(many)]
    picture = drawn(rows, ("value", "tens", "*"))
    assert len(boxes(picture)) == 7 + 1
    assert "Drawn from 'tens' on: finer levels have 61 nodes and more." in "".join(
        picture.itertext()
    )
    assert len(boxes(drawn(rows[:MOST_DRAWN], ("value", "tens", "*")))) == MOST_DRAWN + 6 + 1


def test_signs_of_markup_and_norwegian_letters_come_through() -> None:
    picture = drawn([('<Ærø & "sør">', "*"), ("\x00\x85\ufffe", "*")])
    assert '<Ærø & "sør">: 1 value' in boxes(picture)


def test_a_label_that_does_not_fit_is_cut_or_left_out() -> None:
    rows = [("x" * 500, "*"), *((str(n), "*") for n in range(40))]
    for text in drawn(rows).iter(f"{SVG}text"):
        assert len(text.text or "") < 130


def test_a_missing_value_has_a_place_of_its_own() -> None:
    table = HierarchyTable.from_rows("h", ROWS).with_missing()
    assert "(missing): 1 value" in boxes(ET.fromstring(draw(table)))
