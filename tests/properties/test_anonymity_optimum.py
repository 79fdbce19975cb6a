"""The search against a plain count over all generalizations, which shares no code with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hsr_privacy.anonymity.search import search
from hsr_privacy.anonymity.solution import Solution
from hsr_privacy.errors import BudgetExceeded
from hsr_privacy.frequencies import EquivalenceClasses, FrequencyTable
from hsr_privacy.frequencies import classes as keys
from hsr_privacy.hierarchies import HierarchyTable
from hsr_privacy.models import DistinctLDiversity, KAnonymity, Merging, PrivacyModel
from tests.plain_optimum import Demand, PlainRow, PlainTable, plain_optimum

Row = tuple[tuple[str | None, ...], int, int]
"""Values, person and sensitive value."""


@dataclass(frozen=True)
class Case:
    """A small table in plain values."""

    columns: list[list[tuple[str | None, ...]]]
    rows: list[Row]
    k: int
    l: int  # noqa: E741
    share: float
    weights: list[int]
    largest_share: Fraction | None = None

    @property
    def tables(self) -> tuple[HierarchyTable, ...]:
        return tuple(HierarchyTable.from_rows(f"q{j}", rows) for j, rows in enumerate(self.columns))

    def frequencies(self) -> FrequencyTable:
        tables = self.tables
        codes = [
            [table.leaf_index[value] for table, value in zip(tables, values, strict=True)]
            for values, _, _ in self.rows
        ]
        return FrequencyTable.from_rows(
            tables,
            np.array(codes, int).reshape(len(self.rows), len(tables)),
            person=[person for _, person, _ in self.rows],
            sensitive={"secret": [secret for _, _, secret in self.rows]},
        )

    def plain(self) -> PlainTable:
        return PlainTable(self.columns, [PlainRow(*row) for row in self.rows])

    def demand(self) -> Demand:
        return Demand(
            k=self.k,
            l=self.l,
            alpha=self.largest_share,
            share=self.share,
            weights=tuple(self.weights),
        )

    def models(self) -> list[PrivacyModel]:
        models: list[PrivacyModel] = [KAnonymity(self.k), DistinctLDiversity("secret", self.l)]
        if self.largest_share is not None:
            models.append(LargestShare("secret", self.largest_share))
        return models


@dataclass(frozen=True)
class LargestShare:
    """No sensitive value makes up more than a share of a class: merging can break it."""

    column: str
    share: Fraction
    merging = Merging.SATISFYING
    name = "largest share"
    wide = False

    @property
    def wanted(self) -> float:
        return float(self.share)

    def check(self, table: FrequencyTable) -> None:
        """Nothing is impossible beforehand."""

    def satisfied(
        self, classes: EquivalenceClasses, released: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        del released
        one = classes.table.sensitive[self.column]
        counts = np.zeros((len(classes), int(one.codes.max()) + 1), np.int64)
        np.add.at(counts, (classes.members[one.classes], one.codes), one.counts)
        largest = counts.max(axis=1) * self.share.denominator
        safe: NDArray[np.bool_] = largest <= classes.rows * self.share.numerator
        return safe

    def reached(self, classes: EquivalenceClasses, released: NDArray[np.bool_]) -> float:
        return float(self.satisfied(classes, released).all())


def found_by_search(case: Case) -> Solution | None:
    try:
        return search(
            case.frequencies(),
            models=case.models(),
            max_suppressed=case.share,
            weights=case.weights,
        )
    except BudgetExceeded:
        return None


def assert_agrees(case: Case) -> None:
    expected, found = plain_optimum(case.plain(), case.demand()), found_by_search(case)
    assert (expected is None) == (found is None)
    if expected is None or found is None:
        return
    assert found.loss == pytest.approx(float(expected.loss), abs=1e-12)
    assert found.suppressed_rows == expected.suppressed
    assert tuple(found.levels.values()) == expected.levels
    assert found.k == min((len(group.persons) for group in expected.kept), default=0)


@st.composite
def hierarchies(draw: st.DrawFn) -> list[tuple[str | None, ...]]:
    """A hierarchy of up to nine leaves and five levels, a missing value perhaps among them."""
    leaves = draw(st.integers(1, 9))
    rows: list[list[str | None]] = [[f"v{n}"] for n in range(leaves)]
    if draw(st.booleans()):
        rows[-1] = [None]
    parents = list(range(leaves))
    for level in range(draw(st.integers(0, 3))):
        nodes = sorted(set(parents))
        merged = {node: draw(st.integers(0, max(1, len(nodes) // 2))) for node in nodes}
        parents = [merged[parent] for parent in parents]
        for row, parent in zip(rows, parents, strict=True):
            row.append(f"l{level}n{parent}")
    return [(*row, "*") for row in rows]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    columns = draw(st.lists(hierarchies(), min_size=1, max_size=4))
    count = draw(st.integers(1, 40))
    persons = draw(st.integers(1, count))
    secrets = draw(st.integers(1, 4))
    row = st.tuples(
        st.tuples(*(st.sampled_from([row[0] for row in rows]) for rows in columns)),
        st.integers(0, persons),
        st.integers(0, secrets),
    )
    rows = draw(st.lists(row, min_size=count, max_size=count))
    present = len({person for _, person, _ in rows})
    return Case(
        columns,
        rows,
        k=draw(st.integers(1, min(6, present))),
        l=draw(st.integers(1, min(3, len({secret for _, _, secret in rows})))),
        share=draw(st.sampled_from([0.0, 0.05, 0.1, 0.29, 0.5, 1.0])),
        weights=draw(
            st.lists(st.integers(0, 3), min_size=len(columns), max_size=len(columns)).filter(any)
        ),
    )


def drawn(seed: int) -> Case:
    """A larger table, whose classes are neither all safe nor all unsafe."""
    rng = np.random.default_rng(seed)
    columns: list[list[tuple[str | None, ...]]] = []
    for _ in range(int(rng.integers(2, 5))):
        leaves = int(rng.integers(2, 7))
        width = int(rng.integers(2, 4))
        rows: list[tuple[str | None, ...]] = [
            (None if n == 5 else str(n), f"{n // width}-", "*") for n in range(leaves)
        ]
        columns.append(rows)
    count = int(rng.integers(20, 70))
    values = [
        [rows[n][0] for n in np.minimum(rng.geometric(0.4, count) - 1, len(rows) - 1)]
        for rows in columns
    ]
    persons = rng.integers(0, count, count) if seed % 2 else np.arange(count)
    secrets = rng.geometric(0.4, count) % 4
    rows_of_values = list(zip(*values, strict=True))
    return Case(
        columns,
        list(zip(rows_of_values, persons.tolist(), secrets.tolist(), strict=True)),
        k=int(rng.integers(2, 6)),
        l=int(rng.integers(1, 4)),
        share=float(rng.choice([0.0, 0.05, 0.2, 1.0])),
        weights=rng.integers(1, 4, len(columns)).tolist() if seed % 3 else [1] * len(columns),
    )


@pytest.mark.parametrize("seed", range(40))
def test_larger_tables_agree_with_trying_everything(seed: int) -> None:
    assert_agrees(drawn(seed))


@pytest.mark.parametrize("seed", range(40))
def test_larger_tables_agree_for_a_model_that_merging_can_break(seed: int) -> None:
    case = drawn(seed)
    share = Fraction(1 + seed % 3, 2 + seed % 3)
    assert_agrees(replace(case, k=2, l=1, largest_share=share))


@settings(max_examples=150, deadline=None)
@given(cases())
def test_the_search_finds_what_trying_everything_finds(case: Case) -> None:
    assert_agrees(case)


@settings(max_examples=100, deadline=None)
@given(cases(), st.fractions(Fraction(1, 4), 1, max_denominator=4))
def test_a_model_that_merging_can_break_is_searched_exactly(case: Case, share: Fraction) -> None:
    assert_agrees(replace(case, largest_share=share))


@settings(max_examples=60, deadline=None)
@given(cases(), st.sampled_from([9, 40, 300]))
def test_keys_wider_than_the_key_space_find_the_same(case: Case, space: int) -> None:
    wide = found_by_search(case)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "KEY_SPACE", space * max(1, len(case.rows)))
        narrow = found_by_search(case)
    assert (wide is None) == (narrow is None)
    if wide is not None and narrow is not None:
        assert wide.levels == narrow.levels
        assert np.array_equal(wide.suppressed, narrow.suppressed)


@settings(max_examples=40, deadline=None)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(case: Case, random: Random) -> None:
    rows = list(case.rows)
    random.shuffle(rows)
    shuffled = replace(case, rows=rows)
    one, other = found_by_search(case), found_by_search(shuffled)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert one.levels == other.levels
        assert one.loss == other.loss
