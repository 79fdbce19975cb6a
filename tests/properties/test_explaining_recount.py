"""An explanation against a plain recount, on any small table and by any method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hsr_privacy.anonymity.search import budget, search
from hsr_privacy.errors import BudgetExceeded
from hsr_privacy.explaining.explanation import Explanation
from hsr_privacy.explaining.frontier import LIMITS, SIZES
from hsr_privacy.explaining.grouping import BANDS
from hsr_privacy.hierarchies import HierarchyTable
from hsr_privacy.models import KAnonymity
from tests.unit.explaining.plain import METHODS, Told, Values, says, text, told


@dataclass(frozen=True)
class Case:
    """A small table in plain values."""

    tables: tuple[HierarchyTable, ...]
    rows: list[Values]
    person: list[int]
    k: int
    share: float

    def told(self, method: str, *, max_points: int = 0) -> Told:
        """The case solved and explained; a case that has no solution is left."""
        assume(len(set(self.person)) >= self.k)
        try:
            return told(
                self.rows,
                tables=self.tables,
                person=self.person,
                k=self.k,
                max_suppressed=self.share,
                method=method,
                max_points=max_points,
            )
        except BudgetExceeded:
            assume(False)
            raise

    def persons(self, chosen: Sequence[bool]) -> int:
        """Distinct persons of some rows."""
        return len({who for who, one in zip(self.person, chosen, strict=True) if one})

    def unsafe(self, levels: Sequence[int]) -> list[bool]:
        """Per row, whether its class on these levels has fewer than k persons."""
        texts = [says(row, levels, self.tables) for row in self.rows]
        sizes = {one: self.persons([other == one for other in texts]) for one in set(texts)}
        return [sizes[one] < self.k for one in texts]


@st.composite
def hierarchies(draw: st.DrawFn, name: str) -> HierarchyTable:
    leaves = draw(st.integers(1, 6))
    bands = draw(st.lists(st.integers(0, 2), min_size=leaves, max_size=leaves))
    rows: list[tuple[str, ...]] = [
        (f"{name}{n}", f"{name}-band{band}", "*") for n, band in enumerate(bands)
    ]
    if draw(st.booleans()):
        rows = [(row[0], row[2]) for row in rows]
    return HierarchyTable.from_rows(name, rows)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    tables = tuple(draw(hierarchies(name)) for name in "abc"[: draw(st.integers(1, 3))])
    row = st.tuples(*(st.sampled_from(table.values) for table in tables))
    common = draw(st.lists(row, min_size=1, max_size=4))
    rows = draw(st.lists(st.one_of(st.sampled_from(common), row), min_size=1, max_size=40))
    person = list(range(len(rows)))
    if draw(st.booleans()):
        person = draw(st.lists(st.integers(0, 20), min_size=len(rows), max_size=len(rows)))
    return Case(
        tables, rows, person, draw(st.integers(1, 5)), draw(st.sampled_from([0, 0.1, 0.5, 1]))
    )


ANY_METHOD = st.sampled_from(sorted(METHODS))


@settings(max_examples=50)
@given(cases(), ANY_METHOD)
def test_the_parts_of_the_loss_add_up(case: Case, method: str) -> None:
    one = case.told(method)
    columns = one.explanation.columns
    parts = sum(c.loss_generalized + c.loss_cells + c.loss_rows for c in columns)

    assert parts == pytest.approx(1 - one.solution.granularity)
    assert sum(band.rows for band in one.explanation.drivers.bands) == len(case.rows)
    for column in columns:
        released = sum(level.rows for level in column.rows_per_level)
        assert released == len(case.rows) - one.solution.suppressed_rows


@settings(max_examples=50)
@given(cases(), st.sampled_from(["full-domain", "joint"]))
def test_a_neighbour_removes_the_rows_that_a_recount_removes(case: Case, method: str) -> None:
    one = case.told(method)
    assert one.explanation.neighbours is not None
    levels = list(one.solution.levels.values())
    names = one.solution.table.names

    for step in one.explanation.neighbours.steps:
        place = names.index(step.column)
        gone = sum(case.unsafe([*levels[:place], step.level, *levels[place + 1 :]]))
        assert step.node.rows_suppressed == gone
        assert step.node.within_budget == (gone <= budget(one.solution.table, case.share))


@settings(max_examples=50)
@given(cases(), ANY_METHOD)
def test_a_row_is_safe_without_a_column_as_a_recount_says(case: Case, method: str) -> None:
    one = case.told(method)
    drivers = one.explanation.drivers
    floor = [0] * len(case.tables)
    levels = list(one.solution.levels.values()) if drivers.on == "solution" else floor
    at_risk = case.unsafe(levels)

    assert drivers.rows_at_risk == sum(at_risk)
    for place, driver in enumerate(drivers.columns):
        top = case.tables[place].levels - 1
        still = case.unsafe([*levels[:place], top, *levels[place + 1 :]])
        safe = [risk and not more for risk, more in zip(at_risk, still, strict=True)]
        assert driver.rows_safe == sum(safe)


@settings(max_examples=50)
@given(cases(), ANY_METHOD)
def test_no_group_of_one_node_or_band_stands_for_a_few(case: Case, method: str) -> None:
    one = case.told(method)
    gone = [one.is_suppressed(row) for row in case.rows]
    for grouping in one.explanation.groupings:
        place = one.solution.table.names.index(grouping.column)
        counted = [grouping.of == "all" or not out for out in gone]
        for group in grouping.groups:
            assert group.persons >= one.explanation.least_persons
            if group.kind != "node":
                continue
            level = case.tables[place].level_names.index(str(grouping.level_name))
            inside = [
                take and text(case.tables[place], row[place], level) == group.label
                for take, row in zip(counted, case.rows, strict=True)
            ]
            out = [here and one_gone for here, one_gone in zip(inside, gone, strict=True)]
            kept = [here and not one_gone for here, one_gone in zip(inside, gone, strict=True)]
            assert group.rows == sum(inside)
            assert group.persons == case.persons(inside)
            assert (group.suppressed_rows or 0) == sum(out)
            few = [out, kept]
            if one.solution.masked is not None:
                some = one.solution.masked.any(axis=1)
                lost = [bool(some[one.class_of(row)]) for row in case.rows]
                few.append([here and cell for here, cell in zip(kept, lost, strict=True)])
                few.append([here and not cell for here, cell in zip(kept, lost, strict=True)])
            for part in few:
                persons = case.persons(part)
                assert persons == 0 or persons >= one.explanation.least_persons


@settings(max_examples=50)
@given(cases(), ANY_METHOD)
def test_the_groups_of_a_column_hold_all_rows_that_are_told_of(case: Case, method: str) -> None:
    one = case.told(method)
    for grouping in one.explanation.groupings:
        told_of = len(case.rows)
        if grouping.of == "released":
            told_of -= one.solution.suppressed_rows
        else:
            assert (
                sum(g.suppressed_rows or 0 for g in grouping.groups) == one.solution.suppressed_rows
            )
        assert sum(group.rows for group in grouping.groups) == told_of
        if grouping.by == "frequency":
            starts = [(g.least, g.most) for g in grouping.groups]
            assert {least for least, _ in starts} <= {least for least, _ in BANDS}
            assert starts == sorted(starts, key=lambda pair: pair[0] or 0)


@settings(max_examples=40)
@given(cases())
def test_the_frontier_is_what_searching_each_pair_finds(case: Case) -> None:
    one = case.told("full-domain", max_points=200)
    explanation = one.explanation
    found = {
        (point.k, limit): point for point in explanation.frontier.points for limit in point.limits
    }
    persons = len(set(case.person))

    for k in sorted({case.k, *(k for k in SIZES if k <= persons)}):
        for limit in sorted({*LIMITS, case.share}):
            try:
                best = search(one.solution.table, models=[KAnonymity(k)], max_suppressed=limit)
            except BudgetExceeded:
                assert (k, limit) not in found
                continue
            point = found.pop((k, limit))
            assert point.loss == pytest.approx(best.loss)
            assert point.rows_suppressed == best.suppressed_rows
            assert point.levels == dict(best.levels)
    assert found == {}
    assert pareto(explanation) == {id(p) for p in explanation.frontier.points if p.pareto}


def pareto(explanation: Explanation) -> set[int]:
    """The points that no other beats."""
    points = explanation.frontier.points
    return {
        id(one)
        for one in points
        if not any(
            other.loss <= one.loss
            and other.risk_highest <= one.risk_highest
            and (other.loss < one.loss or other.risk_highest < one.risk_highest)
            for other in points
        )
    }
