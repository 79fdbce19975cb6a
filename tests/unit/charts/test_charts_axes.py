"""An axis holds all that is drawn on it, and its figures leave each other room."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hsr_privacy.charts.axes import EDGE, Axis, number_axis, ratio_axis, risk_axis, share_axis
from hsr_privacy.charts.measures import width

ROOM = 290.0


def texts(axis: Axis) -> list[str]:
    return [text for _, text in axis.ticks]


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (0.37, ["0%", "10%", "20%", "30%", "40%"]),
        (1, ["0%", "20%", "40%", "60%", "80%", "100%"]),
        (0.0001, ["0%", "0.002%", "0.004%", "0.006%", "0.008%", "0.01%"]),
        (0, ["0%", "2%", "4%", "6%", "8%", "10%"]),
    ],
)
def test_shares_go_from_0_to_just_above_the_largest(most: float, expected: list[str]) -> None:
    assert expected == texts(share_axis([0, most], "en", room=600))


def test_risks_go_by_powers_of_ten_and_hold_0() -> None:
    axis = risk_axis([0, 0.004, 0.31], "nb")
    assert [text.replace("\u00a0", " ") for text in texts(axis)] == [
        "0 %",
        "0,1 %",
        "1 %",
        "10 %",
        "100 %",
    ]
    assert axis.part(0) == 0
    assert axis.part(1) == 1
    assert 0 < axis.part(0.001) < axis.part(0.01) < 1


def test_ratios_hold_1_and_are_as_far_apart_as_they_differ() -> None:
    axis = ratio_axis([0.5, 8], "en", room=600)
    assert axis.low <= 0.5
    assert axis.high >= 8
    assert axis.part(2) - axis.part(1) == pytest.approx(axis.part(8) - axis.part(4))
    assert "1" in texts(axis)


def test_numbers_hold_0() -> None:
    assert texts(number_axis([-0.05, 0.04], "en", room=600)) == [
        "\u22120.06",
        "\u22120.04",
        "\u22120.02",
        "0",
        "0.02",
        "0.04",
    ]


shares = st.lists(st.floats(0, 1), min_size=1, max_size=5)
ratios = st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=5)
numbers = st.lists(st.floats(-1e4, 1e4).map(lambda one: round(one, 6)), min_size=1, max_size=5)


def roomy(axis: Axis, values: list[float], room: float) -> None:
    assert axis.low < axis.high
    assert all(axis.low <= value <= axis.high * (1 + 1e-9) for value in values)
    places = [axis.part(value) * room for value, _ in axis.ticks]
    halves = [width(text) / 2 for text in texts(axis)]
    for (left, half), (right, other) in itertools.pairwise(zip(places, halves, strict=True)):
        assert left + half < right - other
    assert all(p - h >= -EDGE for p, h in zip(places, halves, strict=True))
    assert all(p + h <= room + EDGE for p, h in zip(places, halves, strict=True))
    assert len(set(texts(axis))) == len(axis.ticks)


@settings(max_examples=150)
@given(shares, st.sampled_from([ROOM, 600.0]))
@example([5e-324], 600.0)
@example([1e-9], ROOM)
def test_shares_have_room(values: list[float], room: float) -> None:
    roomy(share_axis(values, "nb", room=room), values, room)


@settings(max_examples=150)
@given(ratios, st.sampled_from([ROOM, 600.0]))
def test_ratios_have_room(values: list[float], room: float) -> None:
    roomy(ratio_axis(values, "nb", room=room), values, room)


@settings(max_examples=150)
@given(numbers, st.sampled_from([ROOM, 600.0]))
def test_numbers_have_room(values: list[float], room: float) -> None:
    roomy(number_axis(values, "nb", room=room), values, room)


@settings(max_examples=150)
@given(shares)
@example([5e-324, 1.0])
@example([0.0])
def test_risks_have_room(values: list[float]) -> None:
    axis = risk_axis(values, "nb")
    assert all(0 <= axis.part(value) <= 1 for value in values)
    places = [axis.part(value) * 260 for value, _ in axis.ticks]
    assert all(b - a > 14 for a, b in itertools.pairwise(places))


@pytest.mark.parametrize("made", [share_axis, ratio_axis, number_axis])
def test_an_axis_without_numbers_is_drawn_all_the_same(made: Callable[..., Axis]) -> None:
    axis = made([], "en", room=ROOM)
    assert axis.ticks
    assert math.isfinite(axis.high - axis.low)
