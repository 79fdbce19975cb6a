"""No value of which fewer than k persons stand behind gets into anything that explains."""

from __future__ import annotations

import json

import pytest

from hsr_privacy.explaining import (
    columns_picture,
    explanation_page,
    explanation_text,
    frontier_picture,
    subgroups_picture,
)
from hsr_privacy.hierarchies import HierarchyTable
from tests.unit.explaining.plain import Told, told

K = 5


def everything(one: Told) -> str:
    """All that can be shown of an explanation."""
    explanation = one.explanation
    pictures = (columns_picture, subgroups_picture, frontier_picture)
    drawn = [draw(explanation) or "" for draw in pictures]
    drawn += [draw(explanation, "nb") or "" for draw in pictures]
    return "\n".join(
        [
            json.dumps(explanation.to_json(), ensure_ascii=False),
            *explanation_text(explanation),
            explanation_page(explanation, title="t"),
            *drawn,
        ]
    )


@pytest.mark.parametrize("method", ["full-domain", "local", "cells", "joint"])
@pytest.mark.parametrize("few", [1, K - 1])
def test_a_value_of_too_few_persons_is_nowhere(method: str, few: int) -> None:
    towns = HierarchyTable.from_rows(
        "town",
        [
            ("kanari-a", "land-a", "*"),
            ("kanari-b", "land-b", "*"),
            *((f"by-{n}", "land", "*") for n in range(4)),
        ],
    )
    sex = HierarchyTable.from_rows("sex", [("mann", "*"), ("kvinne", "*"), ("kanari-c", "*")])
    rows = [("mann", f"by-{n % 4}") for n in range(120)] + [
        ("kvinne", f"by-{n % 4}") for n in range(90)
    ]
    rows += (
        [("mann", "kanari-a")] * few + [("kvinne", "kanari-b")] * few + [("kanari-c", "by-1")] * few
    )
    text = everything(
        told(rows, tables=(sex, towns), k=K, method=method, max_suppressed=0.5, max_points=4)
    )

    for canary in ("kanari", "land-a", "land-b"):
        assert canary not in text


@pytest.mark.parametrize("method", ["full-domain", "local", "cells", "joint"])
def test_a_value_of_many_persons_of_whom_few_are_suppressed_is_nowhere(method: str) -> None:
    """A hundred in kanari: which of two of them were removed would be a cell of two."""
    towns = HierarchyTable.from_rows("town", [("kanari", "*"), ("by", "*"), ("bygd", "*")])
    years = HierarchyTable.from_rows("year", [(f"{n}", "*") for n in range(10)])
    rows = [(town, "0") for town in ("kanari", "by", "bygd") for _ in range(100)]
    rows += [("kanari", "1"), ("kanari", "2"), *(("by", f"{n}") for n in (3, 4, 5, 6, 7))]
    one = told(rows, tables=(towns, years), k=K, method=method, max_suppressed=0.1)
    counts = [
        group
        for grouping in one.explanation.groupings
        for group in grouping.groups
        if group.label == "kanari" and group.suppressed_rows not in {None, 0}
    ]

    assert counts == []


def test_an_identifier_as_a_column_is_nowhere() -> None:
    numbers = HierarchyTable.from_rows("number", [(f"kanari-{n}", "*") for n in range(200)])
    rows = [(f"kanari-{n % 200}",) for n in range(400)]
    text = everything(told(rows, tables=(numbers,), k=K, max_suppressed=1.0, max_points=4))

    assert "kanari" not in text


def test_a_person_with_many_rows_is_one_person() -> None:
    towns = HierarchyTable.from_rows("town", [("kanari", "*"), ("by", "*"), ("bygd", "*")])
    rows = [("kanari",)] * 50 + [("by",)] * 50 + [("bygd",)] * 50
    person = [*(1 for _ in range(50)), *range(100, 200)]
    text = everything(told(rows, tables=(towns,), k=K, person=person, max_suppressed=1.0))

    assert "kanari" not in text
