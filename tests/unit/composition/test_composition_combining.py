"""Sums of three releases and more, each worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from hsr_privacy.composition import Composed, Finding, Sketch, compare
from hsr_privacy.composition.combining import Combined, combine
from hsr_privacy.composition.elimination import combinations_that_cancel
from hsr_privacy.composition.tabulating import Tabulated
from hsr_privacy.composition.wording import combinations
from hsr_privacy.keys import KeyRing
from tests.unit.composition.toy import sketched


def persons(q: str, names: str, ring: KeyRing, about: str, recipient: str = "U") -> Sketch:
    """Persons of one letter each, with the letter under theirs as their only cell."""
    rows = "\n".join(f"{name} | {cell}" for name, cell in zip(names, q, strict=True))
    return sketched(f"person | q\n{rows}", ring, name=about, recipient=recipient)


def the(composed: Composed, kind: str) -> Finding:
    found = [one for one in composed.findings if one.kind == kind]
    assert len(found) == 1
    return found[0]


def parted(ring: KeyRing, recipient: str = "U") -> tuple[Sketch, list[Sketch]]:
    """A release that two earlier ones part between them, but for i."""
    new = persons("xxyyxxyyy", "abcdefghi", ring, "P-1")
    return new, [
        persons("xxyy", "abcd", ring, "P-2"),
        persons("xxyy", "efgh", ring, "P-3", recipient),
    ]


def test_who_is_in_neither_part_is_left_when_both_are_taken_away(ring: KeyRing) -> None:
    new, earlier = parted(ring)
    found = compare(new, earlier, k=2)
    # x: 4 - 2 - 2; y: 5 - 2 - 2, and no release has fewer than two of either.
    assert the(found, "combination").numbers == {
        "sets": 1,
        "sets_left": 0,
        "combinations": 1,
        "combinations_left": 0,
        "tables": 1,
        "recognizing_cells": 1,
        "telling_cells": 0,
        "cells of q": 1,
    }
    assert the(found, "combination").broken
    assert [one.about.case_number for one in earlier] == [
        one.case_number for one in the(found, "combination").earlier
    ]
    # Neither of the two shows as much by itself: of x two are left, of y three.
    pairwise = [one for one in found.findings if one.kind == "subtraction"]
    assert [one.numbers["recognizing_cells"] for one in pairwise] == [0, 0]


def test_a_few_besides_blur_a_sum_and_do_not_hide_it(ring: KeyRing) -> None:
    new, (_, second) = parted(ring)
    first = persons("xxyyx", "abcdj", ring, "P-2")
    # What is left of y is i as before; of x there is one less than none, and that is j.
    assert the(compare(new, [first, second], k=2), "combination").numbers["recognizing_cells"] == 2


def test_parts_in_other_hands_take_colluding(ring: KeyRing) -> None:
    new, earlier = parted(ring, recipient="Another")
    found = the(compare(new, earlier, k=2), "combination")
    assert (found.colluding, found.broken) == (True, True)


def test_a_cell_that_a_part_shows_by_itself_is_no_fault_of_the_sum(ring: KeyRing) -> None:
    new, (first, _) = parted(ring)
    shows = persons("xyyy", "efgh", ring, "P-3")
    found = the(compare(new, [first, shows], k=2), "combination")
    # x: 4 - 2 - 1 is small, but the part shows one x itself; y: 5 - 2 - 3 is none.
    assert (found.numbers["combinations"], found.numbers["recognizing_cells"]) == (1, 0)


def test_three_cohorts_that_share_persons_two_by_two_give_half_a_sum(ring: KeyRing) -> None:
    # Of a, b, c, who are in the first two: (first + second - third) / 2.
    new = persons("xxyxxyy", "abcdefg", ring, "P-1")
    second = persons("xxyxxyy", "abchijk", ring, "P-2")
    third = persons("xxyyxxyy", "defghijk", ring, "P-3")
    found = compare(new, [second, third], k=2)
    # x: (4 + 4 - 4) / 2 = 2; y: (3 + 3 - 4) / 2 = 1. The other two sums leave two of each.
    assert the(found, "combination").numbers["combinations"] == 3
    assert the(found, "combination").numbers["recognizing_cells"] == 1
    assert "subtraction" not in {one.kind for one in found.findings}


def test_cohorts_that_overlap_in_every_way_leave_nothing_to_add_up(ring: KeyRing) -> None:
    names = ("abcdefgh", "abcdijkl", "abefijmn")  # two persons for every set of the three
    new, *earlier = (persons("x" * 8, name, ring, f"P-{at}") for at, name in enumerate(names))
    found = the(compare(new, earlier, k=2), "combination")
    assert (found.numbers["sets"], found.numbers["combinations"], found.broken) == (1, 0, False)


def test_one_earlier_release_is_not_combined(ring: KeyRing) -> None:
    new, (first, _) = parted(ring)
    assert "combination" not in {one.kind for one in compare(new, [first], k=2).findings}


def test_sets_that_are_not_tried_are_counted(ring: KeyRing) -> None:
    new, (first, second) = parted(ring)
    every = [new, first, second, persons("x", "i", ring, "P-4")]
    names = sorted({tuple(tag) for one in every for tag in one.tags.tolist()})
    held = [{tuple(tag) for tag in one.tags.tolist()} for one in every]
    inside = [np.array([name in one for name in names]) for one in held]
    found = combine(Tabulated(every), inside, (3, 2, 1), k=2, most_sets=1)
    # Three sets with two earlier releases, and one with all three.
    assert (found.sets, found.sets_left) == (1, 3)
    assert combine(Tabulated(every), inside, (3, 2, 1), k=2).sets == 4


def test_what_is_left_untried_is_said_in_both_languages() -> None:
    said = combinations(Combined(sets=500, sets_left=7, combinations=53, combinations_left=3), 5)
    assert "7 more set(s) were not tried. 3 sum(s) were not worked out." in said.en
    assert "7 sett til er ikke prøvd. 3 regnestykke(r) er ikke regnet ut." in said.nb


@pytest.mark.parametrize(
    ("matrix", "found"),
    [
        # Two equal rows: their difference leaves nothing, and each is what is left of the column.
        (([1], [1]), {((1, 0), 1, 0), ((-1, 1), 1, None)}),
        # Two columns that always come together are never parted.
        (([1, 1], [1, 1]), {((-1, 1), 1, None)}),
        (
            ([1, 0, 1], [1, 1, 0], [0, 1, 1]),
            {((1, 1, -1), 2, 0), ((-1, 1, 1), 2, 1), ((1, -1, 1), 2, 2)},
        ),
    ],
)
def test_sums_that_cancel_are_found(
    matrix: list[list[int]], found: set[tuple[tuple[int, ...], int, int | None]]
) -> None:
    assert found == {
        (one.coefficients, one.divisor, one.column) for one in combinations_that_cancel(matrix)
    }
