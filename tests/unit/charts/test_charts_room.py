"""No words cover others or leave the picture, however many there are and however long."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable

import pytest

from hsr_privacy.charts import (
    NARROW,
    WIDE,
    Bin,
    Change,
    Contribution,
    Group,
    Interval,
    Named,
    Option,
    Place,
    Remaining,
    class_sizes,
    contributions,
    forest,
    frontier,
    remaining_candidates,
    risk_by_scenario,
    suppression_by_subgroup,
)
from hsr_privacy.charts.rows import MOST
from hsr_privacy.charts.spots import RADIUS, beside
from tests.unit.charts.drawn import EVERY, parsed, told, words_of

PAGE = 1150
"""Pixels of a wide picture that a printed page takes without letters becoming too small."""
LONG = "gjenopplivingsforsøksvarighetsklassifiseringskode"
SENTENCE = "tidligere ektefelle som har fått et brev fra forsikringsselskapet om saken"


def many_options(count: int) -> list[Option]:
    chance = random.Random(7)
    made = [(chance.random() ** 2, chance.random() ** 6) for _ in range(count)]
    return [
        Option(Named(f"{LONG} → {n}"), cost, risk, best=n % 9 == 0, neighbour=n < 20)
        for n, (cost, risk) in enumerate(made)
    ]


HERE = Option(Named("her"), 0.12, 0.31)
HARD: dict[str, Callable[[Place], str | None]] = {
    **EVERY,
    "sizes, all zero": lambda p: class_sizes([Bin(1, 4, 0, 0), Bin(5, None, 0, 0)], p, k=5),
    "sizes, large": lambda p: class_sizes([Bin(10**7, 10**8, 0.0001), Bin(10**9, None, 1)], p, k=5),
    "scenarios, all zero": lambda p: risk_by_scenario([Change(Named("a"), *[Interval(0)] * 2)], p),
    "scenarios, long": lambda p: risk_by_scenario(
        [
            Change(Named(SENTENCE), Interval(1), Interval(0.000001)),
            Change(Named(LONG * 2), None, None),
        ],
        p,
        limit=0.0001,
    ),
    "scenarios, tiny": lambda p: risk_by_scenario([Change(Named("a"), None, Interval(0.0001))], p),
    "frontier, 200": lambda p: frontier(many_options(200), p, here=HERE),
    "frontier, one at the same place": lambda p: frontier([HERE], p, here=HERE),
    "frontier, all at the same place": lambda p: frontier(
        [Option(Named(SENTENCE), 0.12, 0.31, neighbour=True)] * 12, p, here=HERE
    ),
    "frontier, all zero": lambda p: frontier(
        [Option(Named("a"), 0, 0, best=True, neighbour=True)], p, here=Option(Named("b"), 0, 0)
    ),
    "frontier, from 0.0001 to 1": lambda p: frontier(
        [Option(Named("a"), 1, 0.0001, best=True), Option(Named("b"), 0.0001, 1)], p, here=HERE
    ),
    "subgroups, 200": lambda p: suppression_by_subgroup(
        [
            Group(Named(f"gruppe {n}", group=f"{SENTENCE} {n // 7}"), Interval(n / 200, 0, 1))
            for n in range(200)
        ],
        p,
        whole=0.1,
    ),
    "contributions, 40": lambda p: contributions(
        [Contribution(Named(f"{LONG}_{n}"), n / 40) for n in range(40)], p
    ),
    "contributions, wide letters": lambda p: contributions(
        [Contribution(Named("W" * 60), 1), Contribution(Named("m" * 15), 0.0001)], p
    ),
    "forest, far apart": lambda p: forest(
        [
            Change(Named("a"), Interval(0.0001, 0.00001, 0.001), Interval(10000, 1, math.inf)),
            Change(Named("b", group=SENTENCE), Interval(123456), Interval(1.01, 1.0, 1.02)),
        ],
        p,
    ),
    "forest, close to 1": lambda p: forest(
        [Change(Named("a"), None, Interval(1.01, 0.99, 1.03))], p
    ),
    "forest, differences": lambda p: forest(
        [Change(Named("a"), Interval(-1234.5, -2000, 10), Interval(0.001))], p, scale="difference"
    ),
    "remaining, large": lambda p: remaining_candidates(
        [Remaining(Named(LONG), 1, 5_400_000)], p, k=5
    ),
}


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("picture", HARD.values(), ids=HARD)
def test_no_words_cover_others_or_leave_the_picture_or_the_page(
    picture: Callable[[Place], str | None], width: int
) -> None:
    drawn = picture(Place("nb", "one", width))
    words = words_of(drawn)
    assert words
    covering = [(a.text, b.text) for a, b in itertools.combinations(words, 2) if a.covers(b)]
    assert covering == []
    height = float(parsed(drawn).attrib["height"])
    beyond = [
        (one.text, one.left, one.right, one.base)
        for one in words
        if one.left < -0.5 or one.right > width + 0.5 or not 10 <= one.base <= height - 2
    ]
    assert beyond == []
    assert width == NARROW or height < PAGE


def test_forty_variables_are_all_shown() -> None:
    shares = [Contribution(Named(f"variabel_nummer_{n}"), n / 40) for n in range(40)]
    assert len(told(contributions(shares, Place("nb", "one")))) == MOST == 40


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_what_is_not_drawn_is_counted(width: int) -> None:
    groups = [Group(Named(f"gruppe {n}"), Interval(0.1)) for n in range(200)]
    picture = suppression_by_subgroup(groups, Place("en", "one", width), whole=0.1)
    assert len(told(picture)) == 40
    assert "160 more are in the table" in {one.text for one in words_of(picture)}


def test_numbers_of_neighbours_do_not_cover_each_other() -> None:
    spots = [(x * 3.0, 100.0) for x in range(12)]
    labels = beside(spots, [], width=400, height=300)
    assert all(math.dist(a, b) > 2 * RADIUS for a, b in itertools.combinations(labels, 2))
    assert all(math.dist(label, spot) > RADIUS for label in labels for spot in spots)


def test_a_number_of_a_neighbour_in_the_corner_stays_in_the_picture() -> None:
    for corner in ((0.0, 0.0), (400.0, 300.0), (0.0, 300.0), (400.0, 0.0)):
        ((x, y),) = beside([corner], [], width=400, height=300)
        assert RADIUS <= x <= 400 - RADIUS
        assert RADIUS <= y <= 300 - RADIUS
