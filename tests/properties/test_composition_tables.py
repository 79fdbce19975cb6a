"""Tables of several releases are what sets in plain Python say, and sums are found as fractions say."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hsr_privacy.composition import CoarserLevel, Sketch, counting, tabulating
from hsr_privacy.composition.elimination import combinations_that_cancel
from hsr_privacy.composition.tabulating import Tabulated
from hsr_privacy.keys import KeyRing
from tests.unit.composition.toy import new_ring, sketched

Row = tuple[str, str, str, str]
GROUPS: dict[str, dict[str | None, str | None]] = {
    "q": {"1": "a", "2": "a", "3": "b"},
    "r": {"1": "c", "2": "d", "3": "d"},
}
LEVELS = {"q": "fine", "r": "fine"}
ROWS = st.lists(
    st.tuples(st.sampled_from("abcdef"), *[st.sampled_from("123")] * 3), min_size=1, max_size=12
)
MATRICES = st.integers(1, 6).flatmap(
    lambda rows: st.lists(
        st.lists(st.integers(0, 1), min_size=rows, max_size=rows), min_size=1, max_size=9
    ).map(lambda columns: [list(row) for row in zip(*columns, strict=True)])
)
QUICKLY = settings(max_examples=40)


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return new_ring(tmp_path_factory.mktemp("keys") / "ring")


def fine(rows: list[Row], ring: KeyRing) -> Sketch:
    table = pl.DataFrame(
        rows, schema=dict.fromkeys(["person", "q", "r", "s"], pl.String), orient="row"
    )
    coarser = {name: [CoarserLevel("coarse", nodes)] for name, nodes in GROUPS.items()}
    return sketched(table, ring, levels=LEVELS, coarser=coarser)


def coarse(rows: list[Row], ring: KeyRing, name: str) -> Sketch:
    """With ``q`` on the level above."""
    table = pl.DataFrame(
        [up(row) for row in rows],
        schema=dict.fromkeys(["person", "q", "r", "s"], pl.String),
        orient="row",
    )
    coarser = {"r": [CoarserLevel("coarse", GROUPS["r"])]}
    levels = {"q": "coarse", "r": "fine"}
    return sketched(table, ring, name=name, levels=levels, coarser=coarser)


def up(row: Row) -> Row:
    return row[0], str(GROUPS["q"][row[1]]), row[2], row[3]


@given(releases=st.lists(ROWS, min_size=2, max_size=3), wide=st.booleans())
@QUICKLY
def test_every_table_counts_persons_on_the_level_that_all_have(
    releases: list[list[Row]], ring: KeyRing, *, wide: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if wide:  # as tables of more cells than are counted in place
            for module in (counting, tabulating):
                patch.setattr(module, "_COUNTED_AT_ONCE", 1)
        check_tables(releases, ring)


def check_tables(releases: list[list[Row]], ring: KeyRing) -> None:
    new, *earlier = releases
    sketches = [fine(new, ring), *(coarse(one, ring, f"P-{at}") for at, one in enumerate(earlier))]
    found = {
        one.columns: sorted(map(tuple, one.persons.T.tolist()))
        for one in Tabulated(sketches).tables(range(len(sketches)))
    }
    names = {"q": 1, "r": 2, "s": 3}
    wanted = [("q",), ("r",), ("s",), ("q", "r"), ("q", "s"), ("r", "s")]
    assert set(wanted) == set(found)
    for columns in wanted:
        cells: dict[tuple[str, ...], list[set[str]]] = defaultdict(
            lambda: [set() for _ in releases]
        )
        for at, rows in enumerate(releases):
            for row in map(up, rows):
                cells[tuple(row[names[name]] for name in columns)][at].add(row[0])
        assert sorted(tuple(map(len, one)) for one in cells.values()) == found[columns]


def rank(rows: list[list[int]]) -> int:
    left = [[Fraction(one) for one in row] for row in rows]
    found = 0
    for column in range(len(left[0])):
        pivot = next((row for row in left[found:] if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        left.insert(found, pivot)
        for at in range(found + 1, len(left)):
            factor = left[at][column] / pivot[column]
            left[at] = [a - factor * b for a, b in zip(left[at], pivot, strict=True)]
        found += 1
    return found


@given(matrix=MATRICES)
@settings(max_examples=150)
def test_the_columns_that_some_sum_leaves_alone_are_those_that_add_no_rank(
    matrix: list[list[int]],
) -> None:
    columns = range(len(matrix[0]))
    alone = {
        column
        for column in columns
        if rank([*matrix, [int(column == one) for one in columns]]) == rank(matrix)
    }
    found = combinations_that_cancel(matrix)
    assert alone == {one.column for one in found if one.column is not None}
    assert len(matrix) - rank(matrix) == sum(one.column is None for one in found)
    for one in found:
        sums = [
            sum(c * row[at] for c, row in zip(one.coefficients, matrix, strict=True))
            for at in columns
        ]
        assert sums == [one.divisor * (at == one.column) for at in columns]
        assert any(one.coefficients)
