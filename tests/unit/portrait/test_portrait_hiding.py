"""What is hidden because too few persons stand behind it, and what must not give it away."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hsr_privacy.portrait.hiding import (
    Hidden,
    hidden_cells,
    hidden_parts,
    is_shown_share,
    shown_parts,
    thinned,
)

COUNTS = st.lists(st.integers(0, 40), min_size=1, max_size=8)


def test_one_of_few_takes_the_next_smallest_with_it() -> None:
    assert hidden_parts([100, 3, 0, 20, 50], 5) == {1, 3}
    assert shown_parts([100, 3, 0, 20, 50], [100, 3, 0, 20, 50], 5) == [
        100, Hidden.FEW, 0, Hidden.BESIDE, 50,
    ]  # fmt: skip


def test_two_of_few_that_are_enough_together_take_nobody_with_them() -> None:
    assert hidden_parts([100, 3, 2, 20], 5) == {1, 2}
    assert hidden_parts([100, 1, 2, 20], 5) == {1, 2, 3}


def test_nobody_and_enough_are_shown() -> None:
    assert hidden_parts([0, 5, 0, 900], 5) == frozenset()


def test_a_share_needs_persons_on_both_sides() -> None:
    assert is_shown_share(5, 5, 5)
    assert not is_shown_share(4, 100, 5)
    assert not is_shown_share(100, 0, 5)


@given(COUNTS)
def test_a_total_never_gives_few_away(persons: list[int]) -> None:
    hidden = hidden_parts(persons, 5)
    few = {place for place, some in enumerate(persons) if 0 < some < 5}
    assert few <= hidden
    if few:
        rest = {place for place, some in enumerate(persons) if some} - hidden
        together = sum(persons[place] for place in hidden)
        assert not rest or (len(hidden) > 1 and together >= 5)
    else:
        assert hidden == frozenset()


@given(st.lists(st.lists(st.integers(0, 12), min_size=4, max_size=4), min_size=1, max_size=5))
def test_in_a_table_no_row_or_column_gives_few_away(table: list[list[int]]) -> None:
    hidden = hidden_cells(table, 5)
    lines = [[(line, place) for place in range(4)] for line in range(len(table))]
    lines += [[(line, place) for line in range(len(table))] for place in range(4)]
    for cells in lines:
        mine = [cell for cell in cells if cell in hidden]
        shown = [cell for cell in cells if cell not in hidden and table[cell[0]][cell[1]]]
        if mine and shown:
            assert len(mine) > 1
            assert sum(table[line][place] for line, place in mine) >= 5
    assert all(
        (line, place) in hidden
        for line, row in enumerate(table)
        for place, some in enumerate(row)
        if 0 < some < 5
    )


@given(st.lists(st.integers(0, 9), min_size=1, max_size=20), st.integers(1, 6))
def test_between_shown_places_of_a_series_stand_none_or_enough(
    steps: list[int], least: int
) -> None:
    counts = [sum(steps[: place + 1]) for place in range(len(steps))]
    shown = [0, *(counts[place] for place in thinned(counts, least))]
    apart = [later - earlier for earlier, later in pairwise(shown)]
    assert all(one == 0 or one >= least for one in apart)
