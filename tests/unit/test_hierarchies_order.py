"""Values with an order: neighbours merge level by level, and what is written wrong is told."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from hsr_privacy.errors import DataError
from hsr_privacy.hierarchies import TOP, Hierarchy
from hsr_privacy.hierarchies.definition import Definition, Order
from hsr_privacy.hierarchies.hierarchy import from_order

HEAD = {"name": "h", "label": {"nb": "x", "en": "x"}, "source": "test", "kind": "order"}


def written(values: list[str], *levels: dict[str, Any]) -> Order:
    named = [{"name": f"l{n}"} | level for n, level in enumerate(levels)]
    adapter: TypeAdapter[Any] = TypeAdapter(Definition)
    made = adapter.validate_python(HEAD | {"values": values, "levels": named})
    assert isinstance(made, Order)
    return made


def order(values: list[str], *levels: dict[str, Any]) -> Hierarchy:
    return from_order(written(values, *levels))


def test_neighbours_merge_level_by_level_and_the_last_merge_takes_what_is_left() -> None:
    assert order(list("abcde"), {"fanout": 2}, {"fanout": 2}).domain == (
        ("a", "a - b", "a - d", TOP),
        ("b", "a - b", "a - d", TOP),
        ("c", "c - d", "a - d", TOP),
        ("d", "c - d", "a - d", TOP),
        ("e", "e", "e", TOP),
    )


def test_each_merge_may_take_its_own_number() -> None:
    days = ["man", "tir", "ons", "tor", "fre", "lør", "søn"]
    week = order(days, {"fanouts": [5, 2]})
    assert [row[1] for row in week.domain] == ["man - fre"] * 5 + ["lør - søn"] * 2


def test_ranges_of_numbers_are_joined_at_their_outer_ends() -> None:
    ages = order(["10-19", "20-29", "30-39", "40+"], {"fanout": 2})
    assert [row[1] for row in ages.domain] == ["10-29", "10-29", "30+", "30+"]


def test_without_levels_there_is_the_value_and_nothing_more() -> None:
    assert order(["b", "a"]).domain == (("b", TOP), ("a", TOP))


def test_a_value_outside_the_order_has_no_place() -> None:
    assert order(["a", "b"]).uncovered(["a", "c", None]) == {"c"}


@pytest.mark.parametrize(
    ("values", "level", "text"),
    [
        (["a", "a"], {"fanout": 2}, "a value stands twice in 'values'"),
        (["a", "b", "c"], {"fanouts": [2]}, "take 2 node(s) and the level below has 3"),
        (["a", "b"], {"fanouts": [2, 1]}, "take 3 node(s) and the level below has 2"),
        (["a", "b"], {}, "give either 'fanout' or 'fanouts'"),
        (["a", "b"], {"fanout": 2, "fanouts": [2]}, "give either 'fanout' or 'fanouts'"),
        (["a", "b"], {"fanout": 1}, "greater than or equal to 2"),
        ([], {"fanout": 2}, "at least 1 item"),
    ],
)
def test_what_does_not_fit_is_refused(values: list[str], level: dict[str, Any], text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        written(values, level)
    assert text in str(caught.value)


def test_two_nodes_of_one_text_are_refused() -> None:
    with pytest.raises(DataError, match="two nodes of level 'l0' are written alike"):
        order(["a", "b", "a - b"], {"fanout": 2})
